import { describe, expect, test } from 'vitest'
import {
  firstDifference,
  indentAfter,
  lineAt,
  lineOf,
  lineStarts,
  pageAround,
  withPage,
} from '../../../../../renderer/features/rules/lines.ts'

test('a text is known by its lines', () => {
  const text = 'a\nbc\n\nd'
  const starts = lineStarts(text)
  expect(starts).toEqual([0, 2, 5, 6])
  expect([1, 2, 3, 4, 5].map(line => lineOf(text, starts, line))).toEqual(['a', 'bc', '', 'd', ''])
  expect([0, 1, 2, 4, 5, 6, 7].map(offset => lineAt(starts, offset))).toEqual([1, 1, 2, 2, 3, 4, 4])
})

test('two texts differ from a line on', () => {
  expect(firstDifference('a\nb\nc', 'a\nB\nc')).toBe(2)
  expect(firstDifference('a', 'a\n')).toBe(1)
  expect(firstDifference('same', 'same')).toBeNull()
})

test('a new line begins under the one before, and further in behind a colon or a dash', () => {
  const at = (text: string) => indentAfter(text, text.length)
  expect(at('rules:')).toBe('  ')
  expect(at('  - id: a')).toBe('    ')
  expect(at('    words: [x]')).toBe('    ')
  expect(at('format: 1')).toBe('')
})

describe('a page of a long text', () => {
  const text = Array.from({ length: 10_000 }, (_, at) => `line ${at + 1}`).join('\n')
  const starts = lineStarts(text)

  test('is all of it where the text is short', () => {
    expect(pageAround(5, [0, 2], 1)).toEqual({ from: 0, behind: 0 })
  })

  test('has the line that is wanted, and puts what was typed back where it stood', () => {
    for (const line of [1, 2000, 2001, 5555, 10_000]) {
      const page = pageAround(text.length, starts, line)
      const inField = text.slice(page.from, text.length - page.behind)
      expect(inField.split('\n')).toContain(`line ${line}`)
      expect(inField.split('\n')).toHaveLength(2000)
      expect(withPage(text, page, inField)).toBe(text)
      expect(withPage(text, page, 'x')).toBe(text.replace(inField, 'x'))
    }
  })
})
