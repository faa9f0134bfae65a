import { isUtf8 } from 'node:buffer'
import { brotliDecompressSync, unzipSync } from 'node:zlib'
import FormData from 'form-data'
import { type Dispatcher, errors } from 'undici'
import { type Failure, failure } from '../../../shared/conclusion.ts'
import type { FailureClass, FailureCode } from '../../../shared/failures.ts'
import { onAbort } from '../base/concurrency/shared-abort-listener.ts'
import { detailOf } from '../base/detail.ts'
import { redact } from '../base/redact.ts'
import type { Transport } from './platform.ts'

/** One HTTP exchange with a platform: a buffered request out, a small JSON reply back. */

export interface Outgoing {
  readonly address: Address
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  /** Values that must not show in what is kept of the exchange. */
  readonly secrets: readonly string[]
}

/** An http(s) address in the two pieces in which it is sent; the path with its query. */
export interface Address {
  readonly origin: string
  readonly path: string
}

export interface Reply {
  readonly kind: 'reply'
  readonly status: number
  readonly location: string | null
  readonly text: string
  /** The reply's JSON object; null when it is anything else. */
  readonly body: Readonly<Record<string, unknown>> | null
  readonly secrets: readonly string[]
}

/** The platforms answer with a few hundred bytes; more than this is not an answer. */
const maxReplyBytes = 1_000_000

