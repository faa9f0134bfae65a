import { parse } from 'parse5'
import readXlsx from 'read-excel-file/node'
import { describe, expect, test } from 'vitest'
import { type RulePlace, rulesFoundIn } from '../../../electron/engine/reports/by-rule.ts'
import { cellsOf, reportColumns, rowView } from '../../../electron/engine/reports/columns.ts'
import { rulePages } from '../../../electron/engine/reports/html-rules.ts'
import { jsonRecord } from '../../../electron/engine/reports/records.ts'
import { reportWords } from '../../../electron/engine/reports/words.ts'
import { workbookRules } from '../../../electron/engine/reports/workbook-rules.ts'
import type { ReportRow } from '../../../electron/engine/store/records.ts'
import type { RuleHit, RuleText } from '../../../shared/rules.ts'
import { bookOf, peopleOf } from './workbooks.ts'

const best: RuleText = {
  book: 'cn-advertising',
  rule: 'absolute-best',
  title: { zh: '绝对化用语：最佳', en: 'Absolute term: best' },
  severity: 'forbidden',
  scopes: ['general'],
  citation: {
    source: { zh: '中华人民共和国广告法', en: 'Advertising Law' },
    article: '第九条（三）',
    quote: '使用“国家级”、“最高级”、“最佳”等用语',
    reading: 'official',
    readAt: '官方公报',
    readOn: '2026-11-29',
  },
  why: { zh: '绝对化', en: 'an absolute term' },
  suggestion: { zh: '改为“深受喜爱”', en: 'say "well liked"' },
  state: 'draft',
  review: '2027-06-30',
  inForce: { from: '2015-09-01', until: null },
  owner: null,
}
const dear: RuleText = {
  ...best,
  book: 'brand',
  rule: 'words/亲 们',
  title: { zh: '品牌禁用词：亲 们', en: 'Word we never use: 亲 们' },
  severity: 'notice',
  citation: { ...best.citation, article: '', quote: null, reading: 'unseen', readAt: '', readOn: null },
  review: '2026-11-30',
  owner: '品牌部',
  suggestion: null,
}

const hit = (text: RuleText, at: number, fine: string | null = null): RuleHit => ({
  id: at,
  check: 5,
  text,
  bookVersion: 'ab'.repeat(32),
  range: [at, at + 2],
  line: 1,
  column: at + 1,
  matched: '最佳',
  before: '本店<咖啡>',
  after: '之选',
  waiver: fine === null ? null : { id: 9, reach: 'batch', reason: fine, reviewer: '李', at: 0 },
})

const row: ReportRow = {
  asset: {
    id: 7,
    batch: 'b_1',
    path: '文案.txt',
    sha256: 'ab',
    kind: 'text',
    bytes: 12,
    decision: null,
    decision_reason: null,
    note: '',
    reviewer: null,
    decided_at: null,
    reader_notes: null,
    reading: null,
    rules: 'notice',
  },
  result: {
    profile: 0,
    state: 'done',
    outcome: 'rules_only',
    reason: null,
    detail: null,
    labels: '[]',
    parts: 1,
    checked: 1,
    reused_from: null,
    reused_profile: null,
    screened_at: 0,
    rules: 'notice',
  },
  endpoints: 'rules.text',
  rids: null,
  traceIds: null,
  rowHash: null,
  isOlderReading: false,
  hits: { open: ['brand/words/亲 们'], fine: ['cn-advertising/absolute-best'] },
}
const profile = { id: 'rules', name: '规则', platform: 'rules', appid: 'local', practice: false } as const

