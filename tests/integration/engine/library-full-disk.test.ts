import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'
import { bookOf, libraryFixture, putInForce } from '../../fixtures/library/books.ts'

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'

test.skipIf(!isRoot)('A full disk leaves the last good version in force, and the edited file as it was', async () => {
  const small = join(await temporaryFolder(), 'small')
  await mkdir(small)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', small], { stdio: 'pipe' })
  } catch {
    process.stdout.write('mounting is not allowed here: a full disk is not tried\n')
    return
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', small])
  })
  const { open, rows } = await libraryFixture({}, small)
  const library = open()
  const words = Array.from({ length: 600 }, (_, at) => `国家级第${at}`)
  const first = bookOf('brand', words)
  await library.save(first, null)
  const version = await putInForce(library, first)

  const second = bookOf('brand', [...words, '亲亲'])
  await library.save(second, version)
  await writeFile(join(small, 'filler'), Buffer.alloc(96_000)).catch(() => undefined)
  await expect(putInForce(library, second)).rejects.toMatchObject({ code: 'disk_full' })
  const third = bookOf('brand', [...words, '哦豁'])
  const edited = (await library.books())[0]?.version ?? null
  await expect(library.save(third, edited)).rejects.toMatchObject({ code: 'disk_full' })
  const saved = (await library.book('brand')).yaml
  expect(saved).toBe(second)

  await rm(join(small, 'filler'))
  expect((await library.booksFor(null)).map(book => Buffer.from(book).toString())).toEqual([first])
  expect(rows.map(({ body }) => body.version)).toEqual([version])
  await putInForce(library, second)
  expect((await library.booksFor(null)).map(book => Buffer.from(book).toString())).toEqual([second])
  expect((await readdir(join(small, 'rules/in-force'))).toSorted()).toEqual(['brand.yaml', 'lock'])
})
