import type { Migration } from './index.ts'

/** Batches, assets, results, checks, reviews and the ledger. The CHECK constraints are the last guard of "no error becomes a pass". */
export const screening: Migration = {
  version: 10,
  up: database => {
    database.exec(`
CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled', 'interrupted')),
  notice TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  walked INTEGER NOT NULL DEFAULT 0,
  practice INTEGER NOT NULL,
  profiles TEXT NOT NULL,
  inputs TEXT NOT NULL,
  options TEXT NOT NULL,
  owner TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX batches_by_time ON batches (created_at);

-- One row per thing to be judged. The columns from outcome on are what the grid shows, kept up to date with every write.
CREATE TABLE assets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch TEXT NOT NULL REFERENCES batches (id),
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  source TEXT NOT NULL,
  source_key BLOB NOT NULL,
  kind TEXT CHECK (kind IN ('image', 'text', 'audio')),
  bytes INTEGER,
  sha256 TEXT,
  width INTEGER,
  height INTEGER,
  encoding TEXT,
  excerpt TEXT,
  outcome TEXT NOT NULL DEFAULT 'pending' CHECK (outcome IN ('pending', 'awaiting', 'pass', 'unchecked', 'review', 'risky')),
  reason TEXT,
  label INTEGER,
  score INTEGER,
  flags INTEGER NOT NULL DEFAULT 0,
  screened_at INTEGER,
  decision TEXT CHECK (decision IN ('approve', 'reject', 'escalate', 'defer')),
  decision_reason INTEGER,
  note TEXT,
  reviewer TEXT,
  decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX assets_by_position ON assets (batch, position);
CREATE UNIQUE INDEX assets_by_source ON assets (batch, source_key);
CREATE INDEX assets_by_sha256 ON assets (sha256) WHERE sha256 IS NOT NULL;

-- One row per asset and profile of the batch (profile: index into batches.profiles).
CREATE TABLE results (
  asset INTEGER NOT NULL REFERENCES assets (id),
  profile INTEGER NOT NULL,
  batch TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'awaiting', 'done')),
  outcome TEXT NOT NULL DEFAULT 'pending' CHECK (outcome IN ('pending', 'awaiting', 'pass', 'unchecked', 'review', 'risky')),
  reason TEXT,
  detail TEXT,
  labels TEXT NOT NULL DEFAULT '[]',
  score INTEGER,
  parts INTEGER NOT NULL DEFAULT 0,
  checked INTEGER NOT NULL DEFAULT 0,
  reused_from INTEGER,
  -- Index of the profile in the batch that the outcome was taken from.
  reused_profile INTEGER,
  reuse_key BLOB,
  screened_at INTEGER,
  ledger_seq INTEGER,
  PRIMARY KEY (asset, profile),
  CHECK (outcome <> 'pass' OR (state = 'done' AND parts > 0 AND checked = parts AND reason IS NULL)),
  CHECK (outcome <> 'unchecked' OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_open ON results (batch, asset) WHERE state <> 'done';
CREATE INDEX results_reusable ON results (reuse_key, screened_at) WHERE reuse_key IS NOT NULL AND reused_from IS NULL;

-- One row per part and endpoint, written before its first attempt leaves.
CREATE TABLE checks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  asset INTEGER NOT NULL REFERENCES assets (id),
  profile INTEGER NOT NULL,
  part TEXT NOT NULL,
  rect TEXT,
  frame INTEGER,
  range_start INTEGER,
  range_end INTEGER,
  line INTEGER,
  col INTEGER,
  endpoint TEXT NOT NULL,
  version TEXT NOT NULL,
  part_hash TEXT NOT NULL,
  transform TEXT,
  state TEXT NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'awaiting', 'done')),
  verdict TEXT CHECK (verdict IN ('pass', 'review', 'risky')),
  reason TEXT,
  detail TEXT,
  errcode INTEGER,
  label INTEGER,
  score INTEGER,
  rid TEXT,
  trace_id TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  ms INTEGER,
  at INTEGER NOT NULL,
  ledger_seq INTEGER,
  UNIQUE (asset, profile, part),
  CHECK (verdict IS NULL OR (state = 'done' AND reason IS NULL)),
  CHECK (state <> 'done' OR verdict IS NOT NULL OR reason IS NOT NULL)
) STRICT;
CREATE INDEX checks_by_trace ON checks (trace_id) WHERE trace_id IS NOT NULL;

CREATE TABLE skipped (
  batch TEXT NOT NULL,
  path TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (batch, path)
) STRICT, WITHOUT ROWID;

-- What people decided, one row per asset and act; undo appends.
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL REFERENCES assets (id),
  act TEXT NOT NULL,
  at INTEGER NOT NULL,
  reviewer TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('decide', 'clear', 'note', 'undo', 'redo')),
  decision TEXT,
  reason INTEGER,
  note TEXT
) STRICT;
CREATE INDEX reviews_by_asset ON reviews (asset);
CREATE INDEX reviews_by_act ON reviews (act);

-- Counts that every look at a batch needs. profile -1: the asset's worst outcome; outcome 'decided': assets with a decision.
CREATE TABLE tallies (
  batch TEXT NOT NULL,
  profile INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (batch, profile, outcome)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER assets_added AFTER INSERT ON assets BEGIN
  INSERT INTO tallies VALUES (new.batch, -1, new.outcome, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER assets_changed AFTER UPDATE OF outcome ON assets WHEN old.outcome <> new.outcome BEGIN
  UPDATE tallies SET n = n - 1 WHERE batch = old.batch AND profile = -1 AND outcome = old.outcome;
  INSERT INTO tallies VALUES (new.batch, -1, new.outcome, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER assets_decided AFTER UPDATE OF decision ON assets WHEN (old.decision IS NULL) <> (new.decision IS NULL) BEGIN
  INSERT INTO tallies VALUES (new.batch, -1, 'decided', iif(new.decision IS NULL, -1, 1))
    ON CONFLICT DO UPDATE SET n = n + iif(new.decision IS NULL, -1, 1);
END;
CREATE TRIGGER results_added AFTER INSERT ON results BEGIN
  INSERT INTO tallies VALUES (new.batch, new.profile, new.outcome, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER results_changed AFTER UPDATE OF outcome ON results WHEN old.outcome <> new.outcome BEGIN
  UPDATE tallies SET n = n - 1 WHERE batch = old.batch AND profile = old.profile AND outcome = old.outcome;
  INSERT INTO tallies VALUES (new.batch, new.profile, new.outcome, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- The append-only history: hash = SHA-256(previous hash, seq, at, kind, body); see chain.ts.
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  batch TEXT,
  asset INTEGER,
  body TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX ledger_by_asset ON ledger (asset) WHERE asset IS NOT NULL;
CREATE TRIGGER ledger_keeps BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
`)
  },
}
