import type { Failure } from '../../../../shared/conclusion.ts'
import type { PiecePlace, Section } from '../../../../shared/pieces.ts'
import { type Remark, type RemarkCode, remark } from '../../../../shared/remarks/index.ts'
import {
  countUnknownBesideMain,
  DocumentError,
  documentFailure,
  type OfficePackage,
  openPackage,
  type PackageSource,
  type Relationship,
  unlinkedOf,
} from '../docx/office-package.ts'
import { readWordMarkup } from '../docx/word-markup.ts'
import type { ExtractedText } from '../family.ts'
import { readChartWorkbook } from '../office/chart-workbook.ts'
import { drawOutlines } from '../office/draw-outlines.ts'
import { createPackageMedia, loadMedia, type PackageMedia } from '../office/package-media.ts'
import { inMarkupOrder, pictureTypes } from '../office/part-media.ts'
import { attributeOf, childOf, type XmlElement } from '../xml/read-xml.ts'

/** What the XML of one presentation may unpack to; a hundred slides have some 10 MB. */
const maxUnpackedBytes = 100_000_000

/**
 * The words and pictures of a presentation, slide by slide: of the slide itself, of its notes and comments, its charts and diagrams, and of the
 * layout and the master behind it. Of a slide, only shapes whose outline it gives are drawn; what is shown and is neither a word nor a
 * picture nor a recording is left out.
 */
export async function extractPptx(source: PackageSource): Promise<ExtractedText | Failure> {
  const parts = openPackage(source, maxUnpackedBytes)
  if (parts.kind === 'failure') return parts
  try {
    return await readPresentation(parts)
  } catch (error) {
    return documentFailure(error)
  }
}

/** A picture or a recording of a presentation, by the name of its part. */
export async function loadFromPptx(source: PackageSource, handle: string): Promise<Uint8Array | Failure> {
  const parts = openPackage(source, maxUnpackedBytes)
  if (parts.kind === 'failure') return parts
  if (!handle.startsWith(outlinesOf)) return await loadMedia(parts.bytesOf, handle)
  try {
    const { svg } = drawOutlines(await parts.read(handle.slice(outlinesOf.length)))
    return Buffer.from(svg ?? '')
  } catch (error) {
    return documentFailure(error)
  }
}

/** What stands before the name of a part, for the picture that is drawn of its shapes. */
const outlinesOf = 'outlines of '

/** A presentation while it is read. */
interface Deck {
  readonly parts: OfficePackage
  readonly media: PackageMedia
  /** Pictures that were drawn of the shapes of a part, by their handles. */
  readonly drawn: Map<string, string>
  readonly lines: string[]
  readonly sections: Section[]
  /** UTF-16 units of the lines with their ends. */
  length: number
  /** Parts that were read, each with what it leads to. */
  readonly read: Map<string, Shown>
  /** Parts that are shown and are neither words nor pictures. */
  readonly objects: Set<string>
  readonly originals: Set<string>
  readonly total: {
    objects: number
    symbols: number
    drawings: number
    linked: number
    unknown: number
    hidden: number
  }
}

/** What a part shows besides its own words. */
interface Shown {
  readonly media: readonly string[]
  readonly parts: readonly { readonly name: string; readonly manner: Manner }[]
}

/** How a part is read: a master's and a layout's placeholders show nothing, and of some parts only the pictures are seen. */
type Manner = 'all' | 'master' | 'pictures'

