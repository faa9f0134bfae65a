import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Problem } from '../../../shared/problems.ts'
import { bookOf, libraryFixture, putInForce } from '../../fixtures/library/books.ts'

const stateOf = (infos: readonly { readonly id: string; readonly state: string }[]) =>
  Object.fromEntries(infos.map(({ id, state }) => [id, state]))
const textsOf = (files: readonly Uint8Array[]) => files.map(file => Buffer.from(file).toString())
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof Problem ? [error.code, JSON.parse(error.detail || '[]')[0]?.code] : error),
  )

describe('a house book', () => {
  test('is in force only when somebody who tried it says so', async () => {
    const { open, write, rows } = await libraryFixture()
    const library = open()
    const yaml = bookOf('brand', ['亲亲', '哦豁'])
    await write('brand.yaml', yaml)
    expect(await library.books()).toMatchObject([
      { id: 'brand', origin: 'house', state: 'not_in_force', rules: 2, entries: 2, versionInForce: null, problems: [] },
    ])
    expect(await problemOf(library.booksFor(null))).toEqual(['conflict', 'no_book_in_force'])
    const version = (await library.books())[0]?.version ?? ''
    expect(await problemOf(library.putInForce('brand', version))).toEqual(['conflict', 'book_not_tried'])

    const trial = await library.try(yaml, '哦豁，上新了')
    expect(trial.hits).toMatchObject([{ matched: '哦豁', range: [0, 2] }])
    expect(trial.version).toBe(version)
    const info = await library.putInForce('brand', version)
    expect(info).toMatchObject({ state: 'in_force', version, versionInForce: version })
    expect(textsOf(await library.booksFor(null))).toEqual([yaml])
    expect(rows).toEqual([
      { kind: 'rules', body: { event: 'put_in_force', act: 'act 1', book: 'brand', version, reviewer: '林' } },
    ])
  })

  test('that is edited by hand goes on as it was put in force', async () => {
    const { open, write } = await libraryFixture()
    const library = open()
    const first = bookOf('brand', ['亲亲'])
    await write('brand.yaml', first)
    await putInForce(library, first)

    const second = bookOf('brand', ['亲亲', '哦豁'])
    await write('brand.yaml', second)
    expect(await library.books()).toMatchObject([{ id: 'brand', state: 'changed', rules: 2 }])
    expect(textsOf(await library.booksFor(null))).toEqual([first])

    await write('brand.yaml', `${second}\nnonsense: [`)
    const [broken] = await library.books()
    expect(broken).toMatchObject({ id: 'brand', state: 'changed', title: { zh: '书 brand' } })
    expect(broken?.problems.some(({ level, line }) => level === 'error' && line !== null)).toBe(true)
    expect(textsOf(await library.booksFor(null))).toEqual([first])

    await putInForce(library, second).catch(() => undefined)
    expect(textsOf(await library.booksFor(null))).toEqual([first])
    await write('brand.yaml', second)
    await putInForce(library, second)
    expect(textsOf(await library.booksFor(null))).toEqual([second])
  })

  test('with errors is never put in force', async () => {
    const { open, write } = await libraryFixture()
    const library = open()
    const yaml = `${bookOf('brand', ['亲亲'])}surprise: 1\n`
    await write('brand.yaml', yaml)
    const { version, info } = await library.try(yaml, '')
    expect(info.problems.map(({ level }) => level)).toContain('error')
    expect(await problemOf(library.putInForce('brand', version))).toEqual(['conflict', 'book_has_errors'])
  })

  test('whose own examples come out otherwise has errors', async () => {
    const { open, write } = await libraryFixture()
    const library = open()
    const yaml = `format: 1
book: brand
title: Brand
sources: {own: {name: Own, reading: official, read-at: here, read-on: 2026-11-30}}
rules:
  - id: best
    title: Best
    severity: forbidden
    scopes: [general]
    words: [最佳]
    citation: {source: own, article: '1'}
    why: Because
    review: 2030-01-01
    state: draft
    examples: {hit: [最好的茶], miss: [最佳的茶]}
`
    await write('brand.yaml', yaml)
    const { info, version } = await library.try(yaml, '')
    expect(info.problems.filter(({ level }) => level === 'error')).toHaveLength(2)
    expect(await problemOf(library.putInForce('brand', version))).toEqual(['conflict', 'book_has_errors'])
  })

  test('is not put in force when its file is another by now', async () => {
    const { open, write } = await libraryFixture()
    const library = open()
    const seen = bookOf('brand', ['亲亲'])
    const { version } = await library.try(seen, '')
    await write('brand.yaml', bookOf('brand', ['哦豁']))
    expect(await problemOf(library.putInForce('brand', version))).toEqual(['conflict', 'book_changed'])
  })

  test('whose file is gone goes on until it is withdrawn', async () => {
    const { open, write, dataDir, rows } = await libraryFixture()
    const library = open()
    const yaml = bookOf('brand', ['亲亲'])
    await write('brand.yaml', yaml)
    await putInForce(library, yaml)
    await rm(join(dataDir, 'rules/brand.yaml'))
    expect(await library.books()).toMatchObject([
      { id: 'brand', state: 'changed', version: null, rules: 1, problems: [{ level: 'warning' }] },
    ])
    expect(await library.book('brand')).toMatchObject({ yaml, rules: [{ rule: 'words/亲亲' }] })
    expect(textsOf(await library.booksFor(null))).toEqual([yaml])
    expect(await library.withdraw('brand')).toMatchObject({ id: 'brand', state: 'not_in_force', problems: [] })
    expect(await library.books()).toEqual([])
    expect(rows.map(({ body }) => body.event)).toEqual(['put_in_force', 'withdraw'])
  })

  test('whose file is gone gets one again', async () => {
    const { open, write, dataDir } = await libraryFixture()
    const library = open()
    const yaml = bookOf('brand', ['亲亲'])
    await write('brand.yaml', yaml)
    await putInForce(library, yaml)
    await rm(join(dataDir, 'rules/brand.yaml'))
    const { yaml: kept, info } = await library.book('brand')
    expect(await library.save(kept, info.version)).toMatchObject({ id: 'brand', state: 'in_force', problems: [] })
  })

  test('whose file went while it was edited is saved as it was written', async () => {
    const { open, write, dataDir } = await libraryFixture()
    const library = open()
    await write('brand.yaml', bookOf('brand', ['亲亲']))
    const version = await putInForce(library, bookOf('brand', ['亲亲']))
    const edited = bookOf('brand', ['亲亲', '哦豁'])
    await rm(join(dataDir, 'rules/brand.yaml'))
    expect(await library.save(edited, version)).toMatchObject({
      id: 'brand',
      state: 'changed',
      versionInForce: version,
    })
    expect(await readFile(join(dataDir, 'rules/brand.yaml'), 'utf8')).toBe(edited)
  })

  test('is not saved under a name that no file can have on Windows', async () => {
    const { open, dataDir } = await libraryFixture()
    expect(await problemOf(open().save(bookOf('nul', ['亲亲']), null))).toEqual(['conflict', 'book_without_id'])
    expect(await readdir(join(dataDir, 'rules'))).toEqual(['in-force'])
  })

  test('that is written on one line has its id too', async () => {
    const { open, write } = await libraryFixture()
    const library = open()
    const yaml =
      '{format: 1, book: brand, title: Brand, lists: [{id: words, title: W, severity: notice, entries: [亲亲]}]}'
    await write('brand.yaml', yaml)
    expect(await library.books()).toMatchObject([{ id: 'brand', rules: 1, problems: [] }])
    await putInForce(library, yaml)
    expect(textsOf(await library.booksFor(['brand']))).toEqual([yaml])
  })

  test('that is removed is withdrawn first', async () => {
    const { open, write, dataDir, rows } = await libraryFixture()
    const library = open()
    const yaml = bookOf('brand', ['亲亲'])
    await write('brand.yaml', yaml)
    await putInForce(library, yaml)
    await library.remove('brand')
    expect(await library.books()).toEqual([])
    expect((await readdir(join(dataDir, 'rules'))).filter(name => name.endsWith('.yaml'))).toEqual([])
    expect(rows.map(({ body }) => body.event)).toEqual(['put_in_force', 'withdraw'])
  })

  test('in a file of another name, in Latin letters or not, is found by its own id', async () => {
    const { open, write } = await libraryFixture()
    await write('品牌.yml', bookOf('brand', ['亲亲']))
    await write('notes.txt', 'no book')
    await write('.hidden.yaml', bookOf('hidden', ['亲亲']))
    expect((await open().books()).map(({ id }) => id)).toEqual(['brand'])
  })

  test('that cannot be read is listed with what to do', async () => {
    const { open, write, dataDir } = await libraryFixture()
    await write('无编号.yaml', 'hello')
    await write('gbk.yaml', Buffer.concat([Buffer.from('format: 1\nbook: gbk\n# '), Buffer.from([0xd6, 0xd0, 0xff])]))
    await write('large.yaml', bookOf('large', ['亲亲']))
    await truncate(join(dataDir, 'rules/large.yaml'), 6_000_000)
    await mkdir(join(dataDir, 'rules/folder.yaml'))
    await write('future.yaml', bookOf('future', ['亲亲']).replace('format: 1', 'format: 2'))
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(dataDir, 'rules/pipe.yaml')])
    const books = await open().books()
    expect(books.map(({ id }) => id).filter(id => !id.startsWith('file-'))).toEqual(['future', 'gbk'])
    expect(books).toHaveLength(process.platform === 'win32' ? 5 : 6)
    for (const { problems, state } of books) {
      expect(state).toBe('not_in_force')
      expect(problems[0]).toMatchObject({ level: 'error' })
    }
  })
})

