import { expect, test } from 'vitest'
import { decodeText } from '../../../electron/engine/formats/text/decode-text.ts'
import { previewBytes, readingsOf } from '../../../electron/engine/formats/text/encoding-preview.ts'
import { failure } from '../../../shared/conclusion.ts'
import { isEncodingOpen } from '../../../shared/uncertain-texts.ts'

/** "抢购" in GBK: two characters, of which nothing is certain. */
const short = Uint8Array.of(0xc7, 0xc0, 0xb9, 0xba)

test('a text that may be several things is shown in each encoding that it is valid in', () => {
  const readings = readingsOf(short)
  expect(readings.find(({ encoding }) => encoding === 'gb18030')?.lines).toEqual(['抢购'])
  expect(readings.map(({ encoding }) => encoding)).toContain('big5')
  expect(readings.map(({ encoding }) => encoding)).not.toContain('utf-8')
})

test('a beginning that ends within a character is read up to there', () => {
  expect(readingsOf(short.subarray(0, 3)).find(({ encoding }) => encoding === 'gb18030')?.lines).toEqual(['抢'])
})

test('blank lines are passed over, three lines are shown, and long ones are cut', () => {
  const text = `\n\nfirst\n${'x'.repeat(400)}\r\nthird\nfourth`
  const lines = readingsOf(Buffer.from(text)).find(({ encoding }) => encoding === 'utf-8')?.lines
  expect(lines).toEqual(['first', 'x'.repeat(120), 'third'])
})

test('what has control characters in an encoding is no text in it', () => {
  expect(readingsOf(Uint8Array.of(0x41, 0x00, 0x42, 0x00)).map(({ encoding }) => encoding)).toEqual([
    'utf-16le',
    'utf-16be',
  ])
  expect(readingsOf(new Uint8Array(previewBytes))).toEqual([])
})

test('only what is refused for want of an encoding waits for somebody to name one', () => {
  const refused = decodeText(short)
  if (refused.kind !== 'failure') throw new Error('two characters are certain of nothing')
  expect(isEncodingOpen(refused.code, refused.detail)).toBe(true)
  const wrong = decodeText(short, 'utf-8')
  expect(wrong.kind === 'failure' && isEncodingOpen(wrong.code, wrong.detail)).toBe(true)
  expect(isEncodingOpen('undecodable_text', failure('INPUT', 'undecodable_text', '').detail)).toBe(false)
  expect(isEncodingOpen('empty', refused.detail)).toBe(false)
  expect(isEncodingOpen(null, null)).toBe(false)
})
