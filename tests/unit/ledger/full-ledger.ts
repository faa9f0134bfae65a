import { registry } from '../../../electron/engine/checkers/registry.ts'
import type { AssetResult } from '../../../electron/engine/ledger/rows.ts'
import { createBuiltInProfiles } from '../../../electron/engine/profiles/built-in-profiles.ts'
import { failure } from '../../../shared/conclusion.ts'
import type { PartPlace, Verdict } from '../../../shared/domain.ts'
import { indexAll, type LedgerFixture, openLedger, options, screened } from './fixture.ts'
import { ruledBatches } from './ruled.ts'

const profiles = createBuiltInProfiles(registry)
  .map(({ profile }) => profile)
  .slice(0, 2)
const whole: PartPlace = { name: 'whole', rect: null, frame: null, range: null, line: null, column: null }
const textPlace: PartPlace = { ...whole, range: [0, 12], line: 3, column: 5 }
const tile = (name: string, y: number): PartPlace => ({
  ...whole,
  name,
  rect: [0, y, 750, 1334],
  frame: y === 0 ? 1 : 4,
})
const hashOf = (digit: string) => digit.repeat(64)

/**
 * A database in which every table has rows, and every column a value in one of them: its bytes. Otherwise without rules and pieces, as a program of before schema 90
 * wrote it.
 */
export async function fullLedger(isOfToday = true): Promise<Buffer> {
  const ledger = openLedger()
  const { database, clock } = ledger
  const first = await batchOfTwo(ledger, 'b_full00000001', isOfToday)
  clock.set(clock.now() + 60_000)
  const second = await batchOfOne(ledger, 'b_full00000002', first.lender)
  await screened(ledger, [
    { path: 'more/a.txt', text: '你好', verdict: 'pass' },
    { path: 'more/b.txt', text: '词', verdict: 'risky' },
  ])
  await reviews(ledger, [first.lender, second.text])
  await pushes(ledger)
  if (isOfToday) await ruledBatches(ledger)
  await database.commit(() =>
    ledger.commands.keepLikenesses([{ sha256: hashOf('e'), bits: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]) }]),
  )
  indexAll(ledger)
  // Of what is yet to be taken in.
  await screened(ledger, [{ path: 'late/c.txt', text: '再见', verdict: 'review' }])
  await ledger.sealer.seal(null)
  clock.set(clock.now() + 1_000)
  await database.commit(() =>
    ledger.commands.setState(
      'b_full00000001',
      'paused',
      { code: 'quota_day', detail: '2 000 of 2 000', untilMs: 1 },
      null,
    ),
  )
  database.raw.pragma('wal_checkpoint(TRUNCATE)')
  const file = database.raw.serialize()
  // A database in memory has no write-ahead log (https://www.sqlite.org/fileformat.html#file_format_version_numbers).
  file.fill(1, 18, 20)
  return file
}

/** Pictures and texts before two profiles. */
async function batchOfTwo(ledger: LedgerFixture, id: string, hasPieces: boolean): Promise<{ lender: number }> {
  const { database, commands, queries } = ledger
  const kinds = ['image', 'text', 'text', 'image'] as const
  await database.commit(() => {
    commands.createBatch({ id, name: 'Autumn', profiles, inputs: ['posters'], options, practice: true, owner: '1:x' })
    commands.addSkipped(id, [
      { path: 'posters/.DS_Store', reason: 'hidden' },
      { path: 'posters/a.psd', reason: 'unsupported_type' },
    ])
    const found = kinds.map((kind, index) => ({
      path: `posters/${index}`,
      source: JSON.stringify({ kind: 'file', path: `/posters/${index}` }),
      kind,
      bytes: 100 + index,
      excerpt: kind === 'text' ? `found ${index}` : null,
      failure: null,
    }))
    const broken = {
      path: 'posters/x',
      source: '{"n":9}',
      kind: null,
      bytes: null,
      excerpt: null,
      failure: { code: 'empty', detail: 'no bytes' } as const,
    }
    commands.addAssets(id, 2, [...found, broken])
    commands.setWalked(id)
    commands.rename(id, 'Autumn sale')
  })
  const [picture = 0, lender = 0, split = 0] = queries.openAssets(id, 0, 10).map(asset => asset.id)
  await database.commit(() => {
    check(ledger, picture, 0, tile('tile 1/2', 0), 'risky')
    check(ledger, picture, 0, tile('tile 2/2', 1_200), null)
    check(ledger, picture, 1, whole, 'pass')
    commands.endResult(
      picture,
      0,
      endOf('risky', { parts: 2, checked: 1, tiled: true, reason: 'timeout', detail: 'late', reuseKey: null }),
      { path: 'posters/0', sha256: hashOf('a') },
      pictureFacts,
    )
    commands.endResult(picture, 1, endOf('pass', { reuseKey: hashOf('1') }), { path: 'posters/0', sha256: hashOf('a') })
    check(ledger, lender, 0, textPlace, 'pass')
    check(ledger, lender, 1, textPlace, 'pass')
    commands.endResult(
      lender,
      0,
      endOf('pass', { reuseKey: hashOf('2') }),
      { path: 'posters/1', sha256: hashOf('b') },
      textFacts('b'),
    )
    commands.endResult(lender, 1, endOf('pass', { reuseKey: hashOf('3') }), { path: 'posters/1', sha256: hashOf('b') })
    const page = { kind: 'picture', name: 'page 1', places: [{ page: 1 }] } as const
    const pieces = hasPieces ? { pieces: [page], sections: [] } : null
    commands.recordFacts(split, { ...textFacts('c'), pieces })
    check(ledger, split, 0, { ...textPlace, name: 'part 1/2' }, 'review')
    commands.endResult(split, 0, endOf('review', { reuseKey: hashOf('4') }), { path: 'posters/2', sha256: hashOf('c') })
  })
  await database.commit(() => commands.endOpen(id, 1, 'quota_day', '2 000 of 2 000'))
  return { lender }
}

