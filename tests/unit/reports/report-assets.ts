import type { RuleHit, RuleText } from '../../../shared/rules.ts'
import type { AssetRow, CheckView, ResultView } from '../../../shared/screening.ts'

/** Assets as reports show them, made up. */

export const bestRule: RuleText = {
  book: 'cn-advertising',
  rule: 'absolute-best',
  title: { zh: '绝对化用语：最佳', en: 'Absolute term: best' },
  severity: 'forbidden',
  scopes: ['general'],
  citation: {
    source: { zh: '广告法', en: 'Advertising Law' },
    article: '第九条（三）',
    quote: '使用“国家级”、“最高级”、“最佳”等用语',
    reading: 'official',
    readAt: '',
    readOn: null,
  },
  why: null,
  suggestion: { zh: '改为“深受喜爱”', en: 'say "well liked"' },
  state: 'checked',
  review: null,
  inForce: { from: null, until: null },
  owner: null,
}

export function hitAt(start: number, matched: string, changes: Partial<RuleHit> = {}): RuleHit {
  return {
    id: start,
    check: 900,
    text: bestRule,
    bookVersion: 'ab',
    range: [start, start + matched.length],
    line: 1,
    column: start + 1,
    matched,
    before: '',
    after: '',
    waiver: null,
    ...changes,
  }
}

export function checkOf(changes: Partial<CheckView> = {}): CheckView {
  return {
    id: 5,
    profile: 'p',
    part: 'whole',
    rect: null,
    frame: null,
    range: null,
    line: null,
    column: null,
    endpoint: 'wechat.msg_sec_check',
    version: 'v2',
    state: 'done',
    verdict: 'risky',
    reason: null,
    detail: null,
    errcode: 0,
    label: 20002,
    score: 90,
    rid: 'rid-1',
    traceId: null,
    attempts: 1,
    ms: 5,
    at: 0,
    dueAt: null,
    reusedFrom: null,
    reply: null,
    ...changes,
  }
}

export function resultOf(changes: Partial<ResultView> = {}): ResultView {
  return {
    profile: 'p',
    state: 'done',
    outcome: 'risky',
    reason: null,
    detail: null,
    labels: [20002],
    score: 90,
    parts: 1,
    checked: 1,
    reused: false,
    screenedAt: Date.UTC(2026, 10, 21),
    ...changes,
  }
}

export function rowOf(changes: Partial<AssetRow> = {}): AssetRow {
  return {
    id: 1,
    path: 'a.txt',
    kind: 'text',
    bytes: 1,
    width: null,
    height: null,
    excerpt: null,
    results: [resultOf()],
    decision: null,
    decisionReason: null,
    note: null,
    readerNotes: [],
    isOlderReading: false,
    rules: null,
    passage: null,
    boxes: [],
    document: null,
    rule: null,
    ...changes,
  }
}
