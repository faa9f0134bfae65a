import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GroupCommitDatabase } from '../../../electron/engine/base/sqlite/group-commit.ts'
import type { PushConclusion } from '../../../electron/engine/checkers/wechat/push/push-event.ts'
import { type Awaiting, createAwaiting } from '../../../electron/engine/screening/awaiting.ts'
import { openDatabase } from '../../../electron/engine/store/database.ts'
import { createFolderIndex } from '../../../electron/engine/store/folder-index.ts'
import type { Settled } from '../../../electron/engine/store/records.ts'
import { createCommands } from '../../../electron/engine/store/sqlite/commands.ts'
import { createStore } from '../../../electron/engine/store/sqlite/open-store.ts'
import { createQueries } from '../../../electron/engine/store/sqlite/queries.ts'
import type { Later } from '../../../electron/engine/store/stored-pushes.ts'
import { type Verdict, verdicts } from '../../../shared/domain.ts'
import { type Profile, profileDefaults, profileSchema } from '../../../shared/profile.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { createStillClock } from '../../integration/async/harness.ts'
import { createFakeTime } from '../pacer/fake-time.ts'

const profile: Profile = profileSchema.parse({
  ...profileDefaults,
  id: 'p_1',
  name: 'Brand A',
  platform: 'wechat',
  appid: 'wx_practice0000001',
  secret: { from: 'none' },
  tokenMode: 'stable',
  scene: 2,
  practice: false,
})
const place = { name: 'original', rect: null, frame: null, range: null, line: null, column: null } as const
const evidence = {
  httpStatus: null,
  errcode: 0,
  errmsg: null,
  rid: null,
  traceId: null,
  label: null,
  score: null,
  reply: null,
}
const verdict = (said: Verdict): PushConclusion => ({ kind: 'verdict', verdict: said, evidence })
const later: Later = {
  ends: [],
  awaiting: ['original'],
  missing: null,
  reuseKey: 'abcd',
  tiled: false,
  sha256: 'f'.repeat(64),
}

let dir: string
let files = 0
let bench: ReturnType<typeof open>
const clock = createStillClock()

function open() {
  files += 1
  const database: GroupCommitDatabase = openDatabase(join(dir, `${files}.sqlite`))
  const queries = createQueries(database, createFolderIndex)
  const commands = createCommands(database, clock, () => undefined)
  const openKey = () => Promise.reject(new Error('nothing is signed here'))
  const { reader, writer } = createStore(database, { clock, isAlive: () => false, openKey })
  const settled: Settled[] = []
  const stop = new AbortController()
  const build = (): Awaiting =>
    createAwaiting({
      clock,
      reader,
      writer,
      deadlineMs: () => 30 * 60_000,
      onAwaited: () => undefined,
      onSettled: each => settled.push(...each),
      onProblem: error => {
        throw error
      },
      signal: stop.signal,
    })
  let awaiting = build()
  commands.createBatch({
    id: 'b_0000000000',
    name: 'test',
    profiles: [profile],
    inputs: ['in'],
    options: defaultOptions,
    practice: false,
    owner: 'test',
  })
  let assets = 0
  let position = 0
  return {
    database,
    queries,
    commands,
    reader,
    writer,
    settled,
    /** As after a restart. */
    restart: () => {
      awaiting = build()
    },
    addAsset: () => {
      assets += 1
      commands.addAssets('b_0000000000', 1, [
        { path: `${assets}.mp3`, source: `{"n":${assets}}`, kind: 'audio', bytes: 1, excerpt: null, failure: null },
      ])
      return assets
    },
    begin: async (asset: number, traceId: string) => {
      const check = await writer.beginCheck({
        asset,
        profile: 0,
        place,
        endpoint: 'wechat.media_check_async',
        version: 'v1',
        partHash: `hash ${asset}`,
        transform: null,
        at: clock.now(),
        facts: null,
      })
      await awaiting.begin(check.id, { traceId, attempts: 1, ms: 1, evidence: null }, profile)
    },
    leave: async (asset: number, more: Partial<Later> = {}) => {
      const awaited = [{ profile: 0, later: { ...later, ...more } }]
      const end = { asset, context: {}, facts: null, checks: [], results: [], awaited, looked: [] }
      const [ended] = await writer.endAsset(end)
      return ended?.result ?? null
    },
    push: (traceId: string, conclusion: PushConclusion, appid = profile.appid) => {
      position += 1
      const event = { kind: 'media-check' as const, platform: 'wechat' as const, appid, traceId, conclusion }
      return awaiting.receive({ relay: 'r', position, pushes: [{ event, authenticity: 'encrypted' }] })
    },
    result: (asset: number) => queries.results(asset)[0],
    close: async () => {
      stop.abort(new Error('over'))
      await database.close()
    },
  }
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'prescreen-awaiting-'))
  bench = open()
})
afterEach(async () => {
  await bench.close()
  rmSync(dir, { recursive: true, force: true })
})

