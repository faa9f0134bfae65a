import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import readXlsx from 'read-excel-file/node'
import { describe, expect, test } from 'vitest'
import { reportColumns } from '../../../electron/engine/reports/columns.ts'
import { heightOf, type PeopleAsset, peopleColumns } from '../../../electron/engine/reports/people-sheet.ts'
import type { PeopleSheet } from '../../../electron/engine/reports/xlsx.ts'
import { checkOf, hitAt, resultOf, rowOf } from './report-assets.ts'
import { bookOf, entryOf, peopleOf } from './workbooks.ts'

const profile = { id: 'p', name: '品牌甲', platform: 'wechat', appid: 'wx1', practice: false } as const

function assetOf(changes: Partial<PeopleAsset> = {}): PeopleAsset {
  return {
    row: rowOf(),
    outcome: 'risky',
    batch: { name: '十一海报', profiles: [profile] },
    language: 'zh',
    reasons: ['侵权'],
    decided: { reviewer: null, at: null },
    pieces: null,
    checks: [],
    ruled: null,
    spans: [],
    text: null,
    picture: null,
    ...changes,
  }
}

async function* nothing() {}

function sheetOf(assets: readonly PeopleAsset[], changes: Partial<PeopleSheet> = {}) {
  const language = assets[0]?.language ?? 'zh'
  const people = peopleOf(language, assets, changes)
  return bookOf({ language, people, columns: reportColumns, rows: nothing(), rules: null, summary: [] })
}

/** The rows below the heads, by the heads. */
async function recordsOf(assets: readonly PeopleAsset[]) {
  const [sheet] = await readXlsx(await sheetOf(assets))
  const [, , , , heads = [], ...rows] = sheet?.data ?? []
  return rows.map(cells => Object.fromEntries(heads.map((head, index) => [String(head), cells[index] ?? null])))
}

