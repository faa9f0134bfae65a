import type { Database } from 'better-sqlite3'
import type { Clock } from '../../base/clock.ts'
import type { GroupCommitDatabase } from '../../base/sqlite/group-commit.ts'
import { type Appender, createAppender } from '../../ledger/append.ts'
import { createSearchWriter, type SearchWriter } from './search.ts'

/** What the writers of all tables share. They only run statements: the caller puts them inside `database.commit`. */
export interface WriteContext {
  readonly raw: Database
  readonly clock: Pick<Clock, 'now'>
  readonly appender: Appender
  readonly search: SearchWriter
  /** Told of every asset whose grid columns change. */
  touched(batch: string, asset: number): void
}

export function createWriteContext(
  { raw }: GroupCommitDatabase,
  clock: Pick<Clock, 'now'>,
  touched: WriteContext['touched'],
): WriteContext {
  return {
    raw,
    clock,
    appender: createAppender(raw, clock),
    search: createSearchWriter(raw),
    touched,
  }
}
