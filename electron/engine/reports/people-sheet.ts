import { failureText, isFailureCode } from '../../../shared/failures.ts'
import type { GridOutcome } from '../../../shared/grid.ts'
import { labelOf } from '../../../shared/labels.ts'
import type { Language } from '../../../shared/language.ts'
import { partTitle } from '../../../shared/piece-places.ts'
import type { AssetPieces } from '../../../shared/pieces.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { type RuleHit, type RulesView, rulesProfile } from '../../../shared/rules.ts'
import type { AssetRow, BatchSummary, CheckView, ResultView } from '../../../shared/screening.ts'
import type { StillFlagged } from '../../../shared/spans.ts'
import { ruleName } from './by-rule.ts'
import { sourceLine } from './html-rules.ts'
import { findingsOf, marksOf, passagesOf, passagesOfHits, type Run } from './passages.ts'
import type { RichText, SheetCell, StyleName } from './sheet-xml.ts'
import { decisionNames, outcomeNames, reportWords, severityNames } from './words.ts'
import type { WorkbookPicture } from './xlsx.ts'

/** The first sheet of a workbook: one row an asset, for colleagues who have never seen the program. */

/** An asset with what its row says. */
export interface PeopleAsset {
  readonly row: AssetRow
  /** Under which it is counted. */
  readonly outcome: GridOutcome
  readonly batch: Pick<BatchSummary, 'name' | 'profiles'>
  readonly language: Language
  readonly reasons: readonly string[]
  readonly decided: { readonly reviewer: string | null; readonly at: number | null }
  readonly pieces: AssetPieces | null
  readonly checks: readonly CheckView[]
  readonly ruled: RulesView | null
  readonly spans: readonly Pick<StillFlagged, 'check' | 'range'>[]
  /** The decoded text; null when it is none, or was not read. */
  readonly text: string | null
  readonly picture: WorkbookPicture | 'beyond' | 'missing' | null
}

export interface PeopleColumn {
  readonly name: keyof (typeof reportWords)['zh']['people']
  /** In characters. */
  readonly width: number
  /** Printed: what is not is of use to a filter alone. */
  readonly isPrinted: boolean
  /** Only of a report with more than one batch. */
  readonly isAcross?: true
  value(asset: PeopleAsset): SheetCell
  style(asset: PeopleAsset): StyleName
}

const word = () => 'tableWord' as const
const text = () => 'tableText' as const
const time = () => 'tableTime' as const

export const peopleColumns: readonly PeopleColumn[] = [
  {
    name: 'verdict',
    width: 9,
    isPrinted: true,
    value: ({ outcome, language }) => outcomeNames[language][outcome],
    style: ({ outcome }) => verdictStyles[outcome],
  },
  { name: 'picture', width: 14, isPrinted: true, value: pictureWords, style: word },
  { name: 'path', width: 24, isPrinted: true, value: ({ row }) => row.path, style: text },
  { name: 'content', width: 42, isPrinted: true, value: contentOf, style: text },
  { name: 'found', width: 26, isPrinted: true, value: foundWords, style: text },
  { name: 'rules', width: 34, isPrinted: true, value: ruleWords, style: text },
  { name: 'suggestion', width: 28, isPrinted: true, value: betterWords, style: text },
  {
    name: 'decision',
    width: 9,
    isPrinted: true,
    value: ({ row, language }) =>
      row.decision === null ? reportWords[language].people.undecided : decisionNames[language][row.decision],
    style: word,
  },
  {
    name: 'reason',
    width: 12,
    isPrinted: true,
    value: ({ row, reasons }) =>
      row.decisionReason === null ? null : (reasons[row.decisionReason - 1] ?? String(row.decisionReason)),
    style: text,
  },
  { name: 'note', width: 16, isPrinted: true, value: ({ row }) => row.note, style: text },
  {
    name: 'reviewer',
    width: 10,
    isPrinted: true,
    value: ({ row, decided, language }) =>
      row.decision === null ? null : decided.reviewer || reportWords[language].unsigned,
    style: text,
  },
  { name: 'decidedAt', width: 16, isPrinted: true, value: ({ decided }) => dateOf(decided.at), style: time },
  {
    name: 'kind',
    width: 8,
    isPrinted: false,
    value: ({ row, language }) => reportWords[language].kinds[row.kind ?? 'unknown'],
    style: word,
  },
  { name: 'batch', width: 24, isPrinted: false, isAcross: true, value: ({ batch }) => batch.name, style: text },
  { name: 'profiles', width: 34, isPrinted: false, value: profileNames, style: text },
  {
    name: 'screenedAt',
    width: 16,
    isPrinted: false,
    value: ({ row }) => dateOf(Math.max(0, ...row.results.map(result => result.screenedAt ?? 0)) || null),
    style: time,
  },
]

