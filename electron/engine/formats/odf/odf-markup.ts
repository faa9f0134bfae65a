/** Collects what the markup of an OpenDocument file shows, and what it takes from elsewhere. */

import { isPacked } from '../docx/office-vocabulary.ts'
import { addText, type Context, emptyGathered, endLine, type Gathered } from '../docx/word-lines.ts'
import { attributeOf, childOf, type XmlElement, type XmlNode } from '../xml/read-xml.ts'
import { unlistedOdfText, unlistedOdfValue } from './odf-vocabulary.ts'

export interface OdfText {
  readonly lines: readonly string[]
  /** Pictures and recordings, in the order of the markup. */
  readonly media: readonly string[]
  /** Pictures of a table or an object that is read itself: what other programs show in its place. */
  readonly standIns: readonly string[]
  /** Charts, formulae and other documents within. */
  readonly objects: readonly string[]
  /** What is shown and is no text: objects of other programs, shapes that may be letters, what is fetched from elsewhere. */
  readonly unread: { objects: number; drawings: number; linked: number }
}

/** By their names, the styles whose text nobody sees. */
export type Hides = (style: string | undefined) => boolean

export function readOdfMarkup(root: XmlElement, hides: Hides): OdfText {
  const reader: Reader = {
    hides,
    media: [],
    standIns: [],
    standingIn: new Set(),
    objects: [],
    unread: { objects: 0, drawings: 0, linked: 0 },
    lines: 0,
  }
  const lines = linesOf(reader, [root], plainContext)
  if (reader.lines >= mostLines) reader.unread.drawings++
  const { media, standIns, objects, unread } = reader
  return { lines, media, standIns, objects, unread }
}

interface Reader {
  readonly hides: Hides
  readonly media: string[]
  readonly standIns: string[]
  /** The elements that name those. */
  readonly standingIn: Set<XmlElement>
  readonly objects: string[]
  readonly unread: OdfText['unread']
  /** Drawn ones. */
  lines: number
}

const plainContext: Context = {
  inText: false,
  isInserted: false,
  isDeleted: false,
  isHidden: false,
  isRightToLeft: false,
  branch: 'every',
}

function linesOf(reader: Reader, nodes: readonly XmlNode[], context: Context): readonly string[] {
  const gathered = emptyGathered()
  visitAll(reader, nodes, context, gathered)
  endLine(gathered)
  return gathered.lines
}

function visitAll(reader: Reader, nodes: readonly XmlNode[], context: Context, into: Gathered): void {
  for (const node of nodes) {
    if (node.kind === 'element') visit(reader, node, context, into)
    // Spaces and ends of lines in the source are one space.
    else if (context.inText) addText(into, node.value.replaceAll(/\s+/g, ' '), context)
  }
}

function visit(reader: Reader, element: XmlElement, context: Context, into: Gathered): void {
  visitAttributes(reader, element, into)
  countShapes(reader, element)
  const { local } = element
  if (local === 'frame') markStandIns(reader, element)
  const isHidden = context.isHidden || reader.hides(styleOf(element))
  switch (local) {
    case 'p':
    case 'h':
      endLine(into)
      visitAll(reader, element.children, { ...plainContext, inText: true, isHidden }, into)
      endLine(into)
      return
    case 's':
      addText(into, ' '.repeat(Math.min(100, Number(attributeOf(element, 'c') ?? 1) || 1)), context)
      return
    case 'tab':
      addText(into, '\t', context)
      return
    case 'line-break':
      addText(into, '\n', context)
      return
    case 'ruby':
      // The reading aids stand above the words and would tear them apart.
      for (const child of element.children) {
        if (child.kind === 'text') continue
        if (child.local === 'ruby-text') into.ruby += linesOf(reader, child.children, { ...plainContext, inText: true })
        else visit(reader, child, context, into)
      }
      return
    default:
  }
  if (context.inText && isApart(element)) {
    into.beside.push(...linesOf(reader, element.children, plainContext))
    return
  }
  if (!context.inText) {
    for (const child of element.children) {
      if (child.kind === 'text')
        into.beside.push(...unlistedOdfText(element, child.value).filter(each => !isPicture(reader, each)))
    }
  }
  visitAll(reader, element.children, { ...context, isHidden }, into)
  if (!context.inText) endLine(into)
}

function styleOf(element: XmlElement): string | undefined {
  return element.attributes.find(each => each.local === 'style-name' && each.name.startsWith('text:'))?.value
}

/** What stands beside the line in which it is anchored. */
function isApart({ name, local }: XmlElement): boolean {
  return name.startsWith('draw:') ? local !== 'a' : /^(?:note|annotation|tracked-changes)$/.test(local)
}

