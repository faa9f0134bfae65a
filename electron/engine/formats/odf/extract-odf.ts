import { posix } from 'node:path'
import type { Failure } from '../../../../shared/conclusion.ts'
import type { PiecePlace, Section } from '../../../../shared/pieces.ts'
import { type Remark, type RemarkCode, remark } from '../../../../shared/remarks/index.ts'
import {
  DocumentError,
  documentFailure,
  type OfficePackage,
  openPackage,
  type PackageSource,
} from '../docx/office-package.ts'
import type { ExtractedText } from '../family.ts'
import { createPackageMedia, loadMedia, type PackageMedia } from '../office/package-media.ts'
import { attributeOf, childOf, type XmlElement, type XmlNode } from '../xml/read-xml.ts'
import { createHides, type Hides, type OdfText, readOdfMarkup } from './odf-markup.ts'

/** What the XML of one document may unpack to; a large spreadsheet has some 50 MB. */
const maxUnpackedBytes = 100_000_000

/** The words and pictures of an OpenDocument file, in the order of its body; of a presentation and a spreadsheet by slide and sheet. */
export async function extractOdf(source: PackageSource, format: string): Promise<ExtractedText | Failure> {
  const parts = openPackage(source, maxUnpackedBytes)
  if (parts.kind === 'failure') return parts
  try {
    return await readOdf(parts, format)
  } catch (error) {
    return documentFailure(error)
  }
}

/** A picture or a recording of an OpenDocument file, by its name there. */
export async function loadFromOdf(source: PackageSource, handle: string): Promise<Uint8Array | Failure> {
  const parts = openPackage(source, maxUnpackedBytes)
  return parts.kind === 'failure' ? parts : await loadMedia(parts.bytesOf, handle)
}

interface OpenOdf {
  readonly parts: OfficePackage
  readonly media: PackageMedia
  readonly lines: string[]
  readonly sections: Section[]
  length: number
  readonly total: { objects: number; drawings: number; linked: number; hidden: number; unused: number }
  /** Names of files that were read. */
  readonly read: Set<string>
}

async function readOdf(parts: OfficePackage, format: string): Promise<ExtractedText> {
  if (await isEncrypted(parts)) throw new DocumentError('unsupported_type', remark('encrypted_document'))
  if (!parts.has('content.xml')) throw new DocumentError('damaged_document', remark('missing_main_part'))
  const open: OpenOdf = {
    parts,
    media: createPackageMedia(parts.bytesOf),
    lines: [],
    sections: [],
    length: 0,
    total: { objects: 0, drawings: 0, linked: 0, hidden: 0, unused: 0 },
    read: new Set(['content.xml', 'styles.xml']),
  }
  const content = await parts.read('content.xml')
  const styles = parts.has('styles.xml') ? await parts.read('styles.xml') : null
  const hides = createHides(styles === null ? [content] : [styles, content])
  await readBody(open, content, styles, hides)
  const unlinked = await countUnlinked(open)
  const { total, sections } = open
  const { pieces, omitted } = open.media.finish()
  return {
    kind: 'extracted',
    text: open.lines.join('\n'),
    format,
    anchors: null,
    sections: sections.filter(({ start }, index) => start < (sections[index + 1]?.start ?? open.length)),
    pieces,
    omitted: [
      counted('embedded_object', total.objects),
      counted('linked_file', total.linked),
      counted('drawing', total.drawings),
      counted('unlinked_part', unlinked),
      omitted,
    ].flat(),
    notes: [counted('hidden_slides', total.hidden), counted('unused_layouts', total.unused)].flat(),
  }
}

function counted(code: RemarkCode, count: number): readonly Remark[] {
  return count === 0 ? [] : [remark(code, { count })]
}

const manifest = 'meta-inf/manifest.xml'

async function isEncrypted(parts: OfficePackage): Promise<boolean> {
  return parts.has(manifest) && holds(await parts.read(manifest), 'encryption-data')
}

function holds(element: XmlElement, local: string): boolean {
  return element.children.some(each => each.kind === 'element' && (each.local === local || holds(each, local)))
}

async function readBody(open: OpenOdf, content: XmlElement, styles: XmlElement | null, hides: Hides): Promise<void> {
  const body = childOf(content, 'body')
  const [first] = (body?.children ?? []).filter(each => each.kind === 'element')
  const masters = mastersOf(styles)
  /** What each master shows, so that its pictures have the slides that it is behind. */
  const used = new Map<string, OdfText>()
  let slides = 0
  for (const each of first?.children ?? []) {
    if (each.kind === 'text') continue
    const isPage = each.local === 'page'
    if (isPage) slides++
    const place: PiecePlace | null = isPage
      ? first?.local === 'drawing'
        ? { page: slides }
        : { slide: slides }
      : first?.local === 'spreadsheet' && each.local === 'table'
        ? { sheet: (attributeOf(each, 'name') ?? '').slice(0, 200) }
        : null
    if (place !== null) open.sections.push({ start: open.length, place })
    await take(open, readOdfMarkup(each, hides), '', place)
    if (!isPage) continue
    if (isHiddenPage(each, [content, ...(styles === null ? [] : [styles])])) open.total.hidden++
    const name = attributeOf(each, 'master-page-name') ?? ''
    const master = masters.get(name)
    if (master === undefined) continue
    const shown = used.get(name)
    if (shown === undefined) {
      const text = readOdfMarkup(withoutPrompts(master), hides)
      used.set(name, text)
      await take(open, text, '', place)
    } else {
      for (const address of shown.media) await showMedia(open, address, '', place)
    }
  }
  if (open.sections.length > 0) open.sections.push({ start: open.length, place: {} })
  // Pages of a text and of a spreadsheet name their masters in styles, and a chapter may have its own: all are read.
  if (slides > 0) open.total.unused = masters.size - used.size
  const rest = [content, styles].flatMap(part => part?.children ?? [])
  for (const group of rest) {
    if (group.kind === 'text' || group.local === 'body') continue
    await take(
      open,
      readOdfMarkup(slides > 0 && group.local === 'master-styles' ? withoutMasters(group) : group, hides),
      '',
      null,
    )
  }
}

