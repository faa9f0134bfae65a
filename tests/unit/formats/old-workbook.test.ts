import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadFromBook, readBook } from '../../../electron/engine/formats/old-workbook/read-book.ts'
import { readRows } from '../../../electron/engine/formats/read-rows.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { findAll, never, temporaryFolder } from '../intake/harness.ts'
import { mutationsOf } from './mutations.ts'
import { oldWorkbookWith, picturesOf, recordOf, shapeOf } from './old-workbooks.ts'

const png = (mark: string) => Buffer.from(`\x89PNG\r\n\x1a\n${mark}`, 'latin1')
const wide = (text: string) => Buffer.from(text, 'utf16le')
const lengthOf = (text: string) => Buffer.from([text.length & 255, text.length >> 8])
const longString = (text: string) => Buffer.concat([lengthOf(text), Buffer.from([1]), wide(text)])
const rows = [
  ['编号', '文案'],
  [1, '春茶上新'],
]
type Added = Parameters<typeof oldWorkbookWith>[1]

async function findIn(bytes: Uint8Array, name = 't.xls') {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, bytes)
  return (await findAll([path], { textColumn: '文案' })).map(({ path: found, source, failure }) => {
    if (source.kind !== 'row') return [found, failure === null ? null : detailText(failure.detail, 'en')]
    const pieces = (source.held?.pieces ?? []).map(each => `${each.name} ${each.places[0]?.cell ?? ''}`)
    const said = failure === null ? remarksText(source.omitted ?? [], 'en') : detailText(failure.detail, 'en')
    return [found, source.text, pieces.join(), said]
  })
}
const besideOf = async (added: Added) => (await findIn(oldWorkbookWith(rows, added))).slice(1)

