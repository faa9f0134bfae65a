import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitsOf } from '../../../../../renderer/state/grid/bits.ts'
import {
  countOf,
  everything,
  type Filter,
  facetsOf,
  filterFromText,
  filterToText,
  flagNames,
  matching,
  ruleKey,
  ruleOfKey,
  toggled,
} from '../../../../../renderer/state/grid/filter.ts'
import { sorted, sortKeys } from '../../../../../renderer/state/grid/sort.ts'
import { tableFrom } from '../../../../../renderer/state/grid/table.ts'
import { failureCodes } from '../../../../../shared/failures.ts'
import { gridDecisions, gridFlags, gridKinds, gridOutcomes, gridRules } from '../../../../../shared/grid.ts'
import { columnsOf, someAsset } from './columns.ts'

const nothingLookedUp = { hits: null, ruled: null }
const folders = ['', 'shop', 'shop/summer', 'shopping']

const someFilter: fc.Arbitrary<Filter> = fc.record({
  outcome: fc.subarray([...gridOutcomes]),
  decision: fc.subarray([...gridDecisions]),
  kind: fc.subarray([...gridKinds]),
  label: fc.subarray([20001, 20002, 21000]),
  folder: fc.subarray(folders),
  reason: fc.subarray(failureCodes.slice(0, 5)),
  flag: fc.subarray([...flagNames]),
  finding: fc.subarray([...gridRules]),
  rule: fc.subarray(['cn-advertising/absolute-best', 'house/banned/亲']),
  query: fc.string({ maxLength: 20 }),
  like: fc.constant(null),
})

describe('the filter', () => {
  test('inside one axis any value will do, and all axes must hold', () => {
    fc.assert(
      fc.property(fc.array(someAsset, { maxLength: 60 }), someFilter, (assets, filter) => {
        const shown = matching(tableFrom(columnsOf(assets, folders)), filter, nothingLookedUp)
        const one = <Value>(wanted: readonly Value[], value: Value | undefined) =>
          wanted.length === 0 || (value !== undefined && wanted.includes(value))
        const expected = assets.flatMap((asset, at) => {
          const folder = folders[asset.folder] ?? ''
          const holds =
            one(filter.outcome, gridOutcomes[asset.outcome]) &&
            one(filter.decision, gridDecisions[asset.decision]) &&
            one(filter.kind, gridKinds[asset.kind]) &&
            one(filter.label, asset.label) &&
            one(filter.finding, gridRules[asset.rules]) &&
            one(filter.reason, failureCodes[asset.reason - 1]) &&
            (filter.flag.length === 0 || filter.flag.some(flag => (asset.flags & gridFlags[flag]) !== 0)) &&
            (filter.folder.length === 0 ||
              filter.folder.some(top => top === '' || folder === top || folder.startsWith(`${top}/`)))
          return holds ? [at] : []
        })
        expect(Array.from(shown)).toEqual(expected)
      }),
    )
  })

  test('a folder means what is below it, not what merely begins with its name', () => {
    const table = tableFrom(columnsOf([{ folder: 1 }, { folder: 2 }, { folder: 3 }], folders))
    expect(Array.from(matching(table, { ...everything, folder: ['shop'] }, nothingLookedUp))).toEqual([0, 1])
  })

  test('a search holds together with the axes', () => {
    const table = tableFrom(columnsOf([{ outcome: 6 }, { outcome: 2 }, { outcome: 6 }]))
    expect(
      Array.from(matching(table, { ...everything, outcome: ['risky'] }, { hits: bitsOf([1, 2]), ruled: null })),
    ).toEqual([2])
  })

  test('a rule holds together with the axes and the search', () => {
    const table = tableFrom(columnsOf([{ rules: 4 }, { rules: 4 }, { rules: 1 }]))
    const filter: Filter = { ...everything, finding: ['forbidden'], rule: ['cn-advertising/absolute-best'] }
    expect(Array.from(matching(table, filter, { hits: null, ruled: bitsOf([1, 2]) }))).toEqual([1])
    expect(Array.from(matching(table, filter, { hits: bitsOf([0]), ruled: bitsOf([1, 2]) }))).toEqual([])
  })

  test('a rule is told from its book at the first slash, for a list has rules with more of them', () => {
    const rule = { book: 'house', rule: 'banned/a/b' }
    expect(ruleOfKey(ruleKey(rule))).toEqual(rule)
    expect(filterFromText('rule=nonsense&rule=house/banned')).toEqual({ ...everything, rule: ['house/banned'] })
  })

  test('as text it comes back as it was, so that saved views and exports mean the same', () => {
    fc.assert(
      fc.property(someFilter, filter => {
        expect(filterFromText(filterToText(filter))).toEqual(filter)
      }),
    )
  })

  test('a saved view from another version keeps what is known and drops the rest', () => {
    expect(filterFromText('outcome=risky&outcome=melted&mood=blue&label=x')).toEqual({
      ...everything,
      outcome: ['risky'],
    })
  })

  test('toggling a value twice changes nothing', () => {
    expect(toggled(toggled(everything, 'outcome', 'risky'), 'outcome', 'risky')).toEqual(everything)
  })

  test('its counts add up to the assets there are', () => {
    fc.assert(
      fc.property(fc.array(someAsset, { maxLength: 60 }), assets => {
        const facets = facetsOf(tableFrom(columnsOf(assets, folders)))
        const sum = (counts: Iterable<number>) => [...counts].reduce((all, count) => all + count, 0)
        for (const axis of [facets.outcome, facets.decision, facets.kind, facets.finding])
          expect(sum(Object.values(axis))).toBe(assets.length)
        expect(sum(facets.folder.values())).toBe(assets.length)
        expect(facets.flag.split).toBe(assets.filter(asset => (asset.flags & gridFlags.split) !== 0).length)
      }),
    )
  })
})

