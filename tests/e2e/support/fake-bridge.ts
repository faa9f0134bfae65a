import type { Decision } from '../../../shared/domain.ts'
import { failureCodes } from '../../../shared/failures.ts'
import {
  type GridColumns,
  type GridDelta,
  gridDecisions,
  gridFlags,
  gridKinds,
  gridOutcomes,
} from '../../../shared/grid.ts'
import type { Bridge, CallInput, CallName, CallResult, EventName, Events, IpcProblem } from '../../../shared/ipc.ts'
import { calls } from '../../../shared/ipc.ts'
import { type Profile, profileDefaults } from '../../../shared/profile.ts'
import type { QueueStatus } from '../../../shared/queue.ts'
import { remark } from '../../../shared/remarks/index.ts'
import type {
  AssetDetail,
  AssetRow,
  BatchSummary,
  CheckView,
  Plan,
  ResultView,
  ReviewEvent,
} from '../../../shared/screening.ts'
import { type Settings, settingsSchema } from '../../../shared/settings.ts'

/**
 * A bridge without a main process, for looking at the window and measuring it: everything is made from a seed and kept in
 * memory. What users get is tested against the real one.
 */
export interface FakeOptions {
  readonly assets: number
  readonly seed: number
  readonly language: 'zh' | 'en'
  readonly theme: 'light' | 'dark'
  /** `empty`: first run. `failing`: quota gone, token refused, many unchecked. `running`: deltas keep coming. `awaiting`: pushes are. */
  readonly state: (typeof fakeStates)[number]
  readonly vault: 'keychain' | 'weak'
}

export const fakeStates = ['empty', 'done', 'failing', 'running', 'paused', 'broken', 'awaiting'] as const

export function fakeOptionsFrom(query: string): FakeOptions {
  const given = new URLSearchParams(query)
  const among = <Value extends string>(name: string, values: readonly Value[], fallback: Value): Value =>
    values.find(value => value === given.get(name)) ?? fallback
  return {
    assets: Number(given.get('assets') ?? 2000),
    seed: Number(given.get('seed') ?? 7),
    language: among('language', ['zh', 'en'], 'zh'),
    theme: among('theme', ['light', 'dark'], 'light'),
    state: among('state', fakeStates, 'done'),
    vault: among('vault', ['keychain', 'weak'], 'keychain'),
  }
}

const outcome = (name: (typeof gridOutcomes)[number]): number => gridOutcomes.indexOf(name)
const labels = [20002, 20006, 10001, 20012, 20001, 20008, 21000]
const reasons = ['unreadable_image', 'timeout', 'quota_day', 'undecodable_text'] as const
const folders = ['', '双十一', '双十一/主视觉', '双十一/详情页', '会员日', '会员日/推文', '门店', 'social/summer']
const names = ['主图', '详情', 'banner', '海报', 'KV', '推文', '短信', 'poster_final', '门店易拉宝', '开屏']
const copy = [
  '限时特惠!全场五折起,仅限今日,点击领取你的专属红包。',
  '新品上市\n夏日限定系列,清爽一夏。\n门店同步发售。',
  'Dear member,\nyour birthday gift is waiting in the store.\nShow this message at the counter.',
  '加微信领福利,稳赚不赔,日入三千,先到先得!',
  '尊敬的会员:\n您的积分将于本月底到期,请尽快兑换。',
]

