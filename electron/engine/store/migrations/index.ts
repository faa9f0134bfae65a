import type { Database } from 'better-sqlite3'
import { screening } from './0010-screening.ts'
import { evidence } from './0020-evidence.ts'
import { pushes } from './0030-pushes.ts'
import { cheapWrites } from './0040-cheap-writes.ts'
import { readings } from './0050-readings.ts'
import { verified } from './0060-verified.ts'
import { controls } from './0070-controls.ts'
import { plain } from './0080-plain.ts'

/**
 * Forward-only steps of the schema. Numbers go up in tens, a released step never changes, and all pending steps run in one
 * transaction, so that a file is either of the old version or of the new one.
 */
export interface Migration {
  readonly version: number
  up(database: Database): void
}

export const migrations: readonly Migration[] = [
  screening,
  evidence,
  pushes,
  cheapWrites,
  readings,
  verified,
  controls,
  plain,
]
