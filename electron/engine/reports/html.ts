import { createHash } from 'node:crypto'
import type { TextRange } from '../../../shared/domain.ts'
import { failureText, isFailureCode } from '../../../shared/failures.ts'
import { labelOf } from '../../../shared/labels.ts'
import type { Language } from '../../../shared/language.ts'
import { detailText, remarkText } from '../../../shared/remarks/index.ts'
import { isStale, type RulesView, rulesProfile } from '../../../shared/rules.ts'
import type { AssetRow, BatchSummary, CheckView, ResultView, ReviewEvent } from '../../../shared/screening.ts'
import { ruleName } from './by-rule.ts'
import { isoTime } from './cells.ts'
import { controlLines } from './control-lines.ts'
import { assetHits, type RulePages, rulePages } from './html-rules.ts'
import { styleOf } from './html-style.ts'
import { data, escaped, personHtml, timeHtml } from './html-text.ts'
import type { Manifest } from './manifest.ts'
import { type PicturePart, pictureParts, seenSize } from './picture-parts.ts'
import type { ListName, ReportSubject, Survey } from './selection.ts'
import { decisionNames, outcomeNames, partName, reportWords } from './words.ts'

/** One asset with what the report shows of it. */
export interface HtmlItem {
  readonly row: AssetRow
  readonly checks: readonly CheckView[]
  readonly history: readonly ReviewEvent[]
  /** As the batch was named and its profiles were when it was screened. */
  readonly batch: Pick<BatchSummary, 'id' | 'name' | 'profiles'>
  readonly picture: HtmlPicture | 'missing' | 'full' | null
  /** Flagged parts that the picture does not show, as far as there is room for them. */
  readonly parts: readonly { readonly part: PicturePart; readonly picture: HtmlPicture }[]
  /** The decoded text, or null when it is no text or no longer there. */
  readonly text: string | null
  /** What rules found in it; null where none looked. */
  readonly ruled: RulesView | null
  /** Smallest span that was still flagged, when somebody looked for it. */
  readonly spans: readonly { readonly check: number; readonly range: TextRange }[]
}

export interface HtmlPicture {
  readonly bytes: Uint8Array
  readonly mime: string
}

export interface HtmlSection {
  readonly of: ListName
  readonly total: number
  readonly items: AsyncIterable<HtmlItem> | Iterable<HtmlItem>
}

export interface HtmlReport {
  readonly language: Language
  readonly subject: ReportSubject
  readonly filter: string | null
  /** Assets of the report. */
  readonly counts: Pick<Survey, 'outcomes' | 'decisions' | 'labels'>
  readonly reasons: readonly string[]
  readonly isBlurred: boolean
  readonly exportedAt: string
  readonly ledger: Pick<Manifest, 'ledgerHead' | 'key'>
  readonly sections: readonly HtmlSection[]
  /** Null where no batch of it was checked by rules. */
  readonly rules: Pick<RulePages, 'rules' | 'today'> | null
}

/**
 * A report to read and to print: one file that loads nothing and runs nothing. Names and texts are data: all of them are escaped, and
 * isolated so that a right-to-left name does not turn its line around.
 */
export async function* htmlReport(report: HtmlReport): AsyncGenerator<string, void, undefined> {
  const { language, subject } = report
  const words = reportWords[language]
  const title = `${words.title} · ${subject.name}`
  const style = styleOf(report)
  yield `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head><body>
`
  if (subject.practice !== 'none') {
    const practice = subject.practice === 'all' ? words.practice : words.somePractice
    yield `<p class="practice">${escaped(practice)}</p>\n`
  }
  yield cover(report)
  const found = report.rules?.rules ?? []
  const numbers = new Map(found.map(({ text }, index) => [ruleName(text), index + 1]))
  for (const section of report.sections) {
    const { of } = section
    const heading = of === 'disagreement' || of === 'noted' ? words[of] : outcomeNames[language][of]
    yield `<section class="${section.of}"><h2>${escaped(heading)} <small>${section.total}</small></h2>\n`
    let shown = 0
    for await (const item of section.items) {
      shown += 1
      yield itemHtml(report, item, section.of, numbers)
    }
    if (section.total === 0) yield `<p>${section.of === 'disagreement' ? words.noDisagreement : words.empty}</p>\n`
    if (shown < section.total) yield `<p>${escaped(words.more(section.total - shown))}</p>\n`
    yield '</section>\n'
  }
  if (report.rules !== null) yield* rulePages({ language, isAcross: subject.batch === null, ...report.rules })
  yield `<section><h2>${escaped(words.method)}</h2><ul>${words.methodTexts.map(text => `<li>${escaped(text)}</li>`).join('')}</ul></section>\n`
  yield '</body></html>\n'
}

