import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, type RemarkCode, remark } from '../../../../shared/remarks/index.ts'
import type { ExtractedText } from '../family.ts'
import { readChartWorkbook } from '../office/chart-workbook.ts'
import { createPackageMedia, loadMedia } from '../office/package-media.ts'
import { inMarkupOrder, pictureTypes } from '../office/part-media.ts'
import { readXml, type XmlElement, XmlError, type XmlNode } from '../xml/read-xml.ts'
import {
  countUnknownBesideMain,
  DocumentError,
  documentFailure,
  type OfficePackage,
  openPackage,
  type PackageSource,
  unlinkedOf,
} from './office-package.ts'
import { hasWords } from './office-vocabulary.ts'
import { readWordMarkup } from './word-markup.ts'
import { readWordStyles } from './word-styles.ts'

/** What the XML of one document may unpack to; a novel has some 10 MB. */
const maxUnpackedBytes = 40_000_000

/**
 * The text of a Word document: of the main part and of every part that it leads to, found through the relationships whatever their
 * names are. What is shown there and is no text is named as omitted, and so is what nobody here knows to be invisible.
 */
export async function extractDocx(source: PackageSource): Promise<ExtractedText | Failure> {
  const parts = openPackage(source, maxUnpackedBytes)
  if (parts.kind === 'failure') return parts
  try {
    return await readDocument(parts)
  } catch (error) {
    return documentFailure(error)
  }
}

/** A picture or a recording of a Word document, by the name of its part. */
export async function loadFromDocx(source: PackageSource, handle: string): Promise<Uint8Array | Failure> {
  const parts = openPackage(source, maxUnpackedBytes)
  return parts.kind === 'failure' ? parts : await loadMedia(parts.bytesOf, handle)
}

async function readDocument(parts: OfficePackage): Promise<ExtractedText> {
  const own = await parts.relationshipsOf('')
  const main = own.find(each => each.type === 'officeDocument')?.part ?? null
  if (main === null || !parts.has(main)) throw new DocumentError('damaged_document', remark('missing_main_part'))
  const lines: string[] = []
  const media = createPackageMedia(parts.bytesOf)
  /** Parts that are shown and are neither words nor pictures. */
  const embedded = new Set<string>()
  const data = new Set(
    own.flatMap(each => (/^(?:core|extended|custom)-properties$/.test(each.type) ? each.part : null) ?? []),
  )
  const total = {
    objects: 0,
    symbols: 0,
    drawnFields: 0,
    drawings: 0,
    linked: 0,
    unknown: countUnknownBesideMain(own),
  }
  const originals = new Set<string>()
  let isBound = false
  let showsBlocks = false
  let isThemed = false
  const beside = await parts.relationshipsOf(main)
  const read = async (type: string) => {
    const part = beside.find(each => each.type === type)?.part
    return part !== undefined && part !== null && parts.has(part) ? await parts.read(part) : null
  }
  const styles = readWordStyles(await read('styles'), await read('numbering'))
  const seen = new Set([main])
  for (const name of seen) {
    const root = await parts.read(name)
    const text = readWordMarkup(root, styles)
    lines.push(...text.lines)
    total.objects += text.objects
    total.symbols += text.symbols
    total.drawnFields += text.drawnFields
    total.drawings += text.drawings
    total.linked += text.linkedFields
    isBound ||= text.isBound
    showsBlocks ||= text.showsBlocks
    isThemed ||= text.isThemed
    for (const { type, part } of inMarkupOrder(root, await parts.relationshipsOf(name))) {
      if (part === null) {
        if (!silent.has(type)) total.linked++
      } else if (pictureTypes.has(type)) {
        await media.show(part, null)
      } else if (type === 'hdphoto') {
        originals.add(part)
      } else if (type === 'package' && root.local === 'chartSpace') {
        const cells = await readChartWorkbook(parts, part)
        if (cells === null) embedded.add(part)
        else lines.push(...cells.filter(each => !text.lines.includes(each)))
      } else if (type === 'customXml') {
        data.add(part)
      } else if (readable.has(type)) {
        if (parts.has(part)) seen.add(part)
        else total.unknown++
      } else if (objects.has(type)) {
        embedded.add(part)
      } else if (!silent.has(type)) {
        total.unknown++
      } else if (type === 'webSettings') {
        // Pages of its frames.
        total.linked += (await parts.relationshipsOf(part)).filter(each => each.part === null).length
      }
    }
  }
  const theme = isThemed ? beside.find(each => each.type === 'theme')?.part : undefined
  for (const { type, part } of await parts.relationshipsOf(theme ?? '')) {
    if (type === 'image' && part !== null) await media.show(part, null)
  }
  if (isBound) {
    for (const name of data) if (parts.has(name)) lines.push(...wordsOf(await parts.read(name)))
    for (const each of elementsNamed(await read('settings'), 'docVar')) lines.push(...wordsOf(each))
  }
  const blocks = showsBlocks ? await read('glossaryDocument') : null
  if (blocks !== null) {
    lines.push(...readWordMarkup(blocks, styles).lines)
    const glossary = beside.find(each => each.type === 'glossaryDocument')?.part ?? ''
    for (const { type, part } of await parts.relationshipsOf(glossary)) {
      if (pictureTypes.has(type) && part !== null) await media.show(part, null)
    }
  }
  const unlinked: string[] = []
  for (const name of await unlinkedOf(parts)) if (!(await media.showPerhaps(name))) unlinked.push(name)
  const { pieces, omitted } = media.finish()
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
      counted('drawing', total.drawings),
      counted('unknown_part', total.unknown),
      counted('unlinked_part', unlinked.length),
      omitted,
    ].flat(),
    notes: counted('picture_before_effects', originals.size),
    pieces,
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

/** Parts that are seen and are neither words, pictures nor recordings. */
const objects = new Set(['oleObject', 'package', 'aFChunk', 'subDocument', 'control', 'model3d'])

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

/** All that data say; what is markup itself stands for what it shows. */
function wordsOf(root: XmlElement): readonly string[] {
  const words: string[] = []
  const stack: XmlNode[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'text') {
      words.push(...(/^\s*<[^>]/.test(node.value) ? shownByMarkup(node.value) : [node.value]))
      continue
    }
    stack.push(...node.children.toReversed())
    words.push(...node.attributes.flatMap(each => (hasWords(each.value) ? [each.value] : [])))
    if (node.children.length > 1 && node.children.some(each => each.kind === 'text' && each.value.trim() !== '')) {
      words.push(textOf(node))
    }
  }
  return words.map(each => each.trim()).filter(each => each !== '')
}

function shownByMarkup(markup: string): readonly string[] {
  try {
    return [markup, ...readWordMarkup(readXml(markup)).lines]
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return [markup]
  }
}

function textOf(element: XmlElement): string {
  return element.children.map(each => (each.kind === 'text' ? each.value : textOf(each))).join('')
}

function elementsNamed(element: XmlElement | null, local: string): readonly XmlElement[] {
  return (
    element?.children.flatMap(each =>
      each.kind === 'text' ? [] : each.local === local ? [each] : elementsNamed(each, local),
    ) ?? []
  )
}
