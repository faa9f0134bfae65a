import { failureText, isFailureCode } from '../../../shared/failures.ts'
import { labelOf } from '../../../shared/labels.ts'
import type { Language } from '../../../shared/language.ts'
import { partTitle } from '../../../shared/piece-places.ts'
import { detailText, remarkText } from '../../../shared/remarks/index.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { AssetRow, CheckView, ResultView } from '../../../shared/screening.ts'
import { ruleName } from './by-rule.ts'
import type { HtmlItem, HtmlReport } from './html.ts'
import { sourceOf } from './html-cover.ts'
import { severityTag, sourceLine } from './html-rules.ts'
import { data, escaped, outcomeTag, personHtml, timeHtml } from './html-text.ts'
import { type Finding, findingsOf, marksOf, passagesOf, passagesOfHits, type Run } from './passages.ts'
import { type PicturePart, picturedIn, pictureParts, seenSize } from './picture-parts.ts'
import { decisionNames, reportWords } from './words.ts'

/** One asset in a frame of its own: what it is, with what was found marked and numbered on it, and what people said. */

/** A card's number and its section; `numbers` of the rules' pages, by `book/rule`. */
export interface CardPlace {
  readonly number: number
  readonly of: 'risky' | 'review' | 'unchecked'
  readonly numbers: ReadonlyMap<string, number>
}

export function itemHtml(report: HtmlReport, item: HtmlItem, { number, of, numbers }: CardPlace): string {
  const { language, subject } = report
  const words = reportWords[language]
  const { row, batch } = item
  const isAcross = subject.batch === null
  const findings = findingsOf(item.ruled?.hits ?? [], item.checks, item.spans)
  const from = isAcross ? `<p class="where">${escaped(words.batch)}: ${data(batch.name)}</p>` : ''
  // Only what has no picture may go on in the next column.
  const isBroken = picturedIn(row, [], item.pieces) === null ? ' broken' : ''
  return `<article class="card ${of}${isBroken}" id="n${number}"><h3><span class="no">${number}</span> ${outcomeTag(of, language)} ${data(row.path)}</h3>${from}<div class="item${item.parts.length > 0 ? ' tall' : ''}">${pictureHtml(report, item, findings)}<div class="words">
${resultsHtml(report, item)}${of === 'unchecked' ? '' : noPictureHtml(item, language)}${textHtml(item, findings)}${findingsHtml(report, item, findings, numbers)}${readingHtml(row, language)}${decisionHtml(report, item)}</div></div></article>
`
}

function resultsHtml({ language, subject }: HtmlReport, { row, batch }: HtmlItem): string {
  const words = reportWords[language]
  const isAcross = subject.batch === null
  const profileOf = (id: string) => batch.profiles.find(each => each.id === id)
  const isOfRules = (id: string) => profileOf(id)?.platform === rulesProfile
  // Beside a platform's, what rules found is said below in words of its own.
  const judged = row.results.filter(({ profile }) => !isOfRules(profile))
  const shown = judged.length > 0 ? judged : row.results
  return shown
    .map(result => {
      const profile = profileOf(result.profile)
      const isNamed = isAcross || shown.length > 1 || profile?.practice === true
      const tag = shown.length > 1 ? `${outcomeTag(result.outcome ?? 'pending', language)} ` : ''
      const said = `${tag}${resultHtml(result, language)}`
      if (said === '') return ''
      const mark = isAcross && profile?.practice === true ? ` <b class="tag">${escaped(words.practiceMark)}</b>` : ''
      const name = isNamed ? `${data(profile?.name ?? result.profile)}${mark}: ` : ''
      return `<p>${name}${said}</p>`
    })
    .join('')
}

function resultHtml(result: ResultView, language: Language): string {
  const words = reportWords[language]
  const { outcome, score } = result
  const labels = result.labels.map(label => `<span class="label">${escaped(labelOf(label)[language])}</span>`)
  const why =
    result.reason === null
      ? ''
      : `${escaped(isFailureCode(result.reason) ? failureText(result.reason, language) : result.reason)}${result.detail ? ` (${data(detailText(result.detail, language))})` : ''}`
  const isFlagged = outcome === 'risky' || outcome === 'review'
  return [
    labels.join(' '),
    isFlagged && score !== null ? escaped(words.confidence(score)) : '',
    result.checked < result.parts ? escaped(words.partsChecked(result.checked, result.parts)) : '',
    result.reused ? escaped(words.reused) : '',
    why,
  ]
    .filter(part => part !== '')
    .join(' · ')
}

/** Characters of a text that a card shows. */
const cardUnits = 360

