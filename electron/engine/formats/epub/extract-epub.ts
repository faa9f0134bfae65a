import { posix } from 'node:path'
import type { Failure } from '../../../../shared/conclusion.ts'
import type { Section } from '../../../../shared/pieces.ts'
import { type Remark, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import {
  DocumentError,
  documentFailure,
  type OfficePackage,
  openPackage,
  type PackageSource,
} from '../docx/office-package.ts'
import { hasWords } from '../docx/office-vocabulary.ts'
import type { ExtractedText } from '../family.ts'
import { extractXhtml } from '../html/extract-html.ts'
import { createPackageMedia, loadMedia, type PackageMedia } from '../office/package-media.ts'
import { decodeText } from '../text/decode-text.ts'
import { attributeOf, childOf, type XmlElement } from '../xml/read-xml.ts'
import { type Book, selfContained } from './chapter.ts'

/** What the pages of one book may unpack to; a long novel has some 5 MB. */
const maxUnpackedBytes = 100_000_000

/** The words of a book, page by page in the order of reading, with what a library shows of it, and every picture in it. */
export async function extractEpub(source: PackageSource): Promise<ExtractedText | Failure> {
  const parts = openPackage(source, maxUnpackedBytes)
  if (parts.kind === 'failure') return parts
  try {
    return await readBook(parts)
  } catch (error) {
    return documentFailure(error)
  }
}

/** A picture or a recording of a book, by its name there. */
export async function loadFromEpub(source: PackageSource, handle: string): Promise<Uint8Array | Failure> {
  const parts = openPackage(source, maxUnpackedBytes)
  return parts.kind === 'failure' ? parts : await loadMedia(parts.bytesOf, handle)
}

interface Item {
  readonly id: string
  /** Null for what lies outside of the book. */
  readonly name: string | null
  readonly type: string
}

interface OpenBook {
  readonly parts: OfficePackage
  readonly media: PackageMedia
  /** Names of pictures and recordings that are pieces. */
  readonly pieces: Set<string>
  readonly sheets: Map<string, string>
  readonly lines: string[]
  readonly sections: Section[]
  length: number
  left: number
  readonly omitted: Remark[]
  readonly notes: Remark[]
  readonly read: Set<string>
}

async function readBook(parts: OfficePackage): Promise<ExtractedText> {
  await refuseProtected(parts)
  const open: OpenBook = {
    parts,
    media: createPackageMedia(parts.bytesOf),
    pieces: new Set(),
    sheets: new Map(),
    lines: [],
    sections: [],
    length: 0,
    left: maxUnpackedBytes,
    omitted: [],
    notes: [],
    read: new Set(),
  }
  for (const main of await mainPartsOf(parts)) await readRendition(open, main)
  for (const name of parts.names) {
    if (open.read.has(name) || belongsToPackage.test(name) || open.media.has(name)) continue
    if (!(await open.media.showPerhaps(name))) open.omitted.push(remark('unlinked_part'))
  }
  const { pieces, omitted } = open.media.finish()
  return {
    kind: 'extracted',
    text: open.lines.join('\n'),
    format: 'epub',
    anchors: null,
    sections: open.sections.filter(({ start }, index) => start < (open.sections[index + 1]?.start ?? open.length)),
    pieces,
    omitted: sumRemarks([...open.omitted, ...omitted]),
    notes: sumRemarks(open.notes),
  }
}

const container = 'meta-inf/container.xml'

/** Files that nothing shows: what the book is made of, signatures, and what programs keep beside it. */
const belongsToPackage =
  /^(?:mimetype|meta-inf\/(?:container|manifest|metadata|signatures|encryption|com\.[\w.-]+)\.xml|meta-inf\/calibre_bookmarks\.txt|itunesmetadata(?:-original)?\.plist|.*\/)$/

/** Fonts that are made unreadable for copying are none of the words (font obfuscation of EPUB 3.3, and the older way of Adobe). */
const hiddenFont = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)$/

async function refuseProtected(parts: OfficePackage): Promise<void> {
  const encryption = 'meta-inf/encryption.xml'
  const methods = parts.has(encryption) ? elementsNamed(await parts.read(encryption), 'EncryptionMethod') : []
  const isEncrypted = methods.some(each => !hiddenFont.test(attributeOf(each, 'Algorithm') ?? ''))
  if (isEncrypted || parts.has('meta-inf/rights.xml') || parts.has('meta-inf/sinf.xml')) {
    throw new DocumentError('unsupported_type', remark('protected_book'))
  }
}

async function mainPartsOf(parts: OfficePackage): Promise<readonly string[]> {
  if (!parts.has(container)) throw new DocumentError('damaged_document', remark('missing_main_part'))
  const paths = elementsNamed(await parts.read(container), 'rootfile').map(each => attributeOf(each, 'full-path') ?? '')
  const names = [...new Set(paths.map(path => path.toLowerCase()))].filter(name => parts.has(name))
  if (names.length === 0) throw new DocumentError('damaged_document', remark('missing_main_part'))
  return names
}