function cover(report: HtmlReport): string {
  const { language, subject, ledger } = report
  const summary = subject.batch
  const words = reportWords[language]
  const names = outcomeNames[language]
  const fact = (name: string, html: string) => `<dt>${escaped(name)}</dt><dd>${html}</dd>`
  const { outcomes, decisions } = report.counts
  const unchecked = outcomes.unchecked + outcomes.pending + outcomes.awaiting
  const total = outcomes.risky + outcomes.review + unchecked + outcomes.rules_only + outcomes.pass
  const profiles = subject.profiles.map(
    ({ name, platform, appid, practice }) =>
      `${data(name)} (${platform}, ${data(appid)})${practice ? ` <b>${escaped(words.practiceMark)}</b>` : ''}`,
  )
  const controls = controlLines(subject, language)
    .map(({ state, text }) => `<span class="control ${state}">${data(text)}</span>`)
    .join('<br>')
  // A line of noughts would only be asked about where no rule looked.
  const head = (['risky', 'review', 'unchecked', 'rules_only', 'pass'] as const).filter(
    outcome => outcome !== 'rules_only' || report.rules !== null,
  )
  const byProfile = (summary?.tallyByProfile ?? []).map((tally, index) => {
    const open = tally.unchecked + tally.pending + tally.awaiting
    const name = subject.profiles[index]?.name ?? ''
    const counts = head.map(outcome => `<td>${outcome === 'unchecked' ? open : tally[outcome]}</td>`)
    return `<tr><th>${data(name)}</th>${counts.join('')}</tr>`
  })
  const bars = head.map(outcome => ({
    name: names[outcome],
    count: outcome === 'unchecked' ? unchecked : outcomes[outcome],
    kind: outcome,
  }))
  const made = (['approve', 'reject', 'escalate', 'defer'] as const).map(decision => ({
    name: decisionNames[language][decision],
    count: decisions[decision],
    kind: 'plain',
  }))
  const labels = report.counts.labels.map(({ label, count }) => ({
    name: labelOf(label)[language],
    count,
    kind: 'plain',
  }))
  return `<header><h1>${escaped(words.title)}</h1><p class="name">${data(subject.name)}</p><dl>
${summary === null ? fact(words.batches, `${subject.batches}`) : `${fact(words.batch, escaped(summary.id))}\n${fact(words.created, escaped(isoTime(summary.createdAt) ?? ''))}`}
${fact(words.exported, escaped(report.exportedAt))}
${fact(words.profiles, profiles.join('<br>'))}
${fact(words.reviewers, subject.reviewers.map(data).join(', ') || words.none)}
${controls === '' ? '' : fact(words.controls, controls)}
${fact(words.filter, report.filter === null ? escaped(words.wholeBatch) : data(report.filter))}
${fact(words.assets, `${total}`)}
${fact(words.decided, `${total - decisions.undecided}`)}
${summary === null ? '' : fact(words.skipped, `${summary.skipped}`)}
${report.rules === null ? '' : fact(words.rules, `${rulesFact(report.rules, language)}`)}
</dl></header>
<section class="charts"><h2>${escaped(words.outcomes)}</h2>${barChart(bars)}
${labels.length === 0 ? '' : `<h3>${escaped(words.labels)}</h3>${barChart(labels)}`}
<h3>${escaped(words.decisions)}</h3>${barChart(made)}
${report.filter === null && byProfile.length > 1 ? `<h3>${escaped(words.perProfile)}</h3><table><tr><th>${escaped(words.profile)}</th>${head.map(name => `<th>${escaped(names[name])}</th>`).join('')}</tr>${byProfile.join('')}</table>` : ''}</section>
<section class="ledger"><h2>${escaped(words.ledger)}</h2><dl>
${fact(words.ledgerHead(ledger.ledgerHead.seq), `<code>${escaped(ledger.ledgerHead.hash)}</code>`)}
${fact(words.fingerprint, `<code>${escaped(ledger.key.fingerprint)}</code> (${escaped(words.origin[ledger.key.origin])})`)}
${fact(words.publicKey, `<code>${escaped(ledger.key.publicKey)}</code>`)}
${fact(words.signature, `<code>${escaped(ledger.ledgerHead.signature)}</code>`)}
</dl></section>
`
}

