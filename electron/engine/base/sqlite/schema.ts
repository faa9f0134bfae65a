import SQLite, { type Database } from 'better-sqlite3'

/** What a database file is to contain, and how older files get there. Forward only: a step that was released never changes. */
export interface Schema {
  /** Kept in `user_version`; goes up in tens. */
  readonly version: number
  /** Makes all of it in an empty file. */
  create(database: Database): void
  /** In the order of their versions; the last one leads to what `create` makes. */
  readonly steps: readonly Step[]
}

export interface Step {
  /** That of the file when the step is done. */
  readonly version: number
  /** `between` is called between statements that take long in a large file. */
  up(database: Database, between: () => void): void
}

/** 0 for an empty file. */
export function schemaVersion(raw: Database): number {
  return Number(raw.pragma('user_version', { simple: true }))
}

/** Names of tables with their columns, and of indexes, that the schema has and the file has not. */
export function missingParts(raw: Database, schema: Schema): readonly string[] {
  const whole = new SQLite(':memory:')
  try {
    schema.create(whole)
    const present = new Set(partsOf(raw))
    return partsOf(whole).filter(part => !present.has(part))
  } finally {
    whole.close()
  }
}

function partsOf(raw: Database): string[] {
  return raw
    .prepare<[], string>(
      `SELECT m.name || '.' || ifnull(c.name, '') FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c
       WHERE m.type IN ('table', 'index')`,
    )
    .pluck()
    .all()
}

/** A definition without its comments and its layout: two definitions that come to the same are the same text. */
export function normalised(sql: string): string {
  return sql
    .replace(/--[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),=]) ?/g, '$1')
    .trim()
}
