import { Buffer } from 'node:buffer'
import type { ControlState } from '../../../shared/controls.ts'
import type { Language } from '../../../shared/language.ts'
import { remarksText } from '../../../shared/remarks/index.ts'
import type { BatchProfile } from '../../../shared/screening.ts'
import { readerNotesOf } from '../store/reader-notes.ts'
import type { ReportRow } from '../store/records.ts'
import type { Cell } from './cells.ts'
import { labelsOf, type Settled, settledOf } from './settled.ts'

/** Version of the CSV and JSONL records; columns and fields are only ever added. */
const recordSchema = 1

/** One asset as one profile sees it, with what its columns are made of. */
export interface RowView {
  readonly row: ReportRow
  readonly profile: BatchProfile
  readonly language: Language
  /** Texts of the reasons behind the keys 1–9. */
  readonly reasons: readonly string[]
  /** What stands behind a no-hit. */
  readonly control: ControlState | null
  /** Where in its file something was flagged; null where that is nowhere in particular. */
  readonly places?: string | null
  readonly settled: Settled
  readonly labels: ReturnType<typeof labelsOf>
}

export function rowView(facts: Omit<RowView, 'settled' | 'labels'>): RowView {
  return { ...facts, settled: settledOf(facts.row, facts.language), labels: labelsOf(facts.row) }
}

/** A column of the tables of assets: its name in CSV, its headings in a workbook, and what stands in it. */
export interface ReportColumn {
  /** What CSV calls it in either language. */
  readonly name: string
  /** Heading in a workbook. */
  readonly zh: string
  readonly en: string
  /** In a workbook, in characters. */
  readonly width: number
  /** Field of JSONL that has the same value; JSONL's other fields are in records.ts. */
  readonly json?: string
  value(view: RowView): Cell
}

