import { readFile, stat } from 'node:fs/promises'
import { type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { type Failure, failure } from '../../../shared/conclusion.ts'
import type { PlatformId } from '../../../shared/domain.ts'
import type { FailureClass, FailureCode } from '../../../shared/failures.ts'
import { limits } from '../../../shared/limits.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import { isUntrusted } from '../checkers/http.ts'
import { type PushEvent, readPush } from '../checkers/wechat/push/push-event.ts'
import {
  type Authenticity,
  eventsReplySchema,
  maxWaitSeconds,
  type RelayRecord,
  relayErrorCodes,
  relayRecordSchema,
  type SelfTest,
  selfTestReplySchema,
  type Upload,
  uploadReplySchema,
} from './protocol.ts'

/** The workstation's side of the relay: uploads media, follows the stream of events, and asks for self-tests. */
export interface RelayClient {
  /** Puts media where the platforms can download it. A path is read from disk. */
  upload(
    source: Uint8Array | string,
    mediaType: 'image' | 'audio',
    signal: AbortSignal,
  ): Promise<({ readonly kind: 'uploaded' } & Upload) | RelayFailure>
  /**
   * Everything the relay has stored after `after` (0 for all that it keeps), in order, then whatever comes. Reconnects by itself,
   * at first within a second, later every half minute; ends only when the signal aborts. Store `seq` with what came of its
   * event: the iteration may be begun again anywhere, and what was yielded but not stored is yielded again.
   */
  events(after: number, signal: AbortSignal): AsyncIterable<{ readonly seq: number; readonly event: RelayEvent }>
  /** Has the relay send itself a signed test push, and sees whether its event can be read from the stream. */
  selfTest(
    app: { readonly platform: PlatformId; readonly appid: string },
    signal: AbortSignal,
  ): Promise<({ readonly kind: 'tested' } & SelfTest) | RelayFailure>
  /** Whether the relay answers and takes this key. */
  health(signal: AbortSignal): Promise<{ readonly kind: 'healthy' } | RelayFailure>
}

export type RelayEvent =
  | {
      readonly kind: 'push'
      readonly push: PushEvent
      readonly authenticity: Authenticity
      /** When the relay stored it, milliseconds since the epoch. */
      readonly receivedAt: number
    }
  | { readonly kind: 'self-test'; readonly id: string }
  /** From a relay of another version, or damaged: there is nothing to be done but to go on. */
  | { readonly kind: 'unreadable'; readonly detail: string }

/** Why the relay did not do what it was asked. */
export const relayFailureCodes = [
  'unreachable',
  'certificate_untrusted',
  'timeout',
  /** What answers there is no relay, or one of another version. */
  'not_a_relay',
  'key_refused',
  'rate_limited',
  'too_large',
  'type_refused',
  'storage_full',
  'app_unknown',
  'unavailable',
  'unreadable_file',
] as const
export type RelayFailureCode = (typeof relayFailureCodes)[number]

export interface RelayFailure {
  readonly kind: 'relay_failure'
  readonly code: RelayFailureCode
  /** As a failure's: a remark, or data such as a status. */
  readonly detail: string
}

export type RelayConnection =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly failure: RelayFailure }

export interface RelayClientOptions {
  /** The relay's public URL. */
  readonly url: string
  readonly key: string
  readonly dispatcher: Dispatcher
  readonly clock?: Clock
  /** At every change, for the window's status. */
  readonly onConnection?: (connection: RelayConnection) => void
}

/** A failed upload as the failure of the check that needed it. */
export function failureOfRelay({ code, detail }: RelayFailure): Failure {
  const [failureClass, failureCode] = checkFailures[code]
  return failure(failureClass, failureCode, detail)
}

const checkFailures: Readonly<Record<RelayFailureCode, readonly [FailureClass, FailureCode]>> = {
  unreachable: ['RETRY', 'relay_unreachable'],
  certificate_untrusted: ['CONFIG', 'certificate_untrusted'],
  timeout: ['RETRY', 'relay_unreachable'],
  not_a_relay: ['CONFIG', 'relay_not_one'],
  key_refused: ['CONFIG', 'relay_key_refused'],
  rate_limited: ['RETRY', 'relay_busy'],
  too_large: ['INPUT', 'too_large'],
  type_refused: ['INPUT', 'unsupported_type'],
  storage_full: ['RETRY', 'relay_full'],
  app_unknown: ['CONFIG', 'relay_app_unknown'],
  unavailable: ['RETRY', 'relay_busy'],
  unreadable_file: ['INPUT', 'unreadable_file'],
}