describe('a shipped book', () => {
  const shipped = { 'law.yaml': bookOf('law', ['国家级']) }

  test('is in force from the start, and can be withdrawn and put in force again', async () => {
    const { open, rows } = await libraryFixture(shipped)
    const library = open()
    expect(await library.books()).toMatchObject([{ id: 'law', origin: 'shipped', state: 'in_force' }])
    expect(await library.booksFor(null)).toHaveLength(1)
    expect(await library.withdraw('law')).toMatchObject({ state: 'not_in_force' })
    expect(await problemOf(library.booksFor(null))).toEqual(['conflict', 'no_book_in_force'])
    expect(await problemOf(library.booksFor(['law']))).toEqual(['not_found', 'book_not_in_force'])
    const version = (await library.books())[0]?.version ?? ''
    expect(await library.putInForce('law', version)).toMatchObject({ state: 'in_force' })
    expect(rows.map(({ body }) => [body.event, body.version])).toEqual([
      ['withdraw', version],
      ['put_in_force', version],
    ])
  })

  test('cannot be removed, nor written over', async () => {
    const { open } = await libraryFixture(shipped)
    const library = open()
    expect(await problemOf(library.remove('law'))).toEqual(['conflict', 'book_is_shipped'])
    expect(await problemOf(library.save(bookOf('law', ['亲亲']), null))).toEqual(['conflict', 'book_is_shipped'])
  })

  test('goes on where a house book has its id', async () => {
    const { open, write } = await libraryFixture(shipped)
    const library = open()
    await write('mine.yaml', bookOf('law', ['亲亲']))
    const books = await library.books()
    expect(books).toMatchObject([
      { id: 'law', origin: 'shipped', state: 'in_force', problems: [] },
      { origin: 'house', state: 'not_in_force', problems: [{ level: 'error' }] },
    ])
    const other = books[1]?.id ?? ''
    expect(other).toMatch(/^file-[0-9a-f]{12}$/)
    const { version } = await library.try(bookOf('law', ['亲亲']), '')
    expect(await problemOf(library.putInForce(other, version))).toEqual(['conflict', 'book_has_errors'])
    // Given another id, it is a book like any other.
    const { yaml, info } = await library.book(other)
    const saved = await library.save(yaml.replace('book: law', 'book: mine'), info.version)
    expect(saved).toMatchObject({ id: 'mine', problems: [] })
  })

  test('gives way to a house book of its id that is in force already', async () => {
    const fixture = await libraryFixture()
    const library = fixture.open()
    const own = bookOf('law', ['亲亲'])
    await fixture.write('law.yaml', own)
    await putInForce(library, own)
    await writeFile(join(fixture.shippedDir, 'law.yaml'), shipped['law.yaml'])
    expect(textsOf(await library.booksFor(null))).toEqual([own])
    expect(await library.books()).toMatchObject([{ id: 'law', origin: 'house', problems: [{ level: 'error' }] }])
    await library.withdraw('law')
    expect(textsOf(await library.booksFor(null))).toEqual([shipped['law.yaml']])
  })
})

