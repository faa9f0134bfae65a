import { createHash } from 'node:crypto'
import type { TextRange } from '../../../shared/domain.ts'
import { failureText, isFailureCode } from '../../../shared/failures.ts'
import type { gridDecisions, gridOutcomes } from '../../../shared/grid.ts'
import { labelOf } from '../../../shared/labels.ts'
import type { AssetRow, BatchSummary, CheckView, ResultView, ReviewEvent } from '../../../shared/screening.ts'
import { isoTime } from './cells.ts'
import type { Manifest } from './manifest.ts'
import { decisionNames, type Language, outcomeNames, reportWords } from './words.ts'

/** One asset with what the report tells of it. */
export interface HtmlItem {
  readonly row: AssetRow
  readonly checks: readonly CheckView[]
  readonly history: readonly ReviewEvent[]
  readonly picture: HtmlPicture | 'missing' | 'full' | null
  /** The decoded text, or null when it is no text or no longer there. */
  readonly text: string | null
  /** Smallest span that was still flagged, when somebody looked for it. */
  readonly spans: readonly { readonly check: number; readonly range: TextRange }[]
}

export interface HtmlPicture {
  readonly bytes: Uint8Array
  readonly mime: string
}

export interface HtmlSection {
  readonly of: 'risky' | 'review' | 'unchecked' | 'disagreement'
  readonly total: number
  readonly items: AsyncIterable<HtmlItem> | Iterable<HtmlItem>
}

export interface HtmlReport {
  readonly language: Language
  readonly summary: BatchSummary
  readonly filter: string | null
  readonly reviewers: readonly string[]
  /** Assets of the report by outcome, by decision and by label. */
  readonly outcomes: Readonly<Record<(typeof gridOutcomes)[number], number>>
  readonly decisions: Readonly<Record<(typeof gridDecisions)[number], number>>
  readonly labels: readonly { readonly label: number; readonly count: number }[]
  readonly reasons: readonly string[]
  readonly isBlurred: boolean
  readonly exportedAt: string
  readonly ledger: Pick<Manifest, 'ledgerHead' | 'key'>
  readonly sections: readonly HtmlSection[]
}

/**
 * A report to read and to print: one file that loads nothing and runs nothing. Names and texts are data: all of them are escaped, and
 * isolated so that a right-to-left name does not turn its line around.
 */
export async function* htmlReport(report: HtmlReport): AsyncGenerator<string, void, undefined> {
  const { language, summary } = report
  const words = reportWords[language]
  const title = `${words.title} · ${summary.name}`
  const style = styleOf(report)
  yield `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head><body>
`
  if (summary.practice) yield `<p class="practice">${escaped(words.practice)}</p>\n`
  yield cover(report)
  for (const section of report.sections) {
    const heading = section.of === 'disagreement' ? words.disagreement : outcomeNames[language][section.of]
    yield `<section class="${section.of}"><h2>${escaped(heading)} <small>${section.total}</small></h2>\n`
    let shown = 0
    for await (const item of section.items) {
      shown += 1
      yield itemHtml(report, item, section.of)
    }
    if (section.total === 0) yield `<p>${section.of === 'disagreement' ? words.noDisagreement : words.empty}</p>\n`
    if (shown < section.total) yield `<p>${escaped(words.more(section.total - shown))}</p>\n`
    yield '</section>\n'
  }
  yield `<section><h2>${escaped(words.method)}</h2><ul>${words.methodTexts.map(text => `<li>${escaped(text)}</li>`).join('')}</ul></section>\n`
  yield '</body></html>\n'
}

/** Markup has no place in names; control characters, which HTML cannot hold, become the replacement character. */
export function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: HTML cannot hold these.
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g, '\u{fffd}')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  )
}

const data = (text: string) => `<bdi>${escaped(text)}</bdi>`

