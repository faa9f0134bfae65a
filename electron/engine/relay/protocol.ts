import { z } from 'zod'

/** What relay and workstation say to each other over HTTP (docs/relay.md). */

/** The platforms whose verdicts on media come as pushes, and that the relay has an address for. */
const pushPlatforms = ['wechat', 'qq'] as const

/** How sure it is that the platform sent it: QQ signs nothing, and a forwarder is believed to have verified (spec §4.1, §5). */
export const authenticities = ['encrypted', 'signed', 'unsigned', 'forwarded'] as const
export type Authenticity = (typeof authenticities)[number]

/**
 * One stored event. `seq` only grows, also across a restored or a new database, because it never falls behind the clock in
 * microseconds: a workstation that asks for what is after its last one misses nothing.
 */
export const relayRecordSchema = z.object({
  seq: z.int().positive(),
  receivedAt: z.int(),
  /** `self-test` is the relay's own test push: `traceId` is the test's id, `message` is empty. */
  kind: z.enum(['push', 'self-test']),
  platform: z.enum(pushPlatforms),
  appid: z.string(),
  traceId: z.string(),
  authenticity: z.enum(authenticities),
  /** The push as the platform wrote it, decrypted; the workstation reads it. */
  message: z.string(),
})
export type RelayRecord = z.infer<typeof relayRecordSchema>

export const eventsReplySchema = z.object({ events: z.array(z.unknown()) })

/** How long the relay may hold a poll that has nothing to answer; below the idle limits of common proxies (60 s). */
export const maxWaitSeconds = 25

export const uploadReplySchema = z.object({ url: z.string(), mime: z.string(), expiresAt: z.int() })
export type Upload = z.infer<typeof uploadReplySchema>

export const selfTestRequestSchema = z.strictObject({ platform: z.enum(pushPlatforms), appid: z.string().max(64) })

const selfTestStepSchema = z.object({
  /** The console's check of the address, the test push, and its event in the stream. */
  step: z.enum(['verification', 'push', 'event']),
  state: z.enum(['ok', 'failed']),
  detail: z.string(),
})
export type SelfTestStep = z.infer<typeof selfTestStepSchema>

export const selfTestReplySchema = z.object({
  id: z.string(),
  /** `local`: the relay could not reach its own public address and asked itself directly. */
  reachedBy: z.enum(['public', 'local']),
  /** Why not by the public address; empty otherwise. */
  reachDetail: z.string(),
  /** The event of the test push, when it arrived. */
  seq: z.int().positive().nullable(),
  steps: z.array(selfTestStepSchema),
})
export type SelfTest = z.infer<typeof selfTestReplySchema>

/** What a company's own server sends for each push it received, verified and decrypted. */
export const forwardRequestSchema = z.strictObject({
  platform: z.enum(pushPlatforms),
  appid: z.string().regex(/^[A-Za-z0-9_]{4,64}$/),
  /** The push as it came, JSON or XML text, or its JSON object. */
  message: z.union([z.string(), z.record(z.string(), z.unknown())]),
})

/** Names of refusals in `{"error": …}`, besides those of pushes. */
export const relayErrorCodes = [
  'not_found',
  'key_refused',
  'rate_limited',
  'too_large',
  'type_refused',
  'storage_full',
  'bad_request',
  'app_unknown',
  'signature_reused',
  'unavailable',
  'internal',
] as const
export type RelayErrorCode = (typeof relayErrorCodes)[number]