/** How many rules were found, and how sure they are. */
function rulesFact({ rules, today }: NonNullable<HtmlReport['rules']>, language: Language): string {
  const words = reportWords[language]
  const stale = rules.filter(({ text }) => isStale(text, today)).length
  return [
    rules.length === 0 ? words.noRuleHit : words.rulesFound(rules.length),
    stale === 0 ? '' : words.rulesStale(stale),
    words.notLegalAdvice,
  ]
    .map(escaped)
    .join(' ')
}

/** Horizontal bars with their numbers; colours are classes of the one style sheet. */
function barChart(bars: readonly { readonly name: string; readonly count: number; readonly kind: string }[]): string {
  const most = Math.max(1, ...bars.map(bar => bar.count))
  const rowHeight = 24
  const rows = bars.map(({ name, count, kind }, index) => {
    const y = index * rowHeight
    const width = count === 0 ? 0 : Math.max(2, Math.round((count / most) * 380))
    return `<text x="150" y="${y + 16}" text-anchor="end">${escaped(name)}</text><rect class="${kind}" x="160" y="${y + 4}" width="${width}" height="16"/><text x="${170 + width}" y="${y + 16}">${count}</text>`
  })
  return `<svg class="chart" viewBox="0 0 640 ${bars.length * rowHeight}" role="img">${rows.join('')}</svg>`
}

function itemHtml(
  report: HtmlReport,
  item: HtmlItem,
  section: HtmlSection['of'],
  numbers: ReadonlyMap<string, number>,
): string {
  const { language, subject } = report
  const words = reportWords[language]
  const { row, batch } = item
  const isAcross = subject.batch === null
  const profileOf = (id: string) => batch.profiles.find(each => each.id === id)
  const isOfRules = (id: string) => profileOf(id)?.platform === rulesProfile
  // Beside a platform's, what rules found is said below in words of its own.
  const judged = row.results.filter(({ profile }) => !isOfRules(profile))
  const results = (judged.length > 0 ? judged : row.results).map(result => {
    const profile = profileOf(result.profile)
    const isNamed = isAcross || batch.profiles.length > 1 || profile?.practice === true
    const mark = isAcross && profile?.practice === true ? ` <b class="tag">${escaped(words.practiceMark)}</b>` : ''
    const name = isNamed ? `${data(profile?.name ?? result.profile)}${mark}: ` : ''
    return `<p>${name}${resultHtml(result, language)}</p>`
  })
  // Rules know the very words, which are shown for themselves.
  const ofHits = new Set(item.ruled?.hits.map(({ check }) => check))
  const flagged = item.checks.filter(
    check => (check.verdict === 'risky' || check.verdict === 'review') && !ofHits.has(check.id),
  )
  const shown = section === 'unchecked' ? item.checks.filter(check => check.verdict === null) : flagged
  const from = isAcross
    ? `<p class="where">${escaped(words.batch)}: ${data(batch.name)} (${escaped(batch.id)})</p>`
    : ''
  return `<article><h3>${data(row.path)}</h3>${from}<div class="item">${pictureHtml(report, item, flagged)}<div class="words">
${results.join('')}${assetHits(item.ruled, numbers, language)}${readingHtml(item.row, language)}${decisionHtml(report, item)}${textHtml(item, flagged, words)}</div></div>${checksHtml(shown, language)}</article>
`
}

