import type { PlatformId } from '../../shared/domain.ts'
import { type Profile, type ProfileDraft, profileDraftSchema } from '../../shared/profile.ts'

/** The form as it is typed: text and numbers that may still be nonsense. */
export interface ProfileForm {
  readonly id: string | null
  readonly name: string
  readonly platform: PlatformId
  readonly appid: string
  readonly secretFrom: 'vault' | 'env'
  /** Only what is being typed now; a stored secret never comes back. */
  readonly secret: string
  /** True when the stored secret stays as it is. */
  readonly keepsSecret: boolean
  readonly secretEnv: string
  readonly tokenMode: Profile['tokenMode']
  readonly brokerUrl: string
  readonly baseUrl: string
  /** One per line. */
  readonly openids: string
  readonly scene: Profile['scene']
  readonly sharePercent: number | string
  readonly perMinute: number | string
  readonly perDay: number | string
  readonly imageMode: Profile['imageMode']
  /** What the form does not show and must not lose. */
  readonly unshown: Pick<ProfileDraft, 'imageRoute' | 'cloud' | 'relayUrl' | 'relayKeyEnv'>
}

const errorKeys = [
  'name_empty',
  'name_long',
  'appid',
  'secret_missing',
  'secret_spaces',
  'secret_long',
  'secretEnv',
  'brokerUrl',
  'brokerUrl_missing',
  'baseUrl',
  'openids_long',
  'openids_many',
  'sharePercent',
  'perMinute',
  'perDay',
] as const
/** Names a sentence under `error.` in the words of this folder. */
export type FormError = (typeof errorKeys)[number]
export const formErrors: readonly FormError[] = errorKeys

export type FormErrors = Partial<Record<keyof ProfileForm, FormError>>

export type ReadForm =
  | { readonly kind: 'valid'; readonly draft: ProfileDraft; readonly secret: string | null }
  | { readonly kind: 'invalid'; readonly errors: FormErrors }

export function emptyForm(platform: PlatformId): ProfileForm {
  return {
    id: null,
    name: '',
    platform,
    appid: '',
    secretFrom: 'vault',
    secret: '',
    keepsSecret: false,
    secretEnv: '',
    tokenMode: defaultTokenMode(platform),
    brokerUrl: '',
    baseUrl: '',
    openids: '',
    scene: 2,
    // Leaves half of every limit to production until somebody says otherwise.
    sharePercent: 50,
    perMinute: '',
    perDay: '',
    imageMode: 'auto',
    unshown: { imageRoute: 'sync', cloud: null, relayUrl: null, relayKeyEnv: null },
  }
}

/** QQ has no stable token (spec §1.5). */
export function defaultTokenMode(platform: PlatformId): Profile['tokenMode'] {
  return platform === 'wechat' ? 'stable' : 'classic'
}

export function formOf(profile: Profile): ProfileForm {
  return {
    id: profile.id,
    name: profile.name,
    platform: profile.platform,
    appid: profile.appid,
    secretFrom: profile.secret.from === 'env' ? 'env' : 'vault',
    secret: '',
    keepsSecret: profile.secret.from === 'vault',
    secretEnv: profile.secret.from === 'env' ? profile.secret.variable : '',
    tokenMode: profile.tokenMode,
    brokerUrl: profile.brokerUrl ?? '',
    baseUrl: profile.baseUrl ?? '',
    openids: profile.openids.join('\n'),
    scene: profile.scene,
    sharePercent: profile.sharePercent,
    perMinute: profile.perMinute ?? '',
    perDay: profile.perDay ?? '',
    imageMode: profile.imageMode,
    unshown: {
      imageRoute: profile.imageRoute,
      cloud: profile.cloud,
      relayUrl: profile.relay?.url ?? null,
      relayKeyEnv: profile.relay?.key.from === 'env' ? profile.relay.key.variable : null,
    },
  }
}

/** A broker hands out tokens by itself, so there is no AppSecret to keep. */
export function takesSecret(tokenMode: Profile['tokenMode']): boolean {
  return tokenMode === 'stable' || tokenMode === 'classic'
}

/** Only WeChat's v2 text check asks for a user and a scene (spec §2.2, §4). */
export function takesOpenids(platform: PlatformId): boolean {
  return platform === 'wechat'
}

/** What the form says, or which fields keep it from being saved and why. */
export function readForm(form: ProfileForm): ReadForm {
  const usesSecret = takesSecret(form.tokenMode)
  const usesEnv = usesSecret && form.secretFrom === 'env'
  const parsed = profileDraftSchema.safeParse({
    id: form.id,
    name: form.name,
    platform: form.platform,
    appid: form.appid,
    secretEnv: usesEnv ? form.secretEnv.trim() : null,
    tokenMode: form.tokenMode,
    brokerUrl: form.tokenMode === 'broker' ? form.brokerUrl.trim() : null,
    baseUrl: form.baseUrl.trim() === '' ? null : form.baseUrl.trim(),
    openids: openidsOf(form.openids),
    scene: form.scene,
    sharePercent: form.sharePercent,
    perMinute: form.perMinute === '' ? null : form.perMinute,
    perDay: form.perDay === '' ? null : form.perDay,
    imageMode: form.imageMode,
    ...form.unshown,
  })
  const errors: { -readonly [Field in keyof FormErrors]: FormErrors[Field] } = {}
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const field = fieldOf(issue.path[0])
      if (field !== null) errors[field] ??= errorOf(field, issue, form)
    }
  }
  if (usesEnv && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(form.secretEnv.trim())) errors.secretEnv = 'secretEnv'
  if (usesSecret && form.secretFrom === 'vault' && !form.keepsSecret) {
    if (form.secret === '') errors.secret = 'secret_missing'
    // A pasted space or line break is the usual reason for 40001 "invalid credential".
    else if (/\s/.test(form.secret)) errors.secret = 'secret_spaces'
    else if (form.secret.length > 512) errors.secret = 'secret_long'
  }
  if (!parsed.success || Object.keys(errors).length > 0) return { kind: 'invalid', errors }
  const sends = usesSecret && form.secretFrom === 'vault' && !form.keepsSecret
  return { kind: 'valid', draft: parsed.data, secret: sends ? form.secret : null }
}

/** Openids are pasted from logs and tables: any white space, comma or semicolon separates, repeats are dropped. */
export function openidsOf(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;，；]+/u).filter(openid => openid !== ''))]
}

const fields = [
  'name',
  'appid',
  'secretEnv',
  'brokerUrl',
  'baseUrl',
  'openids',
  'sharePercent',
  'perMinute',
  'perDay',
] as const
type Field = (typeof fields)[number]

function fieldOf(name: unknown): Field | null {
  return fields.find(field => field === name) ?? null
}

function errorOf(field: Field, issue: { readonly code: string }, form: ProfileForm): FormError {
  switch (field) {
    case 'name':
      return issue.code === 'too_big' ? 'name_long' : 'name_empty'
    case 'openids':
      return openidsOf(form.openids).length > 50 ? 'openids_many' : 'openids_long'
    case 'brokerUrl':
      return form.brokerUrl.trim() === '' ? 'brokerUrl_missing' : 'brokerUrl'
    default:
      return field
  }
}