/** A small generator with a seed (mulberry32), so that the same address shows the same batch. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const now = Date.UTC(2026, 10, 21, 6, 30)
const practiceProfile: Profile = {
  ...profileDefaults,
  id: 'practice',
  name: '演练 · 微信',
  platform: 'wechat',
  appid: 'practice_wechat',
  secret: { from: 'none' },
  tokenMode: 'static',
  scene: 1,
  relay: null,
  practice: true,
}
const brandProfile: Profile = {
  ...practiceProfile,
  id: 'p_brand',
  name: '品牌A · 微信',
  appid: 'wx1234567890abcdef',
  secret: { from: 'vault' },
  tokenMode: 'stable',
  openids: ['o_tester_1'],
  sharePercent: 40,
  practice: false,
}
const relayProfile: Profile = {
  ...brandProfile,
  imageRoute: 'async',
  relay: { url: 'https://relay.example.com/prescreen', key: { from: 'vault' } },
}
const qqProfile: Profile = {
  ...brandProfile,
  id: 'p_qq',
  name: '品牌A · QQ',
  platform: 'qq',
  appid: '1109876543',
  tokenMode: 'classic',
}

/** A few passes of which a reader noted something, or that an earlier version read. */
const isNoted = (asset: number): boolean => asset % 11 === 3
const isOlder = (asset: number): boolean => asset % 13 === 5

