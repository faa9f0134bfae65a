import type { Step } from '../../base/sqlite/schema.ts'

/** Control checks are rows of the ledger and nothing else: these find them by their day and by their batch. */
export const controls: Step = {
  version: 70,
  up: database => {
    database.exec(`
CREATE INDEX ledger_controls ON ledger (at) WHERE kind = 'control';
CREATE INDEX ledger_controls_of ON ledger (batch, seq) WHERE kind = 'control';
`)
  },
}
