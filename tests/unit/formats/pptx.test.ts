import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extractPptx, loadFromPptx } from '../../../electron/engine/formats/pptx/extract-pptx.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { mutationsOf } from './mutations.ts'
import { relationships, xlsxOf, zipOf } from './zip-file.ts'

const namespaces =
  'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
const markup = (root: string, inside: string, attributes = '') =>
  `<?xml version="1.0"?><p:${root} ${namespaces}${attributes}>${inside}</p:${root}>`
const paragraphs = (...texts: string[]) =>
  texts.map(text => `<a:p><a:r><a:rPr lang="zh-CN" dirty="0"/><a:t>${text}</a:t></a:r></a:p>`).join('')
const shape = (text: string, placeholder = '') =>
  `<p:sp><p:nvSpPr><p:cNvPr id="2" name="标题 1"/><p:cNvSpPr/><p:nvPr>${placeholder}</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>${paragraphs(text)}</p:txBody></p:sp>`
const slide = (inside: string, attributes = '') =>
  markup('sld', `<p:cSld><p:spTree>${inside}</p:spTree></p:cSld>`, attributes)
const png = (mark: string) => Buffer.from(`\x89PNG\r\n\x1a\n${mark}`, 'latin1')

type Parts = Readonly<Record<string, string | Uint8Array>>

/** A presentation with these slides, in this order of the show. */
function pptxOf(slides: readonly string[], beside: Parts = {}): Uint8Array {
  const key = (index: number) => `<p:sldId id="${256 + index}" r:id="r${index + 1}"/>`
  const names = slides.map((_, index) => `slides/slide${index + 1}.xml`)
  return new Uint8Array(
    zipOf({
      '[Content_Types].xml': '<Types/>',
      '_rels/.rels': relationships(['officeDocument', 'ppt/presentation.xml']),
      'ppt/presentation.xml': markup(
        'presentation',
        `<p:sldIdLst>${slides.map((_, index) => key(index)).join('')}</p:sldIdLst>`,
      ),
      'ppt/_rels/presentation.xml.rels': relationships(...names.map(name => ['slide', name] as const)),
      ...Object.fromEntries(names.map((name, index) => [`ppt/${name}`, slides[index] ?? ''])),
      ...beside,
    }),
  )
}

async function read(bytes: Uint8Array) {
  const extracted = await extractPptx(bytes)
  if (extracted.kind === 'failure') throw new Error(detailText(extracted.detail, 'en'))
  const { text, sections = [], pieces = [], omitted, notes } = extracted
  return {
    lines: text.split('\n'),
    bySlide: sections.map(({ start, place }, index) => [
      place.slide,
      text.slice(start, sections[index + 1]?.start).trim(),
    ]),
    pieces: pieces.map(({ name, places }) => [name, places.map(each => each.slide)]),
    said: remarksText(omitted, 'en'),
    noted: remarksText(notes, 'en'),
  }
}

const slideRelations = (number: number, ...all: Parameters<typeof relationships>) => ({
  [`ppt/slides/_rels/slide${number}.xml.rels`]: relationships(...all),
})