function resultHtml(result: ResultView, language: Language): string {
  const words = reportWords[language]
  const outcome = result.outcome ?? 'pending'
  const labels = result.labels.map(label => `<span class="label">${escaped(labelOf(label)[language])} ${label}</span>`)
  const reason =
    result.reason === null
      ? ''
      : ` ${escaped(isFailureCode(result.reason) ? failureText(result.reason, language) : result.reason)}${result.detail ? ` (${data(detailText(result.detail, language))})` : ''}`
  const time = result.screenedAt === null ? '' : ` ${timeHtml(result.screenedAt, language)}`
  const score = result.score === null ? '' : ` ${result.score}`
  const reused = result.reused ? ` · ${escaped(words.reused)}` : ''
  return `<b class="tag ${result.outcome ?? 'unchecked'}">${escaped(outcomeNames[language][outcome])}</b> ${labels.join(' ')}${score} · ${result.checked}/${result.parts}${reason}${reused}${time}`
}

/** What its reader noted, and that the pass is of an earlier reading. */
function readingHtml({ readerNotes, isOlderReading }: AssetRow, language: Language): string {
  const words = reportWords[language]
  const notes = readerNotes.map(each => `<li>${data(remarkText(each, language))}</li>`)
  return [
    notes.length === 0
      ? ''
      : `<p class="notes">${escaped(words.readerNotes)}</p><ul class="notes">${notes.join('')}</ul>`,
    isOlderReading ? `<p class="notes">${escaped(words.olderReading)}</p>` : '',
  ].join('')
}

function decisionHtml(report: HtmlReport, { row, history }: HtmlItem): string {
  const words = reportWords[report.language]
  if (row.decision === null && row.note === null) return ''
  const decided = history.findLast(event => event.decision === row.decision)
  const reason =
    row.decisionReason === null ? null : (report.reasons[row.decisionReason - 1] ?? String(row.decisionReason))
  const parts = [
    row.decision === null ? '' : `<b>${escaped(decisionNames[report.language][row.decision])}</b>`,
    reason === null ? '' : `${escaped(words.reason)}: ${data(reason)}`,
    row.note === null ? '' : `${escaped(words.note)}: ${data(row.note)}`,
    decided === undefined
      ? ''
      : `${escaped(words.by)}: ${personHtml(decided.reviewer, report.language)} ${timeHtml(decided.at, report.language)}`,
  ]
  return `<p class="decision">${escaped(words.person)}: ${parts.filter(part => part !== '').join(' · ')}</p>`
}

function pictureHtml(report: HtmlReport, { row, picture, parts }: HtmlItem, flagged: readonly CheckView[]): string {
  const words = reportWords[report.language]
  const { seen, hidden } = pictureParts(row, flagged)
  const figures: string[] = []
  if (picture === 'missing' || picture === 'full') {
    figures.push(`<p class="nopic">${escaped(picture === 'missing' ? words.pictureMissing : words.pictureOmitted)}</p>`)
  } else if (picture !== null) {
    figures.push(
      `<figure>${markedHtml(row, picture, seen)}${captionHtml([report.isBlurred ? words.blurred : ''])}</figure>`,
    )
  }
  for (const { part, picture: shown } of parts) {
    const caption = [partName(part.name, report.language), part.rect.join(', '), report.isBlurred ? words.blurred : '']
    figures.push(
      `<figure><img class="${part.verdict}" src="${sourceOf(shown)}" alt="${escaped(partName(part.name, report.language))}">${captionHtml(caption)}</figure>`,
    )
  }
  const left = hidden.length - parts.length
  if (figures.length > 0 && left > 0) figures.push(`<p class="where">${escaped(words.beyond(left))}</p>`)
  return figures.length === 0 ? '' : `<div class="pictures">${figures.join('')}</div>`
}

