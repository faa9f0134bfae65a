import { relationships, zipOf } from './zip-file.ts'

const spreadsheet = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const links = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

export type Relation = readonly [type: string, target: string, mode?: string]

export interface WorkbookParts {
  readonly rows: string
  /** What stands behind the rows of the sheet. */
  readonly after?: string
  readonly sheetRelations?: readonly Relation[]
  readonly bookRelations?: readonly Relation[]
  readonly packageRelations?: readonly Relation[]
  readonly styles?: string
  readonly strings?: string
  readonly book?: string
  readonly parts?: Readonly<Record<string, string | Uint8Array>>
}

export const cellOf = (reference: string, text: string) =>
  `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`

export const rowOf = (row: number, ...cells: readonly string[]) =>
  `<row r="${row}">${cells.map((text, at) => (text === '' ? '' : cellOf(`${String.fromCharCode(65 + at)}${row}`, text))).join('')}</row>`

/** A workbook with the one sheet 价格表, and with whatever parts a test wants to add to it. */
export function workbookWith(given: WorkbookParts): Buffer {
  const { rows, after = '', sheetRelations = [], bookRelations = [], packageRelations = [], styles, strings } = given
  return zipOf({
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    '_rels/.rels': relationships(['officeDocument', 'xl/workbook.xml'], ...packageRelations),
    'xl/workbook.xml': `<?xml version="1.0"?><workbook ${spreadsheet} ${links}><sheets><sheet name="价格表" sheetId="1" r:id="r1"/></sheets>${given.book ?? ''}</workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      ['worksheet', 'worksheets/sheet1.xml'],
      ...(styles === undefined ? [] : [['styles', 'styles.xml'] as const]),
      ...(strings === undefined ? [] : [['sharedStrings', 'sharedStrings.xml'] as const]),
      ...bookRelations,
    ),
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet ${spreadsheet} ${links}><sheetData>${rows}</sheetData>${after}</worksheet>`,
    ...(sheetRelations.length > 0 && { 'xl/worksheets/_rels/sheet1.xml.rels': relationships(...sheetRelations) }),
    ...(styles !== undefined && { 'xl/styles.xml': `<styleSheet ${spreadsheet}>${styles}</styleSheet>` }),
    ...(strings !== undefined && { 'xl/sharedStrings.xml': `<sst ${spreadsheet}>${strings}</sst>` }),
    ...given.parts,
  })
}

/** Cell styles: the n-th has the n-th of these number formats; the first has none. */
export const stylesOf = (...codes: readonly string[]) => {
  const escaped = codes.map(code => code.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'))
  return `<numFmts>${escaped.map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${code}"/>`).join('')}</numFmts><cellXfs><xf/>${codes.map((_, at) => `<xf numFmtId="${164 + at}"/>`).join('')}</cellXfs>`
}
