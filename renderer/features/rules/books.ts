import type { BookInfo, PastTrial } from '../../../shared/rules.ts'
import { type Answer, attempt, bridge, invoke } from '../../base/bridge.ts'
import { language, wordsOf } from '../../base/i18n/index.ts'
import { tell, tellProblem } from '../../base/notices.ts'
import {
  beginPast,
  countPast,
  dispatchRuleDesk,
  endPast,
  removeBook,
  saveBook,
  setBooks,
  stopPast,
  upsertBook,
  useRuleDesk,
} from '../../state/rule-desk.ts'
import { words } from './words.ts'

/** What is done with books: each asks the main process and puts what came of it on the desk. */

const t = wordsOf('rules', words)

export async function reloadBooks(): Promise<Answer<readonly BookInfo[]>> {
  const answer = await attempt('rules.books', {})
  if ('value' in answer) dispatchRuleDesk(setBooks, answer.value)
  return answer
}

/** Keeps what was typed; false where it was not kept. A file that was changed meanwhile shows itself as a conflict. */
export async function save(book: {
  readonly key: string
  readonly yaml: string
  readonly was: string | null
}): Promise<boolean> {
  const answer = await attempt('rules.save', { yaml: book.yaml, was: book.was })
  if ('problem' in answer) {
    tellProblem(answer.problem)
    if (answer.problem.code === 'conflict') await reloadBooks()
    return false
  }
  dispatchRuleDesk(saveBook, { key: book.key, yaml: book.yaml, book: answer.value })
  tell(t('saved', { name: answer.value.title[language()] }))
  return true
}

export async function putInForce(book: string, version: string): Promise<void> {
  const info = await invoke('rules.putInForce', { book, version })
  if (info === undefined) return
  dispatchRuleDesk(upsertBook, info)
  tell(t('inForceNow', { name: info.title[language()] }))
}

export async function withdraw(book: string): Promise<void> {
  const info = await invoke('rules.withdraw', { book })
  if (info === undefined) return
  dispatchRuleDesk(upsertBook, info)
  tell(t('withdrawn', { name: info.title[language()] }))
}

export async function remove(book: BookInfo): Promise<void> {
  const answer = await attempt('rules.remove', { book: book.id })
  if ('problem' in answer) {
    tellProblem(answer.problem)
    return
  }
  dispatchRuleDesk(removeBook, book.id)
  tell(t('removed', { name: book.title[language()] }))
}

/** Goes on whether or not somebody looks at it. Null where it was stopped or failed. */
export async function tryPast(key: string, yaml: string, limit: number): Promise<PastTrial | null> {
  if (useRuleDesk.getState().trying !== null) return null
  dispatchRuleDesk(beginPast, key)
  const stop = bridge.on('pastTrial', progress => dispatchRuleDesk(countPast, progress))
  const answer = await attempt('rules.tryPast', { yaml, limit })
  stop()
  const trial = 'value' in answer ? answer.value : null
  dispatchRuleDesk(endPast, trial)
  if ('problem' in answer && answer.problem.code !== 'cancelled') tellProblem(answer.problem)
  return trial
}

export async function cancelPast(): Promise<void> {
  dispatchRuleDesk(stopPast, null)
  await invoke('rules.cancelTryPast', {})
}
