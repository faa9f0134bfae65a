import { describe, expect, test } from 'vitest'
import { sniff } from '../../../electron/engine/formats/sniff.ts'
import { remarkText } from '../../../shared/remarks/index.ts'
import { png } from '../intake/harness.ts'
import { zipOf } from './zip-file.ts'

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat([
    ...parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    Buffer.alloc(64),
  ])

describe('judging content by its first bytes', () => {
  test.each([
    ['a PNG', png, 'image/png'],
    ['a JPEG', bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF'), 'image/jpeg'],
    ['a GIF', bytes('GIF89a'), 'image/gif'],
    ['a WebP', bytes('RIFF', [9, 0, 0, 0], 'WEBPVP8 '), 'image/webp'],
    ['a BMP', bytes('BM', [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]), 'image/bmp'],
    ['a TIFF', bytes('II', [42, 0, 8, 0, 0, 0]), 'image/tiff'],
    ['an AVIF', bytes([0, 0, 0, 28], 'ftypavif', [0, 0, 0, 0], 'avifmif1'), 'image/avif'],
    ['a HEIC', bytes([0, 0, 0, 24], 'ftypheic', [0, 0, 0, 0], 'mif1heic'), 'image/heic'],
    [
      'an SVG',
      Buffer.from('<?xml version="1.0"?>\n<!-- 限 -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'image/svg+xml',
    ],
    ['an SVG after an instruction', Buffer.from('<?xml version="1.0"?>\n<?pi x?>\n<svg/>'), 'image/svg+xml'],
    ['an SVG after another document type', Buffer.from('<!DOCTYPE foo [<!ENTITY a "]">]>\n<svg/>'), 'image/svg+xml'],
    ['an SVG whose prefix has a hyphen', Buffer.from('<my-ns:svg xmlns:my-ns="x"/>'), 'image/svg+xml'],
    ['an SVG in UTF-16', Buffer.from('\uFEFF<svg xmlns="http://www.w3.org/2000/svg"/>', 'utf16le'), 'image/svg+xml'],
  ])('takes %s for an image', async (_, head, mime) => {
    expect(await sniff(head)).toEqual({ kind: 'image', mime })
  })

  test.each([
    ['MP3', bytes('ID3', [3, 0, 0, 0, 0, 0, 0], [0xff, 0xfb, 0x90, 0])],
    ['WAV', bytes('RIFF', [36, 0, 0, 0], 'WAVEfmt ')],
    ['FLAC', bytes('fLaC', [0, 0, 0, 34])],
    [
      'Opus',
      bytes(
        'OggS',
        Array.from({ length: 24 }, () => 0),
        'OpusHead',
      ),
    ],
    ['AC-3', bytes([0x0b, 0x77, 0, 0, 0, 0x40])],
  ])('takes %s for audio', async (_, head) => {
    expect(await sniff(head)).toMatchObject({ kind: 'audio' })
  })

  test.each([
    'BMW 新款上市',
    'MZ 世代最爱',
    'GIF 动图合集',
    'II 号套餐',
    'PK 大赛',
    'ID3 教程',
    'RIFF',
    '8BPS',
    '<p>限时</p>',
  ])('takes “%s” for text, although it begins like something else', async text => {
    expect(await sniff(Buffer.from(text))).toEqual({ kind: 'text' })
  })

  test('takes UTF-16 for text, with a mark or without', async () => {
    const text = '限时优惠，全场五折，先到先得！会员再享折上折。\n'
    expect(await sniff(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toEqual({ kind: 'text' })
    expect(await sniff(Buffer.from(text, 'utf16le'))).toEqual({ kind: 'text' })
    expect(await sniff(Buffer.from(text, 'utf16le').swap16())).toEqual({ kind: 'text' })
  })

  test.each([
    ['data of a PDF form', Buffer.from('%FDF-1.2\n1 0 obj'), 'PDF form'],
    ['a PDF behind something else', Buffer.from(`${' '.repeat(2000)}\n%PDF-1.7\n1 0 obj`), 'behind other content'],
    ['an old Illustrator file', Buffer.from('%!PS-Adobe-3.0\n%%Creator: Adobe Illustrator(R) 8.0\n'), 'Create PDF'],
    ['RTF', Buffer.from('{\\rtf1'), 'RTF'],
    ['pixels written as digits', Buffer.from('P3\n# by hand\n2 1\n255\n255 0 0 0 0 255\n'), 'image'],
    ['pixels written as letters', Buffer.from('/* XPM */\nstatic char *a[] = {"1 1 1 1"};'), 'image'],
    ['pixels written as a program', Buffer.from('#define a_width 8\n#define a_height 8\n'), 'image'],
    ['a program', bytes('MZ', [0x90, 0, 3]), 'program'],
    ['an ELF program', bytes([0x7f], 'ELF', [2, 1, 1]), 'program'],
    ['a bzip2', bytes('BZh91AY&SY', [0]), 'archive'],
    ['noise', Buffer.from([0, 1, 2, 3, 0xfe, 0xfd]), 'unknown'],
  ])('says what %s is and refuses it', async (_, head, what) => {
    const sniffed = await sniff(head)
    expect(sniffed.kind === 'unsupported' ? remarkText(sniffed.what, 'en') : sniffed.kind).toContain(what)
  })

  test.each([
    ['film', bytes([0, 0, 0, 24], 'ftypisom', [0, 0, 2, 0], 'isommp42')],
    ['recording', bytes([0, 0, 0, 24], 'ftypM4A ', [0, 0, 0, 0], 'M4A ')],
  ])('finds a %s by its brand', async (name, head) => {
    expect(await sniff(head)).toMatchObject({ kind: 'format', format: { name } })
  })

  test('is not kept busy by a comment among pixels', async () => {
    expect(await sniff(Buffer.from(`P1\n${'# '.repeat(400)}`))).toEqual({ kind: 'text' })
  })

  test('leaves compound files to their directory', async () => {
    expect(await sniff(bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]))).toEqual({ kind: 'compound' })
  })

  test('leaves zip containers to their directory', async () => {
    expect(await sniff(zipOf({ 'a.txt': 'a' }))).toEqual({ kind: 'zip' })
  })
})
