import { join } from 'node:path'
import type { IpcProblem } from '../../../shared/ipc.ts'
import type { Clock } from '../base/clock.ts'
import { keyProblemOf, openSigningKey } from '../ledger/signing.ts'
import { createBatchOrder } from '../screening/batch-order.ts'
import { bringUpStore } from '../store/bring-up.ts'
import type { Store } from '../store/ports.ts'
import { openStore } from '../store/sqlite/open-store.ts'
import type { EngineOptions } from './api.ts'
import { createEventHub } from './events.ts'
import { createGridFeed } from './grid-feed.ts'
import { aliveIn } from './owner.ts'
import { createSettings, evidentChanges } from './settings.ts'
import { asProblem, makeDataDir } from './storage.ts'

/** What is kept, and what announces its changes: settings, the store with its ledger, and the window's news. */
export async function openRecords(
  options: EngineOptions,
  clock: Clock,
  startProblems: IpcProblem[],
  /** Ends what goes on in the background. */
  signal: AbortSignal,
  aroundStore: (store: Store) => Store = store => store,
) {
  makeDataDir(options.dataDir)
  const settings = createSettings(options.store, startProblems)
  const order = createBatchOrder(options.store)
  const file = join(options.dataDir, 'prescreen.sqlite')
  const brought = await bringUpStore(file, options.onStoreProgress)
  if (brought !== null) startProblems.push({ code: 'database_brought_up', detail: brought.copy })
  const store = aroundStore(
    openStore({
      file,
      clock,
      isAlive: aliveIn(options.dataDir),
      openKey: () => openSigningKey(options),
    }),
  )
  const events = createEventHub(reportProblem)
  function reportProblem(error: unknown): void {
    const { code, detail } = asProblem(error)
    events.soon('problem', `${code} ${detail}`, () => ({ code, detail }))
  }
  const gridFeed = createGridFeed(events, store.reader)
  store.onTouched(gridFeed.touched)
  const keyProblem = await keyProblemOf(options)
  if (keyProblem !== null) startProblems.push({ code: keyProblem.code, detail: keyProblem.detail })

  settings.onChange((before, after) => {
    const changed = evidentChanges(before, after)
    if (changed !== null) store.writer.append('settings', null, { changed }).catch(reportProblem)
    // While nothing runs, these are the profiles whose quota and token are shown.
    if (before.lastProfiles.join() !== after.lastProfiles.join()) events.changed('queue')
  })
  // What a full disk leaves to be done is done after the next start.
  store.maintain(signal).catch(() => undefined)
  return { settings, order, store, gridFeed, events, reportProblem }
}

export type Records = Awaited<ReturnType<typeof openRecords>>
