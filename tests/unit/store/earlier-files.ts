import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { openLedger, screened } from '../ledger/fixture.ts'
import { fullLedger } from '../ledger/full-ledger.ts'
import { makeOld, withOldNames } from '../ledger/older-ledger.ts'

/** Schemas that files were made with before the present one; `tests/fixtures/schemas` keeps each as a new file had it. */
export const earlierVersions = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100] as const
export type EarlierVersion = (typeof earlierVersions)[number]

/** An empty file of an earlier schema. */
export function emptyEarlierFile(file: string, version: EarlierVersion): Database {
  const raw = new SQLite(file)
  raw.pragma('journal_mode = WAL')
  raw.exec(readFileSync(join(import.meta.dirname, `../../fixtures/schemas/${version}.sql`), 'utf8'))
  return raw
}

/** A file of an earlier schema with rows in its tables, as a program of then would have written them: its path. */
export async function earlierFile(folder: string, version: EarlierVersion): Promise<string> {
  const source = join(folder, 'source.sqlite')
  writeFileSync(source, version < 60 ? await smallLedger() : await fullLedger(false))
  const rows = new SQLite(source)
  for (const name of rows.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
    rows.exec(`DROP TRIGGER ${name}`)
  if (version < 60) makeOld(rows)
  else if (version < 80) withOldNames(rows)
  rows.close()
  const file = join(folder, 'prescreen.sqlite')
  const raw = emptyEarlierFile(file, version)
  copyRows(raw, source)
  raw.close()
  rmSync(source)
  return file
}

/** Texts of one profile, one of them decided on, and one whose verdict is used again. */
async function smallLedger(): Promise<Buffer> {
  const ledger = openLedger()
  const { database, commands } = ledger
  const { assets } = await screened(ledger, [
    { path: 'a.txt', text: '你好', verdict: 'pass' },
    { path: 'b.txt', text: '违规词', verdict: 'risky' },
    { path: 'c.txt', text: '看不清', verdict: 'unchecked' },
  ])
  const [first = 0, second = 0] = assets
  await database.commit(() =>
    commands.review('act', 'Lin', 'decide', [{ asset: second, decision: 'reject', reason: 1, note: '词' }]),
  )
  const again = await screened(ledger, [{ path: 'again.txt', text: '你好', verdict: 'pass' }])
  const end = { outcome: 'pass', reason: null, detail: null, labels: [], score: 90, parts: 1, checked: 1 } as const
  const reuse = { ...end, reusedFrom: first, reusedProfile: 0, reuseKey: null, tiled: false }
  await database.commit(() => {
    commands.requeue(again.id, { assets: again.assets })
    commands.endResult(again.assets[0] ?? 0, 0, reuse, { path: 'again.txt' })
  })
  database.raw.pragma('wal_checkpoint(TRUNCATE)')
  return database.raw.serialize()
}

/** What both have, column by column; texts are yet to be indexed. */
function copyRows(raw: Database, source: string): void {
  raw.pragma('foreign_keys = OFF')
  raw.prepare('ATTACH ? AS source').run(source)
  const tablesIn = (schema: string) =>
    raw
      .prepare<[], string>(
        `SELECT name FROM ${schema}.sqlite_schema WHERE type = 'table' AND (name NOT LIKE 'search%' OR name = 'search_queue')
         AND name NOT LIKE 'sqlite_%' ORDER BY name = 'tallies'`,
      )
      .pluck()
      .all()
  const columnsIn = (schema: string, table: string) =>
    raw.prepare<[string, string], string>('SELECT name FROM pragma_table_info(?, ?)').pluck().all(table, schema)
  const there = new Set(tablesIn('source'))
  for (const table of tablesIn('main').filter(name => there.has(name))) {
    const known = columnsIn('source', table)
    const columns = columnsIn('main', table).filter(name => known.includes(name))
    // What triggers have counted meanwhile.
    raw.exec(`DELETE FROM main.${table} WHERE '${table}' <> 'ledger'`)
    raw.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM source.${table}`)
  }
  const names = tablesIn('main')
  if (names.includes('search_queue')) {
    raw.exec(`INSERT OR REPLACE INTO search_queue SELECT id * 4, path FROM assets;
      INSERT OR REPLACE INTO search_queue SELECT id * 4 + 2, note FROM assets WHERE note IS NOT NULL;
      INSERT OR REPLACE INTO search_queue SELECT id * 4 + 3, '20002' FROM assets WHERE label IS NOT NULL`)
  }
  if (names.includes('reusable')) {
    raw.exec(`INSERT INTO reusable SELECT substr(reuse_key, 1, 8) AS key, asset, profile FROM results WHERE reuse_key IS NOT NULL;
      INSERT INTO same_bytes SELECT substr(sha256, 1, 16), id FROM assets WHERE sha256 IS NOT NULL;
      UPDATE hashed SET through = (SELECT max(seq) FROM ledger)`)
  }
  raw.exec('DETACH source')
}
