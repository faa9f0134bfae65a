import { nameRanks } from '../../../electron/engine/store/name-ranks.ts'
import type { Decision } from '../../../shared/domain.ts'
import { gridDecisions, gridFlags } from '../../../shared/grid.ts'
import type { CallInput, CallName } from '../../../shared/ipc.ts'
import { nothingInLoupe } from '../../../shared/loupe.ts'
import type { PlatformInfo } from '../../../shared/platforms.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { RuleHit, Waiver } from '../../../shared/rules.ts'
import type { ReviewEvent } from '../../../shared/screening.ts'
import { settingsSchema } from '../../../shared/settings.ts'
import { rulesAnswers } from './fake-books.ts'
import { applyRules, hitsIn, ruleCounts } from './fake-rules.ts'
import { batchId, copyOf, deltaOf, type Fake, labels, now, practiceProfile, rulesChecker } from './fake-state.ts'
import { detail, makePlan, older, queue, row, summary } from './fake-views.ts'

/** What the fake bridge answers to each call, and what the calls change. */

type Answers = { readonly [Name in CallName]: (input: never) => unknown }

export const answersOf = (fake: Fake): Answers => ({
  ...appAnswers(fake),
  ...profileAnswers(fake),
  ...batchAnswers(fake),
  ...assetAnswers(fake),
  ...reviewAnswers(fake),
  ...historyAnswers(fake),
  ...rulesAnswers(fake),
})

const appAnswers = (fake: Fake) => ({
  'window.reload': () => {
    location.reload()
    return null
  },
  'app.info': () => ({
    version: '0.1.0',
    os: 'linux',
    language: fake.options.language,
    dataDir: '~/.config/Prescreen',
    vault: fake.options.vault,
    formats: {
      image: ['JPG', 'PNG', 'GIF', 'WebP', 'TIFF', 'BMP', 'AVIF', 'HEIC', 'SVG'],
      text: [
        'DOCX',
        'PPTX',
        'ODT',
        'ODP',
        'ODS',
        'PDF',
        'AI',
        'EPUB',
        'PSD',
        'HTML',
        'SRT',
        'VTT',
        'JSON',
        'TXT',
        'MD',
      ],
      table: ['XLSX', 'CSV', 'TSV'],
      archive: ['ZIP'],
    },
    startProblems: fake.options.state === 'broken' ? [{ code: 'settings_corrupt', detail: 'settings.json.bak' }] : [],
  }),
  'settings.get': () => fake.settings,
  'settings.set': (input: CallInput<'settings.set'>) => {
    fake.settings = settingsSchema.parse({ ...fake.settings, ...input })
    return fake.settings
  },
  'dialog.open': () => ['/素材/双十一'],
  'clipboard.write': () => null,
  'window.contextMenu': () => null,
  'loupe.toggle': () => ({ isOpen: false }),
  'loupe.show': () => ({ isOpen: false }),
  'loupe.look': () => ({ look: nothingInLoupe, language: fake.options.language, settings: fake.settings }),
})

