import { failureCodes } from '../../../shared/failures.ts'
import { gridKinds, gridOutcomes, gridRules } from '../../../shared/grid.ts'
import {
  type Citation,
  type RuleCount,
  type RuleFinding,
  type RuleHit,
  type RulesView,
  type RuleText,
  ruleFindings,
  rulesProfile,
} from '../../../shared/rules.ts'
import { copy, type Fake, outcome } from './fake-state.ts'

/** A few rules as the real ones are, and what they find in the fake texts. */

const read: Citation = {
  source: { zh: '中华人民共和国广告法（2021 年修正）', en: 'Advertising Law (2021)' },
  article: '第二十五条（一）',
  quote: '对未来效果、收益或者与其相关的情况作出保证性承诺，明示或者暗示保本、无风险或者保收益等',
  reading: 'official',
  readAt: '国家法律法规数据库',
  readOn: '2026-11-29',
}
const base: RuleText = {
  book: 'cn-advertising',
  rule: 'finance-promise',
  title: { zh: '收益保证：稳赚不赔', en: 'Promise of return: cannot lose' },
  severity: 'forbidden',
  scopes: ['finance'],
  citation: read,
  why: {
    zh: '招商、理财类广告不得保证收益或暗示没有风险；“稳赚不赔”是典型的保证性承诺。',
    en: 'Advertisements for investments may not promise returns or suggest that there is no risk.',
  },
  suggestion: { zh: '收益有波动，投资需谨慎', en: 'Returns vary; invest with care' },
  state: 'checked',
  review: '2027-06-30',
  inForce: { from: '2015-09-01', until: null },
  owner: null,
}

interface FakeRule {
  readonly word: string
  readonly text: RuleText
}

const rules: readonly FakeRule[] = [
  { word: '稳赚不赔', text: base },
  {
    word: '五折起',
    text: {
      ...base,
      rule: 'discount-base',
      title: { zh: '折扣须有可查的原价', en: 'A discount needs a price it is based on' },
      severity: 'evidence',
      scopes: ['price'],
      citation: {
        ...read,
        source: { zh: '明码标价和禁止价格欺诈规定', en: 'Provisions on price marking and price fraud' },
        article: '第十六条',
        quote: null,
      },
      why: {
        zh: '打折要能拿出被比较价格和促销期限的依据。',
        en: 'There must be proof of the price compared with, and of the time of the offer.',
      },
      suggestion: null,
      state: 'draft',
      review: null,
    },
  },
  {
    word: '加微信',
    text: {
      ...base,
      book: 'wechat-platform',
      rule: 'contact-lure',
      title: { zh: '站外引流', en: 'Luring to outside contacts' },
      severity: 'notice',
      scopes: ['platform'],
      citation: {
        source: { zh: '微信外部链接内容管理规范', en: "WeChat's rules on outside links" },
        article: '二（三）',
        quote: null,
        reading: 'unseen',
        readAt: '',
        readOn: null,
      },
      why: null,
      suggestion: { zh: '到店咨询', en: 'Ask in the shop' },
      state: 'draft',
      review: '2026-06-30',
    },
  },
  {
    word: '尽快',
    text: {
      ...base,
      book: 'house',
      rule: 'banned/尽快',
      title: { zh: '品牌禁用词：尽快', en: 'Words we never use: 尽快' },
      severity: 'notice',
      scopes: ['general'],
      citation: {
        source: { zh: '品牌词表', en: 'House list' },
        article: '',
        quote: null,
        reading: 'official',
        readAt: '品牌部',
        readOn: null,
      },
      why: { zh: '给人催促感。', en: 'It presses people.' },
      suggestion: { zh: '在到期前', en: 'before they expire' },
      review: '2027-01-01',
      owner: '品牌部',
    },
  },
]

/** A missing companion concerns the text as a whole. */
const companion: RuleText = {
  ...base,
  rule: 'finance-warning',
  title: { zh: '缺少风险提示', en: 'A warning of the risk is missing' },
  severity: 'evidence',
  citation: { ...read, article: '第二十五条', quote: '对可能存在的风险以及风险责任承担有合理提示或者警示' },
  suggestion: { zh: '投资有风险', en: 'Investments carry risks' },
}

const filler = '门店地址与营业时间以店内公示为准。'

/** Every fifth text is long. */
export function textOf(asset: number): string {
  const own = copy[asset % copy.length] ?? ''
  return asset % 5 === 0
    ? Array.from({ length: 4000 }, (_, line) => (line % 100 === 0 ? own : filler)).join('\n')
    : [own, ...Array.from({ length: 12 }, () => filler)].join('\n')
}

