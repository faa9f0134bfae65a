import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Found } from '../../../electron/engine/formats/source.ts'
import { detailText, type Remark, remarksText } from '../../../shared/remarks/index.ts'
import { findAll, png, summary, temporaryFolder } from '../intake/harness.ts'
import { cellOf, rowOf, stylesOf, type WorkbookParts, workbookWith } from './workbooks.ts'

async function findIn(given: WorkbookParts, textColumn = '文案') {
  const path = join(await temporaryFolder(), 't.xlsx')
  await writeFile(path, workbookWith(given))
  return await findAll([path], { textColumn })
}

const row = (each: Found | undefined) => (each?.source.kind === 'row' ? each.source : undefined)
const textsOf = (found: readonly Found[]) => Object.fromEntries(found.map(each => [each.path, row(each)?.text]))
const inWords = (remarks: readonly Remark[] = []) => remarksText(remarks, 'zh')
/** What is said of an asset that cannot pass; blank for one that can. */
const saidOf = (each: Found | undefined) =>
  each?.failure ? detailText(each.failure.detail, 'zh') : inWords(row(each)?.omitted)

const table = { rows: rowOf(1, '编号', '文案') + rowOf(2, '1', '春茶上新') }
const drawing = 'http://schemas.openxmlformats.org/drawingml/2006/main'
const drawn = (inside: string) => `<xdr:wsDr xmlns:xdr="urn:x" xmlns:a="${drawing}">${inside}</xdr:wsDr>`

