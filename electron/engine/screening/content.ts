import { hash } from 'node:crypto'
import type { Failure } from '../../../shared/conclusion.ts'
import {
  type AssetKind,
  type Companion,
  companions,
  type ImagePart,
  type PartPlace,
  type TextPart,
} from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import { limits, type TextLimit } from '../../../shared/limits.ts'
import type { AssetPieces, PieceKind, PiecePlace, PieceRecord, Section } from '../../../shared/pieces.ts'
import { decodeRemarks, type Remark, type RemarkCode, remark, sumRemarks } from '../../../shared/remarks/index.ts'
import type { Route, RouteReason } from '../../../shared/routes.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { inputFailure } from '../base/input-failure.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { FilmFrame, Played } from '../films/films.ts'
import type { Reading } from '../formats/family.ts'
import { chunkText } from '../formats/text/chunk-text.ts'
import type { Anchor } from '../formats/text/positions.ts'
import type { ImageFacts, ImageInput, Imaging, PrepareOptions } from '../imaging/imaging.ts'
import type { AssetFacts } from '../store/records.ts'
import { endpointOf, type Lane } from './lane.ts'
import { type Media, type MediaPart, mediaPart, refusalByAddress, routeOfImage } from './media.ts'

/** An asset that has been read: what it is, and the pieces that its parts are made from. */
export interface Content {
  readonly kind: AssetKind
  readonly sha256: string
  readonly bytes: number
  readonly reading: Reading
  /** What reading it found that nothing withholds; decoding a picture may find more. */
  readonly notes: readonly Remark[]
  /** What the file shows and none of its pieces holds. */
  readonly omitted: readonly Remark[]
  readonly words: Words | null
  readonly pictures: readonly PicturePiece[]
  readonly films: readonly FilmPiece[]
  readonly recordings: readonly RecordingPiece[]
  /** Whether a Chromium has drawn of it, or will, what it can. */
  readonly isDrawn: boolean
  /** `omitted` for whoever does not see the drawing of a page; null where that changes nothing. */
  readonly undrawn: readonly Remark[] | null
}

interface Words {
  readonly text: string
  readonly encoding: string
  readonly anchors: readonly Anchor[] | null
  readonly sections: readonly Section[]
}

interface ContentPiece {
  /** `Piece.name`; empty for the asset itself, whose parts have no other name before their own. */
  readonly name: string
  readonly places: readonly PiecePlace[]
}

export interface PicturePiece extends ContentPiece {
  /** Of the page itself, as a browser draws it: its words are read beside it. */
  readonly isView?: boolean
  /** By which its outcome may be told apart from another's; null where that is known only when it is loaded. */
  readonly sha256: string | null
  readonly isReadableWhole: boolean
  /** Where it goes by address; null for what is within a file. */
  readonly media: Media | null
  load(signal: AbortSignal): Promise<ImageInput | Failure>
}

/** The pictures of a film: which of its frames are sent is known when all of them are decoded. */
export interface FilmPiece extends ContentPiece {
  /** Null: the hash of the asset tells it apart. */
  readonly sha256: null
  /** Frames that are sent at most; where more differ it is unchecked. */
  readonly maxFrames: number
  play(most: number, receive: (frame: FilmFrame) => Promise<void>, signal: AbortSignal): Promise<Played | Failure>
  /** One frame, to be seen again. */
  frameAt(seconds: number, signal: AbortSignal): Promise<ImageInput | Failure>
}

export interface RecordingPiece extends ContentPiece {
  readonly media: Media
  /** Null where its bytes are not at hand yet. */
  readonly sizeBytes: number | null
  readonly sha256: string
}

/** The asset as one picture, one recording or a text, which most are. */
export function isPicture({ pictures: [first] }: Pick<Content, 'pictures'>): boolean {
  return first?.name === ''
}

/** First lines of a text, for the grid. */
const excerptUnits = 200

export function excerptOf(text: string): string {
  return text.slice(0, excerptUnits).toWellFormed()
}

/** `made` is what making its parts found out; null before. */
export function factsOf(content: Content, made: MadeParts | null = null): AssetFacts {
  const { kind, bytes, sha256, reading, words } = content
  return {
    kind,
    bytes,
    sha256,
    width: made?.size?.width ?? null,
    height: made?.size?.height ?? null,
    encoding: words?.encoding ?? null,
    excerpt: words === null ? null : excerptOf(words.text),
    text: words?.text ?? null,
    pieces: piecesOf(content, made),
    reading,
    notes: sumRemarks([...content.notes, ...(made?.notes ?? [])]),
  }
}

