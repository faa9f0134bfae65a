import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type Encoding, encodings } from '../../shared/encodings.ts'
import { callCeiling, mostFrames } from '../../shared/limits.ts'
import { isPlainPublicHttp } from '../../shared/plain-http.ts'
import { Problem, usage } from '../../shared/problems.ts'
import { type Profile, profileDefaults, profileSchema, tokenModes } from '../../shared/profile.ts'
import { rulesProfile } from '../../shared/rules.ts'
import { allTextColumns, defaultOptions, type ScreenOptions, screenOptionsSchema } from '../../shared/screening.ts'
import type { HeadlessEngine } from '../engine/app/api.ts'
import { registry } from '../engine/checkers/registry.ts'
import type { CommandContext } from './context.ts'
import { printable } from './terminal.ts'
import { flagProblem } from './usage.ts'

/** Decimal digits only: `Number` would take 0x10 and 1e3 as well. */
export const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))

/** What `--platform` takes. */
export const platformIds = registry.platforms.map(({ id }) => id)

/** Options that say which account is asked, and how. As commander gives them. */
export const accountFlagsSchema = z.object({
  platform: z.string().optional(),
  appid: z.string().optional(),
  secretEnv: z.string().optional(),
  baseUrl: z.string().optional(),
  tokenMode: z.enum(tokenModes).optional(),
  brokerUrl: z.string().optional(),
  openid: z.array(z.string()).default([]),
  scene: wholeNumber(1, 4).optional(),
  imageMode: z.enum(['auto', 'fit', 'tile', 'both']).optional(),
  perMinute: wholeNumber(1).optional(),
  perDay: wholeNumber(1).optional(),
  maxCallsPerAsset: wholeNumber(1, callCeiling).optional(),
  maxCallsPerBatch: wholeNumber(1, callCeiling).optional(),
  share: wholeNumber(1, 100).optional(),
  imageRoute: z.enum(['sync', 'async', 'both']).optional(),
  relayUrl: z.string().optional(),
  relayKeyEnv: z.string().optional(),
  cloudEnv: z.string().optional(),
  cloudFunction: z.string().optional(),
  controlKeyword: z.string().optional(),
  controlImage: z.string().optional(),
})
export type AccountFlags = z.infer<typeof accountFlagsSchema>

/** Flags of `screen`, `plan` and `resume`: stored profiles as well, which the others change for one run. */
export const profileFlagsSchema = accountFlagsSchema.extend({ profile: z.array(z.string()).default([]) })
type ProfileFlags = z.infer<typeof profileFlagsSchema>

/** The profiles of a run: stored ones, one for this run only, or practice when none is named; with rules, theirs too, or theirs alone. */
export function profilesOf(
  engine: HeadlessEngine,
  flags: ProfileFlags,
  { language }: Pick<CommandContext, 'language'>,
  isRuled: boolean,
): readonly Profile[] {
  if (!isRuled) return accountsOf(engine, flags, language)
  const asked = flags.profile.length > 0 || flags.platform !== undefined || flags.appid !== undefined
  if (!asked) refuseAccountFlags(flags)
  const rules = engine.profileBook.get(rulesProfile)
  if (rules === null) throw new Problem('internal')
  const accounts = asked ? accountsOf(engine, flags, language).filter(({ id }) => id !== rulesProfile) : []
  return [...accounts, rules]
}

/** Without an account nothing would heed them, and somebody who gives them expects a platform to be asked. */
function refuseAccountFlags(flags: AccountFlags): void {
  const given = accountFlagsSchema.keyof().options.filter(name => {
    const value = flags[name]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  })
  if (given.length === 0) return
  const names = given.map(name => `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`).join(', ')
  throw usage(
    `${names} 是给平台用的，而没有给 --profile 或 --platform：只按规则检查时不用它们`,
    `for a platform only, and there is no --profile or --platform: ${names}; rules alone need none of them`,
  )
}

function accountsOf(
  engine: HeadlessEngine,
  flags: ProfileFlags,
  language: CommandContext['language'],
): readonly Profile[] {
  const named = flags.profile.map(name => {
    const profile = engine.profileBook.get(name)
    if (profile === null) throw noProfile(engine, name)
    if (flags.secretEnv !== undefined) {
      engine.profileBook.takeSecretFrom(profile.id, variableThatIsSet('--secret-env', flags.secretEnv))
    }
    return withFlags(profile, flags)
  })
  if (flags.platform !== undefined) return [...named, profileForThisRun(flags, language)]
  if (named.length > 0) return named
  if (flags.appid !== undefined) {
    const choices = platformIds.map(id => `--platform ${id}`)
    throw usage(`--appid 要和 ${choices.join(' 或 ')} 一起用`, `--appid needs ${choices.join(' or ')}`)
  }
  const [practice] = engine.profiles.list()
  if (practice === undefined) throw new Problem('internal')
  return [withFlags(practice, flags)]
}

