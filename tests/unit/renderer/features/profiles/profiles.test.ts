import { describe, expect, test } from 'vitest'
import { conclusionOf } from '../../../../../renderer/features/profiles/doctor.ts'
import { healthOf } from '../../../../../renderer/features/profiles/health.ts'
import {
  currentOf,
  matchingProfiles,
  maxCurrentProfiles,
  titledProfiles,
  toggled,
} from '../../../../../renderer/features/profiles/switching.ts'
import { type DoctorStep, type Profile, profileDefaults } from '../../../../../shared/profile.ts'

const profile = (id: string, more: Partial<Profile> = {}): Profile => ({
  ...profileDefaults,
  id,
  name: id,
  platform: 'wechat',
  appid: `wx_${id}`,
  secret: { from: 'vault' },
  tokenMode: 'stable',
  scene: 2,
  sharePercent: 50,
  relay: null,
  practice: false,
  ...more,
})
const all = [profile('practice', { practice: true }), profile('brand'), profile('shop', { platform: 'qq' })]
const names = new Map([
  ['wechat', '微信'],
  ['qq', 'QQ'],
])

describe('the profile switcher', () => {
  test('finds by name, appid and the platform’s name', () => {
    expect(matchingProfiles(all, 'BRAND', names).map(({ id }) => id)).toEqual(['brand'])
    expect(matchingProfiles(all, 'wx_shop', names).map(({ id }) => id)).toEqual(['shop'])
    expect(matchingProfiles(all, 'qq', names).map(({ id }) => id)).toEqual(['shop'])
    expect(matchingProfiles(all, '微信 brand', names).map(({ id }) => id)).toEqual(['brand'])
  })

  test('puts profiles side by side, but always keeps one and never takes more than a batch can', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b'])
    expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
    expect(toggled(['a'], 'a')).toEqual(['a'])
    const full = Array.from({ length: maxCurrentProfiles }, (_, at) => `p${at}`)
    expect(toggled(full, 'more')).toEqual(full)
  })

  test('forgets removed profiles, and falls back to practice', () => {
    expect(currentOf(['gone', 'brand'], all).map(({ id }) => id)).toEqual(['brand'])
    expect(currentOf(['gone'], all).map(({ id }) => id)).toEqual(['practice'])
    expect(currentOf([], [])).toEqual([])
  })
})

describe('the test of a profile', () => {
  const steps = (...states: DoctorStep['state'][]): DoctorStep[] =>
    states.map(state => ({ step: 'token', state, zh: '', en: '', copy: null }))

  test('is well only when something went well and nothing failed', () => {
    expect(conclusionOf(steps('ok', 'skipped'))).toEqual({ kind: 'ok' })
    expect(conclusionOf(steps('ok', 'warning'))).toEqual({ kind: 'warnings', count: 1 })
    expect(conclusionOf(steps('ok', 'warning', 'failed', 'failed'))).toEqual({ kind: 'failures', count: 2 })
  })

  test('proves nothing when no step was tried', () => {
    expect(conclusionOf(steps()).kind).toBe('failures')
    expect(conclusionOf(steps('skipped', 'skipped')).kind).toBe('failures')
  })
})

describe('the title bar', () => {
  const asked = (...ids: readonly string[]) =>
    ids.map(id => ({ id, name: `${id} then`, platform: 'wechat', appid: id, practice: id === 'practice' }))
  const [, brand] = all

  test('names whom the open batch asked, as they were called then, and apart from them whom the next one will ask', () => {
    const { shown, next } = titledProfiles(asked('practice', 'rules'), brand === undefined ? [] : [brand])
    expect(shown.map(({ name }) => name)).toEqual(['practice then'])
    expect(next?.map(({ id }) => id)).toEqual(['brand'])
  })

  test('says nothing of the next batch where it asks the same, whatever their order, and only of it where none is open', () => {
    expect(titledProfiles(asked('brand', 'rules', 'practice'), all.slice(0, 2)).next).toBeNull()
    expect(titledProfiles(null, all)).toEqual({ shown: all, next: null })
    expect(titledProfiles(asked('rules'), []).shown).toEqual([])
  })
})

describe('the dot of a profile', () => {
  const token = (state: 'none' | 'ok' | 'refused') => [
    { profile: 'brand', state, expiresAt: null, code: null, detail: null },
  ]

  test('tells of the last test, else of the token, and of a refusal before both', () => {
    expect(healthOf('brand', {}, [])).toBe('unknown')
    expect(healthOf('brand', {}, token('none'))).toBe('unknown')
    expect(healthOf('brand', {}, token('ok'))).toBe('ok')
    expect(healthOf('brand', { brand: 'warnings' }, token('ok'))).toBe('warnings')
    expect(healthOf('brand', { brand: 'ok' }, token('refused'))).toBe('failures')
    expect(healthOf('shop', { brand: 'ok' }, token('ok'))).toBe('unknown')
  })
})