const verdictStyles: Readonly<Record<GridOutcome, StyleName>> = {
  risky: 'tableRisky',
  review: 'tableReview',
  unchecked: 'tableUnchecked',
  pending: 'tableUnchecked',
  awaiting: 'tableUnchecked',
  rules_only: 'tableRulesOnly',
  pass: 'tableWord',
}

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))

function pictureWords({ picture, language }: PeopleAsset): string | null {
  const words = reportWords[language]
  if (picture === 'beyond') return words.pictureBeyond
  return picture === 'missing' ? words.pictureGone : null
}

/** Characters of a text in its cell: a row must not be higher than a screen. */
const contentUnits = 360

function contentOf({ row, text, checks, ruled, spans }: PeopleAsset): RichText | string | null {
  const findings = findingsOf(ruled?.hits ?? [], checks, spans)
  if (text === null) {
    const runs = passagesOfHits(findings, contentUnits)
    return runs.length > 0 ? richOf(runs) : (row.excerpt?.replace(/\s*\n\s*/g, '\n').trim() ?? null)
  }
  return richOf(passagesOf(text, marksOf(findings), contentUnits))
}

/** Empty lines only make a row high; and where all is marked, nothing stands out. */
function richOf(runs: readonly Run[]): RichText {
  const isAll = runs.length === 1
  return {
    runs: runs.map(({ text, mark }) => ({
      text: text.replace(/\s*\n\s*/g, '\n'),
      kind: isAll ? null : (mark?.kind ?? null),
    })),
  }
}

/** What a platform found, or why nobody looked; each profile under its name where there are several. */
function foundWords({ row, batch, language, pieces, checks }: PeopleAsset): string | null {
  const words = reportWords[language]
  const platformOf = (id: string) => batch.profiles.find(profile => profile.id === id)
  const judged = row.results.filter(({ profile }) => platformOf(profile)?.platform !== rulesProfile)
  const shown = judged.length > 0 ? judged : row.results.filter(({ outcome }) => outcome !== 'rules_only')
  const lines = shown.flatMap(result => {
    const parts = checks.filter(check => check.profile === result.profile && isPart(check))
    const said = [resultWords(result, language), partWords(parts, pieces, language)]
      .filter(line => line !== '')
      .join('\n')
    if (said === '') return []
    return [shown.length > 1 ? `${platformOf(result.profile)?.name ?? result.profile}: ${said}` : said]
  })
  const notes = remarksText(row.readerNotes, language)
  return (
    [...lines, ...(notes === '' ? [] : [notes]), ...(row.isOlderReading ? [words.olderReading] : [])].join('\n') || null
  )
}

/** A flagged part that is not all of its asset. */
const isPart = ({ verdict, part }: CheckView) => (verdict === 'risky' || verdict === 'review') && part !== 'whole'

/** Parts that one cell names. */
const mostParts = 4

function partWords(parts: readonly CheckView[], pieces: AssetPieces | null, language: Language): string {
  const names = parts.slice(0, mostParts).map(part => partTitle(part, pieces, language))
  const left = parts.length - names.length
  return [...names, ...(left > 0 ? [reportWords[language].andMore(left)] : [])].join(language === 'zh' ? '、' : ', ')
}

function resultWords({ outcome, labels, score, reason, detail }: ResultView, language: Language): string {
  const words = reportWords[language]
  const named = labels.map(label => labelOf(label)[language]).join(language === 'zh' ? '、' : ', ')
  const sure = named !== '' && score !== null && (outcome === 'risky' || outcome === 'review')
  const why =
    reason === null
      ? ''
      : `${isFailureCode(reason) ? failureText(reason, language) : reason}${detail ? ` (${detailText(detail, language)})` : ''}`
  return [named === '' ? '' : `${named}${sure ? ` · ${words.confidence(score)}` : ''}`, why]
    .filter(part => part !== '')
    .join('\n')
}

