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

describe('the words of all rooms', () => {
  const rooms = Object.entries(found).map(([file, module]) => [file, module.words] as const)

  test('are written once: what two rooms say is among those of all, which every room knows', () => {
    // A key with a dot is of a family that is asked for by its members' names (`axis.label`); those may repeat a word. And these
    // three are columns of the trends, named after them.
    const exempt = (key: string) => key.includes('.') || ['approved', 'rejected', 'escalated'].includes(key)
    const homes = new Map<string, string[]>()
    for (const [file, words] of rooms) {
      for (const [key, zh] of Object.entries(words.zh)) {
        const said = `${zh} ${words.en[key]}`
        if (!exempt(key)) homes.set(said, [...new Set([...(homes.get(said) ?? []), file])])
      }
    }
    expect([...homes].filter(([, files]) => files.length > 1)).toEqual([])
  })

  test('do not hide those of all under the same key', () => {
    const common = found['../../../renderer/base/i18n/words.ts']?.words.zh ?? {}
    const hidden = rooms.flatMap(([file, words]) =>
      words.zh === common
        ? []
        : Object.keys(words.zh)
            .filter(key => key in common)
            .map(key => [file, key]),
    )
    expect(hidden).toEqual([])
  })
})

test('there are words', () => {
  expect(Object.keys(found).length).toBeGreaterThan(5)
})
