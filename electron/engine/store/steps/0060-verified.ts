import type { Step } from '../../base/sqlite/schema.ts'
import { createAppender } from '../../ledger/append.ts'

/** What the verifier needs: rows about relays by themselves, and no position and no push that the ledger does not know. */
export const verified: Step = {
  version: 60,
  up: database => {
    database.exec(`
CREATE INDEX ledger_relays ON ledger (kind, seq) WHERE kind = 'relay';
-- They wait for the reply to a call that is out. None is while the file is brought to this schema: a call that a program was ended in is
-- made again, under another trace id.
DELETE FROM parked_pushes;
`)
    const appender = createAppender(database, { now: Date.now })
    const known = database.prepare<[], { relay: string; position: number }>(
      'SELECT relay, position FROM relay_positions',
    )
    for (const { relay, position } of known.all())
      appender.append({ kind: 'relay', batch: null, asset: null, body: { event: 'read', form: 2, position, relay } })
  },
}