describe('the order', () => {
  test('has every asset once, whatever it is by', () => {
    fc.assert(
      fc.property(
        fc.array(someAsset, { maxLength: 80 }),
        fc.constantFrom(...sortKeys),
        fc.boolean(),
        (assets, by, reversed) => {
          const table = tableFrom(columnsOf(assets, folders))
          const order = sorted(table, Uint32Array.from(assets.keys()), { by, reversed })
          expect([...order].sort((a, b) => a - b)).toEqual([...assets.keys()])
        },
      ),
    )
  })

  test('by risk is the most urgent first, and the surest of those', () => {
    fc.assert(
      fc.property(fc.array(someAsset, { minLength: 1, maxLength: 80 }), assets => {
        const order = sorted(tableFrom(columnsOf(assets, folders)), Uint32Array.from(assets.keys()), {
          by: 'risk',
          reversed: false,
        })
        const rank = (position: number) => {
          const asset = assets[position]
          return asset === undefined ? 0 : asset.outcome * 1000 + (asset.score === 255 ? 0 : asset.score + 1)
        }
        for (let at = 1; at < order.length; at += 1) {
          const [before = 0, after = 0] = [order[at - 1], order[at]]
          expect(rank(before)).toBeGreaterThanOrEqual(rank(after))
          // Equal ones stay as they were found, so that nothing jumps.
          if (rank(before) === rank(after)) expect(before).toBeLessThan(after)
        }
      }),
    )
  })

  test('by path follows the paths, by time has the latest first', () => {
    const table = tableFrom(
      columnsOf([
        { pathRank: 2, screenedAt: 10 },
        { pathRank: 0, screenedAt: 4_000_000_000 },
        { pathRank: 1, screenedAt: 0 },
      ]),
    )
    const all = Uint32Array.of(0, 1, 2)
    expect(Array.from(sorted(table, all, { by: 'path', reversed: false }))).toEqual([1, 2, 0])
    expect(Array.from(sorted(table, all, { by: 'path', reversed: true }))).toEqual([0, 2, 1])
    expect(Array.from(sorted(table, all, { by: 'time', reversed: false }))).toEqual([1, 0, 2])
  })
})

test('a view is counted here unless it has words or rules, which the main process looks up', () => {
  const table = tableFrom(columnsOf([{ outcome: 6 }, { outcome: 6, decision: 1 }, { outcome: 2 }]))
  expect(countOf(table, everything)).toBe(3)
  expect(countOf(table, { ...everything, outcome: ['review', 'risky'], decision: ['undecided'] })).toBe(1)
  expect(countOf(table, { ...everything, query: '茶' })).toBeNull()
  expect(countOf(table, { ...everything, rule: ['a/b'] })).toBeNull()
})
