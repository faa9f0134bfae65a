import type { DoctorStep } from '../../../shared/profile.ts'

export type DoctorConclusion =
  | { readonly kind: 'ok' }
  | { readonly kind: 'warnings' | 'failures'; readonly count: number }

/** What a test means for the next batch. A test without a single step that went well proves nothing: it counts as failed. */
export function conclusionOf(steps: readonly DoctorStep[]): DoctorConclusion {
  const count = (state: DoctorStep['state']) => steps.filter(step => step.state === state).length
  if (count('failed') > 0) return { kind: 'failures', count: count('failed') }
  if (count('ok') === 0) return { kind: 'failures', count: steps.length }
  return count('warning') > 0 ? { kind: 'warnings', count: count('warning') } : { kind: 'ok' }
}
