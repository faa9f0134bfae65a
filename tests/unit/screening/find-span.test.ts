import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findSpan, type Probe, spanCalls } from '../../../electron/engine/screening/find-span.ts'

/** A platform that flags whatever contains the word. */
const flags =
  (word: string): Probe =>
  async ({ text }) => ({ verdict: text.includes(word) ? 'risky' : 'pass', failure: null })

test('finds exactly the word that a platform flags, within the calls that were announced', async () => {
  const han = fc.string({ unit: fc.constantFrom(...'天地玄黄宇宙洪荒 abc。\n😀'), maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(han, han, async (before, after) => {
      const text = `${before}违规词${after}`
      const flagged = { check: 1, verdict: 'risky', range: [0, text.length] } as const
      const found = await findSpan(text, flagged, flags('违规词'))
      expect(found).toMatchObject({
        kind: 'found',
        text: '违规词',
        range: [before.length, before.length + 3],
        complete: true,
      })
      expect(found.calls).toBeLessThanOrEqual(spanCalls(text))
    }),
  )
})

test('whatever a platform flags, the span that is reported was flagged itself', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.infiniteStream(fc.boolean()),
      async (text, moods) => {
        const seen = new Map<string, boolean>()
        const found = await findSpan(text, { check: 1, verdict: 'risky', range: [0, text.length] }, async part => {
          const isFlagged = seen.size === 0 || moods.next().value === true
          seen.set(part.range?.join() ?? '', isFlagged)
          return { verdict: isFlagged ? 'risky' : 'pass', failure: null }
        })
        if (found.kind === 'found') expect(seen.get(found.range.join())).toBe(true)
      },
    ),
  )
})

test('a text that is no longer flagged is said to be so after one call', async () => {
  const found = await findSpan('你好世界', { check: 1, verdict: 'risky', range: [0, 4] }, flags('不在其中'))
  expect(found).toEqual({ kind: 'not_found', check: 1, calls: 1, reason: 'not_flagged_now', detail: '' })
})

test('a call that fails ends the search with what was flagged so far, and is never taken for a pass', async () => {
  let calls = 0
  const found = await findSpan('一二三四五六七八', { check: 1, verdict: 'risky', range: [0, 8] }, async () => {
    calls += 1
    return calls < 3
      ? { verdict: 'risky', failure: null }
      : { verdict: null, failure: { code: 'quota_day', detail: 'no calls left' } }
  })
  expect(found).toMatchObject({ kind: 'found', complete: false, reason: 'quota_day', range: [0, 4], calls: 3 })
})

test('characters that people see as one are never cut', async () => {
  const family = '👨‍👩‍👧‍👦'
  await findSpan(
    `${family}${family}`,
    { check: 1, verdict: 'risky', range: [0, family.length * 2] },
    async ({ text }) => {
      expect(text.replaceAll(family, '')).toBe('')
      return { verdict: 'risky', failure: null }
    },
  )
})
