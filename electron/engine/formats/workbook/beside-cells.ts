import { type Remark, type RemarkCode, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import { DocumentError, type OfficePackage } from '../docx/office-package.ts'
import { isPacked, unlistedText, unlistedValue } from '../docx/office-vocabulary.ts'
import { readWordMarkup } from '../docx/word-markup.ts'
import { hidesText } from '../docx/word-styles.ts'
import { pictureTypes } from '../office/part-media.ts'
import { attributeOf, childOf, type XmlElement } from '../xml/read-xml.ts'
import type { ShownMedia } from './sheet-pieces.ts'
import { textOf, unescaped } from './strings.ts'

/** What a sheet shows beside its cells: words, and what cannot be read as words. */
export interface BesideCells {
  addWords(...words: readonly string[]): void
  addOmitted(code: RemarkCode, count?: number): void
  /** With their places. */
  addRemarks(remarks: readonly Remark[]): void
  addMedia(...shown: readonly ShownMedia[]): void
  /** Takes over all pictures that begin in a row, from 1. */
  takeRow(row: number): readonly ShownMedia[]
  /** What was added and not taken. */
  readonly media: () => readonly ShownMedia[]
  readonly text: () => string
  readonly omitted: () => readonly Remark[]
}

export function createBesideCells(place: string | null): BesideCells {
  const lines = new Set<string>()
  const omitted: Remark[] = []
  const loose: ShownMedia[] = []
  const byRow = new Map<number, ShownMedia[]>()
  const beside: BesideCells = {
    addWords(...words) {
      for (const each of words) {
        if (isPacked(each)) beside.addOmitted('embedded_object')
        else if (each.trim() !== '') lines.add(each.trim())
      }
    },
    addOmitted(code, count = 1) {
      if (count > 0) omitted.push(remark(code, place === null ? { count } : { count, place }))
    },
    addRemarks(remarks) {
      omitted.push(...remarks)
    },
    addMedia(...shown) {
      for (const each of shown) {
        const row = each.cell?.row
        if (row === undefined) loose.push(each)
        else byRow.set(row, [...(byRow.get(row) ?? []), each])
      }
    },
    takeRow(row) {
      const taken = byRow.get(row) ?? []
      byRow.delete(row)
      return taken
    },
    media: () => [...[...byRow.entries()].sort(([a], [b]) => a - b).flatMap(([, each]) => each), ...loose],
    text: () => [...lines].join('\n'),
    omitted: () => sumRemarks(omitted),
  }
  return beside
}

/** Parts that are markup with words in it, whatever draws them. */
const readable = new Set([
  'drawing',
  'vmlDrawing',
  'comments',
  'threadedComment',
  'chart',
  'chartEx',
  'chartUserShapes',
  'diagramData',
  'diagramDrawing',
  'ctrlProp',
  'table',
])

/** Parts that are seen and are no words. */
const seen: Readonly<Record<string, RemarkCode>> = {
  hdphoto: 'picture',
  oleObject: 'embedded_object',
  package: 'embedded_object',
  control: 'embedded_object',
  model3d: 'embedded_object',
  slicer: 'slicer',
  timeline: 'slicer',
}

/** Parts that nobody sees: what a printer wants, how a chart looks, where cells got their values. */
const silent = new Set([
  'hyperlink',
  'printerSettings',
  'customProperty',
  'tableSingleCells',
  'queryTable',
  'connection',
  // What a pivot table shows is stored in the cells.
  'pivotTable',
  'pivotCacheDefinition',
  'pivotCacheRecords',
  'externalLinkPath',
  'namedSheetView',
  'themeOverride',
  'chartStyle',
  'chartColorStyle',
  'diagramLayout',
  'diagramQuickStyle',
  'diagramColors',
])

/** Reads every part that a sheet leads to. */
export async function readPartsOf(parts: OfficePackage, sheet: string, beside: BesideCells): Promise<void> {
  const met = new Set([sheet])
  for (const name of met) {
    let anchors: Anchors = new Map()
    if (name !== sheet) {
      try {
        const root = await parts.read(name)
        readPart(root, beside)
        anchors = anchorsOf(root)
      } catch (error) {
        // Office opens such a workbook without the part.
        if (!(error instanceof DocumentError)) throw error
        beside.addOmitted('unknown_part')
      }
    }
    for (const { id, type, part } of await parts.relationshipsOf(name)) {
      if (part === null) {
        if (!silent.has(type)) beside.addOmitted('linked_file')
      } else if (pictureTypes.has(type)) {
        beside.addMedia(...(anchors.get(id) ?? [null]).map(cell => ({ handle: part, cell })))
      } else if (Object.hasOwn(seen, type)) {
        beside.addOmitted(seen[type] ?? 'unknown_part')
      } else if (readable.has(type) && parts.has(part)) {
        met.add(part)
      } else if (!silent.has(type)) {
        beside.addOmitted('unknown_part')
      }
    }
  }
}

/** The cells at which a drawing shows what a relationship leads to, by its name; what has no cell is not among them. */
type Anchors = ReadonlyMap<string, readonly NonNullable<ShownMedia['cell']>[]>

function anchorsOf(root: XmlElement): Anchors {
  const anchors = new Map<string, NonNullable<ShownMedia['cell']>[]>()
  const visit = (element: XmlElement, cell: ShownMedia['cell']) => {
    const from = anchored.has(element.local) ? childOf(element, 'from') : undefined
    const [column, row] = ['col', 'row'].map(each => {
      const counted = from && childOf(from, each)
      return counted === undefined ? Number.NaN : Number(textOf(counted))
    })
    const own = isCount(row) && isCount(column) ? { row: row + 1, column } : cell
    if (own !== null) {
      for (const { value } of element.attributes) {
        const known = anchors.get(value)
        if (known === undefined) anchors.set(value, [own])
        else if (!known.some(each => each.row === own.row && each.column === own.column)) known.push(own)
      }
    }
    for (const child of element.children) if (child.kind === 'element') visit(child, own)
  }
  visit(root, null)
  return anchors
}

const anchored = new Set(['twoCellAnchor', 'oneCellAnchor'])
const isCount = (value: number | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** Takes over a part's words. */
function readPart(root: XmlElement, beside: BesideCells): void {
  const text = readWordMarkup(withoutBoxes(root, beside))
  beside.addWords(...text.lines.map(unescaped))
  beside.addOmitted('embedded_object', text.objects)
  beside.addOmitted('symbol_character', text.symbols)
  beside.addOmitted('drawing', text.drawings)
}

/** The boxes of VML hold HTML, whose lines are divisions; comments are texts of their own. */
function withoutBoxes(element: XmlElement, beside: BesideCells): XmlElement {
  const children = element.children.map(child => {
    if (child.kind === 'text') return child
    // A chart draws its numbers; they are those of cells.
    if (child.local === 'numCache' || child.local === 'numLit') return withoutPoints(child)
    if (child.local === 'comment') {
      beside.addWords(unescaped(commentOf(child, 'seen')), unescaped(commentOf(child, 'all')))
      return { ...child, children: [] }
    }
    if (child.local !== 'textbox') return withoutBoxes(child, beside)
    for (const line of linesOf(child)) beside.addWords(line)
    return { ...child, children: [] }
  })
  return { ...element, children }
}

function withoutPoints(element: XmlElement): XmlElement {
  return { ...element, children: element.children.filter(each => each.kind === 'text' || !isPlainPoint(each)) }
}

function isPlainPoint(element: XmlElement): boolean {
  return (
    element.local === 'pt' &&
    attributeOf(element, 'formatCode') === undefined &&
    !/\p{Script=Han}/u.test(textOf(element))
  )
}

/** Without the reading aids, which would tear its words apart, and perhaps without the runs that nobody sees. */
function commentOf(element: XmlElement, runs: 'seen' | 'all'): string {
  const properties = childOf(element, 'rPr')
  if (runs === 'seen' && properties !== undefined && hidesText(properties)) return ''
  return element.children
    .map(each =>
      each.kind === 'text'
        ? element.local === 't'
          ? each.value
          : ''
        : each.local === 'rPh'
          ? ''
          : commentOf(each, runs),
    )
    .join('')
}

function linesOf(box: XmlElement): readonly string[] {
  const divisions = box.children.flatMap(each => (each.kind === 'element' ? [each] : []))
  const lines = divisions.length === 0 ? [textOf(box)] : divisions.map(textOf)
  return lines.map(line => line.replaceAll(/\s+/g, ' '))
}

/** What the markup of a sheet itself says in words: tips, messages, choices, headers, and whatever is on no list. */
export function readSheetWords(element: XmlElement, beside: BesideCells): void {
  for (const attribute of element.attributes) {
    const { local, value } = attribute
    if (shown[element.local]?.has(local)) beside.addWords(unescaped(value))
    else beside.addWords(...unlistedValue(element, attribute))
  }
  for (const child of element.children) {
    if (child.kind === 'element') readSheetWords(child, beside)
    else if (headerTexts.has(element.local)) beside.addWords(...headerWords(child.value))
    else if (choices.has(element.local)) beside.addWords(...choicesOf(child.value))
    else beside.addWords(...unlistedText(element, child.value))
  }
}

const shown: Readonly<Record<string, ReadonlySet<string>>> = {
  hyperlink: new Set(['tooltip']),
  dataValidation: new Set(['prompt', 'promptTitle', 'error', 'errorTitle']),
}

/** Formulae: those of conditions, and those of validations, where words in quotation marks are a list to choose from. */
const choices = new Set(['formula1', 'formula2', 'f'])

function choicesOf(formula: string): readonly string[] {
  return /^\s*"/.test(formula) ? [formula.replaceAll('"', ' ').trim()].filter(each => /\p{L}/u.test(each)) : []
}

const headerTexts = new Set(['oddHeader', 'oddFooter', 'evenHeader', 'evenFooter', 'firstHeader', 'firstFooter'])
const pageWords = /^(?:page|of|第|页|頁|共|[\s\d\p{P}])*$/iu

/** `&L`, `&"Arial,Bold"`, `&12`, `&K01+000`, `&P`: what stands between such codes is printed on every page. "Page 1 of 3" says nothing. */
export function headerWords(text: string): readonly string[] {
  const sections = text.split(/&[LCR]/)
  const bare = sections.map(section =>
    section.replaceAll(/&&|&"[^"]*"|&K[\dA-Fa-f+-]{6,7}|&\d{1,3}|&[A-Za-z]/g, code => (code === '&&' ? '&' : '')),
  )
  return bare.filter(each => !pageWords.test(each))
}