describe('the sheet for people', () => {
  test.each([
    [
      'zh',
      {
        结论: '有风险',
        发现或未检原因: '色情 · 置信度 90',
        人工结论: '拒绝',
        理由: '侵权',
        审核人: '李',
        类型: '文本',
      },
    ],
    [
      'en',
      {
        Verdict: 'risky',
        'Found / why not checked': 'pornography · confidence 90',
        Decision: 'rejected',
        Reason: '侵权',
        Reviewer: '李',
        Kind: 'text',
      },
    ],
  ] as const)('says verdicts, decisions and heads in words (%s)', async (language, said) => {
    const row = rowOf({ decision: 'reject', decisionReason: 1 })
    const [record] = await recordsOf([assetOf({ language, row, decided: { reviewer: '李', at: 0 } })])
    expect(record).toMatchObject(said)
  })

  test('has times as times on this clock, and none where nothing was decided', async () => {
    const at = new Date(2026, 10, 21, 8, 30)
    const row = rowOf({ decision: 'approve', results: [resultOf({ screenedAt: at.getTime() })] })
    const [decided, open] = await recordsOf([assetOf({ row, decided: { reviewer: '', at: at.getTime() } }), assetOf()])
    const timeOf = (cell: unknown) => (cell instanceof Date ? cell.toISOString() : cell)
    expect(timeOf(decided?.人工结论时间)).toBe('2026-11-21T08:30:00.000Z')
    expect(timeOf(decided?.送检时间)).toBe('2026-11-21T08:30:00.000Z')
    expect(decided?.审核人).toBe('未署名')
    expect(open).toMatchObject({ 人工结论时间: null, 审核人: null, 人工结论: '未决' })
  })

  test('says why something was not checked, in a colour of its own', async () => {
    const results = [resultOf({ outcome: 'unchecked', reason: 'timeout', labels: [], score: null })]
    const asset = assetOf({ outcome: 'unchecked', row: rowOf({ results }) })
    expect((await recordsOf([asset]))[0]?.发现或未检原因).toMatch(/\p{Script=Han}/u)
    const xml = await entryOf(
      await sheetOf([assetOf(), assetOf({ outcome: 'review' }), asset]),
      'xl/worksheets/sheet1.xml',
    )
    const styleOf = (row: number) => new RegExp(`r="A${row}" s="(\\d+)"`).exec(xml)?.[1]
    expect(new Set([6, 7, 8].map(styleOf)).size).toBe(3)
  })

  test('shows the words that are risky in the text itself, and nothing of a long rest', async () => {
    const text = `${'前'.repeat(3_000)}本店最佳之选${'后'.repeat(3_000)}`
    const ruled = { finding: 'forbidden', hits: [hitAt(3_002, '最佳')], more: 0 } as const
    const xml = await entryOf(await sheetOf([assetOf({ text, ruled })]), 'xl/worksheets/sheet1.xml')
    expect(xml).toMatch(
      /<r><rPr><b\/><u\/>[^/]*\/><color[^>]*\/><rFont[^>]*\/><\/rPr><t xml:space="preserve">最佳<\/t><\/r>/,
    )
    const content = (await recordsOf([assetOf({ text, ruled })]))[0]?.内容
    expect(content).toContain('本店最佳之选')
    expect(String(content).length).toBeLessThan(400)
  })

  test('marks nothing where all of a text was flagged, and names the parts of a picture that were', async () => {
    const checks = [checkOf({ range: [0, 4] })]
    const xml = await entryOf(await sheetOf([assetOf({ text: '全文如此', checks })]), 'xl/worksheets/sheet1.xml')
    expect(xml).not.toContain('<rPr><b/>')
    const parts = ['tile 2/5', 'tile 3/5'].map(part => checkOf({ part, rect: [0, 0, 1, 1] }))
    const [record] = await recordsOf([assetOf({ row: rowOf({ kind: 'image' }), checks: parts })])
    expect(record?.发现或未检原因).toBe('色情 · 置信度 90\n分片 2/5、分片 3/5')
  })

  test('names the place of what was flagged in a document: its slide, its sheet and cell', async () => {
    const pieces = {
      pieces: [{ kind: 'picture' as const, name: 'picture 1', places: [{ sheet: '价格', cell: 'B7' }] }],
      sections: [
        { start: 0, place: { slide: 1 } },
        { start: 90, place: { slide: 2 } },
      ],
    }
    const checks = [
      checkOf({ id: 1, part: 'picture 1', verdict: 'risky' }),
      checkOf({ id: 2, part: 'chunk 2/2', range: [95, 99], verdict: 'risky' }),
    ]
    const [row] = await recordsOf([assetOf({ pieces, checks })])
    expect(String(Object.values(row ?? {}).join())).toContain('图 1（工作表「价格」 B7）、第 2 张幻灯片，分片 2/2')
  })

  test('names the rule with its article, the words, and better ones; what was found fine is said to be', async () => {
    const waiver = { id: 1, reach: 'once', reason: '奖项', reviewer: '', at: 0 } as const
    const other = { ...hitAt(0, '顶级').text, rule: 'absolute-top', title: { zh: '绝对化用语：顶级', en: '' } }
    const hits = [hitAt(2, '最佳'), hitAt(9, '最佳'), hitAt(5, '顶级', { text: other, waiver })]
    const [record] = await recordsOf([assetOf({ ruled: { finding: 'forbidden', hits, more: 0 } })])
    expect(record?.规则与依据).toBe(
      '1. [禁止] 绝对化用语：最佳\n“最佳” · 广告法 · 第九条（三）\n2. [禁止] 绝对化用语：顶级 [标为没问题]\n“顶级” · 广告法 · 第九条（三）',
    )
    expect(record?.建议改为).toBe('1. 改为“深受喜爱”')
  })

  test('names each profile where there are several', async () => {
    const other = { ...profile, id: 'q', name: '品牌乙' }
    const results = [resultOf(), resultOf({ profile: 'q', labels: [20006], score: null })]
    const batch = { name: 'b', profiles: [profile, other] }
    const [record] = await recordsOf([assetOf({ batch, row: rowOf({ results }) })])
    expect(record?.发现或未检原因).toBe('品牌甲: 色情 · 置信度 90\n品牌乙: 违法犯罪')
  })

  test('has small pictures in their rows, and says where there is none', async () => {
    const row = rowOf({ kind: 'image', width: 10, height: 20 })
    const picture = { bytes: Buffer.from('jpeg'), width: 10, height: 20 }
    const assets = [
      { row, picture },
      {},
      { row, picture },
      { row, picture: 'beyond' },
      { row, picture: 'missing' },
    ] as const
    const book = await sheetOf(assets.map(each => assetOf(each)))
    expect(await entryOf(book, 'xl/media/image2.jpg')).toBe('jpeg')
    const drawing = await entryOf(book, 'xl/drawings/drawing1.xml')
    expect(Array.from(drawing.matchAll(/<xdr:row>(\d+)/g), match => match[1])).toEqual(['5', '7'])
    expect(await entryOf(book, 'xl/worksheets/sheet1.xml')).toContain('<drawing r:id="rId1"/>')
    const records = await recordsOf(assets.map(each => assetOf(each)))
    expect(records.map(record => record.图片)).toEqual([
      null,
      null,
      null,
      '未附图（超出上限）',
      '原文件已不在、已改动或已损坏',
    ])
  })

  test('is set up to be read and printed: head in sight and on every page, filters, landscape, as wide as a page', async () => {
    const book = await sheetOf([assetOf(), assetOf()], { title: '甲 & 乙 &P' })
    const xml = await entryOf(book, 'xl/worksheets/sheet1.xml')
    expect(xml).toContain('<pane ySplit="5" topLeftCell="A6" activePane="bottomLeft" state="frozen"/>')
    expect(xml).toContain('<autoFilter ref="A5:P7"/>')
    expect(xml).toContain('orientation="landscape" fitToWidth="1" fitToHeight="0"')
    expect(xml).toContain('&amp;L甲 &amp;&amp; 乙 &amp;&amp;P&amp;R&amp;P / &amp;N')
    const names = await entryOf(book, 'xl/workbook.xml')
    expect(names).toMatch(/Print_Titles" localSheetId="0">'结果'!\$5:\$5</)
    expect(names).toMatch(/Print_Area" localSheetId="0">'结果'!\$A\$1:\$L\$7</)
  })

  test('holds no formula, whatever names, notes and texts are', async () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('=1+1', '+cmd|x', '-1', '@sum', '\t=', '<f>1</f>', '"]]>', '\ud800'),
    )
    await fc.assert(
      fc.asyncProperty(nasty, async evil => {
        const row = rowOf({ path: evil, note: evil, excerpt: evil, decision: 'reject', decisionReason: 1 })
        const ruled = { finding: 'forbidden', hits: [hitAt(0, evil, { before: evil, after: evil })], more: 0 } as const
        const facts = {
          row,
          ruled,
          reasons: [evil],
          decided: { reviewer: evil, at: 0 },
          checks: [checkOf({ range: [0, 1] })],
        }
        const batch = { name: evil, profiles: [{ ...profile, name: evil }] }
        const book = await sheetOf([assetOf({ ...facts, batch }), assetOf({ ...facts, batch, text: evil })], {
          title: evil,
        })
        const xml = await entryOf(book, 'xl/worksheets/sheet1.xml')
        expect(xml).not.toMatch(/<f[ >]/)
        expect(Array.from(xml.matchAll(/ t="(\w+)"/g), match => match[1]).every(type => type === 'inlineStr')).toBe(
          true,
        )
      }),
      { numRuns: 10 },
    )
    // Somebody who edits the cell leaves a text behind, too.
    const css = await entryOf(await sheetOf([]), 'xl/styles.xml')
    expect(css.match(/quotePrefix="1"/g)).toHaveLength(1)
  })

  test('makes rows as high as what stands in them, and none higher than a spreadsheet can show', () => {
    const columns = peopleColumns.filter(({ name }) => name === 'content')
    const heights = ['', '一'.repeat(60), '一\n'.repeat(9), 'x'.repeat(60_000)].map(cell =>
      heightOf(columns, [cell], false),
    )
    expect(heights).toEqual([...heights].sort((a, b) => a - b))
    expect(heights.at(-1)).toBe(400)
    expect(heightOf(columns, [''], true)).toBeGreaterThan(heights[0]!)
    // What is there for a filter alone.
    const unprinted = columns.map(column => ({ ...column, isPrinted: false }))
    expect(heightOf(unprinted, ['一\n二\n三'], false)).toBe(heights[0])
  })
})