function textHtml({ row, text, ruled, checks }: HtmlItem, findings: readonly Finding[]): string {
  if (row.kind !== 'text' && text === null) return ''
  const hits = passagesOfHits(findings, cardUnits)
  const runs =
    text !== null
      ? passagesOf(text, marksOf(findings), cardUnits)
      : hits.length > 0
        ? hits
        : [{ text: row.excerpt ?? '', mark: null, starts: [] }]
  const html = runs.map(run => runHtml(run)).join('')
  if (html === '' && ruled === null) return ''
  // Without a place of its own, what a platform flagged is all of it.
  const whole = findings.length > 0 ? undefined : checks.find(check => check.range !== null && isFlagged(check))
  return whole === undefined
    ? `<p class="text" dir="auto">${html}</p>`
    : `<p class="text all" dir="auto"><mark class="${whole.verdict}">${html}</mark></p>`
}

const isFlagged = ({ verdict }: CheckView) => verdict === 'risky' || verdict === 'review'

function runHtml({ text, mark, starts }: Run): string {
  // Empty lines are only paper.
  const words = escaped(text.replace(/\s*\n\s*/g, '\n'))
  if (mark === null) return words
  const number = starts.length === 0 ? '' : `<sup>${starts.join(' ')}</sup>`
  return `${number}<mark class="${mark.kind}">${words}</mark>`
}

/** Findings that one card lists, and words of one rule in it. */
const mostFindings = 12
const mostWords = 4

function findingsHtml(
  { language }: HtmlReport,
  item: HtmlItem,
  findings: readonly Finding[],
  numbers: ReadonlyMap<string, number>,
): string {
  const words = reportWords[language]
  const listed = findings.slice(0, mostFindings)
  const shown = listed.flatMap(finding =>
    finding.of === 'rule' ? [`<li value="${finding.number}">${ruleHtml(finding, language, numbers)}</li>`] : [],
  )
  const parts = listed.flatMap(finding =>
    finding.of === 'check'
      ? [`<span><b class="no">${finding.number}</b> ${checkHtml(finding, item, language)}</span> `]
      : [],
  )
  const left = findings.length - listed.length + (item.ruled?.more ?? 0)
  const more = left > 0 ? `<li class="more">${escaped(words.morePlaces(left))}</li>` : ''
  // Rules look at words alone, and a card of what was not checked says why anyway.
  const isUnknown = item.ruled?.finding === null && item.row.kind === 'text'
  const unseen = isUnknown ? `<p class="where">${escaped(`${words.rules}: ${words.findings.unknown}`)}</p>` : ''
  const found = parts.length === 0 ? '' : `<p class="found">${parts.join('')}</p>`
  return `${unseen}${found}${shown.length + left === 0 ? '' : `<ol class="hits">${shown.join('')}${more}</ol>`}`
}

function ruleHtml(
  { hits }: Extract<Finding, { of: 'rule' }>,
  language: Language,
  numbers: ReadonlyMap<string, number>,
): string {
  const words = reportWords[language]
  const [{ text }] = hits
  const number = numbers.get(ruleName(text))
  const title = data(text.title[language])
  const link = number === undefined ? title : `<a href="#rule-${number}">${title}</a>`
  const matched = [...new Set(hits.map(hit => hit.matched.replace(/\s+/g, ' ')).filter(each => each !== ''))]
  const quoted = matched.slice(0, mostWords).map(each => `<q>${data(each)}</q>`)
  const isFine = hits.every(hit => hit.waiver !== null)
  const fine = isFine ? ` <b class="tag">${escaped(words.foundFine)}</b>` : ''
  const better =
    text.suggestion === null || isFine
      ? ''
      : `<br><b>${escaped(words.suggestion)}</b> ${data(text.suggestion[language])}`
  const about = [quoted.join(' '), data(sourceLine(text, language))].filter(part => part !== '').join(' · ')
  return `${severityTag(text, language)} ${link}${fine} <span class="where">${about}</span>${better}`
}

function checkHtml(
  { check, range }: Extract<Finding, { of: 'check' }>,
  { spans, batch, pieces }: HtmlItem,
  language: Language,
): string {
  const words = reportWords[language]
  const isSpan = spans.some(span => span.check === check.id)
  const name =
    batch.profiles.length > 2 ? batch.profiles.find(profile => profile.id === check.profile)?.name : undefined
  return [
    escaped(partTitle(check, pieces, language)),
    check.label === null || check.label === 100 ? '' : escaped(labelOf(check.label)[language]),
    name === undefined ? '' : data(name),
    isSpan && range !== null ? escaped(`${words.span}: ${words.range(range[0], range[1])}`) : '',
    check.line === null || check.column === null || isSpan ? '' : escaped(words.line(check.line, check.column)),
  ]
    .filter(part => part !== '')
    .join(' · ')
}

