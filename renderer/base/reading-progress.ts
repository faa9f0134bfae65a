import type { ReadingProgress } from '../../shared/queue.ts'
import { formatNumber, wordsOf } from './i18n/index.ts'
import { words } from './i18n/words.ts'

const t = wordsOf('common', words)

/** Which document is being read, and how far that is; the one that says so before the others. Null for none. */
export function readingProgressText(reading: readonly ReadingProgress[]): string | null {
  const shown = reading.find(({ page }) => page !== null) ?? reading[0]
  if (shown === undefined) return null
  const { name, page } = shown
  return page === null
    ? t('readingOf', { name })
    : t('readingPage', { name, done: formatNumber(page.done), of: formatNumber(page.of) })
}
