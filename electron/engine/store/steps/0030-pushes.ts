import type { Step } from '../../base/sqlite/schema.ts'

/** Asynchronous checks: who waits for which push until when, pushes that nobody waits for yet, and how far a relay was read. */
export const pushes: Step = {
  version: 30,
  up: database => {
    database.exec(`
-- Trace ids are the app's (platform and appid); after due_at the check is given up as overdue.
ALTER TABLE checks ADD COLUMN app TEXT;
ALTER TABLE checks ADD COLUMN due_at INTEGER;
CREATE INDEX checks_awaiting ON checks (due_at) WHERE state = 'awaiting';
CREATE INDEX checks_overdue ON checks (due_at) WHERE reason = 'push_overdue';
CREATE INDEX checks_awaiting_bytes ON checks (part_hash) WHERE state = 'awaiting';

-- What an awaiting result is concluded from once its pushes are there; JSON, kept for a push that comes after all.
ALTER TABLE results ADD COLUMN later TEXT;
CREATE INDEX results_awaiting ON results (batch) WHERE state = 'awaiting';

-- Pushes whose trace id no check has: they came before the reply to the submission, or belong to another program.
CREATE TABLE parked_pushes (
  app TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  conclusion TEXT NOT NULL,
  PRIMARY KEY (app, trace_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_by_time ON parked_pushes (received_at);

CREATE TABLE relay_positions (
  relay TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`)
  },
}
