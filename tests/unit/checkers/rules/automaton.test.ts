import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildAutomaton, noOccurrences, scan } from '../../../../electron/engine/checkers/rules/automaton.ts'
import { compileBooks } from '../../../../electron/engine/checkers/rules/compile.ts'
import { bookOf, everything } from './books.ts'

function occurrencesIn(words: readonly string[], text: string): string[] {
  const found = noOccurrences()
  const units = Uint16Array.from(text, (_, at) => text.charCodeAt(at))
  scan(buildAutomaton(words), units, 0, units.length, found)
  return Array.from({ length: found.size }, (_, at) => `${found.ends[at]} ${words[found.words[at] ?? -1]}`).sort()
}

const few = fc.constantFrom('最', '佳', '好', 'a', 'b')
const word = fc.array(few, { minLength: 1, maxLength: 5 }).map(parts => parts.join(''))

describe('an automaton', () => {
  test('finds every word wherever it ends, as looking for one after the other does', () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 40 }), fc.array(few, { maxLength: 80 }), (words, parts) => {
        const text = parts.join('')
        const naive = words.flatMap(each =>
          Array.from({ length: text.length }, (_, at) => at)
            .filter(at => text.startsWith(each, at))
            .map(at => `${at + each.length} ${each}`),
        )
        expect(occurrencesIn(words, text)).toEqual(naive.sort())
      }),
      { numRuns: 500 },
    )
  })

  test('has room for many words, of which each is found', () => {
    const words = Array.from({ length: 20_000 }, (_, at) =>
      String.fromCharCode(0x4e00 + (at % 7000), 0x4e00 + ((at * 31) % 5000), 0x4e00 + ((at * 17) % 3000)),
    )
    const distinct = [...new Set(words)]
    expect(occurrencesIn(distinct, distinct.join('\n'))).toHaveLength(distinct.length)
  })

  test('is found nothing by without words', () => {
    expect(occurrencesIn([], '最佳')).toEqual([])
  })
})

describe('a matcher', () => {
  const piece = fc.constantFrom(
    '最',
    '佳',
    '国',
    '家',
    '级',
    '國',
    ' ',
    '*',
    '，',
    '。',
    '\n',
    '1',
    '2',
    'a',
    'Ｂ',
    '\u200b',
    '😀',
  )
  const chosen = ['最佳', '国家级', '佳', '1家', 'a最', '级1', 'ab']

  test('finds what a slow reader finds, and at the same places', async () => {
    const matcher = await compileBooks([bookOf(...chosen.map(each => ({ words: [each] })))], everything)
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), parts => {
        const text = parts.join('')
        const found = matcher.find(text).hits.map(({ rule, range }) => `${rule.rule} ${range.join('-')}`)
        const expected = chosen.flatMap((each, index) =>
          slowly(each, text).map(range => `${index === 0 ? 'rule' : `rule-${index + 1}`} ${range.join('-')}`),
        )
        expect(found.sort()).toEqual(expected.sort())
      }),
      { numRuns: 500 },
    )
  })

  test('gives the disguised words back as they were written', async () => {
    const matcher = await compileBooks([bookOf({ words: ['国家级'] })], everything)
    const inserted = fc.array(fc.constantFrom(' ', '*', '\u200b', '·', '😀', '-', '\u0332'), { maxLength: 4 })
    fc.assert(
      fc.property(fc.string(), fc.string(), inserted, inserted, (before, after, one, other) => {
        const disguised = `國${one.join('')}家${other.join('')}级`
        const text = `${before}，${disguised}，${after}`
        const { hits } = matcher.find(text)
        expect(hits).toHaveLength(1)
        expect(hits[0]?.range).toEqual([before.length + 1, before.length + 1 + disguised.length])
        expect(hits[0]?.matched).toBe(disguised)
      }),
    )
  })
})

/** By regular expressions on the text as it is, each with its disguises; of overlapping places the longest, the first of equals. */
function slowly(word: string, text: string): [number, number][] {
  const forms: Record<string, string> = { 国: '[国國]', b: '[bＢ]' }
  const gap = (left: string, right: string) => {
    const [one, other] = [/\p{sc=Han}/u.test(left), /\p{sc=Han}/u.test(right)]
    const inserted = one && other ? '[ *😀\u200b]*' : one || other ? '[ \u200b]*' : '\u200b*'
    return inserted
  }
  const pattern = [...word].map(
    (each, at, all) => (at === 0 ? '' : gap(all[at - 1] ?? '', each)) + (forms[each] ?? each),
  )
  const places = Array.from({ length: text.length }, (_, at) => {
    const expression = new RegExp(pattern.join(''), 'uy')
    expression.lastIndex = at
    const match = expression.exec(text)
    return match === null ? [] : [[at, at + match[0].length] as [number, number]]
  }).flat()
  const whole = places.filter(([from, to]) => !goesOn(word, text, from, to))
  const kept: [number, number][] = []
  for (const place of whole) if ((kept.at(-1)?.[1] ?? 0) <= place[0]) kept.push(place)
  return kept
}

function goesOn(word: string, text: string, from: number, to: number): boolean {
  const kind = (character: string | undefined) =>
    character === undefined ? '' : /\p{Nd}/u.test(character) ? 'digit' : /[a-zＢ]/u.test(character) ? 'letter' : ''
  // What is not seen does not part what is beside it.
  const before = [...text.slice(0, from).replaceAll('\u200b', '')].at(-1)
  const after = [...text.slice(to).replaceAll('\u200b', '')][0]
  const [first, last] = [kind(word[0]), kind(word.at(-1))]
  return (first !== '' && kind(before) === first) || (last !== '' && kind(after) === last)
}