/** What is kept of its pieces, so that their places have names afterwards too; null where it has none. */
function piecesOf({ pictures, recordings, words }: Content, made: MadeParts | null): AssetPieces | null {
  const within = (kind: PieceKind, pieces: readonly ContentPiece[]) =>
    pieces.flatMap(({ name, places }) => {
      if (name === '' || made?.same.has(name)) return []
      const others = pieces.filter(other => made?.same.get(other.name) === name).flatMap(other => other.places)
      return [{ kind, name, places: [...places, ...others], size: made?.sizes.get(name) }]
    })
  const pieces = [...(made?.frames ?? []), ...within('picture', pictures), ...within('recording', recordings)]
  const sections = words?.sections ?? []
  return pieces.length === 0 && sections.length === 0 ? null : { pieces, sections }
}

/** How an asset's parts must be cut for a profile; lanes with the same cut, which is of one platform, share the parts. */
export interface Cut {
  readonly kind: 'cut'
  readonly key: string
  readonly way: Route
  readonly why: RouteReason
  /** Takes words; null where there are none, or nothing takes them. */
  readonly text: Endpoint | null
  /** Takes pictures that are sent in the call; null where there are none, nothing takes them, or they go by address alone. */
  readonly image: Endpoint | null
  /** Takes the address of the asset or of a recording in it; null when everything is sent in calls. */
  readonly media: Endpoint | null
  /** What is in the asset and no endpoint of the profile takes. */
  readonly untaken: readonly Remark[]
  readonly imageMode: ScreenOptions['imageMode']
  /** What goes with a text and its calls do not carry: each is a part of its own, since otherwise it would be screened nowhere. */
  readonly companions: readonly Companion[]
}

/** Those that the text's own call does not take along. */
export function companionsOf(endpoint: Endpoint, scene: number): readonly Companion[] {
  const carried = endpoint.carries(scene)
  return companions.filter(companion => !carried.includes(companion))
}

export function cutOf(content: Content, lane: Lane, lanes: readonly Lane[], options: ScreenOptions): Cut | Failure {
  const imageMode = options.imageMode === 'auto' ? lane.profile.imageMode : options.imageMode
  const { words, pictures, films, recordings } = content
  const media = endpointOf(lane, 'media-url')
  const hasRelay = lane.publish !== null && media !== null
  if (recordings[0]?.name === '') return cutOfRecording(content, media, hasRelay, imageMode)
  const textEndpoint = words === null ? null : endpointOf(lane, 'text')
  const [own] = pictures
  const { way, why } =
    own?.media == null
      ? ({ way: 'sync', why: 'only_way' } as const)
      : routeOfImage(lane.profile.imageRoute, { mime: own.media.mime, sizeBytes: content.bytes, hasRelay })
  const isSeen = own !== undefined || films.length > 0
  const image = !isSeen || way === 'async' ? null : endpointOf(lane, 'image')
  const heard = hasRelay ? recordings : []
  const isTaken = textEndpoint !== null || image !== null || way === 'async' || heard.length > 0
  if (!isTaken) {
    const isEmpty = words === null && !isSeen && recordings.length === 0
    if (isEmpty) return inputFailure('left_out', content.omitted)
    if (media === null || recordings.length === 0) return inputFailure('kind_not_taken', '')
    const unheard = counted('recordings_need_relay', recordings.length)
    return content.omitted.length === 0
      ? inputFailure('needs_relay', '')
      : inputFailure('left_out', [...content.omitted, ...unheard])
  }
  const unseen = pictures.filter(({ isView }) => isView !== true).length + films.length
  const unjudged = [
    ...(image === null && way !== 'async' ? counted('untaken_pictures', unseen) : []),
    ...counted(media === null ? 'untaken_recordings' : 'recordings_need_relay', recordings.length - heard.length),
  ]
  const untaken = [
    ...(words !== null && textEndpoint === null ? [remark('untaken_words')] : []),
    ...(isBesideAccount(lane, lanes) ? [] : unjudged),
  ]
  const companions = textEndpoint === null ? [] : companionsOf(textEndpoint, lane.text.scene)
  const byAddress = way !== 'sync' || heard.length > 0 ? media : null
  const key = [
    textEndpoint && [textEndpoint.id, textEndpoint.textLimit, companions],
    isSeen && [image?.id, byAddress?.id, imageMode, way],
    heard.length > 0 && byAddress?.id,
    untaken,
  ]
  return {
    kind: 'cut',
    key: JSON.stringify(key),
    way,
    why,
    text: textEndpoint,
    image,
    media: byAddress,
    imageMode,
    companions,
    untaken,
  }
}

