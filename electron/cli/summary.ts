import { controlSentence } from '../../shared/controls.ts'
import type { Outcome } from '../../shared/domain.ts'
import { isFailureCode } from '../../shared/failures.ts'
import { gridKinds, gridRules } from '../../shared/grid.ts'
import { partName } from '../../shared/part-names.ts'
import { detailText } from '../../shared/remarks/index.ts'
import { type RuleCount, rulesProfile } from '../../shared/rules.ts'
import type { BatchProfile, BatchSummary, Tally } from '../../shared/screening.ts'
import type { HeadlessEngine } from '../engine/app/api.ts'
import { ruleName } from '../engine/reports/by-rule.ts'
import { jsonRecord } from '../engine/reports/records.ts'
import { reportWords, severityNames } from '../engine/reports/words.ts'
import type { ReportRow } from '../engine/store/records.ts'
import type { CommandContext } from './context.ts'
import type { BooksInUse } from './rules.ts'
import { paint, printable, table } from './terminal.ts'
import { failureSentence, outcomeWords } from './words.ts'

/** How many risky, review and unchecked assets the summary names. */
const namedAssets = 40

/** What rules came to in a batch. */
interface RulesSummary {
  readonly books: BooksInUse
  /** The rules that were found, those in most assets first. */
  readonly hits: readonly RuleCount[]
  /** Assets that no rule looked at, or not at all of it; those that hold no text among them. */
  readonly notLookedAt: { readonly assets: number; readonly pictures: number; readonly recordings: number }
}

/** Null where no rule looked. */
export async function rulesSummary(
  engine: HeadlessEngine,
  { id, profiles }: BatchSummary,
  books: BooksInUse | null,
): Promise<RulesSummary | null> {
  if (!profiles.some(isOfRules)) return null
  const { rules, kind } = await engine.grid.columns(id)
  const without = { assets: 0, pictures: 0, recordings: 0 }
  rules.forEach((found, index) => {
    if (gridRules[found] !== 'unknown') return
    without.assets += 1
    const its = gridKinds[kind[index] ?? 0]
    if (its === 'image') without.pictures += 1
    if (its === 'audio') without.recordings += 1
  })
  return { books: books ?? [], hits: await engine.store.reader.rulesOf(id), notLookedAt: without }
}

const isOfRules = ({ platform }: Pick<BatchProfile, 'platform'>) => platform === rulesProfile

