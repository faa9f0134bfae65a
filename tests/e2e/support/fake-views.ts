import { passageOf } from '../../../electron/engine/store/passage.ts'
import { noCalls } from '../../../shared/call-causes.ts'
import { failureCodes } from '../../../shared/failures.ts'
import { gridDecisions, gridFlags, gridKinds, gridOutcomes } from '../../../shared/grid.ts'
import type { AssetPieces, PiecePlace } from '../../../shared/pieces.ts'
import type { QueueStatus } from '../../../shared/queue.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { AssetDetail, AssetRow, BatchSummary, CheckView, Plan, ResultView } from '../../../shared/screening.ts'
import { findingOf, hitsIn, ruledView, textOf } from './fake-rules.ts'
import {
  batchId,
  brandProfile,
  copy,
  type Fake,
  generator,
  isNoted,
  isOlder,
  names,
  now,
  outcome,
} from './fake-state.ts'

/** What the window is shown of the fake bridge's state. */

export function tally(fake: Fake): BatchSummary['tally'] {
  const counts = new Array<number>(gridOutcomes.length).fill(0)
  for (const value of fake.columns.outcome) counts[value] = (counts[value] ?? 0) + 1
  return {
    assets: fake.columns.id.length,
    pending: counts[outcome('pending')] ?? 0,
    awaiting: counts[outcome('awaiting')] ?? 0,
    pass: counts[outcome('pass')] ?? 0,
    rules_only: counts[outcome('rules_only')] ?? 0,
    review: counts[outcome('review')] ?? 0,
    risky: counts[outcome('risky')] ?? 0,
    unchecked: counts[outcome('unchecked')] ?? 0,
  }
}

export function summary(fake: Fake): BatchSummary {
  const counts = tally(fake)
  return {
    id: batchId,
    name: fake.name,
    state: fake.batchState,
    notice:
      fake.options.state === 'failing'
        ? { code: 'quota_day', detail: 'wechat.img_sec_check 200 000 / 200 000', untilMs: now + 9 * 3_600_000 }
        : null,
    createdAt: now - 3_600_000,
    endedAt: fake.batchState === 'done' ? now : null,
    walked: true,
    practice: fake.used.some(profile => profile.practice),
    profiles: fake.used.map(({ id, name, platform, appid, practice }) => ({ id, name, platform, appid, practice })),
    tally: counts,
    tallyByProfile: fake.used.map(() => counts),
    decided: fake.columns.decision.reduce((sum, value) => sum + (value > 0 && value < 4 ? 1 : 0), 0),
    noted: 0,
    skipped: 3,
    inputs: { count: 2, first: ['双十一', 'social/summer'], key: 'summer' },
    controls:
      fake.options.state === 'failing'
        ? [
            {
              profile: brandProfile.id,
              endpoint: 'wechat.msg_sec_check',
              version: 'v1',
              means: 'test_string',
              state: 'clean',
              reason: null,
              detail: null,
              at: now,
            },
          ]
        : [],
  }
}

const olderNames = ['会员日推文', 'Summer campaign', '门店物料 10 月']

export function older(fake: Fake): BatchSummary[] {
  return fake.options.state === 'empty'
    ? []
    : Array.from({ length: fake.options.amount === 'much' ? 99 : 3 }, (_, at) => ({
        ...summary(fake),
        id: `b_${String(11 + at).padStart(12, '0')}`,
        name: olderNames[at] ?? `${fake.name} ${at}`,
        state: 'done' as const,
        notice: null,
        createdAt: now - (at + 1) * 86_400_000,
        endedAt: now - (at + 1) * 86_400_000 + 600_000,
        tally:
          at < olderNames.length
            ? { assets: 240, pending: 0, awaiting: 0, pass: 230, rules_only: 0, review: 6, risky: 4, unchecked: 0 }
            : summary(fake).tally,
      }))
}