function cover(report: HtmlReport): string {
  const { language, summary, ledger } = report
  const words = reportWords[language]
  const names = outcomeNames[language]
  const fact = (name: string, html: string) => `<dt>${escaped(name)}</dt><dd>${html}</dd>`
  const { outcomes, decisions } = report
  const unchecked = outcomes.unchecked + outcomes.pending + outcomes.awaiting
  const total = outcomes.risky + outcomes.review + unchecked + outcomes.pass
  const profiles = summary.profiles.map(
    ({ name, platform, appid, practice }) =>
      `${data(name)} (${platform}, ${data(appid)})${practice ? ` <b>${escaped(words.practiceMark)}</b>` : ''}`,
  )
  const byProfile = summary.tallyByProfile.map((tally, index) => {
    const open = tally.unchecked + tally.pending + tally.awaiting
    const name = summary.profiles[index]?.name ?? ''
    return `<tr><th>${data(name)}</th><td>${tally.risky}</td><td>${tally.review}</td><td>${open}</td><td>${tally.pass}</td></tr>`
  })
  const head = ['risky', 'review', 'unchecked', 'pass'] as const
  const bars = [
    { name: names.risky, count: outcomes.risky, kind: 'risky' },
    { name: names.review, count: outcomes.review, kind: 'review' },
    { name: names.unchecked, count: unchecked, kind: 'unchecked' },
    { name: names.pass, count: outcomes.pass, kind: 'pass' },
  ]
  const made = (['approve', 'reject', 'escalate', 'defer'] as const).map(decision => ({
    name: decisionNames[language][decision],
    count: decisions[decision],
    kind: 'plain',
  }))
  const labels = report.labels.map(({ label, count }) => ({ name: labelOf(label)[language], count, kind: 'plain' }))
  return `<header><h1>${escaped(words.title)}</h1><p class="name">${data(summary.name)}</p><dl>
${fact(words.batch, escaped(summary.id))}
${fact(words.created, escaped(isoTime(summary.createdAt) ?? ''))}
${fact(words.exported, escaped(report.exportedAt))}
${fact(words.profiles, profiles.join('<br>'))}
${fact(words.reviewers, report.reviewers.map(data).join(', ') || words.none)}
${fact(words.filter, report.filter === null ? escaped(words.wholeBatch) : data(report.filter))}
${fact(words.assets, `${total}`)}
${fact(words.decided, `${total - decisions.undecided}`)}
${fact(words.skipped, `${summary.skipped}`)}
</dl></header>
<section class="charts"><h2>${escaped(words.outcomes)}</h2>${barChart(bars)}
${labels.length === 0 ? '' : `<h3>${escaped(words.labels)}</h3>${barChart(labels)}`}
<h3>${escaped(words.decisions)}</h3>${barChart(made)}
${report.filter === null && byProfile.length > 1 ? `<h3>${escaped(words.perProfile)}</h3><table><tr><th></th>${head.map(name => `<th>${escaped(names[name])}</th>`).join('')}</tr>${byProfile.join('')}</table>` : ''}</section>
<section class="ledger"><h2>${escaped(words.ledger)}</h2><dl>
${fact(words.ledgerHead(ledger.ledgerHead.seq), `<code>${escaped(ledger.ledgerHead.hash)}</code>`)}
${fact(words.fingerprint, `<code>${escaped(ledger.key.fingerprint)}</code> (${escaped(words.origin[ledger.key.origin])})`)}
${fact(words.publicKey, `<code>${escaped(ledger.key.publicKey)}</code>`)}
${fact(words.signature, `<code>${escaped(ledger.ledgerHead.signature)}</code>`)}
</dl></section>
`
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

function itemHtml(report: HtmlReport, item: HtmlItem, section: HtmlSection['of']): string {
  const { language, summary } = report
  const words = reportWords[language]
  const { row } = item
  const results = row.results.map(result => {
    const profile = summary.profiles.find(each => each.id === result.profile)
    const name = summary.profiles.length > 1 || profile?.practice ? `${data(profile?.name ?? result.profile)}: ` : ''
    return `<p>${name}${resultHtml(result, language)}</p>`
  })
  const flagged = item.checks.filter(check => check.verdict === 'risky' || check.verdict === 'review')
  const shown = section === 'unchecked' ? item.checks.filter(check => check.verdict === null) : flagged
  return `<article><h3>${data(row.path)}</h3><div class="item">${pictureHtml(report, item, flagged)}<div class="words">
${results.join('')}${decisionHtml(report, item)}${textHtml(item, flagged, words)}</div></div>${checksHtml(shown, language)}</article>
`
}

function resultHtml(result: ResultView, language: Language): string {
  const words = reportWords[language]
  const outcome = result.outcome ?? 'pending'
  const labels = result.labels.map(label => `<span class="label">${escaped(labelOf(label)[language])} ${label}</span>`)
  const reason =
    result.reason === null
      ? ''
      : ` ${escaped(isFailureCode(result.reason) ? failureText(result.reason, language) : result.reason)}${result.detail ? ` (${data(result.detail)})` : ''}`
  const time = result.screenedAt === null ? '' : ` <time>${escaped(isoTime(result.screenedAt) ?? '')}</time>`
  const score = result.score === null ? '' : ` ${result.score}`
  const reused = result.reused ? ` · ${escaped(words.reused)}` : ''
  return `<b class="tag ${result.outcome ?? 'unchecked'}">${escaped(outcomeNames[language][outcome])}</b> ${labels.join(' ')}${score} · ${result.checked}/${result.parts}${reason}${reused}${time}`
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
      : `${escaped(words.by)}: ${data(decided.reviewer)} <time>${escaped(isoTime(decided.at) ?? '')}</time>`,
  ]
  return `<p class="decision">${escaped(words.person)}: ${parts.filter(part => part !== '').join(' · ')}</p>`
}

