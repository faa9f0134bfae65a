import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intakeLimits } from '../../../electron/engine/intake/source.ts'
import { failureText } from '../../../shared/failures.ts'
import { xlsxOf, zipOf } from '../text/zip-file.ts'
import { findAll, summary, temporaryFolder } from './harness.ts'

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}

const table =
  '编号,文案,图片\n1,限时优惠,https://example.com/a.png\n2,"先到先得,\n售完即止",ftp://example.com/b.png\n\n3,,\n'

describe('reading a table', () => {
  it('makes an asset of every row of the chosen column, numbered as a spreadsheet numbers it', async () => {
    const path = await fileOf('table.csv', table)
    const found = await findAll([path], { textColumn: '文案' })
    expect(found.map(each => [each.path, each.failure?.code ?? each.kind])).toEqual([
      ['table.csv#2', 'text'],
      ['table.csv#3', 'text'],
      ['table.csv#5', 'empty'],
    ])
    expect(found[1]?.source).toEqual({
      kind: 'row',
      path,
      sheet: null,
      row: 3,
      column: '文案',
      encoding: 'utf-8',
      text: '先到先得,\n售完即止',
    })
  })

  it('finds the column by its letter as well, and addresses in a column of their own', async () => {
    const path = await fileOf('table.csv', table)
    expect(summary(await findAll([path], { urlColumn: 'c' }))).toEqual({
      'table.csv#2': 'image',
      'table.csv#3': 'url_refused',
      'table.csv#5': 'empty',
    })
    expect(summary(await findAll([path], { textColumn: 'B', urlColumn: '图片' }))).toMatchObject({
      'table.csv#2:文案': 'text',
      'table.csv#2:图片': 'image',
    })
  })

  it.each([
    ['no column is chosen', {}, 'column_not_chosen'],
    ['the column does not exist', { textColumn: '标题' }, 'column_unknown'],
  ] as const)('says which columns there are, and how to choose one, when %s', async (_, choice, code) => {
    const [only, ...others] = await findAll([await fileOf('table.csv', table)], choice)
    expect(others).toEqual([])
    expect(only).toMatchObject({ kind: null, failure: { code } })
    expect(only?.failure?.detail).toMatch(/A “编号”, B “文案”, C “图片”/)
    for (const language of ['zh', 'en'] as const) expect(failureText(code, language)).toContain('--text-column')
  })

  it('asks for a letter when two columns have the name', async () => {
    const [only] = await findAll([await fileOf('table.csv', '文案,文案\na,b\n')], { textColumn: '文案' })
    expect(only?.failure).toMatchObject({ code: 'column_ambiguous', detail: '“文案” × 2: A “文案”, B “文案”' })
    expect(failureText('column_ambiguous', 'en')).toContain('letter')
  })

  it.each([
    ['semicolons', '文案;价格\n限时,优惠;3,50\n', '限时,优惠'],
    ['tabs', '文案\t价格\n限时;优惠\t3\n', '限时;优惠'],
    ['commas in a quoted header', '"文案,中文;的",价格\n限时优惠,3\n', '限时优惠'],
  ])('recognises %s', async (_, content, text) => {
    const [only] = await findAll([await fileOf('table.csv', content)], { textColumn: 'A' })
    expect(only?.source).toMatchObject({ text })
  })

  it('recognises the encoding of the table and refuses it when that is not certain', async () => {
    const gbk = await readFile(new URL('../../fixtures/text/simplified.gbk.txt', import.meta.url))
    const path = await fileOf('gbk.csv', Buffer.concat([Buffer.from('copy\n"'), gbk, Buffer.from('"\n')]))
    const [row] = await findAll([path], { textColumn: 'copy' })
    expect(row?.source).toMatchObject({ encoding: 'gb18030', text: expect.stringContaining('全场女装低至五折') })
    const korean = await readFile(new URL('../../fixtures/text/korean.euc-kr.txt', import.meta.url))
    const refused = await fileOf('korean.csv', Buffer.concat([Buffer.from('copy\n'), korean]))
    expect(summary(await findAll([refused], { textColumn: 'copy' }))).toEqual({ 'korean.csv': 'undecodable_text' })
  })

  it('gives the rows before a damaged one, and a reason for the rest', async () => {
    const path = await fileOf('table.csv', `copy\n限时优惠\n"没有结束的引号\n${'更多,\n'.repeat(10)}`)
    expect(summary(await findAll([path], { textColumn: 'copy' }))).toEqual({
      'table.csv#2': 'text',
      'table.csv': 'unreadable_file',
    })
  })

  it('gives back every cell that a CSV writer wrote', async () => {
    const folder = await temporaryFolder()
    const cell = fc
      .string({ unit: 'grapheme-composite' })
      .filter(text => text.trim() !== '' && !/(?=\p{Cc})\S/u.test(text))
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t'),
        async (cells, delimiter) => {
          const path = join(folder, 'table.csv')
          const content = stringify([['n', 'copy', 'x'], ...cells.map((text, index) => [index, text, ''])], {
            delimiter,
            quoted: true,
          })
          await writeFile(path, `\uFEFF${content}`)
          const found = await findAll([path], { textColumn: 'copy' })
          expect(found.map(each => (each.source.kind === 'row' ? each.source.text : each))).toEqual(cells)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('reads the sheets of a workbook', async () => {
    const one = await fileOf(
      'one.xlsx',
      xlsxOf({ 文案表: [['编号', '文案'], ['1', ' 限时优惠 '], [], ['2', '先到先得']] }),
    )
    const found = await findAll([one], { textColumn: '文案' })
    expect(summary(found)).toEqual({ 'one.xlsx#2': 'text', 'one.xlsx#4': 'text' })
    expect(found[0]?.source).toMatchObject({ kind: 'row', sheet: null, row: 2, text: ' 限时优惠 ' })
    const two = await fileOf('two.xlsx', xlsxOf({ 一月: [['文案'], ['限时优惠']], 二月: [['别的'], ['先到先得']] }))
    expect(summary(await findAll([two], { textColumn: '文案' }))).toEqual({
      'two.xlsx#一月!2': 'text',
      'two.xlsx#二月': 'column_unknown',
    })
  })

  it('refuses a workbook that unpacks to more than the limit, and one that is damaged', async () => {
    const bomb = await fileOf('bomb.xlsx', zipOf({ 'xl/workbook.xml': Buffer.alloc(1_000_000, 0x20) }, 10))
    const limits = { ...intakeLimits, workbookUnpackedBytes: 500_000 }
    expect(summary(await findAll([bomb], { textColumn: 'A', limits }))).toEqual({ 'bomb.xlsx': 'too_large' })
    const damaged = await fileOf('damaged.xlsx', zipOf({ 'xl/workbook.xml': '<workbook' }))
    expect(summary(await findAll([damaged], { textColumn: 'A' }))).toEqual({ 'damaged.xlsx': 'undecodable_text' })
  })
})

describe('reading a list of addresses', () => {
  it('makes an image of every line that is an address', async () => {
    const lines = [
      'https://example.com/a.png',
      '',
      '# 注释',
      'http://example.com/图.png\r',
      'file:///etc/passwd',
      'a.png',
      'https://u:p@example.com/',
    ]
    const path = await fileOf('urls.txt', lines.join('\n'))
    const found = await findAll([path], { urlList: true })
    expect(summary(found)).toEqual({
      'urls.txt#1': 'image',
      'urls.txt#4': 'image',
      'urls.txt#5': 'url_refused',
      'urls.txt#6': 'url_refused',
      'urls.txt#7': 'url_refused',
    })
    expect(found[1]?.source).toEqual({ kind: 'url', url: 'http://example.com/图.png' })
  })

  it('is an ordinary text unless lists were asked for', async () => {
    expect(summary(await findAll([await fileOf('urls.txt', 'https://example.com/a.png')]))).toEqual({
      'urls.txt': 'text',
    })
  })
})
