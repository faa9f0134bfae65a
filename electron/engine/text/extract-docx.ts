import { posix } from 'node:path'
import type { Failure } from '../../../shared/conclusion.ts'
import { type Remark, type RemarkCode, remark } from '../../../shared/remarks/index.ts'
import type { ExtractedText } from './extract-text.ts'
import { inputFailure } from './input-failure.ts'
import { readXml, type XmlElement, type XmlNode } from './read-xml.ts'
import { readWordMarkup } from './word-markup.ts'
import { readZipDirectory, refuseZipBomb, unpackEntry, type ZipEntry } from './zip-archive.ts'

/** What the XML of one document may unpack to; a novel has some 10 MB. */
const maxUnpackedBytes = 40_000_000

/**
 * The text of a Word document: of the main part and of every part that it leads to, found through the relationships whatever their
 * names are. What is shown there and is no text is named as omitted, and so is what nobody here knows to be invisible.
 */
export async function extractDocx(bytes: Uint8Array): Promise<ExtractedText | Failure> {
  const archive = readZipDirectory(bytes)
  if (archive.kind === 'failure') return archive
  const markup = archive.entries.filter(entry => /\.(?:xml|rels)$/i.test(entry.name))
  const bomb = await refuseZipBomb(bytes, markup, maxUnpackedBytes)
  if (bomb !== null) return bomb
  try {
    return await readDocument(createDocumentParts(bytes, archive.entries))
  } catch (error) {
    if (error instanceof TooLarge) {
      return inputFailure('too_large', `unpacked, the document is larger than ${maxUnpackedBytes} bytes`)
    }
    const why = error instanceof Error ? error.message : String(error)
    return inputFailure('undecodable_text', `the document is damaged: ${why}`)
  }
}

class TooLarge extends Error {}

interface Relationship {
  /** Last word of its type; the rest differs between the transitional and the strict form of the format. */
  readonly type: string
  /** Name of the part it leads to; null when that is outside the document. */
  readonly part: string | null
}

interface DocumentParts {
  readonly names: readonly string[]
  has(name: string): boolean
  read(name: string): Promise<XmlElement>
  relationshipsOf(name: string): Promise<readonly Relationship[]>
}

async function readDocument(parts: DocumentParts): Promise<ExtractedText> {
  const own = await parts.relationshipsOf('')
  const main = own.find(each => each.type === 'officeDocument')?.part ?? null
  if (main === null || !parts.has(main)) throw new Error('its main part is missing')
  const lines: string[] = []
  const embedded = new Set(parts.names.filter(name => /^word\/(?:media|embeddings)\/[^/]+$/.test(name)))
  const data = new Set(
    own.flatMap(each => (/^(?:core|extended|custom)-properties$/.test(each.type) ? each.part : null) ?? []),
  )
  const total = { objects: 0, symbols: 0, drawnFields: 0, linked: 0, unknown: 0 }
  let isBound = false
  const seen = new Set([main])
  for (const name of seen) {
    const text = readWordMarkup(await parts.read(name))
    lines.push(...text.lines)
    total.objects += text.objects
    total.symbols += text.symbols
    total.drawnFields += text.drawnFields
    isBound ||= text.isBound
    for (const { type, part } of await parts.relationshipsOf(name)) {
      if (part === null) {
        if (!silent.has(type)) total.linked++
      } else if (type === 'customXml') {
        data.add(part)
      } else if (readable.has(type)) {
        if (parts.has(part)) seen.add(part)
        else total.unknown++
      } else if (objects.has(type)) {
        embedded.add(part)
      } else if (!silent.has(type)) {
        total.unknown++
      }
    }
  }
  if (isBound) for (const name of data) if (parts.has(name)) lines.push(...textNodesOf(await parts.read(name)))
  return {
    kind: 'extracted',
    text: lines.join('\n').trim(),
    format: 'docx',
    anchors: null,
    omitted: [
      counted('embedded_object', Math.max(embedded.size, total.objects)),
      counted('linked_file', total.linked),
      counted('symbol_character', total.symbols),
      counted('drawn_field', total.drawnFields),
      counted('unknown_part', total.unknown),
    ].flat(),
    notes: [],
  }
}

