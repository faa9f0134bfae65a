import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NamedPlace, passageOf } from '../../../electron/engine/store/passage.ts'
import type { Passage } from '../../../shared/screening.ts'

const text = '第一行没有什么\n第二行说稳赚不赔，日入三千\n第三行加微信'
const at = (word: string, changes: Partial<NamedPlace> = {}): NamedPlace => {
  const start = text.indexOf(word)
  return { range: [start, start + word.length], tone: 'notice', isPart: false, line: null, kept: null, ...changes }
}
const marked = (passage: Passage | null) => passage?.marks.map(({ range }) => passage.text.slice(...range))

describe('the passage of a text', () => {
  test('begins with the line of the worst, which is marked with what else is in view', () => {
    const passage = passageOf([at('加微信'), at('稳赚不赔', { tone: 'forbidden' })], text)
    expect(passage).toMatchObject({ text: text.slice(text.indexOf('第二行')), isCut: false, line: 2 })
    expect(marked(passage)).toEqual(['稳赚不赔', '加微信'])
  })

  test('beyond what is at hand is what was kept of it, and nowhere else is taken for it', () => {
    const kept = { before: '第二行说', matched: '稳赚不赔', after: '，日入' }
    const far = at('稳赚不赔', { kept, line: 12 })
    expect(passageOf([far], text.slice(0, 10))).toEqual({
      text: '第二行说稳赚不赔，日入',
      isCut: true,
      line: 12,
      marks: [{ range: [4, 8], tone: 'notice' }],
    })
    expect(passageOf([at('稳赚不赔')], text.slice(0, 10))).toBeNull()
    expect(passageOf([at('稳赚不赔', { kept: { ...kept, matched: '稳赚' } })], text.slice(0, 10))).toBeNull()
  })

  test('of a call’s whole part is its beginning, and words that were named are not drowned in it', () => {
    const part = at('第二行说稳赚不赔，日入三千', { tone: 'risky', isPart: true })
    expect(marked(passageOf([part, at('加微信')], text))).toEqual(['第二行说稳赚不赔，日入三千'])
    const word = at('稳赚不赔', { tone: 'risky' })
    expect(marked(passageOf([part, word], text))).toEqual(['稳赚不赔'])
  })

  test('is nothing where nothing was named', () => {
    expect(passageOf([], text)).toBeNull()
  })

  test('is short, marks what was named and nothing else, and cuts no character in two', () => {
    const somePlace = fc.record({
      start: fc.nat(3000),
      length: fc.integer({ min: 1, max: 40 }),
      tone: fc.constantFrom('notice', 'evidence', 'forbidden', 'review', 'risky' as const),
    })
    const letters = Array.from({ length: 3200 }, (_, index) =>
      index % 90 === 0 ? '\n' : ('好坏a𠮷'.split('')[index % 5] ?? 'b'),
    ).join('')
    fc.assert(
      fc.property(fc.array(somePlace, { minLength: 1 }), places => {
        const named = places.map(({ start, length, tone }) => ({
          range: [start, start + length] as const,
          tone,
          isPart: false,
          line: null,
          kept: null,
        }))
        const passage = passageOf(named, letters)
        expect(passage?.text.length).toBeLessThanOrEqual(480)
        expect(passage?.marks.length).toBeGreaterThan(0)
        const words = named.map(({ range }) => letters.slice(...range))
        for (const word of marked(passage) ?? [])
          expect(words.some(each => each.includes(word.replaceAll('\ufffd', '')))).toBe(true)
      }),
    )
  })
})
