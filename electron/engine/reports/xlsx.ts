import type { Language } from '../../../shared/language.ts'
import type { Cell } from './cells.ts'
import type { ReportColumn } from './columns.ts'
import { type ZipFile, zipArchive } from './zip.ts'

/**
 * A workbook written as it is made: rows go through one by one, and nothing but the list of pictures is kept. Texts are inline
 * strings, which a spreadsheet never takes for formulae.
 */
export interface WorkbookParts {
  readonly language: Language
  /** Sheet in front: two columns, what and how much. */
  readonly summary: readonly (readonly [string, Cell])[]
  readonly columns: readonly ReportColumn[]
  /** Cells in the order of the columns. */
  readonly rows: AsyncIterable<{ readonly asset: number; readonly cells: readonly Cell[] }>
  /** A table behind that of the assets: every place that a rule was found in. Null where there is none. */
  readonly rules: {
    readonly columns: readonly SheetColumn[]
    readonly rows: AsyncIterable<readonly Cell[]>
  } | null
  /** JPEG of an asset for its row, or null; absent when no pictures are wanted. */
  readonly picture: ((asset: number) => Promise<WorkbookPicture | null>) | null
}

/** Its heading, and its width in characters. */
export type SheetColumn = Pick<ReportColumn, 'name' | 'zh' | 'en' | 'width'>

export interface WorkbookPicture {
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
}

/** The most rows of one sheet, the head included; Excel opens no more. */
const maxSheetRows = 1_048_576
/** Characters of one cell (Excel specifications and limits). */
const maxCellUnits = 32_767
/** Pictures of one workbook: more would make it slow to open. */
const maxWorkbookPictures = 1_000
const pictureRowPoints = 60
const pictureColumnWidth = 14
/** 914 400 to the inch. */
const pictureEmu = 720_000

/** Indices into `cellXfs` of the style sheet. */
const styles = { plain: 0, head: 1, time: 2, risky: 3, review: 4, unchecked: 5, rulesOnly: 6 } as const

export function workbook(parts: WorkbookParts): AsyncGenerator<Uint8Array, void, undefined> {
  return zipArchive(filesOf(parts))
}

async function* filesOf({ language, summary, columns, rows, rules, picture }: WorkbookParts): AsyncGenerator<ZipFile> {
  const verdictColumn = columns.findIndex(column => column.name === 'verdict')
  const styleOf = rowStyles(columns)
  yield { name: 'xl/styles.xml', pieces: [stylesXml] }
  yield { name: 'xl/worksheets/sheet1.xml', pieces: summarySheet(summary) }

  const source = rows[Symbol.asyncIterator]()
  const pictures: { readonly sheet: number; readonly row: number; readonly asset: number }[] = []
  let next = await source.next()
  let sheets = 1
  do {
    sheets += 1
    const sheet = sheets
    async function* pieces() {
      yield sheetHead(columns, language, picture !== null)
      let row = 1
      for (; next.done !== true && row < maxSheetRows; next = await source.next()) {
        row += 1
        const { asset, cells } = next.value
        const isShown = picture !== null && isFlagged(cells[verdictColumn]) && pictures.length < maxWorkbookPictures
        if (isShown) pictures.push({ sheet, row, asset })
        yield rowXml(row, cells, styleOf(cells), isShown ? pictureRowPoints : null)
      }
      const last = `${columnName(columns.length - 1)}${row}`
      yield `</sheetData><autoFilter ref="A1:${last}"/>`
      yield pictures.some(each => each.sheet === sheet) ? '<drawing r:id="rId1"/></worksheet>' : '</worksheet>'
    }
    yield { name: `xl/worksheets/sheet${sheet}.xml`, pieces: pieces() }
  } while (next.done !== true)
  const assetSheets = sheets - 1
  if (rules !== null) {
    const places = rules.rows[Symbol.asyncIterator]()
    let place = await places.next()
    do {
      sheets += 1
      async function* pieces() {
        yield sheetHead(rules?.columns ?? [], language, false)
        const styled = rowStyles(rules?.columns ?? [])
        let row = 1
        for (; place.done !== true && row < maxSheetRows; place = await places.next()) {
          row += 1
          yield rowXml(row, place.value, styled(place.value), null)
        }
        yield `</sheetData><autoFilter ref="A1:${columnName((rules?.columns.length ?? 1) - 1)}${row}"/></worksheet>`
      }
      yield { name: `xl/worksheets/sheet${sheets}.xml`, pieces: pieces() }
    } while (place.done !== true)
  }

  const shown: (PlacedPicture & { readonly sheet: number })[] = []
  for (const { sheet, row, asset } of pictures) {
    const made = picture === null ? null : await picture(asset)
    if (made === null) continue
    const file = shown.length + 1
    yield { name: `xl/media/image${file}.jpg`, pieces: [made.bytes], isPacked: true }
    const longest = Math.max(made.width, made.height, 1)
    const emu = (px: number) => Math.round((pictureEmu * px) / longest)
    shown.push({ sheet, row, file, cx: emu(made.width), cy: emu(made.height) })
  }
  const drawn = [...new Set(pictures.map(each => each.sheet))]
  for (const sheet of drawn) {
    const own = shown.filter(each => each.sheet === sheet)
    yield { name: `xl/drawings/drawing${sheet}.xml`, pieces: [drawingXml(own, columns.length)] }
    yield {
      name: `xl/drawings/_rels/drawing${sheet}.xml.rels`,
      pieces: [relationsXml(own.map(({ file }) => [`rId${file}`, 'image', `../media/image${file}.jpg`]))],
    }
    yield {
      name: `xl/worksheets/_rels/sheet${sheet}.xml.rels`,
      pieces: [relationsXml([['rId1', 'drawing', `../drawings/drawing${sheet}.xml`]])],
    }
  }
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1)
  yield { name: 'xl/workbook.xml', pieces: [workbookXml(numbers, assetSheets, language)] }
  yield {
    name: 'xl/_rels/workbook.xml.rels',
    pieces: [
      relationsXml([
        ...numbers.map(number => [`rId${number}`, 'worksheet', `worksheets/sheet${number}.xml`] as const),
        [`rId${sheets + 1}`, 'styles', 'styles.xml'],
      ]),
    ],
  }
  yield { name: '_rels/.rels', pieces: [relationsXml([['rId1', 'officeDocument', 'xl/workbook.xml']])] }
  yield { name: '[Content_Types].xml', pieces: [contentTypesXml(numbers, drawn)] }
}

