import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localDay, rangeOf } from '../../../../../renderer/base/days.ts'
import { windowOf } from '../../../../../renderer/base/use-windowed.ts'
import { matchingBatches } from '../../../../../renderer/features/history/batches.ts'
import {
  agreementOf,
  barName,
  barsOf,
  counted,
  shareText,
  stepFor,
  topLabels,
  totalsOf,
} from '../../../../../renderer/features/history/trends.ts'
import type { Trend } from '../../../../../shared/ipc.ts'
import type { BatchSummary } from '../../../../../shared/screening.ts'

const day = (name: string, count: number): Trend => ({
  day: name,
  pass: count,
  rules_only: 1,
  review: 1,
  risky: 2,
  unchecked: 3,
  approved: 4,
  rejected: 5,
  escalated: 6,
})

describe('figures over time', () => {
  test('days on which nothing happened have a bar of zeros', () => {
    const bars = barsOf([day('2026-11-02', 7)], '2026-11-01', '2026-11-03', 'day')
    expect(bars.map(bar => [bar.day, bar.pass])).toEqual([
      ['2026-11-01', 0],
      ['2026-11-02', 7],
      ['2026-11-03', 0],
    ])
  })

  test('weeks begin on Monday, months on their first day', () => {
    expect(barsOf([], '2026-11-01', '2026-11-10', 'week').map(bar => bar.day)).toEqual([
      '2026-10-26',
      '2026-11-02',
      '2026-11-09',
    ])
    expect(barsOf([], '2025-12-31', '2026-02-01', 'month').map(bar => bar.day)).toEqual([
      '2025-12-01',
      '2026-01-01',
      '2026-02-01',
    ])
  })

  test('nothing is lost or counted twice, whatever the days and the step', () => {
    const anyDay = fc
      .integer({ min: 0, max: 364 })
      .map(at => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10))
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(anyDay, fc.nat({ max: 1000 })), { selector: ([name]) => name, maxLength: 60 }),
        fc.constantFrom('day', 'week', 'month'),
        (given, step) => {
          const days = given.map(([name, count]) => day(name, count))
          const bars = totalsOf(barsOf(days, '2026-01-01', '2026-12-31', step))
          for (const name of counted) expect(bars[name]).toBe(totalsOf(days)[name])
        },
      ),
    )
  })

  test('days outside of the range are not shown', () => {
    expect(totalsOf(barsOf([day('2026-10-31', 9)], '2026-11-01', '2026-11-02', 'week')).pass).toBe(0)
  })

  test('a chart has at most some forty bars', () => {
    for (const days of [7, 30, 91, 365]) {
      const last = new Date(Date.UTC(2026, 0, days)).toISOString().slice(0, 10)
      expect(barsOf([], '2026-01-01', last, stepFor(days)).length).toBeLessThanOrEqual(40)
    }
  })

  test('a span ends now and begins at a local midnight', () => {
    const now = new Date(2026, 10, 21, 15, 4).getTime()
    const { fromMs, toMs } = rangeOf('week', now)
    expect([localDay(fromMs), localDay(toMs)]).toEqual(['2026-11-15', '2026-11-21'])
    expect(new Date(fromMs).getHours()).toBe(0)
  })

  test('bars are named for the reader', () => {
    expect(barName('2026-11-01', 'day', 'zh-CN')).toBe('11/1')
    expect(barName('2026-11-01', 'month', 'zh-CN')).toBe('2026年11月')
  })
})

describe('machine and people', () => {
  const summary = { days: [], labels: [], falseAlarms: 3, misses: 1, decided: 1000 }

  test('agreement is what is neither a false alarm nor a miss', () => {
    expect(agreementOf(summary)).toMatchObject({ agreed: 996, rate: 0.996 })
  })

  test('without decisions there is no rate', () => {
    expect(agreementOf({ ...summary, falseAlarms: 0, misses: 0, decided: 0 }).rate).toBeNull()
  })

  test('one disagreement in ten thousand is not 100 %', () => {
    expect(shareText(9999 / 10_000, 'en-GB')).toBe('99.9%')
    expect(shareText(1, 'en-GB')).toBe('100%')
    expect(shareText(2 / 3, 'en-GB')).toBe('66.7%')
  })
})

test('the rarest labels are added up, none is dropped', () => {
  const labels = [1, 5, 0, 3].map((count, at) => ({ label: at, count }))
  expect(topLabels(labels, 2)).toEqual({
    top: [
      { label: 1, count: 5 },
      { label: 3, count: 3 },
    ],
    rest: 1,
  })
})

describe('the table of batches', () => {
  const batch = (name: string, more: Partial<BatchSummary> = {}): BatchSummary => ({
    id: `b_${name}`,
    name,
    state: 'done',
    notice: null,
    createdAt: 0,
    endedAt: null,
    walked: true,
    practice: false,
    profiles: [{ id: 'p', name: '品牌A', platform: 'wechat', appid: 'wx12345', practice: false }],
    tally: { assets: 0, pending: 0, awaiting: 0, pass: 0, rules_only: 0, review: 0, risky: 0, unchecked: 0 },
    tallyByProfile: [],
    decided: 0,
    noted: 0,
    skipped: 0,
    inputs: { count: 1, first: ['D:\\素材\\双十一'], key: 'a' },
    controls: [],
    ...more,
  })

  test('finds by name, profile, appid and what was dropped, also in full-width letters', () => {
    const all = [batch('主会场'), batch('Summer', { inputs: { count: 0, first: [], key: '' } })]
    const found = (query: string) => matchingBatches(all, query).map(({ name }) => name)
    expect(found('主会场')).toEqual(['主会场'])
    expect(found('ｓｕｍｍｅｒ')).toEqual(['Summer'])
    expect(found('双十一 品牌a')).toEqual(['主会场'])
    expect(found('wx123')).toEqual(['主会场', 'Summer'])
    expect(found('  ')).toHaveLength(2)
  })

  test('draws what is on screen and no more than a few rows beyond, for any list and position', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 100_000 }),
        fc.nat({ max: 6_000_000 }),
        fc.integer({ min: 1, max: 2000 }),
        (count, top, height) => {
          const rowPx = 56
          const { from, to, before, after } = windowOf({ count, rowPx, top, height })
          expect(before + (to - from) * rowPx + after).toBe(count * rowPx)
          expect(to - from).toBeLessThanOrEqual(Math.ceil(height / rowPx) + 18)
          const firstVisible = Math.floor(top / rowPx)
          const lastVisible = Math.ceil((top + height) / rowPx) - 1
          if (firstVisible < count) {
            expect(from).toBeLessThanOrEqual(firstVisible)
            expect(to).toBeGreaterThan(Math.min(count - 1, lastVisible))
          }
        },
      ),
    )
  })
})
