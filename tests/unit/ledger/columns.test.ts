import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { type Uncompared, uncompared } from '../../../electron/engine/ledger/uncompared.ts'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { storeSchema } from '../../../electron/engine/store/schema.ts'
import { fullLedger } from './full-ledger.ts'

/** What another SQLite program does to one row of one column is named by the verifier, or is on the list of what is not compared. */

let file: Promise<Buffer> | null = null

interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
}

type Value = string | number | Buffer | null

/** The file in memory, with all guards off. */
async function opened(): Promise<Database> {
  file ??= fullLedger()
  const raw = new SQLite(await file)
  raw.pragma('foreign_keys = OFF')
  raw.pragma('ignore_check_constraints = ON')
  for (const name of raw.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
    raw.exec(`DROP TRIGGER ${name}`)
  return raw
}

function tablesOf(raw: Database): readonly string[] {
  // A virtual table and the tables behind it are one.
  return raw
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search\\__%' ESCAPE '\\' OR name = 'search_queue'",
    )
    .pluck()
    .all()
}

function columnsOf(raw: Database, table: string): readonly Column[] {
  return raw
    .prepare<[], { name: string; type: string; notnull: 0 | 1; pk: number }>(`PRAGMA table_info(${table})`)
    .all()
    .map(({ name, type, notnull, pk }) => ({ table, name, type, isNullable: notnull === 0 && pk === 0 }))
}

function listed(table: string, column: string | null): Uncompared | undefined {
  return uncompared.find(
    entry => entry.table === table && (entry.columns === null || (column !== null && entry.columns.includes(column))),
  )
}

/** Rows that are compared, by what tells them apart. */
function rowsOf(raw: Database, table: string, column: string | null): readonly Row[] {
  const entry = listed(table, column)
  if (entry !== undefined && entry.rows === null) return []
  const keys = columnsOf(raw, table)
    .map(({ name }) => name)
    .join(', ')
  return raw
    .prepare<[], Row>(`SELECT ${keys} FROM ${table} WHERE NOT ${entry === undefined ? '0' : `(${entry.rows})`}`)
    .all()
}

/** A count of nothing is the same as none. */
function saysSomething(table: string, row: Row): boolean {
  return table !== 'tallies' || row.n !== 0
}

type Row = Readonly<Record<string, Value>>

/** Sets one column of one row. */
function put(raw: Database, table: string, row: Row, column: string, value: Value): void {
  const names = Object.keys(row)
  const { changes } = raw
    .prepare(`UPDATE ${table} SET ${column} = ? WHERE ${names.map(name => `${name} IS ?`).join(' AND ')}`)
    .run(value, ...names.map(name => row[name] ?? null))
  if (changes !== 1) throw new Error(`${table}.${column}: ${changes} rows were changed`)
}

/** Null where an index allows no such change, or where it comes to the same rows. */
async function isNamed(raw: Database, table: string, change: () => void): Promise<boolean | null> {
  const contents = () =>
    raw
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map(row => JSON.stringify(row))
      .sort()
      .join()
  const before = contents()
  raw.exec('BEGIN')
  try {
    change()
    if (contents() === before) return null
    return !(await verifyDataDir(raw)).intact
  } catch (error) {
    if (error instanceof Error && 'code' in error && /UNIQUE|PRIMARYKEY|ROWID/.test(String(error.code))) return null
    // What a table could not hold at all is found with the damaged pages.
    if (error instanceof Error && 'code' in error && error.code === 'database_corrupt') return true
    throw error
  } finally {
    raw.exec('ROLLBACK')
  }
}

function changesOf({ type, isNullable }: Column, value: Value): readonly Value[] {
  const other = typeof value === 'number' || value === null ? 7 : Buffer.isBuffer(value) ? flipped(value) : `${value}x`
  const first = value === null && type !== 'INTEGER' ? (type === 'BLOB' ? Buffer.from('x') : 'x') : other
  const near = typeof value === 'number' ? [value + 1] : []
  return [...near, first, ...(isNullable && value !== null ? [null] : [])].filter(each => each !== value)
}

function flipped(value: Buffer): Buffer {
  const other = Buffer.from(value)
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1
  return other
}

/** The first, one in the middle and the last. */
function some<T>(items: readonly T[]): readonly T[] {
  return items.filter((_, index) => index === 0 || index === items.length - 1 || index === items.length >> 1)
}

/** As this program makes them. */
const tables = (() => {
  const raw = new SQLite(':memory:')
  storeSchema.create(raw)
  return tablesOf(raw).filter(name => listed(name, null)?.rows !== null)
})()

