import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { displayWidth, padEnd, printable, printableJson, table } from '../../../electron/cli/terminal.ts'
import { languageOf } from '../../../electron/cli/words.ts'

const steering = /[\p{Cc}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u
const anything = fc.string({ unit: 'binary', maxLength: 60 })

describe('what is shown', () => {
  test('never holds a character that steers a terminal or turns a line round', () => {
    fc.assert(
      fc.property(anything, text => {
        expect(printable(text)).not.toMatch(steering)
      }),
    )
    expect(printable('a\u{1b}[31mb\u{1b}]0;title\u{7}\u{9b}2J\nc\u{202e}d')).not.toMatch(steering)
  })

  test('leaves ordinary names as they are', () => {
    for (const name of ['海报/主图 1.png', 'été.txt', '日本語🎉.jpg', 'a-b_c (2).md'])
      expect(printable(name)).toBe(name)
  })

  test('as JSON reads back as the same value, and steers no terminal either', () => {
    fc.assert(
      fc.property(anything, fc.integer(), (text, n) => {
        const json = printableJson({ text, n, [text]: [text] })
        expect(json).not.toMatch(steering)
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ text, n, [text]: [text] })))
      }),
    )
  })

  test('lines up in columns, Chinese or not', () => {
    expect(displayWidth('海报a')).toBe(5)
    expect(padEnd('海', 4)).toBe('海  ')
    const lines = table([
      ['海报', 'x'],
      ['ab', 'y'],
    ]).split('\n')
    expect(lines.map(line => displayWidth(line))).toEqual([7, 7])
  })
})

describe('the language', () => {
  test.each([
    ['zh', { LANG: 'en_US.UTF-8' }, 'zh'],
    ['en', { LANG: 'zh_CN.UTF-8' }, 'en'],
    [undefined, { LANG: 'zh_TW.UTF-8' }, 'zh'],
    [undefined, { LANG: 'C.UTF-8' }, 'en'],
    [undefined, { LC_ALL: 'zh_CN', LANG: 'en_US' }, 'zh'],
  ])('with --lang %s and %j is %s', (flag, env, language) => {
    expect(languageOf(flag, env)).toBe(language)
  })
})
