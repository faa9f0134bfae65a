import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openEngine } from '../../../electron/engine/app/engine.ts'
import { gridOutcomes } from '../../../shared/grid.ts'
import type { Settings } from '../../../shared/settings.ts'
import { memoryStore, noVault, rowsOf, sandboxFor, temporaryFolder } from '../../fixtures/engine/harness.ts'

const resources = join(import.meta.dirname, '../../../resources')

/** The sample batch as somebody sees it who has just installed the program. */
async function sample(settings: Partial<Settings> = {}) {
  const dataDir = join(await temporaryFolder(), 'data')
  const sandbox = await sandboxFor()
  const engine = await openEngine(
    {
      dataDir,
      store: memoryStore(),
      vault: noVault,
      env: {},
      samplesDir: join(resources, 'samples'),
      rulesDir: join(resources, 'rules'),
    },
    { sandboxUrl: sandbox.url, controls: false },
  )
  onTestFinished(() => engine.close())
  engine.settings.set(settings)
  const ended = Promise.withResolvers<void>()
  engine.on('batch', batch => {
    if (batch.state === 'done') ended.resolve()
  })
  return { engine, batch: await engine.batches.sample(), ended: ended.promise }
}

describe('the sample batch', () => {
  test('is checked by the shipped rules too, and shows one hit of each severity at least', async () => {
    const { engine, batch, ended } = await sample()
    await ended
    const rows = await rowsOf(engine, batch.id)
    const { id, outcome } = await engine.grid.columns(batch.id)
    const outcomeOf = (asset: number) => gridOutcomes[outcome[id.indexOf(asset)] ?? -1]
    expect(batch.profiles.map(({ id }) => id)).toEqual(['practice', 'rules'])
    const found = Object.fromEntries(rows.map(row => [row.path, [row.rules, outcomeOf(row.id)]]))
    expect(found).toMatchObject({
      '文案/渠道文案.csv#4': ['notice', 'pass'],
      '文案/渠道文案.csv#8': ['evidence', 'review'],
      '文案/渠道文案.csv#9': ['forbidden', 'risky'],
      '文案/朋友圈.txt': ['none', 'pass'],
      // Pictures are not looked at, which says nothing against a pass.
      '横幅/首页横幅.png': [null, 'pass'],
    })
    expect(rows).toHaveLength(24)
    const rules = await engine.grid.rules(batch.id)
    expect(rules.map(({ text }) => text.severity)).toEqual(expect.arrayContaining(['notice', 'evidence', 'forbidden']))
    const [{ text }] = rules as [(typeof rules)[number]]
    const assets = await engine.grid.ofRule(batch.id, text.book, text.rule)
    expect(assets.length).toBeGreaterThan(0)
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })

  test('is not, where somebody wants no rules', async () => {
    const { batch } = await sample({ rules: false })
    expect(batch.profiles.map(({ id }) => id)).toEqual(['practice'])
  })
})