function mastersOf(styles: XmlElement | null): ReadonlyMap<string, XmlElement> {
  const group = styles === null ? undefined : childOf(styles, 'master-styles')
  return new Map(
    (group?.children ?? []).flatMap(each =>
      each.kind === 'element' && each.local === 'master-page' ? [[attributeOf(each, 'name') ?? '', each] as const] : [],
    ),
  )
}

function withoutMasters(group: XmlElement): XmlElement {
  return { ...group, children: group.children.filter(each => each.kind === 'text' || each.local !== 'master-page') }
}

/** What a placeholder of a master says is shown to who edits a slide and has put nothing in its place. */
function withoutPrompts(element: XmlElement): XmlElement {
  const isPrompt = /^(?:title|outline|subtitle|text|graphic|object|chart|table|orgchart|notes)$/.test(
    element.attributes.find(each => each.name === 'presentation:class')?.value ?? '',
  )
  const children = element.children.flatMap((child): readonly XmlNode[] =>
    child.kind === 'text' ? [child] : isPrompt && child.local === 'text-box' ? [] : [withoutPrompts(child)],
  )
  return { ...element, children }
}

function isHiddenPage(page: XmlElement, parts: readonly XmlElement[]): boolean {
  const name = attributeOf(page, 'style-name')
  if (name === undefined) return false
  const styles = parts.flatMap(part => part.children.flatMap(group => (group.kind === 'element' ? group.children : [])))
  const own = styles.find(
    each => each.kind === 'element' && each.local === 'style' && attributeOf(each, 'name') === name,
  )
  const properties = own?.kind === 'element' ? childOf(own, 'drawing-page-properties') : undefined
  return properties !== undefined && attributeOf(properties, 'visibility') === 'hidden'
}

/** Takes over what a stretch of markup shows; `folder` is that of the document within that it belongs to. */
async function take(open: OpenOdf, text: OdfText, folder: string, place: PiecePlace | null): Promise<void> {
  for (const line of text.lines) {
    open.lines.push(line)
    open.length += line.length + 1
  }
  open.total.objects += text.unread.objects
  open.total.drawings += text.unread.drawings
  open.total.linked += text.unread.linked
  for (const address of text.media) await showMedia(open, address, folder, place)
  for (const address of text.standIns) await showStandIn(open, address, folder, place)
  for (const address of text.objects) await readObject(open, address, folder, place)
}

async function showMedia(open: OpenOdf, address: string, folder: string, place: PiecePlace | null): Promise<void> {
  const name = nameWithin(address, folder)
  if (name === null) open.total.linked++
  else await open.media.show(name, place)
}

/** LibreOffice's own format of drawings, which no other program shows: it shows what the picture stands in for. */
const ownFormat = 'VCLMTF'

async function showStandIn(open: OpenOdf, address: string, folder: string, place: PiecePlace | null): Promise<void> {
  const name = nameWithin(address, folder)
  if (name === null || !open.parts.has(name)) return
  const unpacked = await open.parts.bytesOf(name, maxUnpackedBytes)
  const start =
    unpacked.kind === 'unpacked' ? Buffer.from(unpacked.bytes.subarray(0, ownFormat.length)).toString('latin1') : ''
  if (start === ownFormat) open.read.add(name)
  else await open.media.show(name, place)
}

/** Null for what lies outside of the document. */
function nameWithin(address: string, folder: string): string | null {
  if (/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(address)) return null
  let path: string
  try {
    path = decodeURIComponent(address)
  } catch {
    path = address
  }
  const name = posix.join(folder, path)
  return name.startsWith('../') ? null : name.toLowerCase()
}

/** A chart or a formula is a document of its own; so may be a sheet or a drawing. */
async function readObject(open: OpenOdf, address: string, folder: string, place: PiecePlace | null): Promise<void> {
  const own = nameWithin(address, folder)
  if (own === null) {
    open.total.linked++
    return
  }
  const name = posix.join(own, 'content.xml')
  if (!open.parts.has(name)) {
    open.total.objects++
    return
  }
  if (open.read.has(name)) return
  open.read.add(name)
  const styles = posix.join(own, 'styles.xml')
  open.read.add(styles)
  const content = await open.parts.read(name)
  const parts = open.parts.has(styles) ? [await open.parts.read(styles), content] : [content]
  const hides = createHides(parts)
  for (const part of parts) await take(open, readOdfMarkup(part, hides), own, place)
}

/** Files that nothing shows: what programs keep of their windows, previews, the list of files, signatures, macros with their dialogs. */
const belongsToPackage =
  /^(?:mimetype|meta-inf\/(?:manifest|documentsignatures|macrosignatures)\.xml|manifest\.rdf|layout-cache|.*\/|(?:thumbnails|configurations2|basic|scripts|dialogs|fonts)\/.*|(?:object[ _]\d+\/)?(?:meta|settings)\.xml)$/

async function countUnlinked(open: OpenOdf): Promise<number> {
  let count = 0
  for (const name of open.parts.names) {
    if (open.read.has(name) || belongsToPackage.test(name) || open.media.has(name)) continue
    if (!(await open.media.showPerhaps(name))) count++
  }
  return count
}