describe('a cell of a workbook', () => {
  test.each([
    ['"全场"0"折"', '5', '全场5折'],
    ['0%', '0.5', '50%'],
    ['yyyy"年"m"月"d"日"', '45000', '2023年3月15日'],
    ['[>=100]"贵";[<100]"便宜"', '5', '便宜'],
    ['[红色]"特价"G/通用格式"元"', '9.9', '特价9.9元'],
    ['# ?/?', '0.5', '1/2'],
    ['[$-804]aaaa', '45000', '星期三'],
    [';;;', '5', '5'],
    ['"没有', '5', '5\n"没有'],
    ['General', '13800138000', '13800138000'],
  ])('with the number format %s shows %s as its program does', async (code, stored, shown) => {
    const rows = `${rowOf(1, '文案')}<row r="2"><c r="A2" s="1"><v>${stored}</v></c></row>`
    expect(textsOf(await findIn({ rows, styles: stylesOf(code) }))).toEqual({ 't.xlsx#2': shown })
  })

  test.each([
    ['0;0;0;"红包加微信"', '红包加微信\n春茶'],
    [';;;!红!包', '红包\n春茶'],
    ['General;General;General;"红包"@', '红包春茶'],
    ['0;"红包"@', '红包春茶'],
    ['"红包"_.@', '红包 春茶\n红包春茶'],
    ['0;0', '春茶'],
  ])('shows a text with the format %s as its program does', async (code, shown) => {
    const rows = `${rowOf(1, '文案')}<row r="2"><c r="A2" s="1" t="inlineStr"><is><t>春茶</t></is></c></row>`
    expect(textsOf(await findIn({ rows, styles: stylesOf(code) }))).toEqual({ 't.xlsx#2': shown })
  })

  test('shows what its format puts in the place of nothing', async () => {
    const rows = `${rowOf(1, '文案')}<row r="2"><c r="A2" s="1" t="str"><f>""</f><v></v></c></row>`
    expect(textsOf(await findIn({ rows, styles: stylesOf(';;;"红包"') }))).toEqual({ 't.xlsx#2': '红包\n' })
  })

  test('shows reading aids in a column that shows them', async () => {
    const parts = {
      'xl/worksheets/sheet1.xml': `<worksheet><cols><col min="1" max="1" phonetic="1"/></cols><sheetData>${rowOf(1, '文案')}<row r="2"><c r="A2" t="s"><v>0</v></c></row></sheetData></worksheet>`,
    }
    const strings = '<si><t>茶</t><rPh sb="0" eb="1"><t>ちゃ</t></rPh></si>'
    expect(textsOf(await findIn({ rows: '', strings, parts }))).toEqual({ 't.xlsx#2': '茶\nちゃ' })
  })

  test('is read without the runs that nobody sees as well', async () => {
    const strings = '<si><r><t>红包</t></r><r><rPr><color rgb="FFFFFFFF"/></rPr><t>茶</t></r><r><t>加微信</t></r></si>'
    const rows = `${rowOf(1, '文案')}<row r="2"><c r="A2" t="s"><v>0</v></c></row>`
    expect(textsOf(await findIn({ rows, strings }))).toEqual({ 't.xlsx#2': '红包加微信\n红包茶加微信' })
  })

  test('that programs read in several ways is sent in all of them', async () => {
    const two = '<row r="2"><c r="A2" t="str"><v>茶</v><is><t>红包加微信</t></is></c></row>'
    expect(textsOf(await findIn({ rows: rowOf(1, '文案') + two }))).toEqual({
      't.xlsx#2': '茶',
      't.xlsx#价格表': '红包加微信',
    })
    const within =
      '<mc:AlternateContent><mc:Choice><row r="2"><mc:AlternateContent><mc:Choice><c r="A2" t="s"><v>0</v></c></mc:Choice></mc:AlternateContent></row></mc:Choice></mc:AlternateContent>'
    const rows = rowOf(1, '文案') + within
    expect(textsOf(await findIn({ rows, strings: '<si><t>红包</t></si>' }))).toEqual({ 't.xlsx#2': '红包' })
  })

  test('shows the words that a format puts around a text', async () => {
    const rows = `${rowOf(1, '文案')}<row r="2"><c r="A2" s="1" t="inlineStr"><is><t>春茶</t></is></c></row>`
    expect(textsOf(await findIn({ rows, styles: stylesOf('"【特价】"@') }))).toEqual({ 't.xlsx#2': '【特价】春茶' })
  })

  test('is one text of all its runs, with reading aids only where they are shown', async () => {
    const strings =
      '<si><r><t>春</t></r><r><rPr><b/></rPr><t>茶</t></r><rPh sb="0" eb="1"><t>はる</t></rPh></si><si><t>一_x000D_二</t></si>'
    const rows = `${rowOf(1, '文案')}<row r="2"><c r="A2" t="s"><v>0</v></c></row><row r="3"><c r="A3" t="s" ph="1"><v>0</v></c></row><row r="4"><c r="A4" t="s"><v>1</v></c></row>`
    expect(textsOf(await findIn({ rows, strings }))).toEqual({
      't.xlsx#2': '春茶',
      't.xlsx#3': '春茶\nはる',
      't.xlsx#4': '一\r二',
    })
  })

  test('that is merged is the text of all its rows, and of all the columns under one header', async () => {
    const down = { rows: rowOf(1, '渠道', '文案') + rowOf(2, '甲', '春茶') + rowOf(3, '乙'), after: merged('B2:B3') }
    expect(textsOf(await findIn(down))).toEqual({ 't.xlsx#2': '春茶' })
    const across = { rows: rowOf(1, '渠道', '文案') + rowOf(2, '甲', '春茶', '秋茶'), after: merged('B1:C1') }
    expect(textsOf(await findIn(across))).toEqual({ 't.xlsx#2': '春茶\n秋茶' })
    const over = { rows: rowOf(1, '渠道', '文案') + rowOf(2, '春茶') + rowOf(3, '乙'), after: merged('A2:B2') }
    expect(summary(await findIn(over))).toEqual({ 't.xlsx#2': 'text', 't.xlsx#3': 'empty' })
    expect(textsOf(await findIn(over))).toMatchObject({ 't.xlsx#2': '春茶' })
  })

  test.each([
    ['of WPS', 't="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'],
    ['of a formula', 't="e"><f>_xlfn.IMAGE("https://example.com/a.png")</f><v>#VALUE!</v></c>'],
    ['of Excel', 't="e" vm="1"><v>#VALUE!</v></c>'],
  ])("that is a picture %s cannot pass, and another column's is said of the sheet", async (_, cell) => {
    const own = { rows: `${rowOf(1, '编号', '文案')}<row r="2"><c r="B2" ${cell}</row>` }
    const found = await findIn(own)
    expect(found.map(each => [each.path, saidOf(each)])).toEqual([
      ['t.xlsx#2', '1 张图片'],
      ['t.xlsx#价格表', '1 张图片（价格表）'],
    ])
    const other = { rows: `${rowOf(1, '图', '文案')}<row r="2"><c r="A2" ${cell}${cellOf('B2', '春茶')}</row>` }
    expect((await findIn(other)).map(each => [each.path, saidOf(each)])).toEqual([
      ['t.xlsx#2', ''],
      ['t.xlsx#价格表', '1 张图片（价格表）'],
    ])
  })

  test('below titles is found by the name of its column', async () => {
    const rows = rowOf(1, '双十一推广') + rowOf(3, '编号', '文案') + rowOf(4, '1', '春茶')
    expect(textsOf(await findIn({ rows }))).toEqual({ 't.xlsx#1': '双十一推广', 't.xlsx#4': '春茶' })
  })
})

