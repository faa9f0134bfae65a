import { hasWords, unlistedText, unlistedValue } from '../docx/office-vocabulary.ts'
import type { TableRow } from '../tables/table-row.ts'
import { attributeOf, childOf, type XmlElement, type XmlNode } from '../xml/read-xml.ts'
import type { CellPictures } from './cell-pictures.ts'
import { columnOf } from './merged.ts'
import { showNumber, showText } from './number-format.ts'
import type { ShownMedia } from './sheet-pieces.ts'
import { collectUnlisted, type RichText, readRichText, textOf, unescaped } from './strings.ts'

/** What all sheets of a workbook draw on. */
export interface WorkbookFacts {
  readonly strings: readonly RichText[]
  readonly formats: readonly string[]
  /** The formats of rules, by their index, that put words around what a cell shows. */
  readonly wordyRules: ReadonlySet<number>
  readonly is1904: boolean
  readonly pictures: CellPictures
}

export interface SheetRows {
  readonly rows: TableRow[]
  /** The pictures in its cells. */
  readonly shown: ShownMedia[]
  /** Takes the rows out of a sheet's markup while it is read. */
  take(element: XmlElement, parent: XmlElement | null): boolean
  /** What rows and cells say in words beside what they show. */
  readonly words: string[]
}

/** Reads the rows of a sheet as they come; by number afterwards, whatever order they stand in. */
export function createSheetRows(facts: WorkbookFacts): SheetRows {
  const rows: TableRow[] = []
  const words: string[] = []
  const shown: ShownMedia[] = []
  const aloud: Columns[] = []
  let last = 0
  return {
    rows,
    shown,
    words,
    take(element, parent) {
      if (element.local === 'col' && isTrue(attributeOf(element, 'phonetic'))) {
        aloud.push({ first: Number(attributeOf(element, 'min')) - 1, last: Number(attributeOf(element, 'max')) - 1 })
      }
      if (element.local !== 'row' || !rowParents.has(parent?.local ?? '')) return false
      const row = Number(attributeOf(element, 'r') ?? last + 1)
      last = Number.isSafeInteger(row) && row > 0 ? row : last + 1
      rows.push(readRow(element, last, facts, aloud, words, shown))
      return true
    },
  }
}

/** Columns from 0 whose reading aids are shown. */
interface Columns {
  readonly first: number
  readonly last: number
}

const rowParents = new Set(['sheetData', 'Choice', 'Fallback'])
const rowAttributes = new Set(
  'r spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph dyDescent'.split(' '),
)
const cellAttributes = new Set('r s t cm vm ph'.split(' '))
const cellParts = new Set(['f', 'v', 'is', 'extLst'])

function readRow(
  element: XmlElement,
  row: number,
  facts: WorkbookFacts,
  aloud: readonly Columns[],
  words: string[],
  media: ShownMedia[],
): TableRow {
  const cells: (string | undefined)[] = []
  const valueless = new Set<number>()
  const pictures = new Set<number>()
  const held = new Set<number>()
  const showsPhonetic = isTrue(attributeOf(element, 'ph'))
  for (const attribute of element.attributes) {
    if (!rowAttributes.has(attribute.local)) words.push(...unlistedValue(element, attribute))
  }
  let column = -1
  const children = element.children.flatMap((child): readonly XmlNode[] =>
    child.kind === 'element' && child.local === 'AlternateContent' ? cellsWithin(child) : [child],
  )
  for (const child of children) {
    if (child.kind === 'text') {
      words.push(...unlistedText(element, child.value))
      continue
    }
    if (child.local !== 'c') {
      collectUnlisted(child, words)
      continue
    }
    const [letters] = /^[A-Z]{1,3}(?=\d)/.exec(attributeOf(child, 'r') ?? '') ?? []
    column = letters === undefined ? column + 1 : columnOf(letters)
    const { shown, state, picture } = readCell(
      child,
      facts,
      showsPhonetic || aloud.some(({ first, last }) => column >= first && column <= last),
      words,
    )
    if (state === 'valueless') valueless.add(column)
    else if (state === 'picture' && picture == null) pictures.add(column)
    else if (picture != null) {
      held.add(column)
      media.push({ handle: picture, cell: { row, column } })
    }
    // Two cells of one place are both kept, since programs differ in which they show.
    else if (shown !== '') cells[column] = cells[column] === undefined ? shown : `${cells[column]}\n${shown}`
  }
  return {
    row,
    cells,
    ...(valueless.size > 0 && { valueless }),
    ...(pictures.size > 0 && { pictures }),
    ...(held.size > 0 && { held }),
  }
}

