import type { Migration } from './index.ts'

/** Control checks are rows of the ledger and nothing else: these find them by their day and by their batch. */
export const controls: Migration = {
  version: 70,
  up: database => {
    database.exec(`
CREATE INDEX ledger_controls ON ledger (at) WHERE kind = 'control';
CREATE INDEX ledger_controls_of ON ledger (batch, seq) WHERE kind = 'control';
`)
  },
}