const merged = (...references: string[]) =>
  `<mergeCells>${references.map(each => `<mergeCell ref="${each}"/>`).join('')}</mergeCells>`

describe('what a sheet shows beside its cells', () => {
  test.each<[string, Omit<WorkbookParts, 'rows'>, string]>([
    [
      'the tip of a link',
      { after: '<hyperlinks><hyperlink ref="B2" display="春茶" tooltip="点我"/></hyperlinks>' },
      '点我',
    ],
    [
      'the message of a validation, and what it lets choose',
      {
        after:
          '<dataValidations><dataValidation type="list" promptTitle="题" prompt="请选" sqref="A1"><formula1>"上架,下架"</formula1></dataValidation></dataValidations>',
      },
      '题\n请选\n上架,下架',
    ],
    [
      'a header',
      {
        after:
          '<headerFooter><oddHeader>&amp;C&amp;"宋体,加粗"&amp;14内部资料&amp;R第 &amp;P 页</oddHeader><oddFooter>Page &amp;P of &amp;N</oddFooter></headerFooter>',
      },
      '内部资料',
    ],
    [
      'a comment, whose runs are one text',
      {
        sheetRelations: [['comments', '../comments1.xml']],
        parts: {
          'xl/comments1.xml':
            '<comments xmlns="urn:x"><authors><author>甲</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>加微</t></r><r><t>信</t></r></text></comment><comment ref="A2" authorId="0"><text><t>二</t></text></comment></commentList></comments>',
        },
      },
      '加微信\n二\n甲',
    ],
    [
      'a comment without what nobody sees in it, and with it',
      {
        sheetRelations: [['comments', '../comments1.xml']],
        parts: {
          'xl/comments1.xml':
            '<comments xmlns="urn:x"><comment ref="A1"><text><r><t>加微</t></r><r><rPr><sz val="1"/></rPr><t>茶</t></r><r><t>信</t></r></text></comment></comments>',
        },
      },
      '加微信\n加微茶信',
    ],
    [
      'a text box',
      {
        sheetRelations: [['drawing', '../drawings/drawing1.xml']],
        parts: {
          'xl/drawings/drawing1.xml': drawn(
            '<xdr:sp><xdr:txBody><a:p><a:r><a:t>限时</a:t></a:r><a:r><a:t>优惠</a:t></a:r></a:p></xdr:txBody></xdr:sp>',
          ),
        },
      },
      '限时优惠',
    ],
    [
      'the words of a chart, and those that its number format adds, but not its numbers',
      {
        sheetRelations: [['drawing', '../drawings/drawing1.xml']],
        parts: {
          'xl/drawings/drawing1.xml': drawn(''),
          'xl/drawings/_rels/drawing1.xml.rels':
            '<Relationships><Relationship Id="r1" Type="urn:x/chart" Target="../charts/chart1.xml"/></Relationships>',
          'xl/charts/chart1.xml': `<c:chart xmlns:c="urn:c" xmlns:a="${drawing}"><c:title><a:p><a:r><a:t>销量</a:t></a:r></a:p></c:title><c:val><c:numRef><c:f>Sheet1!$A$1</c:f><c:numCache><c:formatCode>"特价"0</c:formatCode><c:pt idx="0"><c:v>5</c:v></c:pt></c:numCache></c:numRef></c:val></c:chart>`,
        },
      },
      '销量\n特价0',
    ],
    [
      'what a point of a chart shows in place of its number',
      {
        sheetRelations: [['chart', '../c.xml']],
        parts: {
          'xl/c.xml':
            '<c:chart xmlns:c="urn:c"><c:numCache><c:pt formatCode="&quot;红包加微信&quot;"/></c:numCache></c:chart>',
        },
      },
      '红包加微信',
    ],
    [
      'a bullet and its words',
      {
        sheetRelations: [['drawing', '../d.xml']],
        parts: { 'xl/d.xml': drawn('<a:p><a:pPr><a:buChar char="红"/></a:pPr><a:r><a:t>包</a:t></a:r></a:p>') },
      },
      '包\n红包\n红',
    ],
    [
      'the label of a control',
      {
        sheetRelations: [['vmlDrawing', '../drawings/v.vml']],
        parts: {
          'xl/drawings/v.vml':
            '<xml xmlns:v="urn:v"><v:shape><v:textbox><div><font face="Arial">点</font><font>我</font></div></v:textbox></v:shape></xml>',
        },
      },
      '点我',
    ],
  ])('%s is an asset of its own', async (_, beside, text) => {
    const found = await findIn({ ...table, ...beside })
    expect(textsOf(found)).toEqual({ 't.xlsx#2': '春茶上新', 't.xlsx#价格表': text })
    expect(found.map(saidOf)).toEqual(['', ''])
  })

  test.each<[string, Omit<WorkbookParts, 'rows'>, string]>([
    [
      'an object',
      { sheetRelations: [['oleObject', '../embeddings/o.bin']], parts: { 'xl/embeddings/o.bin': 'x' } },
      '1 个内嵌的图片或对象（价格表）',
    ],
    [
      'a linked picture',
      { sheetRelations: [['image', 'https://example.com/a.png', 'External']] },
      '1 个链接的图片或文件（价格表）',
    ],
    [
      'a shape by its outline',
      {
        sheetRelations: [['drawing', '../d.xml']],
        parts: { 'xl/d.xml': drawn(`<a:custGeom>${'<a:pt x="1" y="2"/>'.repeat(40)}</a:custGeom>`) },
      },
      '1 个图形（价格表）',
    ],
    [
      'a slicer',
      { sheetRelations: [['slicer', '../slicers/s.xml']], parts: { 'xl/slicers/s.xml': '<slicers/>' } },
      '1 个切片器或日程表（价格表）',
    ],
    [
      'a part of a kind to come',
      { sheetRelations: [['hologram', '../h.xml']], parts: { 'xl/h.xml': '<a/>' } },
      '1 个种类不明的部分（价格表）',
    ],
  ])('%s are left out with their place, and the rows are judged', async (_, beside, said) => {
    const found = await findIn({ ...table, ...beside })
    expect(found.map(each => [each.path, saidOf(each)])).toEqual([
      ['t.xlsx#2', ''],
      ['t.xlsx#价格表', said],
    ])
  })

  test('is not certain where a package leads to two workbooks', async () => {
    const found = await findIn({
      ...table,
      packageRelations: [['officeDocument', 'xl/b.xml']],
      parts: { 'xl/b.xml': '<workbook/>' },
    })
    expect(found.map(saidOf)).toEqual(['', '1 个种类不明的部分'])
  })

  test('leaves out rules that put words before what a cell shows', async () => {
    const after = '<conditionalFormatting sqref="B2"><cfRule type="expression" dxfId="0"/></conditionalFormatting>'
    const styles = (code: string) => `<dxfs><dxf><numFmt numFmtId="170" formatCode="${code}"/></dxf></dxfs>`
    const wordy = await findIn({ ...table, after, styles: styles('&quot;红包&quot;0') })
    expect(wordy.map(saidOf)).toEqual(['', '1 条会给单元格加上文字的条件格式（价格表）', ''])
    expect((await findIn({ ...table, after, styles: styles('0.00&quot;元&quot;') })).map(saidOf)).toEqual([''])
  })

  test('names who wrote in a thread, and has pictures of the theme that shapes may show', async () => {
    const found = await findIn({
      ...table,
      sheetRelations: [['drawing', '../drawings/d.xml']],
      bookRelations: [
        ['person', 'persons/person.xml'],
        ['theme', 'theme.xml'],
      ],
      parts: {
        'xl/drawings/d.xml': drawn(''),
        'xl/persons/person.xml': '<personList><person displayName="红包加微信" userId="a"/></personList>',
        'xl/theme.xml': '<theme/>',
        'xl/_rels/theme.xml.rels':
          '<Relationships><Relationship Id="r1" Type="urn:x/image" Target="i.png"/></Relationships>',
        'xl/i.png': png,
      },
    })
    expect(row(found[1])?.held?.pieces).toHaveLength(1)
    expect(found.map(each => [row(each)?.text, saidOf(each)])).toEqual([
      ['春茶上新', ''],
      ['红包加微信', ''],
    ])
  })

  test('is nothing in an ordinary workbook', async () => {
    const found = await findIn({
      ...table,
      after:
        '<sheetProtection sheet="1" algorithmName="SHA-512" hashValue="abc=" saltValue="def="/><autoFilter ref="A1:B2"><filterColumn colId="0"><filters><filter val="1"/></filters></filterColumn></autoFilter><conditionalFormatting sqref="A1"><cfRule type="containsText" dxfId="0" priority="1" operator="containsText" text="特"><formula>NOT(ISERROR(SEARCH("特",A1)))</formula></cfRule></conditionalFormatting><dataValidations><dataValidation type="whole" operator="greaterThan" sqref="A2"><formula1>5</formula1></dataValidation></dataValidations><hyperlinks><hyperlink ref="A1" location="价格表!A1" display="去"/></hyperlinks><pageSetup paperSize="9" orientation="portrait" r:id="r1"/><headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>',
      sheetRelations: [
        ['printerSettings', '../printerSettings/p.bin'],
        ['hyperlink', 'https://example.com/', 'External'],
      ],
      bookRelations: [
        ['theme', 'theme/theme1.xml'],
        ['calcChain', 'calcChain.xml'],
        ['customXml', '../customXml/item1.xml'],
      ],
      packageRelations: [
        ['core-properties', 'docProps/core.xml'],
        ['extended-properties', 'docProps/app.xml'],
        ['thumbnail', 'docProps/thumbnail.jpeg'],
      ],
      book: '<definedNames><definedName name="价格" comment="说明">价格表!$A$1</definedName></definedNames>',
      styles: `${stylesOf('0.00"元"')}<fonts><font><name val="宋体"/><family val="2"/><scheme val="minor"/></font></fonts><cellStyles><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>`,
      parts: {
        'xl/printerSettings/p.bin': 'HP',
        'xl/theme/theme1.xml': '<theme name="Office 主题"/>',
        'xl/calcChain.xml': '<calcChain/>',
        'customXml/item1.xml': '<a>数据</a>',
        'docProps/core.xml': '<a><creator>甲</creator></a>',
        'docProps/app.xml': '<a><Application>WPS 表格</Application></a>',
        'docProps/thumbnail.jpeg': 'x',
      },
    })
    expect(textsOf(found)).toEqual({ 't.xlsx#2': '春茶上新' })
    expect(found.map(saidOf)).toEqual([''])
  })

  test('makes no rows disappear when one of its parts is damaged', async () => {
    const found = await findIn({
      ...table,
      sheetRelations: [['vmlDrawing', '../drawings/v.vml']],
      parts: { 'xl/drawings/v.vml': '<xml><br></xml>' },
    })
    expect(found.map(each => [each.path, saidOf(each)])).toEqual([
      ['t.xlsx#2', ''],
      ['t.xlsx#价格表', '1 个种类不明的部分（价格表）'],
    ])
  })
})

