import { MantineProvider } from '@mantine/core'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterAll, expect, test, vi } from 'vitest'
import { createRegistry } from '../../../../../electron/engine/checkers/create-registry.ts'
import { registry } from '../../../../../electron/engine/checkers/registry.ts'
import { emptyForm, readForm } from '../../../../../renderer/state/draft.ts'
import type { PlatformInfo } from '../../../../../shared/platforms.ts'
import { example } from '../../../../fixtures/checkers/example/example.ts'

// What the preload puts there; nothing is asked of it while something is only drawn.
vi.stubGlobal('prescreen', {})
afterAll(() => vi.unstubAllGlobals())
const { i18n } = await import('../../../../../renderer/base/i18n/index.ts')
const { ProfileForm } = await import('../../../../../renderer/features/profiles/profile-form.tsx')

const [first, ...others] = createRegistry([example, ...registry.checkers]).describe()
const platforms: readonly [PlatformInfo, ...PlatformInfo[]] = [first as PlatformInfo, ...others]

async function drawn(language: 'zh' | 'en', shown: typeof platforms): Promise<string> {
  await i18n.changeLanguage(language)
  const nothing = () => undefined
  const form = createElement(ProfileForm, { profile: null, platforms: shown, onSaved: nothing, onCancel: nothing })
  return renderToStaticMarkup(createElement(MantineProvider, null, form))
}

test('the form shows what the platform describes, in the language of the moment', async () => {
  const zh = await drawn('zh', platforms)
  for (const word of ['示例平台', '租户', '应用编号', '例如：shop']) expect(zh).toContain(word)
  const en = await drawn('en', platforms)
  for (const word of ['Example platform', 'Tenant', 'App number', 'e.g. shop']) expect(en).toContain(word)
  // And nothing of another platform's.
  expect(en).not.toContain('OpenID')
  expect(await drawn('en', [platforms[1] as PlatformInfo])).toContain('OpenIDs (one per line)')
})

test('a field that the platform describes is checked as it says, and sent with the rest', () => {
  const around = { stored: null, names: [], platforms }
  const form = { ...emptyForm(platforms[0]), name: 'Shop', appid: 'ex_1234' }
  const typed = { ...form, secret: { ...form.secret, typed: 's3cret' } }
  expect(readForm(typed, around)).toMatchObject({ kind: 'invalid', errors: {}, wrongFields: ['tenant'] })
  const wrong = readForm({ ...typed, fields: { tenant: 'No 1' } }, around)
  expect(wrong).toMatchObject({ kind: 'invalid', wrongFields: ['tenant'] })
  const right = readForm({ ...typed, fields: { tenant: ' shop ', leftOver: 'x' } }, around)
  expect(right).toMatchObject({ kind: 'valid', draft: { platform: 'example', tokenMode: 'classic' } })
  expect(right.kind === 'valid' && right.draft.fields).toEqual({ tenant: 'shop' })
})
