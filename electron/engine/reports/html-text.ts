import type { GridOutcome } from '../../../shared/grid.ts'
import type { Language } from '../../../shared/language.ts'
import { isoTime } from './cells.ts'
import { outcomeNames, outcomeSigns, reportWords } from './words.ts'

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

export const data = (text: string) => `<bdi>${escaped(text)}</bdi>`

/** Who did it. Without a name in the settings nobody signs, and that is said: what stands behind it would be read as the name. */
export const personHtml = (reviewer: string, language: Language) =>
  reviewer === '' ? escaped(reportWords[language].unsigned) : data(reviewer)

/** For people, on this machine's clock; the moment itself is in the attribute. */
export function timeHtml(ms: number, language: Language): string {
  const text = timeFormats[language].format(ms)
  return `<time datetime="${escaped(isoTime(ms) ?? '')}">${escaped(text)}</time>`
}

const timeFormats = {
  zh: new Intl.DateTimeFormat('zh-CN', { dateStyle: 'medium', timeStyle: 'short' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
} as const

/** An ISO time as people write it, with its zone. */
export const minuteText = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} (UTC${iso.slice(19)})`

/** An outcome under its sign, its name and its colour: a print in grey has the first two. */
export function outcomeTag(outcome: GridOutcome, language: Language): string {
  const kind = outcome === 'pending' || outcome === 'awaiting' ? 'unchecked' : outcome
  return `<b class="tag ${kind}">${outcomeSigns[kind]} ${escaped(outcomeNames[language][outcome])}</b>`
}
