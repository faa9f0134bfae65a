import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { isPlainPublicHttp } from '../../../shared/plain-http.ts'
import { type Said, usage } from '../../../shared/problems.ts'
import { issueWords } from '../base/issue-words.ts'
import { readAesKey } from '../checkers/wechat/push/cipher.ts'

/** The relay's one file of settings (docs/relay.md). It holds push tokens and AES keys, hashes of bearer keys, and no app secret. */

/** Text of a form, with what is said of another in both languages. */
function text(form: RegExp, zh: string, en: string) {
  return z.string().refine(value => form.test(value), { error: en, params: { zh } })
}

/** What nobody can guess: 22 characters of this alphabet carry 131 bits. */
const unguessable = text(
  /^[A-Za-z0-9_-]{22,128}$/,
  '要填 22 到 128 个字母、数字、- 或 _',
  'must be 22 to 128 letters, digits, - or _',
)

const appid = text(/^[A-Za-z0-9_]{4,64}$/, '不是 AppID', 'is no appid')

const wechatAppSchema = z.strictObject({
  platform: z.literal('wechat'),
  appid,
  /** The push address is `<publicUrl>/push/wechat/<path>`. */
  path: unguessable,
  token: z.string().min(3).max(64),
  /** Null is plain mode; with a key only what is encrypted is believed. */
  encodingAesKey: z
    .string()
    .refine(key => readAesKey(key) !== null, {
      error: 'is no EncodingAESKey (43 letters, digits, + or /)',
      params: { zh: '不是 EncodingAESKey（43 个字母、数字、+ 或 /）' },
    })
    .nullable()
    .default(null),
})

const qqAppSchema = z.strictObject({ platform: z.literal('qq'), appid, path: unguessable })

const keyHolderSchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  /** SHA-256 in hex; two are valid at a time so that a key can be replaced without a pause. */
  keys: z
    .array(
      text(
        /^[0-9a-f]{64}$/,
        '要填密钥的 SHA-256（64 位十六进制），不能填密钥本身',
        'must be the SHA-256 of a key, 64 hex digits, never the key itself',
      ),
    )
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
        /**
         * Stored events per app: the platforms judge 200,000 media a day (spec §3.2), more for some accounts. On QQ the path is the
         * only secret, and anybody who knows it could fill the disk.
         */
        eventsPerDay: z.int().min(1).default(300_000),
        /** Per address: requests to unknown paths or with a wrong key. */
        refusalsPerMinute: perMinute(60),
      })
      .prefault({}),
  })
  .superRefine((config, context) => {
    const wrong = (zh: string, en: string) => context.addIssue({ code: 'custom', message: en, params: { zh } })
    const twice = (values: readonly string[], zh: string, en: string) => {
      for (const value of new Set(values.filter((item, index) => values.indexOf(item) !== index))) {
        wrong(`${zh}重复：${value}`, `${en} is there twice: ${value}`)
      }
    }
    twice(
      config.apps.map(app => `${app.platform} ${app.appid}`),
      '应用',
      'an app',
    )
    // Without naming it: a path is a secret.
    if (new Set(config.apps.map(app => app.path)).size < config.apps.length) {
      wrong('两个应用的 path 相同', 'two apps have the same path')
    }
    const holders = [...config.workstations, ...config.forwarders]
    twice(
      holders.map(holder => holder.name),
      '名称',
      'a name',
    )
    const keys = holders.flatMap(holder => holder.keys)
    if (new Set(keys).size < keys.length) wrong('有两把密钥相同', 'two keys are the same')
  })

export type RelayConfig = z.infer<typeof relayConfigSchema>
export type RelayApp = RelayConfig['apps'][number]
export type KeyHolder = RelayConfig['workstations'][number]

/** Reads the file; paths in it are relative to it. Throws a `usage` problem that names what is wrong and where. */
export function readRelayConfig(file: string): RelayConfig {
  const parsed = relayConfigSchema.safeParse(readJsonFile(file))
  if (!parsed.success) {
    const issues = parsed.error.issues.map(issue => ({ place: issue.path.join('.'), ...issueWords(issue) }))
    const zh = issues.map(issue => `${issue.place} ${issue.zh}`.trim()).join('；')
    const en = issues.map(issue => `${issue.place} ${issue.en}`.trim()).join('; ')
    throw usage(`${file}：${zh}（各项设置见 docs/relay.md）`, `${file}: ${en} (docs/relay.md explains each setting)`)
  }
  const config = parsed.data
  const at = (path: string) => resolve(dirname(resolve(file)), path)
  return {
    ...config,
    dataDir: at(config.dataDir),
    tls: config.tls && { certFile: at(config.tls.certFile), keyFile: at(config.tls.keyFile) },
  }
}

/** What is worth saying at the start although it works: secrets that others can read, and an address that tells them to all. */
export function relayWarnings(file: string, { publicUrl }: Pick<RelayConfig, 'publicUrl'>): readonly Said[] {
  const warnings: Said[] = []
  // On Windows the mode says nothing about who may read.
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    warnings.push({
      zh: `${file} 里有推送的 Token 和密钥，而这台电脑上的其他用户也能读它。请运行：chmod 600 ${file}`,
      en: `${file} holds the Tokens and keys of pushes, and other users of this computer can read it. Run: chmod 600 ${file}`,
    })
  }
  if (publicUrl !== null && isPlainPublicHttp(publicUrl)) {
    warnings.push({
      zh: `publicUrl ${publicUrl} 用 http:// 经过公网，途中任何人都能看到推送路径、密钥和素材。请配置证书，改用 https://`,
      en: `publicUrl ${publicUrl} crosses the public network as http://: anybody on the way can read push paths, keys and media. Get a certificate and use https://`,
    })
  }
  return warnings
}

function readJsonFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = codeOf(error)
    throw usage(`${file} 读不了（${code}）`, `${file} cannot be read (${code})`, { cause: error })
  }
  try {
    // Editors of some systems put a byte order mark in front.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // The parser's own words would repeat a piece of the file, which holds tokens.
    throw usage(`${file} 不是合格的 JSON`, `${file} is not JSON`)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
