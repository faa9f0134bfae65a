import { labelOf } from '../../../shared/labels.ts'
import type { HtmlItem, HtmlReport, HtmlSection } from './html.ts'
import { readingHtml } from './html-items.ts'
import { data, escaped, outcomeTag, personHtml, timeHtml } from './html-text.ts'
import { decisionNames, outcomeNames, reportWords } from './words.ts'

/** What follows the cards: figures, and lists in lines. */

export function figures({ language, subject, counts, filter, rules }: HtmlReport): string {
  const words = reportWords[language]
  const names = outcomeNames[language]
  const line = (name: string, count: number) => `<tr><th>${escaped(name)}</th><td>${count}</td></tr>`
  const { decisions } = counts
  const made = (['approve', 'reject', 'escalate', 'defer'] as const).map(decision =>
    line(decisionNames[language][decision], decisions[decision]),
  )
  const labels = counts.labels.map(({ label, count }) => line(labelOf(label)[language], count))
  const head = (['risky', 'review', 'unchecked', 'rules_only', 'pass'] as const).filter(
    outcome => outcome !== 'rules_only' || rules !== null,
  )
  const byProfile = (subject.batch?.tallyByProfile ?? []).map((tally, index) => {
    const open = tally.unchecked + tally.pending + tally.awaiting
    const cells = head.map(outcome => `<td>${outcome === 'unchecked' ? open : tally[outcome]}</td>`)
    return `<tr><th>${data(subject.profiles[index]?.name ?? '')}</th>${cells.join('')}</tr>`
  })
  const tables = [
    `<div><h3>${escaped(words.decisions)}</h3><table>${made.join('')}${line(words.undecided, decisions.undecided)}</table></div>`,
    labels.length === 0 ? '' : `<div><h3>${escaped(words.labels)}</h3><table>${labels.join('')}</table></div>`,
    filter === null && byProfile.length > 1
      ? `<div><h3>${escaped(words.perProfile)}</h3><table><tr><th>${escaped(words.profile)}</th>${head.map(name => `<th>${escaped(names[name])}</th>`).join('')}</tr>${byProfile.join('')}</table></div>`
      : '',
  ]
  return `<section class="figures"><h2>${escaped(words.figures)}</h2><div class="tables">${tables.join('')}</div></section>\n`
}

/** Where machine and people disagree, or what was noted beside a no-hit: a line each, since the asset is no urgent one. */
export async function* listTable(report: HtmlReport, { of, total, items }: HtmlSection): AsyncGenerator<string> {
  const { language, subject } = report
  const words = reportWords[language]
  const isNoted = of === 'noted'
  if (total === 0 && isNoted) return
  yield `<section class="${of}"><h2>${escaped(words[isNoted ? 'noted' : 'disagreement'])} <small>${total}</small></h2>\n`
  if (total === 0) yield `<p>${escaped(words.noDisagreement)}</p>\n`
  let shown = 0
  for await (const item of items) {
    if (shown === 0) {
      const names = [words.asset, words.machine, isNoted ? words.note : words.person]
      yield `<table class="list"><thead><tr>${names.map(name => `<th>${escaped(name)}</th>`).join('')}</tr></thead>\n`
    }
    shown += 1
    const from = subject.batch === null ? `<br><small>${data(item.batch.name)}</small>` : ''
    const said = isNoted ? readingHtml(item.row, language) : personOf(report, item)
    yield `<tr><td>${data(item.row.path)}${from}</td><td>${machineOf(item, language)}</td><td>${said}</td></tr>\n`
  }
  if (shown > 0) yield '</table>\n'
  if (shown < total) yield `<p>${escaped(words.more(total - shown))}</p>\n`
  yield '</section>\n'
}

function machineOf({ row, batch }: HtmlItem, language: HtmlReport['language']): string {
  return row.results
    .map(({ profile, outcome, labels }) => {
      const name =
        row.results.length > 1 ? `${data(batch.profiles.find(({ id }) => id === profile)?.name ?? profile)}: ` : ''
      const named = labels.map(label => escaped(labelOf(label)[language])).join(' ')
      return `${name}${outcomeTag(outcome ?? 'pending', language)} ${named}`
    })
    .join('<br>')
}

function personOf({ language, reasons }: HtmlReport, { row, history }: HtmlItem): string {
  if (row.decision === null) return ''
  const decided = history.findLast(event => event.decision === row.decision)
  const reason = row.decisionReason === null ? null : (reasons[row.decisionReason - 1] ?? String(row.decisionReason))
  return [
    `<b>${escaped(decisionNames[language][row.decision])}</b>`,
    reason === null ? '' : data(reason),
    row.note === null || row.note === '' ? '' : data(row.note),
    decided === undefined ? '' : `${personHtml(decided.reviewer, language)} ${timeHtml(decided.at, language)}`,
  ]
    .filter(part => part !== '')
    .join(' · ')
}
