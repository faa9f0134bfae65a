import { describe, expect, test } from 'vitest'

/** Every `words.ts` of the window; found by pattern, so that a new view is covered without a change here. */
const found = import.meta.glob<{ readonly words: Readonly<Record<'zh' | 'en', Readonly<Record<string, string>>>> }>(
  '../../../renderer/**/words.ts',
  { eager: true },
)

const placesOf = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? '').sort()

describe.each(Object.entries(found).map(([file, module]) => [file.replace('../../../', ''), module.words] as const))(
  'the words in %s',
  (_, words) => {
    test('are the same in both languages', () => {
      expect(Object.keys(words.en).sort()).toEqual(Object.keys(words.zh).sort())
    })

    test('have something to say, with the same values in it', () => {
      for (const key of Object.keys(words.zh)) {
        expect([key, words.zh[key]?.trim()]).not.toEqual([key, ''])
        expect([key, words.en[key]?.trim()]).not.toEqual([key, ''])
        expect([key, placesOf(words.en[key] ?? '')]).toEqual([key, placesOf(words.zh[key] ?? '')])
      }
    })

    test('never say “1 calls”: what counts things has a form for one, or puts the number behind them', () => {
      const plural = /\{\{\w+\}\} (?:\w+ )?(?:assets|attempts|calls|files|images|times)\b/
      const wrong = Object.entries(words.en).filter(([key, text]) => !key.endsWith('_other') && plural.test(text))
      expect(wrong).toEqual([])
    })

    test('never call anything safe', () => {
      for (const text of Object.values(words.en)) expect(text).not.toMatch(/\bsafe\b/i)
    })
  },
)

test('there are words', () => {
  expect(Object.keys(found).length).toBeGreaterThan(5)
})
