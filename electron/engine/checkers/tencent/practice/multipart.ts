/** The media part and the plain fields of a multipart body, or the code with which the platform refuses it. */
export type MultipartBody =
  | { readonly kind: 'form'; readonly media: Buffer; readonly fields: ReadonlyMap<string, string> }
  | { readonly kind: 'refused'; readonly code: 47001 | 41005 }

const notMultipart: MultipartBody = { kind: 'refused', code: 47001 }
const mediaMissing: MultipartBody = { kind: 'refused', code: 41005 }

/**
 * Reads a multipart body as strictly as `img_sec_check` is reported to (spec §3.1, §8.2): an unquoted boundary, quoted
 * name and ASCII filename, no `filename*`, bytes instead of base64 or a path. Written by hand because parsers forgive
 * what the platform does not.
 */
export function readMultipart(body: Buffer, contentType: string | undefined): MultipartBody {
  const boundary = /^multipart\/form-data\s*;\s*boundary=([^\s";,]{1,70})\s*$/i.exec(contentType ?? '')?.[1]
  if (boundary === undefined) return notMultipart
  const parts = split(body, `--${boundary}`)
  if (parts === null) return notMultipart

  const fields = new Map<string, string>()
  let media: Buffer | null = null
  for (const part of parts) {
    const headEnd = part.indexOf('\r\n\r\n')
    if (headEnd < 0) return notMultipart
    // latin1 keeps every byte, so that a non-ASCII filename is seen as such.
    const head = part.toString('latin1', 0, headEnd)
    const content = part.subarray(headEnd + 4)
    const disposition = /^content-disposition:[ \t]*form-data[ \t]*;(.*)$/im.exec(head)?.[1]
    if (disposition === undefined) return mediaMissing
    const name = /(?:^|;)[ \t]*name="([^"]*)"/i.exec(disposition)?.[1]
    if (name === 'media') {
      if (!hasPlainFilename(disposition) || content.length === 0 || isTextForBytes(content)) return mediaMissing
      media = content
    } else if (name !== undefined) {
      fields.set(name, content.toString('utf8'))
    }
  }
  return media === null ? mediaMissing : { kind: 'form', media, fields }
}

/** The bytes between the delimiters; null when the body does not begin or end with one. */
function split(body: Buffer, delimiter: string): readonly Buffer[] | null {
  if (!body.subarray(0, delimiter.length).equals(Buffer.from(delimiter))) return null
  const parts: Buffer[] = []
  let start = delimiter.length
  while (true) {
    const mark = body.toString('latin1', start, start + 2)
    if (mark === '--') return parts
    if (mark !== '\r\n') return null
    const end = body.indexOf(`\r\n${delimiter}`, start + 2)
    if (end < 0) return null
    parts.push(body.subarray(start + 2, end))
    start = end + 2 + delimiter.length
  }
}

function hasPlainFilename(disposition: string): boolean {
  if (/;[ \t]*filename\*/i.test(disposition)) return false
  const filename = /;[ \t]*filename="([^"]*)"/i.exec(disposition)?.[1]
  return filename !== undefined && /^[\x20-\x7e]+$/.test(filename)
}

/** A path, an address or base64 in place of the file; no picture is written in these characters alone. */
function isTextForBytes(content: Buffer): boolean {
  return /^[\w+/=:.,;@~?&%#\\\r\n-]+$/.test(content.toString('latin1', 0, 512))
}