const isFlagged = (verdict: Cell | undefined) => verdict === 'risky' || verdict === 'review'

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const mainSpace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const officeSpace = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageSpace = 'http://schemas.openxmlformats.org/package/2006'
const drawingSpace = 'http://schemas.openxmlformats.org/drawingml/2006'
const sheetTag = `${declaration}<worksheet xmlns="${mainSpace}" xmlns:r="${officeSpace}">`

function sheetHead(columns: readonly SheetColumn[], language: Language, hasPictures: boolean): string {
  const widths = [...columns.map(column => column.width), ...(hasPictures ? [pictureColumnWidth] : [])]
  const sizes = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  )
  const head = columns.map((column, index) => textCell(`${columnName(index)}1`, column[language], styles.head)).join('')
  return `${sheetTag}<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${sizes.join('')}</cols><sheetData><row r="1">${head}</row>`
}

function* summarySheet(summary: WorkbookParts['summary']): Generator<string> {
  yield `${sheetTag}<cols><col min="1" max="1" width="28" customWidth="1"/><col min="2" max="2" width="90" customWidth="1"/></cols><sheetData>`
  for (const [index, [what, value]] of summary.entries()) {
    const row = index + 1
    yield `<row r="${row}">${textCell(`A${row}`, what, styles.head)}${cellXml(`B${row}`, value, styles.plain)}</row>`
  }
  yield '</sheetData></worksheet>'
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

function rowXml(
  row: number,
  cells: readonly Cell[],
  cellStyles: readonly number[],
  heightPoints: number | null,
): string {
  const height = heightPoints === null ? '' : ` ht="${heightPoints}" customHeight="1"`
  const xml = cells.map((cell, index) => cellXml(`${columnName(index)}${row}`, cell, cellStyles[index] ?? styles.plain))
  return `<row r="${row}"${height}>${xml.join('')}</row>`
}

function cellXml(place: string, cell: Cell, style: number): string {
  if (cell === null || cell === '') return ''
  if (typeof cell === 'number') return `<c r="${place}" s="${style}"><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c r="${place}" s="${style}" t="b"><v>${cell ? 1 : 0}</v></c>`
  if (cell instanceof Date) return `<c r="${place}" s="${styles.time}"><v>${serialTime(cell)}</v></c>`
  return textCell(place, cell, style)
}

function textCell(place: string, text: string, style: number): string {
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${cellText(text)}</t></is></c>`
}

/** Days since 1899-12-30 on this machine's clock: spreadsheets know no zones. */
function serialTime(time: Date): number {
  return (time.getTime() - time.getTimezoneOffset() * 60_000) / 86_400_000 + 25_569
}

/** What XML cannot hold is written as `_xHHHH_`, and what looks like that is protected (ECMA-376, ST_Xstring). */
export function cellText(text: string): string {
  const fitting = text.length > maxCellUnits ? `${text.slice(0, maxCellUnits - 1)}…` : text
  return (
    escapeXml(fitting.toWellFormed().replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_'))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold.
      .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, unit => {
        return `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
      })
  )
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function columnName(index: number): string {
  const first = Math.floor(index / 26)
  return `${first === 0 ? '' : String.fromCharCode(64 + first)}${String.fromCharCode(65 + (index % 26))}`
}

