import { describe, expect, test } from 'vitest'
import { finishedAfter, nextBatch } from '../../../../renderer/state/finished.ts'
import type { BatchSummary } from '../../../../shared/screening.ts'

const tally = { assets: 9, pending: 0, awaiting: 0, pass: 9, rules_only: 0, review: 0, risky: 0, unchecked: 0 }
const batch = (id: string, state: BatchSummary['state'], more: Partial<BatchSummary> = {}) =>
  ({ id, state, tally, decided: 0, ...more }) as BatchSummary
const none: ReadonlySet<string> = new Set()

describe('the end of a batch', () => {
  test('is seen where a batch stops being screened, not where it was over before', () => {
    const old = batch('old', 'done')
    const after = finishedAfter(
      none,
      [batch('a', 'running'), batch('b', 'paused'), old],
      [batch('a', 'done'), batch('b', 'cancelled'), old],
    )
    expect([...after]).toEqual(['a', 'b'])
    expect(finishedAfter(none, [], [batch('new', 'done')])).toBe(none)
    // It goes on when the program is started again.
    expect(finishedAfter(none, [batch('a', 'running')], [batch('a', 'interrupted')])).toBe(none)
  })

  test('is gone when the batch is checked again, and stays while only its figures change', () => {
    const seen = new Set(['a'])
    expect(finishedAfter(seen, [batch('a', 'done')], [batch('a', 'done', { decided: 3 })])).toBe(seen)
    expect([...finishedAfter(seen, [batch('a', 'done')], [batch('a', 'running')])]).toEqual([])
  })

  test('leads on to what is being screened, else to the newest with risks that nobody has decided on', () => {
    const risks = { tally: { ...tally, risky: 2 } }
    const open = batch('open', 'done', risks)
    const all = [open, batch('clean', 'done'), batch('risks', 'done', risks), batch('older', 'done', risks)]
    expect(nextBatch(all, 'open')?.id).toBe('risks')
    expect(nextBatch([...all, batch('next', 'running')], 'open')?.id).toBe('next')
    expect(nextBatch([open, batch('half', 'done', { ...risks, decided: 1 })], 'open')).toBeNull()
  })
})
