import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checked, isZone, nextReset, reasonsWith } from '../../../../../renderer/features/settings/checks.ts'
import {
  assign,
  changedKeys,
  holderOf,
  recordedCombination,
  takeOver,
} from '../../../../../renderer/features/settings/keys.ts'
import { type CommandId, commandOf, keyOf, listedCommands } from '../../../../../shared/commands.ts'

const press = (key: string, more: Partial<Parameters<typeof recordedCombination>[0]> = {}) => ({
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
const ids = listedCommands.map(({ id }) => id)

describe('remapping keys', () => {
  test('reads the combination as the registry writes it, on every system', () => {
    expect(recordedCombination(press('A', { shiftKey: true }), 'windows')).toBe('Shift+a')
    expect(recordedCombination(press('k', { ctrlKey: true }), 'windows')).toBe('Mod+k')
    expect(recordedCombination(press('k', { metaKey: true }), 'mac')).toBe('Mod+k')
    expect(recordedCombination(press('?', { shiftKey: true }), 'linux')).toBe('?')
    expect(recordedCombination(press(' '), 'linux')).toBe('Space')
  })

  test('waits while only a modifier is down or Chinese input is going on', () => {
    expect(recordedCombination(press('Shift', { shiftKey: true }), 'windows')).toBeNull()
    expect(recordedCombination(press('a', { isComposing: true }), 'windows')).toBeNull()
    expect(recordedCombination(press('a', { keyCode: 229 }), 'windows')).toBeNull()
    expect(recordedCombination(press('Process'), 'windows')).toBeNull()
  })

  test('does not take the other system’s modifier', () => {
    expect(recordedCombination(press('k', { ctrlKey: true }), 'mac')).toBeNull()
    expect(recordedCombination(press('k', { metaKey: true }), 'windows')).toBeNull()
  })

  test('a key that another command has changes nothing and says whose it is', () => {
    expect(assign('approve', 'x', {})).toEqual({ kind: 'conflict', holder: 'reject' })
  })

  test('a key that the grid or the system needs cannot be taken', () => {
    for (const key of ['ArrowLeft', '5', 'Tab', 'Mod+c', 'F1']) expect(assign('approve', key, {}).kind).toBe('reserved')
  })

  test('a key can be taken over, which leaves its holder without', () => {
    const own = takeOver('approve', 'x', {})
    expect(keyOf(commandOf('approve'), own)).toBe('x')
    expect(keyOf(commandOf('reject'), own)).toBeNull()
    expect(changedKeys(own)).toEqual(['approve', 'reject'])
  })

  test('going back to the default leaves nothing in the settings', () => {
    const own = takeOver('approve', 'y', {})
    expect(assign('approve', 'a', own)).toEqual({ kind: 'assigned', keys: {} })
  })

  test('a command can be left without a key', () => {
    const result = assign('approve', '', {})
    expect(result).toEqual({ kind: 'assigned', keys: { approve: '' } })
  })

  test('every default keeps its key when it is given it again', () => {
    for (const { id, key } of listedCommands)
      if (key !== null) expect(assign(id, key, {})).toEqual({ kind: 'assigned', keys: {} })
  })

  test('whatever is assigned and taken over, no two commands share a key', () => {
    const combination = fc.constantFrom('a', 'x', 'y', 'Mod+k', 'Mod+j', 'Shift+t', 'Space', '')
    const step = fc.tuple(fc.constantFrom<CommandId>(...ids), combination, fc.boolean())
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        let own: Record<string, string> = {}
        for (const [id, key, takes] of steps) {
          const result = assign(id, key, own)
          if (result.kind === 'assigned') own = result.keys
          else if (result.kind === 'conflict' && takes) own = takeOver(id, key, own)
        }
        const keys = ids.map(id => keyOf(commandOf(id), own)).filter(key => key !== null)
        expect(new Set(keys).size).toBe(keys.length)
        for (const key of keys) expect(holderOf(key, own)).not.toBeNull()
      }),
    )
  })
})

describe('checking a setting before it is saved', () => {
  test('takes what the schema takes, trimmed', () => {
    expect(checked('reviewer', '  王芳 ')).toBe('王芳')
    expect(checked('density', 200)).toBe(200)
    expect(checked('grey', false)).toBe(false)
  })

  test('refuses what it does not take', () => {
    expect(checked('reviewer', '字'.repeat(81))).toBeNull()
    expect(checked('reuseDays', 366)).toBeNull()
    expect(checked('keepYears', 0)).toBeNull()
    expect(checked('quotaHour', 1.5)).toBeNull()
    expect(checked('reasons', ['字'.repeat(61)])).toBeNull()
  })

  test('refuses a time zone that this machine cannot compute with', () => {
    expect(isZone('Mars/Olympus')).toBe(false)
    expect(checked('quotaZone', 'Mars/Olympus')).toBeNull()
    expect(checked('quotaZone', 'Asia/Shanghai')).toBe('Asia/Shanghai')
  })

  test('a reason keeps its number when one before it is emptied', () => {
    expect(reasonsWith(['甲', '乙'], 0, ' ')).toEqual(['', '乙'])
    expect(reasonsWith(['甲'], 3, '丁')).toEqual(['甲', '', '', '丁'])
    expect(reasonsWith(['甲', '', '丙'], 2, '')).toEqual(['甲'])
    // A list without any would be the first set.
    expect(reasonsWith(['甲'], 0, '')).toEqual([''])
  })
})

describe('the next reset of the quota', () => {
  const now = Date.UTC(2026, 10, 21, 6, 30)

  test('is the next midnight in Beijing by default', () => {
    expect(new Date(nextReset(now, 'Asia/Shanghai', 0)).toISOString()).toBe('2026-11-21T16:00:00.000Z')
  })

  test('follows zones that are off by part of an hour', () => {
    expect(new Date(nextReset(now, 'Asia/Kathmandu', 0)).toISOString()).toBe('2026-11-21T18:15:00.000Z')
  })

  test('is later than now and within a day, or two where the clock is put forward', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 400 }), (hour, days) => {
        const at = now + days * 86_400_000
        const next = nextReset(at, 'Europe/Berlin', hour)
        expect(next).toBeGreaterThan(at)
        expect(next - at).toBeLessThanOrEqual(49 * 3_600_000)
      }),
      { numRuns: 40 },
    )
  })
})
