import { failureCodes } from '../../../shared/failures.ts'
import { type GridColumns, type GridDelta, gridFlags, gridOutcomes } from '../../../shared/grid.ts'
import type { EventName, Events } from '../../../shared/ipc.ts'
import { type Profile, profileDefaults } from '../../../shared/profile.ts'
import { rulesProfile, type Waiver } from '../../../shared/rules.ts'
import type { AssetDetail, BatchSummary, Plan, ReviewEvent } from '../../../shared/screening.ts'
import { type Settings, settingsSchema } from '../../../shared/settings.ts'

/** What the fake bridge has in memory, made from a seed. */

export interface FakeOptions {
  readonly assets: number
  readonly seed: number
  readonly language: 'zh' | 'en'
  readonly theme: 'light' | 'dark'
  /** `empty`: first run. `rules`: nobody but rules looked. `failing`: quota gone, token refused, many unchecked. `running`: deltas keep coming. `awaiting`: pushes are. */
  readonly state: (typeof fakeStates)[number]
  readonly vault: 'keychain' | 'weak'
  /** How much there is of what takes room: `much` has a hundred batches, twenty profiles, and names as long as people make them. */
  readonly amount: 'usual' | 'much'
}

export const fakeStates = ['empty', 'done', 'failing', 'running', 'paused', 'broken', 'awaiting', 'rules'] as const

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
    amount: among('amount', ['usual', 'much'], 'usual'),
  }
}

export const outcome = (name: (typeof gridOutcomes)[number]): number => gridOutcomes.indexOf(name)
export const labels = [20002, 20006, 10001, 20012, 20001, 20008, 21000]
export const reasons = ['unreadable_image', 'timeout', 'quota_day', 'undecodable_text'] as const
export const folders = [
  '',
  '双十一',
  '双十一/主视觉',
  '双十一/详情页',
  '会员日',
  '会员日/推文',
  '门店',
  'social/summer',
]
export const names = ['主图', '详情', 'banner', '海报', 'KV', '推文', '短信', 'poster_final', '门店易拉宝', '开屏']
export const copy = [
  '限时特惠!全场五折起,仅限今日,点击领取你的专属红包。',
  '新品上市\n夏日限定系列,清爽一夏。\n门店同步发售。',
  'Dear member,\nyour birthday gift is waiting in the store.\nShow this message at the counter.',
  '加微信领福利,稳赚不赔,日入三千,先到先得!',
  '尊敬的会员:\n您的积分将于本月底到期,请尽快兑换。',
]

/** A small generator with a seed (mulberry32), so that the same address shows the same batch. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const batchId = 'b_000000000001'
export const now = Date.UTC(2026, 10, 21, 6, 30)
export const practiceProfile: Profile = {
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
export const brandProfile: Profile = {
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
/** What is always there, without an account. */
export const rulesChecker: Profile = {
  ...profileDefaults,
  id: rulesProfile,
  name: '规则',
  platform: rulesProfile,
  appid: 'local',
  secret: { from: 'none' },
  tokenMode: 'none',
  relay: null,
  practice: false,
}
export const relayProfile: Profile = {
  ...brandProfile,
  imageRoute: 'async',
  relay: { url: 'https://relay.example.com/prescreen', key: { from: 'vault' } },
}
/** Names as people make them who have twenty brands, each with a season. */
const longBatchName =
  '双十一主会场全渠道投放素材（含门店易拉宝、朋友圈长图与直播间口播稿）第三次修改稿 final-final-v3 Autumn campaign, all channels'
const longProfileName = '华东大区旗舰店品牌市场部 · 微信小程序（新零售会员中心）East China flagship'

const manyProfiles = (): Profile[] =>
  Array.from({ length: 20 }, (_, at) => ({
    ...brandProfile,
    id: `p_many_${at}`,
    name: `${longProfileName} ${at + 1}`,
    appid: `wx${String(at).padStart(16, '0')}`,
  }))

export const qqProfile: Profile = {
  ...brandProfile,
  id: 'p_qq',
  name: '品牌A · QQ',
  platform: 'qq',
  appid: '1109876543',
  tokenMode: 'classic',
}

/** A few passes with reader notes, or that an earlier version read. */
export const isNoted = (asset: number): boolean => asset % 11 === 3
export const isOlder = (asset: number): boolean => asset % 13 === 5

