import { describe, expect, test } from 'vitest'
import { type ContextEntry, contextMenu, type MenuTaste } from '../../../electron/main/policies/context-menu.ts'
import type { MenuSubject } from '../../../shared/context-menu.ts'
import { languages } from '../../../shared/language.ts'

const taste: MenuTaste = { language: 'en', own: {}, reasons: ['Claims', '', 'Black & white'] }
const linesOf = (entries: readonly ContextEntry[]): readonly string[] =>
  entries.flatMap(entry => {
    if (entry.kind === 'separator') return ['-']
    if (entry.kind === 'submenu') return [entry.label, ...linesOf(entry.entries).map(line => `  ${line}`)]
    return [entry.label]
  })
const menu = (subject: MenuSubject, other: Partial<MenuTaste> = {}) => contextMenu(subject, { ...taste, ...other })
const assets = (more: Partial<Extract<MenuSubject, { of: 'assets' }>> = {}): MenuSubject => ({
  of: 'assets',
  count: 1,
  kind: 'image',
  isDecided: false,
  waits: false,
  isUndecoded: false,
  isSelection: false,
  ...more,
})
const flat = (entries: readonly ContextEntry[]): readonly ContextEntry[] =>
  entries.flatMap(entry => (entry.kind === 'submenu' ? [entry, ...flat(entry.entries)] : [entry]))

describe('the context menu of an asset', () => {
  test('has what can be done with one', () => {
    expect(linesOf(menu(assets()))).toEqual([
      'Approve',
      'Reject',
      'Escalate',
      'Defer',
      'Reason',
      '  Claims',
      // Two mean one: a single one would underline what follows.
      '  Black && white',
      'Note…',
      '-',
      'Open full size',
      'Second window',
      '-',
      'Copy',
      '  Name',
      '  Path',
      '  Image',
      '  Evidence',
      'Show in folder',
      'Open in another program',
      '-',
      'Select the same',
      '  Folder',
      '  Label',
      '  Rule',
      '  Verdict',
      'Show what looks like this',
      'Check again',
    ])
  })

  test('of several has only what can be done with several, and their export', () => {
    const lines = linesOf(menu(assets({ count: 3, kind: null, isSelection: true })))
    expect(lines).toContain('Export selection…')
    for (const line of ['Open full size', '  Image', '  Evidence', 'Show in folder', 'Open in another program'])
      expect(lines).not.toContain(line)
  })

  test('of a stack that is not selected exports nothing', () => {
    expect(linesOf(menu(assets({ count: 3, kind: null })))).not.toContain('Export selection…')
  })

  test('offers a picture only of a picture, and to clear only what is decided', () => {
    expect(linesOf(menu(assets({ kind: 'text' })))).not.toContain('  Image')
    expect(linesOf(menu(assets()))).not.toContain('Clear decision')
    expect(linesOf(menu(assets({ isDecided: true })))).toContain('Clear decision')
  })

  test('keeps the numbers of the reasons where one is left out, and has none where there are none', () => {
    const reasons = flat(menu(assets())).flatMap(entry =>
      entry.kind === 'choice' && entry.choice.choice === 'reason' ? [entry.choice.reason] : [],
    )
    expect(reasons).toEqual([1, 3])
    expect(linesOf(menu(assets(), { reasons: ['', ''] }))).not.toContain('Reason')
  })

  test('shows the keys in force', () => {
    const keyOf = (own: Record<string, string>) =>
      menu(assets(), { own }).find(entry => entry.kind === 'choice' && entry.label === 'Approve')
    expect(keyOf({})).toMatchObject({ accelerator: 'A' })
    expect(keyOf({ approve: 'Mod+y' })).toMatchObject({ accelerator: 'CmdOrCtrl+Y' })
    expect(keyOf({ approve: '' })).not.toHaveProperty('accelerator')
  })
})

describe('the context menu of a batch', () => {
  const batch = (state: 'running' | 'paused' | 'done', more = {}): MenuSubject => ({
    of: 'batch',
    state,
    unchecked: 2,
    isOpen: false,
    ...more,
  })

  test('has what its state allows', () => {
    expect(linesOf(menu(batch('running')))).toEqual(['Open', '-', 'Pause', '-', 'Export…', 'Copy name'])
    expect(linesOf(menu(batch('paused')))).toContain('Resume')
    expect(linesOf(menu(batch('done')))).toContain('Check unchecked assets again')
    expect(linesOf(menu(batch('done', { unchecked: 0 })))).not.toContain('Check unchecked assets again')
  })

  test('begins and ends with a line, and has no two separators in a row', () => {
    expect(linesOf(menu(batch('done', { unchecked: 0, isOpen: true })))).toEqual(['Export…', 'Copy name'])
  })
})

test('the context menu of a text is that of the system', () => {
  const text = (canEdit: boolean, hasSelection: boolean) => menu({ of: 'text', canEdit, hasSelection })
  expect(linesOf(text(false, true))).toEqual(['Copy', '-', 'Select all'])
  expect(linesOf(text(true, false))).toEqual(['Undo', 'Redo', '-', 'Cut', 'Copy', 'Paste', '-', 'Select all'])
  const isEnabled = text(true, false).map(entry => entry.kind === 'role' && [entry.role, entry.isEnabled])
  expect(isEnabled).toContainEqual(['cut', false])
  expect(isEnabled).toContainEqual(['paste', true])
})

test.each(languages)('every line has words in %s', language => {
  const subjects: readonly MenuSubject[] = [
    assets({ isDecided: true }),
    { of: 'batch', state: 'paused', unchecked: 1, isOpen: false },
    { of: 'text', canEdit: true, hasSelection: true },
  ]
  for (const subject of subjects) {
    for (const entry of flat(menu(subject, { language, reasons: [] }))) {
      if (entry.kind === 'separator') continue
      expect(entry.label).not.toBe('')
      expect(/\p{Script=Han}/u.test(entry.label), entry.label).toBe(language === 'zh')
    }
  }
})