/** In this order and never reordered or taken away, new ones last: a contract (docs/cli.md, which a test compares). */
export const reportColumns: readonly ReportColumn[] = [
  { name: 'schema', zh: '版本', en: 'schema', width: 8, json: 'schema', value: () => recordSchema },
  { name: 'batch', zh: '批次', en: 'batch', width: 30, json: 'batch', value: ({ row }) => row.asset.batch },
  { name: 'asset', zh: '素材', en: 'asset', width: 14, json: 'asset', value: ({ row }) => assetName(row.asset.id) },
  { name: 'path', zh: '路径', en: 'path', width: 44, json: 'path', value: ({ row }) => row.asset.path },
  { name: 'sha256', zh: 'SHA-256', en: 'SHA-256', width: 20, json: 'sha256', value: ({ row }) => row.asset.sha256 },
  { name: 'kind', zh: '类型', en: 'kind', width: 14, json: 'kind', value: ({ row }) => row.asset.kind },
  { name: 'bytes', zh: '字节', en: 'bytes', width: 12, value: ({ row }) => row.asset.bytes },
  {
    name: 'profile',
    zh: '应用档案',
    en: 'profile',
    width: 20,
    value: ({ profile }) => (profile.practice ? `${profile.name} [practice 演练]` : profile.name),
  },
  {
    name: 'platform',
    zh: '平台',
    en: 'platform',
    width: 14,
    json: 'platform',
    value: ({ profile }) => profile.platform,
  },
  { name: 'appid', zh: 'AppID', en: 'appid', width: 20, json: 'appid', value: ({ profile }) => profile.appid },
  {
    name: 'verdict',
    zh: '机审结论',
    en: 'verdict',
    width: 14,
    json: 'verdict',
    value: ({ settled }) => settled.verdict,
  },
  {
    name: 'label_codes',
    zh: '标签代码',
    en: 'label codes',
    width: 14,
    value: ({ labels }) => labels.map(label => label.code).join(' '),
  },
  {
    name: 'labels',
    zh: '标签',
    en: 'labels',
    width: 20,
    value: ({ labels, language }) => labels.map(label => label[language]).join(' '),
  },
  { name: 'reason', zh: '未检原因', en: 'reason', width: 18, json: 'reason', value: ({ settled }) => settled.reason },
  { name: 'detail', zh: '详情', en: 'detail', width: 32, json: 'detail', value: ({ settled }) => settled.detail },
  { name: 'parts', zh: '分片', en: 'parts', width: 8, json: 'parts', value: ({ row }) => row.result.parts },
  { name: 'checked', zh: '已检分片', en: 'checked', width: 8, json: 'checked', value: ({ row }) => row.result.checked },
  {
    name: 'reused',
    zh: '复用',
    en: 'reused',
    width: 8,
    json: 'reused',
    value: ({ row }) => row.result.reused_from !== null,
  },
  { name: 'endpoints', zh: '接口', en: 'endpoints', width: 26, value: ({ row }) => row.endpoints },
  { name: 'rids', zh: 'rid', en: 'rids', width: 30, value: ({ row }) => row.rids },
  { name: 'trace_ids', zh: 'trace_id', en: 'trace ids', width: 24, value: ({ row }) => row.traceIds },
  { name: 'decision', zh: '人工结论', en: 'decision', width: 14, value: ({ row }) => row.asset.decision },
  {
    name: 'decision_reason',
    zh: '理由',
    en: 'decision reason',
    width: 14,
    value: ({ row, reasons }) => reasonText(row.asset.decision_reason, reasons),
  },
  { name: 'note', zh: '备注', en: 'note', width: 32, value: ({ row }) => row.asset.note },
  { name: 'reviewer', zh: '审核人', en: 'reviewer', width: 14, value: ({ row }) => row.asset.reviewer },
  {
    name: 'screened_at',
    zh: '送检时间',
    en: 'screened at',
    width: 20,
    value: ({ row }) => dateOf(row.result.screened_at),
  },
  {
    name: 'decided_at',
    zh: '人工结论时间',
    en: 'decided at',
    width: 20,
    value: ({ row }) => dateOf(row.asset.decided_at),
  },
  {
    name: 'row_hash',
    zh: '账本哈希',
    en: 'row hash',
    width: 20,
    value: ({ row }) => (row.rowHash === null ? null : Buffer.from(row.rowHash).toString('hex')),
  },
  {
    name: 'notes',
    zh: '读取提示',
    en: 'reader notes',
    width: 14,
    value: ({ row, language }) => remarksText(readerNotesOf(row.asset.reader_notes), language) || null,
  },
  {
    name: 'older_reading',
    zh: '旧版读法',
    en: 'older reading',
    width: 14,
    json: 'olderReading',
    value: ({ row }) => row.isOlderReading,
  },
  { name: 'control', zh: '对照检查', en: 'control check', width: 12, json: 'control', value: ({ control }) => control },
  { name: 'rules', zh: '规则', en: 'rules', width: 12, json: 'rules', value: ({ row }) => row.asset.rules },
  { name: 'rule_hits', zh: '命中的规则', en: 'rules hit', width: 30, value: ({ row }) => ruleNames(row.hits.open) },
  {
    name: 'rule_fine',
    zh: '标为没问题的规则',
    en: 'rules marked as fine',
    width: 30,
    value: ({ row }) => ruleNames(row.hits.fine),
  },
  { name: 'places', zh: '命中位置', en: 'places', width: 30, value: ({ places = null }) => places },
]

/** The id of a house list's rule has a word in it, and a word may have spaces, by which ids are kept apart here. */
const ruleNames = (names: readonly string[]): string | null =>
  names.map(name => name.replace(/[%\s]/g, encodeURIComponent)).join(' ') || null

/** One row of a table, in the order of `columns`. */
export const cellsOf = (columns: readonly ReportColumn[], view: RowView): readonly Cell[] =>
  columns.map(column => column.value(view))

/** The fields of JSONL that have a column's value. */
export const jsonFields = (columns: readonly ReportColumn[], view: RowView): Record<string, Cell> =>
  Object.fromEntries(columns.flatMap(({ json, value }) => (json === undefined ? [] : [[json, value(view)]])))

export const assetName = (id: number): string => `a_${id}`

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))

/** Decisions are recorded with a number: the text of today's settings, else the number. */
const reasonText = (reason: number | null, reasons: readonly string[]): string | null =>
  reason === null ? null : (reasons[reason - 1] ?? String(reason))
