import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { type BringUpOptions, bringUp } from '../../../electron/engine/base/sqlite/bring-up.ts'
import type { Schema } from '../../../electron/engine/base/sqlite/schema.ts'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { type BringUpProgress, bringUpStore, checkStore } from '../../../electron/engine/store/bring-up.ts'
import { storeSchema } from '../../../electron/engine/store/schema.ts'
import { temporaryDir } from '../ledger/fixture.ts'
import { earlierFile } from './earlier-files.ts'

const checked: BringUpOptions = { check: (raw, copy) => checkStore(raw, copy, () => undefined) }

/** Definitions and rows of a file, as text. */
function contentOf(file: string): string {
  const raw = new SQLite(file, { readonly: true })
  try {
    const tables = raw
      .prepare<[], { name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name <> 'search' ORDER BY name",
      )
      .all()
    const rows = tables.map(({ name }) => raw.prepare(`SELECT * FROM ${name}`).all())
    return JSON.stringify([raw.pragma('user_version'), tables, rows])
  } finally {
    raw.close()
  }
}

function versionOf(file: string): unknown {
  const raw = new SQLite(file, { readonly: true })
  try {
    return raw.pragma('user_version', { simple: true })
  } finally {
    raw.close()
  }
}

test('without room for a copy nothing is done, and the problem says how much is needed and where', async () => {
  const folder = temporaryDir()
  const file = await earlierFile(folder, 70)
  const before = contentOf(file)
  await expect(bringUp(file, storeSchema, { ...checked, roomIn: () => 3 * 2 ** 20 })).rejects.toMatchObject({
    code: 'no_room_for_copy',
    detail: expect.stringMatching(new RegExp(`"name":"${folder}"`)),
  })
  expect(contentOf(file)).toBe(before)
  expect(readdirSync(folder).filter(name => name.includes('before'))).toEqual([])
})

test.runIf(existsSync('/dev/full'))(
  'a disk that is full while the copy is written leaves the file as it was',
  async () => {
    const folder = temporaryDir()
    const file = await earlierFile(folder, 30)
    const before = contentOf(file)
    const partial = join(folder, 'prescreen.before-30.sqlite.partial')
    const full: BringUpOptions = {
      ...checked,
      at: place => {
        if (place !== 'copying') return
        rmSync(partial)
        symlinkSync('/dev/full', partial)
      },
    }
    await expect(bringUp(file, storeSchema, full)).rejects.toMatchObject({ code: 'disk_full', detail: file })
    expect(contentOf(file)).toBe(before)
    expect(readdirSync(folder).filter(name => name.includes('before'))).toEqual([])
    expect(await bringUp(file, storeSchema, checked)).toMatchObject({ from: 30 })
  },
)

test('a disk that is full in the middle of the steps leaves the file as it was, and the next start brings it up', async () => {
  const file = await earlierFile(temporaryDir(), 30)
  const before = contentOf(file)
  const full: BringUpOptions = {
    ...checked,
    at: (place, raw) => {
      if (place === 'copy named') raw.pragma(`max_page_count = ${raw.pragma('page_count', { simple: true })}`)
    },
  }
  await expect(bringUp(file, storeSchema, full)).rejects.toMatchObject({ code: 'disk_full' })
  expect(contentOf(file)).toBe(before)
  expect(await bringUp(file, storeSchema, checked)).toMatchObject({ from: 30 })
})

test('as long as another program has the file open nothing is done, and that program works on', async () => {
  const folder = temporaryDir()
  const file = await earlierFile(folder, 70)
  const other = new SQLite(file)
  other.prepare('SELECT count(*) FROM assets').get()
  await expect(bringUp(file, storeSchema, { ...checked, patienceMs: 0 })).rejects.toMatchObject({
    code: 'database_open_elsewhere',
    detail: file,
  })
  other.exec("INSERT INTO skipped VALUES ('b_full00000001', 'x', 'hidden')")
  expect(other.prepare('SELECT count(*) FROM reusable').pluck().get()).toBeGreaterThan(0)
  other.close()
  expect(versionOf(file)).toBe(70)
  expect(existsSync(join(folder, 'prescreen.before-70.sqlite'))).toBe(false)
})

test('a program that comes in the middle can write nothing, and is told that the file is busy', async () => {
  const file = await earlierFile(temporaryDir(), 60)
  const said: unknown[] = []
  const codeOf = (write: (raw: SQLite.Database) => void) => {
    const other = new SQLite(file, { timeout: 0 })
    try {
      write(other)
      return 'written'
    } catch (error) {
      return error instanceof SQLite.SqliteError ? error.code : error
    } finally {
      other.close()
    }
  }
  const met: BringUpOptions = {
    ...checked,
    at: place => {
      if (place === 'copying' || place === 'step 90' || place === 'checked') {
        said.push(codeOf(raw => raw.exec("UPDATE batches SET name = 'other'")))
        said.push(codeOf(raw => raw.pragma('journal_mode = WAL')))
      }
    },
  }
  expect(await bringUp(file, storeSchema, met)).toMatchObject({ from: 60 })
  expect(said).toEqual(said.map(() => 'SQLITE_BUSY'))
  expect(said).toHaveLength(6)
  // A program that waited finds it done.
  expect(await bringUp(file, storeSchema, checked)).toBeNull()
})

