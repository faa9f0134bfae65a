import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Found } from '../../../electron/engine/formats/source.ts'
import { loadFromWorkbook } from '../../../electron/engine/formats/workbook/load-picture.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { findAll, temporaryFolder } from '../intake/harness.ts'
import { cellOf, rowOf, type WorkbookParts, workbookWith } from './workbooks.ts'
import { relationships } from './zip-file.ts'

const png = (mark: string) => Buffer.from(`\x89PNG\r\n\x1a\n${mark}`, 'latin1')
const emf = Buffer.concat([Buffer.from([1, 0, 0, 0]), Buffer.alloc(36), Buffer.from(' EMF')])
const anchor = (row: number, column: number, id: string) =>
  `<xdr:twoCellAnchor><xdr:from><xdr:col>${column}</xdr:col><xdr:row>${row}</xdr:row></xdr:from><xdr:pic><a:blip r:embed="${id}"/></xdr:pic></xdr:twoCellAnchor>`
const bytesOf: Readonly<Record<string, Uint8Array>> = { 'a.png': png('a'), 'b.png': png('b'), 'c.emf': emf }
const drawing = (inside: string, ...media: readonly string[]) => ({
  sheetRelations: [['drawing', '../drawings/d.xml']] as const,
  parts: {
    'xl/drawings/d.xml': `<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:r="r">${inside}</xdr:wsDr>`,
    'xl/drawings/_rels/d.xml.rels': relationships(...media.map(name => ['image', `../media/${name}`] as const)),
    ...Object.fromEntries(
      media.flatMap(name => (bytesOf[name] === undefined ? [] : [[`xl/media/${name}`, bytesOf[name]]])),
    ),
  },
})
const rows = rowOf(1, '编号', '文案') + rowOf(2, '1', '春茶') + rowOf(3, '2', '秋茶')

async function findIn(given: WorkbookParts, options = {}) {
  const path = join(await temporaryFolder(), 't.xlsx')
  await writeFile(path, workbookWith(given))
  return told(await findAll([path], { textColumn: '文案', ...options }))
}

/** Of each asset its words, its pictures with their places, and why it cannot pass. */
function told(found: readonly Found[]) {
  return found.map(({ path, source, kind, failure }) => {
    if (source.kind !== 'row') return [path, failure?.code]
    const pieces = source.held?.pieces ?? []
    const shown = pieces.map(({ name, places, from }) => [
      `${name} ${places.map(({ sheet = '', cell = '' }) => `${sheet}!${cell}`).join(' ')}`,
      from.kind === 'handle' ? from.handle : '',
    ])
    const said = failure === null ? remarksText(source.omitted ?? [], 'zh') : detailText(failure.detail, 'zh')
    return [path, kind, source.text, Object.fromEntries(shown), said]
  })
}

