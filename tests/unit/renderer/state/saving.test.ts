import { beforeEach, expect, test, vi } from 'vitest'
import { useApp } from '../../../../renderer/state/app.ts'
import { saveSettings } from '../../../../renderer/state/load.ts'
import { defaultSettings } from '../../../../shared/defaults.ts'
import type { Settings } from '../../../../shared/settings.ts'

/** The main process, which answers when it is told to. */
const main = vi.hoisted(() => {
  const calls: { name: string; patch: object; answer: (result: unknown) => void }[] = []
  const invoke = (name: string, patch: object) =>
    new Promise(answer => {
      calls.push({ name, patch, answer })
    })
  vi.stubGlobal('prescreen', { invoke, on: () => () => undefined })
  return { calls }
})

let stored: Settings = defaultSettings
const chosen = () => useApp.getState().settings.lastProfiles

beforeEach(() => {
  main.calls.length = 0
  stored = defaultSettings
  useApp.setState({ settings: defaultSettings })
})

/** The next call is answered: its part of the settings is stored, or refused. */
async function answerNext(how: 'stored' | 'refused' = 'stored'): Promise<void> {
  const call = main.calls.shift()
  if (how === 'stored') stored = { ...stored, ...call?.patch }
  call?.answer(how === 'stored' ? { ok: true, value: stored } : { ok: false, error: { code: 'internal', detail: '' } })
  await new Promise(setImmediate)
}

test('a choice that is made before the last one is saved builds on it', async () => {
  void saveSettings({ lastProfiles: [...chosen(), 'a'] })
  void saveSettings({ lastProfiles: chosen().filter(id => id !== 'practice') })
  expect(chosen()).toEqual(['a'])
  // The first answer knows nothing of the second choice.
  await answerNext()
  expect(chosen()).toEqual(['a'])
  await answerNext()
  expect(chosen()).toEqual(['a'])
  expect(stored.lastProfiles).toEqual(['a'])
})

test('what is refused is taken back', async () => {
  void saveSettings({ lastProfiles: ['a'] })
  expect(chosen()).toEqual(['a'])
  await answerNext('refused')
  expect(main.calls.map(({ name }) => name)).toEqual(['settings.get'])
  await answerNext()
  expect(chosen()).toEqual(defaultSettings.lastProfiles)
})
