import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readBook } from '../../../electron/engine/checkers/rules/read-book.ts'
import { readNamedBook } from '../../../electron/engine/library/named-book.ts'

async function named(name: string, content: string | Uint8Array | null) {
  const folder = await mkdtemp(join(tmpdir(), 'prescreen-named-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, name)
  if (content === null) await mkdir(path)
  else await writeFile(path, content)
  return readNamedBook(path, new AbortController().signal)
}

const bookOf = async (name: string, content: string) => {
  const { bytes } = await named(name, content)
  return bytes === null ? null : readBook(bytes).book
}

describe('a book that is named by its path', () => {
  test('is what the file says', async () => {
    const { bytes, problems } = await named('a.yaml', 'format: 1\n')
    expect(Buffer.from(bytes ?? []).toString()).toBe('format: 1\n')
    expect(problems).toEqual([])
  })

  test('is made of a word list, with an id of the name, the same each time', async () => {
    const list = '词,建议\n秒杀价,活动价\n国家级,\n'
    expect(await bookOf('Brand Words 2026.csv', list)).toMatchObject({ id: 'brand-words-2026', entries: 2 })
    const [first, again, other] = [
      await bookOf('禁用词.csv', list),
      await bookOf('禁用词.csv', list),
      await bookOf('禁用语.csv', list),
    ]
    expect(first?.id).toMatch(/^list-[0-9a-f]{10}$/)
    expect(first).toMatchObject({ id: again?.id, version: again?.version })
    expect(other?.id).not.toBe(first?.id)
  })

  test.each([
    ['a folder', 'a.yaml', null, /folder/],
    ['a list without a column of words', 'a.csv', '备注,级别\n促销,高\n', /no column of words \(it has: 备注, 级别\)/],
    ['an empty list', 'a.csv', '', /./],
    ['a damaged workbook', 'a.xlsx', 'PK\u0003\u0004 and nothing more', /./],
  ])('is none for %s, and says so in both languages', async (_, name, content, sentence) => {
    const { bytes, problems } = await named(name, content)
    expect(bytes).toBeNull()
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ level: 'error', message: { en: expect.stringMatching(sentence) } })
    expect(problems[0]?.message.zh).toMatch(/\p{Script=Han}/u)
  })
})
