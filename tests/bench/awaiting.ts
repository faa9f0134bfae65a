import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../electron/engine/base/clock.ts'
import { createAwaiting } from '../../electron/engine/screening/awaiting.ts'
import { openDatabase } from '../../electron/engine/store/database.ts'
import { createFolderIndex } from '../../electron/engine/store/folder-index.ts'
import { createCommands } from '../../electron/engine/store/sqlite/commands.ts'
import { createStore } from '../../electron/engine/store/sqlite/open-store.ts'
import { createQueries } from '../../electron/engine/store/sqlite/queries.ts'
import { profileDefaults, profileSchema } from '../../shared/profile.ts'
import { defaultOptions } from '../../shared/screening.ts'

/**
 * What 10 000 checks that await their pushes cost while nothing happens, and how fast their pushes are applied.
 */
const checks = Number(process.argv[2] ?? 10_000)
/** Over three naps of the deadline keeper. */
const idleMs = Number(process.argv[3] ?? 180_000)

const dir = mkdtempSync(join(tmpdir(), 'prescreen-bench-'))
const database = openDatabase(join(dir, 'prescreen.sqlite'))
const queries = createQueries(database, createFolderIndex)
const commands = createCommands(database, systemClock, () => undefined)
const { reader, writer } = createStore(database, {
  clock: systemClock,
  isAlive: () => false,
  openKey: () => Promise.reject(new Error('nothing is signed here')),
})
const profile = profileSchema.parse({
  ...profileDefaults,
  id: 'p_1',
  name: 'bench',
  platform: 'wechat',
  appid: 'wx_practice0000001',
  secret: { from: 'none' },
  tokenMode: 'stable',
  scene: 2,
  practice: false,
})
const stop = new AbortController()
let settled = 0
const awaiting = createAwaiting({
  clock: systemClock,
  reader,
  writer,
  deadlineMs: () => 30 * 60_000,
  onAwaited: () => undefined,
  onSettled: results => {
    settled += results.length
    // As the engine does for each batch at work.
    queries.hasAwaiting('b_0000000000')
  },
  onProblem: error => {
    throw error
  },
  signal: stop.signal,
})

const place = { name: 'original', rect: null, frame: null, range: null, line: null, column: null }
const traceOf = (index: number) => `${index.toString(16).padStart(8, '0')}-60f96f1d-1976a3ae`

await database.commit(() => {
  commands.createBatch({
    id: 'b_0000000000',
    name: 'bench',
    profiles: [profile],
    inputs: ['in'],
    options: defaultOptions,
    practice: false,
    owner: 'bench',
  })
  const found = Array.from({ length: checks }, (_, index) => ({
    path: `${index}.mp3`,
    source: `{"n":${index}}`,
    kind: 'audio' as const,
    bytes: 1,
    excerpt: null,
    failure: null,
  }))
  commands.addAssets('b_0000000000', 1, found)
})
const submit = async (asset: number) => {
  const check = await writer.beginCheck({
    asset,
    profile: 0,
    place,
    endpoint: 'wechat.media_check_async',
    version: 'v1',
    partHash: String(asset),
    transform: null,
    at: Date.now(),
    facts: null,
  })
  await awaiting.begin(check.id, { traceId: traceOf(asset), attempts: 1, ms: 1, evidence: null }, profile)
  const later = { ends: [], awaiting: ['original'], missing: null, reuseKey: '', tiled: false, sha256: '' }
  const awaited = [{ profile: 0, later }]
  await writer.endAsset({ asset, context: {}, facts: null, checks: [], results: [], awaited, looked: [] })
}
for (let asset = 1; asset <= checks; asset += 1) {
  const written = submit(asset)
  if (asset % 200 === 0) await written
}

await sleep(2_000)
const before = process.cpuUsage()
const startedAt = performance.now()
await sleep(idleMs)
const { user, system } = process.cpuUsage(before)
const idlePercent = (user + system) / 10 / (performance.now() - startedAt)

const evidence = {
  httpStatus: null,
  errcode: 0,
  errmsg: null,
  rid: null,
  label: 100,
  score: 90,
  reply: '{"errcode":0}',
}
const applyingAt = performance.now()
for (let first = 1; first <= checks; first += 500) {
  const pushes = Array.from({ length: Math.min(500, checks - first + 1) }, (_, offset) => {
    const traceId = traceOf(first + offset)
    const conclusion = { kind: 'verdict', verdict: 'pass', evidence: { ...evidence, traceId } } as const
    const event = { kind: 'media-check', platform: 'wechat', appid: profile.appid, traceId, conclusion } as const
    return { event, authenticity: 'encrypted' }
  })
  await awaiting.receive({ relay: 'bench', position: first + 500, pushes })
}
const appliedPerSecond = Math.round(settled / ((performance.now() - applyingAt) / 1000))

stop.abort(new Error('over'))
await database.close()
rmSync(dir, { recursive: true, force: true })
process.stdout.write(
  `awaiting: ${checks} checks cost ${idlePercent.toFixed(3)} % of a core over ${(idleMs / 1000).toFixed(0)} s; ` +
    `their pushes were applied at ${appliedPerSecond}/s\n`,
)
if (settled !== checks) process.exitCode = 1
