/** The parts of a mail or a saved page: MIME, RFC 2045 and 2046. Nothing between two parts is dropped. */

import { type Field, fieldsOf, type Parameterised, parameterised } from './header.ts'

/** A mail, or a part of one. */
export interface Entity {
  /** Its place: empty for the mail itself, then `1`, `1.2`. */
  readonly path: string
  readonly header: readonly Field[]
  /** In lower case: `text/html`. */
  readonly type: string
  readonly parameters: Parameterised['parameters']
  /** `attachment`, `inline`, or empty. */
  readonly disposition: string
  readonly fileName: string | null
  /** All that its header calls it. */
  readonly names: ReadonlySet<string>
  /** As it stands in the file; of a part with parts, nothing. */
  readonly body: Buffer
  readonly parts: readonly Entity[]
  /** What stands before, after and in the place of its parts. */
  readonly around: readonly Buffer[]
  /** What speaks against reading it as everybody does. */
  readonly flaw: 'cut' | 'doubtful' | null
}

/** What a body is once its transfer encoding is undone. */
export interface Content {
  readonly bytes: Buffer
  /** Whether characters were in it that the encoding has not. */
  readonly isDamaged: boolean
}

/** Parts of one mail, with those that parts have. */
export const maxParts = 10_000
export const maxDepth = 30

/** Thrown for a mail of more parts, or deeper ones, than any that is meant to be read. */
export class TooManyParts extends Error {}

export function parseMail(bytes: Buffer): Entity {
  return parseEntity(bytes.subarray(lineOfMailbox(bytes)), '', 'text/plain', { count: 0 })
}

/** Mailboxes put a line before each mail: how long it is. */
function lineOfMailbox(bytes: Buffer): number {
  return /^\ufeff?From [^\r\n]*(?:\r\n|\r|\n)/.exec(bytes.subarray(0, 1000).toString('latin1'))?.[0].length ?? 0
}

/** Whether a mail with such a line has another one behind it. */
export function isMailbox(bytes: Buffer): boolean {
  if (lineOfMailbox(bytes) === 0) return false
  for (let at = bytes.indexOf('\nFrom ', 1); at >= 0; at = bytes.indexOf('\nFrom ', at + 1)) {
    const lines = bytes.subarray(Math.max(0, at - 2), at + 1000).toString('latin1')
    if (/^(?:.?\n|\r)\r?\nFrom [^\r\n]*\b\d{4}[^\r\n]*\r?\n[!-9;-~]+[ \t]*:/s.test(lines)) return true
  }
  return false
}

function parseEntity(bytes: Buffer, path: string, usual: string, parsed: { count: number }): Entity {
  parsed.count++
  if (parsed.count > maxParts || path.split('.').length > maxDepth) throw new TooManyParts()
  const { headerEnd, bodyStart } = endOfHeader(bytes)
  const header = fieldsOf(bytes.subarray(0, headerEnd))
  const only = (name: string) => header.filter(each => each.name === name)
  const types = only('content-type')
  const declared = parameterised(types[0]?.value ?? new Uint8Array(), null)
  const isType = /^[^\s/]+\/[^\s/]+$/.test(declared.value)
  const type = isType ? declared.value : types.length === 0 ? usual : 'text/plain'
  const placed = parameterised(only('content-disposition')[0]?.value ?? new Uint8Array(), null)
  const isDoubtful =
    ['content-type', 'content-transfer-encoding', 'content-disposition'].some(name => only(name).length > 1) ||
    declared.isDoubtful ||
    // Some programs read what is meant; `text` alone is older than MIME.
    !(isType || types.length === 0 || declared.value === 'text')
  const body = bytes.subarray(bodyStart)
  const own = {
    path,
    header,
    type,
    parameters: declared.parameters,
    disposition: placed.value,
    fileName: placed.parameters.get('filename') ?? declared.parameters.get('name') ?? null,
    names: new Set([...placed.names, ...declared.names]),
  }
  if (!type.startsWith('multipart/'))
    return { ...own, body, parts: [], around: [], flaw: isDoubtful ? 'doubtful' : null }
  const { pieces, around, isCut } = divided(body, declared.parameters.get('boundary') ?? '')
  const usualOfParts = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  const parts = pieces.map((piece, index) =>
    parseEntity(piece, path === '' ? `${index + 1}` : `${path}.${index + 1}`, usualOfParts, parsed),
  )
  return { ...own, body: body.subarray(0, 0), parts, around, flaw: isCut ? 'cut' : isDoubtful ? 'doubtful' : null }
}