async function readPresentation(parts: OfficePackage): Promise<ExtractedText> {
  const own = await parts.relationshipsOf('')
  const main = own.find(each => each.type === 'officeDocument')?.part ?? null
  if (main === null || !parts.has(main)) throw new DocumentError('damaged_document', remark('missing_main_part'))
  const total = { objects: 0, symbols: 0, drawings: 0, linked: 0, unknown: countUnknownBesideMain(own), hidden: 0 }
  const drawn = new Map<string, string>()
  const bytesOf: OfficePackage['bytesOf'] = async (name, maxBytes) => {
    const svg = drawn.get(name)
    return svg === undefined ? await parts.bytesOf(name, maxBytes) : { kind: 'unpacked', bytes: Buffer.from(svg) }
  }
  const deck: Deck = {
    parts,
    media: createPackageMedia(bytesOf),
    drawn,
    lines: [],
    sections: [],
    length: 0,
    read: new Map(),
    objects: new Set(),
    originals: new Set(),
    total,
  }
  const presentation = await parts.read(main)
  const beside = await parts.relationshipsOf(main)
  const slides = slidesOf(presentation, beside)
  for (const [index, name] of slides.entries()) {
    const place = { slide: index + 1 }
    deck.sections.push({ start: deck.length, place })
    await show(deck, name, 'all', place, new Set())
  }
  deck.sections.push({ start: deck.length, place: {} })
  addLines(deck, readMarkup(deck, presentation, 'all'))
  await follow(deck, await shownBy(deck, presentation, beside), null, new Set([main]))
  const unlinked: string[] = []
  for (const name of await unlinkedOf(parts)) if (!(await deck.media.showPerhaps(name))) unlinked.push(name)
  const unused = await countUnused(deck, beside)
  const { pieces, omitted } = deck.media.finish()
  return {
    kind: 'extracted',
    text: deck.lines.join('\n'),
    format: 'pptx',
    anchors: null,
    sections: deck.sections.filter(({ start }, index) => start < (deck.sections[index + 1]?.start ?? deck.length)),
    pieces,
    omitted: [
      counted('embedded_object', Math.max(deck.objects.size, total.objects)),
      counted('linked_file', total.linked),
      counted('symbol_character', total.symbols),
      counted('drawing', total.drawings),
      counted('unknown_part', total.unknown),
      counted('unlinked_part', unlinked.length),
      omitted,
    ].flat(),
    notes: [
      counted('hidden_slides', total.hidden),
      counted('unused_layouts', unused),
      counted('picture_before_effects', deck.originals.size),
    ].flat(),
  }
}

function counted(code: RemarkCode, count: number): readonly Remark[] {
  return count === 0 ? [] : [remark(code, { count })]
}

/** In the order of the show; those that are in none of it come last. */
function slidesOf(presentation: XmlElement, beside: readonly Relationship[]): readonly string[] {
  const byId = new Map(
    beside.flatMap(each => (each.type === 'slide' && each.part !== null ? [[each.id, each.part]] : [])),
  )
  const list = childOf(presentation, 'sldIdLst')?.children ?? []
  const shown = list.flatMap(each => {
    // Beside its own number, the element has the key of the slide's relationship.
    const keys = each.kind === 'element' ? each.attributes.map(({ value }) => byId.get(value)) : []
    return keys.filter(key => key !== undefined)
  })
  return [...new Set([...shown, ...byId.values()])]
}

/** `met` keeps parts that lead to one another from being read for ever. */
async function show(
  deck: Deck,
  name: string,
  manner: Manner,
  place: PiecePlace | null,
  met: Set<string>,
): Promise<void> {
  if (met.has(name)) return
  met.add(name)
  const shown = deck.read.get(name) ?? (await readPart(deck, name, manner))
  deck.read.set(name, shown)
  await follow(deck, shown, place, met)
}

async function follow(deck: Deck, shown: Shown, place: PiecePlace | null, met: Set<string>): Promise<void> {
  for (const name of shown.media) await deck.media.show(name, place)
  for (const each of shown.parts) await show(deck, each.name, each.manner, place, met)
}

const nothing: Shown = { media: [], parts: [] }

async function readPart(deck: Deck, name: string, manner: Manner): Promise<Shown> {
  if (!deck.parts.has(name)) {
    deck.total.unknown++
    return nothing
  }
  const relationships = await deck.parts.relationshipsOf(name)
  if (manner === 'pictures') {
    const media = relationships.flatMap(({ type, part }) => (part !== null && pictureTypes.has(type) ? [part] : []))
    return { media, parts: [] }
  }
  const root = await deck.parts.read(name)
  const { svg, rest } = drawOutlines(root)
  const lines = readMarkup(deck, rest, manner)
  addLines(deck, root.local === 'dataModel' ? withoutKnown(deck, lines) : lines)
  if (root.local === 'sld' && /^(?:0|false)$/.test(attributeOf(root, 'show') ?? '')) deck.total.hidden++
  const shown = await shownBy(deck, root, relationships)
  if (svg === null) return shown
  const handle = outlinesOf + name
  deck.drawn.set(handle, svg)
  return { ...shown, media: [...shown.media, handle] }
}

function readMarkup({ total }: Deck, root: XmlElement, manner: Manner): readonly string[] {
  const text = readWordMarkup(manner === 'master' ? withoutPrompts(root) : root)
  total.objects += text.objects
  total.symbols += text.symbols
  total.drawings += text.drawings
  return text.lines
}

function addLines(deck: Deck, lines: readonly string[]): void {
  for (const line of lines) {
    deck.lines.push(line)
    deck.length += line.length + 1
  }
}