async function readRendition(open: OpenBook, main: string): Promise<void> {
  open.read.add(main)
  const root = await open.parts.read(main)
  const folder = posix.dirname(main)
  const metadata = childOf(root, 'metadata')
  if (metadata !== undefined) addLines(open, textsOf(metadata))
  const items = elementsNamed(root, 'item').map(each => itemOf(each, folder))
  for (const item of items) await readFile(open, item)
  const byId = new Map(items.map(each => [each.id, each]))
  const order = elementsNamed(root, 'itemref').flatMap(each => byId.get(attributeOf(each, 'idref') ?? '') ?? [])
  const pages = [...new Set([...order, ...items])].filter(({ type }) => pageTypes.test(type))
  for (const page of pages) await readPage(open, page)
}

const pageTypes = /^(?:application\/xhtml\+xml|text\/html)$/
/** Fonts, and which words are spoken when: the sounds themselves are files of their own. */
const silentTypes =
  /^(?:font\/.*|application\/(?:font-.*|x-font-.*|vnd\.ms-opentype|smil\+xml|vnd\.adobe-page-template\+xml|adobe-page-template\+xml|pls\+xml))$/
const mediaTypes = /^(?:image|audio|video)\//

function itemOf(element: XmlElement, folder: string): Item {
  const href = attributeOf(element, 'href') ?? ''
  return {
    id: attributeOf(element, 'id') ?? '',
    name: nameWithin(href, folder),
    type: (attributeOf(element, 'media-type') ?? '').trim().toLowerCase(),
  }
}

/** Null for what lies outside of the book. */
function nameWithin(address: string, folder: string): string | null {
  if (/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(address)) return null
  const [bare = ''] = address.split(/[?#]/)
  let path: string
  try {
    path = decodeURIComponent(bare)
  } catch {
    path = bare
  }
  const name = posix.join(folder, path)
  return path === '' || name.startsWith('../') ? null : name.toLowerCase()
}

/** Everything but pages, which need to know what the book holds. */
async function readFile(open: OpenBook, { name, type }: Item): Promise<void> {
  if (name === null) {
    open.omitted.push(remark('linked_file'))
  } else if (open.read.has(name) || pageTypes.test(type)) {
    return
  } else if (mediaTypes.test(type)) {
    await open.media.show(name, null)
    open.pieces.add(name)
  } else if (silentTypes.test(type)) {
    open.read.add(name)
  } else if (type === 'text/css') {
    open.read.add(name)
    open.sheets.set(name, await textOf(open, name))
  } else if (type === 'application/x-dtbncx+xml') {
    open.read.add(name)
    addLines(open, elementsNamed(await open.parts.read(name), 'text').flatMap(textsOf))
  } else {
    // Scripts, and formats that a program may show or not.
    open.read.add(name)
    open.omitted.push(remark('file_inside', { name: posix.extname(name).slice(1).toUpperCase() }))
  }
}

async function readPage(open: OpenBook, { name }: Item): Promise<void> {
  if (name === null || open.read.has(name)) return
  open.read.add(name)
  const folder = posix.dirname(name)
  const book: Book = {
    holdsPicture(address) {
      const own = nameWithin(address, folder)
      return own !== null && open.pieces.has(own)
    },
    sheetOf(address) {
      const own = nameWithin(address, folder)
      const sheet = own === null ? undefined : open.sheets.get(own)
      if (own === null || sheet === undefined) return null
      const from = posix.dirname(own)
      return sheet.replaceAll(/url\(\s*(["']?)([^"'()\s:]+)\1\s*\)/g, (all, quote: string, path: string) =>
        path.startsWith('/') ? all : `url(${quote}${posix.relative(folder, posix.join(from, path))}${quote})`,
      )
    },
  }
  const page = extractXhtml(selfContained(await textOf(open, name), book))
  if (page.kind === 'failure') throw new DocumentError('damaged_document', remark('damaged_part', { name }))
  open.sections.push({ start: open.length, place: { file: name } })
  if (page.text !== '') addLines(open, page.text.split('\n'))
  open.omitted.push(...page.omitted)
  open.notes.push(...page.notes)
}

async function textOf(open: OpenBook, name: string): Promise<string> {
  if (!open.parts.has(name)) throw new DocumentError('damaged_document', remark('missing_part', { name }))
  const unpacked = await open.parts.bytesOf(name, open.left)
  if (unpacked.kind === 'over limit') {
    throw new DocumentError('too_large', remark('unpacked_limit', { limit: maxUnpackedBytes }))
  }
  if (unpacked.kind === 'encrypted') throw new DocumentError('unsupported_type', remark('protected_book'))
  const decoded = unpacked.kind === 'unpacked' ? decodeText(unpacked.bytes) : null
  if (unpacked.kind !== 'unpacked' || decoded === null || decoded.kind === 'failure') {
    throw new DocumentError('damaged_document', remark('damaged_part', { name }))
  }
  open.left -= unpacked.bytes.length
  return decoded.text
}

function addLines(open: OpenBook, lines: readonly string[]): void {
  for (const line of lines) {
    open.lines.push(line)
    open.length += line.length + 1
  }
}

/** Title, authors, descriptions: whatever of it is made of words. */
function textsOf(element: XmlElement): readonly string[] {
  return element.children.flatMap(each =>
    each.kind === 'text' ? (hasWords(each.value) ? [each.value.trim()] : []) : textsOf(each),
  )
}

function elementsNamed(element: XmlElement, local: string): readonly XmlElement[] {
  return element.children.flatMap(each =>
    each.kind === 'text' ? [] : [...(each.local === local ? [each] : []), ...elementsNamed(each, local)],
  )
}
