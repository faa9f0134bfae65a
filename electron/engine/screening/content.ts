import { createHash } from 'node:crypto'
import type { Failure } from '../../../shared/conclusion.ts'
import type { Part } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { ImageInput, Imaging } from '../imaging/imaging.ts'
import type { AssetFacts } from '../ledger/commands.ts'
import type { Endpoint } from '../platforms/platform.ts'
import { chunkText } from '../text/chunk-text.ts'
import type { Anchor } from '../text/positions.ts'
import { endpointOf, type Lane } from './lane.ts'

/** An asset that has been read: what it is, and what its parts are made from. */
export type Content = {
  readonly sha256: string
  readonly bytes: number
} & (
  | { readonly kind: 'image'; readonly input: ImageInput }
  | {
      readonly kind: 'text'
      readonly text: string
      readonly encoding: string
      readonly anchors: readonly Anchor[] | null
      /** What the file shows besides its text, e.g. `3 pictures`. */
      readonly omitted: readonly string[]
    }
  | { readonly kind: 'audio' }
)

/** First lines of a text, for the grid. */
const excerptUnits = 200

export function factsOf(content: Content): AssetFacts {
  const isText = content.kind === 'text'
  return {
    kind: content.kind,
    bytes: content.bytes,
    sha256: content.sha256,
    width: null,
    height: null,
    encoding: isText ? content.encoding : null,
    excerpt: isText ? content.text.slice(0, excerptUnits).toWellFormed() : null,
  }
}

/** How an asset's parts must be cut for a profile; lanes with the same cut share the parts. */
export interface Cut {
  readonly kind: 'cut'
  readonly key: string
  readonly endpoint: Endpoint
  readonly imageMode: ScreenOptions['imageMode']
}

export function cutOf(content: Content, lane: Lane, options: ScreenOptions): Cut | Failure {
  const endpoint = endpointOf(lane, content.kind === 'audio' ? 'media-url' : content.kind)
  if (endpoint === null || content.kind === 'audio') return refusal('needs_relay', '')
  const imageMode = options.imageMode === 'auto' ? lane.profile.imageMode : options.imageMode
  const key = content.kind === 'image' ? imageMode : `${endpoint.textLimit?.unit} ${endpoint.textLimit?.max}`
  return { kind: 'cut', key, endpoint, imageMode }
}

/** How many parts of one asset may wait for their checks, so that one long poster does not fill the memory. */
export type Receive = (part: Part) => Promise<void>

/**
 * Makes all parts and hands them to `receive` in order. Resolves to what is missing (the asset can then not pass), or null when
 * every part was handed over.
 */
export async function makeParts(
  imaging: Imaging,
  content: Content,
  cut: Cut,
  maxTiles: number,
  receive: Receive,
  signal: AbortSignal,
): Promise<{ readonly missing: Failure | null; readonly size: { width: number; height: number } | null }> {
  switch (content.kind) {
    case 'image': {
      const prepared = await imaging.prepare(content.input, { mode: cut.imageMode, maxTiles }, receive, signal)
      if (prepared.kind === 'failure') return { missing: prepared, size: null }
      const { width, height } = prepared.facts
      return { missing: null, size: { width, height } }
    }
    case 'text': {
      if (cut.endpoint.textLimit === null)
        return { missing: refusal('internal_error', `${cut.endpoint.id} has no text limit`), size: null }
      for (const part of chunkText(content.text, cut.endpoint.textLimit, undefined, content.anchors))
        await receive(part)
      // Pictures inside a document are content that nobody has looked at: without them it cannot pass.
      const missing =
        content.omitted.length === 0 ? null : refusal('unsupported_type', `not checked: ${content.omitted.join(', ')}`)
      return { missing, size: null }
    }
    case 'audio':
      return { missing: refusal('needs_relay', ''), size: null }
  }
}

/**
 * Key under which an outcome may be used again: the same bytes, asked of the same account in the same way and cut in the same way.
 * The openid is left out: any active user's is as good as another.
 */
export function reuseKeyOf(content: Content, lane: Lane, cut: Cut, options: ScreenOptions): Uint8Array {
  const { profile, transport, text } = lane
  const parts = [
    renditionVersion,
    content.sha256,
    content.kind,
    profile.platform,
    profile.appid,
    transport.baseUrl,
    cut.endpoint.id,
    cut.endpoint.version,
    cut.key,
    options.maxTiles,
    content.kind === 'text' ? [text.scene, text.title, text.nickname, text.signature] : null,
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}

/** Goes up whenever parts are made in another way, so that older outcomes are not reused for them. */
const renditionVersion = 1

export function partHash(part: Part): string {
  const hash = createHash('sha256')
  switch (part.kind) {
    case 'text':
      return hash.update(part.text).digest('hex')
    case 'image':
      return hash.update(part.bytes).digest('hex')
    case 'media-url':
      return hash.update(part.url).digest('hex')
  }
}

function refusal(code: FailureCode, detail: string): Failure {
  return { kind: 'failure', class: 'INPUT', code, detail, evidence: null }
}