/** What its reader noted, and that the pass is of an earlier reading. */
export function readingHtml({ readerNotes, isOlderReading }: AssetRow, language: Language): string {
  const words = reportWords[language]
  const notes = readerNotes.map(each => `<li>${data(remarkText(each, language))}</li>`)
  return [
    notes.length === 0
      ? ''
      : `<p class="notes">${escaped(words.readerNotes)}</p><ul class="notes">${notes.join('')}</ul>`,
    isOlderReading ? `<p class="notes">${escaped(words.olderReading)}</p>` : '',
  ].join('')
}

function decisionHtml({ language, reasons }: HtmlReport, { row, history }: HtmlItem): string {
  const words = reportWords[language]
  if (row.decision === null && row.note === null) return ''
  const decided = history.findLast(event => event.decision === row.decision)
  const reason = row.decisionReason === null ? null : (reasons[row.decisionReason - 1] ?? String(row.decisionReason))
  const parts = [
    row.decision === null ? '' : `<b>${escaped(decisionNames[language][row.decision])}</b>`,
    reason === null ? '' : `${escaped(words.reason)}: ${data(reason)}`,
    row.note === null ? '' : `${escaped(words.note)}: ${data(row.note)}`,
    decided === undefined
      ? ''
      : `${escaped(words.by)}: ${personHtml(decided.reviewer, language)} ${timeHtml(decided.at, language)}`,
  ]
  return `<p class="decision">${escaped(words.person)}: ${parts.filter(part => part !== '').join(' · ')}</p>`
}

function pictureHtml(
  report: HtmlReport,
  { row, checks, pieces, picture, parts }: HtmlItem,
  findings: readonly Finding[],
): string {
  const words = reportWords[report.language]
  const numberOf = new Map(
    findings.flatMap(finding => (finding.of === 'check' ? [[finding.check.id, finding.number] as const] : [])),
  )
  const pictured = picturedIn(row, checks, pieces)
  if (pictured === null) return ''
  const { seen, hidden } = pictureParts(pictured, pictured.checks)
  const figures: string[] = []
  if (picture !== null && typeof picture !== 'string') {
    figures.push(`<figure>${markedHtml(pictured, sourceOf(picture), seen, numberOf)}</figure>`)
  }
  for (const { part, picture: shown } of parts) {
    const number = numberOf.get(part.check)
    const name = partTitle({ part: part.name, range: null }, pieces, report.language)
    const badge = number === undefined ? '' : `<b class="no">${number}</b>`
    figures.push(
      `<figure class="part">${badge}<img class="${part.verdict}" src="${sourceOf(shown)}" alt="${escaped(name)}"><figcaption>${escaped(name)}</figcaption></figure>`,
    )
  }
  const left = hidden.length - parts.length
  if (figures.length > 0 && left > 0) figures.push(`<p class="where more">${escaped(words.beyond(left))}</p>`)
  return figures.length === 0
    ? ''
    : `<div class="pictures${parts.length > 0 ? ' strip' : ''}">${figures.join('')}</div>`
}

function noPictureHtml({ picture }: HtmlItem, language: Language): string {
  const words = reportWords[language]
  if (picture !== 'missing' && picture !== 'full') return ''
  return `<p class="where">${escaped(picture === 'missing' ? words.pictureMissing : words.pictureOmitted)}</p>`
}

/** The thumbnail with the flagged parts outlined and numbered: the picture itself is not coloured. */
function markedHtml(
  { width, height }: Pick<AssetRow, 'width' | 'height'>,
  source: string,
  parts: readonly PicturePart[],
  numberOf: ReadonlyMap<CheckView['id'], number>,
): string {
  if (width === null || height === null || width === 0 || height === 0) return `<img src="${source}" alt="">`
  const seen = seenSize(width, height)
  const radius = Math.max(seen.width, seen.height) * 0.055
  const marks = parts.map(({ rect: [x, y, w, h], verdict, check }) => {
    // What the thumbnail cuts off must not take an outline's side along.
    const [right, bottom] = [Math.min(x + w, seen.width), Math.min(y + h, seen.height)]
    const place = `x="${x}" y="${y}" width="${right - x}" height="${bottom - y}"`
    const number = numberOf.get(check)
    const [cx, cy] = [x + radius * 1.3, y + radius * 1.3]
    const badge =
      number === undefined
        ? ''
        : `<circle class="badge" cx="${cx}" cy="${cy}" r="${radius}"/><text class="badge" x="${cx}" y="${cy}" font-size="${radius * 1.4}">${number}</text>`
    return `<rect class="halo" ${place}/><rect class="mark ${verdict}" ${place}/>${badge}`
  })
  return `<svg class="picture" viewBox="0 0 ${seen.width} ${seen.height}"><image href="${source}" width="${seen.width}" height="${seen.height}" preserveAspectRatio="xMinYMin slice"/>${marks.join('')}</svg>`
}
