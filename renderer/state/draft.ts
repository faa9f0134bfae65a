import type { PlatformId } from '../../shared/domain.ts'
import { ownLinesOf, type PlatformInfo, takesValue } from '../../shared/platforms.ts'
import {
  type Profile,
  type ProfileDraft,
  profileDefaults,
  profileDraftSchema,
  type TokenMode,
} from '../../shared/profile.ts'

/** A secret as it is typed; one that is stored never comes back, it can only be kept or replaced. */
export interface SecretForm {
  readonly from: 'vault' | 'env'
  readonly typed: string
  /** True when the stored one stays as it is. */
  readonly keeps: boolean
  /** Name of the environment variable. */
  readonly variable: string
}

/** The form as it is typed: text and numbers that may still be nonsense. */
export interface ProfileForm {
  readonly id: string | null
  readonly name: string
  readonly platform: PlatformId
  readonly appid: string
  readonly tokenMode: TokenMode
  readonly secret: SecretForm
  readonly brokerUrl: string
  readonly baseUrl: string
  /** One per line. */
  readonly openids: string
  readonly scene: Profile['scene']
  readonly sharePercent: number | string
  readonly perMinute: number | string
  readonly perDay: number | string
  readonly maxCallsPerAsset: number | string
  readonly maxCallsPerBatch: number | string
  readonly imageMode: Profile['imageMode']
  readonly imageRoute: Profile['imageRoute']
  /** '' for none. */
  readonly relayUrl: string
  readonly relayKey: SecretForm
  readonly isCloud: boolean
  readonly cloudEnv: string
  readonly cloudFunction: string
  /** '' for none, as are the next. */
  readonly controlKeyword: string
  readonly controlImage: string
  /** What the platform's profiles hold of their own, by field. */
  readonly fields: Readonly<Record<string, string>>
}

/** Each names a sentence under `error.` in the words of this folder. */
export const formErrors = [
  'name_empty',
  'name_long',
  'name_taken',
  'appid',
  'secret_missing',
  'secret_wrong',
  'secret_spaces',
  'secret_long',
  'variable',
  'brokerUrl',
  'brokerUrl_missing',
  'baseUrl',
  'openids_long',
  'openids_many',
  'sharePercent',
  'perMinute',
  'perDay',
  'maxCallsPerAsset',
  'maxCallsPerBatch',
  'relayUrl',
  'relayUrl_missing',
  'relayKey_missing',
  'cloudEnv',
  'cloudFunction',
  'controlKeyword',
  'controlImage',
] as const
export type FormError = (typeof formErrors)[number]
export type FormErrors = Partial<Record<keyof ProfileForm, FormError>>

export type ReadForm =
  | {
      readonly kind: 'valid'
      readonly draft: ProfileDraft
      readonly secret: string | null
      readonly relayKey: string | null
    }
  | {
      readonly kind: 'invalid'
      readonly errors: FormErrors
      /** Of `fields`, those that are missing or wrong. */
      readonly wrongFields: readonly string[]
    }

export function emptyForm(platform: PlatformInfo): ProfileForm {
  return {
    id: null,
    name: '',
    platform: platform.id,
    appid: '',
    tokenMode: bestTokenMode(platform),
    secret: noSecret,
    brokerUrl: '',
    baseUrl: '',
    openids: '',
    scene: profileDefaults.scene,
    // Leaves half of every limit to production until somebody says otherwise.
    sharePercent: 50,
    perMinute: '',
    perDay: '',
    maxCallsPerAsset: profileDefaults.maxCallsPerAsset,
    maxCallsPerBatch: '',
    imageMode: 'auto',
    imageRoute: 'sync',
    relayUrl: '',
    relayKey: noSecret,
    isCloud: false,
    cloudEnv: '',
    cloudFunction: '',
    controlKeyword: '',
    controlImage: '',
    fields: {},
  }
}

/** What a profile needs in most cases; everything else has a value that will do. */
export const basicFields: ReadonlySet<string> = new Set(['id', 'name', 'platform', 'appid', 'secret'])

/** Whether somebody has set more than a profile needs. */
export function hasAdvanced(form: ProfileForm, platform: PlatformInfo): boolean {
  const usual = emptyForm(platform)
  const given = (of: ProfileForm) =>
    JSON.stringify(
      Object.entries(of)
        .filter(([field]) => !basicFields.has(field))
        .sort(),
    )
  return given(form) !== given(usual)
}

