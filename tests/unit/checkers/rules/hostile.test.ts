import { describe, expect, test } from 'vitest'
import { compileBooks } from '../../../../electron/engine/checkers/rules/compile.ts'
import { readBook } from '../../../../electron/engine/checkers/rules/read-book.ts'
import { bookOf, everything } from './books.ts'

const head =
  'format: 1\nbook: house\ntitle: 词\nlists:\n  - id: words\n    title: 词\n    severity: notice\n    entries:\n'

describe('a hostile book', () => {
  test.each([
    ['is nested a hundred thousand levels deep', '['.repeat(100_000)],
    ['is nested deep within a field that is not known', `format: 1\nbook: a\ntitle: a\nx: ${'{a: '.repeat(20_000)}`],
    [
      'multiplies itself by aliases',
      `format: 1\nbook: a\ntitle: a\na: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi']
        .map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}]`)
        .join('\n')}\n`,
    ],
    ['is larger than 5 MB', `${head}${'# \n'.repeat(2_000_000)}`],
    ['is not UTF-8', Buffer.from([0xff, 0xfe, 0x41, 0x00])],
    ['is null', 'null\n'],
    ['is a number', '1\n'],
    ['is a list', '- format: 1\n'],
    ['has a list for a text', 'format: 1\nbook: [a]\ntitle: {zh: [b]}\nrules: 1\nlists: {a: 1}\n'],
    [
      'names the prototype',
      'format: 1\nbook: a\ntitle: a\n__proto__: {x: 1}\nconstructor: 1\nsources: {__proto__: {name: x}}\n',
    ],
  ])('that %s is refused with a sentence', (_, bytes) => {
    const { book, problems } = readBook(bytes)
    expect(book).toBeNull()
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThanOrEqual(101)
    for (const { message } of problems) expect(message.zh.length * message.en.length).toBeGreaterThan(0)
  })

  test('with more faults than anybody reads names a hundred, and how many more there are', () => {
    const { book, problems } = readBook(`${head}${'      - {wrod: 甲}\n'.repeat(500)}`)
    expect(book).toBeNull()
    expect(problems).toHaveLength(101)
    expect(problems.at(-1)?.message.en).toMatch(/^400 more problems|^\d+ more problems/)
  })

  test('with more than 100,000 words is refused', () => {
    const words = Array.from({ length: 100_001 }, (_, at) => `      - w${at.toString(36)}\n`).join('')
    const { book, problems } = readBook(`${head}${words}`)
    expect(book).toBeNull()
    expect(problems.map(({ message }) => message.en)).toEqual([
      'The book has 100001 words and patterns; at most 100000 are allowed. Split it into several.',
    ])
  })
})

describe('a hostile text', () => {
  const rules = [
    { words: ['最佳', '国家级', '最最最最最最最'], except: ['最佳赏味期'] },
    { patterns: ['(?:最|顶)[^。]{0,40}(?:佳|级)', '[0-9]+(?:天|日)[^。\\n]*见效'] },
    { patterns: ['(?:最+)+佳', '(?:最?){1,30}最{20}佳'], variants: [] },
  ]

  test.each([
    ['of one word', '最'.repeat(50_000)],
    ['of a word and symbols', '最*'.repeat(30_000)],
    ['of marks', `a${'\u0301'.repeat(100_000)}`],
    ['of halves of characters', '\ud83d'.repeat(100_000)],
    ['of characters that are not seen', '\u200b'.repeat(100_000)],
    ['of emoji', '👨\u200d👩\u200d👧最'.repeat(5_000)],
    ['from right to left', 'שלום\u202e最佳\u202c'.repeat(10_000)],
    ['of ligatures of eighteen letters', 'ﷺ'.repeat(20_000)],
    ['of line ends', '\n'.repeat(100_000)],
    ['of digits', '1'.repeat(100_000)],
    ['of hits', '最佳。'.repeat(20_000)],
  ])('%s is read to its end', async (_, text) => {
    const matcher = await compileBooks([bookOf(...rules)], everything)
    const { hits, more } = matcher.find(`${text}\n，国家级`)
    expect(hits.length).toBeLessThanOrEqual(1000)
    expect(more).toBeGreaterThanOrEqual(0)
    for (const { range, matched } of hits) expect(matched).toBe(`${text}\n，国家级`.slice(...range))
    // What is kept of many is what comes first.
    if (more === 0) expect(hits.at(-1)?.matched).toBe('国家级')
  })
})
