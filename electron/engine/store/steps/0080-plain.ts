import type { Step } from '../../base/sqlite/schema.ts'
import { makeAsNew } from './as-new.ts'

/**
 * Without the tables of hashes and the counts that step 40 kept apart, with triggers and indexes in their place, and with guards that spell
 * their alternatives out.
 */
export const plain: Step = {
  version: 80,
  up: (database, between) => {
    database.exec(`
DROP TABLE IF EXISTS reusable;
DROP TABLE IF EXISTS same_bytes;
DROP TABLE IF EXISTS hashed;
DROP INDEX IF EXISTS ledger_reviews;
`)
    between()
    makeAsNew(database, between)
  },
}
