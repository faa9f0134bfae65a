import { domainToUnicode } from 'node:url'
import { commonCharacters } from './common-characters.ts'
import type { Edit } from './edits.ts'

/**
 * Ways to write Chinese, Japanese or Korean characters in others: escapes of programming languages, references, percent-encoding,
 * the encodings of mail. The platform checks what is written and not what it stands for (docs/protocol.md §8.3), while the program that the text
 * is made for shows the characters: they are read, and sent as well. A spelling stands here only if what it says is certain.
 */
export function spelledCharacters(text: string): readonly Edit[] {
  return spellings
    .filter(({ mark }) => text.includes(mark))
    .flatMap(({ pattern, read }) =>
      Array.from(text.matchAll(pattern)).flatMap(match => {
        const said = read(match)
        return said === null || !isForeign(said)
          ? []
          : [{ start: match.index, end: match.index + match[0].length, text: said }]
      }),
    )
    .sort((a, b) => a.start - b.start || b.end - a.end)
}

/**
 * Words of mail in an encoding that is not read here, and passages in an encoding of seven bits (HZ, UTF-7): a program shows a text as
 * written or decoded all through, and which one the text is made for its bytes do not tell. What they seem to say is sent nevertheless.
 */
export function countUnreadSpellings(text: string): number {
  let count = 0
  if (text.includes('=?'))
    count += Array.from(text.matchAll(mailWord)).filter(each => decodeMailWord(each) === null).length
  for (const { mark, pattern, read } of sevenBits) {
    if (!text.includes(mark)) continue
    count += Array.from(text.matchAll(pattern)).filter(each => isForeign(read(each) ?? '')).length
  }
  return count
}

interface Spelling {
  /** What every one of them contains, so that most texts are not searched for it. */
  readonly mark: string
  readonly pattern: RegExp
  read(match: RegExpExecArray): string | null
}

const mailWord = /=\?([\w-]{2,40})\?([BQ])\?([^?\s]{1,2000})\?=/gi

const sevenBits: readonly Spelling[] = [
  // HZ: GB2312 without its eighth bits (RFC 1843).
  {
    mark: '~{',
    pattern: /~\{([!-}]{2,2000})(?:~\}|$)/gm,
    read: ([, letters = '']) => readHz(letters),
  },
  // ISO-2022-CN and -JP, whose escapes are controls, are refused where the text is decoded. UTF-7, of mail and of mailboxes:
  { mark: '+', pattern: /\+([A-Za-z\d+/]{3,2000})-?/g, read: ([, letters = '']) => decodeUtf7(letters) },
  {
    mark: '&',
    pattern: /&([A-Za-z\d+,]{3,2000})-/g,
    read: ([, letters = '']) => decodeUtf7(letters.replaceAll(',', '/')),
  },
]

const numbers = (all: string, pattern: RegExp, base: number) =>
  Array.from(all.matchAll(pattern), ([, digits = '']) => Number.parseInt(digits, base))