/** A diagram is stored as data and as it was drawn, mostly with the same words. */
function withoutKnown({ lines, sections }: Deck, added: readonly string[]): readonly string[] {
  const known = new Set(lines.slice(-sections.length - 1000))
  return added.filter(line => !known.has(line))
}

/** What a placeholder of a master or a layout says is shown to who edits a slide and has put nothing in its place. */
function withoutPrompts(element: XmlElement): XmlElement {
  const children = element.children.map(child => {
    if (child.kind === 'text') return child
    if (child.local !== 'sp' || !isPlaceholder(child)) return withoutPrompts(child)
    return { ...child, children: child.children.filter(each => each.kind === 'text' || each.local !== 'txBody') }
  })
  return { ...element, children }
}

function isPlaceholder(shape: XmlElement): boolean {
  const own = childOf(shape, 'nvSpPr')
  const properties = own === undefined ? undefined : childOf(own, 'nvPr')
  return properties !== undefined && childOf(properties, 'ph') !== undefined
}

async function shownBy(deck: Deck, root: XmlElement, relationships: readonly Relationship[]): Promise<Shown> {
  const media: string[] = []
  const parts: { name: string; manner: Manner }[] = []
  for (const { type, part } of inMarkupOrder(root, relationships)) {
    const manner = readable[type]
    if (part === null) {
      if (!silent.has(type)) deck.total.linked++
    } else if (pictureTypes.has(type)) {
      media.push(part)
    } else if (type === 'hdphoto') {
      deck.originals.add(part)
    } else if (type === 'package' && root.local === 'chartSpace') {
      await readCellsOf(deck, part)
    } else if (objects.has(type)) {
      deck.objects.add(part)
    } else if (manner !== undefined && leadsOn(root, type)) {
      parts.push({ name: part, manner })
    } else if (manner === undefined && !silent.has(type)) {
      deck.total.unknown++
    }
  }
  // What was drawn of a diagram comes before its data.
  parts.sort((a, b) => Number(isData(a.name)) - Number(isData(b.name)))
  return { media, parts }
}

function isData(name: string): boolean {
  return /\/data\d*\.xml$/.test(name)
}

/** A master names all layouts, and the presentation all masters: those are shown that a slide leads to. */
function leadsOn(root: XmlElement, type: string): boolean {
  switch (type) {
    case 'slideLayout':
      return root.local === 'sld'
    case 'slideMaster':
      return root.local === 'sldLayout'
    case 'notesMaster':
      return root.local === 'notes'
    default:
      return true
  }
}

async function readCellsOf(deck: Deck, part: string): Promise<void> {
  const words = await readChartWorkbook(deck.parts, part)
  if (words === null) deck.objects.add(part)
  else addLines(deck, withoutKnown(deck, words))
}

/** Masters and layouts that are behind no slide. */
async function countUnused(deck: Deck, beside: readonly Relationship[]): Promise<number> {
  const all = new Set<string>()
  for (const { type, part } of beside) {
    if (part === null || !/^(?:slide|notes)Master$/.test(type)) continue
    all.add(part)
    for (const each of await deck.parts.relationshipsOf(part)) {
      if (each.type === 'slideLayout' && each.part !== null) all.add(each.part)
    }
  }
  return [...all].filter(name => !deck.read.has(name)).length
}

/** Parts that are markup with words in it, and those whose pictures are seen. */
const readable: Readonly<Partial<Record<string, Manner>>> = {
  slideLayout: 'master',
  slideMaster: 'master',
  notesSlide: 'all',
  notesMaster: 'master',
  handoutMaster: 'master',
  comments: 'all',
  commentAuthors: 'all',
  authors: 'all',
  chart: 'all',
  chartEx: 'all',
  chartUserShapes: 'all',
  diagramData: 'all',
  diagramDrawing: 'all',
  vmlDrawing: 'all',
  theme: 'pictures',
  themeOverride: 'pictures',
  tableStyles: 'pictures',
}

/** Parts that are seen and are neither words, pictures nor recordings. */
const objects = new Set(['oleObject', 'package', 'control', 'model3d', 'aFChunk', 'subDocument'])

/** Parts that nobody sees: how it looks and is printed, what programs keep, who changed it when, and where links go. */
const silent = new Set([
  'hyperlink',
  // The slides themselves are read in their order, also where a link leads to one.
  'slide',
  'presProps',
  'viewProps',
  'font',
  'printerSettings',
  'tags',
  'customXml',
  'vbaProject',
  'revisionInfo',
  'changesInfo',
  'chartStyle',
  'chartColorStyle',
  'diagramLayout',
  'diagramQuickStyle',
  'diagramColors',
])