function counted(code: RemarkCode, count: number): readonly Remark[] {
  return count === 0 ? [] : [remark(code, { count })]
}

/** Parts that are markup with text in it. */
const readable = new Set([
  'header',
  'footer',
  'footnotes',
  'endnotes',
  'comments',
  'numbering',
  'chart',
  'chartEx',
  'chartUserShapes',
  'diagramData',
  'diagramDrawing',
])

/** Parts that are seen and cannot be read as text. */
const objects = new Set([
  'image',
  'oleObject',
  'package',
  'aFChunk',
  'subDocument',
  'control',
  'video',
  'audio',
  'media',
  'model3d',
])

/** Parts that nobody sees: how it looks, who wrote it, and where links go. */
const silent = new Set([
  'hyperlink',
  'styles',
  'stylesWithEffects',
  'settings',
  'webSettings',
  'fontTable',
  'font',
  'theme',
  'themeOverride',
  'people',
  'commentsIds',
  'commentsExtended',
  'commentsExtensible',
  'keyMapCustomizations',
  'vbaProject',
  'attachedTemplate',
  'attachedToolbars',
  'glossaryDocument',
  'printerSettings',
  'chartStyle',
  'chartColorStyle',
  'diagramLayout',
  'diagramQuickStyle',
  'diagramColors',
  'documenttasks',
])

function createDocumentParts(bytes: Uint8Array, entries: readonly ZipEntry[]): DocumentParts {
  // Names of parts do not differ by case alone (OPC, part 2).
  const byName = new Map(entries.map(entry => [entry.name.toLowerCase(), entry]))
  if (byName.size !== entries.length) throw new Error('it contains two files of one name')
  let left = maxUnpackedBytes

  async function read(name: string): Promise<XmlElement> {
    const entry = byName.get(name)
    if (entry === undefined) throw new Error(`${name} is missing`)
    const unpacked = await unpackEntry(bytes, entry, left)
    if (unpacked.kind === 'over limit') throw new TooLarge()
    if (unpacked.kind === 'damaged') throw new Error(`${name} cannot be unpacked`)
    left -= unpacked.bytes.length
    const xml = new TextDecoder('utf-8', { fatal: true }).decode(unpacked.bytes)
    try {
      return readXml(xml)
    } catch (error) {
      throw new Error(`${name} is not valid XML (${error instanceof Error ? error.message : String(error)})`)
    }
  }

  return {
    names: [...byName.keys()],
    has: name => byName.has(name),
    read,
    async relationshipsOf(name) {
      const folder = posix.dirname(name)
      const file = posix.join(folder, '_rels', `${posix.basename(name)}.rels`)
      if (!byName.has(file)) return []
      const root = await read(file)
      return root.children.flatMap(child => (child.kind === 'element' ? [relationshipOf(child, folder)] : []))
    },
  }
}

function relationshipOf(element: XmlElement, folder: string): Relationship {
  const value = (name: string) => element.attributes.find(each => each.local === name)?.value ?? ''
  const type = value('Type').split('/').at(-1) ?? ''
  if (value('TargetMode') === 'External') return { type, part: null }
  const [target = ''] = value('Target').replaceAll('\\', '/').split('#')
  return { type, part: decodeURI(posix.join('/', target.startsWith('/') ? '' : folder, target).slice(1)).toLowerCase() }
}

function textNodesOf(root: XmlElement): readonly string[] {
  const texts: string[] = []
  const stack: XmlNode[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'element') stack.push(...node.children.toReversed())
    else if (node.value.trim() !== '') texts.push(node.value.trim())
  }
  return texts
}
