import { failureCodes, failureText } from '../../../shared/failures.ts'
import { type GridOutcome, gridDecisions, gridFlags, gridKinds, gridOutcomes, gridRules } from '../../../shared/grid.ts'
import { labelOf } from '../../../shared/labels.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { AssetRow } from '../../../shared/screening.ts'
import { formatAge, formatNumber, type Language, type Say } from '../../base/i18n/index.ts'
import type { words as common } from '../../base/i18n/words.ts'
import { type Table, unknownScore } from '../../state/grid/table.ts'
import { verdictsOf } from './cell-evidence.ts'
import type { ColumnId } from './list-columns.ts'
import type { words as gridWords } from './words.ts'

/** The words of the cells, looked up once for a language rather than for each cell and frame. */
export interface CellWords {
  readonly language: Language
  readonly outcomes: readonly string[]
  /** Of what only rules looked at, by the finding. */
  readonly rulesOnly: readonly string[]
  /** What rules found, in full and in a word; by the column's value. */
  readonly findings: readonly string[]
  readonly severities: readonly string[]
  /** `platform: {outcome}` with the place still open. */
  readonly platform: string
  readonly decisions: readonly string[]
  readonly kinds: readonly string[]
  /** Why something is not checked, in few words; by the column's value. */
  readonly reasons: readonly string[]
  /** `confidence {score}` with the place still open. */
  readonly confidence: string
  /** The heads of the list's columns. */
  readonly columns: Readonly<Record<ColumnId, string>>
  /** `line {line}` and `{count} below`, with the places still open. */
  readonly line: string
  readonly beyond: string
  /** What a profile is called, by what tells it from the batch's others or in full, and that with its verdict. */
  readonly profile: ProfileName
  readonly saidBy: (profile: string, outcome: GridOutcome) => string
  readonly chosen: string
  readonly noPreview: string
  /** `item {index} of {count}` with the places still open. */
  readonly place: string
  readonly stackOf: (count: number) => string
  readonly laidOut: string
  readonly pictures: (count: number) => string
}

type ProfileName = (id: string, form: 'short' | 'full') => string

export function cellWords(
  language: Language,
  t: Say<(typeof gridWords)['zh']>,
  c: Say<(typeof common)['zh']>,
  profile: ProfileName = id => id,
): CellWords {
  return {
    language,
    outcomes: gridOutcomes.map(outcome => c(`outcome.${outcome}`)),
    rulesOnly: gridRules.map(finding =>
      finding === 'none' || finding === 'notice' ? c(`finding.${finding}`) : c('outcome.rules_only'),
    ),
    findings: gridRules.map(finding => c(`finding.${finding}`)),
    severities: gridRules.map(finding => (finding === 'unknown' ? '' : t(`mark.${finding}`))),
    platform: t('platformSaid', { outcome: '{outcome}' }),
    decisions: gridDecisions.map(decision => c(`decision.${decision}`)),
    kinds: gridKinds.map(kind => c(`kind.${kind}`)),
    reasons: ['', ...failureCodes.map(code => firstSentence(failureText(code, language)))],
    confidence: c('score', { score: '{score}' }),
    columns: {
      name: t('sort.name'),
      verdict: t('axis.outcome'),
      label: t('axis.label'),
      confidence: t('sort.confidence'),
      decision: t('axis.decision'),
      rule: c('rules'),
      folder: t('axis.folder'),
      size: t('sort.size'),
      time: t('sort.time'),
    },
    line: c('atLine', { line: '{line}' }),
    beyond: t('beyond', { count: '{count}' }),
    profile,
    saidBy: (id, outcome) => t('saidBy', { profile: profile(id, 'full'), outcome: c(`outcome.${outcome}`) }),
    chosen: t('chosen'),
    noPreview: t('noPreview'),
    place: t('cell', { index: '{index}', count: '{count}' }),
    stackOf: count => t('stackOf', { count, shown: formatNumber(count) }),
    laidOut: t('laidOut'),
    pictures: count => t('pictures', { count, shown: formatNumber(count) }),
  }
}

/** `20002` → `pornography`, in the language of the cells; '' for no label. */
export function labelName(code: number, language: Language): string {
  return code === 0 ? '' : labelOf(code)[language]
}

