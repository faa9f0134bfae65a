import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extractDocx } from '../../../electron/engine/formats/docx/extract-docx.ts'
import { hasWords, literalsOfFormat } from '../../../electron/engine/formats/docx/office-vocabulary.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { docxOf, relationships, wordBody, wordMarkup, wordPart } from './zip-file.ts'

async function readDocx(bytes: Uint8Array) {
  const extracted = await extractDocx(bytes)
  if (extracted.kind === 'failure') throw new Error(detailText(extracted.detail, 'en'))
  return { lines: extracted.text.split(/\n+/), said: remarksText(extracted.omitted, 'zh') }
}

const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`
const field = (instruction: string, result: string) =>
  `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>${instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`

describe('a Word document', () => {
  test.each([
    ['the tip of a link', ' HYPERLINK "https://example.com/a" \\o "点我领奖"', ['点我', '点我领奖']],
    ['no tip that repeats the address', ' HYPERLINK "https://example.com/" \\o "https://example.com/"', ['点我']],
    ['what a field asks', ' ASK 名字 "您的手机号？"', ['点我', 'ASK 名字 "您的手机号？"']],
    ['nothing of a field whose result is stored', ' PAGEREF _Toc1 \\h', ['点我']],
    ['a field of a kind to come', ' HOLOGRAM "福利"', ['点我', 'HOLOGRAM "福利"']],
  ])('sends %s', async (_, instruction, lines) => {
    const { lines: sent, said } = await readDocx(
      docxOf([], { 'word/document.xml': wordBody(field(instruction, '点我')) }),
    )
    expect([sent.toSorted(), said]).toEqual([lines.toSorted(), ''])
  })

  test('of ordinary make says nothing but its words', async () => {
    const body = `<w:p w:rsidR="00A1" w14:paraId="1A2B3C4D"><w:pPr><w:pStyle w:val="标题1"/><w:jc w:val="center"/><w:rPr><w:rFonts w:ascii="Arial" w:eastAsia="微软雅黑" w:hint="eastAsia"/></w:rPr></w:pPr><w:bookmarkStart w:id="0" w:name="价格"/><w:r><w:rPr><w:color w:val="FF0000" w:themeColor="accent1"/><w:lang w:eastAsia="zh-CN"/><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">限时</w:t></w:r><w:proofErr w:type="spellStart"/>${run('优惠')}<w:ins w:author="张三" w:date="2024-01-01T00:00:00Z">${run('中')}</w:ins></w:p><w:sdt><w:sdtPr><w:tag w:val="tag1"/><w:placeholder><w:docPart w:val="DefaultPlaceholder_1"/></w:placeholder></w:sdtPr><w:sdtContent/></w:sdt><w:sectPr><w:headerReference w:type="default" r:id="rId9"/><w:pgSz w:w="11906" w:h="16838" w:orient="portrait"/><w:docGrid w:type="lines" w:linePitch="312"/></w:sectPr>`
    const { lines, said } = await readDocx(
      docxOf([], {
        '_rels/.rels': relationships(
          ['officeDocument', 'word/document.xml'],
          ['core-properties', 'docProps/core.xml'],
          ['thumbnail', 'docProps/thumbnail.jpeg'],
        ),
        'docProps/core.xml': '<a><creator>张三</creator></a>',
        'docProps/thumbnail.jpeg': 'x',
        'word/document.xml': wordBody(body),
        'word/_rels/document.xml.rels': relationships(
          ['styles', 'styles.xml'],
          ['theme', 'theme/theme1.xml'],
          ['settings', 'settings.xml'],
          ['header', 'header1.xml'],
        ),
        'word/styles.xml': wordMarkup('styles', '<w:style><w:name w:val="标题1"/></w:style>'),
        'word/theme/theme1.xml': '<a/>',
        'word/settings.xml': wordMarkup('settings', ''),
        'word/header1.xml': wordPart('hdr', '页眉'),
      }),
    )
    expect([lines, said]).toEqual([['限时优惠中', '限时优惠', '页眉'], ''])
  })

  const words = '违禁词甲乙丙'
  const packed = Buffer.from('picture'.repeat(60)).toString('base64')
  const name = fc.stringMatching(/^[a-z]{3,12}Thing$/)
  const payload = fc.constantFrom(words, packed)

  test('sends or leaves out what no list knows, wherever it is', async () => {
    const place = fc.constantFrom<(element: string, attribute: string) => string>(
      (element, attribute) => `<w:p${attribute}>${run('茶')}${element}</w:p>`,
      (element, attribute) => `<w:p><w:r${attribute}><w:t>茶</w:t>${element}</w:r></w:p>`,
      (element, attribute) => `<w:p><w:r><w:rPr${attribute}><w:b/>${element}</w:rPr><w:t>茶</w:t></w:r></w:p>`,
      (element, attribute) => `<w:p><w:pPr><w:jc w:val="left"${attribute}/>${element}</w:pPr>${run('茶')}</w:p>`,
      (element, attribute) => `<w:tbl${attribute}>${element}<w:tr><w:tc><w:p>${run('茶')}</w:p></w:tc></w:tr></w:tbl>`,
      (element, attribute) =>
        `<w:p><w:r><w:drawing><wp:inline${attribute}>${element}</wp:inline></w:drawing></w:r>${run('茶')}</w:p>`,
    )
    await fc.assert(
      fc.asyncProperty(place, name, payload, fc.constantFrom('attribute', 'text', 'own'), async (at, it, what, how) => {
        const element =
          how === 'text' ? `<w:${it}><w:x>${what}</w:x></w:${it}>` : how === 'own' ? `<w:${it} w:val="${what}"/>` : ''
        const body = at(element, how === 'attribute' ? ` ${it}="${what}"` : '')
        const { lines, said } = await readDocx(docxOf([], { 'word/document.xml': wordBody(body) }))
        expect(lines).toContain('茶')
        expect(lines.some(line => line.includes(words)) || said !== '').toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('leaves out parts that no list knows, whatever leads to them or nothing does', async () => {
    await fc.assert(
      fc.asyncProperty(name, fc.constantFrom('document', 'package', 'nothing'), async (kind, from) => {
        const relation = [kind, '/word/new.xml'] as const
        const { said } = await readDocx(
          docxOf(['茶'], {
            ...(from === 'package' && {
              '_rels/.rels': relationships(['officeDocument', 'word/document.xml'], relation),
            }),
            ...(from === 'document' && { 'word/_rels/document.xml.rels': relationships(relation) }),
            'word/new.xml': `<a>${words}</a>`,
          }),
        )
        expect(said).not.toBe('')
      }),
      { numRuns: 30 },
    )
  })

  test('leaves out a second main part, since programs show only one', async () => {
    const parts = {
      '_rels/.rels': relationships(['officeDocument', 'word/document.xml'], ['officeDocument', 'word/b.xml']),
      'word/b.xml': wordBody(`<w:p>${run(words)}</w:p>`),
    }
    expect((await readDocx(docxOf(['茶'], parts))).said).toBe('1 个种类不明的部分')
  })

  test('refuses a part whose encoding other programs would read in another way', async () => {
    const body = wordBody(`<w:p>${run('茶')}</w:p>`).replace('?>', ' encoding="gb18030"?>')
    expect(await extractDocx(docxOf([], { 'word/document.xml': body }))).toMatchObject({ code: 'damaged_document' })
  })
})

const worded = (text: string, properties: string) => `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`
const paragraph = (inside: string, properties = '') => `<w:p><w:pPr>${properties}</w:pPr>${inside}</w:p>`
const bodyOf = (body: string, parts: Record<string, string> = {}, ...relations: [string, string, string?][]) =>
  readDocx(
    docxOf([], {
      'word/document.xml': wordBody(body).replace('<w:document ', '<w:document mc:Ignorable="x" '),
      'word/_rels/document.xml.rels': relationships(...relations),
      ...parts,
    }),
  )
const branches = (...texts: string[]) =>
  `<mc:AlternateContent>${texts.map((text, at) => (at === 0 ? `<mc:Choice Requires="x">${run(text)}</mc:Choice>` : `<mc:Fallback>${run(text)}</mc:Fallback>`)).join('')}</mc:AlternateContent>`
const row = (...cells: string[]) => `<w:tr>${cells.map(cell => `<w:tc>${paragraph(run(cell))}</w:tc>`).join('')}</w:tr>`

describe('a word that is whole for the eye is whole in what is sent', () => {
  test.each([
    ['written from right to left', paragraph(`<w:bdo w:val="rtl">${run('信微')}${run('加包红')}</w:bdo>`)],
    ['in runs from right to left', paragraph(worded('加微信', '<w:rtl/>') + worded('红包', '<w:rtl/>'))],
    ['around what is too small', paragraph(run('红包') + worded('茶', '<w:sz w:val="2"/>') + run('加微信'))],
    ['around what is white', paragraph(run('红包') + worded('茶', '<w:color w:val="FFFFFF"/>') + run('加微信'))],
    ['around what is nearly white', paragraph(run('红包') + worded('茶', '<w:color w:val="FFFEFA"/>') + run('加微信'))],
    [
      'around what is transparent',
      paragraph(
        run('红包') +
          worded(
            '茶',
            '<w14:textFill><w14:solidFill><w14:srgbClr val="000000"><w14:alpha val="100000"/></w14:srgbClr></w14:solidFill></w14:textFill>',
          ) +
          run('加微信'),
      ),
    ],
    ['around what is squeezed', paragraph(run('红包') + worded('茶', '<w:w w:val="1"/>') + run('加微信'))],
    ['around an extension', paragraph(`${run('红包')}<x:a>${run('茶')}</x:a>${run('加微信')}`)],
    ['around another alternative', paragraph(run('红包') + branches('茶', '加') + run('微信'))],
    ['behind a dropped capital', paragraph(run('红'), '<w:framePr w:dropCap="drop"/>') + paragraph(run('包加微信'))],
    [
      'over a hidden end of a paragraph',
      paragraph(run('红包'), '<w:rPr><w:specVanish/></w:rPr>') + paragraph(run('加微信')),
    ],
    ['over a deleted end of a paragraph', paragraph(run('红包'), '<w:rPr><w:del/></w:rPr>') + paragraph(run('加微信'))],
    ['over cells without a line', `<w:tbl><w:tblPr/>${row('红包', '加微信')}</w:tbl>`],
    ['over cells from right to left', `<w:tbl><w:tblPr><w:bidiVisual/></w:tblPr>${row('加微信', '红包')}</w:tbl>`],
  ])('%s', async (_, body) => {
    const { lines, said } = await bodyOf(body)
    expect([lines.filter(line => line.includes('红包加微信')).length, said]).toEqual([1, ''])
  })

  test('around what a style hides', async () => {
    const styles =
      '<w:style w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    const body = paragraph(run('红包') + worded('茶', '<w:rStyle w:val="B"/>') + run('加微信'))
    const { lines } = await bodyOf(body, { 'word/styles.xml': wordMarkup('styles', styles) }, ['styles', 'styles.xml'])
    expect(lines).toEqual(['红包加微信', '红包茶加微信'])
  })

  test('with what its list puts before it', async () => {
    const numbering =
      '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:suff w:val="nothing"/><w:lvlText w:val="红包"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    const body = paragraph(run('加微信'), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    const { lines } = await bodyOf(body, { 'word/numbering.xml': wordMarkup('numbering', numbering) }, [
      'numbering',
      'numbering.xml',
    ])
    expect(lines).toEqual(['加微信', '红包加微信', '红包'])
  })

  test.each([
    ['of a style without lines', '<w:tblStyle w:val="A"/>', 1],
    ['of a style with lines', '<w:tblStyle w:val="B"/>', 0],
    [
      'of a style whose lines are taken away',
      '<w:tblStyle w:val="B"/><w:tblBorders><w:insideV w:val="nil"/></w:tblBorders>',
      1,
    ],
  ])('over cells of a table %s', async (_, properties, count) => {
    const styles = `<w:style w:styleId="A"/><w:style w:styleId="B"><w:tblPr><w:tblBorders><w:insideV w:val="single"/></w:tblBorders></w:tblPr></w:style>`
    const body = `<w:tbl><w:tblPr>${properties}</w:tblPr>${row('红包', '加微信')}</w:tbl>`
    const { lines } = await bodyOf(body, { 'word/styles.xml': wordMarkup('styles', styles) }, ['styles', 'styles.xml'])
    expect(lines.filter(line => line === '红包加微信').length).toBe(count)
  })

  test('but cells between lines are words of their own', async () => {
    const lined = '<w:tblPr><w:tblBorders><w:insideV w:val="single"/></w:tblBorders></w:tblPr>'
    expect((await bodyOf(`<w:tbl>${lined}${row('红包', '加微信')}</w:tbl>`)).lines).toEqual(['红包', '加微信'])
  })
})

const instruction = (text: string, begin = '') =>
  `<w:r><w:fldChar w:fldCharType="begin"${begin}/></w:r><w:r><w:instrText>${text}</w:instrText></w:r>`
const fieldEnd = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'

describe('a field', () => {
  test.each([
    ['QUOTE "红包加微信"', ''],
    ['DATE \\@ "\'红包加微信\'"', ''],
    ['TITLE "红包加微信"', ''],
    ['QUOTE "红包加微信"', ' w:dirty="true"'],
  ])('without a result that lasts says what its instruction does: %s', async (text, begin) => {
    const result = begin === '' ? '' : `<w:r><w:fldChar w:fldCharType="separate"/></w:r>${run('茶')}`
    const { lines } = await bodyOf(paragraph(instruction(text, begin) + result + fieldEnd))
    expect(lines).toContain(text)
  })

  test('keeps what stands in its instruction out of the words around it', async () => {
    const body = `${run('红包')}${instruction(' REF a ')}${run('茶')}<w:r><w:fldChar w:fldCharType="separate"/></w:r>`
    const { lines } = await bodyOf(paragraph(body + run('加') + fieldEnd + run('微信')))
    expect(lines).toContain('红包加微信')
  })

  test('that shows another file and has no result is left out', async () => {
    const { said } = await bodyOf(paragraph(instruction('INCLUDETEXT "b.docx"') + fieldEnd + run('茶')))
    expect(said).toBe('1 个链接的图片或文件')
  })

  test('that shows a variable without a result sends it', async () => {
    const settings = wordMarkup('settings', '<w:docVars><w:docVar w:name="a" w:val="红包加微信"/></w:docVars>')
    const body = paragraph(instruction('DOCVARIABLE a') + fieldEnd + run('茶'))
    const { lines } = await bodyOf(body, { 'word/settings.xml': settings }, ['settings', 'settings.xml'])
    expect(lines).toContain('红包加微信')
  })
})

describe('what a control shows when it is opened', () => {
  const bound = '<w:sdt><w:sdtPr><w:placeholder/><w:dataBinding w:xpath="/a/@b"/></w:sdtPr></w:sdt>'
  const data = ['customXml', '../customXml/item1.xml'] as [string, string]

  test.each([
    ['an attribute', '<a b="红包加微信"/>'],
    ['markup', '<a>&lt;w:p>&lt;w:t>红包&lt;/w:t>&lt;w:t>加微信&lt;/w:t>&lt;/w:p></a>'],
    ['several nodes', '<a>红包<b>加</b>微信</a>'],
  ])('is sent from its data: %s', async (_, item) => {
    expect((await bodyOf(bound, { 'customXml/item1.xml': item }, data)).lines).toContain('红包加微信')
  })

  test('is sent from its building blocks', async () => {
    const blocks = wordMarkup('glossaryDocument', paragraph(run('红包加微信')))
    const { lines } = await bodyOf(bound, { 'word/g.xml': blocks }, ['glossaryDocument', 'g.xml'])
    expect(lines).toEqual(['红包加微信'])
  })

  test('is the value of a choice that has no words', async () => {
    const body = '<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:value="红包加微信"/></w:dropDownList></w:sdtPr></w:sdt>'
    expect((await bodyOf(body)).lines).toEqual(['红包加微信'])
  })
})

describe('shapes', () => {
  const outline = (points: number) =>
    paragraph(
      `<w:r><a:custGeom><a:pathLst><a:path>${'<a:lnTo><a:pt x="1" y="2"/></a:lnTo>'.repeat(points)}</a:path></a:pathLst></a:custGeom></w:r>${run('茶')}`,
    )
  test.each([
    ['by their outline', outline(40)],
    ['of VML', paragraph(`<v:shape path="m${'1,2,'.repeat(40)}e"/>${run('茶')}`)],
    ['of a type of their own', paragraph(`<v:shapetype id="a" path="m${'1,2,'.repeat(40)}e"/>${run('茶')}`)],
    ['of many corners', paragraph(`<v:polyline points="${'1,2,'.repeat(40)}"/>${run('茶')}`)],
    ['of many lines', paragraph(`${'<v:line from="1,2" to="3,4"/>'.repeat(60)}${run('茶')}`)],
  ])('%s are left out', async (_, body) => {
    expect((await bodyOf(body)).said).toBe('1 个图形')
  })

  test('of a few corners, and those that Office defines, are none', async () => {
    const preset = `<v:shapetype id="_x0000_t106" path="m${'1,2,'.repeat(40)}e"/><v:line from="1,2" to="3,4"/>`
    expect((await bodyOf(outline(5) + preset)).said).toBe('')
  })

  test('that are filled as the theme says take the picture of the theme', async () => {
    const parts = {
      'word/theme.xml': '<a/>',
      'word/_rels/theme.xml.rels': relationships(['image', 'i.png']),
      'word/i.png': 'x',
    }
    const filled = (index: number) => paragraph(`<a:fillRef idx="${index}"/>${run('茶')}`)
    expect((await bodyOf(filled(0), parts, ['theme', 'theme.xml'])).said).toBe('')
    expect((await bodyOf(filled(1002), parts, ['theme', 'theme.xml'])).said).toBe('1 张图片读不出来')
  })
})

test('names who comments in a document, and the pages of its frames', async () => {
  const { lines, said } = await bodyOf(
    paragraph(run('茶')),
    {
      'word/c.xml': wordMarkup('comments', `<w:comment w:author="红包加微信">${paragraph(run('好'))}</w:comment>`),
      'word/w.xml': wordMarkup('webSettings', ''),
      'word/_rels/w.xml.rels': relationships(['frame', 'https://example.com/b.docx', 'External']),
    },
    ['comments', 'c.xml'],
    ['webSettings', 'w.xml'],
  )
  expect([lines.toSorted(), said]).toEqual([['好', '红包加微信', '茶'].toSorted(), '1 个链接的图片或文件'])
})

describe('words of markup', () => {
  test.each([
    '12pt',
    '#FF8800',
    'A1:B2',
    'rId12',
    '{8B1A2C3D-0000-1111-2222-333344445555}',
    '2024-01-01T00:00:00Z',
    '5',
    'true',
  ])('are not %s', value => {
    expect(hasWords(value)).toBe(false)
  })

  test.each(['限时', 'free gift', 'A1 送', '¥5 off'])('are %s', value => {
    expect(hasWords(value)).toBe(true)
  })

  test('of number formats are none in dates and amounts', () => {
    expect(
      ['General', 'yyyy"年"m"月"', '[Red]$#,##0.00', '"¥"0.00"元"', '_ * "-"??_ ;_ @_ '].flatMap(literalsOfFormat),
    ).toEqual([])
    expect(literalsOfFormat('[Red]"特价"0')).toEqual(['特价0'])
  })
})
