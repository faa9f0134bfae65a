import { XMLParser, XMLValidator } from 'fast-xml-parser'
import mammoth from 'mammoth'
import type { Failure } from '../../../shared/conclusion.ts'
import type { ExtractedText } from './extract-text.ts'
import { inputFailure } from './input-failure.ts'
import { readZipDirectory, refuseZipBomb, unpackEntry, type ZipEntry } from './zip-archive.ts'

/** What the XML of one document may unpack to; a novel has some 10 MB. */
const maxUnpackedBytes = 40_000_000

/**
 * The text of a Word document: the body by mammoth, then headers, footers, notes, comments, diagrams and charts,
 * which mammoth's raw text leaves out and a reader sees. Pictures in it are named as omitted.
 */
export async function extractDocx(bytes: Uint8Array): Promise<ExtractedText | Failure> {
  const archive = readZipDirectory(bytes)
  if (archive.kind === 'failure') return archive
  const markup = archive.entries.filter(entry => /\.(?:xml|rels)$/i.test(entry.name))
  const bomb = await refuseZipBomb(bytes, markup, maxUnpackedBytes)
  if (bomb !== null) return bomb
  let body: string
  const surroundings: string[] = []
  try {
    const result = await mammoth.extractRawText({ buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) })
    body = result.value
    for (const entry of markup.filter(isShownBesideBody)) surroundings.push(await textOfPart(bytes, entry))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return inputFailure('undecodable_text', `the document is damaged: ${why}`)
  }
  const text = [body, ...surroundings].map(each => each.trim()).filter(each => each !== '')
  const pictures = archive.entries.filter(entry => /^word\/(?:media|embeddings)\/[^/]+$/i.test(entry.name)).length
  return {
    kind: 'extracted',
    text: text.join('\n\n'),
    format: 'docx',
    anchors: null,
    omitted:
      pictures === 0
        ? []
        : [`${pictures} embedded picture${pictures === 1 ? '' : 's'} or object${pictures === 1 ? '' : 's'}`],
  }
}

function isShownBesideBody(entry: ZipEntry): boolean {
  return /^word\/(?:(?:header|footer|footnotes|endnotes|comments)\d*\.xml|diagrams\/data\d*\.xml|charts\/chart\d*\.xml)$/i.test(
    entry.name,
  )
}

type XmlNode = Readonly<Record<string, unknown>>

const parser = new XMLParser({ preserveOrder: true, trimValues: false, parseTagValue: false, ignoreAttributes: true })

async function textOfPart(bytes: Uint8Array, entry: ZipEntry): Promise<string> {
  const unpacked = await unpackEntry(bytes, entry, maxUnpackedBytes)
  if (unpacked.kind !== 'unpacked') throw new Error(`${entry.name} cannot be unpacked`)
  const xml = new TextDecoder('utf-8', { fatal: true }).decode(unpacked.bytes)
  if (XMLValidator.validate(xml) !== true) throw new Error(`${entry.name} is not valid XML`)
  const lines: string[] = []
  let line = ''
  const stack: { readonly node: XmlNode; readonly inText: boolean }[] = []
  const push = (children: unknown, inText: boolean) => {
    if (!Array.isArray(children)) return
    for (const node of children.toReversed()) stack.push({ node, inText })
  }
  push(parser.parse(xml), false)
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    for (const [name, value] of Object.entries(next.node)) {
      if (name === '#text') {
        if (next.inText) line += String(value)
      } else {
        if (name === 'w:p' || name === 'a:p' || name === 'c:pt') {
          lines.push(line)
          line = ''
        }
        push(value, next.inText || textElements.has(name))
      }
    }
  }
  return [...lines, line].filter(each => each.trim() !== '').join('\n')
}

/** Runs of text in documents, drawings and charts. */
const textElements = new Set(['w:t', 'a:t', 'c:v'])
