import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AssetDetail, ResultView } from '../../../../../../shared/screening.ts'

Reflect.set(globalThis, 'prescreen', { pathOf: () => '', on: () => () => undefined })
const { factsOf, underProfile } = await import('../../../../../../renderer/features/inspector/compare/facts.ts')
const { middleOf, scrollFor, zoomStepped } = await import(
  '../../../../../../renderer/features/inspector/compare/in-step.ts'
)
const { i18n } = await import('../../../../../../renderer/base/i18n/index.ts')
await i18n.changeLanguage('en')

const result = (profile: string, given: Partial<ResultView>): ResultView => ({
  profile,
  state: 'done',
  outcome: 'pass',
  reason: null,
  detail: null,
  labels: [],
  score: null,
  parts: 1,
  checked: 1,
  reused: false,
  screenedAt: 0,
  ...given,
})
const detailOf = (given: Partial<AssetDetail>): AssetDetail =>
  ({
    id: 1,
    path: 'spring/a.jpg',
    width: 100,
    height: 200,
    bytes: 10,
    results: [result('wechat', {})],
    checks: [],
    spans: [],
    ruled: null,
    rules: null,
    decision: null,
    note: null,
    ...given,
  }) as AssetDetail
const words = {
  language: 'en',
  outcome: (outcome: string) => outcome,
  finding: ({ rules }: AssetDetail) => rules ?? '',
  decision: ({ decision }: AssetDetail) => decision ?? 'undecided',
  profile: (id: string) => id.toUpperCase(),
} as const

describe('the facts of what is compared', () => {
  test('say which differ, and leave out what nobody has', () => {
    const facts = factsOf(
      [
        { key: '1', detail: detailOf({}) },
        {
          key: '2',
          detail: detailOf({
            path: 'spring/b.jpg',
            results: [result('wechat', { outcome: 'risky', labels: [20_002], score: 91 })],
          }),
        },
      ],
      'assets',
      words,
    )
    const named = Object.fromEntries(facts.map(fact => [fact.id, fact]))
    expect(named.verdict).toMatchObject({ values: ['pass', 'risky'], differs: true })
    expect(named.confidence).toMatchObject({ values: ['', '91'], differs: true })
    expect(named.labels?.differs).toBe(true)
    expect(named.name).toMatchObject({ values: ['a.jpg', 'b.jpg'], differs: true })
    expect(named.folder).toMatchObject({ values: ['spring', 'spring'], differs: false })
    expect(named.pixels?.differs).toBe(false)
    expect(Object.keys(named)).not.toContain('note')
    expect(Object.keys(named)).not.toContain('finding')
  })

  test('of one asset under its profiles are what each of them said, with its own evidence', () => {
    const check = { part: 'tile 1/2', verdict: 'risky', rid: 'r-1', rect: null }
    const detail = detailOf({
      results: [result('wechat', { outcome: 'risky', labels: [20_002] }), result('qq', {})],
      checks: [
        { ...check, id: 1, profile: 'wechat' },
        { ...check, id: 2, profile: 'qq', verdict: 'pass', rid: 'r-2' },
      ] as unknown as AssetDetail['checks'],
    })
    const panes = ['wechat', 'qq'].map(key => ({ key, detail: underProfile(detail, key) }))
    const facts = factsOf(panes, 'profiles', words)
    expect(facts.map(({ id }) => id)).toEqual(['verdict', 'labels', 'evidence'])
    expect(facts[0]).toMatchObject({ values: ['risky', 'pass'], differs: true })
    expect(facts[2]?.values[0]).toContain('r-1')
    expect(facts[2]?.values[1]).toBe('')
  })

  test('name the profile where an asset has several', () => {
    const both = detailOf({ results: [result('wechat', {}), result('qq', { outcome: 'review' })] })
    expect(factsOf([{ key: '1', detail: both }], 'assets', words)[0]?.values).toEqual(['WECHAT pass · QQ review'])
  })
})

describe('panes in step', () => {
  const view = (width: number, height: number, full: number) => ({
    scrollLeft: 0,
    scrollTop: 0,
    clientWidth: width,
    clientHeight: height,
    scrollWidth: width * full,
    scrollHeight: height * full,
  })

  test('show the same share of pictures of other sizes', () => {
    const spot = middleOf({ ...view(400, 300, 4), scrollLeft: 600, scrollTop: 450 })
    expect(spot).toEqual({ x: 0.5, y: 0.5 })
    expect(scrollFor(spot, view(200, 900, 2))).toEqual({ left: 100, top: 450 })
  })

  test('never leave their picture', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 2, noNaN: true }),
        fc.double({ min: -1, max: 2, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
        (x, y, full) => {
          const to = scrollFor({ x, y }, view(300, 200, full))
          expect(to.left).toBeGreaterThanOrEqual(0)
          expect(to.left).toBeLessThanOrEqual(300 * (full - 1))
          expect(to.top).toBeLessThanOrEqual(200 * (full - 1))
        },
      ),
    )
  })

  test('zoom no farther out than wholly in view', () => {
    expect(zoomStepped(1, -1)).toBe(1)
    expect(zoomStepped(2, 1)).toBe(2.5)
    expect(zoomStepped(16, 1)).toBe(16)
  })
})