test('of two programs that start at once one does it, and the other waits for it', async () => {
  const file = await earlierFile(temporaryDir(), 40)
  const done = await Promise.all([bringUpStore(file), bringUpStore(file)])
  expect(done.filter(each => each !== null)).toHaveLength(1)
  expect(versionOf(file)).toBe(storeSchema.version)
})

test('what somebody changed in the tables before keeps nobody out, and is found as before', async () => {
  const folder = temporaryDir()
  const file = await earlierFile(folder, 70)
  const raw = new SQLite(file)
  raw.exec("UPDATE assets SET note = 'x' WHERE id = 2")
  raw.close()
  const before = await verifyDataDir(folder)
  expect(before).toMatchObject({ intact: false, what: 'table' })
  expect(await bringUpStore(file)).toMatchObject({ from: 70 })
  expect(await verifyDataDir(folder)).toMatchObject({ intact: false, zh: before.zh, row: before.row })
})

/** The store's schema with one more step. */
function withStep(sql: string): Schema {
  const version = storeSchema.version + 10
  return { ...storeSchema, version, steps: [...storeSchema.steps, { version, up: raw => void raw.exec(sql) }] }
}

test.each([
  ['changes a verdict', "UPDATE results SET labels = '[1]' WHERE asset = 2", 'asset a_2'],
  [
    'loses a row that others refer to',
    "DELETE FROM batches WHERE id = 'b_full00000001'",
    'refers to no row of batches',
  ],
])('a step that %s is taken back', async (_what, sql, said) => {
  const file = await earlierFile(temporaryDir(), 70)
  const before = contentOf(file)
  await expect(bringUp(file, withStep(sql), checked)).rejects.toMatchObject({
    code: 'database_step_failed',
    detail: expect.stringContaining(said),
  })
  expect(contentOf(file)).toBe(before)
})

test('copies of the last two schemas stay, and nothing else is removed', async () => {
  const folder = temporaryDir()
  const file = await earlierFile(folder, 70)
  const others = [
    'prescreen.before-30.sqlite',
    'prescreen.before-60.sqlite',
    'prescreen.before-x.sqlite',
    'mine.sqlite',
  ]
  for (const name of others) writeFileSync(join(folder, name), name)
  writeFileSync(join(folder, 'prescreen.before-70.sqlite.partial'), 'of a program that was ended')
  await bringUpStore(file)
  expect(readdirSync(folder).sort()).toEqual([
    'mine.sqlite',
    'prescreen.before-60.sqlite',
    'prescreen.before-70.sqlite',
    'prescreen.before-x.sqlite',
    'prescreen.sqlite',
  ])
  expect(versionOf(join(folder, 'prescreen.before-70.sqlite'))).toBe(70)
})

test('a copy of long ago that cannot be removed does not undo what is done', async () => {
  const folder = temporaryDir()
  const file = await earlierFile(folder, 70)
  writeFileSync(join(folder, 'prescreen.before-60.sqlite'), 'of before')
  mkdirSync(join(folder, 'prescreen.before-30.sqlite', 'mine'), { recursive: true })
  expect(await bringUpStore(file)).toMatchObject({ from: 70 })
  expect(versionOf(file)).toBe(storeSchema.version)
})

test.skipIf(process.platform === 'win32')("a copy is its owner's alone", async () => {
  const folder = temporaryDir()
  await bringUpStore(await earlierFile(folder, 70))
  expect(statSync(join(folder, 'prescreen.before-70.sqlite')).mode & 0o777).toBe(0o600)
})

test('progress goes one way, through all phases', async () => {
  const seen: BringUpProgress[] = []
  await bringUpStore(await earlierFile(temporaryDir(), 30), progress => seen.push(progress))
  const shares = seen.map(({ share }) => share)
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['copy', 'steps', 'check'])
  expect(shares.at(-1)).toBeLessThanOrEqual(1)
})

test('a damaged file is left as it is', async () => {
  const folder = temporaryDir()
  const file = await earlierFile(folder, 70)
  const damaged = readFileSync(file).fill(0xff, 20_000, 60_000)
  writeFileSync(file, damaged)
  await expect(bringUpStore(file)).rejects.toMatchObject({ code: 'database_corrupt' })
  expect(readFileSync(file).subarray(100)).toEqual(damaged.subarray(100))
})
