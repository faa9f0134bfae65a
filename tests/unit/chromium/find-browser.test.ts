import { expect, test } from 'vitest'
import { findBrowser, hasDisplay } from '../../../electron/engine/chromium/find-browser.ts'

const machine = (platform: NodeJS.Platform, env: Record<string, string>, installed: readonly string[]) => ({
  platform,
  env,
  isExecutable: (path: string) => installed.includes(path),
})

test('the installed browser is found on each platform', () => {
  expect(findBrowser(machine('linux', { PATH: '/bin:/usr/bin' }, ['/usr/bin/chromium']))).toEqual({
    kind: 'found',
    path: '/usr/bin/chromium',
  })
  const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  expect(findBrowser(machine('darwin', {}, [chrome]))).toEqual({ kind: 'found', path: chrome })
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
  const env = { PROGRAMFILES: 'C:\\Program Files', 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }
  expect(findBrowser(machine('win32', env, [edge]))).toEqual({ kind: 'found', path: edge })
})

test('PRESCREEN_BROWSER overrides, and is not passed over when it cannot be run', () => {
  const installed = ['/usr/bin/chromium', '/opt/mine']
  const env = { PATH: '/usr/bin', PRESCREEN_BROWSER: '/opt/mine' }
  expect(findBrowser(machine('linux', env, installed))).toEqual({ kind: 'found', path: '/opt/mine' })
  expect(findBrowser(machine('linux', { ...env, PRESCREEN_BROWSER: '/opt/gone' }, installed))).toEqual({
    kind: 'bad-override',
    path: '/opt/gone',
  })
})

test('no browser is said to be none', () => {
  expect(findBrowser(machine('linux', { PATH: '/usr/bin' }, []))).toEqual({ kind: 'none' })
})

test('a display is what X or Wayland offers; Windows and macOS always have one', () => {
  expect(hasDisplay('linux', {})).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
  expect(hasDisplay('win32', {})).toBe(true)
})
