import type { Database } from 'better-sqlite3'
import { chainDigits } from './chain.ts'
import { verifyAdded } from './verify-derived.ts'

/** All that a verification reads of a file, besides the ledger and what `verifyAdded` looks at. */
const tables = ['batches', 'assets', 'results', 'checks', 'skipped', 'reviews', 'tallies'] as const
/** What came with later schemas. */
const addedTables = ['rule_texts', 'hits', 'waivers'] as const

/**
 * Whether a connection's file says, value by value, what an attached one says, and nothing else, so that what verifying that one comes to
 * holds for this one too. Columns that it has besides are empty, rows that the ledger has besides are about relays alone and follow from
 * those before, and what a file of an older schema does not have is in order.
 */
export async function isCarriedOver(
  raw: Database,
  attached: string,
  onShare: (share: number) => void,
): Promise<boolean> {
  const parts = [
    () => isSameLedger(raw, attached),
    ...[...tables, ...addedTables.filter(table => hasTable(raw, attached, table))].map(
      table => () => isSameTable(raw, attached, table),
    ),
    async () => (await verifyAdded(raw, () => Promise.resolve())) === null,
  ]
  for (const [done, isSame] of parts.entries()) {
    if (!(await isSame())) return false
    onShare((done + 1) / parts.length)
  }
  return true
}

function hasTable(raw: Database, attached: string, table: string): boolean {
  const found = raw.prepare<[string], 1>(`SELECT 1 FROM ${attached}.sqlite_schema WHERE type = 'table' AND name = ?`)
  return found.pluck().get(table) !== undefined
}

function isSameTable(raw: Database, attached: string, table: string): boolean {
  return hasSameRows(raw, attached, table) && countIn(raw, `main.${table}`) === countIn(raw, `${attached}.${table}`)
}

function countIn(raw: Database, table: string): number {
  return raw.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0
}

interface Column {
  readonly name: string
  readonly type: string
  /** Its place in the primary key, from 1; 0 where it is no part of it. */
  readonly pk: number
}

/** Whether every row of the attached file's table is the same in this one. */
function hasSameRows(raw: Database, attached: string, table: string): boolean {
  const columnsIn = (schema: string) =>
    raw.prepare<[string, string], Column>('SELECT name, type, pk FROM pragma_table_info(?, ?)').all(table, schema)
  const before = columnsIn(attached)
  const after = columnsIn('main')
  // Values of other types may compare as equal.
  const isKept = (column: Column) =>
    after.some(({ name, type, pk }) => name === column.name && type === column.type && pk === column.pk)
  const keys = before.filter(({ pk }) => pk > 0)
  if (keys.length === 0 || !before.every(isKept)) return false
  const isThere = (column: Column) => before.some(({ name }) => name === column.name)
  const listed = (alias: string) =>
    after.map(column => (alias === 'b' && !isThere(column) ? 'NULL' : `${alias}.${column.name}`)).join(', ')
  const differing = `SELECT 1 FROM ${attached}.${table} b
    LEFT JOIN main.${table} a ON ${keys.map(({ name }) => `a.${name} = b.${name}`).join(' AND ')}
    WHERE (${listed('a')}) IS NOT (${listed('b')}) LIMIT 1`
  return raw.prepare(differing).get() === undefined
}

interface AddedRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly batch: string | null
  readonly asset: number | null
  readonly body: string
  readonly hash: Buffer
}

function isSameLedger(raw: Database, attached: string): boolean {
  if (!hasSameRows(raw, attached, 'ledger')) return false
  const last = raw
    .prepare<[], { seq: number; hash: Buffer }>(`SELECT seq, hash FROM ${attached}.ledger ORDER BY seq DESC LIMIT 1`)
    .get()
  if (last === undefined) return countIn(raw, 'main.ledger') === 0
  const added = raw.prepare<[number], AddedRow>('SELECT * FROM main.ledger WHERE seq > ? ORDER BY seq').all(last.seq)
  if (countIn(raw, 'main.ledger') !== countIn(raw, `${attached}.ledger`) + added.length) return false
  let { seq, hash } = last
  for (const row of added) {
    const follows = row.seq === seq + 1 && chainDigits(hash, row) === row.hash.toString('hex')
    if (!follows || row.kind !== 'relay' || row.batch !== null || row.asset !== null) return false
    seq = row.seq
    hash = row.hash
  }
  return true
}