describe('a presentation', () => {
  test('is read slide by slide in the order of its show, with notes and comments', async () => {
    const bytes = pptxOf([slide(shape('限时')), slide(shape('优惠'))], {
      'ppt/presentation.xml': markup(
        'presentation',
        '<p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/></p:sldIdLst>',
      ),
      ...slideRelations(1, ['notesSlide', '../notes.xml'], ['comments', '../comments.xml']),
      'ppt/notes.xml': markup('notes', shape('讲稿')),
      'ppt/comments.xml': markup('cmLst', '<p:cm authorId="0"><p:text>批注</p:text></p:cm>'),
    })
    expect(await read(bytes)).toMatchObject({
      bySlide: [
        [1, '优惠'],
        [2, '限时\n讲稿\n批注'],
      ],
      said: '',
      noted: '',
    })
  })

  test('of ordinary make says nothing but its words', async () => {
    const timing = `<p:transition spd="slow" advClick="0"/><p:timing><p:tnLst><p:par><p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:stCondLst><p:cond evt="onBegin" delay="indefinite"/></p:stCondLst><p:set><p:cBhvr><p:attrNameLst><p:attrName>style.visibility</p:attrName></p:attrNameLst></p:cBhvr><p:to><p:strVal val="visible"/></p:to></p:set><p:animEffect transition="in" filter="fade"/></p:cTn></p:par></p:tnLst><p:bldLst><p:bldP spid="2" grpId="0" build="p"/></p:bldLst></p:timing>`
    const link =
      '<p:pic><p:nvPicPr><p:cNvPr id="3" name="图片 2"><a:hlinkClick r:id="" action="ppaction://media"/></p:cNvPr></p:nvPicPr></p:pic>'
    const { lines, said } = await read(
      pptxOf([slide(shape('茶', '<p:ph type="ctrTitle" sz="quarter" idx="1"/>') + link + timing)]),
    )
    expect([lines, said]).toEqual([['茶'], ''])
  })

  test('sends what its layout and master show, and not what their placeholders prompt', async () => {
    const bytes = pptxOf([slide(shape('茶')), slide(shape('水'))], {
      ...slideRelations(1, ['slideLayout', '../slideLayouts/a.xml']),
      ...slideRelations(2, ['slideLayout', '../slideLayouts/a.xml']),
      'ppt/slideLayouts/a.xml': markup('sldLayout', shape('单击此处', '<p:ph type="title"/>') + shape('广告')),
      'ppt/slideLayouts/_rels/a.xml.rels': relationships(['slideMaster', '../m.xml'], ['image', '../media/logo.png']),
      'ppt/m.xml': markup('sldMaster', shape('母版')),
      'ppt/_rels/m.xml.rels': relationships(['slideLayout', 'slideLayouts/a.xml'], ['theme', 'theme.xml']),
      'ppt/theme.xml': '<a/>',
      'ppt/_rels/theme.xml.rels': relationships(['image', 'media/cloth.png']),
      'ppt/media/logo.png': png('logo'),
      'ppt/media/cloth.png': png('cloth'),
    })
    const { lines, pieces, said } = await read(bytes)
    expect([lines, said]).toEqual([['茶', '广告', '母版', '水'], ''])
    expect(pieces).toEqual([
      ['slide 1 picture 1', [1, 2]],
      ['slide 1 picture 2', [1, 2]],
    ])
  })

  test('notes hidden slides, which it sends, and layouts that no slide uses', async () => {
    const bytes = pptxOf([slide(shape('茶'), ' show="0"')], {
      'ppt/_rels/presentation.xml.rels': relationships(['slide', 'slides/slide1.xml'], ['slideMaster', 'm.xml']),
      'ppt/m.xml': markup('sldMaster', shape('母版')),
    })
    const { lines, said, noted } = await read(bytes)
    expect([lines, said]).toEqual([['茶'], ''])
    expect(noted).toContain('1 hidden slide')
    expect(noted).toContain('1 layout or master')
  })

  test('sends a picture once, with every slide that shows it', async () => {
    const bytes = pptxOf([slide(''), slide('')], {
      ...slideRelations(1, ['image', '../media/a.png']),
      ...slideRelations(2, ['image', '../media/b.png'], ['image', '../media/c.png']),
      'ppt/media/a.png': png('a'),
      'ppt/media/b.png': png('a'),
      'ppt/media/c.png': png('c'),
    })
    expect((await read(bytes)).pieces).toEqual([
      ['slide 1 picture 1', [1, 2]],
      ['slide 2 picture 1', [2]],
    ])
    expect(await loadFromPptx(bytes, 'ppt/media/c.png')).toEqual(png('c'))
  })

  test('sends both words of alternatives, of tables, of diagrams and of charts with the cells behind them', async () => {
    const table = `<a:tbl><a:tr><a:tc><a:txBody>${paragraphs('格')}</a:txBody></a:tc></a:tr></a:tbl>`
    const other = `<mc:AlternateContent><mc:Choice Requires="v">${shape('新')}</mc:Choice><mc:Fallback>${shape('旧')}</mc:Fallback></mc:AlternateContent>`
    const bytes = pptxOf([slide(table + other)], {
      ...slideRelations(
        1,
        ['chart', '../c.xml'],
        ['diagramData', '../data1.xml'],
        ['diagramDrawing', '../drawing1.xml'],
      ),
      'ppt/c.xml': `<c:chartSpace xmlns:c="c"><c:title><c:tx>${paragraphs('销量')}</c:tx></c:title><c:cat><c:pt><c:v>一季度</c:v></c:pt></c:cat></c:chartSpace>`,
      'ppt/_rels/c.xml.rels': relationships(['package', 'cells.xlsx']),
      'ppt/cells.xlsx': xlsxOf({ 表: [['一季度', '不可见']] }),
      'ppt/data1.xml': `<dgm:dataModel xmlns:dgm="d">${paragraphs('流程', '备用')}</dgm:dataModel>`,
      'ppt/drawing1.xml': `<dsp:drawing xmlns:dsp="d">${paragraphs('流程')}</dsp:drawing>`,
    })
    const { lines, said } = await read(bytes)
    expect(said).toBe('')
    expect(lines).toEqual(expect.arrayContaining(['格', '新', '旧', '销量', '一季度', '不可见', '流程', '备用']))
    expect(lines.filter(line => line === '流程')).toHaveLength(1)
  })

  test.each([
    ['an object', ['oleObject', '../a.bin'], 'embedded picture or object'],
    ['a workbook with a picture behind a chart', ['chart', '../c.xml'], 'embedded picture or object'],
    ['a film on the web', ['video', 'https://example.com/a.mp4', 'External'], 'linked picture or file'],
    ['a film', ['video', '../media/a.mp4'], 'video'],
    ['a part that is missing', ['notesSlide', '../none.xml'], 'unknown kind'],
  ] as const)('leaves out %s', async (_, relation, said) => {
    const bytes = pptxOf([slide(shape('茶'))], {
      ...slideRelations(1, relation),
      ...(relation[0] === 'chart' && {
        'ppt/c.xml': '<c:chartSpace xmlns:c="c"/>',
        'ppt/_rels/c.xml.rels': relationships(['package', 'cells.xlsx']),
        'ppt/cells.xlsx': zipOf({ 'xl/workbook.xml': '<a/>', 'xl/media/image1.png': png('a') }),
      }),
      ...(relation[0] === 'oleObject' && { 'ppt/a.bin': 'x' }),
      ...(relation[1] === '../media/a.mp4' && {
        'ppt/media/a.mp4': Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
      }),
    })
    expect((await read(bytes)).said).toContain(said)
  })

  describe('draws shapes whose outline the file gives', () => {
    const points = (x: string) =>
      Array.from({ length: 14 }, (_, at) => `<a:lnTo><a:pt x="${at % 2 ? x : 50}" y="${at * 10}"/></a:lnTo>`).join('')
    const outline = (x: string) =>
      `<p:sp><p:spPr><a:xfrm rot="5400000"><a:off x="100" y="100"/><a:ext cx="200" cy="100"/></a:xfrm><a:custGeom><a:pathLst><a:path w="100" h="140"><a:moveTo><a:pt x="0" y="0"/></a:moveTo>${points(x)}<a:close/></a:path></a:pathLst></a:custGeom><a:solidFill><a:srgbClr val="FF0000"/></a:solidFill></p:spPr></p:sp>`

    test('as one picture of the slide', async () => {
      const bytes = pptxOf([slide(outline('100') + outline('90'))])
      expect(await read(bytes)).toMatchObject({ pieces: [['slide 1 picture 1', [1]]], said: '' })
      const drawn = await loadFromPptx(bytes, 'outlines of ppt/slides/slide1.xml')
      const svg = 'kind' in drawn ? '' : Buffer.from(drawn).toString()
      expect(svg.match(/<path [^>]*fill="#FF0000"/g)).toHaveLength(2)
      // Twice as wide as high, and turned by a quarter.
      const [, width = 0, height = 0] = /width="(\d+)" height="(\d+)"/.exec(svg)?.map(Number) ?? []
      expect(height / width).toBeCloseTo(2, 0)
    })

    test('and leaves out those whose corners a formula gives, or that it does not know', async () => {
      expect(await read(pptxOf([slide(outline('x1'))]))).toMatchObject({ pieces: [], said: '1 drawing' })
      const unknown = outline('100').replace('<a:close/>', '<a:spiralTo/>')
      expect(await read(pptxOf([slide(unknown)]))).toMatchObject({ pieces: [], said: '1 drawing' })
    })
  })

  const words = '违禁词甲乙丙'
  const packed = Buffer.from('picture'.repeat(60)).toString('base64')
  const name = fc.stringMatching(/^[a-z]{3,12}Thing$/)

  test('sends or leaves out what no list knows, wherever it is', async () => {
    const place = fc.constantFrom<(element: string, attribute: string) => string>(
      (element, attribute) => `<p:sp${attribute}>${element}</p:sp>`,
      (element, attribute) => `<p:sp><p:txBody><a:p${attribute}>${element}</a:p></p:txBody></p:sp>`,
      (element, attribute) => `<p:sp><a:r><a:rPr${attribute}>${element}</a:rPr></a:r></p:sp>`,
      (element, attribute) => `<p:timing><p:cTn${attribute}>${element}</p:cTn></p:timing>`,
      (element, attribute) => `<p:extLst><p:ext${attribute}>${element}</p:ext></p:extLst>`,
    )
    const part = fc.constantFrom('slide', 'layout', 'presentation', 'comments')
    await fc.assert(
      fc.asyncProperty(
        place,
        part,
        name,
        fc.constantFrom(words, packed),
        fc.boolean(),
        async (at, where, it, what, isText) => {
          const added = at(isText ? `<p:${it}><p:x>${what}</p:x></p:${it}>` : '', isText ? '' : ` ${it}="${what}"`)
          const bytes = pptxOf([slide(shape('茶') + (where === 'slide' ? added : ''))], {
            ...slideRelations(1, ['slideLayout', '../l.xml'], ['comments', '../c.xml']),
            'ppt/l.xml': markup('sldLayout', where === 'layout' ? added : ''),
            'ppt/c.xml': markup('cmLst', where === 'comments' ? added : ''),
            ...(where === 'presentation' && {
              'ppt/presentation.xml': markup(
                'presentation',
                `<p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst>${added}`,
              ),
            }),
          })
          const { lines, said } = await read(bytes)
          expect(lines).toContain('茶')
          expect(lines.some(line => line.includes(words)) || said !== '').toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('leaves out parts that no list knows, whatever leads to them or nothing does', async () => {
    await fc.assert(
      fc.asyncProperty(name, fc.constantFrom('slide', 'presentation', 'package', 'nothing'), async (kind, from) => {
        const relation = [kind, '/ppt/new.xml'] as const
        const bytes = pptxOf([slide(shape('茶'))], {
          ...(from === 'package' && {
            '_rels/.rels': relationships(['officeDocument', 'ppt/presentation.xml'], relation),
          }),
          ...(from === 'presentation' && {
            'ppt/_rels/presentation.xml.rels': relationships(['slide', 'slides/slide1.xml'], relation),
          }),
          ...(from === 'slide' && slideRelations(1, relation)),
          'ppt/new.xml': `<a>${words}</a>`,
        })
        expect((await read(bytes)).said).not.toBe('')
      }),
      { numRuns: 40 },
    )
  })

  test('ends with words or a reason however it is damaged', async () => {
    const whole = pptxOf([slide(shape('限时优惠')), slide('')], {
      ...slideRelations(1, ['image', '../media/a.png'], ['chart', '../c.xml']),
      'ppt/media/a.png': png('a'),
      'ppt/c.xml': `<c:chartSpace xmlns:c="c">${paragraphs('销量')}</c:chartSpace>`,
      'ppt/_rels/c.xml.rels': relationships(['package', 'cells.xlsx']),
      'ppt/cells.xlsx': xlsxOf({ 表: [['一季度']] }),
    })
    for (const { seed, mutated } of mutationsOf(whole)) {
      const answer = await extractPptx(mutated)
      expect(['extracted', 'failure'], `seed ${seed}`).toContain(answer.kind)
      if (answer.kind === 'failure') expect(answer.detail, `seed ${seed}`).not.toBe('')
    }
  })

  test('that is encrypted says so', async () => {
    const bytes = pptxOf([slide(shape('茶'))])
    // The flag of each entry, in its header and in the directory.
    const text = Buffer.from(bytes)
    for (let at = text.indexOf('PK\x01\x02'); at >= 0; at = text.indexOf('PK\x01\x02', at + 1)) text[at + 8] = 1
    const answer = await extractPptx(new Uint8Array(text))
    expect(answer.kind === 'failure' ? detailText(answer.detail, 'en') : '').toContain('encrypted')
  })
})