describe('a workbook of Excel 97 or of WPS', () => {
  test.each(['t.xls', 't.et'])('has an asset a row, as its sheet shows it: %s', async name => {
    const bytes = oldWorkbookWith(
      [
        ['文案', '编号'],
        ['春茶上新', 1],
        [5, 2],
        [45000, 3],
        [true, 4],
      ],
      {
        change: ({ Sheets: { 价格表: sheet } }) => {
          if (sheet === undefined) return
          Object.assign(sheet.A3, { z: '"全场"0"折"' })
          Object.assign(sheet.A4, { z: 'yyyy"年"m"月"d"日"' })
          sheet['!merges'] = [{ s: { r: 1, c: 0 }, e: { r: 1, c: 0 } }]
        },
      },
    )
    expect(await findIn(bytes, name)).toEqual([
      [`${name}#2`, '春茶上新', '', ''],
      [`${name}#3`, '全场5折', '', ''],
      [`${name}#4`, '2023年3月15日', '', ''],
      [`${name}#5`, 'TRUE', '', ''],
    ])
  })

  test('of before 1997 is read in the code page of a country, and its objects are left out', async () => {
    const label = (row: number, text: string) =>
      recordOf(0x204, Buffer.concat([Buffer.from([row, 0, 0, 0, 0, 0, text.length, 0]), Buffer.from(text, 'latin1')]))
    const gbk = Buffer.from([0xce, 0xc4, 0xb0, 0xb8]).toString('latin1')
    const sheet = Buffer.concat([label(0, gbk), label(1, gbk), recordOf(0x5d, Buffer.alloc(30))])
    const book = recordOf(0x42, Buffer.from([0xa8, 3]))
    expect(await findIn(oldWorkbookWith([], { type: 'biff5', book, sheet }))).toEqual([
      ['t.xls#2', '文案', '', ''],
      ['t.xls#___', '', '', '1 embedded picture or object (___)'],
    ])
  })

  test('has pictures in its rows and beside them', async () => {
    const book = picturesOf(png('a'), png('b'), Buffer.from('what is this'))
    const sheet = Buffer.concat([
      shapeOf({ row: 1, column: 2, options: [[0x104, 1]] }),
      shapeOf({ row: 7, options: [[0x104, 2]] }),
      shapeOf({
        type: 1,
        row: 8,
        options: [
          [0x180, 3],
          [0x186, 3],
        ],
      }),
    ])
    const bytes = oldWorkbookWith(rows, { book, sheet })
    expect(await findIn(bytes)).toEqual([
      ['t.xls#2', '春茶上新', 'picture 1 C2', ''],
      ['t.xls#价格表', '', 'picture 1 A8', '1 picture (价格表!A9)'],
    ])
    expect(loadFromBook(bytes, '2')).toEqual(png('b'))
    expect(loadFromBook(bytes, '9')).toMatchObject({ kind: 'failure' })
  })

  test.each<[string, Added, string]>([
    [
      'a text box',
      {
        sheet: Buffer.concat([
          recordOf(0x5d, Buffer.concat([Buffer.from([0x15, 0, 0x12, 0, 6, 0, 1, 0]), Buffer.alloc(18)])),
          recordOf(0x1b6, Buffer.concat([Buffer.alloc(10), lengthOf('加微信'), Buffer.alloc(6)])),
          recordOf(0x3c, Buffer.concat([Buffer.from([1]), wide('加微信')])),
          recordOf(0x3c, Buffer.alloc(16)),
        ]),
      },
      '加微信',
    ],
    ['a header', { sheet: recordOf(0x14, longString('&C加微信')) }, '加微信'],
    ['letters that are drawn', { sheet: shapeOf({ type: 136, options: [[0xc0, wide('加微信\0')]] }) }, '加微信'],
    ['the tip of a link', { sheet: recordOf(0x800, Buffer.concat([Buffer.alloc(10), wide('加微信\0')])) }, '加微信'],
    [
      'a title of a chart',
      {
        sheet: Buffer.concat([
          recordOf(0x809, Buffer.from([0, 6, 0x20, 0])),
          recordOf(0x100d, Buffer.concat([Buffer.from([0, 0, 3, 1]), wide('加微信')])),
          recordOf(0x0a, Buffer.alloc(0)),
        ]),
      },
      '加微信',
    ],
    [
      'a choice',
      {
        sheet: recordOf(
          0x1be,
          Buffer.concat([
            Buffer.alloc(4),
            ...['题', '\0', '请选', '\0'].map(longString),
            Buffer.from([11, 0, 0, 0, 0x17, 3, 1]),
            wide('加微信'),
          ]),
        ),
      },
      '题\n请选\n加微信',
    ],
  ])('shows %s beside its cells', async (_, added, words) => {
    expect(await besideOf(added)).toEqual([['t.xls#价格表', words, '', '']])
  })

  test.each<[string, Added, string]>([
    ['a picture behind the sheet', { sheet: recordOf(0xe9, Buffer.alloc(8)) }, '1 picture (价格表)'],
    ['an outline', { sheet: shapeOf({ type: 0, options: [[0x145, Buffer.alloc(60)]] }) }, '1 drawing (价格表)'],
    ['an object', { streams: { '/MBD0000A1B2/Ole': Buffer.from('x') } }, '1 embedded picture or object'],
  ])('leaves out %s', async (_, added, said) => {
    expect((await besideOf(added)).map(each => each.at(-1))).toEqual([said])
  })

  test('sends or leaves out what no list knows, in its records and among its streams', async () => {
    const unknown = fc.integer({ min: 0x1200, max: 0xfff0 }).map(type => recordOf(type, wide('违禁词甲乙丙')))
    const name = fc.stringMatching(/^[A-Z][a-z]{5,12}Thing$/)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          unknown.map(book => ({ book })),
          unknown.map(sheet => ({ sheet })),
          name.map(each => ({ streams: { [`/${each}`]: wide('违禁词甲乙丙') } })),
        ),
        async added => {
          const beside = await besideOf(added)
          expect(beside.map(each => each.at(-1)).join('')).not.toBe('')
        },
      ),
      { numRuns: 30 },
    )
  })

  test('ends with an answer or an error for every damaged copy', () => {
    const bytes = oldWorkbookWith(rows, { book: picturesOf(png('a')), sheet: shapeOf({ options: [[0x104, 1]] }) })
    for (const { mutated } of mutationsOf(bytes)) {
      // The child answers for what the library throws, also for what is no error.
      try {
        expect(readBook(mutated).kind).toMatch(/^(?:workbook|failure)$/)
      } catch (error) {
        expect(error instanceof Error || typeof error === 'string').toBe(true)
      }
    }
  })

  test('that is encrypted or damaged says so, and one that holds words for the rules what to do', async () => {
    const encrypted = oldWorkbookWith(rows, { book: recordOf(0x2f, Buffer.alloc(54)) })
    expect((await findIn(encrypted))[0]?.[1]).toContain('password')
    expect((await findIn(oldWorkbookWith(rows).subarray(0, 1024)))[0]?.[1]).not.toBe('')
    const path = join(await temporaryFolder(), 'words.xls')
    await writeFile(path, oldWorkbookWith(rows))
    expect(await readRows(path, 10, never)).toMatchObject({ kind: 'failure', code: 'unsupported_type' })
  })
})
