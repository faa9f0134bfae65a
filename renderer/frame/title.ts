import type { BatchSummary } from '../../shared/screening.ts'
import { formatNumber, i18n, wordsOf } from '../base/i18n/index.ts'
import { useApp } from '../state/app.ts'
import { words } from './words.ts'

const t = wordsOf('shell', words)

/** `57 risky · 4 not checked · Double eleven · Prescreen`: what needs a person comes first. */
export function titleOf(batch: BatchSummary | undefined): string {
  if (batch === undefined) return t('product')
  const { risky, unchecked } = batch.tally
  return [
    risky > 0 ? t('title.risky', { count: formatNumber(risky) }) : '',
    unchecked > 0 ? t('title.unchecked', { count: formatNumber(unchecked) }) : '',
    batch.practice ? t('practice') : '',
    batch.name,
    t('product'),
  ]
    .filter(part => part !== '')
    .join(' · ')
}

export function connectTitle(): void {
  const update = () => {
    const { batches, batch } = useApp.getState()
    const title = titleOf(batches.find(known => known.id === batch))
    if (document.title !== title) document.title = title
  }
  useApp.subscribe(update)
  i18n.on('languageChanged', update)
}
