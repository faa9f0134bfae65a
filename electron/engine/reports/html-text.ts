import type { Language } from '../../../shared/language.ts'
import { isoTime } from './cells.ts'
import { reportWords } from './words.ts'

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
  zh: new Intl.DateTimeFormat('zh-CN', { dateStyle: 'medium', timeStyle: 'medium' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }),
} as const
