/** Header fields of mails and of their parts: RFC 5322, with words encoded as in RFC 2047 and parameters as in RFC 2231. */

import { isUtf8 } from 'node:buffer'

export interface Field {
  /** In lower case; empty for a line that is no field. */
  readonly name: string
  /** Unfolded, as it stands in the file. */
  readonly value: Uint8Array
}

/** A value such as `text/html; charset=gbk`. */
export interface Parameterised {
  /** In lower case. */
  readonly value: string
  /** By their names in lower case. */
  readonly parameters: ReadonlyMap<string, string>
  /** Whether a parameter is there twice: programs take either. */
  readonly isDoubtful: boolean
  /** Every name of a file in it: programs show one or the other. */
  readonly names: readonly string[]
}

/** Splits the bytes of a header; a line that is neither a field nor goes on with one is a field without a name. */
export function fieldsOf(header: Buffer): readonly Field[] {
  const fields: { name: string; lines: string[] }[] = []
  for (const line of header.toString('latin1').split(/\r\n|\r|\n/)) {
    const last = fields.at(-1)
    const start = /^([!-9;-~]+)[ \t]*:/.exec(line)
    if (/^[ \t]/.test(line) && last !== undefined) last.lines.push(line)
    else if (start !== null) fields.push({ name: (start[1] ?? '').toLowerCase(), lines: [line.slice(start[0].length)] })
    else if (line.trim() !== '') fields.push({ name: '', lines: [line] })
  }
  return fields.map(({ name, lines }) => ({ name, value: Buffer.from(lines.join('').trim(), 'latin1') }))
}

/** The first value of these fields with its parameters; `text/plain` makes of nothing what the caller says. */
export function parameterised(value: Uint8Array, charset: string | null): Parameterised {
  const [text = ''] = readingsOf(value, charset)
  const [first = ''] = text.split(';', 1)
  const parameters = new Map<string, string>()
  const pieces = new Map<string, { readonly at: number; readonly text: string; readonly isEncoded: boolean }[]>()
  const names: string[] = []
  const isName = (name: string) => name === 'name' || name === 'filename'
  let isDoubtful = false
  for (const match of text.slice(first.length).matchAll(parameter)) {
    const [, written = '', quoted, bare = ''] = match
    const [, name = '', at, star] = /^([^*]*)(?:\*(\d+))?(\*)?$/.exec(written.toLowerCase()) ?? []
    const own = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare.trim()
    if (at === undefined && star === undefined) {
      const { text } = decodedWords(own)
      isDoubtful ||= parameters.has(name)
      if (!parameters.has(name)) parameters.set(name, text)
      if (isName(name)) names.push(text)
    } else {
      const all = pieces.get(name) ?? []
      all.push({ at: Number(at ?? 0), text: own, isEncoded: star !== undefined })
      pieces.set(name, all)
    }
  }
  // What is given in both ways is for older programs in one and for newer ones in the other.
  for (const [name, all] of pieces) {
    const text = joined(all.toSorted((one, other) => one.at - other.at))
    parameters.set(name, text)
    if (isName(name)) names.push(text)
  }
  return {
    value: first
      .replaceAll(/\([^()]*\)/g, '')
      .trim()
      .toLowerCase(),
    parameters,
    isDoubtful,
    names,
  }
}

const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/gs

/** The pieces of a parameter (RFC 2231): `charset'language'percent-encoded`, the charset with the first. */
function joined(pieces: readonly { readonly text: string; readonly isEncoded: boolean }[]): string {
  let charset = 'utf-8'
  const bytes = pieces.map(({ text, isEncoded }, index) => {
    if (!isEncoded) return Buffer.from(text)
    const named = index === 0 ? /^([^']*)'[^']*'/.exec(text) : null
    if (named !== null) charset = named[1] || charset
    return percentDecoded(text.slice(named?.[0].length ?? 0))
  })
  const whole = Buffer.concat(bytes)
  return decodedAs(whole, charset) ?? whole.toString('latin1')
}

function percentDecoded(text: string): Buffer {
  return Buffer.from(
    text.replaceAll(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  )
}

/**
 * What a field may say: one text, or several where its bytes name no encoding and are none of UTF-8. `charset` is that of the words
 * beside it, if they name one.
 */
export function readingsOf(value: Uint8Array, charset: string | null): readonly string[] {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (isUtf8(bytes)) return [bytes.toString()]
  const texts = [charset, 'gb18030', 'big5'].flatMap(each => (each === null ? [] : (decodedAs(bytes, each) ?? [])))
  return texts.length === 0 ? [bytes.toString('latin1')] : [...new Set(texts)]
}

/** The text with its encoded words read; `unread` counts those whose encoding is not known or whose bytes are none of it. */
export function decodedWords(text: string): { readonly text: string; readonly unread: number } {
  let unread = 0
  const decoded = text
    .replaceAll(new RegExp(`(${word})(?:\\s+(?=${word}))`, 'g'), '$1')
    .replaceAll(new RegExp(`(?:${word})+`, 'g'), run => {
      const pieces: { charset: string; bytes: Buffer; written: string }[] = []
      for (const [written, charset = '', way = '', content = ''] of run.matchAll(new RegExp(wordParts, 'g'))) {
        const bytes =
          way.toLowerCase() === 'b'
            ? Buffer.from(content, 'base64')
            : Buffer.from(unquoted(content.replaceAll('_', ' ')), 'latin1')
        const last = pieces.at(-1)
        // A character may begin in one word and end in the next.
        if (last !== undefined && last.charset === charset.toLowerCase()) {
          last.bytes = Buffer.concat([last.bytes, bytes])
          last.written += written
        } else pieces.push({ charset: charset.toLowerCase(), bytes, written })
      }
      return pieces
        .map(({ charset, bytes, written }) => {
          const read = decodedAs(bytes, charset)
          if (read === null) unread++
          return read ?? written
        })
        .join('')
    })
  return { text: decoded, unread }
}

const word = '=\\?[^?\\s*]{1,40}(?:\\*[^?\\s]{0,40})?\\?[BbQq]\\?[^?\\r\\n]{0,2000}\\?='
const wordParts = '=\\?([^?\\s*]{1,40})(?:\\*[^?\\s]{0,40})?\\?([BbQq])\\?([^?\\r\\n]{0,2000})\\?='

function unquoted(text: string): string {
  return text.replaceAll(/=([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** Null for an encoding that is not known, and for bytes that are none of it. What is sent as GB 2312 is GB 18030, which has all of it. */
export function decodedAs(bytes: Uint8Array, charset: string): string | null {
  const label = charset.trim().toLowerCase()
  if (/^(?:us-)?ascii$/.test(label))
    return bytes.every(byte => byte < 0x80) ? Buffer.from(bytes).toString('latin1') : null
  try {
    return new TextDecoder(chinese.test(label) ? 'gb18030' : label, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

const chinese = /^(?:x-)?(?:gb_?2312(?:-80)?|gbk|cp936|ms936|windows-936|euc-cn|gb18030)$/
