import { openBatches } from '../../../shared/open-batches.ts'
import { invoke } from '../../base/bridge.ts'
import { wordsOf } from '../../base/i18n/index.ts'
import { tellDone } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import { words } from './words.ts'

const t = wordsOf('queue', words)

/** The calls of one batch go before those of the others. */
export async function putFirst(batch: string): Promise<void> {
  const done = await invoke('batches.putFirst', { batch })
  if (done !== undefined) tellDone(t('isFirst', { name: done.name }))
}

/** By key: the batch of the list that has the focus, or else the one that is open. */
export function putThisFirst(): void {
  const { batches, batch, queue } = useApp.getState()
  const focused = document.activeElement?.closest<HTMLElement>('[data-testid=queue-batch]')?.dataset.batch
  const wanted = focused ?? batch
  const isOpen = openBatches(batches, queue?.first ?? []).some(({ id }) => id === wanted)
  if (wanted !== null && isOpen) void putFirst(wanted)
  else tellDone(t('notInQueue'))
}
