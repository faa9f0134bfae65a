import type { Language } from '../../../shared/language.ts'
import type { BatchState, BatchSummary } from '../../../shared/screening.ts'

export interface Notice {
  readonly title: string
  readonly body: string
}

/** What to tell the person who looks elsewhere when a batch stops; null when there is nothing new. */
export function batchNotice(before: BatchState | undefined, batch: BatchSummary, language: Language): Notice | null {
  if (before !== 'running' || batch.state === 'running' || batch.state === 'cancelled') return null
  // Somebody who paused a batch knows; one that pauses by itself says why.
  if (batch.state === 'paused' && batch.notice === null) return null
  const { risky, review, unchecked, rules_only: rulesOnly } = batch.tally
  const name = batch.practice ? `${batch.name} (${practiceWord[language]})` : batch.name
  if (language === 'zh') {
    return {
      title: batch.state === 'done' ? `已结束：${name}` : `已停止：${name}`,
      body: `有风险 ${risky}，需复核 ${review}，未检 ${unchecked}${rulesOnly > 0 ? `，仅规则 ${rulesOnly}` : ''}`,
    }
  }
  return {
    title: batch.state === 'done' ? `Finished: ${name}` : `Stopped: ${name}`,
    body: `${risky} risky, ${review} to review, ${unchecked} not checked${rulesOnly > 0 ? `, ${rulesOnly} rules only` : ''}`,
  }
}

const practiceWord = { zh: '演练', en: 'practice' } as const
