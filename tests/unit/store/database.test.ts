import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { bringUp } from '../../../electron/engine/base/sqlite/bring-up.ts'
import { openGroupCommitDatabase } from '../../../electron/engine/base/sqlite/database.ts'
import { problemOf } from '../../../electron/engine/base/sqlite/problem-of.ts'
import type { Schema, Step } from '../../../electron/engine/base/sqlite/schema.ts'
import { openDatabase } from '../../../electron/engine/store/database.ts'
import { storeSchema } from '../../../electron/engine/store/schema.ts'
import { Problem } from '../../../shared/problems.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'

const step = (version: number, sql: string): Step => ({ version, up: database => void database.exec(sql) })
/** A schema whose new files come by its steps. */
const schemaOf = (...steps: readonly Step[]): Schema => ({
  version: steps.at(-1)?.version ?? 0,
  create: database => {
    for (const { up } of steps) up(database, () => undefined)
  },
  steps,
})
const unchecked = { check: async () => undefined }
const items = step(10, 'CREATE TABLE items (n INTEGER PRIMARY KEY CHECK (n >= 0)) STRICT')

async function fresh(...steps: readonly Step[]) {
  const file = join(await temporaryFolder(), 'data.sqlite')
  return { file, database: openGroupCommitDatabase(file, schemaOf(items, ...steps)) }
}

/** What another process sees. */
function rowsIn(file: string): readonly unknown[] {
  const other = new SQLite(file, { readonly: true })
  try {
    return other.prepare('SELECT n FROM items ORDER BY n').pluck().all()
  } finally {
    other.close()
  }
}

describe('writes', () => {
  test('are seen by others when, and not before, their promise resolves', async () => {
    const { file, database } = await fresh()
    const written = database.commit(() => database.raw.exec('INSERT INTO items VALUES (1)'))
    expect(rowsIn(file)).toEqual([])
    await written
    expect(rowsIn(file)).toEqual([1])
    await database.close()
  })

  test('that wait together are one transaction, in the order in which they came', async () => {
    const { file, database } = await fresh()
    const insert = database.raw.prepare('INSERT INTO items VALUES (?)')
    const seen: number[] = []
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        database.commit(() => {
          seen.push(database.raw.prepare<[], number>('SELECT count(*) FROM items').pluck().get() ?? -1)
          insert.run(n)
          return n * 2
        }),
      ),
    )
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n))
    expect(results).toEqual(Array.from({ length: 50 }, (_, n) => n * 2))
    expect(rowsIn(file)).toHaveLength(50)
    await database.close()
  })

  test('one that fails fails alone: its neighbours in the group are durable', async () => {
    const { file, database } = await fresh()
    const insert = database.raw.prepare('INSERT INTO items VALUES (?)')
    const ends = await Promise.allSettled([1, 2, -1, 3, 3].map(n => database.commit(() => insert.run(n))))
    expect(ends.map(end => end.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'rejected'])
    expect(rowsIn(file)).toEqual([1, 2, 3])
    await database.close()
  })

  test('one that fails half-way leaves nothing of itself', async () => {
    const { file, database } = await fresh()
    const failing = database.commit(() => {
      database.raw.exec('INSERT INTO items VALUES (7)')
      throw new Error('after the first row')
    })
    await expect(failing).rejects.toThrow('after the first row')
    expect(rowsIn(file)).toEqual([])
    await database.close()
  })

  test('that still wait when it is closed are written first; later ones are refused', async () => {
    const { file, database } = await fresh()
    const last = database.commit(() => database.raw.exec('INSERT INTO items VALUES (9)'))
    await database.close()
    await last
    expect(rowsIn(file)).toEqual([9])
    await expect(database.commit(() => undefined)).rejects.toThrow(/conflict/)
    await database.close()
  })

  test('of two processes take turns', async () => {
    const { file, database } = await fresh()
    const other = openGroupCommitDatabase(file, schemaOf(items))
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => {
        const { raw, commit } = n % 2 === 0 ? database : other
        return commit(() => raw.prepare('INSERT INTO items VALUES (?)').run(n))
      }),
    )
    expect(rowsIn(file)).toHaveLength(40)
    await Promise.all([database.close(), other.close()])
  })
})

