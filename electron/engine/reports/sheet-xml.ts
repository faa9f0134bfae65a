import type { Cell } from './cells.ts'
import type { MarkKind } from './passages.ts'

/** What a worksheet's cells are written as. Texts are inline strings, which a spreadsheet never takes for formulae. */

/** A text with stretches that stand out. */
export interface RichText {
  readonly runs: readonly { readonly text: string; readonly kind: MarkKind | null }[]
}
export type SheetCell = Cell | RichText

/** Characters of one cell (Excel specifications and limits). */
const maxCellUnits = 32_767

export const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
export const mainSpace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
export const officeSpace = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
export const sheetTag = `${declaration}<worksheet xmlns="${mainSpace}" xmlns:r="${officeSpace}">`

export function rowXml(
  row: number,
  cells: readonly SheetCell[],
  cellStyles: readonly number[],
  heightPoints: number | null,
): string {
  const height = heightPoints === null ? '' : ` ht="${heightPoints}" customHeight="1"`
  const xml = cells.map((cell, index) => cellXml(`${columnName(index)}${row}`, cell, cellStyles[index] ?? styles.plain))
  return `<row r="${row}"${height}>${xml.join('')}</row>`
}

export function cellXml(place: string, cell: SheetCell, style: number): string {
  // A cell of a table for people has its borders and its colour whatever it holds.
  if (cell === null || cell === '') return style === styles.plain ? '' : `<c r="${place}" s="${style}"/>`
  if (typeof cell === 'number') return `<c r="${place}" s="${style}"><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c r="${place}" s="${style}" t="b"><v>${cell ? 1 : 0}</v></c>`
  if (cell instanceof Date) {
    return `<c r="${place}" s="${style === styles.plain ? styles.time : style}"><v>${serialTime(cell)}</v></c>`
  }
  return typeof cell === 'string' ? textCell(place, cell, style) : richCell(place, cell, style)
}

export function textCell(place: string, text: string, style: number): string {
  return `<c r="${place}" s="${style}" t="inlineStr"><is>${textXml(text)}</is></c>`
}

const textXml = (text: string) => `<t xml:space="preserve">${cellText(text)}</t>`

function richCell(place: string, { runs }: RichText, style: number): string {
  const full = runs.filter(({ text }) => text !== '')
  if (full.length === 0) return cellXml(place, null, style)
  const xml = full.map(({ text, kind }) => `<r>${kind === null ? plainRun : markedRun(kind)}${textXml(text)}</r>`)
  return `<c r="${place}" s="${style}" t="inlineStr"><is>${xml.join('')}</is></c>`
}

/** In the order in which Excel writes them. */
const runFont = (bold: '' | '<b/>', colour: string, underline: string) =>
  `<rPr>${bold}${underline}<sz val="10"/>${colour}<rFont val="Calibri"/></rPr>`
const plainRun = runFont('', '', '')

