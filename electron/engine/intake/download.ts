import { createHash } from 'node:crypto'
import { type Dispatcher, request } from 'undici'
import type { Failure } from '../../../shared/conclusion.ts'
import { inputFailure } from '../text/input-failure.ts'
import { sniff, sniffBytes } from './sniff.ts'
import type { IntakeLimits } from './source.ts'
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
  if (url === null) return inputFailure('url_refused', 'it is not an address; one http(s) address is expected')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return inputFailure('url_refused', `its scheme is ${url.protocol.slice(0, -1)}; only http and https are followed`)
  }
  if (url.username !== '' || url.password !== '') {
    return inputFailure('url_refused', 'it contains a user name or a password')
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
    if (overdue.aborted) return inputFailure('url_failed', `no complete answer within ${limits.downloadMs} ms`)
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
    if (next === null) return inputFailure('url_failed', 'it redirects to something that is no address')
    target = next.href
  }
  return inputFailure('url_failed', `it redirects more than ${limits.redirects} times`)
}

async function readBody(response: Dispatcher.ResponseData, maxBytes: number): Promise<Uint8Array | Failure> {
  const refuse = (failure: Failure) => {
    response.body.on('error', () => undefined).destroy()
    return failure
  }
  if (response.statusCode !== 200)
    return refuse(inputFailure('url_failed', `the server answers ${response.statusCode}`))
  const coding = response.headers['content-encoding']
  if (coding !== undefined && coding !== 'identity') {
    return refuse(inputFailure('url_failed', `the answer is compressed (${coding}) although that was not asked for`))
  }
  const tooLarge = inputFailure('too_large', `the download is over the limit of ${maxBytes} bytes`)
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
  if (bytes.length === 0) return inputFailure('empty', 'the address gives 0 bytes')
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
  const what = sniffed.kind === 'unsupported' ? sniffed.what : sniffed.kind === 'zip' ? 'an archive' : sniffed.kind
  return inputFailure('unsupported_type', `the address gives no image or recording but ${what}`)
}

function networkFailure(error: unknown): Failure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AddressRefused) return inputFailure('url_refused', `not a public address: ${cause.message}`)
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection'
  return inputFailure('url_failed', `the connection failed (${code})`)
}