/** Says of each address that was typed, and that sends in clear over the public network, what that means. */
export function warnOfPlainHttp({ stderr, words }: CommandContext, flags: AccountFlags): void {
  for (const address of [flags.baseUrl, flags.brokerUrl, flags.relayUrl]) {
    if (address !== undefined && isPlainPublicHttp(address)) stderr.write(`${words.plainHttp(printable(address))}\n`)
  }
}

export function noProfile(engine: HeadlessEngine, name: string): Problem {
  const known = engine.profiles
    .list()
    .map(each => `"${each.name}"`)
    .join(', ')
  return usage(`没有档案 "${name}"；现有：${known}`, `no profile "${name}"; there are: ${known}`)
}

function profileForThisRun(flags: ProfileFlags, language: CommandContext['language']): Profile {
  if (flags.platform === undefined || flags.appid === undefined)
    throw usage('--platform 要和 --appid 一起用', '--platform needs --appid')
  const tokenMode = flags.tokenMode ?? registry.platformOf(flags.platform).tokenModes[0] ?? 'static'
  if (flags.secretEnv === undefined && tokenMode !== 'broker') {
    throw usage(
      '--platform 要和 --secret-env 变量名 一起用，即存放 AppSecret 的环境变量',
      '--platform needs --secret-env VAR, the name of the environment variable that holds the AppSecret',
    )
  }
  const parsed = profileSchema.safeParse({
    ...profileDefaults,
    ...fieldsOf(flags),
    id: `run-${flags.platform}-${flags.appid}`,
    name: `${registry.platformOf(flags.platform).name[language]} ${flags.appid}`,
    platform: flags.platform,
    appid: flags.appid,
    tokenMode,
    secret:
      flags.secretEnv === undefined
        ? { from: 'none' }
        : { from: 'env', variable: variableThatIsSet('--secret-env', flags.secretEnv) },
    practice: false,
  })
  if (!parsed.success) throw flagProblem(parsed.error)
  return withFlags(parsed.data, flags)
}