export const isRuled = (fake: Fake): boolean => fake.used.some(({ id }) => id === rulesProfile)

type Found = Omit<RuleHit, 'id' | 'check' | 'waiver'>

/** By the last digits of the asset, which are all that its text goes by. */
const known = new Map<number, readonly Found[]>()

function foundIn(asset: number): readonly Found[] {
  const before = known.get(asset % 5)
  if (before !== undefined) return before
  const text = textOf(asset)
  const found = rules.flatMap(({ word, text: rule }) => placesOf(text, word).map(at => foundAt(text, at, word, rule)))
  if (found.some(({ text: rule }) => rule === base)) found.push({ ...nowhere, text: companion })
  const severity = (hit: Found) => ruleFindings.indexOf(hit.text.severity)
  known.set(
    asset % 5,
    found.toSorted((a, b) => severity(b) - severity(a)),
  )
  return foundIn(asset)
}

function placesOf(text: string, word: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) places.push(at)
  return places
}

const bookVersion = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'
const nowhere = { bookVersion, range: null, line: null, column: null, matched: '', before: '', after: '' }

function foundAt(text: string, at: number, word: string, rule: RuleText): Found {
  const lines = text.slice(0, at).split('\n')
  return {
    text: rule,
    bookVersion,
    range: [at, at + word.length],
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
    matched: word,
    before: text.slice(Math.max(0, at - 24), at),
    after: text.slice(at + word.length, at + word.length + 24),
  }
}

export function hitsIn(fake: Fake, asset: number): readonly RuleHit[] {
  if (!isRuled(fake) || gridKinds[fake.columns.kind[asset - 1] ?? 0] !== 'text') return []
  return foundIn(asset).map((hit, at) => {
    const id = asset * 1000 + at
    return { ...hit, id, check: asset * 100 + 99, waiver: fake.waivers.get(id) ?? null }
  })
}

export function findingOf(fake: Fake, asset: number): RuleFinding | null {
  const position = asset - 1
  if (!isRuled(fake) || gridKinds[fake.columns.kind[position] ?? 0] !== 'text') return null
  if (gridOutcomes[fake.platform[position] ?? 0] === 'pending') return null
  const worst = hitsIn(fake, asset)
    .filter(({ waiver }) => waiver === null)
    .reduce((most, { text }) => Math.max(most, ruleFindings.indexOf(text.severity)), 0)
  return ruleFindings[worst] ?? 'none'
}

export function ruledView(fake: Fake, asset: number): RulesView | null {
  if (!isRuled(fake)) return null
  return {
    finding: findingOf(fake, asset),
    hits: hitsIn(fake, asset),
    more: asset % 25 === 0 && hitsIn(fake, asset).length > 0 ? 1240 : 0,
  }
}

/** The asset's outcome is the worst of the platforms' and the rules'. */
export function applyRules(fake: Fake, asset: number): void {
  const position = asset - 1
  const finding = findingOf(fake, asset)
  const own = finding === 'forbidden' ? 'risky' : finding === 'evidence' ? 'review' : null
  const isAlone = fake.used.length === 1
  const platform = fake.platform[position] ?? 0
  fake.columns.rules[position] = gridRules.indexOf(finding ?? 'unknown')
  if (!isRuled(fake)) return
  if (!isAlone) fake.columns.outcome[position] = Math.max(platform, own === null ? 0 : outcome(own))
  else {
    fake.columns.label[position] = 0
    fake.columns.score[position] = 255
    fake.columns.flags[position] = 0
    fake.columns.reason[position] = finding === null ? failureCodes.indexOf('kind_not_taken') + 1 : 0
    fake.columns.outcome[position] = outcome(own ?? (finding === null ? 'unchecked' : 'rules_only'))
  }
}

export function ruleCounts(fake: Fake): RuleCount[] {
  const counts = new Map<RuleText, { assets: number; fine: number }>()
  for (const asset of fake.columns.id.slice(0, 3000)) {
    const seen = new Set<RuleText>()
    for (const { text, waiver } of hitsIn(fake, asset)) {
      if (seen.has(text)) continue
      seen.add(text)
      const known = counts.get(text) ?? { assets: 0, fine: 0 }
      counts.set(text, { assets: known.assets + 1, fine: known.fine + (waiver === null ? 0 : 1) })
    }
  }
  return [...counts].map(([text, count]) => ({ text, ...count })).sort((a, b) => b.assets - a.assets)
}