/** All that the window can change, and the events that announce it. */
export interface Fake {
  readonly options: FakeOptions
  readonly columns: Mutable<GridColumns>
  readonly profiles: Profile[]
  /** What the batches were screened with. */
  readonly used: readonly Profile[]
  /** What the platforms alone came to: index into `gridOutcomes`. */
  readonly platform: Uint8Array
  /** Hits that somebody found fine, by id. */
  readonly waivers: Map<number, Waiver>
  readonly notes: Map<number, string>
  readonly reasonsGiven: Map<number, number>
  readonly history: Map<number, ReviewEvent[]>
  readonly undoStack: Step[]
  readonly redoStack: Step[]
  readonly foundSpans: Map<number, AssetDetail['spans']>
  readonly emit: <Name extends EventName>(name: Name, event: Events[Name]) => void
  settings: Settings
  stopSpan: boolean
  stopLooks: boolean
  revision: number
  batchState: BatchSummary['state']
  /** Batches that were put first. */
  first: readonly string[]
  name: string
  sampled: boolean
  plan: Plan | null
}

interface Step {
  readonly assets: number[]
  readonly before: number[]
  readonly after: number[]
}

/** What the options describe, before anything was done in the window. */
export function makeFake(options: FakeOptions, emit: Fake['emit']): Fake {
  const { state } = options
  const isAwaiting = state === 'awaiting'
  const columns = makeColumns(batchId, options, generator(options.seed))
  return {
    options,
    columns,
    profiles: [
      practiceProfile,
      isAwaiting ? relayProfile : brandProfile,
      qqProfile,
      ...(options.amount === 'much' ? manyProfiles() : []),
      rulesChecker,
    ],
    used: usedIn(state),
    platform: columns.outcome.slice(),
    waivers: new Map(),
    notes: new Map(),
    reasonsGiven: new Map(),
    history: new Map(),
    undoStack: [],
    redoStack: [],
    foundSpans: new Map(),
    emit,
    settings: settingsSchema.parse({
      language: options.language,
      theme: options.theme,
      reviewer: 'reviewer',
    }),
    stopSpan: false,
    stopLooks: false,
    revision: 1,
    first: [],
    batchState:
      state === 'running' || isAwaiting ? 'running' : state === 'paused' || state === 'failing' ? 'paused' : 'done',
    name: options.amount === 'much' ? longBatchName : '双十一主会场素材',
    sampled: state !== 'empty',
    plan: null,
  }
}

function usedIn(state: FakeOptions['state']): readonly Profile[] {
  if (state === 'rules') return [rulesChecker]
  if (state === 'awaiting') return [relayProfile]
  return state === 'failing' || state === 'broken' ? [brandProfile, qqProfile] : [practiceProfile, rulesChecker]
}

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

export function makeColumns(batch: string, options: FakeOptions, random: () => number): Mutable<GridColumns> {
  const count = options.assets
  const columns: Mutable<GridColumns> = {
    batch,
    revision: 1,
    id: Float64Array.from({ length: count }, (_, at) => at + 1),
    outcome: new Uint8Array(count),
    decision: new Uint8Array(count),
    kind: new Uint8Array(count),
    flags: new Uint8Array(count),
    rules: new Uint8Array(count),
    label: new Int32Array(count),
    score: new Uint8Array(count).fill(255),
    reason: new Uint8Array(count),
    folder: new Uint32Array(count),
    pathRank: Uint32Array.from({ length: count }, (_, at) => at),
    screenedAt: new Uint32Array(count),
    content: new Uint32Array(count),
    contentRest: new Uint32Array(count),
    folders,
  }
  const settledShare = options.state === 'running' ? 0.35 : options.state === 'paused' ? 0.6 : 1
  for (let position = 0; position < count; position += 1) {
    const kind = random()
    const pictures = options.state === 'rules' ? 0.15 : 0.8
    columns.kind[position] = kind < pictures ? 1 : options.state === 'awaiting' && kind < 0.92 ? 3 : 2
    if (position % 13 === 6 && columns.kind[position] === 1) columns.kind[position] = 4
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
    // Every three that follow each other are the same.
    columns.content[position] = 1 + Math.floor(position / 3)
  }
  return columns
}

export function settle(columns: Mutable<GridColumns>, position: number, draw: number): void {
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

export function copyOf(columns: GridColumns, revision: number): GridColumns {
  return { ...columns, revision }
}

export function deltaOf(columns: GridColumns, position: Uint32Array, from: number, revision: number): GridDelta {
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
    rules: pick(columns.rules, new Uint8Array(count)),
    label: pick(columns.label, new Int32Array(count)),
    score: pick(columns.score, new Uint8Array(count)),
    reason: pick(columns.reason, new Uint8Array(count)),
    folder: pick(columns.folder, new Uint32Array(count)),
    screenedAt: pick(columns.screenedAt, new Uint32Array(count)),
    content: pick(columns.content, new Uint32Array(count)),
    contentRest: pick(columns.contentRest, new Uint32Array(count)),
    folders: [],
  }
}
