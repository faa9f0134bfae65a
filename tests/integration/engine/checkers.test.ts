import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { HeadlessEngine } from '../../../electron/engine/app/api.ts'
import { openEngine } from '../../../electron/engine/app/engine.ts'
import { createRegistry } from '../../../electron/engine/checkers/create-registry.ts'
import { registry as product } from '../../../electron/engine/checkers/registry.ts'
import { startPractice } from '../../../electron/engine/checkers/start-practice.ts'
import type { Store } from '../../../electron/engine/store/ports.ts'
import { type ProfileDraft, profileDefaults } from '../../../shared/profile.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { example } from '../../fixtures/checkers/example/example.ts'
import { houseWords } from '../../fixtures/checkers/house-words.ts'
import { engineFor, memoryStore, noVault, outcomes, screenAll, temporaryFolder } from '../../fixtures/engine/harness.ts'

/** A new platform is a folder and a line; so is a source of verdicts without an account. */
const registry = createRegistry([...product.checkers, example, houseWords])

const draft: ProfileDraft = {
  ...profileDefaults,
  id: null,
  name: 'Shop',
  platform: 'example',
  appid: 'ex_practice_1',
  tokenMode: 'classic',
  secretEnv: 'EXAMPLE_SECRET',
  relayUrl: null,
  relayKeyEnv: null,
  fields: { tenant: 'shop' },
}
const env = { EXAMPLE_SECRET: 'practice_secret_example' }

async function folderWith(texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(await temporaryFolder(), 'texts')
  await mkdir(folder)
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text)
  return folder
}

const dataDir = async () => join(await temporaryFolder(), 'data')

/** Outcome by file. */
const found = async (engine: HeadlessEngine, folder: string, name: string) => {
  const profile = engine.profileBook.get(name)
  if (profile === null) throw new Error(`no profile ${name}`)
  const screened = await screenAll(engine, [folder], [profile])
  const byPath = Object.entries(outcomes(screened.rows))
  return { ...screened, byFile: Object.fromEntries(byPath.map(([path, outcome]) => [path.split('/').at(-1), outcome])) }
}