/** What looks at words on this machine says nothing against pictures and sounds that a platform is asked about. */
export function isBesideAccount(lane: Lane, lanes: readonly Lane[]): boolean {
  return lane.needs === 'nothing' && lanes.some(({ needs }) => needs === 'account')
}

function counted(code: RemarkCode, count: number): readonly Remark[] {
  return count === 0 ? [] : [remark(code, { count })]
}

function cutOfRecording(
  { bytes, recordings: [own] }: Content,
  media: Endpoint | null,
  hasRelay: boolean,
  imageMode: ScreenOptions['imageMode'],
): Cut | Failure {
  if (media === null) return inputFailure('kind_not_taken', '')
  if (!hasRelay) return inputFailure('needs_relay', '')
  if (own === undefined || refusalByAddress('audio', own.media.mime, bytes) !== null) {
    return inputFailure('too_large', [remark('bytes_over', { count: bytes, limit: limits.mediaMaxBytes })])
  }
  const only = { text: null, image: null, media, imageMode, companions: [], untaken: [] }
  return { kind: 'cut', key: 'audio', way: 'async', why: 'only_way', ...only }
}

/** The endpoint that takes a part of this cut. */
export function endpointFor(cut: Cut, part: UnsentPart): Endpoint {
  const endpoint = part.kind === 'media' ? cut.media : part.kind === 'text' ? cut.text : cut.image
  if (endpoint === null) throw new Error(`nothing takes ${part.kind} parts`)
  return endpoint
}

/** All that a cut's parts go to. */
export function endpointsOf({ text, image, media }: Cut): readonly Endpoint[] {
  return [text, image, media].filter(each => each !== null)
}

/** A part as it is made; media get their address when they are sent. */
export type UnsentPart = TextPart | ImagePart | MediaPart

/** How many parts of one asset may wait for their checks, so that one long poster does not fill the memory. */
export type Receive = (part: UnsentPart) => Promise<void>

interface PictureSize {
  readonly width: number
  readonly height: number
}

/** What making an asset's parts came to. */
export interface MadeParts {
  /** Why not everything was handed over, so that the asset cannot pass; null when it was. */
  readonly missing: Failure | null
  /** The size of a picture, upright, in pixels; null for other kinds. */
  readonly size: PictureSize | null
  /** Those of the pictures in it, by the pieces' names. */
  readonly sizes: ReadonlyMap<string, PictureSize>
  /** Pictures of equal bytes are one piece, which is asked about once: the name of each further one, with that of the first. */
  readonly same: ReadonlyMap<string, string>
  /** Frames of films that were chosen. */
  readonly frames: readonly PieceRecord[]
  readonly notes: readonly Remark[]
}

/** Makes all parts and hands them to `receive` in order: words, then pictures, films and recordings. */
export async function makeParts(
  imaging: Imaging,
  content: Content,
  cut: Cut,
  options: ScreenOptions,
  receive: Receive,
  signal: AbortSignal,
): Promise<MadeParts> {
  const shown = cut.image === null ? (content.undrawn ?? content.omitted) : content.omitted
  const omitted = [...shown, ...cut.untaken]
  const notes: Remark[] = []
  const sizes = new Map<string, PictureSize>()
  const firsts = new Map<string, string>()
  const same = new Map<string, string>()
  let missing: Failure | null = null
  if (content.words !== null && cut.text !== null) {
    missing = await makeTextParts(content.words, cut.text, cut.companions, options, receive)
  }
  for (const picture of content.pictures) {
    if (cut.image === null && cut.media === null) break
    const made = await makePictureParts(imaging, picture, content, cut, options, { receive, firsts, signal })
    if (made.kind === 'same') {
      same.set(picture.name, made.first)
    } else if (made.kind === 'facts') {
      sizes.set(picture.name, { width: made.width, height: made.height })
      omitted.push(...placedIn(picture, made.leftOut))
      notes.push(...placedIn(picture, made.notes))
    } else if (picture.name === '' || passing.has(made.code)) {
      missing ??= made
    } else {
      omitted.push(...placedIn(picture, decodeRemarks(made.detail) ?? [remark('unread_picture')]))
    }
  }
  const frames: PieceRecord[] = []
  for (const film of cut.image === null ? [] : content.films) {
    const seen = await makeFrameParts(imaging, film, options, receive, signal)
    frames.push(...seen.frames)
    missing ??= seen.missing
    omitted.push(...seen.leftOut)
  }
  for (const { name, media, sha256 } of content.recordings) {
    if (cut.media !== null) await receive(namedIn(name, mediaPart(media, 'audio', sha256)))
  }
  const size = sizes.get('') ?? frames[0]?.size ?? null
  return { missing: missing ?? leftOut(sumRemarks(omitted)), size, sizes, same, frames, notes }
}