/** Sends one request. Every way of not getting a reply is a failure; only the caller's own abort is thrown. */
export async function exchange(
  transport: Pick<Transport, 'dispatcher' | 'headersTimeoutMs' | 'bodyTimeoutMs'>,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Reply | Failure> {
  const { secrets } = outgoing
  signal.throwIfAborted()
  try {
    const { status, location, encoding, bytes: sent } = await send(transport, outgoing, signal)
    const bytes = unpacked(sent, encoding)
    if (bytes === null) return failure('RETRY', 'malformed_reply', detailOf('compression_damaged', { name: encoding }))
    const text = utf8.decode(bytes)
    // Whatever type or charset is declared, the reply is UTF-8 JSON (spec §0).
    return { kind: 'reply', status, location, text, body: isUtf8(bytes) ? parseObject(text) : null, secrets }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return transportFailure(error)
  }
}

/** The address of an API under a base URL that may have a path of its own; a failure when that is no http(s) address. */
export function apiAddress(baseUrl: string, path: string, query: Readonly<Record<string, string>>): Address | Failure {
  const base = httpUrl(baseUrl)
  if ('kind' in base) return base
  const search = new URLSearchParams(query).toString()
  return {
    origin: base.origin,
    path: base.pathname.replace(/\/+$/, '') + path + (search === '' ? '' : `?${search}`),
  }
}

export function httpUrl(text: string): URL | Failure {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || url?.protocol === 'http:'
    ? url
    : failure('CONFIG', 'unreachable', detailOf('not_http_address', { name: redact(text) }))
}

/**
 * JSON as raw UTF-8 without a single `\u` escape: the platforms check the escape's letters instead of what they stand for and
 * answer "pass" (spec §8.3). What JSON can only write as an escape is replaced, one unit for one unit, so that offsets hold.
 */
export function jsonBody(value: Readonly<Record<string, unknown>>): Pick<Outgoing, 'headers' | 'body'> {
  const plain = JSON.stringify(value)
  const json = plain.includes('\\u')
    ? JSON.stringify(value, (_key, item) => (typeof item === 'string' ? withoutEscapes(item) : item))
    : plain
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(json, 'utf8') }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that JSON can only escape as \u00XX.
const escapedControls = /[\u0000-\u0007\u000b\u000e-\u001f]/g

function withoutEscapes(text: string): string {
  return text.toWellFormed().replace(escapedControls, ' ')
}

const filenames = { 'image/jpeg': 'image.jpg', 'image/png': 'image.png', 'image/gif': 'image.gif' } as const

/**
 * A form with one image, whole in memory. Its filename is fixed and ASCII: names in any script arrive encoded in a way that
 * WeChat reads as "no media" (spec §8.2).
 */
export function imageForm(
  image: { readonly bytes: Uint8Array; readonly mime: keyof typeof filenames },
  fields: Readonly<Record<string, string>>,
): Pick<Outgoing, 'headers' | 'body'> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const bytes = Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength)
  form.append('media', bytes, { filename: filenames[image.mime], contentType: image.mime })
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${form.getBoundary()}` },
    body: form.getBuffer(),
  }
}

class ReplyError extends Error {
  readonly code: 'REPLY_LATE' | 'REPLY_TOO_LONG'
  /** Milliseconds, or bytes. */
  readonly limit: number

  constructor(code: ReplyError['code'], limit: number) {
    super(code)
    this.code = code
    this.limit = limit
  }
}

interface RawReply {
  readonly status: number
  readonly location: string | null
  /** As declared; empty for none. */
  readonly encoding: string
  readonly bytes: Uint8Array
}

/** Nobody is asked for compression; proxies and brokers compress all the same. Null for what is damaged, unknown or too long. */
function unpacked(bytes: Uint8Array, encoding: string): Uint8Array | null {
  const limit = { maxOutputLength: maxReplyBytes }
  try {
    switch (encoding) {
      case '':
      case 'identity':
        return bytes
      case 'gzip':
      case 'x-gzip':
      case 'deflate':
        return unzipSync(bytes, limit)
      case 'br':
        return brotliDecompressSync(bytes, limit)
      default:
        return null
    }
  } catch {
    return null
  }
}

/**
 * undici's `dispatch`, which `request` is made of: without a stream for each of the small replies. Rejects as soon as the signal
 * aborts, also where the request still waits for a connection.
 */
function send(
  { dispatcher, headersTimeoutMs, bodyTimeoutMs }: Pick<Transport, 'dispatcher' | 'headersTimeoutMs' | 'bodyTimeoutMs'>,
  { address, method, headers, body }: Outgoing,
  signal: AbortSignal,
): Promise<RawReply> {
  const { promise, resolve, reject } = Promise.withResolvers<RawReply>()
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  // No status is no answer either.
  let head: Omit<RawReply, 'bytes'> = { status: 0, location: null, encoding: '' }
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  let controller: Dispatcher.DispatchController | null = null
  const end = () => {
    isOver = true
    clearTimeout(timer)
    forget()
  }
  const giveUp = (error: Error) => {
    end()
    reject(error)
    controller?.abort(error)
  }
  const forget = onAbort(signal, () => giveUp(signal.reason))
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: given => {
      controller = given
      if (isOver) given.abort(signal.reason)
    },
    onResponseStart: (_controller, status, replyHeaders) => {
      if (status < 200) return
      const encoding = headerOf(replyHeaders['content-encoding']) ?? ''
      head = { status, location: headerOf(replyHeaders.location), encoding: encoding.trim().toLowerCase() }
      // The time limit is for the whole body: a server that drips one byte at a time must not hold a call for ever. A small reply
      // came in one piece with its head, and is over by the microtask.
      queueMicrotask(() => {
        if (isOver) return
        timer = setTimeout(() => giveUp(new ReplyError('REPLY_LATE', bodyTimeoutMs)), bodyTimeoutMs)
      })
    },
    onResponseData: (_controller, chunk) => {
      sizeBytes += chunk.byteLength
      if (sizeBytes > maxReplyBytes) giveUp(new ReplyError('REPLY_TOO_LONG', maxReplyBytes))
      else chunks.push(chunk)
    },
    onResponseEnd: () => {
      end()
      resolve({ ...head, bytes: Buffer.concat(chunks) })
    },
    onResponseError: (_controller, error) => {
      end()
      reject(error)
    },
  }
  try {
    dispatcher.dispatch(
      {
        ...address,
        method,
        // The length is stated even for an empty body: without it WeChat answers 412 (spec §8.2).
        headers: body === null ? headers : { ...headers, 'content-length': String(body.byteLength) },
        body,
        headersTimeout: headersTimeoutMs,
        bodyTimeout: 0,
      },
      handler,
    )
  } catch (error) {
    end()
    reject(error)
  }
  return promise
}

const utf8 = new TextDecoder()

/** A reply's JSON object; null when it is anything else. One that says a thing twice says nothing. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = parseJson(text)
    return isObject(value) && !repeatsKey(text, value) ? value : null
  } catch {
    return null
  }
}

/** JSON in which a code that is not written as an integer is NaN: `1e-400` is no zero, though it is parsed as one. */
export function parseJson(text: string): unknown {
  // Nothing in it is written otherwise.
  if (!/\d[.eE]/.test(text)) return JSON.parse(text)
  return JSON.parse(text, (name: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && codeNames.has(name.toLowerCase()) && !/^-?\d+$/.test(context?.source ?? '')
      ? Number.NaN
      : value,
  )
}

const codeNames: ReadonlySet<string> = new Set(['errcode', 'status_code', 'isrisky'])

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * `{"errcode":87014,"errcode":0}`: JSON.parse silently takes the last one, which must not turn a verdict round. Outside of strings a
 * colon stands once for each member that is written; when there are fewer members in what was parsed, one took another's place.
 */
export function repeatsKey(json: string, parsed: unknown): boolean {
  let written = 0
  let inString = false
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]
    if (character === '"') inString = !inString
    else if (!inString) written += character === ':' ? 1 : 0
    else if (character === '\\') at += 1
  }
  return written !== countMembers(parsed)
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members: readonly unknown[] = Object.values(value)
  const own = Array.isArray(value) ? 0 : members.length
  return members.reduce<number>((sum, member) => sum + countMembers(member), own)
}

function headerOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}

const transportCodes: Readonly<Record<string, readonly [FailureClass, FailureCode]>> = {
  UND_ERR_HEADERS_TIMEOUT: ['RETRY', 'timeout'],
  UND_ERR_BODY_TIMEOUT: ['RETRY', 'timeout'],
  ETIMEDOUT: ['RETRY', 'timeout'],
  REPLY_LATE: ['RETRY', 'timeout'],
  REPLY_TOO_LONG: ['RETRY', 'malformed_reply'],
  UND_ERR_HEADERS_OVERFLOW: ['RETRY', 'malformed_reply'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['RETRY', 'malformed_reply'],
}

/** The system's code says what happened; messages of libraries are for developers, and may repeat an address. */
function transportFailure(error: unknown): Failure {
  const code = codeOf(error)
  // What came back is not HTTP; undici gives this error no code.
  if (error instanceof errors.HTTPParserError) return failure('RETRY', 'malformed_reply', detailOf('not_http'))
  const [failureClass, failureCode] = transportCodes[code] ?? connectionMeaning(code, error)
  return failure(failureClass, failureCode, transportDetail(code, error))
}

function transportDetail(code: string, error: unknown): string {
  if (error instanceof ReplyError) {
    return detailOf(error.code === 'REPLY_LATE' ? 'no_answer_in_time' : 'reply_too_long', { limit: error.limit })
  }
  const name = code === '' ? nameOf(error) : code
  return detailOf(cutOff.has(code) && !isConnecting(error) ? 'broke_off' : 'network_error', { name })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

function connectionMeaning(code: string, error: unknown): readonly [FailureClass, FailureCode] {
  if (noWay.has(code) && !isUnderWay(error)) return ['RETRY', 'no_network']
  // A certificate or protocol that is refused now is refused the next time too: a person must look at the host or the proxy.
  if (isUntrusted(code)) return ['CONFIG', 'certificate_untrusted']
  if (/^ERR_TLS|^ERR_SSL|^EPROTO/.test(code)) return ['CONFIG', 'unreachable']
  return ['RETRY', 'unreachable']
}

/** OpenSSL's reasons for which a certificate is not believed, and Node's for one that is of another host. */
export function isUntrusted(code: string): boolean {
  return /CERT|SIGNATURE|^ERR_TLS_CERT|^HOSTNAME_MISMATCH$/.test(code)
}

/** No connection came about, and nobody at the other end said so: no network, no name server, no route. */
const noWay: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
])

/** The connection was there and went; the reply, or the rest of it, never came. */
const cutOff: ReadonlySet<string> = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
])

function isConnecting(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'connect'
}

/** The connection was there, so that something may have been sent. */
function isUnderWay(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'read' || error.syscall === 'write')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
