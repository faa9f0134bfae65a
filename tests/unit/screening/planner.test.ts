import { expect, test } from 'vitest'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import { inputFailure } from '../../../electron/engine/base/input-failure.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import type { Found } from '../../../electron/engine/formats/source.ts'
import type { Content } from '../../../electron/engine/screening/content.ts'
import type { Lane } from '../../../electron/engine/screening/lane.ts'
import { makePlan, type PlanServices } from '../../../electron/engine/screening/planner.ts'
import { noCalls } from '../../../shared/call-causes.ts'
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

const text = {
  kind: 'text',
  words: { text: 'abc', encoding: 'utf-8', anchors: null, sections: [] },
  pictures: [],
  films: [],
  recordings: [],
  sha256: 'x',
  bytes: 3,
  omitted: [],
  notes: [],
  reading: 'plain 2',
}

/** A plan of a number of assets of the same content, and how often the pacer was asked for its status. */
function planOf(
  assets: number,
  onProgress: (latest: () => Plan) => void,
  { lanes = [lane], content = text }: { readonly lanes?: readonly Lane[]; readonly content?: object } = {},
) {
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
    read: async (): Promise<Content> => content as never,
    imaging: {
      inspect: async (_: unknown, { mode }: { mode: string }) =>
        inputFailure(mode === 'tile' ? 'too_large' : 'unreadable_image', ''),
    },
    walk: async function* () {
      for (let index = 0; index < assets; index += 1) yield found(`/${index}`)
    },
  } as unknown as PlanServices
  const plan = makePlan(services, { id: 'plan_1', lanes, options }, onProgress, new AbortController().signal)
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

test('a plan says what its calls are for', async () => {
  const { plan } = planOf(3, () => undefined, { content: text })
  expect((await plan).causes).toEqual({ ...noCalls, words: 3 })
})

test('a file that two profiles cannot screen, each for a reason of its own, is one file that will not be checked', async () => {
  const tiling = { ...lane, index: 1, profile: { ...lane.profile, imageMode: 'tile' } } as unknown as Lane
  const { plan } = planOf(3, () => undefined, {
    lanes: [lane, tiling],
    content: {
      kind: 'image',
      pictures: [
        { name: '', sha256: 'x', media: { mime: 'image/png' }, load: async () => ({ bytes: new Uint8Array(1) }) },
      ],
      films: [],
      recordings: [],
      omitted: [],
      words: null,
      bytes: 3,
      sha256: 'x',
      notes: [],
      reading: 'png 2',
    },
  })
  const { problems, problemCount } = await plan
  expect(problemCount).toBe(3)
  expect(problems.map(({ path }) => path).toSorted()).toEqual(['/0', '/1', '/2'])
})
