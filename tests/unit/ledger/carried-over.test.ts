import { join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { isCarriedOver } from '../../../electron/engine/ledger/carried-over.ts'
import { canonicalJson, chainHash } from '../../../electron/engine/ledger/chain.ts'
import { bringUpStore } from '../../../electron/engine/store/bring-up.ts'
import { type EarlierVersion, earlierFile } from '../store/earlier-files.ts'
import { temporaryDir } from './fixture.ts'

/** A file that was brought up from an earlier schema, with its copy attached as `before`. */
async function broughtUp(version: EarlierVersion): Promise<Database> {
  const folder = temporaryDir()
  const file = await earlierFile(folder, version)
  await bringUpStore(file)
  const raw = new SQLite(file)
  onTestFinished(() => void raw.close())
  raw.prepare('ATTACH ? AS before').run(join(folder, `prescreen.before-${version}.sqlite`))
  return raw
}

const isSame = (raw: Database) => isCarriedOver(raw, 'before', () => undefined)

function appendRow(raw: Database, kind: string, hashOf = chainHash): void {
  const last = raw.prepare<[], { seq: number; hash: Buffer }>('SELECT * FROM ledger ORDER BY seq DESC LIMIT 1').get()
  if (last === undefined) throw new Error('the ledger is empty')
  const row = { seq: last.seq + 1, at: 1, kind, batch: null, asset: null, body: canonicalJson({ event: 'none' }) }
  raw
    .prepare('INSERT INTO ledger VALUES (@seq, @at, @kind, @batch, @asset, @body, @hash)')
    .run({ ...row, hash: hashOf(last.hash, row) })
}

test.each([10, 30, 70] as const)('what the steps from schema %i lead to says what the file said', async version => {
  const raw = await broughtUp(version)
  expect(await isSame(raw)).toBe(true)
})

const differences = [
  "UPDATE batches SET name = 'other'",
  "UPDATE assets SET note = 'x' WHERE id = 2",
  "UPDATE assets SET reading = 'x' WHERE id = 2",
  'UPDATE results SET score = score + 1 WHERE asset = 2',
  "UPDATE checks SET app = 'x' WHERE asset = 2",
  'UPDATE checks SET part_hash = part_hash || char(0) WHERE asset = 2',
  'UPDATE tallies SET n = n + 1',
  'DELETE FROM reviews',
  "INSERT INTO skipped VALUES ('b', 'x', 'hidden')",
  'DROP TRIGGER ledger_keeps; UPDATE ledger SET at = at + 1 WHERE seq = 3',
  'DROP TRIGGER ledger_stays; DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)',
  'DROP TRIGGER ledger_stays; DELETE FROM ledger WHERE seq = 3',
  'INSERT INTO ledger SELECT min(seq) - 1, at, kind, batch, asset, body, hash FROM ledger',
  'INSERT INTO pruning VALUES (2)',
  'DELETE FROM search_docsize; DELETE FROM search_queue',
  "INSERT INTO relay_positions VALUES ('relay', 3)",
  'ALTER TABLE reviews DROP COLUMN note',
]

/** What comes of something that is taken back again. */
async function meanwhile(raw: Database, change: () => void): Promise<boolean> {
  raw.exec('BEGIN')
  try {
    change()
    return await isSame(raw)
  } finally {
    raw.exec('ROLLBACK')
  }
}

test('every difference is found', async () => {
  const raw = await broughtUp(30)
  raw.pragma('foreign_keys = OFF')
  raw.unsafeMode()
  for (const sql of differences) expect(await meanwhile(raw, () => raw.exec(sql)), sql).toBe(false)
  expect(await isSame(raw)).toBe(true)
})

test('rows that the ledger has besides follow from those before, and are about relays alone', async () => {
  const raw = await broughtUp(30)
  expect(await meanwhile(raw, () => appendRow(raw, 'relay'))).toBe(true)
  expect(await meanwhile(raw, () => appendRow(raw, 'relay', () => Buffer.alloc(32)))).toBe(false)
  expect(await meanwhile(raw, () => appendRow(raw, 'result'))).toBe(false)
})
