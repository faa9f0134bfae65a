import { Buffer } from 'node:buffer'
import { failureText, isFailureCode } from '../../../shared/failures.ts'
import type { Language } from '../../../shared/language.ts'
import { isStale } from '../../../shared/rules.ts'
import type { AssetRow } from '../../../shared/screening.ts'
import { controlLines } from './control-lines.ts'
import type { HtmlPicture, HtmlReport } from './html.ts'
import { data, escaped, minuteText } from './html-text.ts'
import type { Survey } from './selection.ts'
import { outcomeNames, outcomeSigns, reportWords } from './words.ts'

/** Page one: what it is about, the counts, what was not checked, the most urgent assets at a glance, and where people sign. */

/** One asset on the contact sheet; `number` is that of its card. */
export interface ContactCell {
  readonly number: number
  readonly outcome: 'risky' | 'review' | 'unchecked'
  readonly row: Pick<AssetRow, 'path' | 'kind' | 'excerpt'>
  readonly picture: HtmlPicture | null
}

/** How many assets were not checked for one reason. */
export interface UncheckedReason {
  /** A failure's code, or what an older version called it. */
  readonly reason: string
  readonly count: number
}

/** As many as page one has room for. */
export const mostContacts = 28
const mostReasons = 4

export function cover(report: HtmlReport): string {
  const { language, subject } = report
  const words = reportWords[language]
  return `<section class="cover"><header><h1>${escaped(words.title)}</h1><p class="name">${data(subject.name)}</p>${facts(report)}</header>
${counts(report)}
${notChecked(report)}
${contactSheet(report)}
${signatures(report)}</section>
`
}

export const uncheckedOf = ({ outcomes }: Pick<Survey, 'outcomes'>) =>
  outcomes.unchecked + outcomes.pending + outcomes.awaiting

export const totalOf = ({ outcomes }: Pick<Survey, 'outcomes'>) =>
  Object.values(outcomes).reduce((sum, count) => sum + count, 0)

function facts(report: HtmlReport): string {
  const { language, subject } = report
  const words = reportWords[language]
  const fact = (name: string, html: string) => (html === '' ? '' : `<dt>${escaped(name)}</dt><dd>${html}</dd>`)
  const profiles = subject.profiles.map(
    ({ name, practice }) => `${data(name)}${practice ? ` <b>${escaped(words.practiceMark)}</b>` : ''}`,
  )
  const controls = controlLines(subject, language).map(
    ({ state, text }) => `<span class="control ${state}">${data(text)}</span>`,
  )
  const total = totalOf(report.counts)
  return `<dl>
${fact(words.profiles, profiles.join(language === 'zh' ? '、' : ', '))}
${fact(words.exported, escaped(minuteText(report.exportedAt)))}
${fact(words.filter, report.filter === null ? escaped(words.wholeBatch) : data(report.filter))}
${subject.batch === null ? fact(words.batches, `${subject.batches}`) : ''}
${fact(words.assets, `${total}`)}
${fact(words.decided, `${total - report.counts.decisions.undecided}`)}
${fact(
  words.reviewers,
  subject.reviewers
    .filter(name => name !== '')
    .map(data)
    .join(', ') || escaped(words.none),
)}
${subject.batch === null || subject.batch.skipped === 0 ? '' : fact(words.skipped, `${subject.batch.skipped}`)}
${fact(words.controls, controls.join('<br>'))}
${report.isBlurred ? fact(words.pictures, escaped(words.blurred)) : ''}
${report.rules === null ? '' : fact(words.rules, rulesFact(report.rules, language))}
</dl>`
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

function counts({ language, counts: survey, rules }: HtmlReport): string {
  const names = outcomeNames[language]
  // A box of noughts would only be asked about where no rule looked.
  const head = (['risky', 'review', 'unchecked', 'rules_only', 'pass'] as const).filter(
    outcome => outcome !== 'rules_only' || rules !== null,
  )
  const boxes = head.map(outcome => {
    const count = outcome === 'unchecked' ? uncheckedOf(survey) : survey.outcomes[outcome]
    return `<li class="${outcome}"><b>${count}</b><span>${outcomeSigns[outcome]} ${escaped(names[outcome])}</span></li>`
  })
  return `<ul class="counts">${boxes.join('')}</ul>`
}

function notChecked({ language, counts: survey, unchecked }: HtmlReport): string {
  const words = reportWords[language]
  const count = uncheckedOf(survey)
  if (count === 0) return `<p class="not-checked none">${escaped(words.noneUnchecked)}</p>`
  const shown = unchecked.slice(0, mostReasons)
  const left = count - shown.reduce((sum, each) => sum + each.count, 0)
  const lines = shown.map(({ reason, count: own }) => `<li>${own} · ${escaped(reasonText(reason, language))}</li>`)
  const more = left > 0 ? `<li>${escaped(words.otherReasons(left))}</li>` : ''
  return `<div class="not-checked"><p><b>${outcomeSigns.unchecked} ${escaped(words.someUnchecked(count))}</b></p><ul>${lines.join('')}${more}</ul></div>`
}

/** What happened; what to do about it stands with the asset. */
function reasonText(reason: string, language: Language): string {
  const text = isFailureCode(reason) ? failureText(reason, language) : reason
  return /^.+?(?:。|\.(?=\s))/.exec(text)?.[0] ?? text
}

function contactSheet({ language, contacts, counts: survey }: HtmlReport): string {
  if (contacts.length === 0) return ''
  const words = reportWords[language]
  const cells = contacts.map(({ number, outcome, row, picture }) => {
    const file = row.path.split('/').at(-1) ?? row.path
    const inside =
      picture !== null
        ? `<img src="${sourceOf(picture)}" alt="">`
        : `<span class="excerpt" dir="auto">${escaped(row.excerpt ?? words.kinds[row.kind ?? 'unknown'])}</span>`
    return `<li class="${outcome}"><a href="#n${number}"><span class="frame">${inside}</span><span class="label"><b>${number}</b> ${outcomeSigns[outcome]} ${data(file)}</span></a></li>`
  })
  const left = survey.outcomes.risky + survey.outcomes.review + uncheckedOf(survey) - contacts.length
  const more = left > 0 ? `<p class="where">${escaped(words.moreContacts(left))}</p>` : ''
  return `<h2>${escaped(words.atAGlance)}</h2><ul class="contacts">${cells.join('')}</ul>${more}`
}

/** Lines to sign on. The program knows who decided in it, and neither who will sign nor when: it prints no date of its own. */
function signatures({ language, subject }: HtmlReport): string {
  const words = reportWords[language]
  const named = subject.reviewers.filter(name => name !== '')
  const known =
    named.length === 0 ? escaped(words.nobodySigned) : `${escaped(words.decidedBy)}: ${named.map(data).join(', ')}`
  const line = (name: string) =>
    `<div><span>${escaped(name)}</span><i></i><span>${escaped(words.signDate)}</span><i class="date"></i></div>`
  return `<div class="signatures"><h2>${escaped(words.signing)}</h2><p class="where">${known}</p>${line(words.signReviewer)}${line(words.signSecond)}</div>`
}

export const sourceOf = ({ mime, bytes }: HtmlPicture) => `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`
