import type { Step } from '../../base/sqlite/schema.ts'
import { parseLabels } from '../../ledger/rows.ts'
import { createSearchWriter } from '../sqlite/search.ts'

/** Retention, and the index behind the search over paths, texts, notes and labels. */
export const evidence: Step = {
  version: 20,
  up: database => {
    database.exec(`
-- A row here, inside one transaction only, lets the ledger's oldest rows go (retention.ts leaves a signed checkpoint for them).
CREATE TABLE pruning (through INTEGER NOT NULL) STRICT;
DROP TRIGGER ledger_stays;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger WHEN old.seq > coalesce((SELECT max(through) FROM pruning), 0)
  BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE INDEX ledger_by_batch ON ledger (batch) WHERE batch IS NOT NULL;
CREATE INDEX ledger_keys ON ledger (kind, seq) WHERE kind IN ('key', 'checkpoint');

CREATE INDEX ledger_reviews ON ledger (asset, seq) WHERE kind IN ('decision', 'note', 'undo', 'redo');
CREATE INDEX checks_by_rid ON checks (rid) WHERE rid IS NOT NULL;
CREATE INDEX results_by_source ON results (reused_from) WHERE reused_from IS NOT NULL;
CREATE INDEX results_by_time ON results (screened_at, outcome) WHERE screened_at IS NOT NULL;
CREATE INDEX assets_by_decision ON assets (decided_at) WHERE decided_at IS NOT NULL;

-- rowid = asset * 4 + field (search.ts). Without the content itself: a text is kept once, in its file.
CREATE VIRTUAL TABLE search USING fts5 (grams, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');

-- What is yet to be indexed; '' forgets. The index is written apart from the checks, many rows at a time (search.ts).
CREATE TABLE search_queue (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
`)
    // Taken in by the program while it is at other work: a million rows take minutes.
    database.exec(`
INSERT INTO search_queue SELECT id * 4, path FROM assets;
INSERT INTO search_queue SELECT id * 4 + 1, excerpt FROM assets WHERE excerpt IS NOT NULL;
INSERT INTO search_queue SELECT id * 4 + 2, note FROM assets WHERE note IS NOT NULL;
`)
    const search = createSearchWriter(database)
    const labelled = database.prepare<[], { asset: number; labels: string }>(
      `SELECT a.id AS asset, json_group_array(DISTINCT l.value) AS labels
       FROM assets a JOIN results r ON r.asset = a.id, json_each(r.labels) l GROUP BY a.id`,
    )
    for (const { asset, labels } of labelled.all()) search.putLabels(asset, parseLabels(labels))
  },
}
