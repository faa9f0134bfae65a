import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  endsHold,
  heldBy,
  type KeyPress,
  keyName,
  meaningOf,
  menuMeaning,
  type Place,
  placeOf,
  readingMove,
  typingUndo,
  writtenBy,
} from '../../../../renderer/base/keys.ts'
import { commands, listedCommands } from '../../../../shared/commands.ts'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  keyCode: 0,
  isComposing: false,
  repeat: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
})
const at = (place: Place, own: Record<string, string> = {}) => ({ place, os: 'windows' as const, own })
const somePlace = fc.constantFrom<Place>('work', 'scroller', 'button', 'control', 'field', 'dialog', 'covered')
const someKey = fc.constantFrom(
  'a',
  'x',
  'e',
  's',
  'u',
  'n',
  'b',
  'g',
  'z',
  't',
  '1',
  '9',
  ' ',
  'Enter',
  'j',
  'Process',
)

describe('keys in the grid', () => {
  test('A approves, X rejects, E escalates', () => {
    expect(meaningOf(press('a'), at('work'))).toEqual({ kind: 'command', id: 'approve' })
    expect(meaningOf(press('x'), at('work'))).toEqual({ kind: 'command', id: 'reject' })
    expect(meaningOf(press('e'), at('work'))).toEqual({ kind: 'command', id: 'escalate' })
  })

  test('caps lock changes nothing, shift does', () => {
    expect(meaningOf(press('A'), at('work'))).toEqual({ kind: 'command', id: 'approve' })
    expect(meaningOf(press('A', { shiftKey: true }), at('work'))).toBeNull()
    expect(meaningOf(press('T', { shiftKey: true }), at('work'))).toEqual({ kind: 'command', id: 'previousPart' })
  })

  test('Ctrl+A selects all and approves nothing', () => {
    expect(meaningOf(press('a', { ctrlKey: true }), at('work'))).toEqual({ kind: 'command', id: 'selectAll' })
  })

  test('on a Mac it is ⌘, and Ctrl+A means nothing', () => {
    const mac = { ...at('work'), os: 'mac' as const }
    expect(meaningOf(press('a', { metaKey: true }), mac)).toEqual({ kind: 'command', id: 'selectAll' })
    expect(meaningOf(press('a', { ctrlKey: true }), mac)).toBeNull()
  })

  test('digits are reasons, arrows move and with shift extend', () => {
    expect(meaningOf(press('3'), at('work'))).toEqual({ kind: 'reason', reason: 3 })
    expect(meaningOf(press('0'), at('work'))?.kind).not.toBe('reason')
    expect(meaningOf(press('ArrowDown', { repeat: true }), at('work'))).toEqual({
      kind: 'move',
      move: 'down',
      extend: false,
    })
    expect(meaningOf(press('ArrowLeft', { shiftKey: true }), at('work'))).toEqual({
      kind: 'move',
      move: 'left',
      extend: true,
    })
  })

  test('Space with Shift, Ctrl or ⌘ extends the selection', () => {
    expect(meaningOf(press(' '), at('work'))).toEqual({ kind: 'command', id: 'select' })
    expect(meaningOf(press(' ', { shiftKey: true }), at('work'))).toEqual({ kind: 'extend' })
    expect(meaningOf(press(' ', { ctrlKey: true }), at('work'))).toEqual({ kind: 'extend' })
    expect(meaningOf(press(' ', { metaKey: true }), { ...at('work'), os: 'mac' })).toEqual({ kind: 'extend' })
    for (const place of ['control', 'field', 'dialog'] as const) {
      expect(meaningOf(press(' ', { shiftKey: true }), at(place))).toBeNull()
      expect(meaningOf(press(' ', { ctrlKey: true }), at(place))).toBeNull()
    }
  })

  test('arrows scroll a text or a picture that has the focus; the other keys decide on it', () => {
    for (const key of ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End']) {
      expect(meaningOf(press(key), at('scroller'))).toBeNull()
      expect(meaningOf(press(key, { shiftKey: true }), at('scroller'))).toBeNull()
    }
    expect(meaningOf(press('a'), at('scroller'))).toEqual({ kind: 'command', id: 'approve' })
    expect(meaningOf(press(' '), at('scroller'))).toEqual({ kind: 'command', id: 'select' })
    expect(meaningOf(press('Enter'), at('scroller'))).toEqual({ kind: 'command', id: 'open' })
  })

  test('? and F1 show the keys', () => {
    expect(meaningOf(press('?', { shiftKey: true }), at('work'))).toEqual({ kind: 'command', id: 'keys' })
    expect(meaningOf(press('F1'), at('field'))).toEqual({ kind: 'command', id: 'keys' })
  })

  test('a key that was moved elsewhere acts there, and no more where it was', () => {
    const own = { approve: 'p' }
    expect(meaningOf(press('p'), at('work', own))).toEqual({ kind: 'command', id: 'approve' })
    expect(meaningOf(press('a'), at('work', own))).toBeNull()
  })
})

