import { formatNumber, wordsOf } from '../../base/i18n/index.ts'
import { words } from './words.ts'

/** How much of what was dropped is still to be read. */
export function readingText(arriving: number): string {
  const t = wordsOf('drop', words)
  return arriving > 0 ? t('arriving', { count: formatNumber(arriving) }) : t('readingNow')
}