describe('a picture on a sheet', () => {
  test('is a piece of the row in which it begins; others are of the sheet', async () => {
    const inside = `${anchor(1, 2, 'r1')}${anchor(7, 0, 'r2')}<xdr:absoluteAnchor><a:blip r:embed="r1"/></xdr:absoluteAnchor>`
    expect(await findIn({ rows, ...drawing(inside, 'a.png', 'b.png') })).toEqual([
      ['t.xlsx#2', 'document', '春茶', { 'picture 1 价格表!C2': 'xl/media/a.png' }, ''],
      ['t.xlsx#3', 'text', '秋茶', {}, ''],
      ['t.xlsx#价格表', 'document', '', { 'picture 1 价格表!A8': 'xl/media/b.png' }, ''],
    ])
  })

  test('that stands in many rows is asked about in each, and once on the sheet', async () => {
    const inside = anchor(1, 0, 'r1') + anchor(2, 0, 'r1') + anchor(8, 0, 'r1') + anchor(9, 0, 'r2')
    const found = await findIn({ rows, ...drawing(inside, 'a.png', 'a.png') })
    expect(found.map(([path, , , pieces]) => [path, pieces])).toEqual([
      ['t.xlsx#2', { 'picture 1 价格表!A2': 'xl/media/a.png' }],
      ['t.xlsx#3', { 'picture 1 价格表!A3': 'xl/media/a.png' }],
      ['t.xlsx#价格表', { 'picture 1 价格表!A9 价格表!A10': 'xl/media/a.png' }],
    ])
  })

  test('makes an asset of a row without words, but none of one that does not say what it shows', async () => {
    const blank = `${rowOf(1, '编号', '文案')}${rowOf(2, '1')}<row r="3"><c r="B3"><f>A1</f></c></row>`
    expect(
      await findIn({ rows: blank, ...drawing(anchor(1, 0, 'r1') + anchor(2, 0, 'r2'), 'a.png', 'b.png') }),
    ).toEqual([
      ['t.xlsx#2', 'document', '', { 'picture 1 价格表!A2': 'xl/media/a.png' }, ''],
      ['t.xlsx#3', null, '', {}, expect.stringContaining('文案')],
      ['t.xlsx#价格表', 'document', '', { 'picture 1 价格表!A3': 'xl/media/b.png' }, ''],
    ])
  })

  test('that no program here reads is left out, with the cell', async () => {
    expect(await findIn({ rows, ...drawing(anchor(1, 2, 'r1') + anchor(9, 0, 'r2'), 'c.emf', 'none.png') })).toEqual([
      ['t.xlsx#2', 'text', '春茶', {}, '1 张读不了的图片（EMF/WMF）：请换成 PNG 或 JPEG（价格表!C2）'],
      ['t.xlsx#3', 'text', '秋茶', {}, ''],
      ['t.xlsx#价格表', null, '', {}, '1 张图片读不出来（价格表!A10）'],
    ])
  })

  test('behind the cells, in the margins, or left in the file is of the sheet or of the workbook', async () => {
    const given = {
      rows,
      sheetRelations: [
        ['image', '../media/a.png'],
        ['vmlDrawing', '../drawings/v.vml'],
      ] as const,
      parts: {
        'xl/drawings/v.vml': '<xml xmlns:v="v" xmlns:o="o"><v:imagedata o:relid="r1"/></xml>',
        'xl/drawings/_rels/v.vml.rels': relationships(['image', '../media/b.png']),
        'xl/media/a.png': png('a'),
        'xl/media/b.png': png('b'),
        'xl/media/left.png': png('c'),
      },
    }
    expect((await findIn(given)).slice(2)).toEqual([
      [
        't.xlsx#价格表',
        'document',
        '',
        { 'picture 1 价格表!': 'xl/media/a.png', 'picture 2 价格表!': 'xl/media/b.png' },
        '',
      ],
      ['t.xlsx', 'document', '', { 'picture 1 !': 'xl/media/left.png' }, ''],
    ])
  })

  test('is not looked for in a table that is not to be checked', async () => {
    const given = { rows, ...drawing(anchor(1, 2, 'r1'), 'a.png') }
    expect(await findIn(given, { textColumn: null })).toEqual([['t.xlsx', 'column_not_chosen']])
  })

  test('is loaded from the workbook', async () => {
    const bytes = workbookWith({ rows, ...drawing(anchor(1, 2, 'r1'), 'a.png') })
    const file = {
      sizeBytes: bytes.length,
      read: (at: number, length: number) => bytes.subarray(at, at + length),
      whole: () => bytes,
    }
    expect(await loadFromWorkbook(file, 'xl/media/a.png')).toEqual(png('a'))
    expect(await loadFromWorkbook(file, 'xl/media/none.png')).toMatchObject({ kind: 'failure' })
  })
})

