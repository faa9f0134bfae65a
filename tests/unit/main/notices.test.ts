import { describe, expect, test } from 'vitest'
import { type Notice, type NoticeTaste, nothingTold, noticeOf } from '../../../electron/main/policies/notices.ts'
import type { Message } from '../../../electron/main/policies/outbox.ts'
import type { QueueStatus } from '../../../shared/queue.ts'
import type { BatchSummary } from '../../../shared/screening.ts'

const tally = { assets: 9, pending: 0, awaiting: 0, pass: 3, rules_only: 0, review: 1, risky: 2, unchecked: 3 }
const batch = (more: Partial<BatchSummary> = {}): Message => ({
  name: 'batch',
  event: { id: 'b_0', name: '海报', state: 'done', practice: false, notice: null, tally, ...more } as BatchSummary,
})
const running = batch({ state: 'running' })
const queue = (what: { readonly held?: 'DAY' | 'MINUTE'; readonly refused?: boolean } = {}): Message => ({
  name: 'queue',
  event: {
    endpoints: [{ profile: 'p', held: what.held === undefined ? null : { class: what.held, code: 'quota_day' } }],
    tokens: [{ profile: 'p', state: what.refused === true ? 'refused' : 'ok' }],
  } as unknown as QueueStatus,
})

/** What is told of one message after the other. */
function tell(messages: readonly Message[], taste: Partial<NoticeTaste> = {}): readonly Notice[] {
  let told = nothingTold
  return messages.flatMap(message => {
    const [next, notice] = noticeOf(told, message, { language: 'en', names: false, ...taste })
    told = next
    return notice ?? []
  })
}

describe('the end of a batch', () => {
  test('is told in numbers, the unchecked included, and a click leads to it', () => {
    expect(tell([running, batch()], { language: 'zh' })).toEqual([
      { title: '批次已结束', body: '有风险 2，需复核 1，未检 3', goTo: { to: 'batch', batch: 'b_0' } },
    ])
    expect(tell([running, batch({ practice: true })])).toMatchObject([
      { title: 'Batch finished (practice)', body: '2 risky, 1 to review, 3 not checked' },
    ])
  })

  test('names no folder or file unless somebody wants that', () => {
    expect(JSON.stringify(tell([running, batch()]))).not.toContain('海报')
    expect(tell([running, batch()], { names: true })[0]?.title).toBe('Batch finished: 海报')
    expect(tell([running, batch()], { names: true, language: 'zh' })[0]?.title).toBe('批次已结束：海报')
  })

  test('tells how many only rules looked at, for those are no passes', () => {
    const ruled = batch({ tally: { ...tally, rules_only: 4 } })
    expect(tell([running, ruled], { language: 'zh' })[0]?.body).toBe('有风险 2，需复核 1，未检 3，仅规则 4')
    expect(tell([running, ruled])[0]?.body).toMatch(/, 4 rules only$/)
  })

  test('is not told of what somebody did, of what was seen before, and only once', () => {
    expect(tell([batch(), batch()])).toEqual([])
    expect(tell([running, running])).toEqual([])
    expect(tell([running, batch({ state: 'cancelled' })])).toEqual([])
    expect(tell([running, batch({ state: 'paused' })])).toEqual([])
    expect(tell([running, batch(), batch()])).toHaveLength(1)
  })
})

describe('what needs somebody', () => {
  const stopped = (code: 'quota_day' | 'secret_rejected' | 'no_network') =>
    batch({ state: 'paused', notice: { code, detail: 'of poster.png', untilMs: null } as BatchSummary['notice'] })

  test('is told when a batch stops by itself, with the way to where it is mended', () => {
    expect(tell([running, stopped('secret_rejected')])).toMatchObject([{ goTo: { to: 'profiles' } }])
    expect(tell([running, stopped('quota_day')])).toMatchObject([{ goTo: { to: 'queue' } }])
    expect(tell([running, stopped('no_network')])).toMatchObject([{ title: 'Batch stopped', goTo: { to: 'batch' } }])
    expect(JSON.stringify(tell([running, stopped('no_network')]))).not.toContain('poster')
  })

  test('is told once for as long as it lasts, whichever way it is heard of', () => {
    expect(tell([queue({ held: 'DAY' }), queue({ held: 'DAY' }), running, stopped('quota_day')])).toHaveLength(1)
    expect(tell([running, stopped('secret_rejected'), queue({ refused: true })])).toHaveLength(1)
  })

  test('is told again when it has been mended and comes back', () => {
    expect(tell([queue({ refused: true }), queue(), queue({ refused: true })])).toHaveLength(2)
  })

  test('is not a minute without calls', () => {
    expect(tell([queue({ held: 'MINUTE' })])).toEqual([])
  })
})
