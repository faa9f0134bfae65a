import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSearchReader, grams, phrasesOf } from '../../../electron/engine/store/sqlite/search.ts'
import { indexAll, openLedger, screened } from '../ledger/fixture.ts'

async function indexOf(...texts: readonly string[]) {
  const ledger = openLedger()
  const batch = await screened(
    ledger,
    texts.map((text, index) => ({ path: `folder/file-${index}.txt`, text, verdict: index === 0 ? 'risky' : 'pass' })),
  )
  const reader = createSearchReader(ledger.database.raw)
  return {
    ledger,
    batch,
    find: (query: string) => {
      indexAll(ledger)
      return reader
        .newest(query, 100)
        .map(id => batch.assets.indexOf(id))
        .sort()
    },
  }
}

test('Chinese words of any length are found, two characters included', async () => {
  const { find } = await indexOf('双十一限时特惠,全场五折', '国庆限时活动', '新品上市')
  expect(find('限时')).toEqual([0, 1])
  expect(find('限时特惠')).toEqual([0])
  expect(find('时特')).toEqual([0])
  expect(find('特')).toEqual([0])
  expect(find('市')).toEqual([2])
  expect(find('特时')).toEqual([])
  expect(find('双十一 五折')).toEqual([0])
})

test('any two neighbouring characters of a text find it', async () => {
  const han = fc.string({
    unit: fc.constantFrom(...'限时特惠全场五折新品上市abc 12，。😀'),
    minLength: 2,
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(han, { minLength: 1, maxLength: 5 }), fc.nat(), async (texts, seed) => {
      const { find } = await indexOf(...texts)
      const which = seed % texts.length
      const pairs = Array.from(texts[which]!.matchAll(/(?=(\p{Script=Han}{2}))/gu), match => match[1]!)
      for (const pair of pairs) {
        const expected = texts.flatMap((text, index) => (text.includes(pair) ? [index] : []))
        expect(find(pair)).toEqual(expected)
      }
    }),
    { numRuns: 15 },
  )
})

describe('a search', () => {
  test('finds paths by the beginnings of their words, whatever the case and the width', async () => {
    const { find } = await indexOf('x', 'ＡＢＣ 广告')
    expect(find('FOLD')).toEqual([0, 1])
    expect(find('file-1')).toEqual([1])
    expect(find('abc广告')).toEqual([1])
  })

  test('finds labels in both languages and by number, notes, request ids, and words in different fields', async () => {
    const { find, ledger, batch } = await indexOf('甲乙', '丙丁')
    expect(find('色情')).toEqual([0])
    expect(find('pornography')).toEqual([0])
    expect(find('20002')).toEqual([0])
    expect(find(`rid-${batch.id}-1`)).toEqual([1])
    expect(find('file 丙丁')).toEqual([0, 1].filter(index => index === 1))
    const noted = batch.assets[1]!
    const note = (text: string | null) =>
      ledger.database.commit(() =>
        ledger.commands.review('act', 'Lin', 'note', [{ asset: noted, decision: null, reason: null, note: text }]),
      )
    await note('等法务确认')
    expect(find('法务')).toEqual([1])
    await note(null)
    expect(find('法务')).toEqual([])
  })

  test('stays within its batch in the grid', async () => {
    const { ledger, batch } = await indexOf('限时特惠')
    await screened(ledger, [{ path: 'other.txt', text: '限时特惠', verdict: 'pass' }])
    indexAll(ledger)
    expect([...ledger.queries.search(batch.id, '特惠')]).toEqual(batch.assets)
  })

  test('takes whatever a person types', async () => {
    const { find } = await indexOf('限时特惠')
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 20 }), query => Array.isArray(find(query))))
    for (const query of ['"', '*', 'AND', 'a OR b', "'; DROP TABLE search", '限时"特惠', '^', 'grams:限时'])
      expect(Array.isArray(find(query))).toBe(true)
    expect(phrasesOf('"*^:()')).toEqual([])
  })
})

test('what is queued is indexed in portions, and each portion is done once', async () => {
  const ledger = openLedger()
  await screened(ledger, [
    { path: 'a.txt', text: '限时', verdict: 'pass' },
    { path: 'b.txt', text: '特惠', verdict: 'pass' },
  ])
  expect(ledger.queries.hasUnindexed()).toBe(true)
  const taken: number[] = []
  while (ledger.queries.hasUnindexed()) taken.push(await ledger.database.commit(() => ledger.commands.index(3)))
  expect(taken.slice(0, -1).every(count => count === 3)).toBe(true)
  expect(await ledger.database.commit(() => ledger.commands.index(3))).toBe(0)
  expect(createSearchReader(ledger.database.raw).newest('特惠', 10)).toHaveLength(1)
})

test('nothing of a text is kept in the index that is not a pair of its characters or a word', () => {
  expect(grams('违规词abc,你')).toBe('违规 规词 词 abc 你')
})
