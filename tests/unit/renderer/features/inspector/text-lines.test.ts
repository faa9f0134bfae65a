import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineAt, linesOf, type Mark, segmentsOf } from '../../../../../renderer/features/inspector/text-lines.ts'

const someText = fc.string({ unit: fc.constantFrom('a', '红', '\n', '\t', '😀', '\r\n', ' '), maxLength: 300 })

describe('a text in the inspector', () => {
  test('shows every character once, in order', () => {
    fc.assert(
      fc.property(someText, fc.integer({ min: 8, max: 80 }), (text, width) => {
        const shown = linesOf(text, width).map(line => text.slice(line.start, line.end))
        expect(shown.join('')).toBe(text.replaceAll(/\r?\n/g, ''))
      }),
    )
  })

  test('numbers the lines of the file, not those of the view', () => {
    fc.assert(
      fc.property(someText, fc.integer({ min: 8, max: 80 }), (text, width) => {
        const numbers = linesOf(text, width).flatMap(line => (line.number === null ? [] : [line.number]))
        expect(numbers).toEqual(text.split('\n').map((_, at) => at + 1))
      }),
    )
  })

  test('never cuts a character in two', () => {
    for (const line of linesOf('😀'.repeat(100), 9)) expect((line.end - line.start) % 2).toBe(0)
  })

  test('has the marked passage marked, exactly, across the lines it runs over', () => {
    fc.assert(
      fc.property(someText, fc.nat(300), fc.nat(300), (text, a, b) => {
        const range = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)] as const
        const mark: Mark = { of: 'check', range, verdict: 'risky', part: 0 }
        const marked = linesOf(text, 20)
          .flatMap(line => segmentsOf(text, line, [mark]))
          .filter(piece => piece.mark !== null)
          .map(piece => piece.text)
          .join('')
        // A carriage return at the end of a line is not shown, marked or not.
        expect(marked.replaceAll('\r', '')).toBe(text.slice(...range).replaceAll(/[\r\n]/g, ''))
      }),
    )
  })

  test('finds the line of an offset', () => {
    const lines = linesOf('one\ntwo\nthree', 80)
    expect(lineAt(lines, 0)).toBe(0)
    expect(lineAt(lines, 5)).toBe(1)
    expect(lineAt(lines, 13)).toBe(2)
  })
})