test('Of two files with one id none is used, and what was in force goes on', async () => {
  const { open, write } = await libraryFixture()
  const library = open()
  const first = bookOf('brand', ['亲亲'])
  await write('a.yaml', first)
  await putInForce(library, first)
  const second = bookOf('brand', ['哦豁'])
  await write('b.yaml', second)
  const books = await library.books()
  expect(books).toMatchObject([
    {
      id: 'brand',
      state: 'in_force',
      problems: [{ level: 'error', message: { en: expect.stringContaining('a.yaml, b.yaml') } }],
    },
    { state: 'not_in_force', problems: [{ level: 'error' }] },
  ])
  const { version } = await library.try(second, '')
  expect(await problemOf(library.putInForce('brand', version))).toEqual(['conflict', 'book_changed'])
  expect(textsOf(await library.booksFor(null))).toEqual([first])
})

describe('saving', () => {
  test('makes a file of a new book, which is not in force by that', async () => {
    const { open, dataDir } = await libraryFixture()
    const library = open()
    const yaml = bookOf('brand', ['亲亲'])
    expect(await library.save(yaml, null)).toMatchObject({ id: 'brand', state: 'not_in_force' })
    expect(await readFile(join(dataDir, 'rules/brand.yaml'), 'utf8')).toBe(yaml)
    expect(await problemOf(library.save(yaml, null))).toEqual(['conflict', 'book_exists'])
  })

  test('keeps what somebody else has written meanwhile', async () => {
    const { open, write, dataDir } = await libraryFixture()
    const library = open()
    const { version } = await library.save(bookOf('brand', ['亲亲']), null)
    const byHand = bookOf('brand', ['by hand'])
    await write('brand.yaml', byHand)
    expect(await problemOf(library.save(bookOf('brand', ['哦豁']), version))).toEqual(['conflict', 'book_changed'])
    expect(await readFile(join(dataDir, 'rules/brand.yaml'), 'utf8')).toBe(byHand)
  })

  test('keeps a draft with errors, and refuses a new one without an id', async () => {
    const { open } = await libraryFixture()
    const library = open()
    const draft = 'format: 1\nbook: draft\ntitle: {'
    const saved = await library.save(draft, null)
    expect(saved).toMatchObject({ id: 'draft', state: 'not_in_force', problems: [{ level: 'error' }] })
    expect(await problemOf(library.save('title: none', null))).toEqual(['conflict', 'book_without_id'])
  })

  test('does not rename what is in force', async () => {
    const { open, write } = await libraryFixture()
    const library = open()
    const yaml = bookOf('brand', ['亲亲'])
    await write('brand.yaml', yaml)
    const version = await putInForce(library, yaml)
    expect(await problemOf(library.save(bookOf('other', ['亲亲']), version))).toEqual(['conflict', 'book_renamed'])
  })
})

