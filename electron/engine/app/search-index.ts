import type { Clock } from '../base/clock.ts'
import type { LedgerCommands } from '../store/commands.ts'
import type { LedgerDatabase } from '../store/database.ts'
import { hashesOf } from '../store/hashes.ts'
import type { LedgerQueries } from '../store/queries.ts'

/** Rows taken into the search index together, and how often: some 30 ms of a core each second while a flood of results comes in. */
const indexedAtOnce = 1_000
const indexingPauseMs = 1_000
const mostIndexedAtOnce = 5_000
/** Rows of the ledger whose hashes are taken in together. */
const hashedAtOnce = 10_000

/** Takes what was written into the search index, little by little. */
export interface SearchIndex {
  /** A search sees what was written a moment ago, up to what can be taken in without being noticed; the rest follows by itself. */
  catchUp(): void
  /** For a report, which has to be complete. */
  finish(): Promise<void>
}

/** Works until `signal` aborts; what a full disk leaves in the queue is taken up at the next start. */
export async function createSearchIndex(services: {
  readonly clock: Clock
  readonly database: LedgerDatabase
  readonly queries: LedgerQueries
  readonly commands: LedgerCommands
  readonly signal: AbortSignal
}): Promise<SearchIndex> {
  const { clock, database, queries, commands, signal } = services
  const hashes = hashesOf(database.raw)
  const indexSome = () => database.commit(() => commands.index(indexedAtOnce))
  const hashSome = () => database.commit(() => hashes.index(hashedAtOnce))
  const keepIndexing = async () => {
    for (;;) {
      await clock.sleep(indexingPauseMs, signal)
      if (queries.hasUnindexed()) await indexSome()
      if (hashes.behind() > 0) await hashSome()
    }
  }
  // Many short runs leave much to be read at the next start, if nobody takes it in.
  if (hashes.behind() > hashedAtOnce / 10) await hashSome()
  keepIndexing().catch(() => undefined)

  return {
    catchUp: () => {
      if (queries.hasUnindexed()) database.raw.transaction(() => commands.index(mostIndexedAtOnce)).immediate()
    },
    finish: async () => {
      while (queries.hasUnindexed()) await indexSome()
    },
  }
}
