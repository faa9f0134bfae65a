import type { BookProblem, RuleSeverity } from '../../../../shared/rules.ts'
import { bookLimits } from '../../../../shared/rules.ts'
import { normaliseText } from '../../checkers/rules/normalise.ts'
import type { TableRow } from '../../formats/tables/table-row.ts'
import type { ColumnsOfList } from './columns.ts'
import { createDoubts } from './doubts.ts'
import type { ListEntry } from './list-yaml.ts'
import { ordinaryWith } from './ordinary-words.ts'

/**
 * The entries of a table, and what is doubtful about them by the rows of the table: nothing is left out, joined or
 * taken otherwise than it stands there without a word about it.
 */
export function entriesOf(
  rows: readonly TableRow[],
  columns: ColumnsOfList,
): { readonly entries: readonly ListEntry[]; readonly doubts: readonly BookProblem[] } {
  const doubts = createDoubts()
  const rowOfWord = new Map<string, number>()
  const entries: ListEntry[] = []
  for (const { row, cells, valueless, pictures } of rows) {
    const cell = (column: keyof ColumnsOfList) => {
      const at = columns[column]
      return at === undefined ? '' : tidy(cells[at] ?? '')
    }
    const at = columns.words ?? -1
    const words = several(cell('words'))
    if (valueless?.has(at) === true || pictures?.has(at) === true) {
      doubts.add('unseen', row)
      continue
    }
    if (words.length === 0) {
      doubts.add(cells.some(each => (each ?? '').trim() !== '') ? 'wordless' : 'blank', row)
      continue
    }
    if (words.length > 1) doubts.add('several', row, words.join(' / '))
    const severity = severityOf(cell('severity'))
    if (severity === undefined) doubts.add('severity', row, cell('severity'))
    const until = dayIn(cell('until'))
    if (until === undefined) doubts.add('until', row, cell('until'))
    const shared = {
      exceptions: several(cell('exceptions')),
      note: cell('note') || null,
      suggestion: cell('suggestion') || null,
      severity: severity ?? null,
      owner: cell('owner') || null,
      until: until ?? null,
    }
    for (const word of words) {
      const variants = words.length > 1 ? [] : several(cell('variants')).filter(each => each !== word)
      const fit = [word, ...variants].filter(each => isFit(each, row, doubts.add))
      const own = fit.filter(each => {
        const first = rowOfWord.get(sameness(each))
        if (first !== undefined) doubts.add('duplicate', row, each, first)
        else rowOfWord.set(sameness(each), row)
        return first === undefined
      })
      const [main, ...others] = own
      if (main !== undefined) entries.push({ ...shared, word: main, variants: others })
    }
  }
  return { entries, doubts: doubts.all() }
}

/** Whether it can be looked for; what is doubtful and can be looked for is. */
function isFit(word: string, row: number, add: ReturnType<typeof createDoubts>['add']): boolean {
  if (word.length > bookLimits.patternLength) {
    add('long', row, `${word.slice(0, 20)}…`, bookLimits.patternLength)
    return false
  }
  if (!/[\p{L}\p{N}]/u.test(word)) {
    add('marks', row, word)
    return false
  }
  const within = ordinaryWith(sameness(word))
  if ([...word].length === 1) add('single', row, within.length === 0 ? word : `${word}（${within.join('、')}）`)
  else if (within.length > 0) add('ordinary', row, word === within[0] ? word : `${word}（${within.join('、')}）`)
  else if (/^\d+$/.test(sameness(word))) add('digits', row, word)
  else if (/^[\x21-\x7e]{1,2}$/.test(word)) add('short', row, word)
  return true
}

/** Of several words in one cell each is one. */
function several(cell: string): readonly string[] {
  const words = cell.split(/[、；;|\r\n\t]+/).map(tidy)
  return [...new Set(words.filter(word => word !== ''))]
}

/** Without the blanks and the invisible characters around it, which nobody meant. */
function tidy(cell: string): string {
  return cell.replace(/^[\s\p{Cf}\p{Cc}]+|[\s\p{Cf}\p{Cc}]+$/gu, '')
}

/** What is the same to those who look for it. */
const sameness = normaliseText

const severities: Readonly<Record<RuleSeverity, RegExp>> = {
  forbidden:
    /^(?:禁止|禁用|不得|违禁|违规|高|高危|高风险|严重|红|拦截|屏蔽|forbidden|ban(?:ned)?|block|high|critical|severe|red)$/,
  evidence:
    /^(?:需证明|需证据|需审核|审核|人工审核|复核|慎用|谨慎|中|中危|中风险|黄|evidence|review|medium|moderate|caution|yellow)$/,
  notice: /^(?:提示|提醒|注意|建议|低|低危|低风险|一般|蓝|绿|notice|note|info|hint|low|minor)$/,
}

/** Null for the list's own, undefined for what nobody can tell. */
function severityOf(cell: string): RuleSeverity | null | undefined {
  const said = sameness(cell).replace(/[\s级别]+$/g, '')
  if (said === '') return null
  if (severities.forbidden.test(said)) return 'forbidden'
  if (severities.evidence.test(said)) return 'evidence'
  return severities.notice.test(said) ? 'notice' : undefined
}

/** Null for none, undefined for what is no day. */
function dayIn(cell: string): string | null | undefined {
  const said = cell.normalize('NFKC')
  if (said === '' || /^(?:长期|永久|无|long[- ]?term|forever|never|none|-+)$/i.test(said)) return null
  const [, year = '', month = '', day = ''] =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?$/.exec(said) ?? []
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${written}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== written ? undefined : written
}
