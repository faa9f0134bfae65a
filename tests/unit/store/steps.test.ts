import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { normalised } from '../../../electron/engine/base/sqlite/schema.ts'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { bringUpStore } from '../../../electron/engine/store/bring-up.ts'
import { openDatabase } from '../../../electron/engine/store/database.ts'
import { storeSchema } from '../../../electron/engine/store/schema.ts'
import { temporaryDir } from '../ledger/fixture.ts'
import { earlierFile, earlierVersions, emptyEarlierFile } from './earlier-files.ts'

/** All that a file is defined by. */
function schemaOf(file: string): unknown {
  const raw = new SQLite(file, { readonly: true })
  try {
    const definitions = raw
      .prepare<[], { type: string; name: string; table: string; sql: string | null }>(
        'SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema ORDER BY type, name',
      )
      .all()
      .map(({ sql, ...each }) => ({ ...each, sql: sql === null ? null : normalised(sql) }))
    const columns = definitions
      .filter(({ type }) => type === 'table')
      .map(({ name }) => [name, raw.prepare('SELECT * FROM pragma_table_xinfo(?)').all(name)])
    return { definitions, columns, version: raw.pragma('user_version', { simple: true }) }
  } finally {
    raw.close()
  }
}

async function newFile(): Promise<string> {
  const file = join(temporaryDir(), 'prescreen.sqlite')
  await openDatabase(file).close()
  return file
}

/** Every row of the tables that all versions have, as text. */
function rowsOf(raw: Database): unknown {
  const tables = {
    batches: '*',
    assets: 'id, batch, position, path, source, source_key, kind, bytes, sha256, outcome, flags, decision, note',
    results: 'asset, profile, batch, state, outcome, labels, parts, checked, reused_from, reuse_key, ledger_seq',
    checks: 'id, asset, profile, part, state, verdict, part_hash, ledger_seq',
    reviews: '*',
    skipped: '*',
    tallies: '*',
  }
  return Object.entries(tables).map(([table, columns]) => [
    table,
    raw.prepare(`SELECT ${columns} FROM ${table} ORDER BY 1, 2, 3`).all(),
  ])
}

describe.each(earlierVersions)('a file of schema %i', version => {
  test('comes to the same schema as a new one', async () => {
    const file = join(temporaryDir(), 'prescreen.sqlite')
    emptyEarlierFile(file, version).close()
    await bringUpStore(file)
    expect(schemaOf(file)).toEqual(schemaOf(await newFile()))
  })

  test('keeps its rows, numbers and counts, verifies as before, and leaves a copy of what it was', async () => {
    const folder = temporaryDir()
    const file = await earlierFile(folder, version)
    const whole = new SQLite(file)
    const before = rowsOf(whole)
    const sequences = whole.prepare("SELECT * FROM sqlite_sequence WHERE name <> '' ORDER BY name").all()
    const ledger = whole.prepare('SELECT * FROM ledger ORDER BY seq').all()
    whole.close()
    expect(await verifyDataDir(folder)).toMatchObject({ intact: true, rows: ledger.length })

    const copy = join(folder, `prescreen.before-${version}.sqlite`)
    expect(await bringUpStore(file)).toEqual({ from: version, copy })
    expect(schemaOf(file)).toEqual(schemaOf(await newFile()))
    for (const each of [file, copy]) {
      const raw = new SQLite(each, { readonly: true })
      expect(rowsOf(raw)).toEqual(before)
      expect(raw.prepare("SELECT * FROM sqlite_sequence WHERE name <> '' ORDER BY name").all()).toEqual(sequences)
      expect(raw.prepare('SELECT * FROM ledger ORDER BY seq').all().slice(0, ledger.length)).toEqual(ledger)
      expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
      raw.close()
    }
    expect(await verifyDataDir(folder)).toMatchObject({ intact: true })
    expect(existsSync(`${copy}.partial`)).toBe(false)
    // Nothing is left to do.
    const bytes = readFileSync(file)
    expect(await bringUpStore(file)).toBeNull()
    expect(readFileSync(file)).toEqual(bytes)
    await openDatabase(file).close()
  })
})

test('a new file needs no step, and has no copy beside it', async () => {
  const file = await newFile()
  expect(await bringUpStore(file)).toBeNull()
  expect(await bringUpStore(join(temporaryDir(), 'none.sqlite'))).toBeNull()
  expect(storeSchema.steps.at(-1)?.version).toBe(storeSchema.version)
})
