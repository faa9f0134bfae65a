import { z } from 'zod'
import { imageModes } from './domain.ts'
import { callCeiling } from './limits.ts'

/** Where a profile's AppSecret is. Profiles never hold the secret itself. */
const secretSchema = z.discriminatedUnion('from', [
  /** Encrypted by the window's vault under the profile's id. */
  z.strictObject({ from: z.literal('vault') }),
  /** In an environment variable of this name, which the command line can read too. */
  z.strictObject({ from: z.literal('env'), variable: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
  /** The token comes from elsewhere (broker), or the profile is practice. */
  z.strictObject({ from: z.literal('none') }),
])

const anyHttpUrl = z.url({ protocol: /^https?$/ })
/** The address of a host that a profile names; a password in it would be stored and shown in clear. */
const httpUrl = anyHttpUrl.regex(/^https?:\/\/[^/?#\\@]+([/?#\\]|$)/i, 'an address without a user name or password')

/** The team's relay: where pushes arrive and media get a public address. Its key is kept like the AppSecret. */
const relaySchema = z.strictObject({ url: httpUrl, key: secretSchema })

/** The cloud function through which a profile's checks go, in place of direct calls (docs/cloud-call.md). */
const cloudSchema = z.strictObject({
  env: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/),
  functionName: z
    .string()
    .trim()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/),
})

/** Where access tokens come from: two APIs of a platform, a company's own token server, or a person. */
export const tokenModes = ['stable', 'classic', 'broker', 'static'] as const
export type TokenMode = (typeof tokenModes)[number]

/** How images go: as renditions in the call, at their original size by address, or both. */
export const imageRoutes = ['sync', 'async', 'both'] as const

/** One app on one platform. */
export const profileSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(80),
  /** The id of a platform in the registry; it is looked up there when the profile is read. */
  platform: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  appid: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_]{4,64}$/),
  secret: secretSchema,
  /** `none` of a source of verdicts that needs no account; such a profile is built in. */
  tokenMode: z.enum([...tokenModes, 'none']),
  /** Only with `broker`: answers `{access_token, expires_in}`. */
  brokerUrl: httpUrl.nullable(),
  /** In place of the platform's own host. */
  baseUrl: httpUrl.nullable(),
  /** Users of the app in whose name texts are checked, where a platform asks for one. */
  openids: z.array(z.string().trim().min(1).max(128)).max(50),
  scene: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  /** The part of every limit that this program may use; production needs the rest. */
  sharePercent: z.int().min(1).max(100),
  /** Overrides of the platform's limits, for all of the profile's endpoints; null keeps the platform's. */
  perMinute: z.int().positive().nullable(),
  perDay: z.int().positive().nullable(),
  /** Beyond these an asset waits for a person's yes; null for no ceiling. */
  maxCallsPerAsset: z.int().min(1).max(callCeiling).nullable().default(500),
  maxCallsPerBatch: z.int().min(1).max(callCeiling).nullable().default(null),
  imageMode: z.enum(['auto', ...imageModes]),
  imageRoute: z.enum(imageRoutes).default('sync'),
  relay: relaySchema.nullable().default(null),
  cloud: cloudSchema.nullable().default(null),
  /** A custom keyword of the platform's console, by which a text check is tried once a day. */
  controlKeyword: z.string().trim().min(1).max(100).nullable().default(null),
  /** A picture that the platform is known to flag, by which the image check is tried once a day: its absolute path. */
  controlImage: z
    .string()
    .trim()
    .max(4096)
    .regex(/^(?:[/\\]|[A-Za-z]:[/\\])/)
    .nullable()
    .default(null),
  /** What only this platform's profiles hold, by the names that the platform gives (shared/platforms.ts); absent where it has nothing. */
  fields: z.record(z.string().max(40), z.string().trim().max(200)).optional(),
  /** Answered by the built-in sandbox: shown and exported as practice. */
  practice: z.boolean(),
})
export type Profile = z.infer<typeof profileSchema>

/** What a new profile has unless something else is said. */
export const profileDefaults = {
  brokerUrl: null,
  baseUrl: null,
  openids: [],
  scene: 3,
  sharePercent: 100,
  perMinute: null,
  perDay: null,
  maxCallsPerAsset: 500,
  maxCallsPerBatch: null,
  imageMode: 'auto',
  imageRoute: 'sync',
  cloud: null,
  controlKeyword: null,
  controlImage: null,
} satisfies Partial<Profile>

/** As it may have been stored before addresses with a password were refused: nothing that is kept becomes unreadable. */
export const storedProfileSchema = profileSchema.extend({
  brokerUrl: anyHttpUrl.nullable(),
  baseUrl: anyHttpUrl.nullable(),
  relay: relaySchema.extend({ url: anyHttpUrl }).nullable().default(null),
})

/** What a person edits; the id is given by the program, the secret and the relay's key are sent once and never come back. */
export const profileDraftSchema = profileSchema.omit({ id: true, practice: true, secret: true, relay: true }).extend({
  id: z.string().nullable(),
  secretEnv: z.string().nullable(),
  relayUrl: httpUrl.nullable().default(null),
  /** The variable that holds the relay's key; null keeps the key in the vault. */
  relayKeyEnv: z.string().nullable().default(null),
})
export type ProfileDraft = z.infer<typeof profileDraftSchema>

/** One step of the doctor: what was tried, how it went, and what to do. */
export interface DoctorStep {
  readonly step:
    | 'credentials'
    | 'token'
    | 'ip'
    | 'clock'
    | 'quota'
    | 'limits'
    | 'text'
    | 'image'
    | 'openid'
    | 'control'
    | 'relay'
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly zh: string
  readonly en: string
  /** Something to copy, such as the IP to allow-list. */
  readonly copy: string | null
}