/** The fields of a profile that flags give; a flag that was not given changes none. */
export function fieldsOf(flags: AccountFlags): Readonly<Record<string, unknown>> {
  const fields = {
    tokenMode: flags.tokenMode,
    brokerUrl: flags.brokerUrl,
    baseUrl: flags.baseUrl,
    openids: flags.openid.length > 0 ? flags.openid : undefined,
    scene: flags.scene,
    sharePercent: flags.share,
    perMinute: flags.perMinute,
    perDay: flags.perDay,
    maxCallsPerAsset: flags.maxCallsPerAsset,
    maxCallsPerBatch: flags.maxCallsPerBatch,
    imageMode: flags.imageMode,
    imageRoute: flags.imageRoute,
    cloud: cloudOf(flags),
    controlKeyword: flags.controlKeyword,
    // Absolute, so that the profile can be used from another folder.
    controlImage: flags.controlImage === undefined ? undefined : resolve(flags.controlImage),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** Flags override a stored profile for this run only. */
function withFlags(profile: Profile, flags: AccountFlags): Profile {
  if (flags.tokenMode !== undefined && !registry.platformOf(profile.platform).tokenModes.includes(flags.tokenMode)) {
    throw noTokenMode(profile.platform, flags.tokenMode)
  }
  const relay = relayOf(flags) ?? profile.relay
  const parsed = profileSchema.safeParse({ ...profile, ...fieldsOf(flags), relay })
  if (!parsed.success) throw flagProblem(parsed.error)
  if (parsed.data.tokenMode === 'broker' && parsed.data.brokerUrl === null) throw noBroker()
  refuseAsyncWithoutRelay(flags, parsed.data.relay)
  return parsed.data
}

export function noTokenMode(platform: string, mode: string): Problem {
  return usage(`${platform} 没有 ${mode} 这种取令牌的方式`, `${platform} has no token mode ${mode}`)
}

export function noBroker(): Problem {
  return usage('--token-mode broker 要和 --broker-url 一起用', '--token-mode broker needs --broker-url')
}

/** Without a relay no result would ever arrive, and images would go with the call after all. */
export function refuseAsyncWithoutRelay({ imageRoute }: AccountFlags, relay: unknown): void {
  if (imageRoute === undefined || imageRoute === 'sync' || relay !== null) return
  throw usage(
    `--image-route ${imageRoute} 需要中继：请给出 --relay-url 和 --relay-key-env，或用设置了中继的档案`,
    `--image-route ${imageRoute} needs a relay: give --relay-url and --relay-key-env, or a profile that has one`,
  )
}

/** The relay for asynchronous checks; its key is read from a variable, as secrets are. */
function relayOf(flags: AccountFlags): Profile['relay'] {
  if (flags.relayUrl === undefined && flags.relayKeyEnv === undefined) return null
  if (flags.relayUrl === undefined || flags.relayKeyEnv === undefined) {
    throw usage('--relay-url 和 --relay-key-env 要一起用', '--relay-url and --relay-key-env go together')
  }
  const variable = variableThatIsSet('--relay-key-env', flags.relayKeyEnv)
  return { url: flags.relayUrl, key: { from: 'env', variable } }
}

function cloudOf(flags: AccountFlags): NonNullable<Profile['cloud']> | undefined {
  if (flags.cloudEnv === undefined && flags.cloudFunction === undefined) return undefined
  if (flags.cloudEnv === undefined)
    throw usage('--cloud-function 要和 --cloud-env 一起用', '--cloud-function needs --cloud-env')
  return { env: flags.cloudEnv, functionName: flags.cloudFunction ?? 'prescreen-check' }
}

export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/^[0-9a-f]{32}$/i.test(name)
}

/**
 * The name of a variable that holds a secret. An AppSecret (32 hexadecimal digits) that begins with a letter looks like
 * a name too; given by mistake, it must be neither stored nor repeated.
 */
export function variableName(flag: string, name: string): string {
  if (isVariableName(name)) return name
  throw usage(
    `${flag} 要填环境变量的名字，不能填密钥本身`,
    `${flag} takes the name of an environment variable; secrets are never given themselves`,
  )
}

export function isVariableSet(name: string): boolean {
  return Boolean(process.env[name]?.trim())
}

export function variableThatIsSet(flag: string, given: string): string {
  const name = variableName(flag, given)
  if (isVariableSet(name)) return name
  if (couldBeSecret(name)) throw unsetVariable(flag)
  throw usage(`环境变量 ${name} 没有设置，或是空的`, `the environment variable ${name} is not set or empty`)
}

/** Secrets of other forms than an AppSecret: long, with digits, and without the underscores of a name. */
export function couldBeSecret(name: string): boolean {
  return /^(?=.*\d)[A-Za-z0-9]{16,}$/.test(name)
}

/** Does not repeat what was given. */
export function unsetVariable(flag: string): Problem {
  return usage(
    `${flag} 所填的环境变量没有设置。要填变量的名字，不能填密钥本身`,
    `the environment variable given with ${flag} is not set; give the name of one, never the secret itself`,
  )
}

export const screenFlagsSchema = z.object({
  rules: z.array(z.string()).default([]),
  ruleScopes: z.string().optional(),
  reuse: z.boolean().default(true),
  wait: z.boolean().default(false),
  textColumn: z.array(z.string()).default([]),
  urlColumn: z.string().optional(),
  urlList: z.boolean().default(false),
  encoding: z.array(z.string()).default([]),
  allowPrivateUrls: z.boolean().default(false),
  maxTiles: wholeNumber(1, 1000).optional(),
  maxFrames: wholeNumber(1, mostFrames).optional(),
  title: z.string().max(200).optional(),
  nickname: z.string().max(200).optional(),
  signature: z.string().max(500).optional(),
  notes: z.enum(['keep', 'unchecked']).default('keep'),
})

/** Other names of encodings that are read as one that contains them. */
const encodingNames: Readonly<Record<string, Encoding>> = {
  ...Object.fromEntries(encodings.map(each => [each, each])),
  utf8: 'utf-8',
  gbk: 'gb18030',
  gb2312: 'gb18030',
}

/** `gb18030`, or `gb18030=PATH`. A folder is walked by its real path, a file by the one that was given. */
function encodingsStatedBy(value: string): ScreenOptions['encodings'] {
  const [, name = '', path] = /^([^=]+)(?:=(.+))?$/s.exec(value) ?? []
  const encoding = encodingNames[name.toLowerCase()]
  if (encoding === undefined) {
    const known = encodings.join(', ')
    throw usage(
      `--encoding 只认 ${known}，不认 ${printable(value)}`,
      `--encoding takes ${known}, not ${printable(value)}`,
    )
  }
  if (path === undefined) return [{ path: null, encoding }]
  const given = resolve(path)
  const real = realPathOf(given)
  return [...new Set([given, real])].map(each => ({ path: each, encoding }))
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // It may lie in an archive.
    return path
  }
}

export function screenOptionsOf(
  engine: HeadlessEngine,
  flags: z.infer<typeof screenFlagsSchema>,
  rules: ScreenOptions['rules'] | null,
): ScreenOptions {
  const [textColumn = null, ...moreTextColumns] = flags.textColumn
  return screenOptionsSchema.parse({
    ...defaultOptions,
    reuseDays: flags.reuse ? engine.settings.get().reuseDays : 0,
    waitForQuota: flags.wait,
    textColumn: textColumn === 'all' ? allTextColumns : textColumn,
    moreTextColumns,
    urlColumn: flags.urlColumn ?? null,
    urlList: flags.urlList,
    encodings: flags.encoding.flatMap(encodingsStatedBy),
    allowPrivateUrls: flags.allowPrivateUrls,
    maxTiles: flags.maxTiles ?? defaultOptions.maxTiles,
    maxFrames: flags.maxFrames ?? defaultOptions.maxFrames,
    title: flags.title ?? null,
    nickname: flags.nickname ?? null,
    signature: flags.signature ?? null,
    notes: flags.notes,
    rules: rules ?? defaultOptions.rules,
  })
}