function isPicture({ unread }: Reader, text: string): boolean {
  if (!isPacked(text)) return false
  unread.objects++
  return true
}

function visitAttributes(reader: Reader, element: XmlElement, into: Gathered): void {
  for (const attribute of element.attributes) {
    const { local, value } = attribute
    if (local === 'href') visitAddress(reader, element, value)
    else into.beside.push(...unlistedOdfValue(attribute).filter(each => !isPicture(reader, each)))
  }
}

/** The first of a frame's contents that a program can show is shown, and the others stand in for it. */
function markStandIns({ standingIn }: Reader, frame: XmlElement): void {
  const contents = frame.children.filter(each => each.kind === 'element')
  if (!/^(?:object|table)$/.test(contents[0]?.local ?? '')) return
  for (const each of contents) if (each.local === 'image') standingIn.add(each)
}

function visitAddress(reader: Reader, element: XmlElement, address: string): void {
  const { media, objects, unread } = reader
  const { local } = element
  if (/^(?:\.{0,2}|#.*)$/.test(address) || silentAddresses.has(local)) return
  if (reader.standingIn.has(element)) reader.standIns.push(address)
  else if (mediaElements.has(local)) media.push(address)
  else if (local === 'object') objects.push(address)
  else if (local === 'object-ole' || local === 'applet') unread.objects++
  else unread.linked++
}

/** Elements that show a file, as a picture or a recording. */
const mediaElements = new Set([
  'image',
  'fill-image',
  'background-image',
  'list-level-style-image',
  'plugin',
  'audio',
  'video',
  'sound',
])

/** Elements whose address leads away from what is shown, or to a font or a program. */
const silentAddresses = new Set(['a', 'event-listener', 'font-face-uri', 'form', 'template', 'base', 'script'])

/** A frame, an arrow, a bracket; a letter has more corners. The same bounds as in Office's documents. */
const mostNumbers = 24
/** Of the shapes that programs offer, the most winding: a puzzle's piece. */
const mostNumbersOfKnown = 150
const mostLines = 60

/** Shapes whose outline the file gives may draw letters. */
function countShapes(reader: Reader, element: XmlElement): void {
  switch (element.local) {
    case 'path':
      if (numbersIn(element, 'd') > mostNumbers) reader.unread.drawings++
      return
    case 'polygon':
    case 'polyline':
      if (numbersIn(element, 'points') > mostNumbers) reader.unread.drawings++
      return
    case 'enhanced-geometry': {
      const isKnown = !/^(?:|non-primitive|ooxml-non-primitive|mso-spt0)$/.test(attributeOf(element, 'type') ?? '')
      if (numbersIn(element, 'enhanced-path') > (isKnown ? mostNumbersOfKnown : mostNumbers)) reader.unread.drawings++
      return
    }
    case 'line':
    case 'connector':
    case 'measure':
      if (element.name.startsWith('draw:')) reader.lines++
  }
}

function numbersIn(element: XmlElement, local: string): number {
  return attributeOf(element, local)?.match(/\d+/g)?.length ?? 0
}

/** From the styles of a document's parts. */
export function createHides(parts: readonly XmlElement[]): Hides {
  const styles = new Map(
    parts
      .flatMap(part => part.children)
      .flatMap(group => (group.kind === 'element' && /styles$/.test(group.local) ? group.children : []))
      .flatMap(style =>
        style.kind === 'element' && style.local === 'style' ? [[attributeOf(style, 'name') ?? '', style] as const] : [],
      ),
  )
  const known = new Map<string, boolean>()
  return name => {
    if (name === undefined) return false
    const found = known.get(name)
    if (found !== undefined) return found
    const met = new Set<string>()
    let hides = false
    for (let next: string | undefined = name; next !== undefined && !met.has(next) && !hides; ) {
      met.add(next)
      const style = styles.get(next)
      const properties = style === undefined ? undefined : childOf(style, 'text-properties')
      hides = properties !== undefined && hidesText(properties)
      next = style === undefined ? undefined : attributeOf(style, 'parent-style-name')
    }
    known.set(name, hides)
    return hides
  }
}

/** By a mark of its own, or since it is too small or too pale to be seen. */
function hidesText(properties: XmlElement): boolean {
  return properties.attributes.some(({ local, value }) => {
    switch (local) {
      case 'display':
        return value === 'none'
      case 'color':
        return /^#(?:f[\da-f]){3}$/i.test(value)
      case 'font-size':
        return /^[0-2](?:\.\d+)?pt$/.test(value)
      case 'text-scale':
        return /^(?:\d|10)%$/.test(value)
      case 'opacity':
        return /^[0-5]%$/.test(value)
      default:
        return false
    }
  })
}
