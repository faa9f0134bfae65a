import { notifications } from '@mantine/notifications'
import type { IpcProblem } from '../../shared/ipc.ts'
import { problemText } from '../../shared/problems.ts'
import { detailText } from '../../shared/remarks/index.ts'
import { announce } from './announce.ts'
import { language } from './i18n/index.ts'

/** One notice for each kind of problem, however often it happens. What somebody has to do something about stays until it is closed. */
export function tellProblem(problem: IpcProblem, { stays = false } = {}): void {
  const id = `problem-${problem.code}`
  const notice = {
    id,
    color: 'red',
    title: problemText(problem.code, language()),
    message: problem.detail === '' ? problem.code : `${detailText(problem.detail, language())} (${problem.code})`,
    autoClose: stays ? (false as const) : 12_000,
  }
  notifications.hide(id)
  notifications.show(notice)
}

export function tell(message: string): void {
  notifications.show({ message, autoClose: 4_000 })
}

/** What a key has just done where it cannot be seen. It takes the place of what was done before it. */
export function tellDone(message: string): void {
  announce(message)
  notifications.hide('done')
  // Said already.
  notifications.show({ id: 'done', message, autoClose: 4_000, role: 'presentation' })
}

/** A sentence that wants to be read, not only seen. */
export function explain(message: string): void {
  const id = `explain-${message}`
  notifications.hide(id)
  notifications.show({ id, message, autoClose: 12_000 })
}
