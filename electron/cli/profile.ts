import { z } from 'zod'
import { Problem } from '../../shared/problems.ts'
import { type Profile, profileSchema } from '../../shared/profile.ts'
import { type ScreenOptions, screenOptionsSchema } from '../../shared/screening.ts'
import { defaultOptions, type HeadlessEngine } from '../engine/engine.ts'
import { platformOf } from '../engine/platforms/registry.ts'

/** Options of `screen`, `plan` and `resume` that say which account is asked, and how. As commander gives them. */
export const profileFlagsSchema = z.object({
  profile: z.array(z.string()).default([]),
  platform: z.enum(['wechat', 'qq']).optional(),
  appid: z.string().optional(),
  secretEnv: z.string().optional(),
  baseUrl: z.string().optional(),
  tokenMode: z.enum(['stable', 'classic', 'broker', 'static']).optional(),
  brokerUrl: z.string().optional(),
  openid: z.array(z.string()).default([]),
  scene: z.coerce.number().int().min(1).max(4).optional(),
  imageMode: z.enum(['auto', 'fit', 'tile', 'both']).optional(),
  perMinute: z.coerce.number().int().positive().optional(),
  perDay: z.coerce.number().int().positive().optional(),
  share: z.coerce.number().int().min(1).max(100).optional(),
  imageRoute: z.enum(['sync', 'async', 'both']).optional(),
  relayUrl: z.string().optional(),
  relayKeyEnv: z.string().optional(),
  cloudEnv: z.string().optional(),
  cloudFunction: z.string().optional(),
})
export type ProfileFlags = z.infer<typeof profileFlagsSchema>

/** The profiles of a run: stored ones, one for this run only, or practice when none is named. */
export function profilesOf(engine: HeadlessEngine, flags: ProfileFlags): readonly Profile[] {
  const named = flags.profile.map(name => {
    const profile = engine.profileBook.get(name)
    if (profile === null) {
      const known = engine.profiles.list().map(each => `"${each.name}"`)
      throw new Problem('usage', `no profile "${name}"; there are: ${known.join(', ')}`)
    }
    if (flags.secretEnv !== undefined) engine.profileBook.takeSecretFrom(profile.id, variableName(flags.secretEnv))
    return withFlags(profile, flags)
  })
  if (flags.platform !== undefined) return [...named, profileForThisRun(flags)]
  if (named.length > 0) return named
  if (flags.appid !== undefined) throw new Problem('usage', '--appid needs --platform wechat or --platform qq')
  const [practice] = engine.profiles.list()
  if (practice === undefined) throw new Problem('internal', 'no practice profile')
  return [withFlags(practice, flags)]
}

function profileForThisRun(flags: ProfileFlags): Profile {
  if (flags.platform === undefined || flags.appid === undefined) throw new Problem('usage', '--platform needs --appid')
  const tokenMode = flags.tokenMode ?? platformOf(flags.platform).tokenModes[0] ?? 'classic'
  if (flags.secretEnv === undefined && tokenMode !== 'broker') {
    throw new Problem(
      'usage',
      '--platform needs --secret-env VAR, the name of the environment variable that holds the AppSecret',
    )
  }
  const parsed = profileSchema.safeParse({
    id: `run-${flags.platform}-${flags.appid}`,
    name: `${platformOf(flags.platform).name.en} ${flags.appid}`,
    platform: flags.platform,
    appid: flags.appid,
    secret: flags.secretEnv === undefined ? { from: 'none' } : { from: 'env', variable: variableName(flags.secretEnv) },
    tokenMode,
    brokerUrl: flags.brokerUrl ?? null,
    baseUrl: flags.baseUrl ?? null,
    openids: flags.openid,
    scene: flags.scene ?? 3,
    sharePercent: flags.share ?? 100,
    perMinute: flags.perMinute ?? null,
    perDay: flags.perDay ?? null,
    imageMode: flags.imageMode ?? 'auto',
    imageRoute: flags.imageRoute ?? 'sync',
    relay: relayOf(flags),
    cloud: cloudOf(flags),
    practice: false,
  })
  if (!parsed.success) throw new Problem('usage', problemsOf(parsed.error))
  return withFlags(parsed.data, flags)
}

