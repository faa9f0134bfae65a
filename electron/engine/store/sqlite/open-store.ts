import type { Clock } from '../../base/clock.ts'
import type { GroupCommitDatabase } from '../../base/sqlite/group-commit.ts'
import { problemOf } from '../../base/sqlite/problem-of.ts'
import { createAppender } from '../../ledger/append.ts'
import { openLedgerView } from '../../ledger/ledger-view.ts'
import type { SigningKey } from '../../ledger/signing.ts'
import { createSealer, headOf } from '../../ledger/signing-book.ts'
import { openSnapshot, verifyDataDir } from '../../ledger/verify.ts'
import { requireUntouched } from '../../ledger/verify-batches.ts'
import { openDatabase } from '../database.ts'
import { createFolderIndex } from '../folder-index.ts'
import type { Store, StoreLedger, StoreReports } from '../ports.ts'
import { prune } from '../retention.ts'
import { createCommands, type LedgerCommands } from './commands.ts'
import { createHistoryReads } from './history.ts'
import { createQueries, type LedgerQueries } from './queries.ts'
import {
  createFolderIndexes,
  createReportRows,
  createReportSnapshot,
  createStoreHistory,
  createStoreReader,
} from './reader.ts'
import { createStoreWriter } from './writer.ts'

export interface StoreOptions {
  readonly clock: Clock
  /** Whether the program of that name still runs. */
  isAlive(owner: string): boolean
  /** The key that signs the ledger's heads. */
  openKey(): Promise<SigningKey>
}

/** Rows taken into the search index together, and how often: some 30 ms of a core each second while a flood of results comes in. */
const indexedAtOnce = 1_000
const indexingPauseMs = 1_000
const mostIndexedAtOnce = 5_000

/** The store in one file beside the program. Throws `Problem` when the file cannot be opened. */
export function openStore({ file, ...options }: StoreOptions & { readonly file: string }): Store {
  return createStore(openDatabase(file), options)
}

/** The same, of a database that is open; it is closed with the store. */
export function createStore(database: GroupCommitDatabase, options: StoreOptions): Store {
  const { clock } = options
  const { raw, commit } = database
  const queries = createQueries(database, createFolderIndexes())
  const listeners: ((batch: string, asset: number) => void)[] = []
  const commands = createCommands(database, clock, (batch, asset) => {
    for (const listener of listeners) listener(batch, asset)
  })
  const answer =
    <Args extends readonly unknown[], Result>(read: (...args: Args) => Result) =>
    async (...args: Args): Promise<Result> => {
      try {
        return read(...args)
      } catch (error) {
        throw problemOf(error, raw.name)
      }
    }
  /** A search sees what was written a moment ago, up to what can be taken in without being noticed; the rest follows by itself. */
  const indexNow = () => {
    if (queries.hasUnindexed()) raw.transaction(() => commands.index(mostIndexedAtOnce)).immediate()
  }

  return {
    reader: createStoreReader(raw, queries, indexNow, answer),
    writer: createStoreWriter({ ...options, database, commands, queries }),
    history: createStoreHistory(createHistoryReads(raw), indexNow, answer),
    reports: createStoreReports(database, commands, queries, answer),
    ledger: createStoreLedger(database, options),
    onTouched: listener => {
      listeners.push(listener)
    },
    maintain: async signal => {
      for (;;) {
        await clock.sleep(indexingPauseMs, signal)
        if (queries.hasUnindexed()) await commit(() => commands.index(indexedAtOnce))
      }
    },
    close: () => database.close(),
  }
}

type Answer = Parameters<typeof createReportRows>[1]

function createStoreReports(
  database: GroupCommitDatabase,
  commands: LedgerCommands,
  queries: LedgerQueries,
  answer: Answer,
): StoreReports {
  return {
    ...createReportRows(queries, answer),
    snapshot: async ({ isSearched }) => {
      // A report has to be complete.
      while (isSearched && queries.hasUnindexed()) await database.commit(() => commands.index(indexedAtOnce))
      const { raw, close } = openSnapshot(database.raw)
      const parts = {
        raw,
        close,
        queries: createQueries({ raw }, createFolderIndex),
        head: () => headOf(raw),
        requireUntouched: (batch: string) => requireUntouched(raw, batch),
      }
      return createReportSnapshot(parts, answer)
    },
  }
}

function createStoreLedger(database: GroupCommitDatabase, { clock, openKey }: StoreOptions): StoreLedger {
  const appender = createAppender(database.raw, clock)
  const sealer = createSealer(database, appender, openKey)
  return {
    ...sealer,
    view: () => openLedgerView(database.raw),
    verify: (options = {}) => verifyDataDir(database.raw, options),
    prune: before => prune(database, appender, sealer.key, before),
  }
}
