import { hash } from 'node:crypto'
import type { Failure } from '../../../shared/conclusion.ts'
import { type Companion, companions, type ImagePart, type TextPart } from '../../../shared/domain.ts'
import { limits, type TextLimit } from '../../../shared/limits.ts'
import { type Remark, remark, sumRemarks } from '../../../shared/remarks/index.ts'
import type { Route, RouteReason } from '../../../shared/routes.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { inputFailure } from '../base/input-failure.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { Reading } from '../formats/family.ts'
import { chunkText } from '../formats/text/chunk-text.ts'
import type { Anchor } from '../formats/text/positions.ts'
import type { ImageFacts, ImageInput, Imaging } from '../imaging/imaging.ts'
import type { AssetFacts } from '../store/records.ts'
import { endpointOf, type Lane } from './lane.ts'
import { type Media, type MediaPart, mediaPart, refusalByAddress, routeOfImage } from './media.ts'

/** An asset that has been read: what it is, and what its parts are made from. */
export type Content = {
  readonly sha256: string
  readonly bytes: number
  readonly reading: Reading
  /** What reading it found that nothing withholds; decoding a picture may find more. */
  readonly notes: readonly Remark[]
} & (
  | { readonly kind: 'image'; readonly input: ImageInput; readonly media: Media }
  | {
      readonly kind: 'text'
      readonly text: string
      readonly encoding: string
      readonly anchors: readonly Anchor[] | null
      /** What the file shows besides its text. */
      readonly omitted: readonly Remark[]
    }
  | { readonly kind: 'audio'; readonly media: Media }
)

/** First lines of a text, for the grid. */
const excerptUnits = 200

export function excerptOf(text: string): string {
  return text.slice(0, excerptUnits).toWellFormed()
}

/** `decoded` is what a picture's decoder noted. */
export function factsOf(content: Content, decoded: readonly Remark[] = []): AssetFacts {
  const isText = content.kind === 'text'
  return {
    kind: content.kind,
    bytes: content.bytes,
    sha256: content.sha256,
    width: null,
    height: null,
    encoding: isText ? content.encoding : null,
    excerpt: isText ? excerptOf(content.text) : null,
    text: isText ? content.text : null,
    reading: content.reading,
    notes: sumRemarks([...content.notes, ...decoded]),
  }
}

/** How an asset's parts must be cut for a profile; lanes with the same cut, which is of one platform, share the parts. */
export interface Cut {
  readonly kind: 'cut'
  readonly key: string
  readonly way: Route
  readonly why: RouteReason
  /** Takes what is sent in the call; null when the asset goes by address alone. */
  readonly sync: Endpoint | null
  /** Takes the asset's address; null when everything is sent in calls. */
  readonly media: Endpoint | null
  readonly imageMode: ScreenOptions['imageMode']
  /** What goes with a text and its calls do not carry: each is a part of its own, since otherwise it would be screened nowhere. */
  readonly companions: readonly Companion[]
}

/** Those that the text's own call does not take along. */
export function companionsOf(endpoint: Endpoint, scene: number): readonly Companion[] {
  const carried = endpoint.carries(scene)
  return companions.filter(companion => !carried.includes(companion))
}

export function cutOf(content: Content, lane: Lane, options: ScreenOptions): Cut | Failure {
  const imageMode = options.imageMode === 'auto' ? lane.profile.imageMode : options.imageMode
  const media = endpointOf(lane, 'media-url')
  const hasRelay = lane.publish !== null && media !== null
  const common = { kind: 'cut', imageMode, companions: [] } as const
  switch (content.kind) {
    case 'audio': {
      if (media === null) return inputFailure('kind_not_taken', '')
      if (!hasRelay) return inputFailure('needs_relay', '')
      if (refusalByAddress('audio', content.media.mime, content.bytes) !== null) {
        return inputFailure('too_large', [remark('bytes_over', { count: content.bytes, limit: limits.mediaMaxBytes })])
      }
      return { ...common, key: 'audio', way: 'async', why: 'only_way', sync: null, media }
    }
    case 'text': {
      const sync = endpointOf(lane, 'text')
      if (sync === null) return inputFailure('kind_not_taken', '')
      const apart = companionsOf(sync, lane.text.scene)
      const key = [sync.id, sync.textLimit?.unit, sync.textLimit?.max, ...apart].join(' ')
      return { ...common, key, way: 'sync', why: 'only_way', sync, media: null, companions: apart }
    }
    case 'image': {
      const given = { mime: content.media.mime, sizeBytes: content.bytes, hasRelay }
      const { way, why } = routeOfImage(lane.profile.imageRoute, given)
      const sync = way === 'async' ? null : endpointOf(lane, 'image')
      if (way !== 'async' && sync === null) return inputFailure('kind_not_taken', '')
      const key = `${sync?.id} ${media?.id} ${imageMode} ${way}`
      return { ...common, key, way, why, sync, media: way === 'sync' ? null : media }
    }
  }
}

/** The endpoint that takes a part of this cut. */
export function endpointFor(cut: Cut, part: UnsentPart): Endpoint {
  const endpoint = part.kind === 'media' ? cut.media : cut.sync
  if (endpoint === null) throw new Error(`nothing takes ${part.kind} parts`)
  return endpoint
}

/** A part as it is made; media get their address when they are sent. */
export type UnsentPart = TextPart | ImagePart | MediaPart

/** How many parts of one asset may wait for their checks, so that one long poster does not fill the memory. */
export type Receive = (part: UnsentPart) => Promise<void>

