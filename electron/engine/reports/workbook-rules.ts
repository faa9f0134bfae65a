import type { Language } from '../../../shared/language.ts'
import { type RuleFound, type RulePlace, ruleName } from './by-rule.ts'
import type { Cell } from './cells.ts'
import { assetName } from './columns.ts'
import { sourceLine } from './html-rules.ts'
import { reportWords } from './words.ts'
import type { SheetColumn, WorkbookParts } from './xlsx.ts'

interface PlaceColumn extends SheetColumn {
  value(place: RulePlace, language: Language): Cell
}

const columns: readonly PlaceColumn[] = [
  { name: 'rule', zh: '规则编号', en: 'rule', width: 30, value: ({ hit }) => ruleName(hit.text) },
  { name: 'title', zh: '规则', en: 'title', width: 28, value: ({ hit }, language) => hit.text.title[language] },
  { name: 'severity', zh: '级别', en: 'severity', width: 12, value: ({ hit }) => hit.text.severity },
  { name: 'basis', zh: '依据', en: 'basis', width: 36, value: ({ hit }, language) => sourceLine(hit.text, language) },
  { name: 'quote', zh: '原文', en: 'wording', width: 40, value: ({ hit }) => hit.text.citation.quote },
  {
    name: 'reading',
    zh: '读自',
    en: 'how it was read',
    width: 24,
    value: ({ hit }, language) => reportWords[language].reading[hit.text.citation.reading],
  },
  {
    name: 'suggestion',
    zh: '建议改为',
    en: 'better words',
    width: 40,
    value: ({ hit }, language) => hit.text.suggestion?.[language] ?? null,
  },
  { name: 'review', zh: '应于此日前复查', en: 'to be reviewed by', width: 14, value: ({ hit }) => hit.text.review },
  { name: 'batch', zh: '批次', en: 'batch', width: 30, value: ({ batch }) => batch },
  { name: 'asset', zh: '素材', en: 'asset', width: 14, value: ({ asset }) => assetName(asset) },
  { name: 'path', zh: '路径', en: 'path', width: 44, value: ({ path }) => path },
  { name: 'line', zh: '行', en: 'line', width: 8, value: ({ hit }) => hit.line },
  { name: 'column', zh: '列', en: 'column', width: 8, value: ({ hit }) => hit.column },
  { name: 'matched', zh: '用语', en: 'words', width: 20, value: ({ hit }) => hit.matched },
  {
    name: 'passage',
    zh: '上下文',
    en: 'in context',
    width: 60,
    value: ({ hit }) => `${hit.before}${hit.matched}${hit.after}`,
  },
  {
    name: 'fine',
    zh: '标为没问题',
    en: 'marked as fine',
    width: 16,
    value: ({ hit }, language) => (hit.waiver === null ? null : reportWords[language].reaches[hit.waiver.reach]),
  },
  { name: 'fine_reason', zh: '没问题的理由', en: 'reason', width: 30, value: ({ hit }) => hit.waiver?.reason ?? null },
  { name: 'fine_by', zh: '标记人', en: 'by', width: 14, value: ({ hit }) => hit.waiver?.reviewer ?? null },
  {
    name: 'fine_at',
    zh: '标记时间',
    en: 'at',
    width: 20,
    value: ({ hit }) => (hit.waiver === null ? null : new Date(hit.waiver.at)),
  },
]

/** The sheet of every place, rule by rule; null where no rule was found. */
export function workbookRules(rules: readonly RuleFound[], language: Language): WorkbookParts['rules'] {
  if (rules.length === 0) return null
  async function* rows() {
    for (const { places } of rules) {
      for await (const place of places()) yield columns.map(column => column.value(place, language))
    }
  }
  return { columns, rows: rows() }
}
