import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Mark, passagesOf } from '../../../electron/engine/reports/passages.ts'

const texts = fc.string({ unit: fc.constantFrom('春', '茶', 'a', '😀', '\n'), minLength: 1, maxLength: 400 })
const marksIn = (places: readonly number[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...places), fc.constantFrom(...places)), { maxLength: 6 })
    .map(pairs =>
      pairs.map(
        ([a, b], index): Mark => ({ range: [Math.min(a, b), Math.max(a, b)], kind: 'forbidden', number: index + 1 }),
      ),
    )
/** Where characters begin and end. */
const borders = (text: string) => {
  let at = 0
  return [0, ...Array.from(text, each => (at += each.length))]
}
const cases = texts.chain(text => fc.tuple(fc.constant(text), marksIn(borders(text))))
const torn = texts.chain(text =>
  fc.tuple(fc.constant(text), marksIn(Array.from({ length: text.length + 1 }, (_, at) => at))),
)

test('a text that fits is shown whole, with every mark over its own words', () => {
  fc.assert(
    fc.property(cases, ([text, marks]) => {
      const runs = passagesOf(text, marks, 400)
      expect(runs.map(run => run.text).join('')).toBe(text)
      let at = 0
      for (const { text: words, mark } of runs) {
        const covering = marks.filter(
          ({ range }) => range[0] <= at && at + words.length <= range[1] && range[0] < range[1],
        )
        const narrowest = Math.min(...covering.map(({ range }) => range[1] - range[0]))
        expect(mark === null ? [] : [mark.range[1] - mark.range[0]]).toEqual(covering.length === 0 ? [] : [narrowest])
        at += words.length
      }
    }),
  )
})

test('of a long text no more is shown than was asked for, in its order, and no character is torn', () => {
  fc.assert(
    fc.property(torn, ([text, marks]) => {
      const runs = passagesOf(text, marks, 60)
      const words = runs.map(run => run.text).filter(each => each !== '…')
      // A passage may end one unit later, so as not to tear a character.
      expect(words.join('').length).toBeLessThanOrEqual(60 + runs.length - words.length + 1)
      let from = 0
      for (const each of words) {
        const at = text.indexOf(each, from)
        expect(at).toBeGreaterThanOrEqual(0)
        from = at
      }
      expect(runs.every(run => run.text.isWellFormed())).toBe(true)
    }),
  )
})

test('the words that were hit are shown wherever they stand', () => {
  const text = `${'前'.repeat(5_000)}最佳${'中'.repeat(5_000)}第一${'后'.repeat(5_000)}`
  const marks = [5_000, 10_002].map(
    (start, index): Mark => ({ range: [start, start + 2], kind: 'evidence', number: index + 1 }),
  )
  const shown = passagesOf(text, [{ range: [0, text.length], kind: 'risky', number: 3 }, ...marks], 300)
  const marked = shown.filter(run => run.mark?.kind === 'evidence')
  expect(marked.map(({ text: words, starts }) => [words, starts])).toEqual([
    ['最佳', [1]],
    ['第一', [2]],
  ])
})
