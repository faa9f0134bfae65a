import { expect, test } from 'vitest'
import { chooseRoute } from '../../../electron/launch/choose-route.ts'

test('the window opens in Electron where there is one and a display', () => {
  expect(chooseRoute({ hasDisplay: true, hasBrowser: true, electron: '/e' })).toEqual({
    kind: 'electron',
    program: '/e',
  })
})

test('else in an installed browser, and one sentence says so', () => {
  const route = chooseRoute({ hasDisplay: true, hasBrowser: true, electron: null })
  expect(route).toMatchObject({
    kind: 'standin',
    said: { en: expect.stringMatching(/^[^.]*\.$/), zh: expect.stringMatching(/。$/) },
  })
})

test('without a display the sample batch runs in the terminal, with a word on how to get the window', () => {
  expect(chooseRoute({ hasDisplay: false, hasBrowser: true, electron: '/e' })).toMatchObject({
    kind: 'terminal',
    said: { en: expect.stringContaining('npm start'), zh: expect.stringContaining('npm start') },
  })
  expect(chooseRoute({ hasDisplay: true, hasBrowser: false, electron: null })).toMatchObject({
    kind: 'terminal',
    said: { en: expect.stringContaining('PRESCREEN_BROWSER'), zh: expect.stringContaining('PRESCREEN_BROWSER') },
  })
})