describe('reading in the loupe', () => {
  test('Space turns the page, with Shift back; arrows and pages move', () => {
    expect(readingMove(press(' '), 'work', 'windows')).toBe('pageDown')
    expect(readingMove(press(' ', { repeat: true }), 'work', 'windows')).toBe('pageDown')
    expect(readingMove(press(' ', { shiftKey: true }), 'work', 'windows')).toBe('pageUp')
    expect(readingMove(press('PageDown'), 'work', 'windows')).toBe('pageDown')
    expect(readingMove(press('ArrowLeft'), 'button', 'windows')).toBe('left')
  })

  test('is left to what has a use for the key, and to all that has a modifier', () => {
    expect(readingMove(press(' '), 'button', 'windows')).toBeNull()
    for (const place of ['field', 'control', 'dialog', 'scroller'] as const)
      expect(readingMove(press('ArrowDown'), place, 'windows')).toBeNull()
    expect(readingMove(press(' ', { ctrlKey: true }), 'work', 'windows')).toBeNull()
    expect(readingMove(press('ArrowDown', { shiftKey: true }), 'work', 'windows')).toBeNull()
    expect(readingMove(press('ArrowDown', { isComposing: true }), 'work', 'windows')).toBeNull()
    expect(readingMove(press('a'), 'work', 'windows')).toBeNull()
  })
})

describe('what must never decide', () => {
  test('Chinese input: while composing, no key means anything', () => {
    fc.assert(
      fc.property(someKey, somePlace, fc.boolean(), fc.boolean(), (key, place, isComposing, shiftKey) => {
        const composing = press(key, { isComposing, keyCode: isComposing ? 65 : 229, shiftKey })
        expect(meaningOf(composing, at(place))).toBeNull()
      }),
    )
  })

  test('a key that is held down', () => {
    fc.assert(
      fc.property(someKey, somePlace, (key, place) => {
        const meaning = meaningOf(press(key, { repeat: true }), at(place))
        expect(meaning === null || meaning.kind === 'move').toBe(true)
      }),
    )
  })

  test('undo that is held down takes back one decision, and its repeats do not reach the menu either', () => {
    for (const shiftKey of [false, true]) {
      const undo = press('z', { ctrlKey: true, shiftKey })
      expect(meaningOf(undo, at('work'))).toEqual({ kind: 'command', id: shiftKey ? 'redo' : 'undo' })
      expect(meaningOf({ ...undo, repeat: true }, at('work'))).toEqual({ kind: 'held' })
      expect(meaningOf({ ...undo, repeat: true }, at('field'))).toBeNull()
    }
  })

  test('letters typed into a field or a dialog', () => {
    fc.assert(
      fc.property(
        someKey,
        fc.constantFrom<Place>('field', 'dialog', 'covered'),
        fc.boolean(),
        (key, place, shiftKey) => {
          expect(meaningOf(press(key, { shiftKey }), at(place))).toBeNull()
        },
      ),
    )
  })

  test('Space and Enter on a button, which belong to the button', () => {
    for (const place of ['button', 'control'] as const) {
      expect(meaningOf(press(' '), at(place))).toBeNull()
      expect(meaningOf(press(' ', { shiftKey: true }), at(place))).toBeNull()
      expect(meaningOf(press('Enter'), at(place))).toBeNull()
    }
  })

  test('arrows on a list or a slider, which have a use for them; a button has none, and leaves them to the grid', () => {
    for (const [key, move] of [
      ['ArrowDown', 'down'],
      ['Home', 'home'],
      ['End', 'end'],
      ['PageUp', 'pageUp'],
    ] as const) {
      expect(meaningOf(press(key), at('control'))).toBeNull()
      expect(meaningOf(press(key), at('button'))).toEqual({ kind: 'move', move, extend: false })
    }
  })

  test('undo in a field, which undoes the typing', () => {
    expect(meaningOf(press('z', { ctrlKey: true }), at('field'))).toBeNull()
    expect(meaningOf(press('a', { ctrlKey: true }), at('field'))).toBeNull()
    expect(meaningOf(press('k', { ctrlKey: true }), at('field'))).toEqual({ kind: 'command', id: 'palette' })
  })
})

