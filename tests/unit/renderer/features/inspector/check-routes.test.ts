import { describe, expect, test } from 'vitest'
import { awaitedOf, routesOf } from '../../../../../renderer/features/inspector/check-routes.ts'
import { framesOf, hitsOf, partsOf } from '../../../../../renderer/features/inspector/parts.ts'
import { type Profile, profileDefaults, profileSchema } from '../../../../../shared/profile.ts'
import type { AssetDetail, CheckView, ResultView } from '../../../../../shared/screening.ts'

const profile = (relay: string | null): Profile =>
  profileSchema.parse({
    ...profileDefaults,
    id: 'p1',
    name: 'Brand',
    platform: 'wechat',
    appid: 'wx1234567890',
    secret: { from: 'none' },
    tokenMode: 'static',
    scene: 1,
    relay: relay === null ? null : { url: relay, key: { from: 'vault' } },
    practice: false,
  })
const result = (more: Partial<ResultView> = {}): ResultView => ({
  profile: 'p1',
  state: 'done',
  outcome: 'pass',
  reason: null,
  detail: null,
  labels: [],
  score: null,
  parts: 1,
  checked: 1,
  reused: false,
  screenedAt: null,
  ...more,
})
const check = (more: Partial<CheckView> = {}): CheckView => ({
  id: 1,
  profile: 'p1',
  part: 'whole',
  rect: null,
  frame: null,
  range: null,
  line: null,
  column: null,
  endpoint: 'wechat.img_sec_check',
  version: 'v1',
  state: 'done',
  verdict: 'pass',
  reason: null,
  detail: null,
  errcode: 0,
  label: null,
  score: null,
  rid: null,
  traceId: null,
  attempts: 1,
  ms: 5,
  at: 0,
  dueAt: null,
  reusedFrom: null,
  reply: null,
  ...more,
})
const media = { endpoint: 'wechat.media_check_async' } as const

describe('how an asset is checked', () => {
  test('is shown with the relay that gets the push', () => {
    const detail = { kind: 'image', results: [result()], checks: [check(media)] } as const
    expect(routesOf(detail, [profile('https://relay.example.com/prescreen')])).toEqual([
      { profile: 'p1', route: 'async', relay: 'relay.example.com' },
    ])
    expect(routesOf(detail, [profile(null)])).toEqual([{ profile: 'p1', route: 'async', relay: null }])
  })

  test('may be both ways, and is not guessed before the first call', () => {
    const both = { kind: 'image', results: [result()], checks: [check(), check(media)] } as const
    expect(routesOf(both, [])).toMatchObject([{ route: 'both' }])
    expect(routesOf({ kind: 'image', results: [result()], checks: [] }, [])).toEqual([])
  })

  test('is known of a recording before any call', () => {
    expect(routesOf({ kind: 'audio', results: [result()], checks: [] }, [])).toMatchObject([{ route: 'async' }])
  })
})

describe('an awaited result', () => {
  test('says since when, and until its last push is given up', () => {
    const checks = [check({ dueAt: 100 }), check({ dueAt: 300 }), check({ profile: 'p2', dueAt: 900 })]
    const results = [result({ state: 'awaiting', outcome: null, screenedAt: 50 })]
    expect(awaitedOf({ results, checks }, 'p1')).toEqual({ since: 50, due: 300 })
  })

  test('is none once it is done, or of a profile that is not there', () => {
    expect(awaitedOf({ results: [result()], checks: [check({ dueAt: 100 })] }, 'p1')).toBeNull()
    expect(awaitedOf({ results: [], checks: [] }, 'p1')).toBeNull()
  })
})

test('the frames of an animation in which something was found are named once each, in order', () => {
  const frame = (index: number, part: string, verdict: CheckView['verdict']) => check({ frame: index, part, verdict })
  const detail: Pick<AssetDetail, 'checks' | 'pieces'> = {
    pieces: null,
    checks: [
      frame(4, 'frame 5/8 tile 1/2', 'risky'),
      frame(4, 'frame 5/8 tile 2/2', 'risky'),
      frame(0, 'frame 1/8', 'pass'),
      frame(2, 'frame 3/8', 'review'),
    ],
  }
  expect(framesOf(hitsOf(partsOf(detail)))).toEqual([
    { frame: 2, hit: 2 },
    { frame: 4, hit: 0 },
  ])
})
