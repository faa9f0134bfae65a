import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extractDocx } from '../../../electron/engine/text/extract-docx.ts'
import { hasWords, literalsOfFormat } from '../../../electron/engine/text/office-vocabulary.ts'
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
  it.each([
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

  it('of ordinary make says nothing but its words', async () => {
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

  it('sends or leaves out what no list knows, wherever it is', async () => {
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

  it('leaves out parts that no list knows, whatever leads to them or nothing does', async () => {
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

  it('refuses a part whose encoding other programs would read in another way', async () => {
    const body = wordBody(`<w:p>${run('茶')}</w:p>`).replace('?>', ' encoding="gb18030"?>')
    expect(await extractDocx(docxOf([], { 'word/document.xml': body }))).toMatchObject({ code: 'damaged_document' })
  })
})

describe('words of markup', () => {
  it.each([
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

  it.each(['限时', 'free gift', 'A1 送', '¥5 off'])('are %s', value => {
    expect(hasWords(value)).toBe(true)
  })

  it('of number formats are none in dates and amounts', () => {
    expect(
      ['General', 'yyyy"年"m"月"', '[Red]$#,##0.00', '"¥"0.00"元"', '_ * "-"??_ ;_ @_ '].flatMap(literalsOfFormat),
    ).toEqual([])
    expect(literalsOfFormat('[Red]"特价"0')).toEqual(['特价0'])
  })
})
