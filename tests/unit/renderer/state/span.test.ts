import { describe, expect, test } from 'vitest'
import {
  affordable,
  askPrice,
  beginSearch,
  countCalls,
  failPrice,
  failSearch,
  noSpan,
  offerPrice,
  type SpanState,
  stopSearch,
} from '../../../../renderer/state/span.ts'
import type { SpanPrice } from '../../../../shared/spans.ts'

const none: SpanState = { kind: 'none' }
const price = (more: Partial<SpanPrice> = {}): SpanPrice => ({
  check: 9,
  endpoint: 'wechat.msg_sec_check',
  calls: 13,
  quotaLeft: 100,
  ...more,
})
const offered = offerPrice(askPrice(none, 4), { asset: 4, price: price() })

describe('looking for a span', () => {
  test('begins only after its price was shown', () => {
    expect(beginSearch(none, null)).toEqual(none)
    expect(beginSearch(askPrice(none, 4), null)).toEqual(askPrice(none, 4))
    expect(beginSearch(offered, null)).toMatchObject({ kind: 'searching', asset: 4, calls: 0 })
  })

  test('does not begin where nothing was flagged', () => {
    const nothing = offerPrice(askPrice(none, 4), { asset: 4, price: null })
    expect(beginSearch(nothing, null)).toEqual(nothing)
  })

  test('throws away the price of an asset that is no longer asked about', () => {
    const other = askPrice(askPrice(none, 4), 5)
    expect(offerPrice(other, { asset: 4, price: price() })).toEqual(other)
    expect(offerPrice(noSpan(other, null), { asset: 5, price: price() })).toEqual(none)
  })

  test('is not ended by a price that could not be had for another asset, or for itself earlier', () => {
    const searching = beginSearch(offered, null)
    const problem = { code: 'internal', detail: '' } as const
    expect(failPrice(searching, { asset: 3, problem })).toEqual(searching)
    expect(failPrice(searching, { asset: 4, problem })).toEqual(searching)
    expect(failPrice(askPrice(none, 4), { asset: 3, problem })).toEqual(askPrice(none, 4))
    expect(failPrice(askPrice(none, 4), { asset: 4, problem })).toMatchObject({ kind: 'failed', asset: 4 })
    expect(failSearch(searching, { asset: 4, problem })).toMatchObject({ kind: 'failed', asset: 4 })
    expect(failSearch(askPrice(none, 5), { asset: 4, problem })).toEqual(askPrice(none, 5))
  })

  test('counts the calls of its own asset, also while it is stopping', () => {
    const searching = beginSearch(offered, null)
    expect(countCalls(searching, { asset: 4, calls: 3 })).toMatchObject({ calls: 3 })
    expect(countCalls(searching, { asset: 5, calls: 3 })).toMatchObject({ calls: 0 })
    expect(countCalls(stopSearch(searching, null), { asset: 4, calls: 4 })).toMatchObject({ calls: 4, stopping: true })
    expect(countCalls(none, { asset: 4, calls: 1 })).toEqual(none)
  })

  test.each([
    [null, 'yes'],
    [13, 'yes'],
    [12, 'in_part'],
    [0, 'no'],
  ] as const)('with %s calls of quota left is affordable: %s', (quotaLeft, expected) => {
    expect(affordable(price({ quotaLeft }))).toBe(expected)
  })
})
