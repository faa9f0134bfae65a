import type { Language } from '../../../shared/language.ts'
import { type Day, isStale, type RuleText } from '../../../shared/rules.ts'
import { type RuleFound, type RulePlace, ruleName } from './by-rule.ts'
import { data, escaped, personHtml, timeHtml } from './html-text.ts'
import { reportWords, severityNames } from './words.ts'

/** The pages that go back to whoever wrote the words: each rule with what it goes by, better words, and every place that it was found in. */
export interface RulePages {
  readonly language: Language
  readonly rules: readonly RuleFound[]
  readonly today: Day
  /** Whether the places are in more than one batch. */
  readonly isAcross: boolean
}

/** Places of one rule that are listed, and of all: beyond that no browser opens the file with pleasure. */
const mostPlaces = 1_000
const mostPlacesInAll = 10_000

export async function* rulePages({ language, rules, today, isAcross }: RulePages): AsyncGenerator<string> {
  const words = reportWords[language]
  yield `<section class="rules"><h2>${escaped(words.byRule)} <small>${rules.length}</small></h2>
<p class="where">${escaped(rules.length === 0 ? words.noRuleHit : words.byRuleIntro)} <b>${escaped(words.notLegalAdvice)}</b></p>\n`
  if (rules.length > 0) yield `${contents(rules, today, language)}<div class="rule-list">`
  let left = mostPlacesInAll
  for (const [index, rule] of rules.entries()) {
    yield `<article class="rule" id="rule-${index + 1}">${ruleHead(rule.text, index + 1, today, language)}\n`
    const listed = await listPlaces(rule, Math.min(mostPlaces, left))
    left -= listed.open.length + listed.fine.length
    if (listed.open.length > 0) yield placesTable(listed.open, language, isAcross)
    if (listed.fine.length > 0)
      yield `<h4>${escaped(words.foundFine)} <small>${listed.fine.length}</small></h4>${placesTable(listed.fine, language, isAcross)}`
    if (listed.more > 0) yield `<p>${escaped(words.morePlaces(listed.more))}</p>\n`
    yield '</article>\n'
  }
  yield `${rules.length > 0 ? '</div>' : ''}</section>\n`
}

/** A table of contents: where to find each rule, and how much there is of it. */
function contents(rules: readonly RuleFound[], today: Day, language: Language): string {
  const words = reportWords[language]
  const rows = rules.map(
    ({ text, assets, fine }, index) =>
      `<tr><td>${index + 1}</td><td><a href="#rule-${index + 1}">${data(text.title[language])}</a>${staleMark(text, today, language)}</td><td>${severityTag(text, language)}</td><td>${data(sourceLine(text, language))}</td><td>${assets - fine}</td><td>${fine}</td></tr>`,
  )
  const names = ['', words.rule, words.severity, words.basis, words.assets, words.foundFine]
  return `<table class="contents"><thead><tr>${names.map(name => `<th>${escaped(name)}</th>`).join('')}</tr></thead>${rows.join('')}</table>\n`
}

function ruleHead(text: RuleText, number: number, today: Day, language: Language): string {
  const words = reportWords[language]
  const { citation, inForce } = text
  const fact = (name: string, html: string) => (html === '' ? '' : `<dt>${escaped(name)}</dt><dd>${html}</dd>`)
  const read = [citation.readAt, citation.readOn ?? ''].filter(part => part !== '').join(' · ')
  const spans = [
    inForce.from === null ? '' : words.inForceFrom(inForce.from),
    inForce.until === null ? '' : words.inForceUntil(inForce.until),
  ].filter(part => part !== '')
  const said = (each: RuleText['why']) => (each === null ? '' : data(each[language]))
  // Of use to whoever keeps the book, not to whoever writes.
  const kept = [
    `${escaped(words.reading[citation.reading])}${read === '' ? '' : ` (${data(read)})`}`,
    ...spans.map(span => `${escaped(words.inForce)} ${escaped(span)}`),
    escaped(words.states[text.state]),
    text.review === null ? '' : escaped(words.reviewBy(text.review)),
    text.owner === null ? '' : `${escaped(words.owner)} ${data(text.owner)}`,
    `<code>${data(ruleName(text))}</code>`,
  ].filter(part => part !== '')
  return `<header><h3>${number}. ${data(text.title[language])} ${severityTag(text, language)}${staleMark(text, today, language)}</h3><dl>
${fact(words.suggestion, text.suggestion === null ? '' : `<b>${said(text.suggestion)}</b>`)}
${fact(words.basis, data(sourceLine(text, language)))}
${fact(words.quote, citation.quote === null ? '' : `<q>${data(citation.quote)}</q>`)}
${fact(words.why, said(text.why))}
</dl><p class="where">${kept.join(' · ')}</p></header>`
}

/** The law or list, and the article. */
export function sourceLine({ citation }: Pick<RuleText, 'citation'>, language: Language): string {
  return [citation.source[language], citation.article].filter(part => part !== '').join(' · ')
}

export const severityTag = ({ severity }: RuleText, language: Language) =>
  `<b class="tag ${severity}">${escaped(severityNames[language][severity])}</b>`

function staleMark(text: RuleText, today: Day, language: Language): string {
  return isStale(text, today) ? ` <b class="tag stale">${escaped(reportWords[language].stale)}</b>` : ''
}

async function listPlaces({ places }: RuleFound, most: number) {
  const open: RulePlace[] = []
  const fine: RulePlace[] = []
  let more = 0
  for await (const place of places()) {
    if (open.length + fine.length >= most) more += 1
    else if (place.hit.waiver === null) open.push(place)
    else fine.push(place)
  }
  return { open, fine, more }
}

function placesTable(places: readonly RulePlace[], language: Language, isAcross: boolean): string {
  const words = reportWords[language]
  const rows = places.map(({ path, batch, hit }) => {
    const { line, column, waiver } = hit
    const where = line === null || column === null ? words.wholeText : `${line}:${column}`
    const why =
      waiver === null
        ? ''
        : `<p class="fine">${escaped(words.reaches[waiver.reach])}: ${data(waiver.reason)} · ${personHtml(waiver.reviewer, language)} ${timeHtml(waiver.at, language)}</p>`
    const from = isAcross ? `<br><small>${escaped(batch)}</small>` : ''
    return `<tr><td>${data(path)}${from}</td><td>${escaped(where)}</td><td>${hitWords(hit)}${why}</td></tr>`
  })
  return `<table class="places"><thead><tr>${[words.asset, words.where, words.passage].map(name => `<th>${escaped(name)}</th>`).join('')}</tr></thead>${rows.join('')}</table>\n`
}

/** The words in what stands around them, on one line. */
function hitWords({ before, matched, after, text }: RulePlace['hit']): string {
  const line = (words: string) => escaped(words.replace(/\s*[\r\n]\s*/g, ' ⏎ '))
  return `<span class="passage" dir="auto">${line(before)}<mark class="${text.severity}">${line(matched)}</mark>${line(after)}</span>`
}
