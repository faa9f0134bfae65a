/** Collects what the markup of a Word document shows: in every part of it, whatever drew it there. */

import { attributeOf, childOf, type XmlElement, type XmlNode } from '../xml/read-xml.ts'
import { createOutlines } from './drawn-outlines.ts'
import { isPacked, literalsOfFormat, unlistedText, unlistedValue } from './office-vocabulary.ts'
import { createFields } from './word-fields.ts'
import { addText, type Context, emptyGathered, endLine, type Gathered, merge, textOf } from './word-lines.ts'
import { dropsItsMark, hidesText, isOn, type WordStyles, withoutStyles } from './word-styles.ts'

export interface WordText {
  readonly lines: readonly string[]
  /** Things that are shown and are no text: objects, imported files, characters of symbol fonts, formulae of fields, shapes. */
  readonly objects: number
  readonly symbols: number
  readonly drawnFields: number
  readonly linkedFields: number
  readonly drawings: number
  /** Whether a shape is filled as the theme says. */
  readonly isThemed: boolean
  /** Whether some of what is shown is fetched when it is opened: from the document's data, or from its building blocks. */
  readonly isBound: boolean
  readonly showsBlocks: boolean
}

export function readWordMarkup(root: XmlElement, styles: WordStyles = withoutStyles): WordText {
  const reader: Reader = {
    styles,
    fields: createFields(),
    asides: createAsides(),
    outlines: createOutlines(),
    ignorable: new Set(root.attributes.flatMap(each => (each.local === 'Ignorable' ? each.value.split(/\s+/) : []))),
    isBound: false,
    showsBlocks: false,
    isThemed: false,
  }
  const context: Context = {
    inText: false,
    isInserted: false,
    isDeleted: false,
    isHidden: false,
    isRightToLeft: false,
    branch: 'every',
  }
  const { fields, asides, outlines } = reader
  const lines = [...linesOf(reader, [root], context), ...fields.finish()]
  const { isBound, showsBlocks, isThemed } = reader
  return {
    lines,
    ...asides.counts,
    drawnFields: fields.counts.drawn,
    linkedFields: fields.counts.linked,
    drawings: outlines.count(),
    isThemed,
    isBound: isBound || fields.fetches.data,
    showsBlocks: (isBound && showsBlocks) || fields.fetches.blocks,
  }
}

/** What the visits of one part share. */
interface Reader {
  readonly styles: WordStyles
  readonly fields: ReturnType<typeof createFields>
  readonly asides: ReturnType<typeof createAsides>
  readonly outlines: ReturnType<typeof createOutlines>
  /** Prefixes of what a program need not know. */
  readonly ignorable: ReadonlySet<string>
  isBound: boolean
  showsBlocks: boolean
  isThemed: boolean
}

function gather(reader: Reader, nodes: readonly XmlNode[], context: Context): Gathered {
  const gathered = emptyGathered()
  for (const node of nodes) visit(reader, node, context, gathered)
  return gathered
}

function linesOf(reader: Reader, nodes: readonly XmlNode[], context: Context): readonly string[] {
  const gathered = gather(reader, nodes, context)
  endLine(gathered)
  return gathered.lines
}

function visitAll(reader: Reader, nodes: readonly XmlNode[], context: Context, into: Gathered): void {
  for (const node of nodes) visit(reader, node, context, into)
}

function add({ fields }: Reader, into: Gathered, text: string, context: Context): void {
  addText(into, text, fields.isInInstruction() ? { ...context, isHidden: true } : context)
  fields.addShown(text)
}

