import { createRegistry } from '../../../electron/engine/checkers/create-registry.ts'
import { registry as product } from '../../../electron/engine/checkers/registry.ts'
import type { AssetResult } from '../../../electron/engine/ledger/rows.ts'
import { createBuiltInProfiles } from '../../../electron/engine/profiles/built-in-profiles.ts'
import type { Looked, NewHit } from '../../../electron/engine/store/records.ts'
import { type Evidence, failure, noEvidence } from '../../../shared/conclusion.ts'
import type { Verdict } from '../../../shared/domain.ts'
import type { RuleSeverity } from '../../../shared/rules.ts'
import { houseRule, houseWords } from '../../fixtures/checkers/house-words.ts'
import { type LedgerFixture, options } from './fixture.ts'

/** Batches before rules, as a run writes them. */

const builtIn = createBuiltInProfiles(createRegistry([...product.checkers, houseWords])).map(({ profile }) => profile)
const practice = builtIn[0]!
export const houseProfile = builtIn.find(({ id }) => id === 'house')!

export interface RuledText {
  readonly hits: readonly NewHit[]
  readonly more?: number
  readonly missing?: Looked['missing']
  /** What the platform said, where one was asked. */
  readonly platform?: Verdict
}

export function houseHit(word: string, severity: RuleSeverity, changes: Partial<NewHit> = {}): NewHit {
  return {
    part: 'whole',
    rule: houseRule(word, severity),
    bookVersion: 'list 1',
    range: [2, 2 + word.length],
    line: 1,
    column: 3,
    matched: word,
    before: '本品',
    after: '奖项',
    ...changes,
  }
}

/** A batch of texts before the house's words, and before a platform where `platform` is wanted; its id and its assets. */
export async function ruled(
  { database, commands, queries, clock }: LedgerFixture,
  id: string,
  texts: readonly RuledText[],
  { platform = false }: { readonly platform?: boolean } = {},
): Promise<readonly number[]> {
  const profiles = platform ? [practice, houseProfile] : [houseProfile]
  const local = profiles.length - 1
  await database.commit(() => {
    commands.createBatch({ id, name: id, profiles, inputs: ['in'], options, practice: platform, owner: '1:x' })
    const found = texts.map((_, index) => ({
      path: `${id}/${index}.txt`,
      source: JSON.stringify({ kind: 'file', path: `/${id}/${index}.txt` }),
      kind: 'text' as const,
      bytes: 10,
      excerpt: null,
      failure: null,
    }))
    commands.addAssets(id, profiles.length, found, [local])
    commands.setWalked(id)
  })
  const assets = queries.openAssets(id, 0, texts.length).map(open => open.id)
  await database.commit(() => {
    for (const [index, asset] of assets.entries()) {
      const { platform: said = 'pass', hits, more = 0, missing = null } = texts[index]!
      if (platform) commands.endResult(asset, 0, platformEnd(said), { path: `${id}/${index}.txt` })
      const looked = lookedOf(asset, local, { hits, more, missing, at: clock.now() })
      commands.endLooked(asset, looked, { path: `${id}/${index}.txt` })
    }
  })
  clock.set(clock.now() + 1_000)
  return assets
}

export function lookedOf(
  asset: number,
  profile: number,
  { hits, more, missing, at }: Pick<Looked, 'hits' | 'more' | 'missing'> & { readonly at: number },
): Looked {
  const evidence: Evidence = { ...noEvidence, reply: JSON.stringify({ hits, more }) }
  const check = {
    asset,
    profile,
    place: { name: 'whole', rect: null, frame: null, range: [0, 9] as const, line: 1, column: 1 },
    endpoint: 'house.words',
    version: 'list 1',
    partHash: `${asset}`,
    transform: null,
    at,
  }
  const conclusion = failure('INPUT', 'no_platform_verdict', '', evidence)
  const context = { profile: houseProfile.id, platform: 'house', appid: houseProfile.appid, practice: false }
  return { profile, checks: [{ check, end: { conclusion, attempts: 1, ms: 1 }, context }], hits, more, missing }
}

function platformEnd(outcome: Verdict): AssetResult {
  return {
    outcome,
    reason: null,
    detail: null,
    labels: outcome === 'pass' ? [] : [20_002],
    score: 90,
    parts: 1,
    checked: 1,
    reusedFrom: null,
    reusedProfile: null,
    reuseKey: null,
    tiled: false,
  }
}

/** Every column of the tables of rules has a value in one of their rows. */
export async function ruledBatches(ledger: LedgerFixture): Promise<void> {
  const { database, commands, queries, clock } = ledger
  const forbidden = houseHit('国家级', 'forbidden')
  const notice = houseHit('限时', 'notice', { range: [8, 10], line: 2, column: 1 })
  const evidence = houseHit('销量领先', 'evidence', { range: null, line: null, column: null, before: '', after: '' })
  const [first = 0, second = 0] = await ruled(
    ledger,
    'b_ruled0000001',
    [{ hits: [forbidden, notice] }, { hits: [forbidden, evidence], more: 2 }, { hits: [notice] }, { hits: [] }],
    { platform: true },
  )
  await ruled(ledger, 'b_ruled0000002', [
    { hits: [notice] },
    { hits: [forbidden, notice] },
    { hits: [], missing: { code: 'left_out', detail: '' } },
  ])
  const hitOf = (asset: number, index: number) => queries.ruled(asset)?.hits[index]?.id ?? 0
  const say = async (reach: 'once' | 'batch' | 'always', asset: number, index: number) => {
    clock.set(clock.now() + 1_000)
    const given = { hits: [hitOf(asset, index)], reach, reason: `${reach} 已获证`, reviewer: 'Lin' }
    return database.commit(() => commands.fine(given))
  }
  await say('batch', first, 0)
  await say('once', first, 1)
  const { waivers } = await say('always', second, 1)
  clock.set(clock.now() + 1_000)
  await database.commit(() => commands.restoreWaivers({ fine: [], notFine: waivers }, 'Wang'))
}
