import type { Migration } from './index.ts'

/** Counts are triggers and finds by hash are indexes again: a row and what is derived from it are written by one statement. */
export const plain: Migration = {
  version: 80,
  up: database => {
    database.exec(`
DROP TABLE reusable;
DROP TABLE same_bytes;
DROP TABLE hashed;
CREATE INDEX assets_by_sha256 ON assets (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX results_reusable ON results (reuse_key, screened_at) WHERE reuse_key IS NOT NULL AND reused_from IS NULL;
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
`)
  },
}