describe('a picture in a cell', () => {
  const wps = (name: string) => ({
    bookRelations: [['cellImage', 'cellimages.xml']] as const,
    parts: {
      'xl/cellimages.xml': `<etc:cellImages xmlns:etc="e" xmlns:xdr="x" xmlns:a="a" xmlns:r="r"><etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="${name}" descr="茶园"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="r1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>`,
      'xl/_rels/cellimages.xml.rels': relationships(['image', 'media/a.png']),
      'xl/media/a.png': png('a'),
    },
  })
  const excel = {
    bookRelations: [
      ['sheetMetadata', 'metadata.xml'],
      ['rdRichValue', 'richData/rdrichvalue.xml'],
      ['rdRichValueStructure', 'richData/rdrichvaluestructure.xml'],
      ['richValueRel', 'richData/richValueRel.xml'],
    ] as const,
    parts: {
      'xl/metadata.xml':
        '<metadata><metadataTypes><metadataType name="XLRICHVALUE"/></metadataTypes><futureMetadata name="XLRICHVALUE"><bk><extLst><ext><xlrd:rvb i="0"/></ext></extLst></bk></futureMetadata><valueMetadata><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>',
      'xl/richData/rdrichvalue.xml': '<rvData><rv s="0"><v>0</v><v>5</v></rv></rvData>',
      'xl/richData/rdrichvaluestructure.xml':
        '<rvStructures><s t="_localImage"><k n="_rvRel:LocalImageIdentifier" t="i"/><k n="CalcOrigin" t="i"/></s></rvStructures>',
      'xl/richData/richValueRel.xml': '<richValueRels xmlns:r="r"><rel r:id="r1"/></richValueRels>',
      'xl/richData/_rels/richValueRel.xml.rels': relationships(['image', '../media/a.png']),
      'xl/media/a.png': png('a'),
    },
  }
  const dispimg = '<c r="B2" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
  const inCell = '<c r="B2" t="e" vm="1"><v>#VALUE!</v></c>'

  test.each([
    ['of WPS', dispimg, wps('ID_1'), [['t.xlsx', 'text', '茶园', {}, '']]],
    ['of Excel', inCell, excel, []],
  ])('%s is a piece of its row, also beside the words of another column', async (_, cell, parts, book) => {
    const own = `${rowOf(1, '编号', '文案')}<row r="2">${cell}</row>`
    expect(await findIn({ rows: own, ...parts })).toEqual([
      ['t.xlsx#2', 'document', '', { 'picture 1 价格表!B2': 'xl/media/a.png' }, ''],
      ...book,
    ])
    const other = `${rowOf(1, '文案', '图')}<row r="2">${cellOf('A2', '春茶')}${cell}</row>`
    expect(await findIn({ rows: other, ...parts })).toEqual([
      ['t.xlsx#2', 'document', '春茶', { 'picture 1 价格表!B2': 'xl/media/a.png' }, ''],
      ...book,
    ])
  })

  test('in place of an address is the asset that its row is', async () => {
    const given = { rows: `${rowOf(1, '编号', '图片')}<row r="2">${dispimg}</row>`, ...wps('ID_1') }
    expect((await findIn(given, { textColumn: null, urlColumn: '图片' }))[0]).toEqual([
      't.xlsx#2',
      'document',
      '',
      { 'picture 1 价格表!B2': 'xl/media/a.png' },
      '',
    ])
  })

  test.each([
    ['under another name', dispimg, wps('ID_2')],
    ['within a longer formula', dispimg.replaceAll(/DISPIMG/g, 'IF(A1,DISPIMG'), wps('ID_1')],
    ['whose value is missing', inCell, { ...excel, parts: { ...excel.parts, 'xl/metadata.xml': '<metadata/>' } }],
  ])('%s is left out', async (_, cell, parts) => {
    const own = `${rowOf(1, '编号', '文案')}<row r="2">${cell}</row>`
    expect((await findIn({ rows: own, ...parts }))[0]).toEqual(['t.xlsx#2', null, '', {}, '1 张图片'])
  })
})