describe('the schema', () => {
  test('goes up by the steps that are missing, and is left alone when it is up to date', async () => {
    const { file, database } = await fresh()
    await database.close()
    const newer = schemaOf(items, step(20, 'ALTER TABLE items ADD COLUMN note TEXT'))
    expect(await bringUp(file, newer, unchecked)).toMatchObject({ from: 10 })
    const next = openGroupCommitDatabase(file, newer)
    expect(next.raw.pragma('user_version', { simple: true })).toBe(20)
    next.raw.exec(`INSERT INTO items VALUES (1, 'new')`)
    await next.close()
    expect(await bringUp(file, newer, unchecked)).toBeNull()
    const again = openGroupCommitDatabase(file, newer)
    expect(again.raw.prepare('SELECT note FROM items').pluck().get()).toBe('new')
    await again.close()
  })

  test('stays as it was when one of several steps fails', async () => {
    const { file, database } = await fresh()
    await database.close()
    const steps = [items, step(20, 'CREATE TABLE more (n INTEGER)'), step(30, 'CREATE TABLE items (n INTEGER)')]
    await expect(bringUp(file, schemaOf(...steps), unchecked)).rejects.toThrow()
    const other = new SQLite(file, { readonly: true })
    expect(other.pragma('user_version', { simple: true })).toBe(10)
    expect(other.prepare(`SELECT name FROM sqlite_master WHERE name = 'more'`).get()).toBeUndefined()
    other.close()
  })

  test('of a newer program is refused, and the file is not touched', async () => {
    const { file, database } = await fresh(step(20, 'CREATE TABLE more (n INTEGER)'))
    await database.close()
    const before = await readFile(file)
    const refused = expect.objectContaining({ code: 'database_newer' })
    expect(() => openGroupCommitDatabase(file, schemaOf(items))).toThrow(refused)
    await expect(bringUp(file, schemaOf(items), unchecked)).rejects.toEqual(refused)
    expect(await readFile(file)).toEqual(before)
  })

  test('has steps whose numbers go up in tens', () => {
    const versions = storeSchema.steps.map(each => each.version)
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
    expect(new Set(versions).size).toBe(versions.length)
    expect(versions.every(version => version % 10 === 0)).toBe(true)
  })
})

describe('what cannot be opened', () => {
  test('is a problem that a person can act on', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), 'x')
    await writeFile(join(folder, 'garbage.sqlite'), Buffer.alloc(4096, 'garbage '))
    const codeOf = (file: string) => {
      try {
        openDatabase(join(folder, file))
      } catch (error) {
        return error instanceof Problem ? error.code : String(error)
      }
      return 'opened'
    }
    expect(codeOf('file/data.sqlite')).toBe('not_writable')
    expect(codeOf('garbage.sqlite')).toBe('database_corrupt')
    expect(codeOf('.')).toBe('not_writable')
  })

  test.each(['DROP TABLE checks', 'ALTER TABLE checks DROP COLUMN score', 'DROP INDEX ledger_controls'])(
    'a database that lost a part is damaged: %s',
    async sql => {
      const file = join(await temporaryFolder(), 'data.sqlite')
      await openDatabase(file).close()
      const other = new SQLite(file)
      other.pragma('foreign_keys = OFF')
      other.exec(sql)
      other.close()
      expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'database_corrupt' }))
    },
  )

  test('so is one in which a statement misses a part', () => {
    const missing = new SQLite.SqliteError('no such table: checks', 'SQLITE_ERROR')
    expect(problemOf(missing, 'data.sqlite')).toMatchObject({ code: 'database_corrupt' })
  })

  test.each([
    ['SQLITE_FULL', 'disk_full'],
    ['SQLITE_BUSY', 'database_busy'],
    ['SQLITE_BUSY_SNAPSHOT', 'database_busy'],
    ['SQLITE_CORRUPT_VTAB', 'database_corrupt'],
    ['SQLITE_NOTADB', 'database_corrupt'],
    ['SQLITE_READONLY_DIRECTORY', 'not_writable'],
    ['SQLITE_IOERR_WRITE', 'not_writable'],
    ['ENOSPC', 'disk_full'],
    ['EROFS', 'not_writable'],
  ])('%s is %s', (code, problem) => {
    const error = Object.assign(new Error('it failed'), { code })
    expect(problemOf(error, 'file')).toMatchObject({ code: problem, detail: 'file', cause: error })
  })

  test('a fault of the program stays what it is', () => {
    const fault = new TypeError('undefined is not a function')
    expect(problemOf(fault, 'file')).toBe(fault)
  })
})
