import sharp from 'sharp'
import type { HtmlItem, HtmlPicture, HtmlReport } from '../../../electron/engine/reports/html.ts'
import { pictureParts } from '../../../electron/engine/reports/picture-parts.ts'
import type { Language } from '../../../shared/language.ts'
import type { RuleHit, RuleText } from '../../../shared/rules.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { bestRule, checkOf, hitAt, resultOf, rowOf } from '../../unit/reports/report-assets.ts'

/** A batch of 119 assets that somebody has to look at: posters, texts with several rules, files that could not be read. */

const day = Date.UTC(2026, 10, 21, 8, 30)
const profiles: BatchSummary['profiles'] = [
  { id: 'p', name: '青禾茶事 · 微信', platform: 'wechat', appid: 'wx0123456789abcdef', practice: false },
  { id: 'rules', name: '规则', platform: 'rules', appid: 'local', practice: false },
]
const tally = { assets: 302, pending: 0, awaiting: 0, pass: 183, rules_only: 0, review: 41, risky: 64, unchecked: 14 }
const batch: BatchSummary = {
  id: 'b_0123456789abcdef',
  name: '双十一主会场 · 海报与渠道文案（第三版）',
  state: 'done',
  notice: null,
  createdAt: day,
  endedAt: day,
  walked: true,
  practice: false,
  profiles,
  tally,
  tallyByProfile: [tally, tally],
  decided: 40,
  noted: 0,
  skipped: 2,
  inputs: { count: 1, first: [], key: '' },
  controls: [],
}

const words = [
  '最佳',
  '顶级',
  '第一',
  '国家级',
  '百分百有效',
  '根治',
  '稳赚',
  '零风险',
  '史上最低',
  '独家',
  '全网首发',
  '永久',
]
const rules: readonly RuleText[] = words.map((word, index) => ({
  ...bestRule,
  rule: `rule-${index}`,
  title: { zh: `绝对化或夸大用语：${word}`, en: `Absolute or exaggerated: ${word}` },
  severity: index % 3 === 1 ? 'evidence' : index % 5 === 4 ? 'notice' : 'forbidden',
  review: '2027-06-30',
  why: { zh: '广告不得使用绝对化用语，引证须真实准确并表明出处。', en: 'Advertising must not use absolute terms.' },
}))

const sentence = (word: string, index: number) =>
  `春茶上新第 ${index} 波：云岫绿茶来自海拔八百六十米的茶园，${word}之选，一罐五十克，可冲泡十二次。`

const drawings = new Map<string, Promise<HtmlPicture>>()

/** One of a few, since making them takes longer than printing them. */
function drawing(width: number, height: number, index: number): Promise<HtmlPicture> {
  const name = `${width}x${height}-${index % 4}`
  const made = drawings.get(name) ?? draw(width, height, index % 4)
  drawings.set(name, made)
  return made
}

async function draw(width: number, height: number, index: number): Promise<HtmlPicture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${index * 37} 45% 70%)"/><circle cx="50%" cy="40%" r="25%" fill="hsl(${index * 53} 60% 45%)"/><text x="8%" y="85%" font-size="${Math.round(width / 7)}" fill="#fff">春茶上新</text></svg>`
  return { bytes: await sharp(Buffer.from(svg)).webp().toBuffer(), mime: 'image/webp' }
}

function textItem(index: number, of: 'risky' | 'review'): HtmlItem {
  const used = [index, index + 1, index + 5].slice(0, (index % 3) + 1).map(each => each % words.length)
  const text = used.map(each => sentence(words[each] ?? '', index)).join('\n\n')
  const hits: readonly RuleHit[] = used.map(each => {
    const word = words[each] ?? ''
    return hitAt(text.indexOf(word), word, { text: rules[each] ?? bestRule })
  })
  const row = rowOf({
    path: `文案/渠道/第${index}批/朋友圈与短信文案.csv#${index}`,
    results: [resultOf({ outcome: of, labels: [index % 2 === 0 ? 10001 : 20008], screenedAt: day })],
    excerpt: text.slice(0, 200),
    rules: 'forbidden',
    decision: index % 3 === 0 ? 'reject' : null,
    decisionReason: 1,
    note: index % 6 === 0 ? '请文案改写后重新送检' : null,
  })
  const flagged = checkOf({ id: index * 10 + 1, verdict: of, range: [0, text.length], line: 1, column: 1, at: day })
  const looked = checkOf({
    verdict: null,
    reason: 'no_platform_verdict',
    id: 900,
    profile: 'rules',
    part: 'whole',
    endpoint: 'rules.text',
    range: [0, text.length],
    rid: null,
    at: day,
  })
  return facts({ row, checks: [flagged, looked], text, ruled: { finding: 'forbidden', hits, more: 0 } })
}

