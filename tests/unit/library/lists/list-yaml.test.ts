import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBook } from '../../../../electron/engine/checkers/rules/read-book.ts'
import { listBook } from '../../../../electron/engine/library/lists/list-yaml.ts'
import { bookLimits } from '../../../../shared/rules.ts'

const plain = {
  variants: [],
  exceptions: [],
  note: null,
  suggestion: null,
  severity: null,
  owner: null,
  until: null,
} as const

test('Whatever stands in a table is in the book as it stood there', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map(text => `词${text}词`)
  const entry = fc.record({ word: value, note: value, suggestion: value, owner: value })
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, {
        minLength: 1,
        maxLength: 8,
        selector: each => each.word.normalize('NFKC').toLowerCase(),
      }),
      entries => {
        const yaml = listBook(
          'brand',
          '品牌: "用词" #1',
          entries.map(each => ({ ...plain, ...each })),
        )
        const { book, problems } = readBook(yaml)
        expect(problems.filter(({ level }) => level === 'error')).toEqual([])
        const read = book?.rules.map(({ words, text }) => [words[0], text.why?.zh, text.suggestion?.zh, text.owner])
        const kept = entries.filter(each => read?.some(([word]) => word === each.word))
        expect(read).toEqual(kept.map(({ word, note, suggestion, owner }) => [word, note, suggestion, owner]))
        expect(book?.title.zh).toBe('品牌: "用词" #1')
      },
    ),
    { numRuns: 200 },
  )
})

test.each([
  'yes',
  'null',
  '~',
  '1',
  '- a',
  '{a: b}',
  '[a',
  '#a',
  'a: b',
  '"',
  "'",
  '!tag',
  '&a',
  '*a',
  '%a',
  '@a',
  '`',
  '| a',
  '> a',
  '2026-11-30',
  '词\u200b语',
  '词\u2028语',
  '\\',
  '0x1F',
  'a\tb',
])('A word that YAML would take for something else is a word: %j', word => {
  const { book } = readBook(
    listBook('brand', 'x', [
      { ...plain, word: `${word}词` },
      { ...plain, word: `${word} 词` },
    ]),
  )
  expect(book?.rules[0]?.words[0]).toBe(`${word}词`)
  const { book: alone } = readBook(listBook('brand', 'x', [{ ...plain, word }]))
  expect(alone === null || alone.rules[0]?.words[0] === word).toBe(true)
})

test.each(['brand', 'true', 'null', '2026', '1e5', '0x1f', 'a-1'])('The id %s is one', id => {
  expect(readBook(listBook(id, 'x', [{ ...plain, word: '国家级' }])).book?.id).toBe(id)
})

test('An entry is a line that somebody can go on editing', () => {
  const yaml = listBook('brand', '品牌', [
    {
      word: '亲',
      variants: ['亲亲'],
      exceptions: ['亲子', '父亲'],
      note: '不用',
      suggestion: '您',
      severity: 'notice',
      owner: '品牌部',
      until: '2027-01-01',
    },
  ])
  expect(yaml.split('\n').at(-2)).toBe(
    '    - {word: "亲", variants: ["亲亲"], except: ["亲子", "父亲"], note: "不用", suggest: "您", severity: notice, owner: "品牌部", until: "2027-01-01"}',
  )
  const { book } = readBook(yaml)
  expect(book?.rules[0]?.text).toMatchObject({ severity: 'notice', owner: '品牌部', inForce: { until: '2027-01-01' } })
})

test('A hundred thousand words with the severity of their list fit in a book', () => {
  const words = Array.from({ length: 100_000 }, (_, at) => {
    const digits = String(at).padStart(5, '0')
    return [...digits, '词', '语', '库']
      .map(each => (/\d/.test(each) ? '零一二三四五六七八九'[Number(each)] : each))
      .join('')
  })
  const yaml = listBook(
    'brand',
    '品牌',
    words.map(word => ({ ...plain, word, severity: 'forbidden' as const })),
  )
  expect(yaml).not.toContain('{')
  expect(Buffer.byteLength(yaml)).toBeLessThan(bookLimits.bytes)
})
