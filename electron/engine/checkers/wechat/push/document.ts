import { isObject, parseJson, repeatsKey } from '../../http.ts'
import { type PushRefusal, refused } from './refusal.ts'
import { readXmlRoot, XmlError } from './xml.ts'

/** The fields of a push, from JSON or from XML; in XML every value is text and a repeated element is a list. */
export interface PushDocument {
  readonly kind: 'document'
  readonly fields: Readonly<Record<string, unknown>>
  readonly text: string
}

/** A push is below a kilobyte, and other messages of the app are small too; more than this is not one. */
export const maxPushBytes = 256 * 1024

/** The envelope of an encrypted push holds two fields, and is read before its signature can be checked. */
export const maxEnvelopeBytes = 64 * 1024

/** The deepest known push has three levels. */
const maxDepth = 16

/** Reads a body by its first non-blank byte: the declared type is not to be relied on (spec §5.1). */
export function readDocument(body: Uint8Array, maxBytes = maxPushBytes): PushDocument | PushRefusal {
  if (body.byteLength > maxBytes) return refused('malformed', `over ${maxBytes} bytes`)
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

function readXml(text: string): PushDocument | PushRefusal {
  try {
    const { name, value } = readXmlRoot(text, maxDepth)
    return name === 'xml' && isObject(value)
      ? { kind: 'document', fields: value, text }
      : refused('malformed', 'XML without one <xml> element')
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return refused('malformed', `damaged XML: ${error.message}`)
  }
}
