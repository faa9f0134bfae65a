import type { RuleHit, Waiver, WaiverReach } from '../../../../shared/rules.ts'
import { type Answer, attempt, invoke } from '../../../base/bridge.ts'
import { wordsOf } from '../../../base/i18n/index.ts'
import { tellDone } from '../../../base/notices.ts'
import { dispatchViewState, endFine, useViewState } from '../../../state/view-state.ts'
import { refresh } from '../load-detail.ts'
import { words } from './words.ts'

const t = wordsOf('ruleCards', words)

/** Finds the words fine; the form stays, with what was typed, until it is done. */
export async function fine(
  hit: RuleHit,
  asset: number,
  given: { readonly reach: WaiverReach; readonly reason: string },
): Promise<Answer<unknown>> {
  const answer = await attempt('review.fine', { hits: [hit.id], reach: given.reach, reason: given.reason.trim() })
  if ('problem' in answer) return answer
  if (useViewState.getState().hit === hit.id) dispatchViewState(endFine, null)
  tellDone(t('fineSaved'))
  refresh(asset)
  return answer
}

/** Takes it back, with all that it reached. */
export async function notFine(waiver: Waiver, asset: number): Promise<void> {
  if ((await invoke('review.notFine', { waiver: waiver.id })) === undefined) return
  tellDone(t('takenBack'))
  refresh(asset)
}