function cellsWithin(element: XmlElement): readonly XmlElement[] {
  return element.children.flatMap(child =>
    child.kind === 'text' ? [] : child.local === 'c' ? [child] : cellsWithin(child),
  )
}

interface CellContent {
  readonly shown: string
  readonly state: 'shown' | 'valueless' | 'picture'
  /** The part of the picture, where it is known. */
  readonly picture?: string | null
}

/** WPS and Excel keep pictures in cells as formulae, and Excel also as values of a richer kind behind an error. */
const pictureFormula = /(?:^|[^\w.]|_xlfn\.)(?:DISPIMG|IMAGE)\s*\(/i

function readCell(cell: XmlElement, facts: WorkbookFacts, rowShowsPhonetic: boolean, words: string[]): CellContent {
  for (const attribute of cell.attributes) {
    if (!cellAttributes.has(attribute.local)) words.push(...unlistedValue(cell, attribute))
  }
  for (const child of cell.children) {
    if (child.kind === 'text') words.push(...unlistedText(cell, child.value))
    else if (!cellParts.has(child.local)) collectUnlisted(child, words)
    else for (const attribute of child.attributes) words.push(...unlistedValue(child, attribute))
  }
  const type = attributeOf(cell, 't') ?? 'n'
  const formula = childOf(cell, 'f')
  const v = childOf(cell, 'v')
  const stored = v === undefined ? undefined : textOf(v)
  if (
    (formula !== undefined && pictureFormula.test(textOf(formula))) ||
    /^=(?:_xlfn\.)?DISPIMG\(/i.test(stored ?? '')
  ) {
    const picture = facts.pictures.named(formula === undefined ? (stored ?? '') : textOf(formula))
    return { shown: '', state: 'picture', picture }
  }
  // Programs differ in which of several contents they show.
  const used = type === 'inlineStr' ? childOf(cell, 'is') : v
  for (const child of cell.children) {
    if (child.kind === 'text' || child === used || (child.local !== 'is' && child.local !== 'v')) continue
    if (hasWords(textOf(child))) words.push(textOf(child))
  }
  const code = facts.formats[Number(attributeOf(cell, 's') ?? 0)] ?? ''
  switch (type) {
    case 'e': {
      const vm = attributeOf(cell, 'vm')
      if (vm === undefined) return { shown: '', state: 'valueless' }
      return { shown: '', state: 'picture', picture: facts.pictures.numbered(vm) }
    }
    case 's':
    case 'inlineStr': {
      const inline = childOf(cell, 'is')
      const index = stored === undefined || stored.trim() === '' ? Number.NaN : Number(stored)
      const text = type === 's' ? facts.strings[index] : inline === undefined ? undefined : readRichText(inline, words)
      if (text === undefined) return unstored(true)
      const isAloud = text.phonetic !== '' && (rowShowsPhonetic || isTrue(attributeOf(cell, 'ph')))
      return asShown(`${showText(text.text, code)}${isAloud ? `\n${text.phonetic}` : ''}`)
    }
    case 'str':
      return stored === undefined ? unstored(true) : asShown(showText(unescaped(stored), code))
    case 'b':
      return stored === undefined ? unstored(true) : asShown(isTrue(stored) ? 'TRUE' : 'FALSE')
    default: {
      if (stored === undefined || stored.trim() === '') return unstored(formula !== undefined)
      const value = type === 'd' ? serialOf(stored) : Number(stored)
      return asShown(Number.isFinite(value) ? showNumber(value, code, facts.is1904 && type !== 'd') : stored)
    }
  }
}

function asShown(shown: string): CellContent {
  return { shown, state: 'shown' }
}

/** A cell that has a style and nothing else is blank. */
function unstored(isMissing: boolean): CellContent {
  return { shown: '', state: isMissing ? 'valueless' : 'shown' }
}

/** A date in ISO 8601 as a spreadsheet's serial number of days. */
function serialOf(date: string): number {
  return (
    Date.parse(/[Zz]|[+-]\d\d:\d\d$/.test(date) ? date : `${date}${date.includes('T') ? 'Z' : ''}`) / 86_400_000 +
    25_569
  )
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true'
}