/** As thumbnails are cut: a long poster shows its beginning, down to this ratio of its sides. */
const longestRatio = 2

function pictureHtml(report: HtmlReport, { row, picture }: HtmlItem, flagged: readonly CheckView[]): string {
  const words = reportWords[report.language]
  if (picture === null) return ''
  if (picture === 'missing') return `<p class="nopic">${escaped(words.pictureMissing)}</p>`
  if (picture === 'full') return `<p class="nopic">${escaped(words.pictureOmitted)}</p>`
  const source = `data:${picture.mime};base64,${Buffer.from(picture.bytes).toString('base64')}`
  const { width, height } = row
  const alt = report.isBlurred ? words.blurred : ''
  if (width === null || height === null || width === 0 || height === 0) {
    return `<figure><img src="${source}" alt="${escaped(alt)}"></figure>`
  }
  const seenWidth = Math.min(width, height * longestRatio)
  const seenHeight = Math.min(height, width * longestRatio)
  const tiles = flagged.flatMap(check =>
    check.rect === null || check.frame !== null ? [] : [{ ...check, rect: check.rect }],
  )
  const inside = tiles.filter(({ rect: [x, y] }) => x < seenWidth && y < seenHeight)
  const marks = inside.map(
    ({ rect: [x, y, w, h], verdict }) => `<rect class="mark ${verdict}" x="${x}" y="${y}" width="${w}" height="${h}"/>`,
  )
  const beyond = tiles.length - inside.length
  const caption = [report.isBlurred ? words.blurred : '', beyond > 0 ? words.beyond(beyond) : ''].filter(
    text => text !== '',
  )
  return `<figure><svg class="picture" viewBox="0 0 ${seenWidth} ${seenHeight}"><image href="${source}" width="${seenWidth}" height="${seenHeight}" preserveAspectRatio="xMinYMin slice"/>${marks.join('')}</svg><figcaption>${escaped(caption.join(' · '))}</figcaption></figure>`
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
    return `<tr><td>${escaped(check.part)}</td><td>${escaped(place)}</td><td>${escaped(outcomeNames[language][outcome])}</td><td>${escaped(label)}</td><td>${escaped(check.endpoint)}</td><td>${check.errcode ?? ''}</td><td>${escaped(check.rid ?? check.traceId ?? '')}</td><td>${escaped(isoTime(check.at) ?? '')}</td></tr>`
  })
  const more = checks.length > mostChecks ? `<p>${escaped(words.more(checks.length - mostChecks))}</p>` : ''
  return `<table class="checks"><tr><th>${escaped(words.part)}</th><th></th><th></th><th></th><th>${escaped(words.endpoint)}</th><th>errcode</th><th>rid / trace_id</th><th>${escaped(words.time)}</th></tr>${rows.join('')}</table>${more}`
}

