import type { Buffer } from 'node:buffer'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import readXlsx from 'read-excel-file/node'
import { expect, test } from 'vitest'
import { type Cell, isoTime } from '../../../electron/engine/reports/cells.ts'
import { reportColumns } from '../../../electron/engine/reports/columns.ts'
import { csvHead, csvLine } from '../../../electron/engine/reports/csv.ts'
import { cellText } from '../../../electron/engine/reports/sheet-xml.ts'
import { bookOf as bookOfParts, entryOf, peopleOf } from './workbooks.ts'

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }).map(text => text.toWellFormed()),
  fc.constantFrom(
    '=1+1',
    '+a',
    '-1',
    '@x',
    '\t=',
    '\r\n',
    'a"b',
    "it's",
    'a,b',
    '😀',
    '\u202eabc',
    'שלום',
    '换\n行',
    '',
    ' x ',
  ),
)
const anyCell: fc.Arbitrary<Cell> = fc.oneof(nasty, fc.integer(), fc.boolean(), fc.constant(null))

/** What a reader gets back: dangerous beginnings carry an apostrophe, all else is as it was. */
const shown = (cell: Cell) => {
  const text = cell === null ? '' : typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell)
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

test('any row of a CSV is read back as it was, and no cell is a formula', () => {
  const row = fc.array(anyCell, { minLength: reportColumns.length, maxLength: reportColumns.length })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), rows => {
      const csv = csvHead(reportColumns) + rows.map(csvLine).join('')
      const read: string[][] = parse(csv, { bom: true, record_delimiter: '\r\n', relax_column_count: false })
      expect(read).toEqual([reportColumns.map(column => column.name), ...rows.map(cells => cells.map(shown))])
    }),
    { numRuns: 300 },
  )
})

test('a hundred thousand rows are read back', () => {
  const cells = (index: number): Cell[] =>
    reportColumns.map((_, column) => (column === 3 ? `=路径,"${index}"\n😀` : column === 6 ? index : null))
  const lines = Array.from({ length: 100_000 }, (_, index) => csvLine(cells(index)))
  const read: string[][] = parse(csvHead(reportColumns) + lines.join(''), { bom: true, record_delimiter: '\r\n' })
  expect(read).toHaveLength(100_001)
  for (const index of [0, 1, 99_999]) expect(read[index + 1]).toEqual(cells(index).map(shown))
})

test('times carry the offset of the machine that wrote them', () => {
  const at = Date.UTC(2026, 1, 3, 4, 5, 6)
  expect(isoTime(at)).toMatch(/^2026-02-0[234]T\d\d:\d\d:06[+-]\d\d:\d\d$/)
  expect(Date.parse(isoTime(at)!)).toBe(at)
  expect(isoTime(null)).toBeNull()
})

function bookOf(rows: readonly (readonly Cell[])[]): Promise<Buffer> {
  async function* source() {
    yield* rows
  }
  const people = peopleOf('zh')
  return bookOfParts({ language: 'zh', people, columns: reportColumns, rows: source(), rules: null, summary: [] })
}

/** What a spreadsheet shows for a text that XML cannot hold as it is. */
const decoded = (text: string) =>
  text.replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

test('any row of a workbook is read back with its types, and no text is a formula', async () => {
  const row = fc.array(fc.oneof(nasty, fc.integer(), fc.boolean()), {
    minLength: reportColumns.length,
    maxLength: reportColumns.length,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 4 }), async rows => {
      const book = await bookOf(rows)
      const xml = await entryOf(book, 'xl/worksheets/sheet2.xml')
      expect(xml).not.toContain('<f>')
      const texts = Array.from(xml.matchAll(/<t xml:space="preserve">([^<]*)<\/t>/g), match =>
        unescaped(match[1]!),
      ).slice(reportColumns.length)
      const expected = rows.flat().filter(cell => typeof cell === 'string' && cell !== '')
      expect(texts.map(decoded)).toEqual(expected)
      const numbers = Array.from(xml.matchAll(/<v>(-?\d+)<\/v>/g), match => Number(match[1]))
      expect(numbers).toEqual(
        rows
          .flat()
          .flatMap(cell => (typeof cell === 'number' ? [cell] : typeof cell === 'boolean' ? [cell ? 1 : 0] : [])),
      )
    }),
    { numRuns: 60 },
  )
})

test('a spreadsheet reader opens the workbook and finds numbers, booleans, times and texts', async () => {
  const at = new Date(2026, 10, 21, 8, 30, 15)
  const cells: Cell[] = reportColumns.map(() => null)
  cells[3] = '=HYPERLINK("http://x")'
  cells[6] = 1234
  cells[17] = true
  cells[25] = at
  const sheets = await readXlsx(await bookOf([cells]))
  const sheet = sheets.find(each => each.sheet === '素材')!
  expect(sheet.data[0]?.slice(0, 4)).toEqual(['版本', '批次', '素材', '路径'])
  const row = sheet.data[1]!
  expect(row[3]).toBe('=HYPERLINK("http://x")')
  expect(row[6]).toBe(1234)
  expect(row[17]).toBe(true)
  expect(row[25] instanceof Date ? row[25].toISOString().slice(0, 19) : row[25]).toBe('2026-11-21T08:30:15')
})

test('the raw columns have a frozen head, a filter over all rows, and no pictures', async () => {
  const book = await bookOf([1, 2, 3].map(() => reportColumns.map(() => 'x')))
  const xml = await entryOf(book, 'xl/worksheets/sheet2.xml')
  expect(xml).toContain('state="frozen"')
  const place = reportColumns.length - 1
  const lastColumn = String.fromCharCode(64 + Math.floor(place / 26), 65 + (place % 26))
  expect(xml).toContain(`<autoFilter ref="A1:${lastColumn}4"/>`)
  expect(xml).not.toContain('<drawing')
})

test('a text that Excel would refuse is cut, not left out', () => {
  expect(cellText('x'.repeat(40_000))).toHaveLength(32_767)
  expect(cellText('a_x000D_b\r')).toBe('a_x005F_x000D_b_x000D_')
})

function unescaped(xml: string): string {
  return xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
