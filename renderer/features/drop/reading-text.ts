import { formatNumber, wordsOf } from '../../base/i18n/index.ts'
import { readingProgressText } from '../../base/reading-progress.ts'
import { useApp } from '../../state/app.ts'
import { words } from './words.ts'

/** Which document is being read; else how much of what was dropped is still to be. */
export function useReadingText(arriving: number): string {
  const t = wordsOf('drop', words)
  const document = useApp(state => readingProgressText(state.queue?.reading ?? []))
  if (document !== null) return document
  return arriving > 0 ? t('arriving', { count: formatNumber(arriving) }) : t('readingNow')
}