export function queue(fake: Fake): QueueStatus {
  const failing = fake.options.state === 'failing'
  return {
    paused: fake.options.state === 'paused',
    inFlight: fake.options.state === 'running' ? 12 : 0,
    checksPerMinute: fake.options.state === 'running' ? 1240 : 0,
    finishAt: fake.options.state === 'running' ? Date.now() + 190_000 : null,
    first: fake.first,
    endpoints: [
      {
        profile: failing ? 'p_brand' : 'practice',
        appid: brandProfile.appid,
        endpoint: 'wechat.img_sec_check',
        lastMinute: fake.options.state === 'running' ? 1240 : 0,
        perMinute: 2000,
        today: failing ? 200_000 : 122_000,
        perDay: 200_000,
        held: failing
          ? {
              class: 'DAY',
              code: 'quota_day',
              untilMs: now + 9 * 3_600_000,
              detail: '45009 reach max api daily quota limit',
            }
          : null,
      },
    ],
    tokens: [
      failing
        ? {
            profile: 'p_qq',
            state: 'refused',
            expiresAt: null,
            code: 'ip_not_allowed',
            detail: '40164 invalid ip 203.0.113.7',
          }
        : { profile: 'practice', state: 'ok', expiresAt: Date.now() + 7_000_000, code: null, detail: null },
    ],
    reading: fake.options.state === 'running' ? [{ name: '年会手册.pdf', page: { done: 120, of: 500 } }] : [],
    relays:
      fake.options.state === 'awaiting'
        ? [
            { relay: 'https://relay.example.com/prescreen', state: 'connected', detail: '' },
            { relay: 'https://relay.brand-b.example', state: 'unreachable', detail: 'timeout, no answer in 10 s' },
          ]
        : [],
  }
}

const longFileName = '2026双十一_华东大区_朋友圈长图_第三次修改_客户已确认_final-final-v3_1242x2208@2x'

export function row(fake: Fake, asset: number): AssetRow {
  const position = asset - 1
  const own = generator(fake.options.seed * 7919 + asset)
  const kind = gridKinds[fake.columns.kind[position] ?? 0] ?? 'unknown'
  const folder = fake.columns.folders[fake.columns.folder[position] ?? 0] ?? ''
  const name = names[Math.floor(own() * names.length)] ?? ''
  const file = `${fake.options.amount === 'much' && asset % 2 === 0 ? `${longFileName}_` : ''}${name}_${String(asset).padStart(5, '0')}.${kind === 'text' ? 'txt' : kind === 'document' ? (asset % 2 === 0 ? 'pdf' : 'pptx') : kind === 'audio' ? 'mp3' : asset % 11 === 0 ? 'gif' : 'jpg'}`
  const decision = gridDecisions[fake.columns.decision[position] ?? 0] ?? 'undecided'
  return {
    id: asset,
    path: folder === '' ? file : `${folder}/${file}`,
    kind: kind === 'unknown' ? null : kind,
    bytes: Math.floor(own() * 4_000_000),
    width: kind === 'image' ? 1500 : null,
    height: kind === 'image' ? 2668 : null,
    excerpt: kind === 'text' || kind === 'document' ? (copy[asset % copy.length] ?? '') : null,
    results: results(fake, asset),
    decision: decision === 'undecided' ? null : decision,
    decisionReason: fake.reasonsGiven.get(asset) ?? null,
    note: fake.notes.get(asset) ?? null,
    readerNotes: isNoted(asset) ? [remark('second_picture', { count: 2 })] : [],
    isOlderReading: isOlder(asset),
    rules: findingOf(fake, asset),
    ...placesOf(fake, asset),
  }
}

function placesOf(fake: Fake, asset: number): Pick<AssetRow, 'passage' | 'boxes' | 'rule' | 'document'> {
  const verdict = gridOutcomes[fake.platform[asset - 1] ?? 0]
  const hits = hitsIn(fake, asset).filter(({ waiver }) => waiver === null)
  const places = hits.flatMap(({ range, line, text, ...kept }) =>
    range === null ? [] : [{ range, line, tone: text.severity, isPart: false, kept }],
  )
  const isDocument = gridKinds[fake.columns.kind[asset - 1] ?? 0] === 'document'
  const isFound = verdict === 'risky' || verdict === 'review'
  return {
    document: isDocument ? { picture: pageName(asset, isFound ? 6 : 0), pictures: pagesOf(asset) } : null,
    passage: isDocument ? null : passageOf(places, textOf(asset).slice(0, 200)),
    boxes: isDocument
      ? []
      : verdict === 'risky' || verdict === 'review'
        ? [{ rect: [750, 0, 750, 1334], verdict }]
        : [],
    rule: hits[0]?.text.title ?? null,
  }
}