test('the ledger of these tests is intact, and has a row in every table', async () => {
  const raw = await opened()
  expect(await verifyDataDir(raw)).toMatchObject({ intact: true })
  const empty = tablesOf(raw).filter(table => raw.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined)
  expect(empty).toEqual(['pruning'])
  // So that every column is changed in a row that has something in it.
  const unset = tablesOf(raw).flatMap(table =>
    columnsOf(raw, table)
      .filter(({ name }) => listed(table, name) === undefined)
      .filter(({ name }) => raw.prepare(`SELECT 1 FROM ${table} WHERE ${name} IS NOT NULL LIMIT 1`).get() === undefined)
      .map(({ name }) => `${table}.${name}`),
  )
  expect(unset).toEqual(['pruning.through'])
})

test.each(tables)('a column that is changed in one row is named: %s', async table => {
  const raw = await opened()
  const missed: string[] = []
  for (const column of columnsOf(raw, table)) {
    const rows = rowsOf(raw, table, column.name).filter(each => saysSomething(table, each))
    const full = rows.filter(row => row[column.name] !== null)
    for (const row of new Set([...some(full), ...some(rows)])) {
      for (const value of changesOf(column, row[column.name] ?? null)) {
        const named = await isNamed(raw, table, () => put(raw, table, row, column.name, value))
        if (named === false)
          missed.push(`${table}.${column.name}: ${row[column.name]} to ${value} in ${JSON.stringify(row)}`)
      }
    }
  }
  expect(missed).toEqual([])
})

test.each(tables)('a column that is swapped between two rows is named: %s', async table => {
  const raw = await opened()
  const missed: string[] = []
  for (const { name, type } of columnsOf(raw, table)) {
    const rows = rowsOf(raw, table, name)
    for (const one of some(rows)) {
      const others = rows.filter(row => row[name] !== one[name] && String(row[name]) !== String(one[name]))
      const between = type === 'INTEGER' ? -99 : type === 'BLOB' ? Buffer.from('between') : 'between'
      for (const other of others) {
        const named = await isNamed(raw, table, () => {
          put(raw, table, one, name, between)
          put(raw, table, other, name, one[name] ?? null)
          put(raw, table, { ...one, [name]: between }, name, other[name] ?? null)
        })
        if (named === false) missed.push(`${table}.${name}: ${JSON.stringify([one, other])}`)
        if (named !== null) break
      }
    }
  }
  expect(missed).toEqual([])
})

test.each(tables)('a row that is deleted is named: %s', async table => {
  const raw = await opened()
  const missed: string[] = []
  const rows = rowsOf(raw, table, null)
  // The end of the ledger can only be told against an earlier export (docs/evidence.md).
  for (const row of table === 'ledger' ? rows.slice(0, -1) : rows.filter(each => saysSomething(table, each))) {
    const names = Object.keys(row)
    const named = await isNamed(raw, table, () => {
      raw
        .prepare(`DELETE FROM ${table} WHERE ${names.map(name => `${name} IS ?`).join(' AND ')}`)
        .run(...names.map(name => row[name] ?? null))
    })
    if (named === false) missed.push(`${table}: ${JSON.stringify(row)}`)
  }
  expect(missed).toEqual([])
})

test.each(tables.filter(table => table !== 'ledger'))(
  'a row that is doubled under other keys is named: %s',
  async table => {
    const raw = await opened()
    const missed: string[] = []
    const columns = columnsOf(raw, table)
    for (const row of some(rowsOf(raw, table, null).filter(each => saysSomething(table, each)))) {
      const values = columns.map(({ name, type }) => {
        const isKey = [
          'id',
          'part',
          'position',
          'source_key',
          'path',
          'profile',
          'key',
          'hash',
          'trace_id',
          'relay',
          'outcome',
        ].includes(name)
        const value = row[name] ?? null
        if (!isKey) return value
        return type === 'INTEGER' ? Number(value) + 1_000 : type === 'BLOB' ? Buffer.from('another') : `${value}x`
      })
      const named = await isNamed(raw, table, () => {
        raw.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`).run(...values)
      })
      if (named === false) missed.push(`${table}: ${JSON.stringify(row)}`)
    }
    expect(missed).toEqual([])
  },
)

describe('the list of what is not compared', () => {
  const lines = readFileSync(join(import.meta.dirname, '../../../docs/evidence.md'), 'utf8').split('\n')

  test('names tables and columns that there are', async () => {
    const raw = await opened()
    for (const { table, columns } of uncompared) {
      const present = columnsOf(raw, table).map(({ name }) => name)
      expect(present.length).toBeGreaterThan(0)
      expect(present).toEqual(expect.arrayContaining([...(columns ?? [])]))
    }
  })

  test.each(uncompared)('is told to people: $table $columns', ({ table, columns, zh, en }) => {
    for (const name of columns ?? [null]) {
      const shown = name === null ? `\`${table}\`` : `\`${table}.${name}\``
      expect(lines.filter(line => line.startsWith(`- ${shown}`))).toEqual([`- ${shown}: ${en}`, `- ${shown}：${zh}`])
    }
  })
})