/** Characters and bytes as lists of numbers, whatever stands around each: any numbers give something, so it has to read like Chinese. */
const numberLists: readonly Spelling[] = [
  {
    mark: '',
    pattern: /(?<![\da-z])(?:(?:0x|&h|u|x|\^{4}|char"|#x)?[4-9][\da-f]{3}[ ,;]{0,2}){4,400}(?![\da-z])/gi,
    read: ([all]) => commonOrNull(numbers(all, /(?:0x|&h|u|x|\^{4}|char"|#x)?([4-9][\da-f]{3})/gi, 16)),
  },
  {
    mark: '',
    pattern: /(?:\\?(?:\^{4}|char"|\\symbol\{?"?)[4-9][\da-f]{3}\}?){1,400}/gi,
    read: ([all]) => commonOrNull(numbers(all, /([4-9][\da-f]{3})(?![\da-f])/gi, 16)),
  },
  {
    mark: '',
    pattern:
      /(?<!\d)(?:(?:chrw?|unichar|cid)?[(:]{0,1}(?:19\d{3}|[23]\d{4}|40\d{3})\)?[ ,;&+]{1,3}(?:\(?=c|u)?){3,400}(?:(?:chrw?|unichar|cid)?[(:]?(?:19\d{3}|[23]\d{4}|40\d{3})\)?)(?!\d)/gi,
    read: ([all]) => commonOrNull(numbers(all, /(\d{5})/g, 10)),
  },
  {
    mark: '',
    pattern: /(?<![\da-z])(?:(?:0x)?[\da-f]{2}[ ,:;-]{1,2}){5,2000}(?:0x)?[\da-f]{2}(?![\da-z])/gi,
    read: ([all]) => readBytes(numbers(all, /(?:0x)?([\da-f]{2})/gi, 16)),
  },
  {
    mark: '',
    pattern: /(?<!\d)(?:(?:1\d\d|2[0-4]\d)[ ,;]{1,2}){5,2000}(?:1\d\d|2[0-4]\d)(?!\d)/g,
    read: ([all]) => decode('utf-8', numbers(all, /(\d{3})/g, 10)),
  },
  {
    mark: '',
    pattern: /(?<![01])(?:[01]{8}[ ,]?){6,2000}(?![01])/g,
    read: ([all]) => decode('utf-8', numbers(all, /([01]{8})/g, 2)),
  },
  {
    mark: '0x',
    pattern: /(?<![\da-z])0x((?:[\da-f]{2}){6,2000})(?![\da-z])/gi,
    read: ([, digits = '']) => decode('utf-8', Buffer.from(digits, 'hex')),
  },
]

/** In UTF-8, or in the UTF-16 of Windows. */
function readBytes(bytes: readonly number[]): string | null {
  const wide = bytes.length % 2 === 0 ? decode('utf-16le', bytes) : null
  return decode('utf-8', bytes) ?? (wide !== null && isForeign(wide) && isCommon(wide) ? wide : null)
}

function commonOrNull(codes: readonly number[]): string | null {
  const text = codes.map(code => String.fromCodePoint(code)).join('')
  return isForeign(text) && isCommon(text, 'a third') ? text : null
}

const spellings: readonly Spelling[] = [
  // JavaScript, Java, JSON, Python, Swift, Rust, Perl. A surrogate pair is written as two.
  {
    mark: '\\',
    pattern: /(?:\\{1,8}(?:u\{[\da-f]{1,6}\}|U000[\da-f]{5}|u{1,4}\+?[\da-f]{4}|x\{[\da-f]{1,6}\})){1,400}/gi,
    read: ([all]) =>
      Array.from(all.matchAll(/[ux]\{?\+?([\da-f]+)/gi), ([, digits]) => characterOf(digits, 16)).join(''),
  },
  // The bytes of UTF-8 or of GBK in hexadecimal or octal digits.
  {
    mark: '\\',
    pattern: /(?:\\{1,2}x[89a-f][\da-f]|\\{1,2}[2-3][0-7]{2}){2,1000}/gi,
    read: ([all]) =>
      decodeBytes(
        Array.from(all.matchAll(/x([\da-f]{2})|([0-7]{3})/gi), ([, hex, octal]) =>
          hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16),
        ),
      ),
  },
  // RTF: characters by signed numbers, with what older readers show, and bytes.
  {
    mark: '\\',
    pattern: /(?:\\u-?\d{4,5} ?\??){1,400}/g,
    read: ([all]) =>
      Array.from(all.matchAll(/-?\d+/g), ([digits]) => characterOf(String(Number(digits) & 0xffff), 10)).join(''),
  },
  {
    mark: "\\'",
    pattern: /(?:\\'[\da-f]{2}){2,1000}/gi,
    read: ([all]) => decodeBytes(Array.from(all.matchAll(/[\da-f]{2}/gi), ([digits]) => Number.parseInt(digits, 16))),
  },
  // CSS; a space after it belongs to it.
  {
    mark: '\\',
    pattern: /(?:\\(?:00)?[2-9a-f][\da-f]{3,4}[ \t]?){1,400}/gi,
    read: ([all]) => Array.from(all.matchAll(/[\da-f]{4,6}/gi), ([digits]) => characterOf(digits, 16)).join(''),
  },
  {
    mark: 'U+',
    pattern:
      /(?:[{<(\\]?(?<![\da-z])U\+[2-9a-f][\da-f]{3}(?:[\da-f](?![\da-f]))?[}>)]?[ ,]{0,2}|(?<=[\da-f])U\+[2-9a-f][\da-f]{3}){1,400}/gi,
    read: ([all]) => Array.from(all.matchAll(/U\+([\da-f]+)/gi), ([, digits]) => characterOf(digits, 16)).join(''),
  },
  {
    mark: '#',
    pattern: /&(?:amp;){0,3}#x0{0,8}([1-9a-f][\da-f]{3,5});?/gi,
    read: ([, digits]) => characterOf(digits, 16),
  },
  { mark: '#', pattern: /&(?:amp;){0,3}#0{0,8}([1-9]\d{3,6});?/g, read: ([, digits]) => characterOf(digits, 10) },
  // Mermaid, MathJax, and the names of characters.
  { mark: '#', pattern: /(?<![&\w])#([1-9]\d{4});/g, read: ([, digits]) => characterOf(digits, 10) },
  { mark: '\\unicode', pattern: /\\unicode\{x([\da-f]{4,5})\}/gi, read: ([, digits]) => characterOf(digits, 16) },
  {
    mark: 'IDEOGRAPH-',
    pattern: /\\N\{CJK UNIFIED IDEOGRAPH-([\dA-F]{4,5})\}/g,
    read: ([, digits]) => characterOf(digits, 16),
  },
  // Office: characters that its files cannot hold.
  { mark: '_x', pattern: /_x([2-9a-f][\da-f]{3})_/gi, read: ([, digits]) => characterOf(digits, 16) },
  {
    mark: '%',
    pattern: /(?:%(?:25){0,3}[89a-f][\da-f](?:%(?:25){0,3}[\da-f]{2}|[@-~](?=%|\b)){0,1000})/gi,
    read: ([all]) =>
      decodeBytes(
        Array.from(all.replace(/%(?:25)+/g, '%').matchAll(/%([\da-f]{2})|(.)/gi), ([, hex, plain]) =>
          hex === undefined ? (plain ?? '').charCodeAt(0) : Number.parseInt(hex, 16),
        ),
      ),
  },
  {
    mark: '%',
    pattern: /(?:%(?:25){0,3}u[\da-f]{4}){1,400}/gi,
    read: ([all]) => Array.from(all.matchAll(/u([\da-f]{4})/gi), ([, digits]) => characterOf(digits, 16)).join(''),
  },
  // Quoted-printable; its lines end with = where they are folded, between two bytes of one character as well.
  {
    mark: '=',
    pattern: /(?:=[89A-F][\dA-F](?:=\r?\n)?)(?:=[\dA-F]{2}(?:=\r?\n)?){1,2000}/gi,
    read: ([all]) =>
      decodeBytes(Array.from(all.matchAll(/=([\dA-F]{2})/gi), ([, hex = '']) => Number.parseInt(hex, 16))),
  },
  { mark: '=?', pattern: mailWord, read: decodeMailWord },
  ...sevenBits,
  ...numberLists,
  // The bytes of UTF-8 or GBK taken for Western letters.
  {
    mark: '',
    pattern:
      /[\u00a1-\u00ff](?:[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]){3,2000}/g,
    read: ([letters]) => readWestern(letters),
  },
  {
    mark: 'xn--',
    pattern: /\bxn--[a-z\d-]{1,59}(?:\.[a-z\d-]{1,63}){0,8}/gi,
    read: ([name]) => domainToUnicode(name),
  },
]

function characterOf(digits: string | undefined, base: number): string {
  const code = Number.parseInt(digits ?? '', base)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

/** As UTF-8, else as GBK: the bytes of Chinese are hardly ever both. */
function decodeBytes(bytes: readonly number[]): string | null {
  return decode('utf-8', bytes) ?? decode('gb18030', bytes)
}

function decode(encoding: string, bytes: Iterable<number>): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return null
  }
}

/** Null where it is something else between such marks, as in the formats of programs. */
function readHz(letters: string): string | null {
  const text = decode(
    'gb18030',
    Array.from(letters, letter => letter.charCodeAt(0) | 0x80),
  )
  return text !== null &&
    /^[\p{Script=Han}\u3000-\u303f\uff00-\uffef“”‘’…—·]+$/u.test(text) &&
    isCommon(text, 'a third')
    ? text
    : null
}

function decodeUtf7(letters: string): string | null {
  const bytes = Buffer.from(letters, 'base64')
  const text = decode('utf-16be', bytes.subarray(0, bytes.length - (bytes.length % 2)))
  // Any letters decode to something: only what is Chinese all through is meant so.
  if (text === null || !/^[\p{Script=Han}\u3000-\u303f\uff00-\uffef]+$/u.test(text)) return null
  // What an encoder writes has no bit to spare.
  const isWhole = Buffer.from(text, 'utf16le').swap16().toString('base64').replace(/=+$/, '') === letters
  return isWhole && text.length >= 2 && isCommon(text, text.length >= 4 ? 'a third' : 'half') ? text : null
}

function decodeMailWord([, charset = '', kind, content = '']: RegExpExecArray): string | null {
  const bytes =
    kind?.toUpperCase() === 'B'
      ? Buffer.from(content, 'base64')
      : Array.from(content.replaceAll('_', ' ').matchAll(/=([\da-f]{2})|([\s\S])/gi), ([, hex, plain]) =>
          hex === undefined ? (plain ?? '').charCodeAt(0) & 0xff : Number.parseInt(hex, 16),
        )
  return decode(charset, bytes)
}

/** What Windows-1252 shows in place of the bytes from 0x80 to 0x9f. */
const westernExtras = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

function readWestern(letters: string): string | null {
  const bytes = Array.from(letters, letter => {
    const extra = westernExtras.indexOf(letter)
    return extra < 0 ? letter.charCodeAt(0) : 0x80 + extra
  })
  const text = decodeBytes(bytes)
  // Four accented letters in a row are no word of any language: less is enough to be certain.
  return text !== null && isCommon(text, 'a third') ? text : null
}

/** Whether it has Chinese, Japanese or Korean characters. */
export function isForeign(text: string): boolean {
  return /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ud840-\ud884]/.test(text)
}

/** Whether it reads like Chinese: by accident, bytes give rare characters. */
export function isCommon(text: string, certainty: 'half' | 'a third' = 'half'): boolean {
  let common = 0
  let foreign = 0
  for (const character of text) {
    if (commonCharacters.has(character)) common++
    else if (character > '\u00a0') foreign++
  }
  return certainty === 'half' ? common > foreign : common * 2 >= foreign
}

const chineseOnly = /^[\p{Script=Han}\u3000-\u303f\uff00-\uffef -~]{3,}$/u

/** Bytes as text, where they are certainly Chinese. */
export function readChinese(bytes: Uint8Array): string | null {
  const text = decode('utf-8', bytes)
  if (text !== null) return isForeign(text) && !/(?=[^\t\n\r])\p{Cc}/u.test(text) ? text : null
  // Two bytes of any kind are a character of GBK: three common ones in a row are no accident.
  const gbk = decode('gb18030', bytes)
  if (gbk !== null && chineseOnly.test(gbk) && isForeign(gbk) && isCommon(gbk, gbk.length < 6 ? 'half' : 'a third')) {
    return gbk
  }
  if (bytes.length % 2 !== 0 || bytes.length < 6) return null
  const wide = [decode('utf-16le', bytes), decode('utf-16be', bytes)]
  return (
    wide.find(each => each !== null && chineseOnly.test(each) && isForeign(each) && isCommon(each, 'a third')) ?? null
  )
}