/** Of some documents hundreds. */
const pagesOf = (asset: number): number => (asset % 3 === 0 ? 480 : 24)
const pageName = (asset: number, at: number): string =>
  asset % 2 === 0 ? `page ${at + 1}` : `slide ${1 + Math.floor(at / 2)} picture ${1 + (at % 2)}`
const pagePlace = (asset: number, at: number): PiecePlace =>
  asset % 2 === 0 ? { page: at + 1 } : { slide: 1 + Math.floor(at / 2) }

/** Words, and pages or pictures of slides; some lines of the words are each page's. */
function piecesOf(asset: number): AssetPieces {
  const pages = Array.from({ length: pagesOf(asset) }, (_, at) => at)
  return {
    pieces: pages.map(at => ({
      kind: 'picture',
      name: pageName(asset, at),
      places: [pagePlace(asset, at)],
      size: { width: 1500, height: 2668 },
    })),
    sections: pages.map(at => ({ start: at * 60, place: asset % 2 === 0 ? { page: at + 1 } : { slide: at + 1 } })),
  }
}

/** The words' one call, and one of each page, where the second tile of the seventh is what was found. */
function documentChecks(fake: Fake, asset: number, own: readonly CheckView[]): CheckView[] {
  const verdict = gridOutcomes[fake.platform[asset - 1] ?? 0]
  return own.flatMap(check => [
    { ...check, part: 'whole', range: [0, 400] as const, line: 1, column: 1, rect: null, verdict: 'pass' as const },
    ...Array.from({ length: pagesOf(asset) }, (_, at): CheckView => {
      const isFound = at === 6 && (verdict === 'risky' || verdict === 'review')
      return {
        ...check,
        id: asset * 10_000 + at,
        part: isFound ? `${pageName(asset, at)} tile 2/2` : pageName(asset, at),
        rect: isFound ? [0, 1334, 1500, 1334] : null,
        verdict: isFound ? verdict : check.verdict,
        label: isFound ? (fake.columns.label[asset - 1] ?? null) : null,
        score: isFound ? (fake.columns.score[asset - 1] ?? null) : null,
      }
    }),
  ])
}

export function results(fake: Fake, asset: number): ResultView[] {
  const position = asset - 1
  const worst = gridOutcomes[fake.platform[position] ?? 0] ?? 'pending'
  const failure = fake.columns.reason[position] ?? 0
  const score = fake.columns.score[position] ?? 255
  const label = fake.columns.label[position] ?? 0
  return fake.used.map((profile, at) => {
    if (profile.id === rulesProfile) return rulesResult(fake, asset)
    const settled = worst !== 'pending' && worst !== 'awaiting'
    const split = ((fake.columns.flags[position] ?? 0) & gridFlags.split) !== 0 && at > 0
    return {
      profile: profile.id,
      state: worst === 'pending' ? 'queued' : worst === 'awaiting' ? 'awaiting' : 'done',
      outcome: settled ? (split ? 'pass' : worst) : null,
      reason: failure === 0 ? null : (failureCodes[failure - 1] ?? null),
      detail: failure === 0 ? null : 'ETIMEDOUT 203.0.113.7:443',
      labels: label === 0 || split ? [] : [label],
      score: score === 255 || split ? null : score,
      parts: 4,
      checked: settled ? 4 : 0,
      reused: ((fake.columns.flags[position] ?? 0) & gridFlags.reused) !== 0,
      screenedAt: settled ? now - 60_000 : worst === 'awaiting' ? Date.now() - (asset % 24) * 60_000 : null,
    }
  })
}

function rulesResult(fake: Fake, asset: number): ResultView {
  const finding = findingOf(fake, asset)
  const isPending = gridOutcomes[fake.platform[asset - 1] ?? 0] === 'pending'
  const isUnread = finding === null && !isPending
  const own = finding === 'forbidden' ? 'risky' : finding === 'evidence' ? 'review' : 'rules_only'
  return {
    profile: rulesProfile,
    state: isPending ? 'queued' : 'done',
    outcome: isPending ? null : isUnread ? 'unchecked' : own,
    reason: isUnread ? 'kind_not_taken' : null,
    detail: null,
    labels: [],
    score: null,
    parts: isUnread ? 0 : 1,
    checked: finding === null ? 0 : 1,
    reused: false,
    screenedAt: isPending ? null : now - 60_000,
  }
}

