import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { registry } from '../../../../electron/engine/checkers/registry.ts'
import { words } from '../../../../renderer/features/profiles/words.ts'
import {
  emptyForm,
  formErrors,
  formOf,
  openidsOf,
  type ProfileForm,
  readForm,
} from '../../../../renderer/state/draft.ts'
import type { PlatformInfo } from '../../../../shared/platforms.ts'
import { type Profile, profileDraftSchema } from '../../../../shared/profile.ts'

const platforms = registry.describe()
const wechatInfo = platforms[0] as PlatformInfo
const filled: ProfileForm = {
  ...emptyForm(wechatInfo),
  name: ' 品牌 A ',
  appid: 'wx1234567890abcdef',
  secret: { ...emptyForm(wechatInfo).secret, typed: 's3cret' },
}
const stored: Profile = {
  id: 'p1',
  name: '品牌 A',
  platform: 'wechat',
  appid: 'wx1234567890abcdef',
  secret: { from: 'vault' },
  tokenMode: 'stable',
  brokerUrl: null,
  baseUrl: null,
  openids: ['o1', 'o2'],
  scene: 3,
  sharePercent: 40,
  perMinute: 100,
  perDay: null,
  maxCallsPerAsset: 800,
  maxCallsPerBatch: null,
  imageMode: 'both',
  imageRoute: 'both',
  relay: { url: 'https://relay.example.com/', key: { from: 'env', variable: 'RELAY_KEY' } },
  cloud: { env: 'prod-1a2b', functionName: 'check' },
  controlKeyword: '红灯果',
  controlImage: '/home/me/control.jpg',
  practice: false,
}
const alone = { stored: null, names: ['已有'], platforms }
const typed = (text: string) => ({ ...filled.secret, typed: text })
const errorsOf = (patch: Partial<ProfileForm>) => {
  const read = readForm({ ...filled, ...patch }, alone)
  return read.kind === 'invalid' ? read.errors : {}
}