describe('a record of what only rules looked at', () => {
  const view = rowView({ row, profile, language: 'zh', reasons: [], control: null })
  const cells = Object.fromEntries(reportColumns.map(({ name }, index) => [name, cellsOf(reportColumns, view)[index]]))

  test('is unchecked to those who know of no rules, and says why', () => {
    expect(cells).toMatchObject({ verdict: 'unchecked', reason: 'no_platform_verdict' })
  })

  test('names what was hit and what was found fine, a blank in a name written as one that separates nothing', () => {
    expect(cells).toMatchObject({
      rules: 'notice',
      rule_hits: 'brand/words/亲%20们',
      rule_fine: 'cn-advertising/absolute-best',
    })
    expect(reportColumns.slice(-4, -1).map(({ name }) => name)).toEqual(['rules', 'rule_hits', 'rule_fine'])
  })

  test('has every place in JSONL, with what the rule goes by and who found it fine', () => {
    const ruled = { finding: 'notice', hits: [hit(dear, 3), hit(best, 8, '客户原话')], more: 2 } as const
    const record = jsonRecord(row, { checks: [], pieces: null, control: null, ruled }, profile, 'zh')
    expect(record).toMatchObject({
      verdict: 'unchecked',
      rules: 'notice',
      moreRuleHits: 2,
      ruleHits: [
        {
          rule: 'brand/words/亲 们',
          severity: 'notice',
          range: [3, 5],
          line: 1,
          column: 4,
          matched: '最佳',
          citation: { article: '', quote: null, reading: 'unseen' },
          suggestion: null,
          fine: null,
        },
        {
          rule: 'cn-advertising/absolute-best',
          citation: { source: best.citation.source, article: '第九条（三）', readOn: '2026-11-29' },
          suggestion: best.suggestion,
          fine: { reach: 'batch', reason: '客户原话', reviewer: '李' },
        },
      ],
    })
  })

  test('has no places where no rule looked', () => {
    const record = jsonRecord(row, { checks: [], pieces: null, control: null, ruled: null }, profile, 'en')
    expect(record).toMatchObject({ ruleHits: [], moreRuleHits: 0 })
  })
})

/** A store with two batches of two assets each. */
const hitsOfAsset: Readonly<Record<number, readonly RuleHit[]>> = {
  1: [hit(best, 1), hit(best, 9, '奖项名称'), hit(dear, 4)],
  2: [hit(best, 2, '奖项名称')],
  3: [hit(dear, 7)],
  4: [],
}
const assetsOf: Readonly<Record<string, readonly number[]>> = { b_1: [1, 2], b_2: [3, 4] }
const having = (batch: string, { book, rule }: { book: string; rule: string }) =>
  (assetsOf[batch] ?? []).filter(id => hitsOfAsset[id]?.some(({ text }) => text.book === book && text.rule === rule))
const snapshot = {
  rulesOf: async (batch: string) =>
    [best, dear]
      .map(text => {
        const assets = having(batch, text)
        const fine = assets.filter(id => hitsOfAsset[id]?.every(each => each.text !== text || each.waiver !== null))
        return { text, assets: assets.length, fine: fine.length }
      })
      .filter(({ assets }) => assets > 0),
  assetsOfRule: async (batch: string, book: string, rule: string) => having(batch, { book, rule }),
  ruled: async (asset: number) => ({ finding: null, hits: hitsOfAsset[asset] ?? [], more: 0 }),
  asset: async (asset: number) => ({ path: `a/${asset}.txt` }) as never,
}

const placesOf = async (places: AsyncIterable<RulePlace>) => {
  const all: string[] = []
  for await (const {
    path,
    batch,
    hit: { column },
  } of places)
    all.push(`${batch} ${path}:${column}`)
  return all
}

describe('the rules of a report', () => {
  test('are gathered over its batches, the most severe first, with every place', async () => {
    const found = await rulesFoundIn(snapshot, ['b_2', 'b_1'], null)
    expect(found.map(({ text, assets, fine }) => [text.rule, assets, fine])).toEqual([
      ['absolute-best', 2, 1],
      ['words/亲 们', 2, 0],
    ])
    expect(await placesOf(found[1]!.places())).toEqual(['b_1 a/1.txt:5', 'b_2 a/3.txt:8'])
  })

  test('are those of the assets that it is of', async () => {
    const found = await rulesFoundIn(snapshot, ['b_1', 'b_2'], asset => asset === 2)
    expect(found.map(({ text, assets, fine }) => [text.rule, assets, fine])).toEqual([['absolute-best', 1, 1]])
    expect(await placesOf(found[0]!.places())).toEqual(['b_1 a/2.txt:3'])
  })
})

async function htmlOf(language: 'zh' | 'en', rules: Awaited<ReturnType<typeof rulesFoundIn>>): Promise<string> {
  let html = ''
  for await (const piece of rulePages({ language, rules, today: '2026-11-30', isAcross: false })) html += piece
  return html
}