const profileAnswers = (fake: Fake) => ({
  'profiles.list': () => (fake.options.state === 'empty' ? [practiceProfile, rulesChecker] : fake.profiles),
  'profiles.save': (input: CallInput<'profiles.save'>) => {
    const { secretEnv: _, relayUrl = null, relayKeyEnv: __, ...draft } = input.draft
    const saved: Profile = {
      ...draft,
      maxCallsPerAsset: draft.maxCallsPerAsset ?? null,
      maxCallsPerBatch: draft.maxCallsPerBatch ?? null,
      imageRoute: draft.imageRoute ?? 'sync',
      relay: relayUrl === null ? null : { url: relayUrl, key: { from: 'vault' } },
      cloud: draft.cloud ?? null,
      controlKeyword: draft.controlKeyword ?? null,
      controlImage: draft.controlImage ?? null,
      id: input.draft.id ?? `p_${fake.profiles.length}`,
      secret: { from: 'vault' },
      practice: false,
      name: input.draft.name,
    }
    fake.profiles.push(saved)
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
  'platforms.list': (): readonly PlatformInfo[] => [
    platformOf(
      'wechat',
      { zh: '微信', en: 'WeChat' },
      ['stable', 'classic', 'broker', 'static'],
      [
        { id: 'wechat.img_sec_check', takes: 'image', perMinute: 2000, perDay: 200_000 },
        { id: 'wechat.msg_sec_check', takes: 'text', perMinute: 4000, perDay: 2_000_000 },
      ],
    ),
    platformOf(
      'qq',
      { zh: 'QQ', en: 'QQ' },
      ['classic', 'broker', 'static'],
      [{ id: 'qq.img_sec_check', takes: 'image', perMinute: null, perDay: null }],
    ),
  ],
})

function platformOf(
  id: string,
  name: PlatformInfo['name'],
  tokenModes: PlatformInfo['tokenModes'],
  endpoints: readonly Omit<PlatformInfo['endpoints'][number], 'name'>[],
): PlatformInfo {
  return {
    id,
    name,
    tokenModes,
    endpoints: endpoints.map(endpoint => ({ ...endpoint, name: { zh: endpoint.id, en: endpoint.id } })),
    baseUrl: `https://api.${id}.example`,
    account: { label: { zh: '小程序 AppID', en: 'AppID' }, help: { zh: '在平台后台查看', en: 'See the console' } },
    fields: [],
    links: { docs: 'https://docs.example', docsName: name, console: 'https://console.example' },
  }
}

const batchAnswers = (fake: Fake) => ({
  'plan.create': () => {
    fake.plan = makePlan(false)
    setTimeout(() => {
      fake.plan = makePlan(true)
      fake.emit('plan', fake.plan)
    }, 400)
    return fake.plan
  },
  'plan.discard': () => null,
  'batches.start': () => {
    fake.sampled = true
    return summary(fake)
  },
  'batches.sample': () => {
    fake.sampled = true
    return summary(fake)
  },
  'batches.list': () => (fake.sampled ? [summary(fake), ...older(fake)] : []),
  'batches.get': () => summary(fake),
  'batches.pause': () => {
    fake.batchState = 'paused'
    fake.emit('batch', summary(fake))
    return summary(fake)
  },
  'batches.putFirst': (input: CallInput<'batches.putFirst'>) => {
    fake.first = [input.batch, ...fake.first.filter(other => other !== input.batch)]
    fake.emit('queue', queue(fake))
    return summary(fake)
  },
  'batches.resume': () => {
    fake.batchState = 'running'
    fake.emit('batch', summary(fake))
    return summary(fake)
  },
  'batches.cancel': () => {
    fake.batchState = 'cancelled'
    fake.emit('batch', summary(fake))
    return summary(fake)
  },
  'batches.rename': (input: CallInput<'batches.rename'>) => {
    fake.name = input.name
    fake.emit('batch', summary(fake))
    return summary(fake)
  },
  'batches.recheck': () => summary(fake),
  'batches.recheckOlder': () => summary(fake),
  'batches.allowCalls': () => summary(fake),
  'batches.allowFrames': () => summary(fake),
  'batches.stateEncoding': () => summary(fake),
  'batches.again': () => ({
    ...summary(fake),
    id: 'b_000000000099',
    state: 'running',
    createdAt: Date.now(),
    endedAt: null,
  }),
})

const assetAnswers = (fake: Fake) => ({
  'grid.columns': () => copyOf(fake.columns, fake.revision),
  'grid.sortKeys': ({ by }: CallInput<'grid.sortKeys'>) => ({
    keys:
      by === 'name'
        ? nameRanks(Array.from(fake.columns.id, asset => row(fake, asset).path.replace(/^.*\//, '')))
        : Uint32Array.from(fake.columns.id, asset => row(fake, asset).bytes ?? 0),
  }),
  'grid.rows': (input: CallInput<'grid.rows'>) => input.assets.map(asset => row(fake, asset)),
  'grid.search': (input: CallInput<'grid.search'>) => ({
    assets: Float64Array.from(
      Array.from(fake.columns.id).filter(
        asset => fake.columns.id.length < 200_000 && row(fake, asset).path.includes(input.query),
      ),
    ),
  }),
  'grid.rules': () => ruleCounts(fake),
  'grid.ofRule': (input: CallInput<'grid.ofRule'>) => ({
    assets: fake.columns.id.filter(asset =>
      hitsIn(fake, asset).some(({ text }) => text.book === input.book && text.rule === input.rule),
    ),
  }),
  'asset.readings': () => ({ readings: makePlan(true).uncertain[0]?.readings ?? [], isList: false }),
  'asset.detail': (input: CallInput<'asset.detail'>) => detail(fake, input.asset),
  'asset.spanPrice': (input: CallInput<'asset.spanPrice'>) => {
    const flagged = detail(fake, input.asset).checks.find(
      check => check.verdict === 'risky' || check.verdict === 'review',
    )
    return flagged === undefined
      ? null
      : {
          check: flagged.id,
          endpoint: flagged.endpoint,
          calls: 13,
          quotaLeft: fake.options.state === 'failing' ? 4 : 1_877_900,
        }
  },
  'asset.findSpan': async (input: CallInput<'asset.findSpan'>) => {
    fake.stopSpan = false
    for (let calls = 1; calls <= 11; calls += 1) {
      fake.emit('spanProgress', { asset: input.asset, calls })
      await new Promise(resolve => setTimeout(resolve, 250))
      if (fake.stopSpan) throw new Error('cancelled')
    }
    const { text, checks } = detail(fake, input.asset)
    const check = checks.find(each => each.id === input.check)
    const start = check?.range?.[0] ?? 0
    const range = [start, start + 9] as const
    const span = { check: input.check, verdict: check?.verdict ?? 'risky', range, calls: 11, complete: true }
    fake.foundSpans.set(input.asset, [span])
    return { kind: 'found', ...span, line: 1, column: 7, text: text?.slice(...range) ?? '', reason: null, detail: '' }
  },
  'asset.cancelSpan': () => {
    fake.stopSpan = true
    return null
  },
  'asset.looksPrice': () => ({ unread: fake.columns.id.length > 500 ? 3_400 : 120, perMinute: 480 }),
  'asset.looksLike': async ({ asset }: CallInput<'asset.looksLike'>) => {
    fake.stopLooks = false
    for (let pictures = 0; pictures <= 120; pictures += 20) {
      fake.emit('looksProgress', { asset, pictures, total: 120 })
      await new Promise(resolve => setTimeout(resolve, 150))
      if (fake.stopLooks) throw new Error('cancelled')
    }
    const assets = [asset, asset + 4, asset + 8, asset + 12].filter(each => fake.columns.kind[each - 1] === 1)
    return { kind: 'found', assets: Float64Array.from(assets), unreadable: 2 }
  },
  'asset.cancelLooks': () => {
    fake.stopLooks = true
    return null
  },
  'asset.reveal': () => ({ did: 'shown', why: null }),
  'asset.open': () => ({ did: 'shown', why: 'could_run' }),
  'asset.copyEvidence': () => null,
  'asset.copyPicture': () => null,
  'assets.dragOut': (input: CallInput<'assets.dragOut'>) => ({
    dragged: input.assets.length,
    ofNone: 0,
    gone: 0,
    changed: 0,
    most: 500,
  }),
  'assets.copyLines': (input: CallInput<'assets.copyLines'>) => ({ copied: input.assets.length }),
})

const reviewAnswers = (fake: Fake) => ({
  'review.decide': (input: CallInput<'review.decide'>) => {
    const after = input.decision === null ? 0 : gridDecisions.indexOf(input.decision)
    const before = input.assets.map(asset => fake.columns.decision[asset - 1] ?? 0)
    fake.undoStack.push({ assets: input.assets, before, after: before.map(() => after) })
    fake.redoStack.length = 0
    if (input.reason !== null) for (const asset of input.assets) fake.reasonsGiven.set(asset, input.reason)
    remember(fake, input.assets, input.decision === null ? 'clear' : 'decide', input.decision)
    setDecision(
      fake,
      input.assets,
      input.assets.map(() => after),
    )
    return { changed: input.assets.length }
  },
  'review.note': (input: CallInput<'review.note'>) => {
    for (const asset of input.assets) fake.notes.set(asset, input.note)
    for (const asset of input.assets)
      fake.columns.flags[asset - 1] = (fake.columns.flags[asset - 1] ?? 0) | gridFlags.noted
    change(fake, input.assets)
    return { changed: input.assets.length }
  },
  'review.fine': (input: CallInput<'review.fine'>) => {
    const given = input.hits.flatMap(id => hitsIn(fake, Math.floor(id / 1000)).filter(hit => hit.id === id))
    const isReached = (hit: RuleHit) =>
      input.reach === 'once'
        ? input.hits.includes(hit.id)
        : given.some(({ text, matched }) => text.rule === hit.text.rule && matched === hit.matched)
    const waiver = { id: fake.waivers.size + 1, reach: input.reach, reason: input.reason, reviewer: 'reviewer' }
    return waive(fake, isReached, { ...waiver, at: Date.now() })
  },
  'review.notFine': (input: CallInput<'review.notFine'>) => waive(fake, hit => hit.waiver?.id === input.waiver, null),
  'review.undo': () => step(fake, fake.undoStack, fake.redoStack, 'before'),
  'review.redo': () => step(fake, fake.redoStack, fake.undoStack, 'after'),
  'queue.status': () => queue(fake),
  'queue.pause': () => queue(fake),
})

const historyAnswers = (fake: Fake) => ({
  'history.summary': () => ({
    days: Array.from({ length: 14 }, (_, at) => ({
      day: `2026-11-${String(8 + at).padStart(2, '0')}`,
      pass: 900 + ((at * 37) % 400),
      rules_only: 40 + at * 3,
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
      {
        profile: 'p_brand',
        name: '品牌A · 微信',
        practice: false,
        pass: 8210,
        rules_only: 0,
        review: 91,
        risky: 120,
        unchecked: 4,
      },
      {
        profile: 'practice',
        name: '演练 · 微信',
        practice: true,
        pass: 2110,
        rules_only: 0,
        review: 60,
        risky: 88,
        unchecked: 0,
      },
    ],
  }),
  'history.olderReadings': () =>
    fake.options.state === 'empty'
      ? []
      : [
          {
            batch: batchId,
            name: fake.name,
            createdAt: now - 40 * 86_400_000,
            practice: false,
            assets: 36,
            kinds: { image: 20, text: 16, audio: 0 },
            calls: 52,
          },
        ],
  'history.compare': () => ({
    changed: Array.from({ length: 14 }, (_, at) => ({
      path: row(fake, at * 3 + 2).path,
      before: {
        asset: at + 1,
        outcome: (['risky', 'unchecked', 'pass'] as const)[at % 3] ?? null,
        decision: at % 4 === 0 ? 'approve' : null,
      },
      after: { asset: at * 3 + 2, outcome: (['pass', 'pass', 'review'] as const)[at % 3] ?? null, decision: null },
      hasOtherBytes: at % 5 === 0,
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
  'reports.open': () => null,
  'reports.verify': () => null,
  'ledger.verify': () => ({
    intact: true,
    rows: 12_345,
    zh: '12 345 行记录前后相连，37 个签名有效，未发现改动。',
    en: 'All 12 345 rows follow from one another, 37 signed heads are valid; no change was found.',
    fingerprint: 'a1b2:c3d4:e5f6:0718:293a:4b5c',
    key: { fingerprint: 'a1b2:c3d4:e5f6:0718:293a:4b5c', origin: 'vault' },
  }),
})

export function change(fake: Fake, assets: readonly number[]): void {
  const positions = Uint32Array.from(assets, asset => asset - 1)
  const from = fake.revision
  fake.revision += 1
  fake.emit('grid', deltaOf(fake.columns, positions, from, fake.revision))
  fake.emit('batch', summary(fake))
}

function waive(fake: Fake, isReached: (hit: RuleHit) => boolean, waiver: Waiver | null): { readonly changed: number } {
  const touched = [...fake.columns.id].filter(asset => {
    const reached = hitsIn(fake, asset).filter(isReached)
    for (const { id } of reached) {
      if (waiver === null) fake.waivers.delete(id)
      else fake.waivers.set(id, waiver)
    }
    applyRules(fake, asset)
    return reached.length > 0
  })
  change(fake, touched)
  return { changed: touched.length }
}

function setDecision(fake: Fake, assets: readonly number[], values: readonly number[]): void {
  for (const [at, asset] of assets.entries()) fake.columns.decision[asset - 1] = values[at] ?? 0
  change(fake, assets)
}

function remember(
  fake: Fake,
  assets: readonly number[],
  action: ReviewEvent['action'],
  decision: Decision | null,
): void {
  if (assets.length > 1000) return
  for (const asset of assets) {
    const events = fake.history.get(asset) ?? []
    events.push({
      id: events.length + 1,
      at: Date.now(),
      reviewer: 'reviewer',
      action,
      decision,
      reason: null,
      note: null,
    })
    fake.history.set(asset, events)
  }
}

function step(fake: Fake, from: typeof fake.undoStack, to: typeof fake.undoStack, side: 'before' | 'after') {
  const last = from.pop()
  if (last === undefined) return null
  to.push(last)
  setDecision(fake, last.assets, last[side])
  remember(fake, last.assets, side === 'before' ? 'undo' : 'redo', null)
  return { batch: batchId, assets: last.assets }
}
