import { expect, test } from 'vitest'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import type { Found } from '../../../electron/engine/formats/source.ts'
import type { Content } from '../../../electron/engine/screening/content.ts'
import type { Lane } from '../../../electron/engine/screening/lane.ts'
import { makePlan, type PlanServices } from '../../../electron/engine/screening/planner.ts'
import type { Plan } from '../../../shared/screening.ts'
import { screenOptionsSchema } from '../../../shared/screening.ts'
import { wechatProfile } from '../../fixtures/engine/harness.ts'

const options = screenOptionsSchema.parse({ reuseDays: 0 })
const lane = {
  index: 0,
  profile: wechatProfile('http://127.0.0.1:9'),
  platform: registry.platformOf('wechat'),
  transport: { baseUrl: 'http://127.0.0.1:9' },
  text: { openids: [], scene: 3 },
  publish: null,
} as unknown as Lane
const found = (path: string): Found => ({
  source: { kind: 'file', path },
  root: '/',
  path,
  kind: 'text',
  bytes: 3,
  failure: null,
  skipped: null,
  note: null,
})

/** A plan of a number of texts, and how often the pacer was asked for its status. */
function planOf(texts: number, onProgress: (latest: () => Plan) => void) {
  let asked = 0
  const services = {
    clock: systemClock,
    queries: {},
    pacer: {
      status: () => {
        asked += 1
        return []
      },
    },
    read: async (): Promise<Content> =>
      ({
        kind: 'text',
        text: 'abc',
        sha256: 'x',
        bytes: 3,
        encoding: 'utf-8',
        anchors: null,
        omitted: [],
        notes: [],
        reading: 'plain 2',
      }) as never,
    walk: async function* () {
      for (let index = 0; index < texts; index += 1) yield found(`/${index}`)
    },
  } as unknown as PlanServices
  const plan = makePlan(services, { id: 'plan_1', lanes: [lane], options }, onProgress, new AbortController().signal)
  return { plan, asked: () => asked }
}

test('a plan asks how the pacer stands when it is looked at, not with every asset', async () => {
  let told = 0
  const { plan, asked } = planOf(200, () => {
    told += 1
  })
  expect(await plan).toMatchObject({ done: true, assets: { text: 200 }, calls: [{ parts: 200 }] })
  expect(told).toBe(201)
  expect(asked()).toBe(1)
})

test('a plan that is looked at while it grows says how far it is', async () => {
  const seen: Plan[] = []
  const { plan } = planOf(3, latest => seen.push(latest()))
  await plan
  expect(seen.map(each => each.done)).toEqual([false, false, false, true])
  expect(seen[0]?.assets.text).toBeGreaterThan(0)
  expect(seen.at(-1)).toMatchObject({ assets: { text: 3 } })
})
