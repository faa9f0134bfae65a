import type { Language } from '../../../shared/language.ts'
import type { Cell } from './cells.ts'
import type { ReportColumn } from './columns.ts'
import { heightOf, linesIn, type PeopleAsset, type PeopleColumn, pictureRowPoints } from './people-sheet.ts'
import {
  cellXml,
  columnName,
  declaration,
  escapeXml,
  mainSpace,
  officeSpace,
  rowXml,
  sheetTag,
  styles,
  stylesXml,
  textCell,
} from './sheet-xml.ts'
import { reportWords } from './words.ts'
import { type ZipFile, zipArchive } from './zip.ts'

/** A workbook written as it is made: rows go through one by one, and nothing but the pictures of one sheet is kept. */
export interface WorkbookParts {
  readonly language: Language
  /** Sheet in front. */
  readonly people: PeopleSheet
  /** The table of the assets, for programs: cells in the order of the columns. */
  readonly columns: readonly ReportColumn[]
  readonly rows: AsyncIterable<readonly Cell[]>
  /** A table behind that of the assets: every place that a rule was found in. Null where there is none. */
  readonly rules: {
    readonly columns: readonly SheetColumn[]
    readonly rows: AsyncIterable<readonly Cell[]>
  } | null
  /** Sheet at the end: two columns, what and how much. */
  readonly summary: readonly (readonly [string, Cell])[]
}

/** What colleagues read: lines above a table of assets, the most urgent first. */
export interface PeopleSheet {
  readonly name: string
  readonly title: string
  readonly counts: string
  readonly unchecked: string
  readonly hasUnchecked: boolean
  readonly remark: string
  readonly language: Language
  readonly columns: readonly PeopleColumn[]
  rows(): AsyncIterable<PeopleAsset>
}

/** Its heading, and its width in characters. */
export type SheetColumn = Pick<ReportColumn, 'name' | 'zh' | 'en' | 'width'>

/** A JPEG. */
export interface WorkbookPicture {
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
}

/** The most rows of one sheet, the head included; Excel opens no more. */
const maxSheetRows = 1_048_576
/** 914 400 to the inch: a picture fits its row and its column. */
const pictureEmu = { width: 1_200_000, height: (pictureRowPoints - 4) * 12_700 }

export function workbook(parts: WorkbookParts): AsyncGenerator<Uint8Array, void, undefined> {
  return zipArchive(filesOf(parts))
}

async function* filesOf({ language, people, summary, columns, rows, rules }: WorkbookParts): AsyncGenerator<ZipFile> {
  yield { name: 'xl/styles.xml', pieces: [stylesXml] }
  const shown: PlacedPicture[] = []
  const size = { rows: 0 }
  yield { name: 'xl/worksheets/sheet1.xml', pieces: peopleXml(people, shown, size) }
  yield* pictureFiles(shown)

  const names = [people.name]
  for (const [table, name] of [
    [{ columns, rows }, sheetNames.assets[language]],
    [rules, sheetNames.rules[language]],
  ] as const) {
    if (table === null) continue
    const source = table.rows[Symbol.asyncIterator]()
    let next = await source.next()
    let number = 0
    do {
      number += 1
      names.push(number === 1 ? name : `${name} ${number}`)
      async function* pieces() {
        yield sheetHead(table?.columns ?? [], language)
        const styleOf = rowStyles(table?.columns ?? [])
        let row = 1
        for (; next.done !== true && row < maxSheetRows; next = await source.next()) {
          row += 1
          yield rowXml(row, next.value, styleOf(next.value), null)
        }
        yield `</sheetData><autoFilter ref="A1:${columnName((table?.columns.length ?? 1) - 1)}${row}"/>${printedAcross('landscape')}</worksheet>`
      }
      yield { name: `xl/worksheets/sheet${names.length}.xml`, pieces: pieces() }
    } while (next.done !== true)
  }
  names.push(sheetNames.summary[language])
  yield { name: `xl/worksheets/sheet${names.length}.xml`, pieces: summarySheet(summary) }

  yield { name: 'xl/workbook.xml', pieces: [workbookXml(names, people, size.rows)] }
  yield {
    name: 'xl/_rels/workbook.xml.rels',
    pieces: [
      relationsXml([
        ...names.map((_, index) => [`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`] as const),
        [`rId${names.length + 1}`, 'styles', 'styles.xml'],
      ]),
    ],
  }
  yield { name: '_rels/.rels', pieces: [relationsXml([['rId1', 'officeDocument', 'xl/workbook.xml']])] }
  yield { name: '[Content_Types].xml', pieces: [contentTypesXml(names.length, shown.length > 0)] }
}

const sheetNames = {
  assets: { zh: '素材', en: 'Assets' },
  rules: { zh: '按规则', en: 'By rule' },
  summary: { zh: '概要', en: 'Summary' },
} as const