const replyTimeoutMs = 15_000
/** 10 MB over a slow line. */
const uploadTimeoutMs = 120_000
const selfTestTimeoutMs = 30_000
const firstPauseMs = 500
const longestPauseMs = 30_000

export function createRelayClient(options: RelayClientOptions): RelayClient {
  const { dispatcher, clock = systemClock, onConnection = () => undefined } = options
  const base = options.url.replace(/\/+$/, '')

  const call = async <T>(sent: Sent, schema: z.ZodType<T>, signal: AbortSignal): Promise<Answer<T>> => {
    signal.throwIfAborted()
    const timeout = AbortSignal.timeout(sent.timeoutMs)
    try {
      const response = await request(base + sent.path, {
        dispatcher,
        method: sent.method,
        headers: { authorization: `Bearer ${options.key}` },
        body: sent.body,
        headersTimeout: sent.timeoutMs,
        bodyTimeout: sent.timeoutMs,
        signal: AbortSignal.any([signal, timeout]),
      })
      const body = parseJson(await response.body.text())
      if (response.statusCode !== 200) return statusFailure(response.statusCode, body)
      const parsed = schema.safeParse(body)
      return parsed.success
        ? { kind: 'answer', value: parsed.data }
        : relayFailure('not_a_relay', detailOf('relay_other_form'))
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (timeout.aborted) return relayFailure('timeout', detailOf('no_answer_in_time', { limit: sent.timeoutMs }))
      const name = nameOf(error)
      return relayFailure(
        isUntrusted(name) ? 'certificate_untrusted' : 'unreachable',
        detailOf('network_error', { name }),
      )
    }
  }

  const page = (after: number, waitSeconds: number, signal: AbortSignal) => {
    const path = `/events?after=${after}&wait=${waitSeconds}`
    const timeoutMs = waitSeconds * 1000 + replyTimeoutMs
    return call({ method: 'GET', path, body: null, timeoutMs }, eventsReplySchema, signal)
  }

  async function* follow(start: number, signal: AbortSignal) {
    let after = start
    let failures = 0
    let isConnected: boolean | null = null
    while (!signal.aborted) {
      const answer = await page(after, isConnected === true ? maxWaitSeconds : 0, signal).catch((error: unknown) => {
        // The caller's abort ends the iteration; it is no error of it.
        if (signal.aborted) return null
        throw error
      })
      if (answer === null) return
      const arrived = answer.kind === 'answer' ? readPage(answer.value.events, after) : answer
      if (!Array.isArray(arrived)) {
        failures += 1
        if (isConnected !== false) onConnection({ kind: 'disconnected', failure: arrived })
        isConnected = false
        await clock.sleep(pauseAfter(failures), signal).catch(() => undefined)
        continue
      }
      failures = 0
      if (isConnected !== true) onConnection({ kind: 'connected' })
      isConnected = true
      for (const item of arrived) {
        after = item.seq
        yield item
        if (signal.aborted) return
      }
    }
  }

  return {
    upload: async (source, mediaType, signal) => {
      const bytes = typeof source === 'string' ? await readMedia(source) : source
      if (!(bytes instanceof Uint8Array)) return bytes
      // Not sent at all when the relay could only refuse it.
      if (bytes.byteLength > limits.mediaMaxBytes) return relayFailure('too_large', tooLarge(bytes.byteLength))
      const sent = { method: 'PUT', path: '/media', body: bytes, timeoutMs: uploadTimeoutMs } as const
      const answer = await call(sent, uploadReplySchema, signal)
      if (answer.kind === 'relay_failure') return answer
      // An image sent as audio comes back as pass (spec §3.2): what the relay sees in the bytes must be what we will say.
      return answer.value.mime.startsWith(`${mediaType}/`)
        ? { kind: 'uploaded', ...answer.value }
        : relayFailure('type_refused', detailOf('other_media_type', { name: answer.value.mime }))
    },
    events: (after, signal) => ({ [Symbol.asyncIterator]: () => follow(after, signal) }),
    selfTest: async (app, signal) => {
      const body = JSON.stringify(app)
      const sent = { method: 'POST', path: '/selftest', body, timeoutMs: selfTestTimeoutMs } as const
      const answer = await call(sent, selfTestReplySchema, signal)
      if (answer.kind === 'relay_failure') return answer
      const { id, seq, steps } = answer.value
      const arrived = seq === null ? null : await page(seq - 1, 0, signal)
      if (arrived?.kind === 'relay_failure') return arrived
      const isThere = readRecords(arrived?.value.events ?? []).some(({ traceId }) => traceId === id)
      const event = isThere
        ? ({ step: 'event', state: 'ok', detail: '' } as const)
        : ({ step: 'event', state: 'failed', detail: '' } as const)
      return { kind: 'tested', ...answer.value, steps: [...steps.filter(({ step }) => step !== 'event'), event] }
    },
    health: async signal => {
      const healthz = { method: 'GET', path: '/healthz', body: null, timeoutMs: replyTimeoutMs } as const
      const answer = await call(healthz, z.object({ service: z.literal('prescreen-relay') }), signal)
      if (answer.kind === 'relay_failure') return answer
      const polled = await page(Number.MAX_SAFE_INTEGER, 0, signal)
      return polled.kind === 'relay_failure' ? polled : { kind: 'healthy' }
    },
  }
}

interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body: Uint8Array | string | null
  readonly timeoutMs: number
}

type Answer<T> = { readonly kind: 'answer'; readonly value: T } | RelayFailure

function relayFailure(code: RelayFailureCode, detail: string): RelayFailure {
  return { kind: 'relay_failure', code, detail }
}

const errorSchema = z.object({ error: z.enum(relayErrorCodes), detail: z.string().default('') })

function statusFailure(status: number, body: unknown): RelayFailure {
  const parsed = errorSchema.safeParse(body)
  const { error = '', detail = '' } = parsed.data ?? {}
  const code = relayFailureCodes.find(known => known === error)
  if (code !== undefined) return relayFailure(code, detail === '' ? '' : detailOf('relay_said', { name: detail }))
  const words = [`HTTP ${status}`, error].filter(text => text !== '').join(' ')
  // A proxy in front of the relay speaks for itself.
  if (status === 413) return relayFailure('too_large', words)
  if (status === 429) return relayFailure('rate_limited', words)
  return relayFailure(status >= 500 ? 'unavailable' : 'not_a_relay', words)
}

type Item = { readonly seq: number; readonly event: RelayEvent }

const numbered = z.object({ seq: z.int().positive() })

/** A page whose numbers do not go up is not followed: to go on from it could skip what it hides. */
function readPage(events: readonly unknown[], after: number): Item[] | RelayFailure {
  const items: Item[] = []
  let last = after
  for (const raw of events) {
    const seq = numbered.safeParse(raw).data?.seq
    if (seq === undefined || seq <= last) return relayFailure('not_a_relay', detailOf('relay_out_of_order'))
    last = seq
    items.push({ seq, event: readEvent(raw) })
  }
  return items
}

function readEvent(raw: unknown): RelayEvent {
  const record = relayRecordSchema.safeParse(raw)
  if (!record.success) return { kind: 'unreadable', detail: 'an event of another form' }
  const { kind, platform, appid, traceId, authenticity, receivedAt, message } = record.data
  if (kind === 'self-test') return { kind: 'self-test', id: traceId }
  const push = readPush(Buffer.from(message, 'utf8'), { platform, appid })
  if (push.kind !== 'media-check') return { kind: 'unreadable', detail: `no media check in event ${record.data.seq}` }
  return { kind: 'push', push, authenticity, receivedAt }
}

function readRecords(events: readonly unknown[]): RelayRecord[] {
  return events.flatMap(raw => {
    const record = relayRecordSchema.safeParse(raw)
    return record.success ? [record.data] : []
  })
}

/** Doubling, with a quarter of chance, so that the workstations of a team do not all return in one moment. */
function pauseAfter(failures: number): number {
  const pause = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
  return pause * (0.75 + Math.random() * 0.25)
}

async function readMedia(path: string): Promise<Uint8Array | RelayFailure> {
  try {
    const { size } = await stat(path)
    return size > limits.mediaMaxBytes ? relayFailure('too_large', tooLarge(size)) : await readFile(path)
  } catch (error) {
    return relayFailure('unreadable_file', nameOf(error))
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function tooLarge(sizeBytes: number): string {
  return detailOf('bytes_over', { count: sizeBytes, limit: limits.mediaMaxBytes })
}

/** The system's code; messages of libraries are for developers. */
function nameOf(error: unknown): string {
  return error instanceof Error ? ('code' in error ? String(error.code) : error.name) : typeof error
}