test('a platform that is added by one line screens with its own fields, tokens and routes', async () => {
  const sandbox = await startPractice({}, registry)
  onTestFinished(() => sandbox.close())
  const engine = await engineFor(await dataDir(), { registry, env })
  const saved = await engine.profiles.save({ ...draft, baseUrl: sandbox.url }, null)
  expect(saved.fields).toEqual({ tenant: 'shop' })

  const folder = await folderWith({ 'bad.txt': 'fresh gloopberry juice', 'good.txt': 'fresh apple juice' })
  await writeFile(join(folder, 'dot.gif'), Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64'))
  const { id, byFile } = await found(engine, folder, 'Shop')
  expect(byFile).toEqual({ 'bad.txt': 'risky', 'good.txt': 'pass', 'dot.gif': 'unchecked kind_not_taken' })
  const calls = Object.fromEntries(sandbox.stats().map(({ endpoint, calls }) => [endpoint, calls]))
  expect(calls).toEqual({ 'example.token': 1, 'example.review': 2 })
  // In the records it is called what the registry calls it.
  expect((await engine.store.reader.summary(id))?.profiles).toMatchObject([{ platform: 'example', name: 'Shop' }])
  expect((await engine.profiles.test(saved.id)).map(({ step, state }) => `${step} ${state}`)).toEqual([
    'credentials ok',
    'token ok',
    'quota skipped',
    'text ok',
  ])
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
})

test('its token can also be entered by hand, and then none is fetched', async () => {
  const sandbox = await startPractice({}, registry)
  onTestFinished(() => sandbox.close())
  const engine = await engineFor(await dataDir(), { registry, env: { EXAMPLE_SECRET: 'EXAMPLE_TOKEN' } })
  await engine.profiles.save({ ...draft, tokenMode: 'static', baseUrl: sandbox.url }, null)
  const { byFile } = await found(engine, await folderWith({ 'bad.txt': 'gloopberry' }), 'Shop')
  expect(byFile).toEqual({ 'bad.txt': 'risky' })
  expect(sandbox.stats().map(({ endpoint }) => endpoint)).toEqual(['example.review'])
})

test('it can be practised without an account, beside the others', async () => {
  const engine = await engineFor(await dataDir(), { registry })
  expect(engine.profiles.list().map(({ id, name }) => `${id}: ${name}`)).toEqual([
    'practice: 演练 · 微信',
    'practice-qq: 演练 · QQ',
    'practice-example: 演练 · 示例',
    'rules: 规则',
    'house: 本店词表',
  ])
  const { summary, byFile } = await found(engine, await folderWith({ 'bad.txt': 'gloopberry' }), 'Practice · Example')
  expect(byFile).toEqual({ 'bad.txt': 'risky' })
  expect(summary.practice).toBe(true)
})

test('a profile is refused without what its platform needs, and kept aside where its platform is not there', async () => {
  const store = memoryStore()
  const folder = await dataDir()
  const engine = await engineFor(folder, { registry, env, store })
  const refused = { code: 'bad_request' }
  await expect(engine.profiles.save({ ...draft, fields: {} }, null)).rejects.toMatchObject(refused)
  await expect(engine.profiles.save({ ...draft, fields: { tenant: 'A 1' } }, null)).rejects.toMatchObject(refused)
  await expect(engine.profiles.save({ ...draft, tokenMode: 'stable' }, null)).rejects.toMatchObject(refused)
  await expect(engine.profiles.save({ ...draft, platform: 'nowhere' }, null)).rejects.toMatchObject(refused)
  await expect(engine.profiles.save({ ...draft, platform: 'house' }, null)).rejects.toMatchObject(refused)
  const cloud = { env: 'prod', functionName: 'check' }
  await expect(engine.profiles.save({ ...draft, cloud }, null)).rejects.toMatchObject(refused)
  const { id } = await engine.profiles.save(draft, null)
  await engine.close()

  const without = await engineFor(await dataDir(), { store })
  expect(without.profileBook.get(id)).toBeNull()
  expect(without.startProblems).toMatchObject([{ code: 'settings_corrupt' }])
  expect(store.get('damagedProfiles')).toMatchObject([{ id, fields: { tenant: 'shop' } }])
})

test('a batch that is to be taken up, of a platform that is not there, is said to be interrupted, and can be cancelled', async () => {
  const folder = await dataDir()
  let store: Store | null = null
  const before = await engineFor(folder, {
    registry,
    aroundStore: opened => {
      store = opened
      return opened
    },
  })
  const writer = (store as Store | null)?.writer
  const profiles = before.profiles.list().filter(({ id }) => id === 'house')
  const inputs = [await folderWith({ 'a.txt': '新品上市' })]
  const batch = {
    id: 'b_taken00000001',
    name: 'a',
    profiles,
    inputs,
    options: defaultOptions,
    practice: false,
    owner: 'gone',
  }
  await writer?.createBatch(batch)
  const found = { path: 'a.txt', source: '{}', kind: 'text', bytes: 1, excerpt: null, failure: null } as const
  await writer?.addFound(batch.id, 1, { assets: [found], skipped: [] }, [0])
  await before.close()

  const options = {
    dataDir: folder,
    store: memoryStore(),
    vault: noVault,
    env: {},
    samplesDir: folder,
    rulesDir: folder,
  }
  const engine = await openEngine({ ...options, takeUpUnfinished: true }, { controls: false })
  onTestFinished(() => engine.close())
  expect(engine.startProblems).toMatchObject([{ code: 'bad_request' }])
  expect(await engine.batches.get(batch.id)).toMatchObject({ state: 'interrupted' })
  await expect(engine.batches.resume(batch.id)).rejects.toMatchObject({ code: 'bad_request' })
  expect(await engine.batches.get(batch.id)).toMatchObject({ state: 'interrupted' })
  expect(await engine.batches.cancel(batch.id)).toMatchObject({ state: 'cancelled' })
})

test('a checker without an account finds what it finds, makes no call, and never lets anything pass', async () => {
  const sandbox = await startPractice({}, registry)
  onTestFinished(() => sandbox.close())
  const engine = await engineFor(await dataDir(), { registry, sandboxUrl: sandbox.url, controls: true })
  const folder = await folderWith({
    'forbidden.txt': '本品获国家级奖项',
    'evidence.txt': '全网销量领先',
    'notice.txt': '限时优惠',
    'ordinary.txt': '新品上市',
  })
  const profiles = engine.profiles.list().filter(({ id }) => id === 'house')
  const request = { inputs: [folder], profiles, options: defaultOptions, name: null }
  const plan = await engine.plan(request, () => undefined, AbortSignal.timeout(60_000))
  expect(plan).toMatchObject({ assets: { text: 4 }, calls: [], problems: [] })

  const { id, rows, byFile } = await found(engine, folder, 'House words')
  expect(byFile).toEqual({
    'forbidden.txt': 'risky',
    'evidence.txt': 'review',
    'notice.txt': 'rules_only',
    'ordinary.txt': 'rules_only',
  })
  expect(sandbox.stats()).toEqual([])
  const forbidden = rows.find(({ path }) => path.endsWith('forbidden.txt'))
  expect(await engine.assets.evidence(forbidden?.id ?? 0, null)).toContain(
    'hit: forbidden house/国家级 "国家级", characters 3 to 6; House list 1\n',
  )
  // As any endpoint it is tried with what it must flag.
  expect((await engine.batches.get(id)).controls).toMatchObject([{ endpoint: 'house.words', state: 'flagged' }])
  expect((await engine.profiles.test('house')).every(({ state }) => state === 'ok')).toBe(true)
  await expect(engine.profiles.remove('house')).rejects.toMatchObject({ code: 'not_found' })
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
})

test('beside a platform it can only make things worse', async () => {
  const engine = await engineFor(await dataDir(), { registry })
  const profiles = engine.profiles.list().filter(({ id }) => id === 'practice' || id === 'house')
  const folder = await folderWith({ 'forbidden.txt': '本品获国家级奖项', 'ordinary.txt': '新品上市' })
  const { rows } = await screenAll(engine, [folder], profiles)
  const byFile = rows.map(row => [row.path.split('/').at(-1), row.results.map(({ outcome }) => outcome)])
  expect(Object.fromEntries(byFile)).toEqual({
    'forbidden.txt': ['pass', 'risky'],
    'ordinary.txt': ['pass', 'rules_only'],
  })
})