async function* pictureFiles(shown: readonly PlacedPicture[]): AsyncGenerator<ZipFile> {
  if (shown.length === 0) return
  for (const [index, { picture }] of shown.entries())
    yield { name: `xl/media/image${index + 1}.jpg`, pieces: [picture.bytes], isPacked: true }
  yield { name: 'xl/drawings/drawing1.xml', pieces: [drawingXml(shown)] }
  yield {
    name: 'xl/drawings/_rels/drawing1.xml.rels',
    pieces: [relationsXml(shown.map((_, index) => [`rId${index + 1}`, 'image', `../media/image${index + 1}.jpg`]))],
  }
  yield {
    name: 'xl/worksheets/_rels/sheet1.xml.rels',
    pieces: [relationsXml([['rId1', 'drawing', '../drawings/drawing1.xml']])],
  }
}

/** Row of the table's heads; what stands above it stays in sight with them. */
const headRow = 5

async function* peopleXml(people: PeopleSheet, shown: PlacedPicture[], size: { rows: number }): AsyncGenerator<string> {
  const { columns, language } = people
  const words = reportWords[language].people
  yield `${declaration}<worksheet xmlns="${mainSpace}" xmlns:r="${officeSpace}">${fitted}<sheetViews><sheetView tabSelected="1" showGridLines="0" workbookViewId="0"><pane ySplit="${headRow}" topLeftCell="A${headRow + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${colsXml(columns.map(({ width }) => width))}<sheetData>`
  const above = [
    [people.title, styles.title, 24],
    [people.counts, styles.counts, 18],
    [people.unchecked, people.hasUnchecked ? styles.warning : styles.remark, 16],
    [people.remark, styles.remark, 16],
  ] as const
  for (const [index, [text, style, points]] of above.entries())
    yield `<row r="${index + 1}" ht="${points}" customHeight="1">${textCell(`A${index + 1}`, text, style)}</row>`
  const heads = columns.map(({ name }, index) =>
    textCell(`${columnName(index)}${headRow}`, words[name], styles.tableHead),
  )
  yield `<row r="${headRow}" ht="20" customHeight="1">${heads.join('')}</row>`
  const pictureColumn = columns.findIndex(({ name }) => name === 'picture')
  let row = headRow
  for await (const asset of people.rows()) {
    row += 1
    const cells = columns.map(column => column.value(asset))
    const { picture } = asset
    const isShown = picture !== null && typeof picture !== 'string'
    if (isShown) shown.push({ row, column: pictureColumn, picture })
    const styled = columns.map(column => styles[column.style(asset)])
    yield rowXml(row, cells, styled, heightOf(columns, cells, isShown))
  }
  size.rows = row
  const drawing = shown.length > 0 ? '<drawing r:id="rId1"/>' : ''
  yield `</sheetData><autoFilter ref="A${headRow}:${columnName(columns.length - 1)}${row}"/><printOptions horizontalCentered="1"/>${printedAcross('landscape')}<headerFooter><oddFooter>${footerXml(people.title)}</oddFooter></headerFooter>${drawing}</worksheet>`
}

/** As wide as one page of paper, and as many pages long as it takes. */
const fitted = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
const printedAcross = (orientation: 'landscape' | 'portrait') =>
  `<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="${orientation}" fitToWidth="1" fitToHeight="0"/>`

/** Excel takes no more than 255 in a footer, codes and doubled ampersands included. */
const mostFooterUnits = 120

/** Codes of a footer begin with an ampersand, which is doubled in what is only text. */
function footerXml(title: string): string {
  const units = Array.from(title.toWellFormed())
  const text = units.length > mostFooterUnits ? `${units.slice(0, mostFooterUnits - 1).join('')}…` : units.join('')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold these.
  const plain = text.replace(/[\u0000-\u001f\ufffe\uffff]/g, ' ').replaceAll('&', '&&')
  return escapeXml(`&L${plain}&R&P / &N`)
}

const packageSpace = 'http://schemas.openxmlformats.org/package/2006'
const drawingSpace = 'http://schemas.openxmlformats.org/drawingml/2006'
function sheetHead(columns: readonly SheetColumn[], language: Language): string {
  const head = columns.map((column, index) => textCell(`${columnName(index)}1`, column[language], styles.head)).join('')
  return `${sheetTag}${fitted}<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${colsXml(columns.map(({ width }) => width))}<sheetData><row r="1">${head}</row>`
}

function colsXml(widths: readonly number[]): string {
  const sizes = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  )
  return `<cols>${sizes.join('')}</cols>`
}

/** In characters, and the height of a line. */
const factHeadWidth = 28
const factWidth = 100
const factPoints = 15
/** Excel makes no row higher. */
const mostFactPoints = 405