describe('whatever no list knows', () => {
  const words = '违禁词甲乙丙'
  const name = fc.stringMatching(/^[a-z]{3,12}Thing$/)
  const packed = Buffer.alloc(600, png).toString('base64')
  const payload = fc.constantFrom(words, packed)
  const addition = fc.oneof(
    fc.tuple(name, payload).map(([it, what]) => ({ element: `<${it} ${it}="${what}"/>` })),
    fc.tuple(name, payload).map(([it, what]) => ({ element: `<${it}><x>${what}</x></${it}>` })),
    fc.tuple(name, payload).map(([it, what]) => ({ attribute: ` ${it}="${what}"` })),
  )

  test.each<[string, (added: { element?: string; attribute?: string }) => WorkbookParts]>([
    ['a sheet', ({ element = '', attribute = '' }) => ({ ...table, after: `${element}<pageMargins${attribute}/>` })],
    ['a row', ({ element = '', attribute = '' }) => ({ rows: `${table.rows}<row r="3"${attribute}>${element}</row>` })],
    [
      'a cell',
      ({ element = '', attribute = '' }) => ({
        rows: `${table.rows}<row r="3"><c r="B3"${attribute}><v>1</v>${element}</c></row>`,
      }),
    ],
    [
      'a string',
      ({ element = '', attribute = '' }) => ({
        rows: `${table.rows}<row r="3"><c r="B3" t="s"><v>0</v></c></row>`,
        strings: `<si><t${attribute}>茶</t>${element}</si>`,
      }),
    ],
    [
      'the styles',
      ({ element = '', attribute = '' }) => ({ ...table, styles: `<fonts${attribute}>${element}</fonts>` }),
    ],
    ['the workbook', ({ element = '', attribute = '' }) => ({ ...table, book: `<calcPr${attribute}/>${element}` })],
    [
      'a drawing',
      ({ element = '', attribute = '' }) => ({
        ...table,
        sheetRelations: [['drawing', '../drawings/drawing1.xml']],
        parts: { 'xl/drawings/drawing1.xml': drawn(`<xdr:sp${attribute}>${element}</xdr:sp>`) },
      }),
    ],
  ])('in %s is sent or left out', async (_, build) => {
    await fc.assert(
      fc.asyncProperty(addition, async added => {
        const found = await findIn(build(added))
        const sent = found.map(each => row(each)?.text ?? '').join('\n')
        expect(sent.includes(words) || found.some(each => saidOf(each) !== '')).toBe(true)
      }),
      { numRuns: 25 },
    )
  })

  test('among the parts is left out, whatever leads to it or nothing does', async () => {
    const type = fc.stringMatching(/^[a-z]{3,12}Thing$/)
    await fc.assert(
      fc.asyncProperty(type, fc.constantFrom('sheet', 'book', 'package', 'nothing'), async (kind, from) => {
        const relation = [[kind, '/xl/new.xml']] as const
        const found = await findIn({
          ...table,
          ...(from === 'sheet' && { sheetRelations: relation }),
          ...(from === 'book' && { bookRelations: relation }),
          ...(from === 'package' && { packageRelations: relation }),
          parts: { 'xl/new.xml': `<a>${words}</a>` },
        })
        expect(found.some(each => saidOf(each) !== '')).toBe(true)
        expect(found.filter(each => each.path === 't.xlsx#2').map(saidOf)).toEqual([''])
      }),
      { numRuns: 40 },
    )
  })
})