export function detail(fake: Fake, asset: number): AssetDetail {
  const base = row(fake, asset)
  const position = asset - 1
  const worst = gridOutcomes[fake.columns.outcome[position] ?? 0] ?? 'pending'
  const tiled = ((fake.columns.flags[position] ?? 0) & gridFlags.tiled) !== 0 || worst === 'risky' || worst === 'review'
  const isDocument = base.kind === 'document'
  const text = base.kind === 'text' || isDocument ? textOf(asset) : null
  const risky = text === null ? -1 : text.indexOf('稳赚不赔')
  const isAnimated = base.kind === 'image' && asset % 11 === 0
  const isMedia = base.kind === 'audio' || fake.options.state === 'awaiting'
  const spans: AssetDetail['spans'] = fake.foundSpans.get(asset) ?? []
  const checks: CheckView[] = base.results.flatMap((result, at) =>
    Array.from(
      { length: result.profile === rulesProfile ? 0 : tiled && text === null ? 4 : text !== null ? 2 : 1 },
      (_, part): CheckView => {
        const failed = worst === 'unchecked' && part === 0
        const hit = part === 1 && (worst === 'risky' || worst === 'review')
        const verdict =
          failed || result.outcome === null ? null : hit ? (worst === 'risky' ? 'risky' : 'review') : 'pass'
        const whole = text !== null && part === 1 && risky >= 0
        return {
          id: asset * 100 + at * 10 + part,
          profile: result.profile,
          part: isAnimated
            ? `frame ${part * 2 + 1}/8`
            : text !== null
              ? `chunk ${part + 1}/2`
              : tiled
                ? `tile ${part + 1}/4`
                : 'whole',
          rect:
            text === null && tiled && !isAnimated && !isMedia
              ? [(part % 2) * 750, Math.floor(part / 2) * 1334, 750, 1334]
              : null,
          frame: isAnimated ? part * 2 : null,
          range: text === null ? null : whole ? [risky, risky + 40] : [0, Math.min(2500, text.length)],
          line: text === null ? null : 1,
          column: text === null ? null : 1,
          endpoint:
            text !== null ? 'wechat.msg_sec_check' : isMedia ? 'wechat.media_check_async' : 'wechat.img_sec_check',
          version: text !== null || isMedia ? 'v2' : 'v1',
          state: result.outcome !== null ? 'done' : result.state === 'awaiting' ? 'awaiting' : 'sent',
          verdict,
          reason: failed ? result.reason : null,
          detail: failed ? result.detail : null,
          errcode: failed ? null : hit && text === null ? 87014 : 0,
          label: hit ? (fake.columns.label[position] ?? null) : null,
          score: hit ? (fake.columns.score[position] ?? null) : null,
          rid: `6a1f0c2e-1b2c3d4e-${asset}${part}`,
          traceId: text === null && !isMedia ? null : `tr-${asset}-${part}`,
          attempts: failed ? 4 : 1,
          ms: 180 + part * 11,
          at: result.state === 'awaiting' ? (result.screenedAt ?? now) : now - 60_000 + part * 200,
          dueAt: result.state === 'awaiting' ? (result.screenedAt ?? now) + 30 * 60_000 : null,
          reusedFrom: result.reused ? 41 : null,
          reply: hit ? '{"errcode":87014,"errmsg":"risky content rid: 6a1f0c2e"}' : '{"errcode":0,"errmsg":"ok"}',
        }
      },
    ),
  )
  return {
    ...base,
    batch: batchId,
    sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
    text,
    encoding: text === null ? null : 'utf-8',
    reading: text === null ? 'jpeg 2' : 'plain 2',
    pieces: isDocument ? piecesOf(asset) : null,
    checks: isDocument ? documentChecks(fake, asset, firstOfEach(checks)) : checks,
    ruled: ruledView(fake, asset),
    spans,
    history: fake.history.get(asset) ?? [],
    earlier:
      asset % 3 === 0
        ? [
            {
              batch: 'b_000000000011',
              asset: 3,
              path: base.path,
              outcome: 'pass',
              decision: 'approve',
              at: now - 86_400_000,
            },
          ]
        : [],
  }
}

