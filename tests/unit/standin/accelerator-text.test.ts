import { expect, test } from 'vitest'
import { acceleratorText } from '../../../electron/standin/accelerator-text.ts'

test.each([
  ['CmdOrCtrl+Return', 'Ctrl+Enter', '⌘↩'],
  ['Shift+CmdOrCtrl+C', 'Ctrl+Shift+C', '⇧⌘C'],
  ['CmdOrCtrl+Plus', 'Ctrl++', '⌘+'],
  ['Alt+F4', 'Alt+F4', '⌥F4'],
  ['A', 'A', 'A'],
])('%s is written as the menus of a platform write it', (accelerator, elsewhere, mac) => {
  expect(acceleratorText(accelerator, 'linux')).toBe(elsewhere)
  expect(acceleratorText(accelerator, 'win32')).toBe(elsewhere)
  expect(acceleratorText(accelerator, 'darwin')).toBe(mac)
})
