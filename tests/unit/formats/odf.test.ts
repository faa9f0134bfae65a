import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extractOdf, loadFromOdf } from '../../../electron/engine/formats/odf/extract-odf.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { mutationsOf } from './mutations.ts'
import { zipOf } from './zip-file.ts'

const namespaces = ['office', 'text', 'table', 'style', 'draw', 'presentation', 'chart', 'svg', 'fo', 'number']
  .map(name => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(' ')
const markup = (root: string, inside: string) =>
  `<?xml version="1.0"?><office:document-${root} ${namespaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3">${inside}</office:document-${root}>`
const content = (kind: string, body: string, styles = '') =>
  markup(
    'content',
    `<office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body>`,
  )
const p = (inside: string) => `<text:p text:style-name="P1">${inside}</text:p>`
const png = (mark: string) => Buffer.from(`\x89PNG\r\n\x1a\n${mark}`, 'latin1')
const picture = (name: string) =>
  `<draw:frame draw:name="图像1" svg:width="2cm"><draw:image xlink:href="${name}" xlink:type="simple"/></draw:frame>`

type Files = Readonly<Record<string, string | Uint8Array>>

const odfOf = (body: string, beside: Files = {}, kind = 'text') =>
  new Uint8Array(
    zipOf({
      mimetype: `application/vnd.oasis.opendocument.${kind}`,
      'content.xml': content(kind, body),
      'META-INF/manifest.xml': '<manifest/>',
      'Thumbnails/thumbnail.png': 'x',
      ...beside,
    }),
  )

async function read(bytes: Uint8Array) {
  const extracted = await extractOdf(bytes, 'odt')
  if (extracted.kind === 'failure') throw new Error(detailText(extracted.detail, 'en'))
  const { text, sections = [], pieces = [], omitted, notes } = extracted
  return {
    lines: text.split('\n').filter(line => line !== ''),
    places: sections.map(({ start, place }, index) => [place, text.slice(start, sections[index + 1]?.start).trim()]),
    pieces: pieces.map(({ name, places }) => [name, places]),
    said: remarksText(omitted, 'en'),
    noted: remarksText(notes, 'en'),
  }
}

describe('an OpenDocument text', () => {
  test('is sent in lines, with words whole that runs tear apart', async () => {
    const { lines, said } = await read(
      odfOf(p('加<text:span text:style-name="T1">微</text:span>\n信') + p('限<text:s text:c="2"/>时<text:tab/>价')),
    )
    expect([lines, said]).toEqual([['加微 信', '限  时\t价'], ''])
  })

  test('reads a word whole around what nobody sees, and with it', async () => {
    const hiding =
      '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
    const body = p('加<text:span text:style-name="T1">茶</text:span>微信')
    const { lines } = await read(odfOf('', { 'content.xml': content('text', body, hiding) }))
    expect(lines).toEqual(expect.arrayContaining(['加微信', '加茶微信']))
  })

  test('keeps notes, comments and boxes out of the line that they are anchored in', async () => {
    const note = `<text:note><text:note-citation>1</text:note-citation><text:note-body>${p('脚注')}</text:note-body></text:note>`
    const box = `<draw:frame><draw:text-box>${p('框')}</draw:text-box></draw:frame>`
    const { lines } = await read(odfOf(p(`红${note}包${box}`)))
    expect(lines[0]).toBe('红包')
    expect(lines).toEqual(expect.arrayContaining(['脚注', '框']))
  })

  test('sends headers, deleted text, alternative texts and words of fields', async () => {
    const deleted = `<text:tracked-changes><text:changed-region><text:deletion>${p('删去')}</text:deletion></text:changed-region></text:tracked-changes>`
    const titled = '<draw:frame><svg:title>替代</svg:title></draw:frame>'
    const master = `<office:master-styles><style:master-page style:name="Standard"><style:header>${p('页眉')}</style:header></style:master-page></office:master-styles>`
    const body =
      deleted + p(`${titled}<text:conditional-text text:string-value-if-true="满减">茶</text:conditional-text>`)
    const { lines, said } = await read(odfOf(body, { 'styles.xml': markup('styles', master) }))
    expect(lines).toEqual(expect.arrayContaining(['删去', '替代', '满减', '茶', '页眉']))
    expect(said).toBe('')
  })

  test('has its pictures as pieces, also those of styles and those that nothing names', async () => {
    const background =
      '<style:style style:name="P1"><style:paragraph-properties><style:background-image xlink:href="Pictures/b.png"/></style:paragraph-properties></style:style>'
    const bytes = odfOf('', {
      'content.xml': content('text', p(picture('./Pictures/a%20a.png')), background),
      'Pictures/a a.png': png('a'),
      'Pictures/b.png': png('b'),
      'Pictures/c.png': png('c'),
    })
    const { pieces, said } = await read(bytes)
    expect([pieces.map(([name]) => name), said]).toEqual([['picture 1', 'picture 2', 'picture 3'], ''])
    expect(await loadFromOdf(bytes, 'pictures/a a.png')).toEqual(png('a'))
  })

  test.each([
    ['a picture on the web', p(picture('https://example.com/a.png')), 'linked picture or file'],
    ['a picture outside of it', p(picture('../a.png')), 'linked picture or file'],
    [
      'an object of another program',
      p('<draw:frame><draw:object-ole xlink:href="./Object 1"/></draw:frame>'),
      'embedded picture or object',
    ],
    [
      'a section of another file',
      '<text:section><text:section-source xlink:href="b.odt"/></text:section>',
      'linked picture or file',
    ],
    [
      'a picture in the markup',
      p(
        `<draw:frame><draw:image><office:binary-data>${'QUJD'.repeat(100)}</office:binary-data></draw:image></draw:frame>`,
      ),
      'embedded picture or object',
    ],
    ['letters as outlines', p(`<draw:path svg:d="M${'1 2 '.repeat(40)}z"/>`), 'drawing'],
    ['letters as corners', p(`<draw:polygon draw:points="${'1,2 '.repeat(40)}"/>`), 'drawing'],
    [
      'letters as a shape',
      p(
        `<draw:custom-shape><draw:enhanced-geometry draw:type="non-primitive" draw:enhanced-path="M ${'1 2 '.repeat(40)} N"/></draw:custom-shape>`,
      ),
      'drawing',
    ],
  ])('leaves out %s', async (_, body, said) => {
    expect((await read(odfOf(body))).said).toContain(said)
  })

  test('that is encrypted says so', async () => {
    const manifest = '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    const answer = await extractOdf(odfOf(p('x'), { 'META-INF/manifest.xml': manifest }), 'odt')
    expect(answer.kind === 'failure' ? detailText(answer.detail, 'en') : '').toContain('encrypted')
  })
})

test('an OpenDocument presentation is read by slide, with its masters and without their prompts', async () => {
  const hidden =
    '<style:style style:name="dp2"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
  const page = (inside: string, style = 'dp1') =>
    `<draw:page draw:name="page1" draw:style-name="${style}" draw:master-page-name="M">${inside}</draw:page>`
  const master = `<office:master-styles><style:master-page style:name="M"><draw:frame presentation:class="title"><draw:text-box>${p('点击编辑')}</draw:text-box></draw:frame><draw:frame><draw:text-box>${p('广告')}</draw:text-box></draw:frame>${picture('Pictures/logo.png')}</style:master-page><style:master-page style:name="N"/></office:master-styles>`
  const slides =
    page(
      `<draw:frame><draw:text-box>${p('限时')}</draw:text-box></draw:frame><presentation:notes>${p('讲稿')}</presentation:notes>`,
    ) + page(p('优惠'), 'dp2')
  const { places, pieces, said, noted } = await read(
    odfOf('', {
      'content.xml': content('presentation', slides, hidden),
      'styles.xml': markup('styles', master),
      'Pictures/logo.png': png('logo'),
    }),
  )
  expect([places, said]).toEqual([
    [
      [{ slide: 1 }, '限时\n讲稿\n广告'],
      [{ slide: 2 }, '优惠'],
    ],
    '',
  ])
  expect(pieces).toEqual([['slide 1 picture 1', [{ slide: 1 }, { slide: 2 }]]])
  expect(noted).toContain('1 hidden slide')
  expect(noted).toContain('1 layout or master')
})

test('an OpenDocument spreadsheet is read by sheet, with its charts and without what stands in for them', async () => {
  const chart =
    '<draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="./ObjectReplacements/Object 1"/></draw:frame>'
  const cell = `<table:table-cell table:formula="of:=CONCAT(&quot;a&quot;)" office:value-type="string">${p('价格')}</table:table-cell>`
  const bytes = odfOf(
    `<table:table table:name="甲"><table:shapes>${chart}</table:shapes><table:table-row table:number-rows-repeated="1000000">${cell}</table:table-row></table:table><table:table table:name="乙"><table:table-row>${cell}</table:table-row></table:table>`,
    {
      'Object 1/content.xml': content(
        'chart',
        `<chart:chart xlink:href="."><chart:title>${p('销量')}</chart:title></chart:chart>`,
      ),
      'ObjectReplacements/Object 1': 'VCLMTF of the chart',
    },
    'spreadsheet',
  )
  expect(await read(bytes)).toMatchObject({
    places: [
      [{ sheet: '甲' }, expect.stringContaining('销量')],
      [{ sheet: '乙' }, '价格'],
    ],
    said: '',
  })
})

const words = '违禁词甲乙丙'
const packed = Buffer.from('picture'.repeat(60)).toString('base64')
const name = fc.stringMatching(/^[a-z]{3,12}-thing$/)
const prefix = fc.constantFrom('text', 'draw', 'style', 'table', 'office', 'fo')

test('what no list knows is sent or left out, wherever it is in an OpenDocument file', async () => {
  const place = fc.constantFrom<(element: string, attribute: string) => string>(
    (element, attribute) => `<text:p${attribute}>${element}</text:p>`,
    (element, attribute) => p(`<text:span${attribute}>${element}</text:span>`),
    (element, attribute) => p(`<draw:frame${attribute}>${element}</draw:frame>`),
    (element, attribute) => `<table:table${attribute}>${element}</table:table>`,
    (element, attribute) => `<text:section${attribute}>${element}</text:section>`,
  )
  await fc.assert(
    fc.asyncProperty(
      place,
      fc.boolean(),
      prefix,
      name,
      fc.constantFrom(words, packed),
      fc.boolean(),
      async (at, isStyle, of, it, what, isText) => {
        const added = at(
          isText ? `<${of}:${it}><${of}:x>${what}</${of}:x></${of}:${it}>` : '',
          isText ? '' : ` ${of}:${it}="${what}"`,
        )
        const bytes = odfOf(p('茶') + (isStyle ? '' : added), {
          'styles.xml': markup('styles', `<office:master-styles>${isStyle ? added : ''}</office:master-styles>`),
        })
        const { lines, said } = await read(bytes)
        expect(lines).toContain('茶')
        expect(lines.some(line => line.includes(what)) || said !== '').toBe(true)
      },
    ),
    { numRuns: 200 },
  )
})

test('files that no list knows are left out of an OpenDocument file', async () => {
  for (const file of ['new.xml', 'Versions/Version1', 'Object 7/content.xml', 'Pictures/a.bin']) {
    expect((await read(odfOf(p('茶'), { [file]: `<a>${words}</a>` }))).said, file).toBe(
      '1 file inside that nothing refers to',
    )
  }
})

test('an OpenDocument file ends with words or a reason however it is damaged', async () => {
  const whole = odfOf(p('限时优惠') + p(picture('Pictures/a.png')), {
    'Pictures/a.png': png('a'),
    'styles.xml': markup('styles', ''),
  })
  for (const { seed, mutated } of mutationsOf(whole)) {
    const answer = await extractOdf(mutated, 'odt')
    expect(['extracted', 'failure'], `seed ${seed}`).toContain(answer.kind)
    if (answer.kind === 'failure') expect(answer.detail, `seed ${seed}`).not.toBe('')
  }
})