describe('the menu', () => {
  test('undoes the typing while a field has the focus, in a dialog too', () => {
    for (const place of ['field', 'dialog', 'covered'] as const) {
      expect(menuMeaning('undo', { place, inField: true })).toBe('type')
      expect(menuMeaning('redo', { place, inField: true })).toBe('type')
    }
    expect(menuMeaning('undo', { place: 'work', inField: false })).toBe('run')
  })

  test('does nothing behind a dialog but add to the drop', () => {
    for (const command of commands.filter(({ menu }) => menu !== undefined).map(({ id }) => id)) {
      const does = command === 'openFiles' || command === 'openFolder' ? 'run' : 'ignore'
      for (const place of ['dialog', 'covered'] as const)
        expect([command, menuMeaning(command, { place, inField: false })]).toEqual([command, does])
    }
  })

  test('acts everywhere else, also from a field', () => {
    for (const place of ['work', 'scroller', 'control', 'field'] as const)
      expect(menuMeaning('search', { place, inField: place === 'field' })).toBe('run')
  })
})

describe('while a dialog is on its way', () => {
  /** An element that these selectors, among others, fit. */
  const element = (...fits: readonly string[]) =>
    ({
      matches: (selector: string) => fits.some(one => selector.includes(one)),
      closest: () => null,
      querySelector: () => null,
    }) as unknown as Element

  test('what it is about to cover has the keys no more, whatever has the focus there', () => {
    for (const covered of [null, element('[data-window] *'), element('input', '[data-window] *'), element('body')]) {
      expect(placeOf(covered, 'dialog')).toBe('covered')
      expect(placeOf(covered, 'nothing')).not.toBe('covered')
    }
  })

  test('what lies over the window keeps its own, as a field in a list of choices does', () => {
    expect(placeOf(element('textarea'), 'dialog')).toBe('field')
  })

  test('a character is kept for its field; a key that writes none, or is part of a composition, is not', () => {
    expect([...'aX 茶'].map(key => writtenBy(press(key)))).toEqual(['a', 'X', ' ', '茶'])
    for (const key of ['Enter', 'Dead', 'F1', 'Process', 'ArrowDown']) expect(writtenBy(press(key))).toBe('')
    expect(writtenBy(press('a', { ctrlKey: true }))).toBe('')
    expect(writtenBy(press('a', { isComposing: true }))).toBe('')
    expect(writtenBy(press('a', { keyCode: 229 }))).toBe('')
  })
})

describe('undo of what is typed', () => {
  test('is ours on a Mac, where the menu may have another key for it, and nowhere else', () => {
    const undo = press('z', { metaKey: true })
    expect(typingUndo(undo, { inField: true, os: 'mac' })).toBe('undo')
    expect(typingUndo({ ...undo, shiftKey: true }, { inField: true, os: 'mac' })).toBe('redo')
    expect(typingUndo(undo, { inField: false, os: 'mac' })).toBeNull()
    expect(typingUndo({ ...undo, isComposing: true }, { inField: true, os: 'mac' })).toBeNull()
    expect(typingUndo(press('z', { ctrlKey: true }), { inField: true, os: 'windows' })).toBeNull()
  })
})

describe('a picture that is uncovered while a key is held', () => {
  const held = heldBy({ ...press('?', { shiftKey: true }), code: 'Slash' })

  test('is covered again when the key goes up, by whatever name', () => {
    expect(endsHold(held, { code: 'Slash', key: '/' })).toBe(true)
    expect(endsHold(heldBy({ ...press('b'), code: 'KeyB' }), { code: 'KeyB', key: 'B' })).toBe(true)
  })

  test('is covered again when its modifier goes up first', () => {
    expect(endsHold(held, { code: 'ShiftLeft', key: 'Shift' })).toBe(true)
    const mac = heldBy({ ...press('r', { metaKey: true }), code: 'KeyR' })
    expect(endsHold(mac, { code: 'MetaRight', key: 'Meta' })).toBe(true)
  })

  test('stays uncovered while other keys come and go', () => {
    const bare = heldBy({ ...press('b'), code: 'KeyB' })
    expect(endsHold(bare, { code: 'KeyT', key: 't' })).toBe(false)
    expect(endsHold(bare, { code: 'ShiftLeft', key: 'Shift' })).toBe(false)
  })
})

describe('the list of commands', () => {
  test('gives no key to two commands', () => {
    const keys = listedCommands.flatMap(command => (command.key === null ? [] : [command.key]))
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('has a name for each in both languages', () => {
    for (const command of commands) {
      expect(command.name.zh).not.toBe('')
      expect(command.name.en).not.toBe('')
    }
  })

  test('names keys as the system does', () => {
    expect(keyName('Mod+Shift+z', 'mac')).toBe('⌘⇧Z')
    expect(keyName('Mod+Shift+z', 'windows')).toBe('Ctrl+Shift+Z')
  })
})