describe('the pages by rule', () => {
  test.each(['zh', 'en'] as const)(
    'say in %s what a designer needs, and that it is no legal advice',
    async language => {
      const html = await htmlOf(language, await rulesFoundIn(snapshot, ['b_1'], null))
      const words = reportWords[language]
      expect(html).toContain(words.notLegalAdvice)
      expect(html).toContain(`<a href="#rule-1"><bdi>${best.title[language].replaceAll('"', '&quot;')}</bdi></a>`)
      expect(html).toContain('id="rule-1"')
      expect(html).toContain(best.citation.quote)
      expect(html).toContain('第九条（三）')
      expect(html).toContain(words.reading.official)
      expect(html).toContain('2026-11-29')
      expect(html).toContain(language === 'zh' ? '改为“深受喜爱”' : 'say &quot;well liked&quot;')
      expect(html).toContain('本店&lt;咖啡&gt;<mark class="forbidden">最佳</mark>之选')
      expect(html).toContain('1:2')
      // Only English where it is asked for: what is quoted is not ours to translate.
      expect(words.byRuleIntro.match(/\p{Script=Han}/u) !== null).toBe(language === 'zh')
    },
  )

  test('list apart what was found fine, with the reason and who said so', async () => {
    const html = await htmlOf('zh', await rulesFoundIn(snapshot, ['b_1'], null))
    const [, first = ''] = html.split('id="rule-1"')
    const [open = '', fine = ''] = first.split('<h4>')
    expect(open).not.toContain('奖项名称')
    expect(fine.split('id="rule-2"')[0]).toMatch(/本批次没问题: <bdi>奖项名称<\/bdi> · <bdi>李<\/bdi>/)
  })

  test('mark a rule on and after its review date, and none before it', async () => {
    const html = await htmlOf('zh', await rulesFoundIn(snapshot, ['b_1'], null))
    expect(html.match(/class="tag stale"/g)).toHaveLength(2)
    expect(html.slice(html.indexOf('id="rule-2"'))).toContain(reportWords.zh.stale)
    expect(html.slice(html.indexOf('id="rule-1"'), html.indexOf('id="rule-2"'))).not.toContain(reportWords.zh.stale)
  })

  test('say so where no rule was hit', async () => {
    expect(await htmlOf('en', [])).toContain(reportWords.en.noRuleHit)
  })

  test('name a thousand places of a rule at most, and how many more there are', async () => {
    const hits = Array.from({ length: 1_003 }, (_, at) => hit(best, at))
    const many = { ...snapshot, ruled: async () => ({ finding: null, hits, more: 0 }) }
    const html = await htmlOf('zh', await rulesFoundIn(many, ['b_1'], asset => asset === 1))
    expect(html.slice(html.indexOf('id="rule-1"'), html.indexOf('id="rule-2"')).match(/<mark/g)).toHaveLength(1_000)
    expect(html).toContain(reportWords.zh.morePlaces(3))
  })

  test('are well-formed whatever the words are', async () => {
    const evil = { ...best, title: { zh: '<script>"&\'', en: '' }, rule: 'x"><b>' }
    const odd = { ...snapshot, rulesOf: async () => [{ text: evil, assets: 1, fine: 0 }] }
    const html = await htmlOf('zh', await rulesFoundIn(odd, ['b_1'], null))
    expect(html).not.toContain('<script>')
    const names = JSON.stringify(parse(html), (key, value) => (key === 'parentNode' ? undefined : value))
    expect(names).not.toContain('"nodeName":"script"')
  })
})

test('a workbook has a sheet of every place by rule, behind that of the assets, and none where no rule was hit', async () => {
  const found = await rulesFoundIn(snapshot, ['b_1', 'b_2'], null)
  const sheetsOf = async (rules: typeof found) => {
    async function* rows() {
      yield cellsOf(reportColumns, rowView({ row, profile, language: 'en', reasons: [], control: null }))
    }
    const parts = { summary: [], columns: reportColumns, rows: rows(), people: peopleOf('en') }
    return readXlsx(await bookOf({ language: 'en', ...parts, rules: workbookRules(rules, 'en') }))
  }
  const sheets = await sheetsOf(found)
  expect(sheets.map(({ sheet }) => sheet)).toEqual(['Results', 'Assets', 'By rule', 'Summary'])
  const [head = [], ...rows] = sheets[2]!.data
  const records = rows.map(cells => Object.fromEntries(head.map((name, index) => [String(name), cells[index]])))
  expect(records).toHaveLength(5)
  expect(records[0]).toMatchObject({
    rule: 'cn-advertising/absolute-best',
    severity: 'forbidden',
    basis: 'Advertising Law · 第九条（三）',
    path: 'a/1.txt',
    line: 1,
    column: 2,
    words: '最佳',
    'better words': 'say "well liked"',
  })
  expect(records[1]).toMatchObject({ 'marked as fine': 'fine in this batch', reason: '奖项名称', by: '李' })
  expect((await sheetsOf([])).map(({ sheet }) => sheet)).toEqual(['Results', 'Assets', 'Summary'])
})