describe('a push', () => {
  test('that comes before its check knows the trace id is kept and applied', async () => {
    const asset = bench.addAsset()
    await bench.push('T', verdict('risky'))
    await bench.begin(asset, 'T')
    expect(await bench.leave(asset)).toMatchObject({ outcome: 'risky' })
    expect(bench.result(asset)).toMatchObject({ state: 'done', outcome: 'risky' })
  })

  test('between the trace id and the asset’s end concludes the asset at its end', async () => {
    const asset = bench.addAsset()
    await bench.begin(asset, 'T')
    await bench.push('T', verdict('pass'))
    expect(bench.result(asset)).toMatchObject({ state: 'queued' })
    expect(await bench.leave(asset)).toMatchObject({ outcome: 'pass' })
  })

  test('is the first one’s: a second with another verdict changes nothing', async () => {
    const asset = bench.addAsset()
    await bench.begin(asset, 'T')
    await bench.leave(asset)
    await bench.push('T', verdict('risky'))
    await bench.push('T', verdict('pass'))
    expect(bench.result(asset)?.outcome).toBe('risky')
    expect(bench.settled).toHaveLength(1)
  })

  test('for another app with the same trace id is not this one’s', async () => {
    const asset = bench.addAsset()
    await bench.begin(asset, 'T')
    await bench.leave(asset)
    await bench.push('T', verdict('pass'), 'wx_another_app')
    await bench.push('t', verdict('pass'))
    expect(bench.result(asset)).toMatchObject({ state: 'awaiting', outcome: 'awaiting' })
  })

  test('that nobody waits for is forgotten after a day', async () => {
    await bench.push('T', verdict('pass'))
    clock.advance(25 * 3_600_000)
    const other = bench.addAsset()
    await bench.begin(other, 'other')
    // The first thing the deadline keeper does is to tidy up; its commit is in the queue before this one.
    await bench.database.commit(() => undefined)
    const asset = bench.addAsset()
    await bench.begin(asset, 'T')
    expect(await bench.leave(asset)).toBeNull()
  })

  test('that passes does not hide a part that is missing, or one that failed', async () => {
    const [first, second] = [bench.addAsset(), bench.addAsset()]
    const failure = { code: 'timeout', detail: '' } as const
    await bench.begin(first, 'A')
    await bench.begin(second, 'B')
    await bench.leave(first, { missing: { code: 'unreadable_image', detail: '' } })
    await bench.leave(second, { ends: [{ verdict: null, failure }] })
    await bench.push('A', verdict('pass'))
    await bench.push('B', verdict('pass'))
    expect([bench.result(first), bench.result(second)]).toMatchObject([
      { outcome: 'unchecked', reason: 'unreadable_image', reuse_key: null },
      { outcome: 'unchecked', reason: 'timeout', reuse_key: null },
    ])
  })

  test('for a batch that was cancelled meanwhile is still announced', async () => {
    const asset = bench.addAsset()
    await bench.begin(asset, 'T')
    await bench.leave(asset)
    await bench.database.commit(() => bench.commands.endOpen('b_0000000000', null, 'cancelled', ''))
    expect(bench.result(asset)).toMatchObject({ outcome: 'unchecked', reason: 'cancelled' })
    await bench.push('T', verdict('risky'))
    expect(bench.result(asset)?.outcome).toBe('risky')
  })
})

