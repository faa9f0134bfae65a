import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Failure, failure } from '../../../shared/conclusion.ts'
import type { MediaUrlPart, PartPlace } from '../../../shared/domain.ts'
import { limits } from '../../../shared/limits.ts'
import type { Route, RouteReason } from '../../../shared/routes.ts'
import type { Clock } from '../base/clock.ts'
import { fileFailure } from '../base/open-file.ts'

/** An asset's own bytes, for a platform that downloads them (spec §3.2). */
export interface Media {
  readonly mime: string
  /** Where anyone can download it already; null for what is only on this machine or in this network. */
  readonly publicUrl: string | null
  load(signal: AbortSignal): Promise<Uint8Array | Failure>
}

/** A whole asset that goes by its address; it gets one only when it is about to be sent, because addresses expire. */
export interface MediaPart extends PartPlace {
  readonly kind: 'media'
  readonly mediaType: MediaUrlPart['mediaType']
  readonly sha256: string
  readonly media: Media
}

export interface Address {
  readonly kind: 'address'
  readonly url: string
  readonly goodUntil: number
}

/** Puts bytes where the platform can download them for a while. */
export type Publish = (
  bytes: Uint8Array,
  mediaType: MediaUrlPart['mediaType'],
  signal: AbortSignal,
) => Promise<Address | Failure>

/** Whether an asset of this size and type may go by address, and why not. */
export function refusalByAddress(kind: 'image' | 'audio', mime: string, sizeBytes: number): RouteReason | null {
  // The platform inspects only the first frame of a GIF (spec §3.2); its "pass" would say nothing about the rest.
  if (mime === 'image/gif' || mime === 'image/apng') return 'first_frame'
  if (kind === 'image' && !imageTypes.has(mime)) return 'format'
  return sizeBytes > limits.mediaMaxBytes ? 'too_large' : null
}

/** Spec §3.2; what audio there is, intake has judged by its content. */
const imageTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/bmp'])

/** The route of an image: what the profile wants, as far as it can be had. */
export function routeOfImage(
  wanted: Route,
  given: { readonly mime: string; readonly sizeBytes: number; readonly hasRelay: boolean },
): { readonly way: Route; readonly why: RouteReason } {
  if (wanted === 'sync') return { way: 'sync', why: 'chosen' }
  if (!given.hasRelay) return { way: 'sync', why: 'no_relay' }
  const refusal = refusalByAddress('image', given.mime, given.sizeBytes)
  return refusal === null ? { way: wanted, why: 'chosen' } : { way: 'sync', why: refusal }
}

export function mediaPart(media: Media, mediaType: MediaUrlPart['mediaType'], sha256: string): MediaPart {
  return {
    kind: 'media',
    name: 'original',
    rect: null,
    frame: null,
    range: null,
    line: null,
    column: null,
    mediaType,
    sha256,
    media,
  }
}

/** How the part was asked for; part of the key under which another check of the same bytes is found. */
export function transformOf(part: MediaPart, scene: number | null): string {
  return `original ${part.media.mime}${scene === null ? '' : ` scene ${scene}`}`
}

/** An address must be good for this long, or the platform finds nothing there when it comes. */
const leastGoodMs = 5 * 60_000

/** Gives a part its address, again when the last one is about to expire. */
export function createAddressing(
  clock: Clock,
  part: MediaPart,
  publish: Publish | null,
): (signal: AbortSignal) => Promise<Address | Failure> {
  let known: Address | null = null
  return async signal => {
    if (part.media.publicUrl !== null) {
      return { kind: 'address', url: part.media.publicUrl, goodUntil: Number.POSITIVE_INFINITY }
    }
    if (publish === null) return failure('INPUT', 'needs_relay', '')
    if (known !== null && isGood(known, clock)) return known
    const bytes = await part.media.load(signal)
    if ('kind' in bytes) return bytes
    const address = await publish(bytes, part.mediaType, signal)
    if (address.kind === 'failure') return address
    if (!isGood(address, clock)) return failure('CONFIG', 'relay_expired', '')
    known = address
    return address
  }
}

export function isGood(address: Address, clock: Clock): boolean {
  return address.goodUntil - clock.now() >= leastGoodMs
}

/** Reads a file for uploading; one that changed since it was judged is refused. */
export async function loadFile(path: string, sha256: string, signal: AbortSignal): Promise<Uint8Array | Failure> {
  try {
    const bytes = await readFile(path, { signal })
    const isSame = createHash('sha256').update(bytes).digest('hex') === sha256
    return isSame ? bytes : failure('INPUT', 'changed_file', '')
  } catch (error) {
    signal.throwIfAborted()
    return fileFailure(error)
  }
}
