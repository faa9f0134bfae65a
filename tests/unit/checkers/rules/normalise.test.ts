import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  normalise,
  normaliseText,
  originalRange,
  viewText,
} from '../../../../electron/engine/checkers/rules/normalise.ts'
import { hasSeam, squeeze, squeezedPlace } from '../../../../electron/engine/checkers/rules/squeeze.ts'

/** Whatever may stand in a file: halves of pairs, marks, zero-width characters, both directions, emoji, compatibility characters. */
const odd = fc.constantFrom(
  ...[
    '\ud800',
    '\udc00',
    '\u0301',
    '\u200b',
    '\ufe0f',
    '\u202e',
    '\u2067',
    '😀',
    '👨\u200d👩\u200d👧',
    '①',
    '㎡',
    'ﷺ',
    'Ａ',
    '國',
  ],
  ...[
    'ｶ',
    'ﾞ',
    '한',
    '\u1112\u1161\u11ab',
    'e\u0301',
    'ſ',
    'ß',
    'İ',
    '\u0000',
    '\n',
    '。',
    ' ',
    '*',
    '1',
    'שלום',
    'العربية',
    '𠮷',
    '\u{2f81a}',
  ],
)
const text = fc
  .array(fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('最', '佳')), { maxLength: 40 })
  .map(parts => parts.join(''))

describe('normalising', () => {
  test.each([
    ['ＮＯ．１', 'no.1'],
    ['國家級', '国家级'],
    ['最\u200b佳\u2060', '最佳'],
    ['①㎡', '1m2'],
    ['e\u0301', 'é'],
    ['Straße ſ', 'strasse s'],
    ['ｶﾞ', 'ガ'],
    ['\u1112\u1161\u11ab', '한'],
    ['\u{2f81a}', '冬'],
  ])('makes %j into %j', (written, seen) => {
    expect(normaliseText(written)).toBe(seen)
  })

  test('says of each unit what it was made of, in order and without gaps that would be seen', () => {
    fc.assert(
      fc.property(text, given => {
        const view = normalise(given)
        let end = 0
        for (let at = 0; at < view.units.length; at++) {
          const range = originalRange(view, at, at + 1)
          const isShared = at > 0 && view.starts[at] === view.starts[at - 1]
          if (isShared) {
            expect(range).toEqual(originalRange(view, at - 1, at))
            continue
          }
          expect(range[0]).toBeGreaterThanOrEqual(end)
          // What is between two characters of the view is nothing that is seen.
          expect(normaliseText(given.slice(end, range[0]).replace(/\p{M}/gu, ''))).toBe('')
          end = range[1]
        }
        expect(end).toBeLessThanOrEqual(given.length)
      }),
      { numRuns: 500 },
    )
  })

  test('makes of the place of a unit, taken alone, what stands there', () => {
    fc.assert(
      fc.property(text, given => {
        const view = normalise(given)
        for (let at = 0; at < view.units.length; ) {
          let end = at + 1
          while (end < view.units.length && view.starts[end] === view.starts[at]) end += 1
          const [from, to] = originalRange(view, at, end)
          const seen = viewText({ ...view, units: view.units.subarray(at, end) })
          expect(normaliseText(given.slice(from, to))).toBe(seen)
          at = end
        }
      }),
      { numRuns: 500 },
    )
  })

  test('maps what is squeezed as what is not', () => {
    fc.assert(
      fc.property(text, given => {
        const view = normalise(given)
        const squeezed = squeeze(view)
        if (squeezed === null) return
        const kept = new Map(Array.from(squeezed.starts, (start, at) => [`${start} ${squeezed.units[at]}`, at]))
        expect(squeezed.units.length).toBeLessThan(view.units.length)
        for (let at = 0; at < view.units.length; at++) {
          const place = squeezedPlace(squeezed, at)
          if (kept.has(`${view.starts[at]} ${view.units[at]}`) && view.lengths[at] === 1) {
            expect(squeezed.starts[place]).toBe(view.starts[at])
          }
        }
        for (let at = 1; at < squeezed.units.length; at++) {
          expect(hasSeam(squeezed, at - 1, at + 1)).toBe(squeezed.seams.includes(at))
        }
      }),
      { numRuns: 300 },
    )
  })
})