async function pictureItem(index: number, of: 'risky' | 'review'): Promise<HtmlItem> {
  const isPoster = index % 3 === 0
  const [width, height] = isPoster ? [750, 6000] : index % 3 === 1 ? [1080, 1440] : [1920, 600]
  const tiles = isPoster ? [0, 1334 * 2, 1334 * 3] : [0]
  const checks = tiles.map((y, tile) =>
    checkOf({
      id: index * 10 + tile,
      verdict: of,
      part: isPoster ? `tile ${tile + 1}/5` : 'whole',
      rect: isPoster ? [0, y, 750, 1334] : [0, 0, width, height],
      endpoint: 'wechat.img_sec_check',
      label: null,
      score: null,
      rid: `6924a1c${index}-7f3e21d4-5b2a90c${tile}`,
      at: day,
    }),
  )
  const row = rowOf({
    kind: 'image',
    path: `海报/双十一/主视觉-${index}${isPoster ? '-长图' : ''}.jpg`,
    width,
    height,
    results: [resultOf({ outcome: of, labels: [], score: null, parts: isPoster ? 5 : 1, checked: isPoster ? 5 : 1 })],
    decision: index % 2 === 0 ? 'approve' : null,
  })
  const picture = await drawing(320, Math.min(640, Math.round((320 * height) / width)), index)
  const part = await drawing(320, 560, index + 3)
  const { hidden } = pictureParts(row, checks)
  return facts({ row, checks, picture, parts: hidden.map(each => ({ part: each, picture: part })) })
}

function failedItem(index: number): HtmlItem {
  const reason = index % 2 === 0 ? 'timeout' : 'unreadable_image'
  const results = [resultOf({ outcome: 'unchecked', reason, labels: [], score: null, checked: 0 })]
  const row = rowOf({ kind: 'image', path: `海报/未传完/海报-${index}.jpg`, results })
  const checks = [checkOf({ id: index, verdict: null, reason, label: null, errcode: null, rid: null, at: day })]
  return facts({ row, checks, picture: 'missing' })
}

function facts(changes: Partial<HtmlItem> & Pick<HtmlItem, 'row'>): HtmlItem {
  return {
    sha256: '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8',
    batch,
    pieces: null,
    checks: [],
    history: [
      { id: 1, at: day, reviewer: '林晓', action: 'decide', decision: 'reject', reason: 1, note: null },
      { id: 2, at: day, reviewer: '林晓', action: 'decide', decision: 'approve', reason: null, note: null },
    ],
    picture: null,
    parts: [],
    text: null,
    ruled: null,
    spans: [],
    ...changes,
  }
}

/** 64 risky, 41 to be reviewed, 14 not checked. */
export async function busyReport(language: Language): Promise<HtmlReport> {
  const risky = [
    ...(await Promise.all(Array.from({ length: 34 }, (_, index) => pictureItem(index, 'risky')))),
    ...Array.from({ length: 30 }, (_, index) => textItem(index, 'risky')),
  ]
  const review = [
    ...(await Promise.all(Array.from({ length: 21 }, (_, index) => pictureItem(index + 40, 'review')))),
    ...Array.from({ length: 20 }, (_, index) => textItem(index + 40, 'review')),
  ]
  const failed = Array.from({ length: 14 }, (_, index) => failedItem(index))
  const places = [...risky, ...review].flatMap(({ row, ruled }) =>
    (ruled?.hits ?? []).map(hit => ({ asset: row.id, path: row.path, batch: batch.id, hit })),
  )
  return {
    language,
    subject: {
      name: batch.name,
      batch,
      batches: 1,
      practice: 'none',
      profiles,
      reviewers: ['林晓'],
      isRuled: true,
      controls: [],
    },
    filter: null,
    counts: {
      outcomes: { pending: 0, awaiting: 0, pass: 183, rules_only: 0, unchecked: 14, review: 41, risky: 64 },
      decisions: { undecided: 262, approve: 20, reject: 20, escalate: 0, defer: 0 },
      labels: [
        { label: 10001, count: 25 },
        { label: 20008, count: 25 },
      ],
    },
    reasons: ['绝对化用语'],
    isBlurred: true,
    exportedAt: '2026-11-21T18:30:00+08:00',
    ledger: {
      ledgerHead: { seq: 4021, hash: 'ab'.repeat(32), signature: 'c2ln'.repeat(22), key: '0000' },
      key: { algorithm: 'ed25519', publicKey: 'cHVi'.repeat(15), fingerprint: '1234-5678-90ab-cdef', origin: 'file' },
    },
    contacts: risky.slice(0, 28).map(({ row, picture }, index) => ({
      number: index + 1,
      outcome: 'risky',
      row,
      picture: typeof picture === 'string' ? null : picture,
    })),
    unchecked: [
      { reason: 'timeout', count: 7 },
      { reason: 'unreadable_image', count: 7 },
    ],
    sections: [
      { of: 'risky', total: risky.length, items: risky },
      { of: 'review', total: review.length, items: review },
      { of: 'unchecked', total: failed.length, items: failed },
      { of: 'noted', total: 0, items: [] },
      { of: 'disagreement', total: 8, items: risky.slice(0, 8) },
    ],
    rules: {
      today: '2026-11-21',
      rules: rules.map(text => {
        const own = places.filter(({ hit }) => hit.text.rule === text.rule)
        return {
          text,
          assets: own.length,
          fine: 0,
          async *places() {
            yield* own
          },
        }
      }),
    },
  }
}