/** Failures that say nothing of the picture: its asset is to be screened again. */
const passing: ReadonlySet<FailureCode> = new Set([
  'interrupted',
  'preparation_failed',
  'changed_file',
  'unreadable_file',
  'internal_error',
])

/** What is said of a piece, with the name by which people find it. */
function placedIn({ name }: ContentPiece, remarks: readonly Remark[]): readonly Remark[] {
  return name === '' ? remarks : remarks.map(each => ({ ...each, place: each.place ?? name }))
}

/** A part of a piece: its name begins with the piece's. */
function namedIn<Part extends PartPlace>(piece: string, part: Part): Part {
  if (piece === '') return part
  const isAll = part.name === 'whole' || part.name === 'original'
  return { ...part, name: isAll ? piece : `${piece} ${part.name}` }
}

async function makeTextParts(
  words: Words,
  endpoint: Endpoint,
  apart: readonly Companion[],
  options: ScreenOptions,
  receive: Receive,
): Promise<Failure | null> {
  const { textLimit } = endpoint
  if (textLimit === null) return inputFailure('internal_error', [remark('wrong_endpoint', { name: endpoint.id })])
  for (const part of chunkText(words.text, textLimit, undefined, words.anchors)) await receive(part)
  for (const part of companionParts(apart, options, textLimit)) await receive(part)
  return null
}

interface SamePicture {
  readonly kind: 'same'
  readonly first: string
}

async function makePictureParts(
  imaging: Imaging,
  picture: PicturePiece,
  content: Content,
  cut: Cut,
  options: ScreenOptions,
  {
    receive,
    firsts,
    signal,
  }: { readonly receive: Receive; readonly firsts: Map<string, string>; readonly signal: AbortSignal },
): Promise<ImageFacts | SamePicture | Failure> {
  const loaded = await loadOnce(picture, content.bytes, cut, signal)
  if (loaded.kind === 'failure') return loaded
  const { input, media } = loaded
  if (media !== null) await receive(mediaPart(media, 'image', content.sha256))
  const prepareOptions = prepareOptionsOf(picture, cut, options)
  if (picture.name !== '') {
    const key = `${prepareOptions.mode} ${'bytes' in input ? hash('sha256', input.bytes) : input.sha256}`
    const first = firsts.get(key)
    if (first !== undefined) return { kind: 'same', first }
    firsts.set(key, picture.name)
  }
  // What cannot be decoded here is no picture that anyone should call checked.
  if (cut.image === null) return await imaging.inspect(input, prepareOptions, signal)
  const receivePart = (part: ImagePart) => receive(namedIn(picture.name, part))
  const prepared = await imaging.prepare(input, prepareOptions, receivePart, signal)
  return prepared.kind === 'failure' ? prepared : prepared.facts
}

interface SeenFrames {
  readonly frames: readonly PieceRecord[]
  readonly missing: Failure | null
  readonly leftOut: readonly Remark[]
}

