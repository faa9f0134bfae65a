import type { Step } from '../../base/sqlite/schema.ts'

/** Which reader read an asset, in which version, and what it noted. Of what was read before, neither is known. */
export const readings: Step = {
  version: 50,
  up: database => {
    // Neither column has a guard: SQLite would hold each row to those of the others, once for each column.
    database.pragma('ignore_check_constraints = ON')
    database.exec(`
ALTER TABLE assets ADD COLUMN reading TEXT;
-- JSON of remarks; null where there are none.
ALTER TABLE assets ADD COLUMN reader_notes TEXT;
CREATE INDEX assets_noted ON assets (batch) WHERE reader_notes IS NOT NULL;
`)
    database.pragma('ignore_check_constraints = OFF')
  },
}
