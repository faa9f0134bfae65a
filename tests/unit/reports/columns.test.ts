import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { describe, expect, test } from 'vitest'
import {
  cellsOf,
  jsonFields,
  type ReportColumn,
  reportColumns,
  rowView,
} from '../../../electron/engine/reports/columns.ts'
import { csvHead, csvLine } from '../../../electron/engine/reports/csv.ts'
import { flaggedPlaces } from '../../../electron/engine/reports/records.ts'
import type { ReportRow } from '../../../electron/engine/store/records.ts'
import type { CheckView } from '../../../shared/screening.ts'
import { bookOf, peopleOf } from './workbooks.ts'

const page = readFileSync(join(resolve(import.meta.dirname, '../../..'), 'docs/cli.md'), 'utf8')

const row: ReportRow = {
  asset: {
    id: 7,
    batch: 'b_1',
    path: '海报.jpg',
    sha256: 'ab',
    kind: 'image',
    bytes: 12,
    decision: null,
    decision_reason: null,
    note: '',
    reviewer: null,
    decided_at: null,
    reader_notes: null,
    reading: null,
    rules: null,
  },
  result: {
    profile: 0,
    state: 'done',
    outcome: 'risky',
    reason: null,
    detail: null,
    labels: '[20002]',
    parts: 2,
    checked: 2,
    reused_from: null,
    reused_profile: null,
    screened_at: 0,
    rules: null,
  },
  endpoints: null,
  rids: null,
  traceIds: null,
  rowHash: null,
  isOlderReading: false,
  hits: { open: [], fine: [] },
}
const profile = { id: 'p', name: '甲', platform: 'wechat', appid: 'wx1', practice: false } as const
const view = rowView({ row, profile, language: 'en', reasons: [], control: null })

/** The columns that a page lists between backquotes behind "in this order:". */
function documentedColumns(text: string): readonly string[] {
  const list = /in this order:\s+`([^`]+)`/.exec(text)?.[1] ?? ''
  return list.split(/,\s+/)
}

describe('a column that one record adds', () => {
  const added: ReportColumn = {
    name: 'first_label',
    zh: '首个标签',
    en: 'first label',
    width: 9,
    json: 'firstLabel',
    value: ({ labels }) => labels[0]?.code ?? null,
  }
  const columns = [...reportColumns, added]

  test('is in CSV, last', () => {
    const csv = csvHead(columns) + csvLine(cellsOf(columns, view))
    const [head, cells]: string[][] = parse(csv, { bom: true, record_delimiter: '\r\n' })
    expect(head?.at(-1)).toBe('first_label')
    expect(cells?.at(-1)).toBe('20002')
  })

  test.each(['zh', 'en'] as const)('is in a workbook with its heading in %s', async language => {
    async function* rows() {
      yield cellsOf(columns, view)
    }
    const parts = { summary: [], rules: null, people: peopleOf(language) }
    const sheets = await readXlsx(await bookOf({ language, columns, rows: rows(), ...parts }))
    const table = sheets[1]
    expect(table?.data[0]?.at(-1)).toBe(added[language])
    expect(table?.data[1]?.at(-1)).toBe(20002)
  })

  test('is in JSONL under the name that it has there', () => {
    expect(jsonFields(columns, view)).toMatchObject({ asset: 'a_7', firstLabel: 20002 })
  })

  test('is missed in docs/cli.md until it is written there', () => {
    const listed = documentedColumns(page)
    expect(listed).toEqual(reportColumns.map(column => column.name))
    expect(listed).not.toEqual(columns.map(column => column.name))
    expect(documentedColumns(page.replace('rule_fine, places`', 'rule_fine, places, first_label`'))).toEqual(
      columns.map(column => column.name),
    )
  })
})

test('every column has a name of its own, and a heading in both languages', () => {
  const names = reportColumns.map(column => column.name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name, zh, en, width } of reportColumns) {
    expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/)
    expect(zh).not.toBe('')
    expect(en).not.toMatch(/\p{Script=Han}/u)
    expect(width).toBeGreaterThan(0)
  }
})

test('the places of what was flagged in a document are named once each, in the order of its parts', () => {
  const check = (part: string, verdict: 'risky' | 'pass', range: readonly [number, number] | null = null) =>
    ({ profile: 'p', part, verdict, range }) as unknown as CheckView
  const pieces = {
    pieces: [{ kind: 'picture', name: 'slide 2 picture 1', places: [{ slide: 2 }, { slide: 5 }] }],
    sections: [
      { start: 0, place: { slide: 1 } },
      { start: 900, place: { slide: 2 } },
    ],
  } as const
  const checks = [
    check('chunk 2/2', 'risky', [950, 1000]),
    check('slide 2 picture 1 tile 1/2', 'risky'),
    check('chunk 1/2', 'pass', [0, 950]),
  ]
  expect(flaggedPlaces(checks, pieces, 'p', 'en')).toBe('slide 2; slide 5')
  expect(flaggedPlaces(checks, pieces, 'p', 'zh')).toBe('第 2 张幻灯片; 第 5 张幻灯片')
  expect(flaggedPlaces(checks, pieces, 'other', 'en')).toBeNull()
  expect(flaggedPlaces(checks, null, 'p', 'en')).toBeNull()
})
