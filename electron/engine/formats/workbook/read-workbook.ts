import { remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import {
  countUnknownBesideMain,
  DocumentError,
  type OfficePackage,
  type Relationship,
  unlinkedOf,
} from '../docx/office-package.ts'
import { type Cell, chooseCells, isUnwanted, mayHaveColumns, type TableRequest } from '../tables/table.ts'
import type { TableRow } from '../tables/table-row.ts'
import { attributeOf, childOf, type XmlElement, type XmlNode } from '../xml/read-xml.ts'
import { type BesideCells, createBesideCells, readPartsOf, readSheetWords } from './beside-cells.ts'
import { readCellPictures } from './cell-pictures.ts'
import { createMergedCells } from './merged.ts'
import { createSheetRows, type WorkbookFacts } from './sheet.ts'
import type { HoldMedia } from './sheet-pieces.ts'
import { childrenOf, collectUnlisted, type RichText, readRichText } from './strings.ts'
import { readStyles } from './styles.ts'

/**
 * The cells of a workbook, sheet by sheet, as its program shows them; after those of a sheet what it shows beside them, and last what
 * belongs to no sheet. Hidden sheets, rows and columns are read like the others. The names of sheets are no material, like those of files.
 */
export async function* readWorkbook(parts: OfficePackage, choice: TableRequest, hold: HoldMedia): AsyncGenerator<Cell> {
  const own = await parts.relationshipsOf('')
  const main = own.find(each => each.type === 'officeDocument')?.part ?? null
  if (main === null || !parts.has(main)) throw new DocumentError('damaged_document', remark('missing_main_part'))
  const workbook = await parts.read(main)
  const relationships = await parts.relationshipsOf(main)
  const book = createBesideCells(null)
  const facts = await readFacts(parts, workbook, relationships, book)
  const sheets = childrenOf(childOf(workbook, 'sheets'), 'sheet')
  if (sheets.length === 0) throw new DocumentError('damaged_document', remark('missing_sheets'))
  const hasChoice = mayHaveColumns(choice)
  let isRead = false
  const leadsTo = (sheet: XmlElement) => relationships.find(each => each.id === attributeOf(sheet, 'id'))
  const isOnly = sheets.filter(sheet => leadsTo(sheet)?.type === 'worksheet').length === 1
  for (const sheet of sheets) {
    const name = attributeOf(sheet, 'name') ?? ''
    const { type, part } = leadsTo(sheet) ?? { type: '', part: null }
    const beside = createBesideCells(name)
    if (part === null) {
      beside.addOmitted('unknown_part')
      yield* besideCell(name, beside, hold)
      continue
    }
    const { rows, shown, take, words } = createSheetRows(facts)
    const root = await parts.read(part, take)
    if (type !== 'worksheet' && type !== 'chartsheet') beside.addOmitted('unknown_part')
    rows.sort((a, b) => a.row - b.row)
    const merged = childrenOf(childOf(root, 'mergeCells'), 'mergeCell').map(each => attributeOf(each, 'ref') ?? '')
    const mergedAt = createMergedCells(merged)
    const columns = rows.reduce((most, row) => Math.max(most, row.cells.length), 0)
    const sheetName = isOnly ? null : name
    const isWanted = hasChoice && !isUnwanted(sheetName, choice)
    if (isWanted) {
      beside.addMedia(...shown)
      await readPartsOf(parts, part, beside)
    }
    const table = { rows, sheet: sheetName, encoding: null, delimiter: null, columns, mergedAt }
    for await (const cell of chooseCells(table, choice)) yield await withPictures(cell, name, beside, hold)
    if (!isWanted) continue
    isRead = true
    beside.addWords(...words)
    readSheetWords(root, beside)
    beside.addOmitted('conditional_format', countRules(root, facts.wordyRules))
    beside.addOmitted(
      'picture',
      rows.reduce((sum, row) => sum + (row.pictures?.size ?? 0), 0),
    )
    yield* besideCell(name, beside, hold)
  }
  if (!isRead) return
  const sheetParts = new Set(sheets.map(sheet => attributeOf(sheet, 'id')))
  book.addOmitted('unknown_part', countUnknownBesideMain(own))
  book.addOmitted('unknown_part', relationships.filter(each => !sheetParts.has(each.id) && !isKnown(each)).length)
  book.addWords(...facts.pictures.words)
  for (const name of await unlinkedOf(parts)) {
    if ((await hold(null, [{ handle: name, cell: null }])).held === null) book.addOmitted('unlinked_part')
    else book.addMedia({ handle: name, cell: null })
  }
  for (const { type, part } of relationships) {
    if (part === null || !parts.has(part)) continue
    // Who comments is named beside the comment, and pictures of a theme fill shapes.
    if (type === 'person') {
      book.addWords(...(await parts.read(part)).children.flatMap(namesOf))
    } else if (type === 'theme' && parts.names.some(name => /\/drawings\/[^/]*\.xml$/.test(name))) {
      const shown = await parts.relationshipsOf(part)
      book.addMedia(
        ...shown.flatMap(each =>
          each.type === 'image' && each.part !== null ? [{ handle: each.part, cell: null }] : [],
        ),
      )
    }
  }
  yield* besideCell(null, book, hold)
}

/** With the pictures in its row, once: a cell of words takes them, or one of addresses that shows nothing else. */
export async function withPictures(cell: Cell, sheet: string, beside: BesideCells, hold: HoldMedia): Promise<Cell> {
  if (cell.kind !== 'cell' || cell.isValueless) return cell
  if (cell.holds === 'url' && (cell.isPaired === true || cell.value.trim() !== '')) return cell
  const { held, omitted } = await hold(sheet, beside.takeRow(cell.row))
  return { ...cell, omitted: [...cell.omitted, ...omitted], ...(held !== null && { held }) }
}

/** The rows of the first sheet that has any, as its program shows them: for a list that is no material. */
export async function readFirstSheet(parts: OfficePackage): Promise<readonly TableRow[]> {
  const own = await parts.relationshipsOf('')
  const main = own.find(each => each.type === 'officeDocument')?.part ?? null
  if (main === null || !parts.has(main)) throw new DocumentError('damaged_document', remark('missing_main_part'))
  const workbook = await parts.read(main)
  const relationships = await parts.relationshipsOf(main)
  const facts = await readFacts(parts, workbook, relationships, createBesideCells(null))
  for (const sheet of childrenOf(childOf(workbook, 'sheets'), 'sheet')) {
    const part = relationships.find(each => each.id === attributeOf(sheet, 'id') && each.type === 'worksheet')?.part
    if (part == null) continue
    const { rows, take } = createSheetRows(facts)
    await parts.read(part, take)
    if (rows.some(({ cells }) => cells.some(cell => cell !== undefined && cell.trim() !== ''))) {
      return rows.toSorted((a, b) => a.row - b.row)
    }
  }
  return []
}

/** The rules of a sheet that put words before or behind what a cell shows. */
function countRules(element: XmlElement, wordy: ReadonlySet<number>): number {
  if (wordy.size === 0) return 0
  const own = element.local === 'cfRule' && wordy.has(Number(attributeOf(element, 'dxfId') ?? '-1')) ? 1 : 0
  return element.children.reduce((sum, each) => sum + (each.kind === 'element' ? countRules(each, wordy) : 0), own)
}

function namesOf(person: XmlNode): readonly string[] {
  return person.kind === 'text' ? [] : [attributeOf(person, 'displayName') ?? '']
}

export async function* besideCell(sheet: string | null, beside: BesideCells, hold: HoldMedia): AsyncGenerator<Cell> {
  const text = beside.text()
  const { held, omitted: unread } = await hold(sheet, beside.media())
  const omitted = sumRemarks([...beside.omitted(), ...unread])
  if (text === '' && omitted.length === 0 && held === null) return
  yield { kind: 'beside', sheet, text, omitted, ...(held !== null && { held }) }
}

async function readFacts(
  parts: OfficePackage,
  workbook: XmlElement,
  relationships: readonly Relationship[],
  book: BesideCells,
): Promise<WorkbookFacts> {
  const words: string[] = []
  collectUnlisted(workbook, words)
  const partOf = (type: string) => relationships.find(each => each.type === type)?.part ?? null
  const strings: RichText[] = []
  const stringsPart = partOf('sharedStrings')
  if (stringsPart !== null && parts.has(stringsPart)) {
    const rest = await parts.read(stringsPart, (element, parent) => {
      if (element.local !== 'si' || parent === null) return false
      strings.push(readRichText(element, words))
      return true
    })
    collectUnlisted(rest, words)
  }
  const stylesPart = partOf('styles')
  const styles =
    stylesPart === null || !parts.has(stylesPart)
      ? { formats: [], words: [], wordyRules: new Set<number>() }
      : readStyles(await parts.read(stylesPart))
  book.addWords(...words, ...styles.words)
  const date1904 = attributeOf(childOf(workbook, 'workbookPr') ?? workbook, 'date1904')
  const { formats, wordyRules } = styles
  const pictures = await readCellPictures(parts, relationships)
  return { strings, formats, wordyRules, is1904: date1904 === '1' || date1904 === 'true', pictures }
}

/** Parts of a workbook that no sheet shows by themselves: what cells show of them is in the cells. */
const silent = new Set([
  'sharedStrings',
  'styles',
  'theme',
  'calcChain',
  'sheetMetadata',
  'workbookmetadata',
  'customXml',
  'connections',
  'externalLink',
  'externalLinkPath',
  'pivotCacheDefinition',
  'slicerCache',
  'timelineCache',
  'volatileDependencies',
  'xmlMaps',
  'person',
  'vbaProject',
  'vbaProjectSignature',
  'jsaProject',
  'rdRichValue',
  'rdRichValueStructure',
  'rdRichValueTypes',
  'rdArray',
  'rdSupportingPropertyBag',
  'rdSupportingPropertyBagStructure',
  'richStyles',
  'richValueRel',
  'rdRichValueWebImage',
  // From WPS: the pictures that formulae put into cells, where they are counted.
  'cellImage',
  'FeaturePropertyBag',
  'printerSettings',
  'customData',
  'attachedToolbars',
  'hyperlink',
])

function isKnown({ type }: Relationship): boolean {
  return silent.has(type)
}