export function jsonSummary(
  summary: BatchSummary,
  ruled: RulesSummary | null,
  language: 'zh' | 'en',
): Record<string, unknown> {
  const {
    id,
    name,
    state,
    notice,
    practice,
    profiles,
    tally,
    tallyByProfile,
    noted,
    skipped,
    createdAt,
    endedAt,
    controls,
  } = summary
  return {
    schema: 1,
    batch: id,
    name,
    state,
    reason: notice?.code ?? null,
    detail: notice === null ? null : detailText(notice.detail, language),
    practice,
    profiles: profiles.map((profile, index) => {
      const { rules_only: rulesOnly, ...counts } = tallyByProfile[index] ?? tally
      return { ...profile, ...counts, rulesOnly }
    }),
    ...settle(tally),
    noted,
    skipped,
    createdAt: new Date(createdAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    controls: controls.map(({ at, ...view }) => ({ ...view, at: new Date(at).toISOString() })),
    rules: ruled === null ? null : jsonRules(ruled, language),
  }
}

function jsonRules({ books, hits, notLookedAt }: RulesSummary, language: 'zh' | 'en') {
  return {
    books: books.map(({ id, title, version, rules, stale }) => ({ book: id, title, version, rules, stale })),
    hits: hits.map(({ text, assets, fine }) => ({
      rule: ruleName(text),
      title: text.title,
      severity: text.severity,
      assets,
      fine,
    })),
    notLookedAt,
    remark: reportWords[language].notLegalAdvice,
  }
}

/** What is still open when a run has ended counts as unchecked. */
function settle(tally: Tally) {
  return {
    assets: tally.assets,
    pass: tally.pass,
    review: tally.review,
    risky: tally.risky,
    unchecked: tally.unchecked + tally.pending + tally.awaiting,
    rulesOnly: tally.rules_only,
  }
}

const styles = {
  risky: 'red',
  review: 'yellow',
  unchecked: 'magenta',
  rules_only: 'cyan',
  pass: 'green',
} as const satisfies Record<Outcome, string>

export async function textSummary(
  context: CommandContext,
  engine: HeadlessEngine,
  summary: BatchSummary,
  ruled: RulesSummary | null,
): Promise<string> {
  const { stdout, words, language } = context
  const tally = settle(summary.tally)
  const lines: string[] = []
  if (tally.assets === 0) lines.push(words.nothing)
  const { named, unnamed } = await namedRows(context, engine, summary)
  if (named.length > 0) lines.push(table(named), ...(unnamed > 0 ? [words.more(unnamed)] : []), '')
  lines.push(
    [
      words.assets(tally.assets),
      ...(['pass', 'review', 'risky', 'unchecked'] as const).map(outcome => {
        const text = `${outcomeWords[language][outcome]} ${tally[outcome]}`
        return tally[outcome] === 0 ? text : paint(stdout, styles[outcome], text)
      }),
      ...(tally.rulesOnly === 0
        ? []
        : [paint(stdout, styles.rules_only, `${outcomeWords[language].rules_only} ${tally.rulesOnly}`)]),
    ].join(' · '),
  )
  if (tally.rulesOnly > 0) lines.push(paint(stdout, styles.rules_only, words.rulesOnly(tally.rulesOnly)))
  if (ruled !== null) lines.push(...rulesLines(context, ruled))
  if (summary.noted > 0) lines.push(paint(stdout, 'yellow', words.noted(summary.noted)))
  if (summary.skipped > 0) lines.push(words.skipped(summary.skipped))
  if (summary.notice !== null && isFailureCode(summary.notice.code)) {
    lines.push(paint(stdout, 'red', failureSentence(summary.notice.code, summary.notice.detail, language)))
  }
  if (tally.unchecked > 0) lines.push(paint(stdout, 'magenta', words.notClean(tally.unchecked)))
  if (summary.state === 'interrupted') lines.push(words.resumeHint(summary.id))
  if (tally.pass > 0) {
    for (const view of summary.controls) {
      if (view.state === 'flagged') continue
      const style = view.state === 'impossible' ? 'dim' : styles.unchecked
      const name = summary.profiles.length > 1 ? `${nameOf(summary, view.profile)} · ` : ''
      lines.push(paint(stdout, style, printable(`${name}${controlSentence(view, language)}`)))
    }
    lines.push(paint(stdout, 'dim', words.noHit))
  }
  if (summary.practice) lines.push(paint(stdout, 'yellow', words.practice))
  return `${lines.join('\n')}\n`
}

/** Rules that the summary names. */
const namedRules = 12

function rulesLines({ stdout, words, language }: CommandContext, { books, hits, notLookedAt }: RulesSummary): string[] {
  const open = hits.filter(({ assets, fine }) => assets > fine)
  const fine = hits.reduce((sum, each) => sum + each.fine, 0)
  const rows = open
    .slice(0, namedRules)
    .map(({ text, assets, fine: own }) => [
      paint(stdout, severityStyles[text.severity], severityNames[language][text.severity]),
      printable(text.title[language]),
      printable(ruleName(text)),
      words.inAssets(assets - own),
    ])
  const stale = books.filter(book => book.stale > 0)
  return [
    open.length === 0 ? words.noRuleHit : words.rulesHit(open.length),
    ...(rows.length === 0 ? [] : [table(rows)]),
    ...(open.length > rows.length ? [words.more(open.length - rows.length)] : []),
    ...(fine > 0 ? [words.foundFine(fine)] : []),
    ...(notLookedAt.pictures + notLookedAt.recordings > 0
      ? [paint(stdout, styles.unchecked, words.notForRules(notLookedAt.pictures, notLookedAt.recordings))]
      : []),
    ...stale.map(({ id, stale: rules }) => paint(stdout, 'yellow', words.staleBook(id, rules))),
    paint(stdout, 'dim', reportWords[language].notLegalAdvice),
  ]
}

const severityStyles = { forbidden: 'red', evidence: 'yellow', notice: 'cyan' } as const

/** The first assets that did not pass, worst first, and how many more there are. */
async function namedRows({ stdout, language }: CommandContext, engine: HeadlessEngine, summary: BatchSummary) {
  const named: string[][] = []
  let unnamed = 0
  const isSeveral = summary.profiles.length > 1
  const name = (outcome: Outcome, path: string, profile: string, why: string) => {
    const mark = paint(stdout, styles[outcome], outcomeWords[language][outcome])
    named.push([mark, printable(path), ...(isSeveral ? [printable(profile)] : []), why])
  }
  for (const outcome of ['risky', 'review', 'unchecked'] as const) {
    for await (const page of engine.store.reports.rows(summary.id, null)) {
      for (const each of await heldUpByRules(engine, summary, page, outcome)) {
        if (named.length >= namedAssets) unnamed += 1
        else name(outcome, each.path, each.profile, await whyOfRules(engine, each, language))
      }
      for (const row of page) {
        const actual =
          row.result.outcome === 'pending' || row.result.outcome === 'awaiting' ? 'unchecked' : row.result.outcome
        if (actual !== outcome) continue
        if (named.length >= namedAssets) {
          unnamed += 1
          continue
        }
        const profile = summary.profiles[row.result.profile] ?? fallbackProfile
        const { id: asset, path } = row.asset
        if (isOfRules(profile)) {
          name(outcome, path, profile.name, await whyOfRules(engine, { asset, ...row.result }, language))
          continue
        }
        const checks = await engine.store.reader.checks(asset)
        const record = jsonRecord(row, { checks, pieces: null, control: null, ruled: null }, profile, language)
        name(outcome, path, profile.name, explain(record, row.result.reason, row.result.detail, language))
      }
    }
  }
  return { named, unnamed }
}

/** What rules hold up beside platforms that have rows of their own. */
async function heldUpByRules(
  { store }: HeadlessEngine,
  { profiles }: BatchSummary,
  page: readonly ReportRow[],
  outcome: Outcome,
) {
  const rules = profiles.find(isOfRules)
  if (rules === undefined || profiles.every(isOfRules)) return []
  const rows = await store.reader.rows([...new Set(page.map(({ asset }) => asset.id))])
  return rows.flatMap(({ id: asset, path, results }) =>
    results
      .filter(result => result.profile === rules.id && result.outcome === outcome && result.reason !== 'kind_not_taken')
      .map(({ reason, detail }) => ({ asset, path, profile: rules.name, reason, detail })),
  )
}

/** Hits that are told of one asset. */
const toldHits = 3

/** Which words, where, by which rule; or why rules did not look at all of it. */
async function whyOfRules(
  { store }: HeadlessEngine,
  { asset, reason, detail }: { readonly asset: number; readonly reason: string | null; readonly detail: string | null },
  language: 'zh' | 'en',
): Promise<string> {
  const hits = (await store.reader.ruled(asset))?.hits.filter(({ waiver }) => waiver === null) ?? []
  const told = hits.slice(0, toldHits).map(({ text, line, column, matched }) => {
    const place = line === null || column === null ? '' : `${line}:${column} `
    return `${place}${matched === '' ? '' : `“${matched}” `}${text.title[language]}`
  })
  const more = hits.length > told.length ? [`+${hits.length - told.length}`] : []
  const why = reason !== null && isFailureCode(reason) ? [failureSentence(reason, detail, language)] : []
  return printable([...told, ...more, ...why].join(' · '))
}

const nameOf = ({ profiles }: BatchSummary, id: string) => profiles.find(profile => profile.id === id)?.name ?? id

const fallbackProfile = { id: '', name: '', platform: '', appid: '', practice: false } as const

/** Where the hit is and what it is called, or why there is no verdict and what to do. */
function explain(
  record: Record<string, unknown>,
  reason: string | null,
  detail: string | null,
  language: 'zh' | 'en',
): string {
  const checks = Array.isArray(record.checks) ? record.checks : []
  const hits = checks.filter(check => check.verdict === 'risky' || check.verdict === 'review')
  const places = hits
    .filter(check => check.part !== 'whole' || check.line !== null)
    .slice(0, 3)
    .map(check =>
      check.line === null
        ? partName(check.part, language)
        : `${check.part === 'whole' ? '' : `${partName(check.part, language)} `}${check.line}:${check.column}`,
    )
  const labels = Array.isArray(record.labels) ? record.labels.map(label => `${label[language]} ${label.code}`) : []
  const why = reason !== null && isFailureCode(reason) ? failureSentence(reason, detail, language) : ''
  return [labels.join(', '), places.join(', '), why].filter(part => part !== '').join(' · ')
}
