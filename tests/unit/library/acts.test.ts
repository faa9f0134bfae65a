import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { takeLock } from '../../../electron/engine/base/file-lock.ts'
import { openBookFolder } from '../../../electron/engine/library/book-folder.ts'
import { Problem } from '../../../shared/problems.ts'
import { bookOf, libraryFixture, putInForce } from '../../fixtures/library/books.ts'

const yaml = bookOf('brand', ['亲亲'])
const intentOf = (version: string, what: 'put_in_force' | 'withdraw', isShipped = false) => ({
  act: 'act of a program that is gone',
  what,
  book: isShipped ? 'law' : 'brand',
  version,
  isShipped,
  reviewer: '陈',
})

/** What a program left that was killed after `writes` of the four writes of an act. */
async function killedAfter(writes: number, what: 'put_in_force' | 'withdraw') {
  const fixture = await libraryFixture()
  await fixture.write('brand.yaml', yaml)
  const first = fixture.open()
  const version = await putInForce(first, yaml)
  if (what === 'put_in_force') await first.withdraw('brand')
  fixture.rows.length = 0
  const folder = openBookFolder(fixture.dataDir, fixture.shippedDir)
  const file = (await folder.house()).find(each => each.bytes !== null)
  if (file?.bytes == null) throw new Error('no book')
  if (writes > 0) await folder.setIntent(intentOf(version, what))
  if (writes > 1) await (what === 'withdraw' ? folder.drop('brand') : folder.keep('brand', file))
  return { ...fixture, version, library: fixture.open() }
}

const leftOvers = async (dataDir: string) =>
  (await readdir(join(dataDir, 'rules/in-force'))).filter(name => name.endsWith('.intent') || name.endsWith('.part'))

describe('a program that is killed while it puts a book in force', () => {
  test('before the effect has put nothing in force', async () => {
    const { library, rows, dataDir } = await killedAfter(1, 'put_in_force')
    expect(await library.books()).toMatchObject([{ state: 'not_in_force' }])
    expect(rows).toEqual([])
    expect(await leftOvers(dataDir)).toEqual([])
  })

  test('after the effect has put it in force, and the ledger knows before anything is checked by it', async () => {
    const { library, rows, version, dataDir } = await killedAfter(2, 'put_in_force')
    expect(await library.booksFor(null)).toHaveLength(1)
    expect(rows).toEqual([
      {
        kind: 'rules',
        body: { event: 'put_in_force', act: 'act of a program that is gone', book: 'brand', version, reviewer: '陈' },
      },
    ])
    expect(await leftOvers(dataDir)).toEqual([])
  })
})

describe('a program that is killed while it withdraws a book', () => {
  test('before the effect has withdrawn nothing', async () => {
    const { library, rows } = await killedAfter(1, 'withdraw')
    expect(await library.books()).toMatchObject([{ state: 'in_force' }])
    expect(rows).toEqual([])
  })

  test('after the effect has withdrawn it, and the ledger knows', async () => {
    const { library, rows } = await killedAfter(2, 'withdraw')
    expect(await library.books()).toMatchObject([{ state: 'not_in_force' }])
    expect(rows.map(({ body }) => body.event)).toEqual(['withdraw'])
  })

  test('likewise of a book that is shipped', async () => {
    const { open, rows, dataDir, shippedDir } = await libraryFixture({ 'law.yaml': bookOf('law', ['国家级']) })
    const folder = openBookFolder(dataDir, shippedDir)
    const [file] = await folder.shipped()
    const version = file?.bytes == null ? '' : file.version
    await folder.setIntent(intentOf(version, 'withdraw', true))
    await open().books()
    expect(rows).toEqual([])
    await folder.setIntent(intentOf(version, 'withdraw', true))
    await folder.setWithdrawn('law', true)
    expect(await open().books()).toMatchObject([{ state: 'not_in_force' }])
    expect(rows.map(({ body }) => body.event)).toEqual(['withdraw'])
  })
})

test('A full disk that refuses the ledger lets nothing be checked by what it does not know of', async () => {
  const { open, write, rows } = await libraryFixture()
  let isFull = true
  const library = open(async row => {
    if (isFull) throw new Problem('disk_full', 'prescreen.sqlite')
    rows.push(row)
  })
  await write('brand.yaml', yaml)
  await expect(putInForce(library, yaml)).rejects.toMatchObject({ code: 'disk_full' })
  await expect(library.booksFor(null)).rejects.toMatchObject({ code: 'disk_full' })
  isFull = false
  expect(await library.booksFor(null)).toHaveLength(1)
  expect(rows.map(({ body }) => body.event)).toEqual(['put_in_force'])
})

test('Two programs that put a book in force at once do so one after the other, and both stand in the ledger', async () => {
  const { open, write, rows } = await libraryFixture()
  await write('brand.yaml', yaml)
  const programs = [open(), open(), open()]
  const versions = await Promise.all(programs.map(program => putInForce(program, yaml)))
  expect(new Set(versions).size).toBe(1)
  expect(rows.map(({ body }) => body.event)).toEqual(['put_in_force', 'put_in_force', 'put_in_force'])
  expect(new Set(rows.map(({ body }) => body.act)).size).toBe(3)
})

test('What another program is about to do is waited for, not done for it', async () => {
  const { open, write, rows, dataDir, shippedDir } = await libraryFixture()
  await write('brand.yaml', yaml)
  const library = open()
  const version = await putInForce(library, yaml)
  rows.length = 0
  const folder = openBookFolder(dataDir, shippedDir)
  const lock = takeLock(folder.lockFile)
  if (typeof lock !== 'object') throw new Error('no lock')
  onTestFinished(() => lock.release())
  await folder.setIntent(intentOf(version, 'withdraw'))
  await folder.drop('brand')
  const listing = library.books()
  await folder.clearIntent('brand')
  lock.release()
  expect(await listing).toMatchObject([{ state: 'not_in_force' }])
  expect(rows).toEqual([])
})
