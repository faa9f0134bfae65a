import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intakeLimits } from '../../../electron/engine/formats/source.ts'
import { failureText } from '../../../shared/failures.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { findAll, summary, temporaryFolder } from '../intake/harness.ts'
import { docxOf, relationships, workbookOf, xlsxOf, zipOf } from './zip-file.ts'

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}

const table =
  '编号,文案,图片\n1,限时优惠,https://example.com/a.png\n2,"先到先得,\n售完即止",ftp://example.com/b.png\n\n3,,\n'

describe('reading a table', () => {
  test('leaves out the picture that a spreadsheet shows in place of a formula', async () => {
    const path = await fileOf(
      'pictures.csv',
      '编号,文案\n1,"=DISPIMG(""ID_1"",1)"\n2,"=IMAGE(""https://a.example/b"")"\n3,好\n',
    )
    const found = await findAll([path], { textColumn: '文案' })
    const omitted = found.map(({ source }) => (source.kind === 'row' ? source.omitted?.map(({ code }) => code) : null))
    expect(omitted.slice(0, 2)).toEqual([['picture'], ['picture']])
    expect(omitted[2] ?? []).toEqual([])
  })

  test('leaves out what a spreadsheet computes, but not words that merely look like it', async () => {
    const cells = [
      '"=CONCATENATE(""红包"",""加微信"")"',
      '=A9&B9',
      '"+CONCAT(""红包"",""加微信"")"',
      "=cmd|'/C calc'!A0",
      '=Sheet2!B1',
      '"=""0123"""',
      '"=HYPERLINK(""https://a.example"",""红包"")"',
      '=====新品=====',
      '=A1专区',
      '-50%',
      '@小王(店长)',
    ]
    const path = await fileOf('formulas.csv', `编号,文案\n${cells.map((cell, at) => `${at},${cell}\n`).join('')}`)
    const found = await findAll([path], { textColumn: '文案' })
    expect(found.map(each => each.failure?.code ?? 'read')).toEqual([
      ...Array.from({ length: 5 }, () => 'empty'),
      ...Array.from({ length: 6 }, () => 'read'),
    ])
  })

  test('makes an asset of every row of the chosen column, numbered as a spreadsheet numbers it', async () => {
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
      notes: [{ code: 'columns_unread', name: '图片' }],
    })
  })

  test('finds the column by its letter as well, and addresses in a column of their own', async () => {
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

  test.each([
    ['no column is chosen', {}, 'column_not_chosen'],
    ['the column does not exist', { textColumn: '标题' }, 'column_unknown'],
  ] as const)('says which columns there are, and how to choose one, when %s', async (_, choice, code) => {
    const [only, ...others] = await findAll([await fileOf('table.csv', table)], choice)
    expect(others).toEqual([])
    expect(only).toMatchObject({ kind: null, failure: { code } })
    expect(only?.failure?.detail).toMatch(/A “编号”, B “文案”, C “图片”/)
    for (const language of ['zh', 'en'] as const) expect(failureText(code, language)).toContain('--text-column')
  })

  test('asks for a letter when two columns have the name', async () => {
    const [only] = await findAll([await fileOf('table.csv', '文案,文案\na,b\n')], { textColumn: '文案' })
    expect(only?.failure).toMatchObject({ code: 'column_ambiguous', detail: '“文案” × 2: A “文案”, B “文案”' })
    expect(failureText('column_ambiguous', 'en')).toContain('letter')
  })

  test.each([
    ['semicolons', '文案;价格\n限时,优惠;3,50\n', '限时,优惠'],
    ['tabs', '文案\t价格\n限时;优惠\t3\n', '限时;优惠'],
    ['commas in a quoted header', '"文案,中文;的",价格\n限时优惠,3\n', '限时优惠'],
  ])('recognises %s', async (_, content, text) => {
    const found = await findAll([await fileOf('table.csv', content)], { textColumn: 'A' })
    expect(found.at(-1)?.source).toMatchObject({ text })
  })

  test('recognises the encoding of the table and refuses it when that is not certain', async () => {
    const gbk = await readFile(new URL('../../fixtures/text/simplified.gbk.txt', import.meta.url))
    const path = await fileOf('gbk.csv', Buffer.concat([Buffer.from('copy\n"'), gbk, Buffer.from('"\n')]))
    const [row] = await findAll([path], { textColumn: 'copy' })
    expect(row?.source).toMatchObject({ encoding: 'gb18030', text: expect.stringContaining('全场女装低至五折') })
    const korean = await readFile(new URL('../../fixtures/text/korean.euc-kr.txt', import.meta.url))
    const refused = await fileOf('korean.csv', Buffer.concat([Buffer.from('copy\n'), korean]))
    expect(summary(await findAll([refused], { textColumn: 'copy' }))).toEqual({ 'korean.csv': 'undecodable_text' })
  })

  test('gives the rows before a damaged one, and a reason for the rest', async () => {
    const path = await fileOf('table.csv', `copy\n限时优惠\n"没有结束的引号\n${'更多,\n'.repeat(10)}`)
    expect(summary(await findAll([path], { textColumn: 'copy' }))).toEqual({
      'table.csv#2': 'text',
      'table.csv': 'left_out',
    })
    const [, rest] = await findAll([path], { textColumn: 'copy' })
    expect(detailText(rest?.failure?.detail ?? '', 'zh')).toBe('从第 3 行起没有读：那里的引号没有闭合')
  })

  test('gives back every cell that a CSV writer wrote', async () => {
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

  test('reads the sheets of a workbook', async () => {
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

  test('leaves no row of a workbook out whose cell shows something that the workbook does not store', async () => {
    const cells = [
      '<row r="1"><c r="A1" t="inlineStr"><is><t>文案</t></is></c></row>',
      '<row r="2"><c r="A2" t="str"><f>B2&amp;C2</f></c></row>',
      '<row r="3"><c r="A3"><f>B3</f><v></v></c></row>',
      '<row r="4"><c r="A4" t="e"><f>NA()</f><v>#N/A</v></c></row>',
      '<row r="5"><c r="A5" s="0"/></row>',
      '<row r="6"><c r="A6" t="inlineStr"><is><t>先到先得</t></is></c></row>',
      '<row r="7"><c r="A7" t="str"><f>IF(B7="","",B7)</f><v></v></c></row>',
      '<row r="9"><c r="A9" t="e"><v>#REF!</v></c></row>',
    ]
    const path = await fileOf('formulas.xlsx', workbookOf(cells.join('')))
    const found = await findAll([path], { textColumn: '文案' })
    expect(summary(found)).toEqual({
      'formulas.xlsx#2': 'empty',
      'formulas.xlsx#3': 'empty',
      'formulas.xlsx#4': 'empty',
      'formulas.xlsx#6': 'text',
      'formulas.xlsx#9': 'empty',
    })
    expect(detailText(found[0]?.failure?.detail ?? '', 'en')).toMatch(/formula without a stored result/)
  })

  test('opens a workbook with more formulas than a call takes arguments', async () => {
    const rows = Array.from(
      { length: 150_000 },
      (_, index) => `<row r="${index + 2}"><c r="A${index + 2}" t="e"/></row>`,
    )
    const header = '<row r="1"><c r="A1" t="inlineStr"><is><t>文案</t></is></c></row>'
    const path = await fileOf('errors.xlsx', workbookOf(header + rows.join('')))
    const found = await findAll([path], { textColumn: '文案' })
    expect(found).toHaveLength(150_000)
    expect(found.at(-1)).toMatchObject({ path: 'errors.xlsx#150001', failure: { code: 'empty' } })
  })

  // What is found is stored by its source, once.
  test('gives every row, every line and every sheet that has a problem a source of its own', async () => {
    const rows = ['', '', '不是地址', '不是地址', 'https://example.com/a.png', 'https://example.com/a.png']
    const sheets = xlsxOf({ 一: [['图片'], ...rows.map(row => [row || ' '])], 二: [['别的']], 三: [['别的']] })
    const table = await findAll(
      [
        await fileOf('table.csv', `n,图片\n${rows.map(row => `1,${row}\n`).join('')}`),
        await fileOf('again.csv', `n,图片\n${rows.map(row => `1,${row}\n`).join('')}`),
        await fileOf('table.xlsx', sheets),
      ],
      { urlColumn: '图片' },
    )
    const list = await findAll([await fileOf('urls.txt', rows.join('\n'))], { urlList: true })
    const found = [...table, ...list]
    expect(found.filter(each => each.failure?.code === 'column_unknown').map(each => each.path)).toEqual([
      'table.xlsx#二',
      'table.xlsx#三',
    ])
    expect(list).toHaveLength(4)
    expect(new Set(found.map(each => JSON.stringify(each.source))).size).toBe(found.length)
  })

  test('takes the first row for material where a letter chose the column, unless it is clearly a header', async () => {
    const bare = await fileOf('bare.csv', '加微信领红包,1\n限时优惠,2\n')
    expect(summary(await findAll([bare], { textColumn: 'A' }))).toEqual({ 'bare.csv#1': 'text', 'bare.csv#2': 'text' })
    const headed = await fileOf('headed.csv', 'Text,n\n限时优惠,2\n')
    expect(summary(await findAll([headed], { textColumn: 'A' }))).toEqual({ 'headed.csv#2': 'text' })
    const addresses = await fileOf('addresses.csv', 'https://example.com/a.png\nb.png\n')
    expect(summary(await findAll([addresses], { urlColumn: 'A' }))).toEqual({
      'addresses.csv#1': 'image',
      'addresses.csv#2': 'url_refused',
    })
    const sheet = await fileOf('bare.xlsx', xlsxOf({ 表: [['加微信领红包'], ['限时优惠']] }))
    expect(summary(await findAll([sheet], { textColumn: 'A' }))).toEqual({
      'bare.xlsx#1': 'text',
      'bare.xlsx#2': 'text',
    })
    const [first] = await findAll([bare], { textColumn: 'A' })
    expect(first?.source).toMatchObject({ row: 1, column: 'A', text: '加微信领红包' })
  })

  test('says in words what a workbook without its references lacks', async () => {
    const path = await fileOf('bare.xlsx', zipOf({ 'xl/workbook.xml': '<workbook/>' }))
    const [only] = await findAll([path], { textColumn: 'A' })
    expect(only?.failure?.code).toBe('damaged_document')
    expect(detailText(only?.failure?.detail ?? '', 'en')).toBe('its main part is missing')
    const main = relationships(['officeDocument', 'xl/workbook.xml'])
    const noSheets = await fileOf('none.xlsx', zipOf({ '_rels/.rels': main, 'xl/workbook.xml': '<workbook/>' }))
    const [none] = await findAll([noSheets], { textColumn: 'A' })
    expect(detailText(none?.failure?.detail ?? '', 'zh')).toBe('其中没有工作表')
  })

  test('refuses a workbook that unpacks to more than the limit, and one that is damaged', async () => {
    const main = { '_rels/.rels': relationships(['officeDocument', 'xl/workbook.xml']) }
    const bomb = await fileOf('bomb.xlsx', zipOf({ ...main, 'xl/workbook.xml': Buffer.alloc(1_000_000, 0x20) }, 10))
    const limits = { ...intakeLimits, workbookUnpackedBytes: 500_000 }
    expect(summary(await findAll([bomb], { textColumn: 'A', limits }))).toEqual({ 'bomb.xlsx': 'too_large' })
    const damaged = await fileOf('damaged.xlsx', zipOf({ ...main, 'xl/workbook.xml': '<workbook' }))
    expect(summary(await findAll([damaged], { textColumn: 'A' }))).toEqual({ 'damaged.xlsx': 'damaged_document' })
  })
})

describe('reading a list of addresses', () => {
  test('makes an image of every line that is an address', async () => {
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
    expect(found[1]?.source).toEqual({
      kind: 'url',
      url: 'http://example.com/图.png',
      at: { path, sheet: null, row: 4, column: null },
    })
  })

  test.each(['urls.md', 'urls.csv', 'urls.list', 'urls.json'])(
    'is what a file named %s holds, when it is named itself',
    async name => {
      const path = await fileOf(name, 'https://example.com/a.png\nhttps://example.com/b.png\n')
      expect(summary(await findAll([path], { urlList: true }))).toEqual({
        [`${name}#1`]: 'image',
        [`${name}#2`]: 'image',
      })
    },
  )

  test('is no document, which is never judged by its words where addresses were promised', async () => {
    const path = await fileOf('urls.docx', docxOf(['https://example.com/a.png']))
    expect(summary(await findAll([path], { urlList: true }))).toEqual({ 'urls.docx': 'unsupported_type' })
  })

  test('is an ordinary text unless lists were asked for', async () => {
    expect(summary(await findAll([await fileOf('urls.txt', 'https://example.com/a.png')]))).toEqual({
      'urls.txt': 'text',
    })
  })
})