export function formOf(profile: Profile): ProfileForm {
  return {
    id: profile.id,
    name: profile.name,
    platform: profile.platform,
    appid: profile.appid,
    // Profiles without a token are built in, and not edited.
    tokenMode: profile.tokenMode === 'none' ? 'static' : profile.tokenMode,
    secret: secretFormOf(profile.secret),
    brokerUrl: profile.brokerUrl ?? '',
    baseUrl: profile.baseUrl ?? '',
    openids: profile.openids.join('\n'),
    scene: profile.scene,
    sharePercent: profile.sharePercent,
    perMinute: profile.perMinute ?? '',
    perDay: profile.perDay ?? '',
    maxCallsPerAsset: profile.maxCallsPerAsset ?? '',
    maxCallsPerBatch: profile.maxCallsPerBatch ?? '',
    imageMode: profile.imageMode,
    imageRoute: profile.imageRoute,
    relayUrl: profile.relay?.url ?? '',
    relayKey: profile.relay === null ? noSecret : secretFormOf(profile.relay.key),
    isCloud: profile.cloud !== null,
    cloudEnv: profile.cloud?.env ?? '',
    cloudFunction: profile.cloud?.functionName ?? '',
    controlKeyword: profile.controlKeyword ?? '',
    controlImage: profile.controlImage ?? '',
    fields: profile.fields ?? {},
  }
}

const noSecret: SecretForm = { from: 'vault', typed: '', keeps: false, variable: '' }

function secretFormOf(secret: Profile['secret']): SecretForm {
  return secret.from === 'env'
    ? { ...noSecret, from: 'env', variable: secret.variable }
    : { ...noSecret, keeps: secret.from === 'vault' }
}

/** The platform names the best one first. */
export function bestTokenMode({ tokenModes }: PlatformInfo): TokenMode {
  return tokenModes[0] ?? 'static'
}

/** What the profile's secret is, by where its token comes from. */
export type SecretKind = 'appSecret' | 'bearer' | 'token'
export function secretKindOf(tokenMode: Profile['tokenMode']): SecretKind {
  switch (tokenMode) {
    case 'stable':
    case 'classic':
      return 'appSecret'
    case 'broker':
      return 'bearer'
    case 'static':
    case 'none':
      return 'token'
  }
}

export interface Around {
  /** The profile that is being edited, as stored; null for a new one. */
  readonly stored: Profile | null
  /** Names of all profiles. */
  readonly names: readonly string[]
  readonly platforms: readonly PlatformInfo[]
}

/** What the form says, or which fields keep it from being saved and why. */
export function readForm(form: ProfileForm, around: Around): ReadForm {
  const described = around.platforms.find(({ id }) => id === form.platform)?.fields ?? []
  const isCloud = form.isCloud && described.some(({ id }) => id === 'cloud')
  const own = ownLinesOf(described)
  const wrongFields = own.flatMap(field => (takesValue(field, form.fields[field.id]?.trim() ?? '') ? [] : [field.id]))
  const relayUrl = form.relayUrl.trim()
  const parsed = profileDraftSchema.safeParse({
    id: form.id,
    name: form.name,
    platform: form.platform,
    appid: form.appid,
    secretEnv: form.secret.from === 'env' ? form.secret.variable.trim() : null,
    tokenMode: form.tokenMode,
    brokerUrl: form.tokenMode === 'broker' ? form.brokerUrl.trim() : null,
    baseUrl: form.baseUrl.trim() === '' ? null : form.baseUrl.trim(),
    openids: openidsOf(form.openids),
    scene: form.scene,
    sharePercent: form.sharePercent,
    perMinute: form.perMinute === '' ? null : form.perMinute,
    perDay: form.perDay === '' ? null : form.perDay,
    maxCallsPerAsset: form.maxCallsPerAsset === '' ? null : form.maxCallsPerAsset,
    maxCallsPerBatch: form.maxCallsPerBatch === '' ? null : form.maxCallsPerBatch,
    imageMode: form.imageMode,
    imageRoute: form.imageRoute,
    relayUrl: relayUrl === '' ? null : relayUrl,
    relayKeyEnv: relayUrl !== '' && form.relayKey.from === 'env' ? form.relayKey.variable.trim() : null,
    cloud: isCloud ? { env: form.cloudEnv, functionName: form.cloudFunction } : null,
    controlKeyword: form.controlKeyword.trim() === '' ? null : form.controlKeyword.trim(),
    controlImage: form.controlImage.trim() === '' ? null : form.controlImage.trim(),
    ...(own.length === 0 ? {} : { fields: ownValuesOf(own, form) }),
  })
  const errors: { -readonly [Field in keyof FormErrors]: FormErrors[Field] } = {}
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const found = errorOf(issue, form)
      if (found !== null) errors[found.field] ??= found.error
    }
  }
  const name = form.name.trim()
  if (around.names.includes(name) && around.stored?.name !== name) errors.name ??= 'name_taken'
  const secretError = secretErrorOf(form, around.stored)
  if (secretError !== null) errors.secret = secretError
  if (relayUrl !== '') {
    const error = typedErrorOf(form.relayKey, 'relayKey_missing')
    if (error !== null) errors.relayKey = error
  } else if (form.imageRoute !== 'sync') errors.relayUrl = 'relayUrl_missing'
  if (!parsed.success || Object.keys(errors).length > 0 || wrongFields.length > 0) {
    return { kind: 'invalid', errors, wrongFields }
  }
  return {
    kind: 'valid',
    draft: parsed.data,
    secret: sent(form.secret),
    relayKey: relayUrl === '' ? null : sent(form.relayKey),
  }
}

