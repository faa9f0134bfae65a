import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEncodingDetector, decodeText } from '../../../electron/engine/formats/text/decode-text.ts'
import { type Encoding, type EncodingSaid, encodingStatedFor } from '../../../shared/encodings.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/text/${name}`, import.meta.url))

const sentences = [
  '全场女装低至五折，满300减50，会员再享95折！',
  '活动时间：11月1日至11月11日，数量有限，先到先得。',
  '新客首单立减20元，老客户凭短信到店即送精美礼品一份。',
  '本店商品均为正品，支持七天无理由退换货。',
  '如有疑问，请联系客服，我们会在第一时间为您解答。',
  '产品名称：玻尿酸补水面膜（5片装）；适用人群：所有肤质。',
  '周末带上家人和孩子，一起来感受大自然的美好吧！',
]
const traditionalSentences = [
  '全館女裝低至五折，滿300減50，會員再享95折！',
  '活動時間：11月1日至11月11日，數量有限，先到先得。',
  '本店商品均為正品，請安心購買，最終解釋權歸本店所有。',
  '如有疑問，請聯繫客服，我們會在第一時間為您解答。',
]

/** Without the word that somebody stated it. */
const plainOf = (said: EncodingSaid) => said.replace(' (stated)', '') as Encoding

describe('decoding a text', () => {
  test.each([
    ['simplified.utf-8.txt', 'utf-8'],
    ['simplified.gbk.txt', 'gb18030'],
    ['simplified.gb18030.txt', 'gb18030'],
    ['traditional.gbk.txt', 'gb18030'],
    ['traditional.big5.txt', 'big5'],
  ] as const)('recognises %s as %s and reads it to the last character', (name, encoding) => {
    const decoded = decodeText(fixture(name))
    expect(decoded).toMatchObject({ kind: 'decoded', encoding, bom: false })
    expect(decoded.kind === 'decoded' && encode(decoded.text, encoding).equals(fixture(name))).toBe(true)
  })

  test('reads the emoji that GB18030 writes with four bytes', () => {
    expect(decodeText(fixture('simplified.gb18030.txt'))).toMatchObject({
      text: expect.stringContaining('限时特惠😀🎉'),
    })
  })

  test.each([
    'korean.euc-kr.txt',
    'japanese.euc-jp.txt',
    'japanese.shift-jis.txt',
    'russian.windows-1251.txt',
    'french.latin-1.txt',
  ])('refuses %s, which other encodings can read as nonsense, and names what it may be', name => {
    expect(decodeText(fixture(name))).toMatchObject({
      kind: 'failure',
      code: 'undecodable_text',
      detail: expect.stringContaining('uncertain_encoding'),
    })
  })

  test.each([
    ['UTF-8', [0xef, 0xbb, 0xbf], 'utf-8'],
    ['UTF-16LE', [0xff, 0xfe], 'utf-16le'],
    ['UTF-16BE', [0xfe, 0xff], 'utf-16be'],
  ] as const)('trusts the byte-order mark of %s and leaves it out of the text', (_, mark, encoding) => {
    const bytes = Buffer.concat([Buffer.from(mark), encode('限', encoding)])
    expect(decodeText(bytes)).toEqual({ kind: 'decoded', text: '限', encoding, bom: true })
  })

  test('refuses bytes that contradict their own mark', () => {
    expect(decodeText(Buffer.from([0xef, 0xbb, 0xbf, 0xc4, 0xe3]))).toMatchObject({ code: 'undecodable_text' })
    expect(decodeText(Buffer.from([0xff, 0xfe, 0x00, 0xd8]))).toMatchObject({ code: 'undecodable_text' })
  })

  test('reads plain ASCII as UTF-8, however short', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map(code => String.fromCharCode(code)) }),
        text => {
          expect(decodeText(Buffer.from(text))).toMatchObject({ kind: 'decoded', text, encoding: 'utf-8' })
        },
      ),
    )
  })

  test.each([
    ['one word', '联通'],
    ['two words', '优惠'],
    ['a rare name', '龘靐齉'],
  ])('refuses %s in GBK: too little to be certain', (_, text) => {
    expect(decodeText(encode(text, 'gb18030'))).toMatchObject({ code: 'undecodable_text' })
  })

  test('refuses a file with a passage in another encoding', () => {
    const gbk = encode(sentences.join('\n').repeat(20), 'gb18030')
    const big5 = encode(traditionalSentences.join('\n').replaceAll(/[，。！：]/g, ''), 'big5')
    expect(decodeText(Buffer.concat([gbk, big5, gbk]))).toMatchObject({ code: 'undecodable_text' })
    expect(decodeText(Buffer.concat([gbk, Buffer.from(sentences.join('').repeat(2))]))).toMatchObject({
      code: 'undecodable_text',
    })
  })

  test('refuses control characters and zero bytes, and says which', () => {
    expect(decodeText(Buffer.from('限时\u0003优惠'))).toMatchObject({ detail: expect.stringContaining('U+0003') })
    expect(decodeText(Buffer.from('a\0b'))).toMatchObject({ code: 'undecodable_text' })
  })

  test('recognises realistic Chinese in every encoding, whatever is drawn together', () => {
    const simplified = fc.array(fc.constantFrom(...sentences), { minLength: 1, maxLength: 30 })
    const traditional = fc.array(fc.constantFrom(...traditionalSentences), { minLength: 1, maxLength: 30 })
    const cases = fc.oneof(
      fc.tuple(fc.constantFrom<Encoding>('utf-8', 'gb18030', 'utf-16le', 'utf-16be'), simplified),
      fc.tuple(fc.constantFrom<Encoding>('utf-8', 'big5', 'gb18030', 'utf-16le', 'utf-16be'), traditional),
    )
    fc.assert(
      fc.property(cases, fc.constantFrom('\n', '\r\n', ' '), ([encoding, parts], separator) => {
        const text = parts.join(separator)
        expect(decodeText(encode(text, encoding))).toEqual({ kind: 'decoded', text, encoding, bom: false })
      }),
      { numRuns: 300 },
    )
  })

  test('never reads a text of one encoding as if it were in another', () => {
    const pieces = fc.array(fc.constantFrom(...sentences.flatMap(each => [each, each.slice(0, 3), each.slice(4, 9)])), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(fc.constantFrom<Encoding>('gb18030', 'utf-16le', 'utf-16be', 'utf-8'), pieces, (encoding, parts) => {
        const text = parts.join('')
        // A few characters of UTF-16 without a mark can be a few letters of ASCII, and ASCII they then are.
        fc.pre(!encoding.startsWith('utf-16') || text.length >= 8)
        const decoded = decodeText(encode(text, encoding))
        if (decoded.kind === 'decoded') expect(decoded.text).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test('refuses random bytes, or gives back exactly what they say', () => {
    let refused = 0
    let decodedCount = 0
    const check = (bytes: Uint8Array) => {
      const decoded = decodeText(bytes)
      if (decoded.kind === 'failure') {
        expect(decoded.code).toBe('undecodable_text')
        refused++
        return
      }
      decodedCount++
      const mark = decoded.bom ? encode('\uFEFF', plainOf(decoded.encoding)) : Buffer.alloc(0)
      expect(Buffer.concat([mark, encode(decoded.text, plainOf(decoded.encoding))]).equals(bytes)).toBe(true)
    }
    fc.assert(fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), check), { numRuns: 1000 })
    // Of eight such bytes chance makes valid UTF-8 once in some 1500 draws, of twenty in none of 200 000.
    const high = fc.uint8Array({ min: 0x81, max: 0xfe, minLength: 32, maxLength: 200 })
    const before = decodedCount
    fc.assert(fc.property(high, check), { numRuns: 1000 })
    expect(decodedCount).toBe(before)
    expect(refused).toBeGreaterThan(1000)
  })

  test('judges a stream in pieces of any size as it judges the whole', () => {
    const bytes = fixture('simplified.gb18030.txt')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length }), size => {
        const detector = createEncodingDetector()
        for (let start = 0; start < bytes.length; start += size) detector.push(bytes.subarray(start, start + size))
        expect(detector.finish()).toEqual({ kind: 'encoding', encoding: 'gb18030', said: 'gb18030', bom: false })
      }),
    )
  })
})