/** Verdicts that were used again, one whose lender was checked once more, and recordings that wait for a push. */
async function batchOfOne(ledger: LedgerFixture, id: string, lender: number): Promise<{ text: number }> {
  const { database, commands, queries, clock } = ledger
  const profile = profiles[0]!
  await database.commit(() => {
    commands.createBatch({
      id,
      name: 'Songs',
      profiles: [profile],
      inputs: ['songs'],
      options,
      practice: true,
      owner: '2:y',
    })
    const found = Array.from({ length: 6 }, (_, index) => ({
      path: `songs/${index}`,
      source: JSON.stringify({ kind: 'file', path: `/songs/${index}` }),
      kind: index < 3 ? ('text' as const) : ('audio' as const),
      bytes: 10 + index,
      excerpt: null,
      failure: null,
    }))
    commands.addAssets(id, 1, found)
    commands.setWalked(id)
    commands.addSkipped(id, [{ path: 'songs/desktop.ini', reason: 'hidden' }])
  })
  const [borrower = 0, another = 0, text = 0, waiting = 0, pushed = 0] = queries
    .openAssets(id, 0, 10)
    .map(asset => asset.id)
  await database.commit(() => {
    for (const [asset, from] of [
      [borrower, 0],
      [another, 1],
    ] as const)
      commands.endResult(
        asset,
        0,
        { ...endOf('pass', { reuseKey: null }), reusedFrom: lender, reusedProfile: from },
        { sha256: hashOf('b'), screenedAt: clock.now() - 60_000 },
        textFacts('b'),
      )
    check(ledger, text, 0, textPlace, 'risky')
    commands.endResult(
      text,
      0,
      endOf('risky', { reuseKey: hashOf('5') }),
      { path: 'songs/2', sha256: hashOf('d') },
      textFacts('d'),
    )
    for (const asset of [waiting, pushed]) {
      const sent = begin(ledger, asset, 0, { ...whole, name: 'original' }, 'wechat.media_check_async')
      const context = { profile: profile.id, platform: profile.platform, appid: profile.appid, practice: true }
      commands.awaitCheck(
        sent.id,
        {
          app: `${profile.platform}:${profile.appid}`,
          traceId: `trace-${asset}`,
          dueAt: clock.now() + 1_800_000 + asset,
          attempts: 1,
          ms: 30 + asset,
          evidence: evidenceOf('pass'),
        },
        context,
      )
      commands.recordFacts(asset, { ...textFacts('e'), kind: 'audio', text: null, encoding: null, excerpt: null })
      commands.awaitResult(asset, 0, JSON.stringify({ ends: [], awaiting: ['original'], asset }), 1, 0)
      if (asset === pushed) {
        const evidence = { ...evidenceOf('pass'), traceId: `trace-${asset}` }
        const conclusion = { kind: 'verdict', verdict: 'pass', evidence } as const
        commands.endCheck(sent, { conclusion, attempts: 1, ms: 30 + asset }, context, 'push')
        commands.endResult(asset, 0, endOf('pass', { reuseKey: hashOf('6') }), { path: `songs/4`, sha256: hashOf('e') })
      }
    }
  })
  clock.set(clock.now() + 1_000)
  await database.commit(() => commands.requeue(queries.asset(lender)?.batch ?? '', { assets: [lender] }))
  await database.commit(() => commands.setState(id, 'done', null, null))
  return { text }
}

