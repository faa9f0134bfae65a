import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lookAtRows } from '../../../electron/engine/formats/tables/guess-columns.ts'
import type { SeenTable } from '../../../electron/engine/formats/tables/table.ts'
import { remarksText } from '../../../shared/remarks/index.ts'
import { allTextColumns } from '../../../shared/screening.ts'
import { findAll, summary, temporaryFolder } from '../intake/harness.ts'
import { rowOf, workbookWith } from './workbooks.ts'

const rows = (...all: readonly (readonly string[])[]) => all.map((cells, at) => ({ row: at + 1, cells }))
const guess = (...all: readonly (readonly string[])[]) => {
  const { text, url } = lookAtRows(rows(...all))
  return { text, url }
}

describe('the likeliest columns of a table', () => {
  test.each([
    [
      'by their names',
      [
        ['编号', '文案', '图片链接'],
        ['1', '限时', 'https://a.example/1'],
      ],
      '文案',
      '图片链接',
    ],
    ['below a title', [['双十一排期'], ['编号', '商品文案'], ['1', '限时优惠']], '商品文案', null],
    [
      'by the longest words',
      [
        ['1', '春茶', '今年第一批春茶已经上市'],
        ['2', '夏茶', '清爽一夏的新品'],
      ],
      'C',
      null,
    ],
    [
      'not by links to pages',
      [
        ['title', 'link'],
        ['Tea', 'https://a.example/shop'],
      ],
      'title',
      null,
    ],
    [
      'by addresses that end as pictures',
      [
        ['1', 'https://a.example/1.jpg'],
        ['2', 'https://a.example/2.png'],
      ],
      null,
      'B',
    ],
    [
      'not at all where there are only figures',
      [
        ['1', '¥199.00'],
        ['2', '3,50'],
      ],
      null,
      null,
    ],
    [
      'by the letter where two have the name',
      [
        ['文案', '文案'],
        ['a', '第一批春茶'],
      ],
      'B',
      null,
    ],
  ] as const)('are found %s', (_, table, text, url) => {
    expect(guess(...table)).toEqual({ text, url })
  })

  test('never leave out a first row that may be material', () => {
    const { columns, hasHeader } = lookAtRows(rows(['全场五折起', '9'], ['买一送一', '8']))
    expect(hasHeader).toBe(false)
    expect(columns[0]).toEqual({ key: 'A', letter: 'A', name: null, samples: ['全场五折起', '买一送一'] })
  })
})

test('a row of words above columns of figures names them', () => {
  const { columns, text } = lookAtRows(rows(['Nr', 'Text of ad'], ['1', 'A quiet cup'], ['2', 'Spring tea']))
  expect(columns.map(({ name }) => name)).toEqual(['Nr', 'Text of ad'])
  expect(text).toBe('Text of ad')
})

describe('a walk that guesses', () => {
  async function found(
    content: string | Uint8Array,
    name: string,
    tables: readonly { sheet: string | null; textColumn: string | null; urlColumn: string | null }[] = [],
  ) {
    const path = join(await temporaryFolder(), name)
    await writeFile(path, content)
    const seen: SeenTable[] = []
    const all = await findAll([path], {
      guessColumns: true,
      tables: tables.map(each => ({ path, moreTextColumns: [], ...each })),
      onTable: (_, __, table) => seen.push(table),
    })
    return { summary: summary(all), seen }
  }
  const csv = '编号,文案,卖点\n1,限时优惠,好喝\n2,先到先得,好看\n'

  test('reads several columns, or all of them, each cell as an asset', async () => {
    const path = join(await temporaryFolder(), 'a.csv')
    await writeFile(path, '编号,文案,卖点\n甲,限时优惠,好喝\n乙,,好看\n3,先到先得\n')
    const read = async (options: object) =>
      (await findAll([path], options)).map(({ path: name, source, failure }) => [
        name,
        failure?.code ?? (source.kind === 'row' ? source.text : ''),
        source.kind === 'row' ? remarksText(source.notes ?? [], 'en') : '',
      ])
    const unread = 'other columns of this row were not checked: 编号'
    expect(await read({ textColumn: '文案', moreTextColumns: ['C', '文案'] })).toEqual([
      ['a.csv#2:文案', '限时优惠', unread],
      ['a.csv#2:卖点', '好喝', unread],
      ['a.csv#3:卖点', '好看', unread],
      ['a.csv#4:文案', '先到先得', ''],
    ])
    expect((await read({ textColumn: allTextColumns, urlColumn: 'c' })).map(([name]) => name)).toEqual([
      'a.csv#2:编号',
      'a.csv#2:文案',
      'a.csv#2:卖点',
      'a.csv#3:编号',
      'a.csv#3:卖点',
      'a.csv#4:编号',
      'a.csv#4:文案',
      'a.csv#4:卖点',
    ])
  })

  test('reads the likeliest column, and tells what the table shows and how many rows it has', async () => {
    const { summary: all, seen } = await found(csv, 'a.csv')
    expect(all).toEqual({ 'a.csv#2': 'text', 'a.csv#3': 'text' })
    expect(seen.map(each => each.rows)).toEqual([null, 2])
    expect(seen[0]).toMatchObject({ textColumn: '文案', urlColumn: null, isWanted: true })
    expect(seen[0]?.columns.map(each => [each.key, ...each.samples])).toEqual([
      ['编号', '1', '2'],
      ['文案', '限时优惠', '先到先得'],
      ['卖点', '好喝', '好看'],
    ])
  })

  test('reads what was chosen for the table, or leaves all of it out', async () => {
    const chosen = await found(csv, 'a.csv', [{ sheet: null, textColumn: '卖点', urlColumn: null }])
    expect(chosen.seen.at(-1)).toMatchObject({ textColumn: '卖点', rows: 2 })
    const unwanted = await found(csv, 'a.csv', [{ sheet: null, textColumn: null, urlColumn: null }])
    expect(unwanted.summary).toEqual({ 'a.csv': 'unwanted' })
    expect(unwanted.seen.at(-1)).toMatchObject({ isWanted: false, rows: 2 })
  })

  test('says that no column is chosen where none is likely, and counts its rows all the same', async () => {
    const { summary: all, seen } = await found('1,199\n2,299\n3,399\n', 'a.csv')
    expect(all).toEqual({ 'a.csv': 'column_not_chosen' })
    expect(seen.at(-1)).toMatchObject({ rows: 3, isWanted: true, textColumn: null })
  })

  test('takes a workbook the same way, and sends nothing that stands beside a sheet which is not to be checked', async () => {
    const book = workbookWith({
      rows: rowOf(1, '文案', '价格') + rowOf(2, '限时优惠', '9'),
      after: '<headerFooter><oddHeader>内部资料</oddHeader></headerFooter>',
    })
    expect((await found(book, 'a.xlsx')).summary).toMatchObject({ 'a.xlsx#2': 'text' })
    const unwanted = await found(book, 'a.xlsx', [{ sheet: null, textColumn: null, urlColumn: null }])
    expect(unwanted.summary).toEqual({ 'a.xlsx': 'unwanted' })
  })
})