/** Bold and underlined as well: a print in grey shows no colour. */
function markedRun(kind: MarkKind): string {
  if (kind === 'risky' || kind === 'forbidden') return runFont('<b/>', '<color rgb="FFB00020"/>', '<u/>')
  if (kind === 'notice') return runFont('', '<color rgb="FF1C5D99"/>', '<u/>')
  return runFont('<b/>', '<color rgb="FF8A5A00"/>', '<u val="double"/>')
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

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

export function columnName(index: number): string {
  const first = Math.floor(index / 26)
  return `${first === 0 ? '' : String.fromCharCode(64 + first)}${String.fromCharCode(65 + (index % 26))}`
}

interface Look {
  readonly font?: keyof typeof fonts
  readonly fill?: keyof typeof fills
  /** Of the tables that people read: borders, wrapped, at the top of its row. */
  readonly isTable?: true
  /** Wrapped, at the top and the left, whatever it is. */
  readonly isWrapped?: true
  /** Of numbers; 0 is the general one. */
  readonly format?: 0 | 164 | 165
  /** Stays a text also after somebody has edited the cell. */
  readonly isQuoted?: true
}

const fonts = {
  plain: '<font><sz val="11"/><name val="Calibri"/></font>',
  bold: '<font><b/><sz val="11"/><name val="Calibri"/></font>',
  title: '<font><b/><sz val="15"/><name val="Calibri"/></font>',
  small: '<font><sz val="10"/><name val="Calibri"/></font>',
  smallBold: '<font><b/><sz val="10"/><name val="Calibri"/></font>',
  remark: '<font><sz val="10"/><color rgb="FF595959"/><name val="Calibri"/></font>',
  unchecked: '<font><b/><sz val="10"/><color rgb="FF5E2A84"/><name val="Calibri"/></font>',
} as const

const solid = (colour: string) =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`
const fills = {
  none: '<fill><patternFill patternType="none"/></fill>',
  // The second is fixed by the format.
  grey125: '<fill><patternFill patternType="gray125"/></fill>',
  head: solid('FFE9ECEF'),
  risky: solid('FFFFC9C9'),
  review: solid('FFFFE8B3'),
  unchecked: solid('FFE9D8F4'),
  rulesOnly: solid('FFC5F6FA'),
} as const

const looks = {
  plain: {},
  head: { font: 'bold', fill: 'head' },
  time: { format: 164 },
  factHead: { font: 'bold', fill: 'head', isWrapped: true },
  fact: { isWrapped: true },
  factTime: { format: 164, isWrapped: true },
  risky: { font: 'bold', fill: 'risky' },
  review: { fill: 'review' },
  unchecked: { fill: 'unchecked' },
  rulesOnly: { fill: 'rulesOnly' },
  title: { font: 'title' },
  counts: { font: 'bold' },
  remark: { font: 'remark' },
  warning: { font: 'unchecked' },
  tableHead: { font: 'smallBold', fill: 'head', isTable: true },
  tableText: { font: 'small', isTable: true, isQuoted: true },
  tableWord: { font: 'small', isTable: true },
  tableTime: { font: 'small', isTable: true, format: 165 },
  tableRisky: { font: 'smallBold', fill: 'risky', isTable: true },
  tableReview: { font: 'smallBold', fill: 'review', isTable: true },
  tableUnchecked: { font: 'unchecked', fill: 'unchecked', isTable: true },
  tableRulesOnly: { font: 'small', fill: 'rulesOnly', isTable: true },
} as const satisfies Readonly<Record<string, Look>>
export type StyleName = keyof typeof looks

const styleNames = Object.keys(looks) as StyleName[]
/** Indices into `cellXfs` of the style sheet. */
export const styles = Object.fromEntries(styleNames.map((name, index) => [name, index])) as Readonly<
  Record<StyleName, number>
>

export const stylesXml = (() => {
  const fontNames = Object.keys(fonts)
  const fillNames = Object.keys(fills)
  const xfs = styleNames.map(name => {
    const { font = 'plain', fill = 'none', isTable, isWrapped, format = 0, isQuoted }: Look = looks[name]
    const across = isWrapped ? ' horizontal="left"' : ''
    const alignment = isTable || isWrapped ? `<alignment${across} vertical="top" wrapText="1"/>` : ''
    const applied = `${font === 'plain' ? '' : ' applyFont="1"'}${fill === 'none' ? '' : ' applyFill="1"'}${format === 0 ? '' : ' applyNumberFormat="1"'}${isTable ? ' applyBorder="1"' : ''}${alignment === '' ? '' : ' applyAlignment="1"'}${isQuoted ? ' quotePrefix="1"' : ''}`
    return `<xf numFmtId="${format}" fontId="${fontNames.indexOf(font)}" fillId="${fillNames.indexOf(fill)}" borderId="${isTable ? 1 : 0}" xfId="0"${applied}>${alignment}</xf>`
  })
  const line = (side: string) => `<${side} style="thin"><color rgb="FFCED4DA"/></${side}>`
  const borders = `<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${['left', 'right', 'top', 'bottom'].map(line).join('')}<diagonal/></border></borders>`
  return `${declaration}<styleSheet xmlns="${mainSpace}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="${fontNames.length}">${Object.values(fonts).join('')}</fonts><fills count="${fillNames.length}">${Object.values(fills).join('')}</fills>${borders}<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${xfs.length}">${xfs.join('')}</cellXfs></styleSheet>`
})()
