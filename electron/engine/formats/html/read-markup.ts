import type { Omissions } from '../text/omissions.ts'
import { extractHtml } from './extract-html.ts'

/**
 * What a value says when it is shown as a page, as values of data files often are: without its tags, so that they do not cut words.
 * Null where that is what it says anyway.
 */
export function readMarkup(value: string, omissions: Omissions, level = 1): string | null {
  if (!/<[a-z!/?]|&#?\w+;/i.test(value)) return null
  const page = extractHtml(value)
  if (page.kind === 'failure') {
    omissions.add('deep_markup')
    return null
  }
  omissions.include(page.omitted)
  const text = page.text.trim()
  // Feeds often escape it once more.
  if (level < 3 && text !== value.trim() && /<\/?[a-z!]/i.test(text)) {
    const inner = readMarkup(text, omissions, level + 1)
    if (inner !== null) return `${text}\n${inner}`
  }
  return text === value.trim() ? null : text
}
