import { createHash } from 'node:crypto'
import type { TextRange } from '../../../shared/domain.ts'
import type { Language } from '../../../shared/language.ts'
import type { AssetPieces } from '../../../shared/pieces.ts'
import type { RulesView } from '../../../shared/rules.ts'
import type { AssetRow, BatchSummary, CheckView, ReviewEvent } from '../../../shared/screening.ts'
import { ruleName } from './by-rule.ts'
import { appendix, createEvidence } from './html-appendix.ts'
import { type ContactCell, cover, type UncheckedReason } from './html-cover.ts'
import { itemHtml } from './html-items.ts'
import { type RulePages, rulePages } from './html-rules.ts'
import { styleOf } from './html-style.ts'
import { figures, listTable } from './html-tables.ts'
import { escaped } from './html-text.ts'
import type { Manifest } from './manifest.ts'
import type { PicturePart } from './picture-parts.ts'
import type { ListName, ReportSubject, Survey } from './selection.ts'
import { outcomeNames, outcomeSigns, reportWords } from './words.ts'

/** One asset with what the report shows of it. */
export interface HtmlItem {
  readonly row: AssetRow
  readonly sha256: string | null
  readonly pieces: AssetPieces | null
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
  /** The most urgent assets, for page one. */
  readonly contacts: readonly ContactCell[]
  /** Why assets were not checked, the most frequent reason first. */
  readonly unchecked: readonly UncheckedReason[]
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
  const evidence = createEvidence(report)
  const found = report.rules?.rules ?? []
  const numbers = new Map(found.map(({ text }, index) => [ruleName(text), index + 1]))
  let number = 0
  for (const { of, total, items } of report.sections) {
    if (of === 'noted' || of === 'disagreement') continue
    yield `<section class="${of}"><h2>${outcomeSigns[of]} ${escaped(outcomeNames[language][of])} <small>${total}</small></h2>\n<div class="cards">\n`
    let shown = 0
    for await (const item of items) {
      shown += 1
      number += 1
      yield itemHtml(report, item, { number, of, numbers })
      evidence.add(item, number, of)
    }
    yield '</div>\n'
    if (total === 0) yield `<p>${escaped(words.empty)}</p>\n`
    if (shown < total) yield `<p>${escaped(words.more(total - shown))}</p>\n`
    yield '</section>\n'
  }
  yield figures(report)
  for (const section of report.sections)
    if (section.of === 'noted' || section.of === 'disagreement') yield* listTable(report, section)
  if (report.rules !== null) yield* rulePages({ language, isAcross: subject.batch === null, ...report.rules })
  yield* appendix(report, evidence)
  yield '</body></html>\n'
}
