import type { Database } from 'better-sqlite3'
import type { Migration } from './index.ts'

/** What a write costs besides itself: the same guards and the same counts as before, for a third of a check's time in the database. */
export const cheapWrites: Migration = {
  version: 40,
  up: database => {
    database.exec(`
-- Counts are added up in a transaction and written once (tallies.ts); a trigger writes them with every row.
DROP TRIGGER assets_added;
DROP TRIGGER assets_changed;
DROP TRIGGER assets_decided;
DROP TRIGGER results_added;
DROP TRIGGER results_changed;

-- No query went by it: an asset has a handful of rows, and ledger_by_asset finds them.
DROP INDEX ledger_reviews;

-- Which results may be used again, and which assets have the same bytes, by the first digits of their hashes, up to a row of the
-- ledger (hashes.ts). An index on the hashes themselves dirties a page with every row.
DROP INDEX results_reusable;
DROP INDEX assets_by_sha256;
CREATE TABLE reusable (
  key BLOB NOT NULL,
  asset INTEGER NOT NULL,
  profile INTEGER NOT NULL,
  PRIMARY KEY (key, asset, profile)
) STRICT, WITHOUT ROWID;
CREATE TABLE same_bytes (
  hash TEXT NOT NULL,
  asset INTEGER NOT NULL,
  PRIMARY KEY (hash, asset)
) STRICT, WITHOUT ROWID;
CREATE TABLE hashed (through INTEGER NOT NULL) STRICT;
INSERT INTO reusable SELECT substr(reuse_key, 1, 8) AS key, asset, profile FROM results
  WHERE reuse_key IS NOT NULL AND reused_from IS NULL ORDER BY key;
INSERT INTO same_bytes SELECT substr(sha256, 1, 16) AS hash, id FROM assets WHERE sha256 IS NOT NULL ORDER BY hash;
INSERT INTO hashed SELECT coalesce(max(seq), 0) FROM ledger;
`)
    spellOutLists(database)
  },
}

const inList = /(\w+) IN \(('\w+'(?:, '\w+')+)\)/g

/**
 * SQLite builds a table in memory for a list of three words or more, each time that a constraint is looked at; alternatives that are
 * spelt out cost nothing. What the constraints allow stays the same, so that the definitions can be written over
 * (https://www.sqlite.org/lang_altertable.html#otheralter) and no table is built anew.
 */
function spellOutLists(database: Database): void {
  const tables = database
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%CHECK (% IN (%'",
    )
    .all()
  database.unsafeMode(true)
  database.pragma('writable_schema = ON')
  const write = database.prepare("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?")
  for (const { name, sql } of tables) {
    const spelt = sql.replace(inList, (_list, column: string, words: string) =>
      words
        .split(', ')
        .map(word => `${column} = ${word}`)
        .join(' OR '),
    )
    write.run(spelt, name)
  }
  database.pragma(`schema_version = ${Number(database.pragma('schema_version', { simple: true })) + 1}`)
  // Reads the definitions in, which fails where one of them is wrong, and the migration with it.
  database.pragma('writable_schema = RESET')
  database.unsafeMode(false)
}
