import { join } from 'node:path'
import type { IpcProblem } from '../../../shared/ipc.ts'
import type { Clock } from '../base/clock.ts'
import { createAppender } from '../ledger/append.ts'
import { keyProblemOf, openSigningKey } from '../ledger/signing.ts'
import { createSealer } from '../ledger/signing-book.ts'
import { createCommands } from '../store/commands.ts'
import { openDatabase } from '../store/database.ts'
import { createQueries } from '../store/queries.ts'
import type { EngineOptions } from './api.ts'
import { createEventHub } from './events.ts'
import { createFolderIndexes, createGridFeed } from './grid-feed.ts'
import { createSearchIndex } from './search-index.ts'
import { createSettings, evidentChanges } from './settings.ts'
import { asProblem, makeDataDir } from './storage.ts'

/** What is kept, and who hears of its changes: settings, the database with its ledger and search index, and the window's news. */
export async function openRecords(
  options: EngineOptions,
  clock: Clock,
  startProblems: IpcProblem[],
  /** Ends what goes on in the background. */
  signal: AbortSignal,
) {
  makeDataDir(options.dataDir)
  const settings = createSettings(options.store, startProblems)
  const database = openDatabase(join(options.dataDir, 'prescreen.sqlite'))

  const events = createEventHub(reportProblem)
  function reportProblem(error: unknown): void {
    const { code, detail } = asProblem(error)
    events.soon('problem', `${code} ${detail}`, () => ({ code, detail }))
  }
  const folders = createFolderIndexes()
  const queries = createQueries(database, folders)
  const gridFeed = createGridFeed(events, queries, folders)
  const commands = createCommands(database, clock, gridFeed.touched)

  const appender = createAppender(database.raw, clock)
  const sealer = createSealer(database, appender, () => openSigningKey(options))
  const keyProblem = await keyProblemOf(options)
  if (keyProblem !== null) startProblems.push({ code: keyProblem.code, detail: keyProblem.detail })

  settings.onChange((before, after) => {
    const changed = evidentChanges(before, after)
    if (changed !== null) database.commit(() => commands.append('settings', null, { changed })).catch(reportProblem)
    // While nothing runs, these are the profiles whose quota and token are shown.
    if (before.lastProfiles.join() !== after.lastProfiles.join()) events.changed('queue')
  })
  const index = await createSearchIndex({ clock, database, queries, commands, signal })
  return { settings, database, queries, commands, appender, sealer, index, gridFeed, events, reportProblem }
}

export type Records = Awaited<ReturnType<typeof openRecords>>