/** A profile's first call. */
const firstOfEach = (checks: readonly CheckView[]) =>
  checks.filter(({ profile }, at) => checks.findIndex(each => each.profile === profile) === at)

export const makePlan = (done: boolean): Plan => ({
  id: 'plan_1',
  done,
  problem: null,
  assets: done
    ? { image: 9120, text: 880, audio: 0, document: 6, video: 0 }
    : { image: 1200, text: 90, audio: 0, document: 1, video: 0 },
  bytes: done ? 3_200_000_000 : 410_000_000,
  problems: Array.from({ length: done ? 240 : 12 }, (_, at) => ({
    path: `双十一/源文件/主视觉_${at}.psd`,
    code:
      at % 7 === 0
        ? ('skipped' as const)
        : at % 3 === 0
          ? ('unreadable_image' as const)
          : ('unsupported_type' as const),
    detail: at % 7 === 0 ? '.DS_Store' : '',
  })),
  problemCount: done ? 240 : 12,
  tables: [
    {
      path: '双十一/会员文案.xlsx',
      file: '/素材/双十一/会员文案.xlsx',
      sheet: '短信',
      columns: [
        { key: '编号', letter: 'A', name: '编号', samples: ['1', '2'] },
        { key: '文案', letter: 'B', name: '文案', samples: [copy[0] ?? '', copy[3] ?? ''] },
        { key: '配图', letter: 'C', name: '配图', samples: ['https://img.example/1.jpg', 'https://img.example/2.jpg'] },
      ],
      textColumn: '文案',
      urlColumn: '配图',
      moreTextColumns: [],
      isWanted: true,
      rows: done ? 212 : null,
    },
    {
      path: '双十一/价格.csv',
      file: '/素材/双十一/价格.csv',
      sheet: null,
      columns: [
        { key: 'A', letter: 'A', name: null, samples: ['10086', '10087'] },
        { key: 'B', letter: 'B', name: null, samples: ['199.00', '299.00'] },
      ],
      textColumn: null,
      urlColumn: null,
      moreTextColumns: [],
      isWanted: true,
      rows: done ? 88 : null,
    },
  ],
  documents: Array.from({ length: done ? 6 : 1 }, (_, at) => ({
    path: `双十一/方案/年会_${at + 1}.${at % 2 === 0 ? 'pptx' : 'pdf'}`,
    found: {
      characters: 3200,
      pages: at % 2 === 0 ? 0 : 48,
      slides: at % 2 === 0 ? 24 : 0,
      sheets: 0,
      layers: 0,
      pictures: at % 2 === 0 ? 61 : 0,
      films: 0,
      recordings: 0,
    },
    calls: { text: 2, image: at % 2 === 0 ? 61 : 60, media: 0 },
    leftOut: at % 3 === 0 ? encodeRemarks([remark('untaken_recordings', { count: 1 })]) : '',
  })),
  documentCount: done ? 6 : 1,
  uncertain: ['双十一/短信/召回.txt', '双十一/短信/新客.txt', '双十一/标题.txt'].map((path, at) => ({
    path,
    file: `/素材/${path}`,
    readings: [
      { encoding: 'gb18030' as const, lines: [copy[at] ?? '', copy[at + 1] ?? ''] },
      { encoding: 'big5' as const, lines: ['衄腎俶珋', '勤祥'] },
      { encoding: 'utf-16le' as const, lines: ['뇁믏뎡뿗'] },
    ],
  })),
  uncertainCount: 3,
  tiledImages: done ? 812 : 40,
  reused: done ? 96 : 4,
  controls: 0,
  causes: done
    ? { ...noCalls, words: 880, images: 9120, pages: 144, pictures: 183, tiles: 2993 }
    : { ...noCalls, words: 90, images: 1200, tiles: 200 },
  calls: [
    {
      profile: 'practice',
      endpoint: 'wechat.img_sec_check',
      parts: done ? 12_440 : 1400,
      perMinute: 2000,
      quotaLeft: 78_000,
    },
    {
      profile: 'practice',
      endpoint: 'wechat.msg_sec_check',
      parts: done ? 880 : 90,
      perMinute: 4000,
      quotaLeft: 1_880_000,
    },
  ],
  ways: done ? [{ profile: 'practice', kind: 'image', way: 'sync', why: 'no_relay', assets: 9120 }] : [],
  durationMs: done ? 374_000 : 60_000,
})