async function reviews({ database, commands, clock }: LedgerFixture, [a, b]: readonly [number, number]): Promise<void> {
  const acts = [
    ['act1', 'Lin', 'decide', { asset: a, decision: 'approve', reason: 1, note: null }],
    ['act2', 'Lin', 'note', { asset: b, note: '见邮件' }],
    ['act3', 'Wang', 'decide', { asset: b, decision: 'reject', reason: 2 }],
    ['act4', 'Wang', 'undo', { asset: b, decision: null, reason: null }],
    ['act5', 'Wang', 'redo', { asset: b, decision: 'reject', reason: 2 }],
    ['act6', 'Lin', 'clear', { asset: a, decision: null }],
    ['act7', 'Lin', 'decide', { asset: a, decision: 'escalate', reason: 3 }],
  ] as const
  for (const [act, reviewer, action, change] of acts) {
    clock.set(clock.now() + 1_000)
    await database.commit(() => commands.review(act, reviewer, action, [change]))
  }
}

async function pushes({ database, commands, clock }: LedgerFixture): Promise<void> {
  for (const [index, relay] of ['https://a.example', 'https://b.example'].entries()) {
    clock.set(clock.now() + 1_000)
    await database.commit(() => {
      commands.parkPush(`wechat:wx${index}`, `parked-${index}`, `{"kind":"verdict","n":${index}}`)
      commands.parkPush('qq:1', `gone-${index}`, '{}')
      commands.setRelayPosition(relay, 40 + index)
    })
  }
  await database.commit(() => commands.takeParked('qq:1', 'gone-0'))
}

function begin(
  { commands, clock }: LedgerFixture,
  asset: number,
  profile: number,
  place: PartPlace,
  endpoint = 'wechat.msg_sec_check',
) {
  const check = {
    asset,
    profile,
    place,
    endpoint,
    version: profile === 0 ? 'v2' : 'v1',
    partHash: `${asset}-${place.name}`,
    transform: place.rect === null ? null : 'webp 80',
    at: clock.now() + asset,
  }
  return { ...check, id: commands.beginCheck(check) }
}

function check(ledger: LedgerFixture, asset: number, profile: number, place: PartPlace, verdict: Verdict | null): void {
  const sent = begin(ledger, asset, profile, place)
  const evidence = evidenceOf(verdict ?? 'pass', `${asset}-${profile}`)
  const conclusion =
    verdict === null ? failure('RETRY', 'timeout', 'late', evidence) : ({ kind: 'verdict', verdict, evidence } as const)
  const context = { profile: profiles[profile]?.id, platform: 'wechat', appid: 'wx', practice: true } as const
  ledger.commands.endCheck(sent, { conclusion, attempts: 1 + profile, ms: 20 + asset }, context)
}

function evidenceOf(verdict: Verdict, id = 'x') {
  return {
    httpStatus: 200,
    errcode: 0,
    errmsg: 'ok',
    rid: `rid-${id}`,
    traceId: `trace-of-${id}`,
    label: verdict === 'risky' ? 20_002 : 100,
    score: verdict === 'risky' ? 95 : 90,
    reply: '{"errcode":0}',
  }
}

function endOf(outcome: Verdict, more: Partial<AssetResult>): AssetResult {
  return {
    outcome,
    reason: null,
    detail: null,
    labels: outcome === 'pass' ? [] : [20_002],
    score: outcome === 'pass' ? 90 : 95,
    parts: 1,
    checked: 1,
    reusedFrom: null,
    reusedProfile: null,
    reuseKey: null,
    tiled: false,
    ...more,
  }
}

const textFacts = (digit: string) =>
  ({
    kind: 'text',
    bytes: 40,
    sha256: hashOf(digit),
    width: null,
    height: null,
    encoding: 'utf-8',
    reading: 'plain 2',
    notes: [],
    excerpt: `${digit} 秋季新品`,
    text: '秋季新品，限时优惠',
  }) as const

const pictureFacts = {
  kind: 'image',
  bytes: 100,
  sha256: hashOf('a'),
  width: 750,
  height: 2_668,
  encoding: null,
  reading: 'jpeg 1',
  notes: [{ code: 'drawing', count: 2 }],
  excerpt: null,
  text: null,
} as const
