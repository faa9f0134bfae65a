import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extractDoc } from '../../../electron/engine/formats/doc/extract-doc.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { mutationsOf } from './mutations.ts'
import { oldDocumentWith } from './old-documents.ts'
import { drawnOf } from './old-workbooks.ts'

type Given = Parameters<typeof oldDocumentWith>[1]

function read(stories: readonly string[], given: Given = {}) {
  const extracted = extractDoc(oldDocumentWith(stories, given))
  if (extracted.kind === 'failure') return ['failure', detailText(extracted.detail, 'en')]
  return [extracted.text, remarksText(extracted.omitted, 'en')]
}

const shape = (type: number, options: Uint8Array, count: number) =>
  Buffer.concat([
    drawnOf(0xf000, 0, []),
    Buffer.from([0]),
    drawnOf(0xf002, 0, [
      drawnOf(0xf003, 0, [
        drawnOf(0xf004, 0, [drawnOf(0xf00a, type, Buffer.alloc(8)), drawnOf(0xf00b, count, options)]),
      ]),
    ]),
  ])

describe('a Word document of before 2007', () => {
  test('is sent with all its stories, also what nobody sees', () => {
    const stories = [
      '正文\r格\u0007子\u0007',
      '\u0002 脚注\r',
      '页眉\r',
      '',
      '批注\r',
      '尾注\r',
      '文本框\r',
      '页眉框\r',
      '\r',
    ]
    expect(read(stories)).toEqual(['正文\n格\n子\n 脚注\n页眉\n批注\n尾注\n文本框\n页眉框', ''])
  })

  test.each([
    ['hidden', [0x3c, 0x08, 1]],
    ['deleted', [0x00, 0x08, 1]],
    ['white', [0x42, 0x2a, 8]],
    ['white by its number', [0x70, 0x68, 0xff, 0xff, 0xff, 0]],
    ['tiny', [0x43, 0x4a, 2, 0]],
  ])('is read with what is %s within a word and without it', (_, properties) => {
    const looks = { from: 1, to: 2, properties: Uint8Array.from(properties) }
    expect(read(['红茶包\r第二段\r'], { looks })).toEqual(['红茶包\n第二段\n红包', ''])
  })

  test('shows the results of fields, and tips of links', () => {
    const link = '\u0013 HYPERLINK "https://example.com/" \\o "点我" \u0001\u0014买\u0015'
    expect(read([`去${link}吧\u0013 PAGE \u00141\u0015\r`])).toEqual(['去买吧1\n点我', ''])
    expect(read(['\u0013 MACROBUTTON 加微信 \u0015\r'])).toEqual(['MACROBUTTON 加微信', ''])
  })

  test('shows what lists put before their items', () => {
    expect(read(['茶\r'], { numbering: '第\u0000章' })).toEqual(['茶\n第章', ''])
  })

  test.each<[string, string, Given, string]>([
    ['a picture in a line', '图\u0001\r', {}, '1 picture'],
    ['a mark of something drawn that is not here', '图\u0008\r', {}, '1 picture'],
    ['a picture that is drawn apart', '图\u0008\r', { drawings: shape(75, Buffer.alloc(0), 0) }, '1 picture'],
    ['an outline', '图\u0008\r', { drawings: shape(0, Buffer.from([0x45, 0x81, 0, 0, 0, 0]), 1) }, '1 drawing'],
    ['a symbol', '茶\r', { looks: { from: 0, to: 1, properties: Uint8Array.from([9, 0x6a, 0, 0, 0, 0]) } }, 'symbol'],
    ['an object', '茶\r', { streams: { '/ObjectPool/_1/Workbook': Buffer.from('x') } }, '1 embedded picture or object'],
  ])('leaves out %s', (_, text, given, said) => {
    expect(read([text], given)[1]).toContain(said)
  })

  test('passes with a text box, whose words are a story', () => {
    expect(read(['\u0008茶\r', '', '', '', '', '', '框\r'], { drawings: shape(202, Buffer.alloc(0), 0) })).toEqual([
      '茶\n框',
      '',
    ])
  })

  test('leaves out streams that no list knows', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z][a-z]{5,12}Thing$/), name => {
        expect(read(['茶\r'], { streams: { [`/${name}`]: Buffer.from('违禁词') } })[1]).not.toBe('')
      }),
      { numRuns: 20 },
    )
  })

  test('that is encrypted or older than Word 97 says so', () => {
    expect(read(['茶\r'], { flags: 0x100 })).toEqual(['failure', expect.stringContaining('password')])
    expect(read(['茶\r'], { version: 0x68 })).toEqual(['failure', expect.stringContaining('.docx')])
  })

  test('ends with an answer or an error for every damaged copy', () => {
    const looks = { from: 0, to: 2, properties: Uint8Array.from([0x3c, 0x08, 1]) }
    const bytes = oldDocumentWith(['正文\u0008\r', '脚注\r'], {
      looks,
      drawings: shape(75, Buffer.alloc(0), 0),
      numbering: '第',
    })
    for (const { mutated } of mutationsOf(bytes)) {
      // The child answers for what is thrown.
      try {
        expect(extractDoc(mutated).kind).toMatch(/^(?:extracted|failure)$/)
      } catch (error) {
        expect(error instanceof Error || typeof error === 'string').toBe(true)
      }
    }
  })
})
