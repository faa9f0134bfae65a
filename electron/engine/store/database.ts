import { openGroupCommitDatabase } from '../base/sqlite/database.ts'
import type { GroupCommitDatabase } from '../base/sqlite/group-commit.ts'
import { keepingHead } from '../ledger/append.ts'
import { storeSchema } from './schema.ts'

/**
 * Opens the one database file with all batches and their ledger, or makes it; an older one must have been brought up (bring-up.ts).
 * Throws a `Problem` where it cannot be used.
 */
export function openDatabase(file: string): GroupCommitDatabase {
  return openGroupCommitDatabase(file, storeSchema, { around: keepingHead })
}