/** What making an asset's parts came to. */
export interface MadeParts {
  /** Why not everything was handed over, so that the asset cannot pass; null when it was. */
  readonly missing: Failure | null
  /** The size of a picture, upright, in pixels; null for other kinds. */
  readonly size: { readonly width: number; readonly height: number } | null
  readonly notes: readonly Remark[]
}

/** Makes all parts and hands them to `receive` in order. */
export async function makeParts(
  imaging: Imaging,
  content: Content,
  cut: Cut,
  options: ScreenOptions,
  receive: Receive,
  signal: AbortSignal,
): Promise<MadeParts> {
  switch (content.kind) {
    case 'image': {
      const shared = cut.media === null ? content : await loadOnce(content, signal)
      if (shared.kind === 'failure') return { missing: shared, size: null, notes: [] }
      const { input, media } = shared
      if (cut.media !== null) await receive(mediaPart(media, 'image', content.sha256))
      const prepareOptions = { mode: cut.imageMode, maxTiles: options.maxTiles }
      if (cut.sync === null) {
        // What cannot be decoded here is no picture that anyone should call checked.
        const facts = await imaging.inspect(input, prepareOptions, signal)
        return facts.kind === 'failure' ? { missing: facts, size: null, notes: [] } : decodedEnd(facts)
      }
      const prepared = await imaging.prepare(input, prepareOptions, receive, signal)
      return prepared.kind === 'failure' ? { missing: prepared, size: null, notes: [] } : decodedEnd(prepared.facts)
    }
    case 'text': {
      const textLimit = cut.sync?.textLimit ?? null
      if (textLimit === null)
        return {
          missing: inputFailure('internal_error', [remark('wrong_endpoint', { name: cut.sync?.id ?? '' })]),
          size: null,
          notes: [],
        }
      for (const part of chunkText(content.text, textLimit, undefined, content.anchors)) await receive(part)
      for (const part of companionParts(cut.companions, options, textLimit)) await receive(part)
      return { missing: leftOut(content.omitted), size: null, notes: [] }
    }
    case 'audio':
      await receive(mediaPart(content.media, 'audio', content.sha256))
      return { missing: null, size: null, notes: [] }
  }
}

/**
 * Images up to this size, in bytes, are read once for all that a batch does with them, and held until their asset has ended: forty
 * assets are in work at once. Larger ones are opened by each process that needs them, and checked against the hash there.
 */
export const heldImageBytes = 2e6

type ImageContent = Extract<Content, { kind: 'image' }>

/** A picture that is decoded here and uploaded as well, read once for both if it is small. */
async function loadOnce(content: ImageContent, signal: AbortSignal): Promise<ImageContent | Failure> {
  if ('bytes' in content.input || content.bytes > heldImageBytes) return content
  const bytes = await content.media.load(signal)
  if ('kind' in bytes) return bytes
  return { ...content, input: { bytes }, media: { ...content.media, load: async () => bytes } }
}

/** Why the asset cannot pass, whatever its parts come to; where the person wants it so, what was only noted counts as left out. */
export function missingOf(content: Content, made: MadeParts, { notes }: Pick<ScreenOptions, 'notes'>): Failure | null {
  return made.missing ?? (notes === 'unchecked' ? leftOut(sumRemarks([...content.notes, ...made.notes])) : null)
}

/** What is left out is content that nobody has looked at: without it the asset cannot pass. */
function leftOut(remarks: readonly Remark[]): Failure | null {
  return remarks.length === 0 ? null : inputFailure('left_out', remarks)
}

/** What a picture that was decoded comes to, besides its parts. */
export function decodedEnd({ width, height, leftOut: remarks, notes }: ImageFacts): MadeParts {
  return { missing: leftOut(remarks), size: { width, height }, notes }
}

/**
 * Key (SHA-256, hexadecimal) under which an outcome may be used again: the same content, asked of the same account in the same way and cut in the same way.
 * The openid is left out: any active user's is as good as another.
 */
export function reuseKeyOf(content: Content, lane: Lane, cut: Cut, options: ScreenOptions): string {
  const { profile, transport, text } = lane
  const parts = [
    renditionVersion,
    content.reading,
    content.kind,
    // A text is what was read from the bytes: as JSON and as plain text the same bytes are two texts.
    content.kind === 'text' ? [content.text, content.omitted] : content.sha256,
    profile.platform,
    profile.appid,
    transport?.baseUrl,
    [cut.sync, cut.media].map(endpoint => (endpoint === null ? null : [endpoint.id, endpoint.version])),
    cut.key,
    options.maxTiles,
    options.notes,
    content.kind === 'text' ? [text.scene, text.title, text.nickname, text.signature] : cut.media && [text.scene],
  ]
  return hash('sha256', JSON.stringify(parts))
}

/** Goes up whenever parts are cut in another way, whatever read the content, so that older outcomes are not reused for them. */
const renditionVersion = 2

function companionParts(
  companions: readonly Companion[],
  options: ScreenOptions,
  textLimit: TextLimit,
): readonly TextPart[] {
  return companions.flatMap(field =>
    chunkText(options[field] ?? '', textLimit).map(part => ({
      ...part,
      name: part.name === 'whole' ? field : `${field} ${part.name}`,
      range: null,
      line: null,
      column: null,
    })),
  )
}

export function partHash(part: UnsentPart): string {
  switch (part.kind) {
    case 'text':
      return hash('sha256', part.text)
    case 'image':
      return hash('sha256', part.bytes)
    case 'media':
      return part.sha256
  }
}