describe('the profile form', () => {
  test('sends a new profile with its secret, trimmed and with the platform’s limits', () => {
    const read = readForm(filled, alone)
    expect(read).toMatchObject({
      kind: 'valid',
      secret: 's3cret',
      draft: { id: null, name: '品牌 A', secretEnv: null, perMinute: null, perDay: null, baseUrl: null },
    })
  })

  test('gives back an unchanged profile and keeps its stored secret', () => {
    const read = readForm(formOf(stored), { stored, names: [stored.name], platforms })
    const { practice: _, secret: __, relay: ___, ...rest } = stored
    const draft = { ...rest, secretEnv: null, relayUrl: 'https://relay.example.com/', relayKeyEnv: 'RELAY_KEY' }
    expect(read).toEqual({ kind: 'valid', secret: null, relayKey: null, draft })
  })

  test('never shows a stored secret again', () => {
    expect(formOf(stored).secret).toEqual({ from: 'vault', typed: '', keeps: true, variable: '' })
  })

  test.each([
    [{ name: '   ' }, { name: 'name_empty' }],
    [{ name: '字'.repeat(81) }, { name: 'name_long' }],
    [{ appid: 'wx 12' }, { appid: 'appid' }],
    [{ name: '已有' }, { name: 'name_taken' }],
    [{ secret: typed('') }, { secret: 'secret_missing' }],
    [{ secret: typed('abc \n') }, { secret: 'secret_spaces' }],
    [{ secret: typed('x'.repeat(513)) }, { secret: 'secret_long' }],
    [{ secret: { ...typed(''), from: 'env', variable: '1-BAD' } }, { secret: 'variable' }],
    [{ tokenMode: 'broker', brokerUrl: '' }, { brokerUrl: 'brokerUrl_missing' }],
    [{ tokenMode: 'broker', brokerUrl: 'ftp://x' }, { brokerUrl: 'brokerUrl' }],
    [{ baseUrl: 'api.weixin.qq.com' }, { baseUrl: 'baseUrl' }],
    [{ openids: 'o'.repeat(129) }, { openids: 'openids_long' }],
    [{ openids: Array.from({ length: 51 }, (_, at) => `o${at}`).join('\n') }, { openids: 'openids_many' }],
    [{ sharePercent: 0 }, { sharePercent: 'sharePercent' }],
    [{ sharePercent: '' }, { sharePercent: 'sharePercent' }],
    [{ perMinute: 0 }, { perMinute: 'perMinute' }],
    [{ perDay: 1.5 }, { perDay: 'perDay' }],
    [{ imageRoute: 'async' }, { relayUrl: 'relayUrl_missing' }],
    [{ relayUrl: 'relay', relayKey: typed('k') }, { relayUrl: 'relayUrl' }],
    [{ relayUrl: 'https://relay.example.com' }, { relayKey: 'relayKey_missing' }],
    [{ isCloud: true, cloudEnv: 'a b', cloudFunction: 'check' }, { cloudEnv: 'cloudEnv' }],
    [{ isCloud: true, cloudEnv: 'prod', cloudFunction: '1' }, { cloudFunction: 'cloudFunction' }],
    [{ controlKeyword: '字'.repeat(101) }, { controlKeyword: 'controlKeyword' }],
    [{ controlImage: '对照.jpg' }, { controlImage: 'controlImage' }],
  ] satisfies [Partial<ProfileForm>, object][])(
    'refuses %j with a sentence for exactly that field',
    (patch, errors) => {
      expect(errorsOf(patch)).toEqual(errors)
    },
  )

  test('needs no secret when a broker hands out the tokens', () => {
    const read = readForm(
      { ...filled, secret: typed(''), tokenMode: 'broker', brokerUrl: 'https://tokens.example.com/wx' },
      alone,
    )
    expect(read).toMatchObject({ kind: 'valid', secret: null })
  })

  test('never lets a stored AppSecret go to a broker as its password', () => {
    const form: ProfileForm = { ...formOf(stored), tokenMode: 'broker', brokerUrl: 'https://tokens.example.com/wx' }
    const around = { stored, names: [], platforms }
    expect(readForm(form, around)).toMatchObject({ kind: 'invalid', errors: { secret: 'secret_wrong' } })
    expect(readForm({ ...form, secret: typed('') }, around)).toMatchObject({ errors: { secret: 'secret_wrong' } })
    expect(readForm({ ...form, secret: typed('broker-pass') }, around)).toMatchObject({ secret: 'broker-pass' })
  })

  test('sends only the name of the variable when the secret is in the environment', () => {
    const read = readForm({ ...filled, secret: { ...typed('left over'), from: 'env', variable: ' WX_SECRET ' } }, alone)
    expect(read).toMatchObject({ kind: 'valid', secret: null, draft: { secretEnv: 'WX_SECRET' } })
  })

  test('leaves out a cloud function where the platform has none', () => {
    const read = readForm(
      { ...filled, platform: 'qq', tokenMode: 'classic', isCloud: true, cloudEnv: 'prod', cloudFunction: 'check' },
      alone,
    )
    expect(read).toMatchObject({ kind: 'valid', draft: { cloud: null } })
  })

  test('has a sentence in both languages for every error', () => {
    for (const error of formErrors) {
      expect(words.zh[`error.${error}`]).not.toBe('')
      expect(words.en[`error.${error}`]).not.toBe('')
    }
  })

  test('whatever is typed, it is either refused with a reason or a draft that the contract takes', () => {
    const text = fc.string({ maxLength: 140 })
    const number = fc.oneof(fc.double(), fc.integer(), fc.string({ maxLength: 4 }))
    fc.assert(
      fc.property(
        fc.record({
          name: text,
          appid: text,
          secret: text.map(typed),
          baseUrl: text,
          openids: text,
          sharePercent: number,
          perDay: number,
        }),
        patch => {
          const read = readForm({ ...filled, ...patch }, alone)
          if (read.kind === 'valid') expect(profileDraftSchema.safeParse(read.draft).success).toBe(true)
          else expect(Object.keys(read.errors)).not.toHaveLength(0)
        },
      ),
    )
  })
})

test('openids may be pasted with any separator, and repeats count once', () => {
  expect(openidsOf('o1, o2；o3\n\no1\t o4，o2')).toEqual(['o1', 'o2', 'o3', 'o4'])
})
