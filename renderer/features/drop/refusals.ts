import { inputLimits } from '../../../shared/input-limits.ts'
import { formatNumber, wordsOf } from '../../base/i18n/index.ts'
import { explain } from '../../base/notices.ts'
import type { Refusal } from './inputs.ts'
import { words } from './words.ts'

/** What could not be taken is never passed over: a sentence says what it was and what to do. */
export function showRefusal(refusal: Refusal): void {
  explain(refusalText(refusal))
}

function refusalText(refusal: Refusal): string {
  const t = wordsOf('drop', words)
  switch (refusal.reason) {
    case 'tooMany':
      return t('refused.tooMany', { count: formatNumber(refusal.count), most: formatNumber(inputLimits.atOnce) })
    case 'address':
      return t('refused.address', { name: refusal.name })
    case 'tooLong':
      return t('refused.tooLong', { most: formatNumber(inputLimits.textLength) })
    case 'nothing':
      return t('refused.nothing')
    case 'nothingPasted':
      return t('refused.nothingPasted')
  }
}

export function refusedText(refused: readonly string[]): string {
  const t = wordsOf('drop', words)
  const [first = ''] = refused
  const name = first === '' ? t('refused.nameless') : first
  return t(refused.length === 1 ? 'refused.one' : 'refused.more', { name, count: formatNumber(refused.length) })
}

export function showRefused(refused: readonly string[]): void {
  if (refused.length > 0) explain(refusedText(refused))
}
