import { labelOf } from '../../../shared/labels.ts'
import type { Language } from '../../../shared/language.ts'
import { partTitle } from '../../../shared/piece-places.ts'
import type { CheckView } from '../../../shared/screening.ts'
import { isoTime } from './cells.ts'
import type { HtmlItem, HtmlReport } from './html.ts'
import { data, escaped } from './html-text.ts'
import { outcomeNames, reportWords } from './words.ts'

/** What nobody reads and a dispute needs: what was asked of whom, hashes, keys, and the method. */

/** Parts of one asset that are listed, and lines of all assets: beyond that no browser opens the file with pleasure. */
const mostChecks = 40
const mostLines = 20_000

/** Gathers the evidence of the cards as they are written. */
export function createEvidence({ language, subject }: Pick<HtmlReport, 'language' | 'subject'>) {
  const words = reportWords[language]
  const groups: string[] = []
  let lines = 0
  let left = 0
  return {
    add({ row, sha256, pieces, checks, batch }: HtmlItem, number: number, of: 'risky' | 'review' | 'unchecked'): void {
      const own = checks.filter(check => (of === 'unchecked' ? check.verdict === null : isFlagged(check)))
      if (lines + own.length > mostLines) {
        left += 1
        return
      }
      lines += own.length + 1
      const hash = sha256 === null ? '' : ` <code>${escaped(sha256)}</code>`
      const from = subject.batch === null ? ` <code>${escaped(batch.id)}</code>` : ''
      const more =
        own.length > mostChecks ? `<tr><td colspan="8">${escaped(words.more(own.length - mostChecks))}</td></tr>` : ''
      const rows = own.slice(0, mostChecks).map(check => checkRow(check, pieces, language))
      groups.push(
        `<tbody><tr class="asset"><th colspan="8"><a href="#n${number}">${number}</a> ${data(row.path)}${hash}${from}</th></tr>${rows.join('')}${more}</tbody>\n`,
      )
    },
    *html(): Generator<string> {
      if (groups.length === 0) return
      const { part, where, verdict, label, endpoint, time } = words
      const names = [part, where, verdict, label, endpoint, 'errcode', 'rid / trace_id', time]
      yield `<h3>${escaped(words.evidence)}</h3><table class="checks"><thead><tr>${names.map(name => `<th>${escaped(name)}</th>`).join('')}</tr></thead>\n`
      yield* groups
      yield '</table>\n'
      if (left > 0) yield `<p>${escaped(words.more(left))}</p>\n`
    },
  }
}

const isFlagged = ({ verdict }: CheckView) => verdict === 'risky' || verdict === 'review'

function checkRow(check: CheckView, pieces: HtmlItem['pieces'], language: Language): string {
  const words = reportWords[language]
  const { rect, range } = check
  const place = rect !== null ? rect.join(', ') : range !== null ? words.range(range[0], range[1]) : ''
  const label = check.label === null ? '' : `${labelOf(check.label)[language]} ${check.label}`
  const cells = [
    partTitle(check, pieces, language),
    place,
    outcomeNames[language][check.verdict ?? 'unchecked'],
    label,
    check.endpoint,
    String(check.errcode ?? ''),
    check.rid ?? check.traceId ?? '',
    isoTime(check.at) ?? '',
  ]
  return `<tr>${cells.map(cell => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`
}

/** Words of a narrow column break where a reader would break them: ids after their separators, times before the hour. */
function cellHtml(text: string): string {
  return escaped(text).replace(/(?<=[._-])(?=\w)|(?<=\d)(?=T\d)/g, '<wbr>')
}

export function* appendix(report: HtmlReport, evidence: ReturnType<typeof createEvidence>): Generator<string> {
  const { language, subject, ledger } = report
  const words = reportWords[language]
  const fact = (name: string, html: string) => `<dt>${escaped(name)}</dt><dd>${html}</dd>`
  const profiles = subject.profiles.map(({ name, platform, appid }) => `${data(name)} (${platform}, ${data(appid)})`)
  yield `<section class="appendix"><h2>${escaped(words.appendix)}</h2>\n`
  yield `<h3>${escaped(words.method)}</h3><ul>${words.methodTexts.map(text => `<li>${escaped(text)}</li>`).join('')}</ul>\n`
  yield `<div class="ledger"><h3>${escaped(words.ledger)}</h3><dl>
${subject.batch === null ? '' : `${fact(words.batch, `<code>${escaped(subject.batch.id)}</code>`)}\n${fact(words.created, escaped(isoTime(subject.batch.createdAt) ?? ''))}`}
${fact(words.exported, escaped(report.exportedAt))}
${fact(words.profiles, profiles.join('<br>'))}
${fact(words.ledgerHead(ledger.ledgerHead.seq), `<code>${escaped(ledger.ledgerHead.hash)}</code>`)}
${fact(words.fingerprint, `<code>${escaped(ledger.key.fingerprint)}</code> (${escaped(words.origin[ledger.key.origin])})`)}
${fact(words.publicKey, `<code>${escaped(ledger.key.publicKey)}</code>`)}
${fact(words.signature, `<code>${escaped(ledger.ledgerHead.signature)}</code>`)}
</dl></div>\n`
  yield* evidence.html()
  yield '</section>\n'
}