function workbookXml(numbers: readonly number[], assetSheets: number, language: Language): string {
  const summary = language === 'zh' ? '概要' : 'Summary'
  const assets = language === 'zh' ? '素材' : 'Assets'
  const rules = language === 'zh' ? '按规则' : 'By rule'
  const numbered = (name: string, number: number) => (number === 1 ? name : `${name} ${number}`)
  const sheets = numbers.map(number => {
    const name =
      number === 1
        ? summary
        : number <= assetSheets + 1
          ? numbered(assets, number - 1)
          : numbered(rules, number - assetSheets - 1)
    return `<sheet name="${name}" sheetId="${number}" r:id="rId${number}"/>`
  })
  return `${declaration}<workbook xmlns="${mainSpace}" xmlns:r="${officeSpace}"><sheets>${sheets.join('')}</sheets></workbook>`
}

function relationsXml(relations: readonly (readonly [id: string, type: string, target: string])[]): string {
  const each = relations.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${officeSpace}/${type}" Target="${target}"/>`,
  )
  return `${declaration}<Relationships xmlns="${packageSpace}/relationships">${each.join('')}</Relationships>`
}

function contentTypesXml(sheets: readonly number[], drawings: readonly number[]): string {
  const base = 'application/vnd.openxmlformats-officedocument'
  const part = (name: string, type: string) => `<Override PartName="${name}" ContentType="${base}.${type}+xml"/>`
  return `${declaration}<Types xmlns="${packageSpace}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/>${part('/xl/workbook.xml', 'spreadsheetml.sheet.main')}${part('/xl/styles.xml', 'spreadsheetml.styles')}${sheets.map(number => part(`/xl/worksheets/sheet${number}.xml`, 'spreadsheetml.worksheet')).join('')}${drawings.map(number => part(`/xl/drawings/drawing${number}.xml`, 'drawing')).join('')}</Types>`
}

interface PlacedPicture {
  readonly row: number
  readonly file: number
  readonly cx: number
  readonly cy: number
}

/** Pictures stand behind the last of `columnCount` columns. */
function drawingXml(pictures: readonly PlacedPicture[], columnCount: number): string {
  const each = pictures.map(
    ({ row, file, cx, cy }) =>
      `<xdr:oneCellAnchor><xdr:from><xdr:col>${columnCount}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row - 1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="${cx}" cy="${cy}"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${file}" name="${file}"/><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId${file}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>`,
  )
  return `${declaration}<xdr:wsDr xmlns:xdr="${drawingSpace}/spreadsheetDrawing" xmlns:a="${drawingSpace}/main" xmlns:r="${officeSpace}">${each.join('')}</xdr:wsDr>`
}

const fill = (colour: string) =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`
const stylesXml = `${declaration}<styleSheet xmlns="${mainSpace}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="7"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('FFE9ECEF')}${fill('FFFFC9C9')}${fill('FFFFE8B3')}${fill('FFDEE2E6')}${fill('FFC5F6FA')}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="3" borderId="0" xfId="0" applyFont="1" applyFill="1"/><xf numFmtId="0" fontId="0" fillId="4" borderId="0" xfId="0" applyFill="1"/><xf numFmtId="0" fontId="0" fillId="5" borderId="0" xfId="0" applyFill="1"/><xf numFmtId="0" fontId="0" fillId="6" borderId="0" xfId="0" applyFill="1"/></cellXfs></styleSheet>`