/** What a screen reader says of a cell: "item 41 of 1 200, risky, pornography 20002, rejected, poster.jpg". */
export function cellLabel(
  table: Table,
  position: number,
  place: {
    readonly index: number
    readonly count: number
    readonly chosen: boolean
    readonly name: string
    readonly awaited: string
    /** What the platforms said, where rules found worse. */
    readonly platform: string
    /** How many assets it stands for, and whether it is one of a stack that is laid out. */
    readonly stack: number
    readonly laidOut: boolean
  },
  words: CellWords,
): string {
  const finding = table.rules[position] ?? 0
  const decision = table.decision[position] ?? 0
  const label = table.label[position] ?? 0
  const separator = words.language === 'zh' ? '，' : ', '
  return [
    words.place.replace('{index}', formatNumber(place.index + 1)).replace('{count}', formatNumber(place.count)),
    place.stack > 1 ? words.stackOf(place.stack) : place.laidOut ? words.laidOut : '',
    outcomeText(table, position, words).toLowerCase(),
    isFindingMarked(table, position) ? (words.findings[finding] ?? '').toLowerCase() : '',
    place.platform.toLowerCase(),
    label === 0 ? '' : `${labelName(label, words.language)} ${label}`,
    scoreText(table.score[position] ?? unknownScore, table.outcome[position] ?? 0, words),
    words.reasons[table.reason[position] ?? 0] ?? '',
    place.awaited,
    decision === 0 ? '' : (words.decisions[decision] ?? '').toLowerCase(),
    place.chosen ? words.chosen : '',
    place.name,
  ]
    .filter(part => part !== '')
    .join(separator)
}

export function outcomeText(table: Table, position: number, words: CellWords): string {
  const outcome = table.outcome[position] ?? 0
  const texts = gridOutcomes[outcome] === 'rules_only' ? words.rulesOnly : words.outcomes
  return texts[gridOutcomes[outcome] === 'rules_only' ? (table.rules[position] ?? 0) : outcome] ?? ''
}

/** A notice of rules that nobody else looked at has its own shape, as it has its own word. */
export function outcomeIcon(table: Table, position: number): string {
  const outcome = gridOutcomes[table.outcome[position] ?? 0] ?? 'pending'
  const isNotice = outcome === 'rules_only' && gridRules[table.rules[position] ?? 0] === 'notice'
  return isNotice ? 'finding-notice' : outcome
}

/** What rules found stands beside the outcome; where nobody else looked it is the outcome. */
export function isFindingMarked(table: Table, position: number): boolean {
  const finding = gridRules[table.rules[position] ?? 0]
  return finding !== undefined && finding !== 'unknown' && gridOutcomes[table.outcome[position] ?? 0] !== 'rules_only'
}

/** What the platforms said, where the outcome is that of the rules: neither hides the other. */
export function platformText(row: AssetRow | undefined, outcome: number, words: CellWords): string {
  const own = (row?.results ?? []).filter(({ profile }) => profile !== rulesProfile)
  const said = own.map(result => (result.outcome === null ? 0 : gridOutcomes.indexOf(result.outcome)))
  if (row?.rules == null || said.length === 0 || Math.max(...said) >= outcome) return ''
  return words.platform.replace('{outcome}', words.outcomes[Math.max(...said)] ?? '')
}

/** What each profile said, where there are several. */
export const verdictsText = (row: AssetRow | undefined, words: CellWords): string =>
  verdictsOf(row)
    .map(({ profile, outcome }) => words.saidBy(profile, outcome))
    .join(words.language === 'zh' ? '，' : ', ')

/** Whether a picture is covered until it is asked for: what a machine found, or might have. */
export const isCovered = (table: Table, position: number): boolean => {
  const outcome = gridOutcomes[table.outcome[position] ?? 0]
  return outcome === 'risky' || outcome === 'review'
}

/** The first sentence: what happened, without what to do. */
export const firstSentence = (text: string): string => text.split(/。|\.(?:\s|$)/u, 1)[0] ?? text

/** For how long the asset's oldest push is awaited; '' when none is, or that is not known yet. */
export function awaitedFor(row: AssetRow | undefined, now: number): string {
  const since = (row?.results ?? []).flatMap(({ state, screenedAt }) =>
    state === 'awaiting' && screenedAt !== null ? [screenedAt] : [],
  )
  return since.length === 0 ? '' : formatAge(now - Math.min(...since))
}

/** `confidence 90`; nothing for a no-hit, whose confidence is of nothing that was found. */
export function scoreText(score: number, outcome: number, words: CellWords): string {
  if (score === unknownScore || gridOutcomes[outcome] === 'pass') return ''
  return words.confidence.replace('{score}', formatNumber(score))
}

export const flagBits = [
  ['olderReading', gridFlags.olderReading],
  ['readerNotes', gridFlags.readerNotes],
  ['split', gridFlags.split],
  ['disagreement', gridFlags.disagreement],
  ['tiled', gridFlags.tiled],
  ['reused', gridFlags.reused],
  ['noted', gridFlags.noted],
] as const