describe('a copy in force', () => {
  test('that was changed by hand is not checked by, until it is put in force again', async () => {
    const { open, write, dataDir } = await libraryFixture()
    const library = open()
    const yaml = bookOf('brand', ['亲亲'])
    await write('brand.yaml', yaml)
    const version = await putInForce(library, yaml)
    const copy = join(dataDir, 'rules/in-force/brand.yaml')
    await writeFile(copy, (await readFile(copy, 'utf8')).replace('亲亲', '亲'))
    await expect(library.booksFor(null)).rejects.toMatchObject({ code: 'book_damaged', detail: 'brand' })
    expect(await library.damaged()).toEqual(['brand'])
    expect(await library.books()).toMatchObject([{ problems: [{ level: 'error' }] }])
    await library.putInForce('brand', version)
    expect(textsOf(await library.booksFor(null))).toEqual([yaml])
  })

  test('is what was put in force to the byte', async () => {
    const { open, write } = await libraryFixture()
    const library = open()
    const yaml = `\ufeff${bookOf('brand', ['亲亲']).replaceAll('\n', '\r\n')}`
    await write('brand.yaml', yaml)
    expect((await library.book('brand')).yaml).toBe(yaml)
    await putInForce(library, yaml)
    expect(textsOf(await library.booksFor(null))).toEqual([yaml])
    expect(stateOf(await library.books())).toEqual({ brand: 'in_force' })
  })
})

describe('a book that is named by its path', () => {
  test('is read where it lies', async () => {
    const { open, write, dataDir } = await libraryFixture()
    const yaml = bookOf('brand', ['亲亲'])
    await write('brand.yaml', yaml)
    expect(textsOf(await open().booksFor([join(dataDir, 'rules/brand.yaml')]))).toEqual([yaml])
  })

  test('names its first error, or why it cannot be read', async () => {
    const { open, write, dataDir } = await libraryFixture()
    const library = open()
    const path = join(dataDir, 'rules/brand.yaml')
    await write('brand.yaml', `${bookOf('brand', ['亲亲'])}surprise: 1\n`)
    await expect(library.booksFor([path])).rejects.toMatchObject({
      code: 'usage',
      said: { zh: expect.stringContaining(`${path} 第 9 行`), en: expect.stringContaining(`${path}, line 9`) },
    })
    await expect(library.booksFor([join(dataDir, 'gone.yaml')])).rejects.toMatchObject({ code: 'usage' })
  })
})

test.runIf(process.getuid?.() !== 0)('A folder that cannot be written to is named', async () => {
  const { open, write, dataDir } = await libraryFixture()
  const library = open()
  const yaml = bookOf('brand', ['亲亲'])
  await write('brand.yaml', yaml)
  await chmod(join(dataDir, 'rules'), 0o500)
  expect(await problemOf(putInForce(library, yaml))).toMatchObject(['not_writable'])
  await chmod(join(dataDir, 'rules'), 0o700)
})
