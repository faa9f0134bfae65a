import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ControlView,
  controlMeans,
  controlSentence,
  controlStates,
  mergeControls,
  worstControl,
} from '../../../shared/controls.ts'

const view = (state: ControlView['state'], at: number): ControlView => ({
  profile: 'p',
  endpoint: 'wechat.msg_sec_check',
  version: 'v1',
  means: 'test_string',
  state,
  reason: state === 'unknown' ? 'no_network' : null,
  detail: null,
  at,
})
const merged = (...states: readonly ControlView['state'][]) => mergeControls(states.map(view)).map(({ state }) => state)

test('of several answers the worst stands, but what was not known and then found out is known', () => {
  expect(merged('flagged', 'clean', 'flagged')).toEqual(['clean'])
  expect(merged('unknown', 'flagged')).toEqual(['flagged'])
  expect(merged('unknown', 'clean', 'unknown')).toEqual(['clean'])
  expect(merged('flagged', 'unknown')).toEqual(['unknown'])
  expect(merged('impossible', 'flagged')).toEqual(['impossible'])
  expect(merged('impossible', 'unknown', 'flagged')).toEqual(['impossible'])
})

test('a batch is backed only where every answer was a flag, or came after one that was not known', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...controlStates), { minLength: 1 }), states => {
      const [state] = merged(...states)
      if (state !== 'flagged') return
      expect(states).not.toContain('clean')
      expect(states).not.toContain('impossible')
      expect(states.at(-1)).toBe('flagged')
    }),
  )
})

test('several endpoints are backed only together, and none is not backed', () => {
  expect(worstControl(['flagged', 'flagged'])).toBe('flagged')
  expect(worstControl(['flagged', 'impossible'])).toBe('impossible')
  expect(worstControl(['unknown', 'impossible'])).toBe('unknown')
  expect(worstControl([])).toBeNull()
})

test.each(['zh', 'en'] as const)(
  'every state says in %s which endpoint it is about, and only a flag that it is backed',
  language => {
    const isBacked = { zh: '“未命中”有依据', en: 'a no-hit is backed' }[language]
    for (const state of controlStates) {
      for (const means of controlMeans) {
        const sentence = controlSentence({ ...view(state, 0), means }, language)
        expect(sentence).toContain('wechat.msg_sec_check (v1)')
        expect(sentence.includes(isBacked)).toBe(state === 'flagged')
        if (language === 'zh')
          expect(sentence.replace(/wechat\.msg_sec_check \(v1\)|OpenID/g, '')).not.toMatch(/[a-z]{3}/i)
      }
    }
  },
)