function* summarySheet(summary: WorkbookParts['summary']): Generator<string> {
  yield `${sheetTag}${fitted}${colsXml([factHeadWidth, factWidth])}<sheetData>`
  for (const [index, [what, value]] of summary.entries()) {
    const row = index + 1
    const lines = Math.max(linesIn(what, factHeadWidth), typeof value === 'string' ? linesIn(value, factWidth) : 1)
    const style = value instanceof Date ? styles.factTime : styles.fact
    yield `<row r="${row}" ht="${Math.min(mostFactPoints, lines * factPoints)}" customHeight="1">${textCell(`A${row}`, what, styles.factHead)}${cellXml(`B${row}`, value, style)}</row>`
  }
  yield `</sheetData>${printedAcross('portrait')}</worksheet>`
}

/** How each cell of a row is coloured, by its column and by what it says. */
function rowStyles(columns: readonly SheetColumn[]): (cells: readonly Cell[]) => readonly number[] {
  const columnOf = (name: string) => columns.findIndex(column => column.name === name)
  const [verdict, reason, rules, severity] = ['verdict', 'reason', 'rules', 'severity'].map(columnOf)
  return cells => {
    // Rules looked at it, and nobody else was asked.
    const isRulesOnly = cells[reason ?? -1] === 'no_platform_verdict' && cells[rules ?? -1] !== null
    return cells.map((cell, index) => {
      if (index === verdict && isRulesOnly && cell === 'unchecked') return styles.rulesOnly
      if (index === verdict && (cell === 'risky' || cell === 'review' || cell === 'unchecked')) return styles[cell]
      if (index !== rules && index !== severity) return styles.plain
      if (cell === 'forbidden') return styles.risky
      if (cell === 'evidence') return styles.review
      return cell === 'none' || cell === 'notice' ? styles.rulesOnly : styles.plain
    })
  }
}

function workbookXml(names: readonly string[], people: PeopleSheet, lastRow: number): string {
  const sheets = names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
  const columnOf = (index: number) => `$${columnName(index)}`
  const printed = people.columns.filter(({ isPrinted }) => isPrinted).length
  const area = (columns: number, from: number) =>
    `'${people.name}'!$A$${from}:${columnOf(columns - 1)}$${Math.max(lastRow, headRow)}`
  const defined = [
    `<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">${area(people.columns.length, headRow)}</definedName>`,
    `<definedName name="_xlnm.Print_Area" localSheetId="0">${area(printed, 1)}</definedName>`,
    `<definedName name="_xlnm.Print_Titles" localSheetId="0">'${people.name}'!$${headRow}:$${headRow}</definedName>`,
  ]
  return `${declaration}<workbook xmlns="${mainSpace}" xmlns:r="${officeSpace}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${sheets.join('')}</sheets><definedNames>${defined.join('')}</definedNames></workbook>`
}

function relationsXml(relations: readonly (readonly [id: string, type: string, target: string])[]): string {
  const each = relations.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${officeSpace}/${type}" Target="${target}"/>`,
  )
  return `${declaration}<Relationships xmlns="${packageSpace}/relationships">${each.join('')}</Relationships>`
}

function contentTypesXml(sheets: number, isDrawn: boolean): string {
  const base = 'application/vnd.openxmlformats-officedocument'
  const part = (name: string, type: string) => `<Override PartName="${name}" ContentType="${base}.${type}+xml"/>`
  const tables = Array.from({ length: sheets }, (_, index) =>
    part(`/xl/worksheets/sheet${index + 1}.xml`, 'spreadsheetml.worksheet'),
  )
  return `${declaration}<Types xmlns="${packageSpace}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/>${part('/xl/workbook.xml', 'spreadsheetml.sheet.main')}${part('/xl/styles.xml', 'spreadsheetml.styles')}${tables.join('')}${isDrawn ? part('/xl/drawings/drawing1.xml', 'drawing') : ''}</Types>`
}

interface PlacedPicture {
  readonly row: number
  readonly column: number
  readonly picture: WorkbookPicture
}

function drawingXml(pictures: readonly PlacedPicture[]): string {
  const each = pictures.map(({ row, column, picture: { width, height } }, index) => {
    const scale = Math.min(pictureEmu.width / Math.max(width, 1), pictureEmu.height / Math.max(height, 1))
    const [cx, cy] = [Math.round(width * scale), Math.round(height * scale)]
    const file = index + 1
    return `<xdr:oneCellAnchor><xdr:from><xdr:col>${column}</xdr:col><xdr:colOff>25400</xdr:colOff><xdr:row>${row - 1}</xdr:row><xdr:rowOff>25400</xdr:rowOff></xdr:from><xdr:ext cx="${cx}" cy="${cy}"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${file}" name="${file}"/><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId${file}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>`
  })
  return `${declaration}<xdr:wsDr xmlns:xdr="${drawingSpace}/spreadsheetDrawing" xmlns:a="${drawingSpace}/main" xmlns:r="${officeSpace}">${each.join('')}</xdr:wsDr>`
}