/** Flags override a stored profile for this run only. */
function withFlags(profile: Profile, flags: ProfileFlags): Profile {
  if (flags.tokenMode !== undefined && !platformOf(profile.platform).tokenModes.includes(flags.tokenMode)) {
    throw new Problem('usage', `${profile.platform} has no token mode ${flags.tokenMode}`)
  }
  const parsed = profileSchema.safeParse({
    ...profile,
    tokenMode: flags.tokenMode ?? profile.tokenMode,
    brokerUrl: flags.brokerUrl ?? profile.brokerUrl,
    baseUrl: flags.baseUrl ?? profile.baseUrl,
    openids: flags.openid.length > 0 ? flags.openid : profile.openids,
    scene: flags.scene ?? profile.scene,
    sharePercent: flags.share ?? profile.sharePercent,
    perMinute: flags.perMinute ?? profile.perMinute,
    perDay: flags.perDay ?? profile.perDay,
    imageMode: flags.imageMode ?? profile.imageMode,
    imageRoute: flags.imageRoute ?? profile.imageRoute,
    relay: relayOf(flags) ?? profile.relay,
    cloud: cloudOf(flags) ?? profile.cloud,
  })
  if (!parsed.success) throw new Problem('usage', problemsOf(parsed.error))
  if (parsed.data.tokenMode === 'broker' && parsed.data.brokerUrl === null) {
    throw new Problem('usage', '--token-mode broker needs --broker-url')
  }
  return parsed.data
}

/** The relay for asynchronous checks; its key is read from a variable, as secrets are. */
function relayOf(flags: ProfileFlags): Profile['relay'] {
  if (flags.relayUrl === undefined && flags.relayKeyEnv === undefined) return null
  if (flags.relayUrl === undefined || flags.relayKeyEnv === undefined) {
    throw new Problem('usage', '--relay-url and --relay-key-env go together')
  }
  return { url: flags.relayUrl, key: { from: 'env', variable: variableName(flags.relayKeyEnv) } }
}

export function cloudOf(flags: ProfileFlags): Profile['cloud'] {
  if (flags.cloudEnv === undefined && flags.cloudFunction === undefined) return null
  if (flags.cloudEnv === undefined) throw new Problem('usage', '--cloud-function needs --cloud-env')
  return { env: flags.cloudEnv, functionName: flags.cloudFunction ?? 'prescreen-check' }
}

function variableName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new Problem(
      'usage',
      'secrets are named by environment variable (--secret-env, --relay-key-env), never given themselves',
    )
  }
  if (!process.env[name]?.trim()) throw new Problem('usage', `the environment variable ${name} is not set or empty`)
  return name
}

export const screenFlagsSchema = z.object({
  reuse: z.boolean().default(true),
  wait: z.boolean().default(false),
  textColumn: z.string().optional(),
  urlColumn: z.string().optional(),
  urlList: z.boolean().default(false),
  allowPrivateUrls: z.boolean().default(false),
  maxTiles: z.coerce.number().int().min(1).max(1000).optional(),
  title: z.string().max(200).optional(),
  nickname: z.string().max(200).optional(),
  signature: z.string().max(500).optional(),
})

export function screenOptionsOf(engine: HeadlessEngine, flags: z.infer<typeof screenFlagsSchema>): ScreenOptions {
  return screenOptionsSchema.parse({
    ...defaultOptions,
    reuseDays: flags.reuse ? engine.settings.get().reuseDays : 0,
    waitForQuota: flags.wait,
    textColumn: flags.textColumn ?? null,
    urlColumn: flags.urlColumn ?? null,
    urlList: flags.urlList,
    allowPrivateUrls: flags.allowPrivateUrls,
    maxTiles: flags.maxTiles ?? defaultOptions.maxTiles,
    title: flags.title ?? null,
    nickname: flags.nickname ?? null,
    signature: flags.signature ?? null,
  })
}

/** Zod's findings as one line that names the flags. */
export function problemsOf(error: z.ZodError): string {
  // Of an option that may be repeated, the name is enough.
  const flagOf = (path: readonly PropertyKey[]) => path.filter(step => typeof step === 'string').join('.')
  return error.issues
    .map(issue => `--${flagOf(issue.path).replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}: ${issue.message}`)
    .join('; ')
}