/** Frames are pictures with a second each, sent shrunk to the limits; those of the first film in a file have no other name. */
async function makeFrameParts(
  imaging: Imaging,
  film: FilmPiece,
  { maxTiles }: ScreenOptions,
  receive: Receive,
  signal: AbortSignal,
): Promise<SeenFrames> {
  const { maxFrames } = film
  const frames: PieceRecord[] = []
  const leftOut: Remark[] = []
  let missing: Failure | null = null
  const take = async ({ seconds, jpeg }: FilmFrame) => {
    const name = `${film.name === 'film 1' ? '' : `${film.name} `}frame ${frames.length + 1}`
    const receivePart = (part: ImagePart) => receive(namedIn(name, part))
    const made = await imaging.prepare({ bytes: jpeg }, { mode: 'fit', maxTiles }, receivePart, signal)
    if (made.kind === 'failure') missing ??= made
    const size = made.kind === 'failure' ? undefined : { width: made.facts.width, height: made.facts.height }
    frames.push({ kind: 'picture', name, places: [{ seconds }], size })
  }
  const played = await film.play(maxFrames, take, signal)
  if (played.kind === 'failure') return { frames, missing: played, leftOut }
  leftOut.push(...placedIn(film, played.leftOut))
  // What was sent may be risky; it cannot pass for what was not.
  if (played.sights > maxFrames)
    missing ??= inputFailure('too_large', [remark('film_frames_many', { count: played.sights, limit: maxFrames })])
  return { frames, missing, leftOut }
}

/** A page whose print can be read when all of it is sent in one call is not cut, unless the person wants it so. */
export function prepareOptionsOf(
  { isReadableWhole }: PicturePiece,
  { imageMode }: Cut,
  { maxTiles }: ScreenOptions,
): PrepareOptions {
  return { mode: isReadableWhole && imageMode === 'auto' ? 'fit' : imageMode, maxTiles }
}

/**
 * Images up to this size, in bytes, are read once for all that a batch does with them, and held until their asset has ended: forty
 * assets are in work at once. Larger ones are opened by each process that needs them, and checked against the hash there.
 */
export const heldImageBytes = 2e6

interface LoadedPicture {
  readonly kind: 'loaded'
  readonly input: ImageInput
  /** Where it is uploaded as well. */
  readonly media: Media | null
}

/** A picture that is decoded here and uploaded as well, read once for both if it is small. */
async function loadOnce(
  picture: PicturePiece,
  sizeBytes: number,
  cut: Cut,
  signal: AbortSignal,
): Promise<LoadedPicture | Failure> {
  const input = await picture.load(signal)
  if ('kind' in input) return input
  const media = cut.media === null ? null : picture.media
  if (media === null || 'bytes' in input || sizeBytes > heldImageBytes) return { kind: 'loaded', input, media }
  const bytes = await media.load(signal)
  if ('kind' in bytes) return bytes
  return { kind: 'loaded', input: { bytes }, media: { ...media, load: async () => bytes } }
}

/** Why the asset cannot pass, whatever its parts come to; where the person wants it so, what was only noted counts as left out. */
export function missingOf(content: Content, made: MadeParts, { notes }: Pick<ScreenOptions, 'notes'>): Failure | null {
  return made.missing ?? (notes === 'unchecked' ? leftOut(sumRemarks([...content.notes, ...made.notes])) : null)
}

/** What is left out is content that nobody has looked at: without it the asset cannot pass. */
function leftOut(remarks: readonly Remark[]): Failure | null {
  return remarks.length === 0 ? null : inputFailure('left_out', remarks)
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
    // Words are what was read from the bytes: as JSON and as plain text the same bytes are two texts.
    content.words === null ? content.sha256 : [content.words.text, content.omitted],
    [...content.pictures, ...content.films, ...content.recordings].flatMap(({ name, sha256 }) =>
      name === '' ? [] : [[name, sha256 ?? content.sha256]],
    ),
    profile.platform,
    profile.appid,
    transport?.baseUrl,
    [cut.text, cut.image, cut.media].map(endpoint => (endpoint === null ? null : [endpoint.id, endpoint.version])),
    cut.key,
    options.maxTiles,
    content.films[0]?.maxFrames ?? null,
    options.notes,
    cut.text !== null ? [text.scene, text.title, text.nickname, text.signature] : cut.media && [text.scene],
    // What was screened without its drawing is another asset.
    ...(content.isDrawn ? [drawingVersion] : []),
  ]
  return hash('sha256', JSON.stringify(parts))
}

/** Goes up whenever parts are cut in another way, whatever read the content, so that older outcomes are not reused for them. */
const renditionVersion = 3

/** Goes up whenever Chromium is made to draw otherwise. */
const drawingVersion = 'drawn 1'

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