/** The only variable parts are fixed words and the batch's id. */
function styleOf({ language, summary }: HtmlReport): string {
  const words = reportWords[language]
  const mark = summary.practice ? `${words.practiceMark} · ` : ''
  return `@page{size:A4;margin:18mm 14mm 18mm;@top-left{content:"${mark}${words.title} ${summary.id}";font:9pt sans-serif;color:#${summary.practice ? 'b02a37' : '666'}}@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#666}}
:root{color-scheme:light}*{box-sizing:border-box}body{font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1b1f24;background:#fff;max-width:960px;margin:0 auto;padding:24px}
h1{font-size:28px;margin:0}h2{font-size:20px;border-bottom:1px solid #ccc;margin:32px 0 12px;break-after:avoid}h2 small{color:#666;font-weight:400}h3{font-size:15px;margin:12px 0 6px;overflow-wrap:anywhere;break-after:avoid}
.name{font-size:18px;color:#444;margin:4px 0 16px;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}dt{color:#666}dd{margin:0;overflow-wrap:anywhere}code{font-size:12px;overflow-wrap:anywhere}
.practice{position:sticky;top:0;z-index:1;background:#b02a37;color:#fff;font-weight:700;text-align:center;padding:6px;margin:0 0 16px}
.chart{width:100%;max-width:640px;display:block}.chart text{font-size:13px}.chart rect.plain{fill:#5c7cfa}rect.risky{fill:#c92a2a}rect.review{fill:#e8a200}rect.unchecked{fill:#868e96}rect.pass{fill:#2f9e44}
article{border:1px solid #d5d9de;border-radius:6px;padding:10px 14px;margin:0 0 12px;break-inside:avoid}.item{display:flex;gap:14px;align-items:flex-start}.words{flex:1;min-width:0}.words p{margin:0 0 6px;overflow-wrap:anywhere}
figure{margin:0;width:200px;flex:none}.picture,figure img{width:100%;max-height:280px;display:block;background:#f1f3f5}figcaption,.where,time{font-size:12px;color:#666}time{white-space:nowrap}.nopic{width:200px;flex:none;color:#666;border:1px dashed #bbb;padding:16px;margin:0}
rect.mark{fill:none;stroke-width:3;vector-effect:non-scaling-stroke}rect.mark.risky{stroke:#e03131}rect.mark.review{stroke:#f59f00;stroke-dasharray:6 4}
.tag{padding:1px 8px;border-radius:10px;background:#e9ecef}.tag.risky{background:#ffc9c9}.tag.review{background:#ffe8a3}.tag.pass{background:#d3f9d8}.label{background:#f1f3f5;border-radius:4px;padding:0 6px}
.text{white-space:pre-wrap;background:#f8f9fa;border-left:3px solid #ced4da;padding:6px 10px}mark.risky{background:#ffc9c9}mark.review{background:#ffec99}.decision{border-left:3px solid #5c7cfa;padding-left:10px}
table{border-collapse:collapse;width:100%;font-size:12px;margin-top:8px}th,td{border:1px solid #dee2e6;padding:2px 6px;text-align:left;overflow-wrap:anywhere}
@media print{body{max-width:none;padding:0;font-size:11pt;print-color-adjust:exact}.practice{position:static}.charts,.ledger{break-inside:avoid}header{break-after:avoid}}`
}