/** Where the header ends, and where what follows the empty line begins. */
function endOfHeader(bytes: Buffer): { readonly headerEnd: number; readonly bodyStart: number } {
  const first = lineEndAt(bytes, 0)
  if (first > 0) return { headerEnd: 0, bodyStart: first }
  for (let at = nextLineEnd(bytes, 0); at < bytes.length; at = nextLineEnd(bytes, at)) {
    const after = at + lineEndAt(bytes, at)
    const empty = lineEndAt(bytes, after)
    if (empty > 0) return { headerEnd: at, bodyStart: after + empty }
    at = after
  }
  return { headerEnd: bytes.length, bodyStart: bytes.length }
}

function nextLineEnd(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++
  return at
}

/** How long the end of a line at this place is; 0 where none is. */
function lineEndAt(bytes: Buffer, at: number): number {
  if (bytes[at] === 0x0d) return bytes[at + 1] === 0x0a ? 2 : 1
  return bytes[at] === 0x0a ? 1 : 0
}

/** The parts between the lines of a boundary. Without a last line of it, parts may be missing. */
function divided(body: Buffer, boundary: string) {
  const mark = Buffer.from(`--${boundary}`, /[^\0-\xff]/.test(boundary) ? 'utf8' : 'latin1')
  const pieces: Buffer[] = []
  const around: Buffer[] = []
  let start: number | null = null
  const take = (end: number) => {
    if (start === null) around.push(body.subarray(0, end))
    else pieces.push(body.subarray(start, Math.max(start, end)))
  }
  for (let at = boundary === '' ? -1 : body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 1)) {
    if (at > 0 && body[at - 1] !== 0x0a && body[at - 1] !== 0x0d) continue
    const end = nextLineEnd(body, at)
    const rest = body.subarray(at + mark.length, end).toString('latin1')
    if (!/^(?:--)?[ \t]*$/.test(rest)) continue
    // The end of the line before it is the boundary's.
    take(at - (at > 1 && body[at - 1] === 0x0a && body[at - 2] === 0x0d ? 2 : at > 0 ? 1 : 0))
    start = end + lineEndAt(body, end)
    if (rest.startsWith('--')) {
      around.push(body.subarray(start))
      return { pieces, around, isCut: false }
    }
  }
  take(body.length)
  return { pieces, around, isCut: true }
}

/** Null for a transfer encoding that is not known. */
export function contentOf({ header, body }: Pick<Entity, 'header' | 'body'>): Content | null {
  const field = header.find(({ name }) => name === 'content-transfer-encoding')
  switch (parameterised(field?.value ?? new Uint8Array(), null).value) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return { bytes: body, isDamaged: false }
    case 'base64':
      return { bytes: Buffer.from(body.toString('latin1'), 'base64'), isDamaged: !isBase64(body) }
    case 'quoted-printable':
      return fromQuotedPrintable(body)
    default:
      return null
  }
}

/** Whether it is of whole groups of four, with nothing in it or behind it that base64 has not. */
function isBase64(body: Buffer): boolean {
  let letters = 0
  let padding = 0
  for (const byte of body) {
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) continue
    if (byte === 0x3d) padding++
    else if (padding > 0 || !base64Letters.has(byte)) return false
    else letters++
  }
  // Some writers leave the padding away.
  return padding === 0 ? letters % 4 !== 1 : padding < 3 && (letters + padding) % 4 === 0
}

const base64Letters: ReadonlySet<number> = new Set(
  Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
)

function fromQuotedPrintable(body: Buffer): Content {
  const bytes = Buffer.alloc(body.length)
  let length = 0
  let isDamaged = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (byte !== 0x3d) {
      bytes[length++] = byte
      continue
    }
    let next = at + 1
    while (body[next] === 0x20 || body[next] === 0x09) next++
    const lineEnd = lineEndAt(body, next)
    const value = hexAt(body, at + 1)
    if (lineEnd > 0 || next >= body.length) at = next + lineEnd - 1
    else if (value !== null) {
      bytes[length++] = value
      at += 2
    } else {
      bytes[length++] = byte
      isDamaged = true
    }
  }
  return { bytes: bytes.subarray(0, length), isDamaged }
}

function hexAt(bytes: Buffer, at: number): number | null {
  const digits = bytes.subarray(at, at + 2).toString('latin1')
  return /^[\da-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : null
}