export function makeFakeBridge(options: FakeOptions): Bridge {
  const random = generator(options.seed)
  const listeners = new Map<EventName, Set<(event: never) => void>>()
  const emit = <Name extends EventName>(name: Name, event: Events[Name]): void => {
    for (const listener of listeners.get(name) ?? []) (listener as (event: Events[Name]) => void)(event)
  }

  let settings: Settings = settingsSchema.parse({
    language: options.language,
    theme: options.theme,
    reviewer: 'reviewer',
    reasons: ['夸大宣传', '绝对化用语', '侵权风险', '低俗'],
  })
  const isAwaiting = options.state === 'awaiting'
  const profiles: Profile[] = [practiceProfile, isAwaiting ? relayProfile : brandProfile, qqProfile]
  const batchId = 'b_000000000001'
  const columns = makeColumns(batchId, options, random)
  const notes = new Map<number, string>()
  const reasonsGiven = new Map<number, number>()
  const history = new Map<number, ReviewEvent[]>()
  const undoStack: { assets: number[]; before: number[]; after: number[] }[] = []
  const redoStack: { assets: number[]; before: number[]; after: number[] }[] = []
  const foundSpans = new Map<number, AssetDetail['spans']>()
  let stopSpan = false
  let revision = 1
  let batchState: BatchSummary['state'] =
    options.state === 'running' || isAwaiting
      ? 'running'
      : options.state === 'paused' || options.state === 'failing'
        ? 'paused'
        : 'done'
  let name = '双十一主会场素材'
  let sampled = options.state !== 'empty'
  let plan: Plan | null = null

  const used = isAwaiting
    ? [relayProfile]
    : options.state === 'failing' || options.state === 'broken'
      ? [brandProfile, qqProfile]
      : [practiceProfile]
  function tally(): BatchSummary['tally'] {
    const counts = new Array<number>(gridOutcomes.length).fill(0)
    for (const value of columns.outcome) counts[value] = (counts[value] ?? 0) + 1
    return {
      assets: columns.id.length,
      pending: counts[outcome('pending')] ?? 0,
      awaiting: counts[outcome('awaiting')] ?? 0,
      pass: counts[outcome('pass')] ?? 0,
      review: counts[outcome('review')] ?? 0,
      risky: counts[outcome('risky')] ?? 0,
      unchecked: counts[outcome('unchecked')] ?? 0,
    }
  }

  function summary(): BatchSummary {
    const counts = tally()
    return {
      id: batchId,
      name,
      state: batchState,
      notice:
        options.state === 'failing'
          ? { code: 'quota_day', detail: 'wechat.img_sec_check 200 000 / 200 000', untilMs: now + 9 * 3_600_000 }
          : null,
      createdAt: now - 3_600_000,
      endedAt: batchState === 'done' ? now : null,
      walked: true,
      practice: used.some(profile => profile.practice),
      profiles: used.map(({ id, name, platform, appid, practice }) => ({ id, name, platform, appid, practice })),
      tally: counts,
      tallyByProfile: used.map(() => counts),
      decided: columns.decision.reduce((sum, value) => sum + (value > 0 && value < 4 ? 1 : 0), 0),
      noted: 0,
      skipped: 3,
      inputs: { count: 2, first: ['双十一', 'social/summer'], key: 'summer' },
      controls:
        options.state === 'failing'
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

  const older = (): BatchSummary[] =>
    options.state === 'empty'
      ? []
      : ['会员日推文', 'Summer campaign', '门店物料 10 月'].map((title, at) => ({
          ...summary(),
          id: `b_00000000001${at + 1}`,
          name: title,
          state: 'done' as const,
          notice: null,
          createdAt: now - (at + 1) * 86_400_000,
          endedAt: now - (at + 1) * 86_400_000 + 600_000,
          tally: { assets: 240, pending: 0, awaiting: 0, pass: 230, review: 6, risky: 4, unchecked: 0 },
        }))

  function queue(): QueueStatus {
    const failing = options.state === 'failing'
    return {
      paused: options.state === 'paused',
      inFlight: options.state === 'running' ? 12 : 0,
      checksPerMinute: options.state === 'running' ? 1240 : 0,
      finishAt: options.state === 'running' ? Date.now() + 190_000 : null,
      endpoints: [
        {
          profile: failing ? 'p_brand' : 'practice',
          appid: brandProfile.appid,
          endpoint: 'wechat.img_sec_check',
          lastMinute: options.state === 'running' ? 1240 : 0,
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
      relays: isAwaiting
        ? [
            { relay: 'https://relay.example.com/prescreen', state: 'connected', detail: '' },
            { relay: 'https://relay.brand-b.example', state: 'unreachable', detail: 'timeout, no answer in 10 s' },
          ]
        : [],
    }
  }

  function row(asset: number): AssetRow {
    const position = asset - 1
    const own = generator(options.seed * 7919 + asset)
    const kind = gridKinds[columns.kind[position] ?? 0] ?? 'unknown'
    const folder = columns.folders[columns.folder[position] ?? 0] ?? ''
    const file = `${names[Math.floor(own() * names.length)] ?? ''}_${String(asset).padStart(5, '0')}.${kind === 'text' ? 'txt' : kind === 'audio' ? 'mp3' : asset % 11 === 0 ? 'gif' : 'jpg'}`
    const decision = gridDecisions[columns.decision[position] ?? 0] ?? 'undecided'
    return {
      id: asset,
      path: folder === '' ? file : `${folder}/${file}`,
      kind: kind === 'unknown' ? null : kind,
      bytes: Math.floor(own() * 4_000_000),
      width: kind === 'image' ? 1500 : null,
      height: kind === 'image' ? 2668 : null,
      excerpt: kind === 'text' ? (copy[asset % copy.length] ?? '') : null,
      results: results(asset),
      decision: decision === 'undecided' ? null : decision,
      decisionReason: reasonsGiven.get(asset) ?? null,
      note: notes.get(asset) ?? null,
      readerNotes: isNoted(asset) ? [remark('second_picture', { count: 2 })] : [],
      isOlderReading: isOlder(asset),
    }
  }

  function results(asset: number): ResultView[] {
    const position = asset - 1
    const worst = gridOutcomes[columns.outcome[position] ?? 0] ?? 'pending'
    const failure = columns.reason[position] ?? 0
    const score = columns.score[position] ?? 255
    const label = columns.label[position] ?? 0
    return used.map((profile, at) => {
      const settled = worst !== 'pending' && worst !== 'awaiting'
      const split = ((columns.flags[position] ?? 0) & gridFlags.split) !== 0 && at > 0
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
        reused: ((columns.flags[position] ?? 0) & gridFlags.reused) !== 0,
        screenedAt: settled ? now - 60_000 : worst === 'awaiting' ? Date.now() - (asset % 24) * 60_000 : null,
      }
    })
  }

  function detail(asset: number): AssetDetail {
    const base = row(asset)
    const position = asset - 1
    const worst = gridOutcomes[columns.outcome[position] ?? 0] ?? 'pending'
    const tiled = ((columns.flags[position] ?? 0) & gridFlags.tiled) !== 0 || worst === 'risky' || worst === 'review'
    const text =
      base.kind === 'text'
        ? Array.from({ length: asset % 5 === 0 ? 4000 : 30 }, (_, line) => copy[(asset + line) % copy.length]).join(
            '\n',
          )
        : null
    const risky = text === null ? -1 : text.indexOf('稳赚不赔')
    const isAnimated = base.kind === 'image' && asset % 11 === 0
    const isMedia = base.kind === 'audio' || isAwaiting
    const spans: AssetDetail['spans'] = foundSpans.get(asset) ?? []
    const checks: CheckView[] = base.results.flatMap((result, at) =>
      Array.from({ length: tiled && text === null ? 4 : text !== null ? 2 : 1 }, (_, part): CheckView => {
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
          label: hit ? (columns.label[position] ?? null) : null,
          score: hit ? (columns.score[position] ?? null) : null,
          rid: `6a1f0c2e-1b2c3d4e-${asset}${part}`,
          traceId: text === null && !isMedia ? null : `tr-${asset}-${part}`,
          attempts: failed ? 4 : 1,
          ms: 180 + part * 11,
          at: result.state === 'awaiting' ? (result.screenedAt ?? now) : now - 60_000 + part * 200,
          dueAt: result.state === 'awaiting' ? (result.screenedAt ?? now) + 30 * 60_000 : null,
          reusedFrom: result.reused ? 41 : null,
          reply: hit ? '{"errcode":87014,"errmsg":"risky content rid: 6a1f0c2e"}' : '{"errcode":0,"errmsg":"ok"}',
        }
      }),
    )
    return {
      ...base,
      batch: batchId,
      sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
      text,
      encoding: text === null ? null : 'utf-8',
      reading: text === null ? 'jpeg 2' : 'plain 2',
      checks,
      spans,
      history: history.get(asset) ?? [],
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

  function change(assets: readonly number[]): void {
    const positions = Uint32Array.from(assets, asset => asset - 1)
    const from = revision
    revision += 1
    emit('grid', deltaOf(columns, positions, from, revision))
    emit('batch', summary())
  }

  function setDecision(assets: readonly number[], values: readonly number[]): void {
    for (const [at, asset] of assets.entries()) columns.decision[asset - 1] = values[at] ?? 0
    change(assets)
  }

  function remember(assets: readonly number[], action: ReviewEvent['action'], decision: Decision | null): void {
    if (assets.length > 1000) return
    for (const asset of assets) {
      const events = history.get(asset) ?? []
      events.push({
        id: events.length + 1,
        at: Date.now(),
        reviewer: 'reviewer',
        action,
        decision,
        reason: null,
        note: null,
      })
      history.set(asset, events)
    }
  }

  function step(from: typeof undoStack, to: typeof undoStack, side: 'before' | 'after') {
    const last = from.pop()
    if (last === undefined) return null
    to.push(last)
    setDecision(last.assets, last[side])
    remember(last.assets, side === 'before' ? 'undo' : 'redo', null)
    return { batch: batchId, assets: last.assets }
  }

  const makePlan = (done: boolean): Plan => ({
    id: 'plan_1',
    done,
    problem: null,
    assets: done ? { image: 9120, text: 880, audio: 0 } : { image: 1200, text: 90, audio: 0 },
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
    tiledImages: done ? 812 : 40,
    reused: done ? 96 : 4,
    controls: 0,
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

  const answers: { readonly [Name in CallName]: (input: never) => unknown } = {
    'window.reload': () => {
      location.reload()
      return null
    },
    'app.info': () => ({
      version: '0.1.0',
      os: 'linux',
      language: options.language,
      dataDir: '~/.config/Prescreen',
      vault: options.vault,
      startProblems: options.state === 'broken' ? [{ code: 'settings_corrupt', detail: 'settings.json.bak' }] : [],
    }),
    'settings.get': () => settings,
    'settings.set': (input: CallInput<'settings.set'>) => {
      settings = settingsSchema.parse({ ...settings, ...input })
      return settings
    },
    'profiles.list': () => (options.state === 'empty' ? [practiceProfile] : profiles),
    'profiles.save': (input: CallInput<'profiles.save'>) => {
      const { secretEnv: _, relayUrl = null, relayKeyEnv: __, ...draft } = input.draft
      const saved: Profile = {
        ...draft,
        imageRoute: draft.imageRoute ?? 'sync',
        relay: relayUrl === null ? null : { url: relayUrl, key: { from: 'vault' } },
        cloud: draft.cloud ?? null,
        controlKeyword: draft.controlKeyword ?? null,
        controlImage: draft.controlImage ?? null,
        id: input.draft.id ?? `p_${profiles.length}`,
        secret: { from: 'vault' },
        practice: false,
        name: input.draft.name,
      }
      profiles.push(saved)
      return saved
    },
    'profiles.remove': () => null,
    'profiles.test': () => [
      { step: 'credentials', state: 'ok', zh: '已找到 AppSecret。', en: 'The AppSecret was found.', copy: null },
      {
        step: 'ip',
        state: 'failed',
        zh: '出口 IP 203.0.113.7 不在白名单。请加到“API IP 白名单”。',
        en: 'The public IP 203.0.113.7 is not on the allow-list. Add it to the "API IP allowlist".',
        copy: '203.0.113.7',
      },
    ],
    'platforms.list': () => [
      {
        id: 'wechat',
        zh: '微信',
        en: 'WeChat',
        baseUrl: 'https://api.weixin.qq.com',
        tokenModes: ['stable', 'classic', 'broker', 'static'],
        endpoints: [
          { id: 'wechat.img_sec_check', perMinute: 2000, perDay: 200_000 },
          { id: 'wechat.msg_sec_check', perMinute: 4000, perDay: 2_000_000 },
        ],
      },
      {
        id: 'qq',
        zh: 'QQ',
        en: 'QQ',
        baseUrl: 'https://api.q.qq.com',
        tokenModes: ['classic', 'broker', 'static'],
        endpoints: [{ id: 'qq.img_sec_check', perMinute: null, perDay: null }],
      },
    ],
    'dialog.open': () => ['/素材/双十一'],
    'plan.create': () => {
      plan = makePlan(false)
      setTimeout(() => {
        plan = makePlan(true)
        emit('plan', plan)
      }, 400)
      return plan
    },
    'plan.discard': () => null,
    'batches.start': () => {
      sampled = true
      return summary()
    },
    'batches.sample': () => {
      sampled = true
      return summary()
    },
    'batches.list': () => (sampled ? [summary(), ...older()] : []),
    'batches.get': () => summary(),
    'batches.pause': () => {
      batchState = 'paused'
      emit('batch', summary())
      return summary()
    },
    'batches.resume': () => {
      batchState = 'running'
      emit('batch', summary())
      return summary()
    },
    'batches.cancel': () => {
      batchState = 'cancelled'
      emit('batch', summary())
      return summary()
    },
    'batches.rename': (input: CallInput<'batches.rename'>) => {
      name = input.name
      emit('batch', summary())
      return summary()
    },
    'batches.recheck': () => summary(),
    'batches.recheckOlder': () => summary(),
    'batches.again': () => ({
      ...summary(),
      id: 'b_000000000099',
      state: 'running',
      createdAt: Date.now(),
      endedAt: null,
    }),
    'grid.columns': () => copyOf(columns, revision),
    'grid.rows': (input: CallInput<'grid.rows'>) => input.assets.map(row),
    'grid.search': (input: CallInput<'grid.search'>) => ({
      assets: Float64Array.from(
        Array.from(columns.id).filter(asset => columns.id.length < 200_000 && row(asset).path.includes(input.query)),
      ),
    }),
    'asset.detail': (input: CallInput<'asset.detail'>) => detail(input.asset),
    'asset.spanPrice': (input: CallInput<'asset.spanPrice'>) => {
      const flagged = detail(input.asset).checks.find(check => check.verdict === 'risky' || check.verdict === 'review')
      return flagged === undefined
        ? null
        : {
            check: flagged.id,
            endpoint: flagged.endpoint,
            calls: 13,
            quotaLeft: options.state === 'failing' ? 4 : 1_877_900,
          }
    },
    'asset.findSpan': async (input: CallInput<'asset.findSpan'>) => {
      stopSpan = false
      for (let calls = 1; calls <= 11; calls += 1) {
        emit('spanProgress', { asset: input.asset, calls })
        await new Promise(resolve => setTimeout(resolve, 250))
        if (stopSpan) throw new Error('cancelled')
      }
      const { text, checks } = detail(input.asset)
      const check = checks.find(each => each.id === input.check)
      const start = check?.range?.[0] ?? 0
      const range = [start, start + 9] as const
      const span = { check: input.check, verdict: check?.verdict ?? 'risky', range, calls: 11, complete: true }
      foundSpans.set(input.asset, [span])
      return { kind: 'found', ...span, line: 1, column: 7, text: text?.slice(...range) ?? '', reason: null, detail: '' }
    },
    'asset.cancelSpan': () => {
      stopSpan = true
      return null
    },
    'asset.reveal': () => null,
    'asset.copyEvidence': () => null,
    'clipboard.write': () => null,
    'review.decide': (input: CallInput<'review.decide'>) => {
      const after = input.decision === null ? 0 : gridDecisions.indexOf(input.decision)
      const before = input.assets.map(asset => columns.decision[asset - 1] ?? 0)
      undoStack.push({ assets: input.assets, before, after: before.map(() => after) })
      redoStack.length = 0
      if (input.reason !== null) for (const asset of input.assets) reasonsGiven.set(asset, input.reason)
      remember(input.assets, input.decision === null ? 'clear' : 'decide', input.decision)
      setDecision(
        input.assets,
        input.assets.map(() => after),
      )
      return { changed: input.assets.length }
    },
    'review.note': (input: CallInput<'review.note'>) => {
      for (const asset of input.assets) notes.set(asset, input.note)
      for (const asset of input.assets) columns.flags[asset - 1] = (columns.flags[asset - 1] ?? 0) | gridFlags.noted
      change(input.assets)
      return { changed: input.assets.length }
    },
    'review.undo': () => step(undoStack, redoStack, 'before'),
    'review.redo': () => step(redoStack, undoStack, 'after'),
    'queue.status': () => queue(),
    'queue.pause': () => queue(),
    'history.summary': () => ({
      days: Array.from({ length: 14 }, (_, at) => ({
        day: `2026-11-${String(8 + at).padStart(2, '0')}`,
        pass: 900 + ((at * 37) % 400),
        review: 12 + (at % 5),
        risky: 20 + (at % 9),
        unchecked: at % 3,
        approved: 800 + at,
        rejected: 24 + at,
        escalated: 3,
      })),
      labels: labels.map((label, at) => ({ label, count: 120 - at * 13 })),
      falseAlarms: 31,
      misses: 4,
      decided: 9120,
    }),
    'history.breakdown': () => ({
      reviewers: [
        { reviewer: '王敏', decided: 5210, approved: 5010, rejected: 180, escalated: 20, falseAlarms: 22, misses: 1 },
        { reviewer: 'reviewer', decided: 3910, approved: 3800, rejected: 90, escalated: 20, falseAlarms: 9, misses: 3 },
      ],
      profiles: [
        { profile: 'p_brand', name: '品牌A · 微信', practice: false, pass: 8210, review: 91, risky: 120, unchecked: 4 },
        { profile: 'practice', name: '演练 · 微信', practice: true, pass: 2110, review: 60, risky: 88, unchecked: 0 },
      ],
    }),
    'history.olderReadings': () =>
      options.state === 'empty'
        ? []
        : [
            {
              batch: batchId,
              name,
              createdAt: now - 40 * 86_400_000,
              practice: false,
              assets: 36,
              kinds: { image: 20, text: 16, audio: 0 },
              calls: 52,
            },
          ],
    'history.compare': () => ({
      changed: Array.from({ length: 14 }, (_, at) => ({
        path: row(at * 3 + 2).path,
        before: {
          asset: at + 1,
          outcome: (['risky', 'unchecked', 'pass'] as const)[at % 3] ?? null,
          decision: at % 4 === 0 ? 'approve' : null,
        },
        after: { asset: at * 3 + 2, outcome: (['pass', 'pass', 'review'] as const)[at % 3] ?? null, decision: null },
        isSameContent: at % 5 !== 0,
      })),
      changedCount: 14,
      sameCount: 221,
      goneCount: 2,
      newCount: 5,
    }),
    'history.search': () => [
      { batch: batchId, asset: 3, path: '双十一/主图_00003.jpg', excerpt: null, outcome: 'risky', at: now },
    ],
    'reports.export': () => ({ file: '/tmp/report.csv', rows: 2000 }),
    'reports.cancel': () => null,
    'reports.reveal': () => null,
    'reports.verify': () => null,
    'ledger.verify': () => ({
      intact: true,
      rows: 12_345,
      zh: '12 345 行记录前后相连，37 个签名有效，未发现改动。',
      en: 'All 12 345 rows follow from one another, 37 signed heads are valid; no change was found.',
      fingerprint: 'a1b2:c3d4:e5f6:0718:293a:4b5c',
      key: { fingerprint: 'a1b2:c3d4:e5f6:0718:293a:4b5c', origin: 'vault' },
    }),
  }

  if (options.state === 'running') runOn()
  function runOn(): void {
    const live = generator(options.seed + 1)
    setInterval(() => {
      const assets: number[] = []
      for (let at = 0; at < 40; at += 1) {
        const position = Math.floor(live() * columns.id.length)
        if (columns.outcome[position] !== outcome('pending')) continue
        settle(columns, position, live())
        assets.push(position + 1)
      }
      if (assets.length > 0) change(assets)
      emit('queue', queue())
    }, 100)
  }

  const failures: Partial<Record<CallName, IpcProblem>> =
    options.state === 'broken' ? { 'grid.columns': { code: 'database_corrupt', detail: 'ledger.sqlite' } } : {}

  return {
    async invoke(name, input) {
      // Cloned as between processes, so that nothing here relies on sharing.
      const problem = failures[name]
      if (problem !== undefined) return { ok: false, error: problem }
      const parsed = calls[name].input.safeParse(input)
      if (!parsed.success)
        return { ok: false, error: { code: 'bad_request', detail: `${name}: ${parsed.error.message}` } }
      const answer = answers[name] as (input: unknown) => unknown
      try {
        return { ok: true, value: structuredClone(await answer(parsed.data)) } as CallResult<never>
      } catch {
        return { ok: false, error: { code: 'cancelled', detail: '' } }
      }
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set()
      listeners.set(name, known)
      known.add(listener as (event: never) => void)
      return () => known.delete(listener as (event: never) => void)
    },
    pathOf: file => (file instanceof File ? `/素材/${file.name}` : ''),
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

function makeColumns(batch: string, options: FakeOptions, random: () => number): Mutable<GridColumns> {
  const count = options.assets
  const columns: Mutable<GridColumns> = {
    batch,
    revision: 1,
    id: Float64Array.from({ length: count }, (_, at) => at + 1),
    outcome: new Uint8Array(count),
    decision: new Uint8Array(count),
    kind: new Uint8Array(count),
    flags: new Uint8Array(count),
    label: new Int32Array(count),
    score: new Uint8Array(count).fill(255),
    reason: new Uint8Array(count),
    folder: new Uint32Array(count),
    pathRank: Uint32Array.from({ length: count }, (_, at) => at),
    screenedAt: new Uint32Array(count),
    folders,
  }
  const settledShare = options.state === 'running' ? 0.35 : options.state === 'paused' ? 0.6 : 1
  for (let position = 0; position < count; position += 1) {
    const kind = random()
    columns.kind[position] = kind < 0.8 ? 1 : options.state === 'awaiting' && kind < 0.92 ? 3 : 2
    columns.folder[position] = Math.floor(random() * folders.length)
    if (random() < 0.1) columns.flags[position] = gridFlags.reused
    if (random() < 0.06) columns.flags[position] = (columns.flags[position] ?? 0) | gridFlags.split
    const draw = random()
    if (random() < settledShare) settle(columns, position, options.state === 'failing' && draw > 0.5 ? 0.985 : draw)
    if (options.state === 'awaiting' && random() < 0.3) {
      columns.outcome[position] = outcome('awaiting')
      columns.reason[position] = 0
    }
    if (random() < 0.05) columns.decision[position] = 1 + Math.floor(random() * 4)
  }
  for (let position = 0; position < count; position += 1) {
    if (columns.outcome[position] !== outcome('pass')) continue
    const marks =
      (isNoted(position + 1) ? gridFlags.readerNotes : 0) | (isOlder(position + 1) ? gridFlags.olderReading : 0)
    columns.flags[position] = (columns.flags[position] ?? 0) | marks
  }
  return columns
}

function settle(columns: Mutable<GridColumns>, position: number, draw: number): void {
  columns.screenedAt[position] = Math.floor(now / 1000) - (position % 3600)
  if (draw < 0.9) columns.outcome[position] = outcome('pass')
  else if (draw < 0.97) {
    columns.outcome[position] = draw < 0.935 ? outcome('risky') : outcome('review')
    columns.label[position] = labels[position % labels.length] ?? 21000
    columns.score[position] = 60 + (position % 40)
    columns.flags[position] = (columns.flags[position] ?? 0) | gridFlags.tiled
  } else if (draw < 0.997) {
    columns.outcome[position] = outcome('unchecked')
    columns.reason[position] = failureCodes.indexOf(reasons[position % reasons.length] ?? 'timeout') + 1
  } else columns.outcome[position] = outcome('awaiting')
}

function copyOf(columns: GridColumns, revision: number): GridColumns {
  return { ...columns, revision }
}

function deltaOf(columns: GridColumns, position: Uint32Array, from: number, revision: number): GridDelta {
  const pick = <Column extends Uint8Array | Uint32Array | Int32Array | Float64Array>(
    column: Column,
    empty: Column,
  ): Column => {
    for (const [at, place] of position.entries()) empty[at] = column[place] ?? 0
    return empty
  }
  const count = position.length
  return {
    batch: columns.batch,
    from,
    revision,
    position,
    id: pick(columns.id, new Float64Array(count)),
    outcome: pick(columns.outcome, new Uint8Array(count)),
    decision: pick(columns.decision, new Uint8Array(count)),
    kind: pick(columns.kind, new Uint8Array(count)),
    flags: pick(columns.flags, new Uint8Array(count)),
    label: pick(columns.label, new Int32Array(count)),
    score: pick(columns.score, new Uint8Array(count)),
    reason: pick(columns.reason, new Uint8Array(count)),
    folder: pick(columns.folder, new Uint32Array(count)),
    screenedAt: pick(columns.screenedAt, new Uint32Array(count)),
    folders: [],
  }
}
