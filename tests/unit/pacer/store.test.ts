import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { PacerError } from '../../../electron/engine/pacer/contract.ts'
import { decodeRemarks } from '../../../shared/remarks/index.ts'
import { quiet } from './fake-time.ts'
import { ask, askMany, createMachine, granted, image, limitOf, nameOf, permitOf, stopOf } from './machine.ts'

function failureOf(work: () => unknown): PacerError {
  try {
    work()
  } catch (error) {
    if (error instanceof PacerError) return error
    throw error
  }
  throw new Error('It did not fail.')
}

test('a new file is no damage, and nobody has to wait', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  expect(pacer.rebuilt).toBe(false)
  expect(granted(await askMany(pacer, image, limitOf(3), 3))).toHaveLength(3)
})

test('what was counted is there when the file is opened again', async () => {
  using machine = createMachine()
  const before = machine.pacer()
  await askMany(before, image, limitOf(3, 100), 3)
  before.close()
  const after = machine.pacer()
  expect(after.rebuilt).toBe(false)
  expect(after.status()).toMatchObject([{ lastMinute: 3, dayUsed: 3 }])
  expect(nameOf((await askMany(after, image, limitOf(3), 1))[0]!)).toBe('waiting')
})

describe('a damaged file', () => {
  test.each([
    [
      'garbage',
      (file: string) => writeFileSync(file, 'not a database, but long enough to be taken for one'.repeat(100)),
    ],
    ['half of it', (file: string) => truncateSync(file, readFileSync(file).length / 2)],
    [
      'a page overwritten',
      (file: string) => {
        const bytes = readFileSync(file)
        bytes.fill(0xa5, 4096 * 3, 4096 * 4)
        writeFileSync(file, bytes)
      },
    ],
  ])('(%s) is made anew; the last minute counts as used, and it is said', async (_, damage) => {
    using machine = createMachine()
    const before = machine.pacer()
    await askMany(before, image, limitOf(3), 3)
    before.close()
    damage(machine.file)

    const pacer = machine.pacer()
    expect(pacer.rebuilt).toBe(true)
    const asks = await askMany(pacer, image, limitOf(3), 3)
    // Calls of another process may have been under way.
    await machine.time.run(60_000 + 30_000)
    expect(granted(asks)).toHaveLength(0)
    await machine.time.run(100)
    expect(granted(asks)).toHaveLength(3)
  })

  test('that another process has made anew counts as used for the next one as well', async () => {
    using machine = createMachine()
    writeFileSync(machine.file, 'garbage'.repeat(1000))
    machine.pacer().close()
    expect(nameOf((await askMany(machine.pacer(), image, limitOf(3), 1))[0]!)).toBe('waiting')
  })
})

test('a file of a newer version is refused with a sentence, and left as it is', () => {
  using machine = createMachine()
  machine.pacer().close()
  const db = new Database(machine.file)
  db.pragma('user_version = 1000')
  db.close()
  const bytes = readFileSync(machine.file)
  const error = failureOf(() => machine.pacer())
  expect(error.code).toBe('newer')
  expect(error.message).toContain('written by a newer version of this program. Update the program')
  expect(readFileSync(machine.file).equals(bytes)).toBe(true)
})

test('a database of another program is refused, and left as it is', () => {
  using machine = createMachine()
  const db = new Database(machine.file)
  db.exec('CREATE TABLE theirs (x)')
  db.close()
  const error = failureOf(() => machine.pacer())
  expect(error.code).toBe('foreign')
  const again = new Database(machine.file, { readonly: true })
  expect(again.prepare('SELECT name FROM sqlite_master').all()).toEqual([{ name: 'theirs' }])
  again.close()
})

test.each([
  ['a folder that does not exist', (file: string) => join(dirname(file), 'missing', 'pacer.sqlite')],
  [
    'a folder in its place',
    (file: string) => {
      mkdirSync(file)
      return file
    },
  ],
  [
    'a file in place of the folder',
    (file: string) => {
      writeFileSync(join(dirname(file), 'plain'), '')
      return join(dirname(file), 'plain', 'pacer.sqlite')
    },
  ],
])('%s gives one clear sentence', (_, place) => {
  using machine = createMachine()
  const error = failureOf(() => machine.pacer({ file: place(machine.file) }))
  expect(error.code).toBe('unwritable')
  expect(error.message).toMatch(/cannot be opened for writing \(.+\)\. Check that its folder exists/)
})

test('while another process keeps the file to itself callers wait, and go on afterwards', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const blocker = new Database(machine.file)
  blocker.exec('BEGIN IMMEDIATE')
  const asked = ask(pacer, image, limitOf(3))
  await quiet()
  expect(nameOf(asked)).toBe('waiting')
  blocker.exec('ROLLBACK')
  blocker.close()
  await machine.time.run(50)
  expect(nameOf(asked)).toBe('permit')
})

test('a file that fails turns callers away, and what was to be written is written when it works again', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const [first] = await askMany(pacer, image, limitOf(3, 100), 1)
  const saboteur = new Database(machine.file)
  saboteur.exec(`CREATE TRIGGER full BEFORE INSERT ON slots BEGIN SELECT RAISE(ABORT, 'disk is full'); END`)
  permitOf(first!).settle({ said: 'not_sent' })
  const [second] = await askMany(pacer, image, limitOf(3, 100), 1)
  expect(stopOf(second!)).toMatchObject({ class: 'CONFIG', code: 'internal_error', untilMs: null })
  const detail = decodeRemarks(stopOf(second!).detail)
  expect(detail).toMatchObject([{ code: 'system_error', name: expect.stringMatching(/^SQLITE_/), place: machine.file }])
  saboteur.exec('DROP TRIGGER full')
  saboteur.close()
  const [third] = await askMany(pacer, image, limitOf(3, 100), 1)
  expect(nameOf(third!)).toBe('permit')
  expect(pacer.status()).toMatchObject([{ dayUsed: 1, lastMinute: 1 }])
})

test('a status that cannot be read is one clear sentence', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  await askMany(pacer, image, limitOf(3), 1)
  const saboteur = new Database(machine.file)
  saboteur.exec('ALTER TABLE days RENAME TO gone')
  saboteur.close()
  const error = failureOf(() => pacer.status())
  expect(error.code).toBe('unreadable')
  expect(error.message).toMatch(/cannot be read \(.+\)\. Start the program again\./)
})

test('nothing but the pacer file and its companions is left in the folder', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  await askMany(pacer, image, limitOf(3), 1)
  pacer.close()
  expect(readdirSync(dirname(machine.file))).toEqual(['pacer.sqlite'])
})
