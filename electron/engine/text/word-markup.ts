/** Collects what the markup of a Word document shows: in every part of it, whatever drew it there. */

import { isPacked, unlistedText, unlistedValue } from './office-vocabulary.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'

export interface WordText {
  readonly lines: readonly string[]
  /** Things that are shown and are no text: objects, imported files, characters of symbol fonts, formulae of fields. */
  readonly objects: number
  readonly symbols: number
  readonly drawnFields: number
  /** Whether some of what is shown is fetched from the document's data when it is opened. */
  readonly isBound: boolean
}

/**
 * A paragraph has as many readings as there are ways to look at it: as it will be, as it was before the tracked changes, and with
 * everything that is deleted or hidden. A word may be whole in one of them only.
 */
interface Readings {
  final: string
  original: string
  marked: string
}

interface Context {
  readonly inText: boolean
  readonly isInserted: boolean
  readonly isDeleted: boolean
  readonly isHidden: boolean
}

/** What one stretch of markup shows: whole paragraphs, the one that goes on, and what stands beside it. */
interface Gathered {
  readonly lines: string[]
  readonly open: Readings
  readonly beside: string[]
  ruby: string
}

export function readWordMarkup(root: XmlElement): WordText {
  const asides = createAsides()
  let isBound = false

  function gather(nodes: readonly XmlNode[], context: Context): Gathered {
    const gathered = emptyGathered()
    for (const node of nodes) visit(node, context, gathered)
    return gathered
  }

  function linesOf(nodes: readonly XmlNode[], context: Context): readonly string[] {
    const gathered = gather(nodes, context)
    endLine(gathered)
    return gathered.lines
  }

  function visitAll(nodes: readonly XmlNode[], context: Context, into: Gathered): void {
    for (const node of nodes) visit(node, context, into)
  }

  function visit(node: XmlNode, context: Context, into: Gathered): void {
    if (node.kind === 'text') {
      if (context.inText) add(into.open, node.value, context)
      return
    }
    asides.visitAttributes(node, into)
    if (!context.inText) asides.visitText(node, into)
    switch (node.local) {
      case 'rPr':
      case 'pPr':
        asides.visitProperties(node, into)
        return
      case 'p':
      case 'pt':
      // Of a chart: the names of its series follow each other.
      case 'tx':
        endLine(into)
        visitAll(node.children, node.local === 'pt' ? { ...context, inText: true } : context, into)
        endLine(into)
        return
      case 'r':
        visitAll(node.children, isVanished(node) ? { ...context, isHidden: true } : context, into)
        return
      case 't':
      case 'v':
      case 'delText': {
        const isDeleted = context.isDeleted || node.local === 'delText'
        visitAll(node.children, { ...context, inText: true, isDeleted }, into)
        return
      }
      case 'del':
      case 'moveFrom':
        visitAll(node.children, { ...context, isDeleted: true }, into)
        return
      case 'ins':
      case 'moveTo':
        visitAll(node.children, { ...context, isInserted: true }, into)
        return
      case 'ruby':
        // The reading aids stand above the words and would tear them apart.
        for (const child of node.children) {
          if (child.kind === 'element' && child.local === 'rt') into.ruby += linesOf([child], context).join(' ')
          else visit(child, context, into)
        }
        return
      case 'txbxContent':
        into.beside.push(...linesOf(node.children, context))
        return
      case 'AlternateContent':
        visitAlternatives(node, context, into)
        return
      case 'tab':
      case 'ptab':
      case 'br':
      case 'cr':
      case 'noBreakHyphen':
        add(into.open, characters[node.local], context)
        return
      case 'sym':
        if (attributeOf(node, 'char') !== undefined) asides.counts.symbols++
        return
      case 'symEx':
        asides.visitEmoji(node, context, into)
        return
      case 'fldChar':
        asides.visitField(attributeOf(node, 'fldCharType'), into)
        break
      case 'instrText':
        asides.appendInstruction(node)
        return
      case 'fldSimple':
        asides.visitInstruction(attributeOf(node, 'instr') ?? '', into)
        break
      default:
        isBound ||= node.local === 'dataBinding'
        if (objects.has(node.local)) asides.counts.objects++
    }
    visitAll(node.children, context, into)
  }

  /** Programs show one of the branches; they differ in how it is drawn and seldom in what it says. */
  function visitAlternatives(node: XmlElement, context: Context, into: Gathered): void {
    const seen = new Set<string>()
    for (const branch of node.children) {
      if (branch.kind !== 'element') continue
      const gathered = gather(branch.children, context)
      const text = textOf(gathered)
      if (seen.has(text)) continue
      if (seen.size === 0) {
        merge(into, gathered)
      } else {
        endLine(gathered)
        into.beside.push(...gathered.lines)
      }
      seen.add(text)
    }
  }

  const lines = linesOf([root], { inText: false, isInserted: false, isDeleted: false, isHidden: false })
  return { lines, ...asides.counts, isBound }
}