const tables = new Map<Encoding, ReadonlyMap<string, readonly number[]>>()

/** Encodes with the inverse of what `TextDecoder` reads, since Node only encodes UTF. */
function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  const table = tables.get(encoding) ?? invert(encoding)
  tables.set(encoding, table)
  return Buffer.from(
    [...text].flatMap(character => {
      const bytes = table.get(character)
      if (bytes === undefined) throw new Error(`${character} is not in ${encoding}`)
      return bytes
    }),
  )
}

function invert(encoding: Encoding): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const table = new Map<string, readonly number[]>()
  const add = (...bytes: number[]) => {
    try {
      const character = decoder.decode(Uint8Array.from(bytes))
      if ([...character].length === 1 && !table.has(character)) table.set(character, bytes)
    } catch {
      // Not a character of this encoding.
    }
  }
  for (let byte = 0; byte < 0x81; byte++) add(byte)
  // Big5 has a few characters twice: the usual place is in the rows of characters, not in those of symbols.
  const leads = Array.from({ length: 0xfe - 0x81 + 1 }, (_, index) => 0x81 + index)
  const isSymbolRow = (lead: number) => encoding === 'big5' && lead > 0xa1 && lead < 0xa4
  for (const lead of leads.toSorted((a, b) => Number(isSymbolRow(a)) - Number(isSymbolRow(b)))) {
    for (let trail = 0x40; trail <= 0xfe; trail++) add(lead, trail)
  }
  if (encoding === 'gb18030') {
    for (const emoji of ['😀', '🎉']) {
      const pointer = (emoji.codePointAt(0) ?? 0) - 0x10000
      const bytes = [
        0x90 + Math.floor(pointer / 12600),
        0x30 + (Math.floor(pointer / 1260) % 10),
        0x81 + (Math.floor(pointer / 10) % 126),
        0x30 + (pointer % 10),
      ]
      add(...bytes)
    }
  }
  return table
}