const sourceOf = ({ mime, bytes }: HtmlPicture) => `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`

function captionHtml(texts: readonly string[]): string {
  return `<figcaption>${escaped(texts.filter(text => text !== '').join(' · '))}</figcaption>`
}

/** The thumbnail with the flagged parts on it. */
function markedHtml({ width, height }: AssetRow, picture: HtmlPicture, parts: readonly PicturePart[]): string {
  if (width === null || height === null || width === 0 || height === 0) return `<img src="${sourceOf(picture)}" alt="">`
  const seen = seenSize(width, height)
  const marks = parts.map(
    ({ rect: [x, y, w, h], verdict }) => `<rect class="mark ${verdict}" x="${x}" y="${y}" width="${w}" height="${h}"/>`,
  )
  return `<svg class="picture" viewBox="0 0 ${seen.width} ${seen.height}"><image href="${sourceOf(picture)}" width="${seen.width}" height="${seen.height}" preserveAspectRatio="xMinYMin slice"/>${marks.join('')}</svg>`
}

/** Characters of a text that are shown of one flagged part, and around a marked span. */
const passageUnits = 1_200
const contextUnits = 60

function textHtml(
  { row, text, spans }: HtmlItem,
  flagged: readonly CheckView[],
  words: (typeof reportWords)[Language],
): string {
  if (text === null)
    return row.kind === 'text' && row.excerpt !== null ? `<p class="text" dir="auto">${escaped(row.excerpt)}</p>` : ''
  const passages = flagged.flatMap(check => {
    if (check.range === null) return []
    const span = spans.find(each => each.check === check.id)
    const [start, end] = span?.range ?? check.range
    const stop = Math.min(end, start + passageUnits)
    const place = check.line === null || check.column === null ? '' : ` · ${words.line(check.line, check.column)}`
    const caption =
      span === undefined ? `${words.range(start, end)}${place}` : `${words.span}: ${words.range(start, end)}`
    return [
      `<p class="where">${escaped(caption)}</p><p class="text" dir="auto">${escaped(text.slice(Math.max(0, start - contextUnits), start))}<mark class="${check.verdict}">${escaped(text.slice(start, stop))}</mark>${stop < end ? '…' : escaped(text.slice(end, end + contextUnits))}</p>`,
    ]
  })
  return passages.join('')
}

/** Parts of one asset that are listed. */
const mostChecks = 40

function checksHtml(checks: readonly CheckView[], language: Language): string {
  if (checks.length === 0) return ''
  const words = reportWords[language]
  const rows = checks.slice(0, mostChecks).map(check => {
    const place =
      check.rect !== null
        ? check.rect.join(', ')
        : check.range !== null
          ? words.range(check.range[0], check.range[1])
          : ''
    const outcome = check.verdict ?? 'unchecked'
    const label = check.label === null ? '' : `${labelOf(check.label)[language]} ${check.label}`
    const cells = [
      partName(check.part, language),
      place,
      outcomeNames[language][outcome],
      label,
      check.endpoint,
      String(check.errcode ?? ''),
      check.rid ?? check.traceId ?? '',
      isoTime(check.at) ?? '',
    ]
    return `<tr>${cells.map(cell => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`
  })
  const more = checks.length > mostChecks ? `<p>${escaped(words.more(checks.length - mostChecks))}</p>` : ''
  const { part, where, verdict, label, endpoint, time } = words
  const names = [part, where, verdict, label, endpoint, 'errcode', 'rid / trace_id', time]
  return `<table class="checks"><tr>${names.map(name => `<th>${escaped(name)}</th>`).join('')}</tr>${rows.join('')}</table>${more}`
}

/** Words of a narrow column break where a reader would break them: ids after their separators, times before the hour. */
function cellHtml(text: string): string {
  return escaped(text).replace(/(?<=[._-])(?=\w)|(?<=\d)(?=T\d)/g, '<wbr>')
}
