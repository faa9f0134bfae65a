import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import { readAesKey } from '../push/cipher.ts'

/** The relay's one file of settings (docs/relay.md). It holds push tokens and AES keys, hashes of bearer keys, and no app secret. */

/** What nobody can guess: 22 characters of this alphabet carry 131 bits. */
const unguessable = z.string().regex(/^[A-Za-z0-9_-]{22,128}$/, 'must be 22 to 128 letters, digits, - or _')

const appid = z.string().regex(/^[A-Za-z0-9_]{4,64}$/, 'is no appid')

const wechatAppSchema = z.strictObject({
  platform: z.literal('wechat'),
  appid,
  /** The push address is `<publicUrl>/push/wechat/<path>`. */
  path: unguessable,
  token: z.string().min(3).max(64),
  /** Null is plain mode; with a key only what is encrypted is believed. */
  encodingAesKey: z
    .string()
    .refine(key => readAesKey(key) !== null, 'is no EncodingAESKey (43 letters, digits, + or /)')
    .nullable()
    .default(null),
})

const qqAppSchema = z.strictObject({ platform: z.literal('qq'), appid, path: unguessable })

const keyHolderSchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  /** SHA-256 in hex; two are valid at a time so that a key can be replaced without a pause. */
  keys: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of a key, 64 hex digits'))
    .min(1)
    .max(2),
})

const perMinute = (usual: number) => z.int().min(1).default(usual)

export const relayConfigSchema = z
  .strictObject({
    listen: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        /** 0 takes a free port. */
        port: z.int().min(0).max(65_535).default(8787),
      })
      .prefault({}),
    /** How the platforms reach this relay; null is the address it listens on, for trials on one machine. */
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .default(null),
    dataDir: z.string().min(1),
    tls: z
      .strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) })
      .nullable()
      .default(null),
    /** Addresses or networks of reverse proxies whose X-Forwarded-For is believed. */
    trustedProxies: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]),
    apps: z.array(z.discriminatedUnion('platform', [wechatAppSchema, qqAppSchema])).default([]),
    workstations: z.array(keyHolderSchema).min(1),
    /** Servers of the company that hand on the pushes that they receive. */
    forwarders: z.array(keyHolderSchema).default([]),
    media: z
      .strictObject({
        /** The platforms download within 30 minutes (spec §8.7); 40 is the least that leaves them room. */
        minutes: z
          .int()
          .min(40)
          .max(24 * 60)
          .default(60),
        quotaMb: z.int().min(10).default(2000),
      })
      .prefault({}),
    /** For workstations that were switched off. */
    keepEventDays: z.int().min(2).max(366).default(30),
    limits: z
      .strictObject({
        /** Per app: the platforms judge 2000 media a minute and try a push three times (spec §3.2, §5.6). */
        pushesPerMinute: perMinute(12_000),
        /** Per key of a workstation or forwarder. */
        requestsPerMinute: perMinute(6000),
        /** Per address: requests to unknown paths or with a wrong key. */
        refusalsPerMinute: perMinute(60),
      })
      .prefault({}),
  })
  .superRefine((config, context) => {
    const twice = (values: readonly string[], what: string) => {
      for (const value of new Set(values.filter((item, index) => values.indexOf(item) !== index))) {
        context.addIssue({ code: 'custom', message: `${what} is there twice${value === '' ? '' : `: ${value}`}` })
      }
    }
    twice(
      config.apps.map(app => `${app.platform} ${app.appid}`),
      'an app',
    )
    // Without naming it: a path is a secret.
    if (new Set(config.apps.map(app => app.path)).size < config.apps.length) {
      context.addIssue({ code: 'custom', message: 'two apps have the same path' })
    }
    const holders = [...config.workstations, ...config.forwarders]
    twice(
      holders.map(holder => holder.name),
      'a name',
    )
    const keys = holders.flatMap(holder => holder.keys)
    if (new Set(keys).size < keys.length) context.addIssue({ code: 'custom', message: 'two keys are the same' })
  })

export type RelayConfig = z.infer<typeof relayConfigSchema>
export type RelayApp = RelayConfig['apps'][number]
export type KeyHolder = RelayConfig['workstations'][number]

/** Reads the file; paths in it are relative to it. Throws a `usage` problem that names what is wrong and where. */
export function readRelayConfig(file: string): RelayConfig {
  const parsed = relayConfigSchema.safeParse(readJsonFile(file))
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' '))
    throw new Problem('usage', `${file}: ${issues.join('; ')}`)
  }
  const config = parsed.data
  const at = (path: string) => resolve(dirname(resolve(file)), path)
  return {
    ...config,
    dataDir: at(config.dataDir),
    tls: config.tls && { certFile: at(config.tls.certFile), keyFile: at(config.tls.keyFile) },
  }
}

function readJsonFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Problem('usage', `${file} cannot be read (${codeOf(error)})`, { cause: error })
  }
  try {
    // Editors of some systems put a byte order mark in front.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // The parser's own words would repeat a piece of the file, which holds tokens.
    throw new Problem('usage', `${file} is not JSON`)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
