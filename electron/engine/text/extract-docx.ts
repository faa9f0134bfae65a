import type { Failure } from '../../../shared/conclusion.ts'
import { type Remark, type RemarkCode, remark } from '../../../shared/remarks/index.ts'
import type { ExtractedText } from './extract-text.ts'
import {
  countUnlinked,
  DocumentError,
  documentFailure,
  isUnknownBesideMain,
  type OfficePackage,
  openPackage,
} from './office-package.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'
import { readWordMarkup } from './word-markup.ts'

/** What the XML of one document may unpack to; a novel has some 10 MB. */
const maxUnpackedBytes = 40_000_000

/**
 * The text of a Word document: of the main part and of every part that it leads to, found through the relationships whatever their
 * names are. What is shown there and is no text is named as omitted, and so is what nobody here knows to be invisible.
 */
export async function extractDocx(bytes: Uint8Array): Promise<ExtractedText | Failure> {
  const parts = openPackage(bytes, maxUnpackedBytes)
  if (parts.kind === 'failure') return parts
  try {
    return await readDocument(parts)
  } catch (error) {
    return documentFailure(error)
  }
}

async function readDocument(parts: OfficePackage): Promise<ExtractedText> {
  const own = await parts.relationshipsOf('')
  const main = own.find(each => each.type === 'officeDocument')?.part ?? null
  if (main === null || !parts.has(main)) throw new DocumentError('damaged_document', remark('missing_main_part'))
  const lines: string[] = []
  const embedded = new Set(parts.names.filter(name => /^word\/(?:media|embeddings)\/[^/]+$/.test(name)))
  const data = new Set(
    own.flatMap(each => (/^(?:core|extended|custom)-properties$/.test(each.type) ? each.part : null) ?? []),
  )
  const total = { objects: 0, symbols: 0, drawnFields: 0, linked: 0, unknown: own.filter(isUnknownBesideMain).length }
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
      counted('unlinked_part', await countUnlinked(parts, embedded)),
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

function textNodesOf(root: XmlElement): readonly string[] {
  const texts: string[] = []
  const stack: XmlNode[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'element') stack.push(...node.children.toReversed())
    else if (node.value.trim() !== '') texts.push(node.value.trim())
  }
  return texts
}
