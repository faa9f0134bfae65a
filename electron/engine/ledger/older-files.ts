import type { Database } from 'better-sqlite3'

/** The newest schema of the store that the verifier reads; older files are read as they are. */
export const readableSchema = 110

/** Columns that came with a schema, for tables that are read row by row: in an older file they have no value. */
const addedColumns: Readonly<Record<string, readonly string[]>> = {
  assets: ['reading', 'reader_notes', 'rules'],
  results: ['later', 'rules', 'more_hits'],
  checks: ['app', 'due_at'],
}

/** All columns for a SELECT: bytes as hexadecimal digits, which better-sqlite3 hands out faster, and NULL for what an older file lacks. */
export function columnsOf(raw: Database, table: 'assets' | 'results' | 'checks'): string {
  const columns = raw
    .prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_info(?)')
    .all(table)
  const missing = (addedColumns[table] ?? []).filter(name => !columns.some(column => column.name === name))
  return [
    ...columns.map(({ name, type }) =>
      type === 'BLOB' ? `iif(${name} IS NULL, NULL, lower(hex(${name}))) AS ${name}` : name,
    ),
    ...missing.map(name => `NULL AS ${name}`),
  ].join(', ')
}

/** The schemas since which something is in a file. */
export const since = { search: 20, relayRows: 60, hits: 90, pieces: 110 } as const