/** Rules that one cell names. */
const mostRules = 6

interface RuleOfAsset {
  readonly hit: RuleHit
  readonly matched: readonly string[]
  readonly isFine: boolean
}

/** The rules of an asset, the worst first as their hits are, each with the words that it was found in. */
function rulesOf({ ruled }: PeopleAsset): readonly RuleOfAsset[] {
  const found = new Map<string, { hit: RuleHit; matched: Set<string>; isFine: boolean }>()
  for (const hit of ruled?.hits ?? []) {
    const name = ruleName(hit.text)
    const rule = found.get(name) ?? { hit, matched: new Set<string>(), isFine: true }
    if (hit.matched !== '') rule.matched.add(hit.matched.replace(/\s+/g, ' '))
    if (hit.waiver === null) rule.isFine = false
    found.set(name, rule)
  }
  return [...found.values()].map(rule => ({ ...rule, matched: [...rule.matched].slice(0, 4) }))
}

function ruleWords(asset: PeopleAsset): string | null {
  const { language } = asset
  const words = reportWords[language]
  const rules = rulesOf(asset)
  const lines = rules.slice(0, mostRules).map(({ hit, matched, isFine }, index) => {
    const number = rules.length > 1 ? `${index + 1}. ` : ''
    const quoted = matched.map(each => (language === 'zh' ? `“${each}”` : `"${each}"`)).join(' ')
    const fine = isFine ? ` [${words.foundFine}]` : ''
    const source = sourceLine(hit.text, language)
    return `${number}[${severityNames[language][hit.text.severity]}] ${hit.text.title[language]}${fine}\n${[quoted, source].filter(part => part !== '').join(' · ')}`
  })
  const left = rules.length - lines.length
  return [...lines, ...(left > 0 ? [words.andMore(left)] : [])].join('\n') || null
}

function betterWords(asset: PeopleAsset): string | null {
  const rules = rulesOf(asset)
  const lines = rules.slice(0, mostRules).flatMap(({ hit, isFine }, index) => {
    const said = hit.text.suggestion?.[asset.language]
    return said === undefined || isFine ? [] : [rules.length > 1 ? `${index + 1}. ${said}` : said]
  })
  return lines.join('\n') || null
}

function profileNames({ row, batch, language }: PeopleAsset): string {
  const mark = ` [${reportWords[language].practiceMark}]`
  return row.results
    .map(({ profile }) => batch.profiles.find(each => each.id === profile))
    .flatMap(profile => (profile === undefined ? [] : [`${profile.name}${profile.practice ? mark : ''}`]))
    .join('\n')
}

const linePoints = 13.5
const leastPoints = 18
export const pictureRowPoints = 66
/** Excel makes no row higher. */
const mostPoints = 400

/**
 * Spreadsheets measure wrapped rows only when somebody asks them to: an estimate by the widths of the columns. What is there for a
 * filter alone, as the names of all profiles, makes no row higher.
 */
export function heightOf(columns: readonly PeopleColumn[], cells: readonly SheetCell[], hasPicture: boolean): number {
  const lines = columns.map(({ width, isPrinted }, index) =>
    isPrinted ? linesIn(plainOf(cells[index] ?? null), width) : 1,
  )
  const points = Math.max(leastPoints, Math.max(...lines) * linePoints + 4)
  return Math.min(mostPoints, Math.max(points, hasPicture ? pictureRowPoints : 0))
}

/** Lines that a text takes in a column of so many characters. */
export function linesIn(text: string, width: number): number {
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(breadthOf(line) / (width - 1))), 0)
}

function plainOf(cell: SheetCell): string {
  if (typeof cell === 'string') return cell
  return cell !== null && typeof cell === 'object' && 'runs' in cell ? cell.runs.map(run => run.text).join('') : ''
}

/** Chinese is twice as wide as Latin. */
function breadthOf(line: string): number {
  return line.length + (line.match(/[\u2e80-\ufffd]/g)?.length ?? 0)
}
