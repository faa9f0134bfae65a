import SQLite, { type Database } from 'better-sqlite3'
import { normalised } from '../../base/sqlite/schema.ts'
import { tables } from '../tables.ts'

/**
 * Brings a file to the schema that a new one has, whichever steps made it. Tables that are otherwise than a new file's are written anew,
 * row by row; no definition is written over.
 */
export function makeAsNew(database: Database, between: () => void): void {
  const wanted = definitionsIn(newFile())
  const present = new Map(definitionsIn(database).map(each => [each.name, each]))
  const isAsWanted = ({ name, sql }: Definition) => normalised(present.get(name)?.sql ?? '') === normalised(sql)
  // Those that the file has; what it lacks is made below.
  const guarded = guardedEver.filter(name => present.has(name))
  const different = wanted.filter(each => guarded.includes(each.name) && !isAsWanted(each))
  // All or none: they refer to one another.
  if (different.length > 0) writeAnew(database, wanted, guarded, between)
  const left = new Map(definitionsIn(database).map(each => [each.name, each]))
  for (const { name, sql } of wanted) {
    const other = left.get(name)
    const kind = other === undefined ? null : indexOrTrigger(other)
    if (other !== undefined && (kind === null || normalised(other.sql) === normalised(sql))) continue
    if (kind !== null) database.exec(`DROP ${kind} ${name}`)
    database.exec(sql)
    between()
  }
}

/** What can be made again from the tables. */
function indexOrTrigger({ sql }: Definition): string | null {
  return /^CREATE (?:UNIQUE )?(INDEX|TRIGGER)\b/i.exec(sql)?.[1] ?? null
}

/** Tables with guards, parents first, and those that refer to them. */
const guardedEver = ['batches', 'assets', 'results', 'checks', 'reviews', 'waivers', 'hits', 'asset_pieces']

interface Definition {
  readonly name: string
  /** The table that it belongs to. */
  readonly table: string
  readonly sql: string
}

function newFile(): Database {
  const database = new SQLite(':memory:')
  database.exec(tables)
  return database
}

/** Tables, indexes and triggers, as they were made. */
function definitionsIn(database: Database): readonly Definition[] {
  return database
    .prepare<[], Definition>(
      `SELECT name, tbl_name AS "table", sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY rowid`,
    )
    .all()
}

function writeAnew(
  database: Database,
  wanted: readonly Definition[],
  guarded: readonly string[],
  between: () => void,
): void {
  const old = (table: string) => `old_${table}`
  for (const each of definitionsIn(database)) {
    const kind = indexOrTrigger(each)
    if (kind !== null && guarded.includes(each.table)) database.exec(`DROP ${kind} ${each.name}`)
  }
  between()
  for (const table of guarded) database.exec(`ALTER TABLE ${table} RENAME TO ${old(table)}`)
  for (const table of guarded) {
    database.exec(wanted.find(({ name }) => name === table)?.sql ?? '')
    const known = columnsOf(database, old(table))
    const columns = columnsOf(database, table)
      .filter(name => known.includes(name))
      .join(', ')
    database.exec(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${old(table)}`)
    // The number that is given out next.
    database
      .prepare('UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = ?) WHERE name = ?')
      .run(old(table), table)
    between()
  }
  for (const table of guarded.toReversed()) {
    database.exec(`DROP TABLE ${old(table)}`)
    between()
  }
}

function columnsOf(database: Database, table: string): readonly string[] {
  return database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table)
}
