/**
 * What a new file contains, in schema 110. The CHECK constraints are the last guard of "no error becomes a pass". They spell their
 * alternatives out: for `x IN ('a', 'b', 'c')` SQLite builds a table in memory each time that it looks at a row.
 */
export const tables = `
CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state = 'running' OR state = 'paused' OR state = 'done' OR state = 'cancelled' OR state = 'interrupted'),
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

-- One row per thing to be judged. The columns from outcome to decided_at are what the grid shows, kept up to date with every write.
CREATE TABLE assets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch TEXT NOT NULL REFERENCES batches (id),
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  source TEXT NOT NULL,
  source_key BLOB NOT NULL,
  kind TEXT CHECK (kind = 'image' OR kind = 'text' OR kind = 'audio' OR kind = 'document' OR kind = 'video'),
  bytes INTEGER,
  sha256 TEXT,
  width INTEGER,
  height INTEGER,
  encoding TEXT,
  excerpt TEXT,
  outcome TEXT NOT NULL DEFAULT 'pending'
    CHECK (outcome = 'pending' OR outcome = 'awaiting' OR outcome = 'pass' OR outcome = 'rules_only' OR outcome = 'unchecked'
      OR outcome = 'review' OR outcome = 'risky'),
  reason TEXT,
  label INTEGER,
  score INTEGER,
  flags INTEGER NOT NULL DEFAULT 0,
  screened_at INTEGER,
  decision TEXT CHECK (decision = 'approve' OR decision = 'reject' OR decision = 'escalate' OR decision = 'defer'),
  decision_reason INTEGER,
  note TEXT,
  reviewer TEXT,
  decided_at INTEGER,
  -- Which reader read it, in which version; null for what was read before readings had versions.
  reading TEXT,
  -- JSON of remarks; null where there are none.
  reader_notes TEXT,
  -- The worst that rules found, without what is fine; null where they did not look at all of it and found nothing that holds it up.
  rules TEXT CHECK (rules = 'none' OR rules = 'notice' OR rules = 'evidence' OR rules = 'forbidden')
) STRICT;
CREATE UNIQUE INDEX assets_by_position ON assets (batch, position);
CREATE UNIQUE INDEX assets_by_source ON assets (batch, source_key);
CREATE INDEX assets_by_sha256 ON assets (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX assets_by_decision ON assets (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX assets_noted ON assets (batch) WHERE reader_notes IS NOT NULL;

-- What an asset of several pieces is made of, and where in the file its words are: JSON, for names and places afterwards.
CREATE TABLE asset_pieces (
  asset INTEGER PRIMARY KEY REFERENCES assets (id),
  pieces TEXT NOT NULL
) STRICT;

-- One row per asset and profile of the batch (profile: index into batches.profiles).
CREATE TABLE results (
  asset INTEGER NOT NULL REFERENCES assets (id),
  profile INTEGER NOT NULL,
  batch TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state = 'queued' OR state = 'awaiting' OR state = 'done'),
  outcome TEXT NOT NULL DEFAULT 'pending'
    CHECK (outcome = 'pending' OR outcome = 'awaiting' OR outcome = 'pass' OR outcome = 'rules_only' OR outcome = 'unchecked'
      OR outcome = 'review' OR outcome = 'risky'),
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
  -- What an awaiting result is concluded from once its pushes are there; JSON, kept for a push that comes after all.
  later TEXT,
  -- What rules found; null where a platform is asked, 'unread' until it is known.
  rules TEXT CHECK (rules = 'unread' OR rules = 'none' OR rules = 'notice' OR rules = 'evidence' OR rules = 'forbidden'),
  -- Hits that were counted and not kept; null for none.
  more_hits INTEGER,
  PRIMARY KEY (asset, profile),
  -- What looks on this machine never says so.
  CHECK (outcome <> 'pass' OR (state = 'done' AND parts > 0 AND checked = parts AND reason IS NULL AND rules IS NULL)),
  CHECK (outcome <> 'rules_only'
    OR (state = 'done' AND parts > 0 AND checked = parts AND reason IS NULL AND (rules IS 'none' OR rules IS 'notice'))),
  CHECK (outcome <> 'unchecked' OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_open ON results (batch, asset) WHERE state <> 'done';
CREATE INDEX results_reusable ON results (reuse_key, screened_at) WHERE reuse_key IS NOT NULL AND reused_from IS NULL;
CREATE INDEX results_by_source ON results (reused_from) WHERE reused_from IS NOT NULL;
CREATE INDEX results_by_time ON results (screened_at, outcome) WHERE screened_at IS NOT NULL;
CREATE INDEX results_awaiting ON results (batch) WHERE state = 'awaiting';

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
  state TEXT NOT NULL DEFAULT 'sent' CHECK (state = 'sent' OR state = 'awaiting' OR state = 'done'),
  verdict TEXT CHECK (verdict = 'pass' OR verdict = 'review' OR verdict = 'risky'),
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
  -- Trace ids are the app's (platform and appid); after due_at the check is given up as overdue.
  app TEXT,
  due_at INTEGER,
  UNIQUE (asset, profile, part),
  CHECK (verdict IS NULL OR (state = 'done' AND reason IS NULL)),
  CHECK (state <> 'done' OR verdict IS NOT NULL OR reason IS NOT NULL)
) STRICT;
CREATE INDEX checks_by_trace ON checks (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX checks_by_rid ON checks (rid) WHERE rid IS NOT NULL;
CREATE INDEX checks_awaiting ON checks (due_at) WHERE state = 'awaiting';
CREATE INDEX checks_overdue ON checks (due_at) WHERE reason = 'push_overdue';
CREATE INDEX checks_awaiting_bytes ON checks (part_hash) WHERE state = 'awaiting';

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
  action TEXT NOT NULL CHECK (action = 'decide' OR action = 'clear' OR action = 'note' OR action = 'undo' OR action = 'redo'),
  decision TEXT,
  reason INTEGER,
  note TEXT
) STRICT;
CREATE INDEX reviews_by_asset ON reviews (asset);
CREATE INDEX reviews_by_act ON reviews (act);

-- Rules as they were when they were applied, once each, by the SHA-256 of their JSON.
CREATE TABLE rule_texts (
  digest TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Places where rules apply: of results that are done, at most a thousand each, the worst first.
CREATE TABLE hits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch TEXT NOT NULL,
  asset INTEGER NOT NULL REFERENCES assets (id),
  profile INTEGER NOT NULL,
  check_id INTEGER NOT NULL,
  book TEXT NOT NULL,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity = 'notice' OR severity = 'evidence' OR severity = 'forbidden'),
  rule_text TEXT NOT NULL,
  book_version TEXT NOT NULL,
  -- In the asset's decoded text; null where it has no place there.
  range_start INTEGER,
  range_end INTEGER,
  line INTEGER,
  col INTEGER,
  matched TEXT NOT NULL,
  -- The matched words as they are compared with others.
  words TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  waiver INTEGER REFERENCES waivers (id)
) STRICT;
CREATE INDEX hits_by_asset ON hits (asset, profile);
CREATE INDEX hits_by_rule ON hits (batch, book, rule, words);
CREATE INDEX hits_by_waiver ON hits (waiver) WHERE waiver IS NOT NULL;

-- Words that somebody found fine in spite of a rule. What is taken back stays, with the time.
CREATE TABLE waivers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  reach TEXT NOT NULL CHECK (reach = 'once' OR reach = 'batch' OR reach = 'always'),
  reason TEXT NOT NULL CHECK (reason <> ''),
  reviewer TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- Where it was said.
  batch TEXT NOT NULL,
  asset INTEGER NOT NULL,
  book TEXT NOT NULL,
  rule TEXT NOT NULL,
  words TEXT NOT NULL,
  -- It holds for the rule as long as it is no more severe than this.
  severity TEXT NOT NULL CHECK (severity = 'notice' OR severity = 'evidence' OR severity = 'forbidden'),
  -- Of one that reaches no farther: its place, and what stands around it.
  range_start INTEGER,
  around TEXT NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX waivers_by_words ON waivers (book, rule, words) WHERE ended_at IS NULL;

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
CREATE INDEX ledger_by_batch ON ledger (batch) WHERE batch IS NOT NULL;
CREATE INDEX ledger_keys ON ledger (kind, seq) WHERE kind IN ('key', 'checkpoint');
CREATE INDEX ledger_relays ON ledger (kind, seq) WHERE kind = 'relay';
CREATE INDEX ledger_waivers ON ledger (seq) WHERE kind = 'fine' OR kind = 'notFine';
CREATE INDEX ledger_controls ON ledger (at) WHERE kind = 'control';
CREATE INDEX ledger_controls_of ON ledger (batch, seq) WHERE kind = 'control';
-- A row here, inside one transaction only, lets the ledger's oldest rows go (retention.ts leaves a signed checkpoint for them).
CREATE TABLE pruning (through INTEGER NOT NULL) STRICT;
CREATE TRIGGER ledger_keeps BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger WHEN old.seq > coalesce((SELECT max(through) FROM pruning), 0)
  BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

-- rowid = asset * 4 + field (search.ts). Without the content itself: a text is kept once, in its file.
CREATE VIRTUAL TABLE search USING fts5 (grams, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
-- What is yet to be indexed; '' forgets. The index is written apart from the checks, many rows at a time (search.ts).
CREATE TABLE search_queue (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;

-- Pushes whose trace id no check has: they came before the reply to the submission, or belong to another program.
CREATE TABLE parked_pushes (
  app TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  conclusion TEXT NOT NULL,
  PRIMARY KEY (app, trace_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_by_time ON parked_pushes (received_at);
-- How far each relay was read.
CREATE TABLE relay_positions (
  relay TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a picture looks like, by the hash of its bytes; null where it is too plain to tell. Made when somebody asks for what looks alike.
CREATE TABLE likenesses (
  sha256 TEXT PRIMARY KEY,
  bits BLOB CHECK (length(bits) = 8)
) STRICT, WITHOUT ROWID;
`