/** What is read beside the lines: instructions of fields, attributes, and words that no list knows. */
function createAsides() {
  const counts = { objects: 0, symbols: 0, drawnFields: 0 }
  const fields: string[] = []
  const bullets = new Set<string>()

  function visitEmoji(node: XmlElement, context: Context, into: Gathered): void {
    const code = Number.parseInt(attributeOf(node, 'char') ?? '', 16)
    if (code > 0x20 && code < 0x110000 && !(code >= 0xe000 && code < 0xf900)) {
      add(into.open, String.fromCodePoint(code), context)
    } else {
      counts.symbols++
    }
  }

  function visitField(type: string | undefined, into: Gathered): void {
    if (type === 'begin') {
      fields.push('')
    } else if (type === 'separate' || type === 'end') {
      visitInstruction(fields.pop() ?? '', into)
      // What follows is the result, up to the end of the same field.
      if (type === 'separate') fields.push('')
    }
  }

  function appendInstruction(node: XmlElement): void {
    for (const child of node.children) {
      if (child.kind === 'text' && fields.length > 0) fields[fields.length - 1] += child.value
    }
  }

  function visitInstruction(instruction: string, into: Gathered): void {
    if (drawnField.test(instruction)) counts.drawnFields++
    const name = /^\s*(?:=|[\p{L}\p{N}]+)/u.exec(instruction)?.[0].trim().toUpperCase() ?? ''
    if (name === 'HYPERLINK') {
      // Many writers repeat the address.
      const [, address] = /"([^"]*)"/.exec(instruction) ?? []
      for (const [, quoted, bare] of instruction.matchAll(screenTip)) {
        const tip = quoted ?? bare ?? ''
        if (tip !== address) into.beside.push(tip)
      }
    } else if (name !== '' && !plainFields.has(name)) {
      into.beside.push(instruction.trim())
    }
  }

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

  return {
    counts,
    appendInstruction,
    visitEmoji,
    visitField,
    visitInstruction,
    visitText,
    visitProperties,
    visitAttributes,
  }
}

const characters = { tab: '\t', ptab: '\t', br: '\n', cr: '\n', noBreakHyphen: '-' } as const

const objects = new Set(['OLEObject', 'altChunk', 'subDoc', 'contentPart', 'control', 'binData'])

/** Fields that show what their instruction says, and not a result that is text: enclosed and stacked characters, buttons, bar codes. */
const drawnField = /^\s*(?:EQ|SYMBOL|MACROBUTTON|GOTOBUTTON|INCLUDEPICTURE|PRINT|(?:DISPLAY|MERGE)?BARCODE)\b/i

/** Elements into which the reader looks for text. */
const textElements = new Set(['t', 'v', 'pt', 'delText'])

/** The tip of a link: `\o "tip"`, or one word without quotation marks. */
const screenTip = /\\o\s+(?:["“]([^"“”]*)["”]|([^\s"“\\]+))/gi

/** Fields whose instruction names what is to be shown, and does not say it; the result that was stored is read as text. */
const plainFields = new Set(
  `= ADDIN ADDRESSBLOCK ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT AUTOTEXT BARCODE BIBLIOGRAPHY CITATION COMMENTS COMPARE CONTROL
  CREATEDATE DATABASE DATE DDE DDEAUTO DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EMBED EQ FILENAME FILESIZE FORMCHECKBOX
  FORMDROPDOWN FORMTEXT GLOSSARY GREETINGLINE HTMLACTIVEX INCLUDEPICTURE INCLUDETEXT INDEX INFO KEYWORDS LASTSAVEDBY LINK LISTNUM
  MERGEBARCODE MERGEFIELD MERGEREC MERGESEQ NEXT NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINT PRINTDATE PRIVATE QUOTE RD REF REVNUM
  SAVEDATE SECTION SECTIONPAGES SEQ SHAPE STYLEREF SUBJECT SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC USERADDRESS USERINITIALS USERNAME
  XE`.split(/\s+/),
)

/** Alternative texts and tips. */
const everywhereShown = new Set(['alt', 'descr', 'tooltip', 'altText', 'altTextSummary'])
const shownAttributes: Readonly<Record<string, readonly string[]>> = {
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

function attributeOf(node: XmlElement, attribute: string): string | undefined {
  return node.attributes.find(each => each.local === attribute)?.value
}

function isVanished(run: XmlElement): boolean {
  return run.children.some(
    properties =>
      properties.kind === 'element' &&
      properties.local === 'rPr' &&
      properties.children.some(
        each =>
          each.kind === 'element' &&
          (each.local === 'vanish' || each.local === 'specVanish' || each.local === 'webHidden') &&
          !/^(?:0|false|off)$/.test(attributeOf(each, 'val') ?? ''),
      ),
  )
}

function emptyGathered(): Gathered {
  return { lines: [], open: { final: '', original: '', marked: '' }, beside: [], ruby: '' }
}

function add(open: Readings, text: string, context: Context): void {
  if (!context.isDeleted && !context.isHidden) open.final += text
  if (!context.isInserted && !context.isHidden) open.original += text
  open.marked += text
}

function merge(into: Gathered, branch: Gathered): void {
  if (branch.lines.length > 0) {
    endLine(into)
    into.lines.push(...branch.lines)
  }
  into.open.final += branch.open.final
  into.open.original += branch.open.original
  into.open.marked += branch.open.marked
  into.ruby += branch.ruby
  into.beside.push(...branch.beside)
}

function endLine(gathered: Gathered): void {
  const { open, lines, beside } = gathered
  const all = [...new Set([open.final, open.original, open.marked, gathered.ruby]), ...beside]
  lines.push(...all.filter(line => line.trim() !== ''))
  open.final = open.original = open.marked = gathered.ruby = ''
  beside.length = 0
}

function textOf({ lines, open, beside, ruby }: Gathered): string {
  return [...lines, open.marked, ruby, ...beside].filter(line => line !== '').join('\n')
}