function ownValuesOf(own: readonly { readonly id: string }[], { fields }: ProfileForm): Record<string, string> {
  const values = own.map(({ id }) => [id, fields[id]?.trim() ?? ''] as const)
  return Object.fromEntries(values.filter(([, value]) => value !== ''))
}

/** True when what is stored is another kind of secret than the token mode now asks for. */
export function isOtherSecret(form: ProfileForm, stored: Profile | null): boolean {
  return stored?.secret.from === 'vault' && secretKindOf(stored.tokenMode) !== secretKindOf(form.tokenMode)
}

function secretErrorOf(form: ProfileForm, stored: Profile | null): FormError | null {
  const isOptional = secretKindOf(form.tokenMode) === 'bearer'
  // A stored AppSecret would otherwise go to the broker as if it were its password.
  if (form.secret.from === 'vault' && isOtherSecret(form, stored) && sent(form.secret) === null) return 'secret_wrong'
  if (isOptional && form.secret.from === 'vault' && form.secret.typed === '') return null
  return typedErrorOf(form.secret, 'secret_missing')
}

function typedErrorOf(secret: SecretForm, missing: FormError): FormError | null {
  if (secret.from === 'env') return /^[A-Za-z_][A-Za-z0-9_]*$/.test(secret.variable.trim()) ? null : 'variable'
  if (secret.keeps) return null
  if (secret.typed === '') return missing
  // A pasted space or line break is the usual reason for a refused secret.
  if (/\s/.test(secret.typed)) return 'secret_spaces'
  return secret.typed.length > 512 ? 'secret_long' : null
}

function sent(secret: SecretForm): string | null {
  return secret.from === 'vault' && !secret.keeps && secret.typed !== '' ? secret.typed : null
}

/** Openids are pasted from logs and tables: any white space, comma or semicolon separates, repeats are dropped. */
export function openidsOf(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;，；]+/u).filter(openid => openid !== ''))]
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
}

function errorOf(
  { code, path }: Issue,
  form: ProfileForm,
): { readonly field: keyof ProfileForm; readonly error: FormError } | null {
  switch (path[0]) {
    case 'name':
      return { field: 'name', error: code === 'too_big' ? 'name_long' : 'name_empty' }
    case 'openids':
      return { field: 'openids', error: openidsOf(form.openids).length > 50 ? 'openids_many' : 'openids_long' }
    case 'brokerUrl':
      return { field: 'brokerUrl', error: form.brokerUrl.trim() === '' ? 'brokerUrl_missing' : 'brokerUrl' }
    case 'cloud':
      return path[1] === 'env'
        ? { field: 'cloudEnv', error: 'cloudEnv' }
        : { field: 'cloudFunction', error: 'cloudFunction' }
    case 'appid':
    case 'baseUrl':
    case 'relayUrl':
    case 'sharePercent':
    case 'perMinute':
    case 'perDay':
    case 'maxCallsPerAsset':
    case 'maxCallsPerBatch':
    case 'controlKeyword':
    case 'controlImage':
      return { field: path[0], error: path[0] }
    default:
      return null
  }
}