test('a profile that stops leaves what it has submitted to its pushes', async () => {
  const [waiting, unsent] = [bench.addAsset(), bench.addAsset()]
  await bench.begin(waiting, 'T')
  await bench.leave(waiting)
  await bench.database.commit(() => bench.commands.endOpen('b_0000000000', 0, 'quota_day', ''))
  expect([bench.result(waiting)?.state, bench.result(unsent)?.reason]).toEqual(['awaiting', 'quota_day'])
})

test('a check of the same bytes that learns the trace id after its push gets that push’s verdict', async () => {
  const [first, second] = [bench.addAsset(), bench.addAsset()]
  await bench.begin(first, 'T')
  await bench.leave(first)
  await bench.push('T', verdict('risky'))
  await bench.begin(second, 'T')
  expect(await bench.leave(second)).toMatchObject({ outcome: 'risky' })
})

test('what is overdue is given up although the database was busy when it was looked for', async () => {
  const time = createFakeTime(clock.now())
  const problems: unknown[] = []
  let busy = 1
  const settled = Promise.withResolvers<readonly Settled[]>()
  const { reader, writer } = createStore(bench.database, {
    clock: time.clock,
    isAlive: () => false,
    openKey: () => Promise.reject(new Error('nothing is signed here')),
  })
  const awaiting = createAwaiting({
    clock: time.clock,
    reader,
    writer: {
      ...writer,
      dropParked: before => (busy-- > 0 ? Promise.reject(new Error('database_busy')) : writer.dropParked(before)),
    },
    deadlineMs: () => 60_000,
    onAwaited: () => undefined,
    onSettled: each => {
      if (each.length > 0) settled.resolve(each)
    },
    onProblem: error => problems.push(error),
    signal: new AbortController().signal,
  })
  const asset = bench.addAsset()
  await bench.begin(asset, 'T')
  await bench.leave(asset)
  awaiting.watch()
  await time.run(60 * 60_000)
  expect(problems).toHaveLength(1)
  expect(await settled.promise).toMatchObject([{ asset, end: { outcome: 'unchecked', reason: 'push_overdue' } }])
  expect((await settled.promise)[0]?.end.detail).toContain('"code":"waited_for_push"')
})

test('a relay is read on from the last page that was stored', async () => {
  await bench.push('A', verdict('pass'))
  await bench.push('B', verdict('pass'))
  expect(bench.queries.relayPosition('r')).toBe(2)
  expect(bench.queries.relayPosition('another')).toBe(0)
})

test('whatever the order of replies, ends, pushes, repeated pushes and restarts, each asset gets its own first push', async () => {
  const step = fc.record({ asset: fc.nat(4), what: fc.constantFrom('push', 'push', 'go on', 'restart') })
  const said = fc.array(fc.constantFrom(...verdicts), { minLength: 5, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(said, fc.array(step, { maxLength: 40 }), async (truth, steps) => {
      const own = open()
      try {
        const assets = truth.map(() => own.addAsset())
        const stage = truth.map(() => 0)
        const pushed = truth.map(() => false)
        const goOn = async (index: number) => {
          const asset = assets[index] ?? 0
          if (stage[index] === 0) await own.begin(asset, `T${index}`)
          if (stage[index] === 1) await own.leave(asset)
          stage[index] = (stage[index] ?? 0) + 1
        }
        for (const { asset, what } of steps) {
          if (what === 'restart') own.restart()
          else if (what === 'go on') await goOn(asset)
          else {
            await own.push(`T${asset}`, verdict(pushed[asset] ? 'pass' : (truth[asset] ?? 'review')))
            pushed[asset] = true
          }
          const ended = assets.filter(each => own.result(each)?.state === 'done')
          expect(ended).toEqual(assets.filter((_, index) => (stage[index] ?? 0) >= 2 && pushed[index]))
        }
        for (const index of assets.keys()) {
          while ((stage[index] ?? 0) < 2) await goOn(index)
          if (!pushed[index]) await own.push(`T${index}`, verdict(truth[index] ?? 'review'))
        }
        expect(assets.map(asset => own.result(asset)?.outcome)).toEqual(truth)
      } finally {
        await own.close()
      }
    }),
    { numRuns: 40 },
  )
})