describe('an encoding that was stated', () => {
  const uncertain = encode('张三', 'gb18030')

  test('is that of a text whose bytes leave it open, and is said to be stated', () => {
    expect(decodeText(uncertain)).toMatchObject({ code: 'undecodable_text' })
    expect(decodeText(uncertain, 'gb18030')).toEqual({
      kind: 'decoded',
      text: '张三',
      encoding: 'gb18030 (stated)',
      bom: false,
    })
  })

  test('changes nothing about a text that is certain', () => {
    const certain = Buffer.from('限时优惠，全场五折，先到先得')
    expect(decodeText(certain, 'gb18030')).toMatchObject({ encoding: 'utf-8' })
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('a')])
    expect(decodeText(marked, 'gb18030')).toMatchObject({ encoding: 'utf-8', bom: true })
  })

  test('reads nothing that is no text in it', () => {
    expect(decodeText(uncertain, 'utf-8')).toMatchObject({ code: 'undecodable_text' })
    expect(decodeText(Buffer.from([0xd5, 0xc5, 0x01, 0xc8, 0xfd]), 'gb18030')).toMatchObject({
      code: 'undecodable_text',
    })
  })

  test('is the nearest that was stated, of a file, a folder, or all', () => {
    const stated = [
      { path: null, encoding: 'big5' },
      { path: '/a', encoding: 'gb18030' },
      { path: '/a/b.txt', encoding: 'utf-8' },
    ] as const
    expect(encodingStatedFor('/a/b.txt', stated)).toBe('utf-8')
    expect(encodingStatedFor('/a/x.zip/c.txt', stated)).toBe('gb18030')
    expect(encodingStatedFor('/ab/c.txt', stated)).toBe('big5')
    expect(encodingStatedFor(null, stated)).toBe('big5')
    expect(encodingStatedFor('/z', [])).toBeNull()
  })
})