function visit(reader: Reader, node: XmlNode, context: Context, into: Gathered): void {
  if (node.kind === 'text') {
    if (context.inText) add(reader, into, node.value, context)
    return
  }
  reader.asides.visitAttributes(node, into)
  reader.outlines.visit(node)
  if (!context.inText) reader.asides.visitText(node, into)
  switch (node.local) {
    case 'rPr':
    case 'pPr':
      reader.asides.visitProperties(node, into)
      return
    case 'p':
      visitParagraph(reader, node, context, into)
      return
    case 'pt':
    // In a chart the names of the series follow each other.
    case 'tx':
      endLine(into)
      visitAll(reader, node.children, node.local === 'pt' ? { ...context, inText: true } : context, into)
      endLine(into)
      return
    case 'tbl':
      visitTable(reader, node, context, into)
      return
    case 'r':
      visitAll(reader, node.children, contextOfRun(reader, node, context), into)
      return
    case 't':
    case 'v':
    case 'delText': {
      const isDeleted = context.isDeleted || node.local === 'delText'
      visitAll(reader, node.children, { ...context, inText: true, isDeleted }, into)
      return
    }
    case 'del':
    case 'moveFrom':
      visitAll(reader, node.children, { ...context, isDeleted: true }, into)
      return
    case 'ins':
    case 'moveTo':
      visitAll(reader, node.children, { ...context, isInserted: true }, into)
      return
    case 'bdo':
    case 'dir':
      visitAll(reader, node.children, { ...context, isRightToLeft: attributeOf(node, 'val') === 'rtl' }, into)
      return
    case 'ruby':
      // The reading aids stand above the words and would tear them apart.
      for (const child of node.children) {
        if (child.kind === 'element' && child.local === 'rt') into.ruby += linesOf(reader, [child], context).join(' ')
        else visit(reader, child, context, into)
      }
      return
    case 'txbxContent':
      into.beside.push(...linesOf(reader, node.children, context))
      return
    case 'AlternateContent':
      visitAlternatives(reader, node, context, into)
      return
    case 'tab':
    case 'ptab':
    case 'br':
    case 'cr':
    case 'noBreakHyphen':
      add(reader, into, characters[node.local], context)
      return
    case 'sym':
      if (attributeOf(node, 'char') !== undefined) reader.asides.counts.symbols++
      return
    case 'symEx':
      visitEmoji(reader, node, context, into)
      return
    case 'fldChar':
      into.beside.push(
        ...reader.fields.visitCharacter(attributeOf(node, 'fldCharType'), isOn(attributeOf(node, 'dirty'))),
      )
      break
    case 'instrText':
      for (const child of node.children) if (child.kind === 'text') reader.fields.appendInstruction(child.value)
      return
    case 'fldSimple': {
      const end = reader.fields.beginSimple(attributeOf(node, 'instr') ?? '', isOn(attributeOf(node, 'dirty')))
      visitAll(reader, node.children, context, into)
      into.beside.push(...end())
      return
    }
    default:
      reader.isBound ||= node.local === 'dataBinding'
      reader.showsBlocks ||= node.local === 'placeholder' || node.local === 'showingPlcHdr'
      reader.isThemed ||= node.local === 'fillRef' && attributeOf(node, 'idx') !== '0'
      if (objects.has(node.local)) reader.asides.counts.objects++
  }
  // What a program need not know it leaves out, with all that is in it.
  const isIgnorable = reader.ignorable.has(node.name.slice(0, -node.local.length - 1))
  visitAll(reader, node.children, isIgnorable ? { ...context, isHidden: true } : context, into)
}

function visitParagraph(reader: Reader, node: XmlElement, context: Context, into: Gathered): void {
  if (!into.goesOn) endLine(into)
  const properties = childOf(node, 'pPr')
  into.label ||= reader.styles.labelOf(properties) || bulletOf(properties)
  visitAll(reader, node.children, reader.styles.hides(properties) ? { ...context, isHidden: true } : context, into)
  into.goesOn = dropsItsMark(properties)
  if (!into.goesOn) endLine(into)
}

function contextOfRun(reader: Reader, run: XmlElement, context: Context): Context {
  const properties = childOf(run, 'rPr')
  if (properties === undefined) return context
  const isHidden = context.isHidden || hidesText(properties) || reader.styles.hides(properties)
  const rtl = childOf(properties, 'rtl')
  const isRightToLeft = context.isRightToLeft || (rtl !== undefined && isOn(attributeOf(rtl, 'val') ?? 'on'))
  return { ...context, isHidden, isRightToLeft }
}

/** Where no line stands between them, or they run from right to left, the cells of a row may be one word. */
function visitTable(reader: Reader, table: XmlElement, context: Context, into: Gathered): void {
  const properties = childOf(table, 'tblPr')
  const isMirrored = properties !== undefined && childOf(properties, 'bidiVisual') !== undefined
  if (!isMirrored && reader.styles.isLined(properties)) {
    visitAll(reader, table.children, context, into)
    return
  }
  endLine(into)
  for (const row of table.children) {
    if (row.kind !== 'element' || row.local !== 'tr') {
      visit(reader, row, context, into)
      continue
    }
    const cells = row.children.flatMap(cell => {
      const start = into.lines.length
      visit(reader, cell, context, into)
      endLine(into)
      return into.lines.length > start ? [into.lines.slice(start)] : []
    })
    const words = cells.flatMap(([line = '', ...others]) => (others.length === 0 ? [line] : []))
    const shown = isMirrored ? words.toReversed() : words
    if (words.length === cells.length && /\p{Script=Han}\n\p{Script=Han}/u.test(shown.join('\n'))) {
      into.lines.push(shown.join(''))
    }
  }
}

