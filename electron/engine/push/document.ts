import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { isObject, parseJson, repeatsKey } from '../platforms/http.ts'
import { type PushRefusal, refused } from './refusal.ts'

/** The fields of a push, from JSON or from XML; in XML every value is text and a repeated element is a list. */
export interface PushDocument {
  readonly kind: 'document'
  readonly fields: Readonly<Record<string, unknown>>
  readonly text: string
}

/** A push is below a kilobyte, and other messages of the app are small too; more than this is not one. */
export const maxPushBytes = 256 * 1024

/** The deepest known push has three levels. */
const maxDepth = 16

/** Reads a body by its first non-blank byte: the declared type is not to be relied on (spec §5.1). */
export function readDocument(body: Uint8Array): PushDocument | PushRefusal {
  if (body.byteLength > maxPushBytes) return refused('malformed', `over ${maxPushBytes} bytes`)
  const text = decode(body)
  if (text === null) return refused('malformed', 'not UTF-8')
  switch (text.trimStart()[0]) {
    case '{':
      return readJson(text)
    case '<':
      return readXml(text)
    case undefined:
      return refused('malformed', 'empty body')
    default:
      return refused('malformed', 'neither JSON nor XML')
  }
}

function decode(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return null
  }
}

function readJson(text: string): PushDocument | PushRefusal {
  // Before anything that may be recursive reads it.
  if (jsonDepth(text) > maxDepth) return refused('malformed', 'nested too deeply')
  try {
    const fields = parseJson(text)
    if (!isObject(fields)) return refused('malformed', 'not a JSON object')
    if (repeatsKey(text, fields)) return refused('malformed', 'a JSON key is given twice')
    return { kind: 'document', fields, text }
  } catch {
    return refused('malformed', 'damaged JSON')
  }
}

function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]
    if (isInString) {
      if (char === '\\') index += 1
      else if (char === '"') isInString = false
    } else if (char === '"') isInString = true
    else if (char === '{' || char === '[') {
      depth += 1
      deepest = Math.max(deepest, depth)
    } else if (char === '}' || char === ']') depth -= 1
  }
  return deepest
}

const parser = new XMLParser({
  // Values stay as written: `trace_id` is text even where it looks like a number (spec §3.2).
  parseTagValue: false,
  processEntities: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: maxDepth,
})

function readXml(text: string): PushDocument | PushRefusal {
  const markup = text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').replace(/<!--[\s\S]*?-->/g, '')
  if (markup.includes('<!')) return refused('malformed', 'XML with a document type or a damaged section')
  // No platform writes any other; what would be needed to resolve them is refused above.
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/.test(markup)) {
    return refused('malformed', 'XML with an entity that is not predefined')
  }
  try {
    // The parser forgives; the validator does not.
    if (XMLValidator.validate(text) !== true) return refused('malformed', 'damaged XML')
    const root: unknown = parser.parse(text)
    const fields = isObject(root) && Object.keys(root).length === 1 ? root.xml : undefined
    if (!isObject(fields)) return refused('malformed', 'XML without one <xml> element')
    return { kind: 'document', fields, text }
  } catch {
    return refused('malformed', 'damaged or too deeply nested XML')
  }
}
