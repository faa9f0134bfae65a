import { createHash } from 'node:crypto'
import { type Dispatcher, request } from 'undici'
import type { Failure } from '../../../shared/conclusion.ts'
import { remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { sniff, sniffBytes } from '../formats/sniff.ts'
import type { IntakeLimits } from '../formats/source.ts'
import { AddressRefused } from './url-dispatcher.ts'

export interface DownloadedMedia {
  readonly kind: 'downloaded'
  readonly what: 'image' | 'audio'
  readonly bytes: Uint8Array
  readonly mime: string
  readonly sha256: string
}

/** Parses an address that a user listed; only http and https without credentials are followed. */
export function parseUrl(address: string): URL | Failure {
  const url = URL.parse(address)
  if (url === null) return inputFailure('url_refused', [remark('not_an_address')])
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return inputFailure('url_refused', [remark('other_scheme', { name: url.protocol.slice(0, -1) })])
  }
  if (url.username !== '' || url.password !== '') {
    return inputFailure('url_refused', [remark('address_with_password')])
  }
  return url
}

/** Downloads one image or recording within the limits; whatever else the address leads to is a failure. Throws only when `signal` aborts. */
export async function downloadMedia(
  address: string,
  dispatcher: Dispatcher,
  limits: IntakeLimits,
  signal: AbortSignal,
): Promise<DownloadedMedia | Failure> {
  const overdue = AbortSignal.timeout(limits.downloadMs)
  const either = AbortSignal.any([signal, overdue])
  try {
    const response = await follow(address, dispatcher, limits, either)
    if ('kind' in response) return response
    const body = await readBody(response, limits.imageBytes)
    if ('kind' in body) return body
    return await judge(body)
  } catch (error) {
    signal.throwIfAborted()
    if (overdue.aborted) return inputFailure('url_failed', [remark('slow_download', { limit: limits.downloadMs })])
    return networkFailure(error)
  }
}

async function follow(
  address: string,
  dispatcher: Dispatcher,
  limits: IntakeLimits,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData | Failure> {
  let target = address
  for (let redirects = 0; redirects <= limits.redirects; redirects++) {
    const url = parseUrl(target)
    if ('kind' in url) return url
    const response = await request(url, {
      dispatcher,
      signal,
      // Compressed bodies could unpack to more than the limit, and images gain nothing.
      headers: { accept: 'image/*, audio/*', 'accept-encoding': 'identity' },
    })
    const location = response.headers.location
    if (![301, 302, 303, 307, 308].includes(response.statusCode) || typeof location !== 'string') {
      return response
    }
    await response.body.dump()
    const next = URL.parse(location, url.href)
    if (next === null) return inputFailure('url_failed', [remark('redirect_nowhere')])
    target = next.href
  }
  return inputFailure('url_failed', [remark('many_redirects', { limit: limits.redirects })])
}

async function readBody(response: Dispatcher.ResponseData, maxBytes: number): Promise<Uint8Array | Failure> {
  const refuse = (failure: Failure) => {
    response.body.on('error', () => undefined).destroy()
    return failure
  }
  if (response.statusCode !== 200)
    return refuse(inputFailure('url_failed', [remark('http_status', { name: String(response.statusCode) })]))
  const coding = response.headers['content-encoding']
  if (coding !== undefined && coding !== 'identity') {
    return refuse(inputFailure('url_failed', [remark('compressed_answer', { name: String(coding) })]))
  }
  const tooLarge = inputFailure('too_large', [remark('large_download', { limit: maxBytes })])
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) return refuse(tooLarge)
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body) {
    if (!(piece instanceof Uint8Array)) continue
    length += piece.length
    if (length > maxBytes) return refuse(tooLarge)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

async function judge(bytes: Uint8Array): Promise<DownloadedMedia | Failure> {
  if (bytes.length === 0) return inputFailure('empty', [remark('empty_download')])
  const sniffed = await sniff(bytes.subarray(0, sniffBytes))
  if (sniffed.kind === 'image' || sniffed.kind === 'audio') {
    return {
      kind: 'downloaded',
      what: sniffed.kind,
      bytes,
      mime: sniffed.mime,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
  }
  const what =
    sniffed.kind === 'unsupported' ? sniffed.what : remark(sniffed.kind === 'zip' ? 'archive' : 'text_instead')
  return inputFailure('unsupported_type', [remark('no_media'), what])
}

function networkFailure(error: unknown): Failure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AddressRefused)
      return inputFailure('url_refused', [remark('private_address', { name: cause.message })])
  }
  const code = error instanceof Error ? ('code' in error ? error.code : error.name) : error
  return inputFailure('url_failed', [remark('connection_failed', { name: String(code) })])
}