/** Programs show one of the branches; they differ in how it is drawn and seldom in what it says. */
function visitAlternatives(reader: Reader, node: XmlElement, context: Context, into: Gathered): void {
  const seen = new Set<string>()
  const branches = node.children.filter(branch => branch.kind === 'element')
  branches.forEach((branch, index) => {
    const isFirst = index === 0
    const isLast = index === branches.length - 1
    const side = context.branch !== 'every' || branches.length === 1 ? context.branch : isFirst ? 'first' : 'later'
    const gathered = gather(reader, branch.children, { ...context, branch: side })
    const text = textOf(gathered)
    if (isFirst) {
      merge(into, gathered)
    } else {
      if (isLast && gathered.lines.length === 0) into.open.other += gathered.open.other
      if (!seen.has(text)) {
        endLine(gathered)
        into.beside.push(...gathered.lines)
      }
    }
    seen.add(text)
  })
}

function visitEmoji(reader: Reader, node: XmlElement, context: Context, into: Gathered): void {
  const code = Number.parseInt(attributeOf(node, 'char') ?? '', 16)
  if (code > 0x20 && code < 0x110000 && !(code >= 0xe000 && code < 0xf900)) {
    add(reader, into, String.fromCodePoint(code), context)
  } else {
    reader.asides.counts.symbols++
  }
}

/** What is read beside the lines: attributes, and words that no list knows. */
function createAsides() {
  const counts = { objects: 0, symbols: 0 }
  const bullets = new Set<string>()

  /** What no list knows, and no other reader may show. */
  function addUnlisted(value: string, into: Gathered): void {
    if (isPacked(value)) counts.objects++
    else into.beside.push(value)
  }

  /** Text that stands where nobody here expects any. */
  function visitText(node: XmlElement, into: Gathered): void {
    if (textElements.has(node.local)) return
    for (const child of node.children) {
      if (child.kind === 'text') for (const words of unlistedText(node, child.value)) addUnlisted(words, into)
    }
  }

  /** Properties of runs and paragraphs say how these look. */
  function visitProperties(node: XmlElement, into: Gathered): void {
    for (const child of node.children) {
      if (child.kind !== 'element') continue
      visitAttributes(child, into)
      visitText(child, into)
      visitProperties(child, into)
    }
  }

  function visitAttributes(node: XmlElement, into: Gathered): void {
    for (const attribute of node.attributes) {
      const { local, value } = attribute
      if (node.local === 'lvlText' && local === 'val') addBullet(value, into)
      // A choice without words of its own shows what it stands for.
      else if (node.local === 'listItem' && local === 'value' && attributeOf(node, 'displayText') === undefined)
        into.beside.push(value)
      else if (node.local === 'dateFormat' && local === 'val') into.beside.push(...literalsOfFormat(value))
      else if (everywhereShown.has(local) || shownAttributes[node.local]?.includes(local)) into.beside.push(value)
      else for (const words of unlistedValue(node, attribute)) addUnlisted(words, into)
    }
  }

  /** `%1` stands for the number. One letter alone is a bullet of a symbol font. */
  function addBullet(value: string, into: Gathered): void {
    const isWord = /[\p{L}\p{N}]/u.test(value.replace(/%\d/g, '')) && !/^[\x20-\xff]$/.test(value)
    if (!isWord || bullets.has(value)) return
    bullets.add(value)
    into.beside.push(value.replace(/%\d/g, '1'))
  }

  return { counts, visitText, visitProperties, visitAttributes }
}

const characters = { tab: '\t', ptab: '\t', br: '\n', cr: '\n', noBreakHyphen: '-' } as const

const objects = new Set(['OLEObject', 'altChunk', 'subDoc', 'contentPart', 'control', 'binData', 'webVideoPr'])

/** Elements into which the reader looks for text. */
const textElements = new Set(['t', 'v', 'pt', 'delText'])

/** Alternative texts and tips. */
const everywhereShown = new Set(['alt', 'descr', 'tooltip', 'altText', 'altTextSummary'])
const shownAttributes: Readonly<Record<string, readonly string[]>> = {
  comment: ['author'],
  textpath: ['string'],
  docPr: ['title'],
  cNvPr: ['title'],
  listEntry: ['val'],
  listItem: ['displayText'],
  tblCaption: ['val'],
  tblDescription: ['val'],
  alias: ['val'],
  helpText: ['val'],
  statusText: ['val'],
}

/** The letter that a paragraph of a drawing begins with. */
function bulletOf(properties: XmlElement | undefined): string {
  const bullet = properties === undefined ? undefined : childOf(properties, 'buChar')
  const letter = (bullet && attributeOf(bullet, 'char')) ?? ''
  return /^[^\x20-\xff]*\p{L}/u.test(letter) ? letter : ''
}
