import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { dirname, join, posix, sep } from 'node:path'
import { type Failure, failure } from '../../../shared/conclusion.ts'
import { limits } from '../../../shared/limits.ts'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import { inputFailure } from '../base/input-failure.ts'
import { openFile, readWhole } from '../base/open-file.ts'
import type { FilmRef, Films } from '../films/films.ts'
import type { Piece } from '../formats/documents/document.ts'
import type { Documents } from '../formats/documents/documents.ts'
import { intakeLimits, type Source } from '../formats/source.ts'
import type { ImageInput } from '../imaging/imaging.ts'
import type { Asset, MediaAsset, ReadAsset } from '../intake/read-asset.ts'
import type { Content, FilmPiece, PicturePiece, RecordingPiece } from './content.ts'
import type { BesidePage, Drawing } from './drawing.ts'
import { loadFile, type Media } from './media.ts'

/** What loading the pieces of an asset takes. */
interface Loading {
  readonly documents: Documents
  /** Null where nothing plays films. */
  readonly films: Films | null
  /** Frames of a film that are sent at most. */
  readonly maxFrames: number
  /** Null where no Chromium is there. */
  readonly drawing: Drawing | null
  /** For what lies in an archive: where it is unpacked to, and its own path there. Null for what does not. */
  readonly archived?: Archived | null
  readonly signal: AbortSignal
}

export interface Archived {
  readonly path: string
  /** The file with what is at another path in the same archive. */
  unpack(path: string, signal: AbortSignal): Promise<string | Failure>
}

/** An asset that was read, as the pieces that its parts are made from; each is loaded when its turn comes. */
export async function contentOf(
  source: Source,
  asset: Asset,
  options: ScreenOptions,
  loading: Loading,
): Promise<Content> {
  const { kind, sha256, sizeBytes: bytes, reading, notes } = asset
  const base = { kind, sha256, bytes, reading, notes }
  if (asset.form === 'media') return { ...base, ...ownPiece(source, asset, options, loading.drawing) }
  const { text, encoding, format, anchors, sections } = asset
  const words = text === '' ? null : { text, encoding: encoding ?? format, anchors, sections }
  const pieces = await piecesOf(source, asset, loading)
  const drawn = source.kind === 'file' ? await drawingOf(source.path, asset, pieces, loading) : null
  if (drawn === null) return { ...base, words, ...pieces, isDrawn: false, undrawn: null }
  const pictures = [...pieces.pictures, ...drawn.pictures]
  return {
    ...base,
    words,
    ...pieces,
    pictures,
    omitted: drawn.omitted,
    notes: [...notes, ...drawn.notes],
    isDrawn: true,
    undrawn: pieces.omitted,
  }
}

/** The page as people see it; null where it is none, or nothing draws it. */
async function drawingOf(path: string, asset: ReadAsset, pieces: Pieces, { drawing, signal }: Loading) {
  if (drawing === null || asset.drawable === null) return null
  const beside: BesidePage = new Map(
    asset.pieces.flatMap(({ name, from }) => {
      const picture = pieces.pictures.find(each => each.name === name)
      return from.kind === 'file' && picture !== undefined ? [[from.path.replace(/^(?:\.\/)+/, ''), picture.load]] : []
    }),
  )
  return await drawing.page(path, { ...asset, omitted: pieces.omitted }, beside, signal)
}

type Pieces = Pick<Content, 'pictures' | 'films' | 'recordings' | 'omitted'>

function ownPiece(
  source: Source,
  asset: MediaAsset,
  options: ScreenOptions,
  drawing: Drawing | null,
): Pieces & Pick<Content, 'words' | 'isDrawn' | 'undrawn'> {
  const media = mediaOf(source, asset, options)
  const own = { name: '', places: [], media, sha256: asset.sha256 }
  if (asset.kind === 'audio') {
    const recordings = [{ ...own, sizeBytes: asset.sizeBytes }]
    return { words: null, pictures: [], films: [], recordings, omitted: [], isDrawn: false, undrawn: null }
  }
  const input: ImageInput =
    asset.bytes === null && source.kind === 'file'
      ? { path: source.path, sha256: asset.sha256 }
      : { bytes: asset.bytes ?? new Uint8Array(0) }
  const draw = asset.reading.startsWith('svg ') ? drawing?.svg : undefined
  const load = async (signal: AbortSignal) => (draw === undefined ? input : await draw(input, signal))
  const picture = { ...own, isReadableWhole: false, load }
  return {
    words: null,
    pictures: [picture],
    films: [],
    recordings: [],
    omitted: [],
    isDrawn: draw !== undefined,
    undrawn: null,
  }
}

/** An asset's own bytes for a platform that downloads them; listed addresses are public unless private ones are allowed. */
function mediaOf(source: Source, asset: MediaAsset, options: ScreenOptions): Media {
  return {
    mime: asset.mime,
    publicUrl: source.kind === 'url' && !options.allowPrivateUrls ? source.url : null,
    load: async signal => {
      if (asset.bytes !== null) return asset.bytes
      if (source.kind === 'file') return loadFile(source.path, asset.sha256, signal)
      return failure('BUG', 'internal_error', detailOf('empty_part'))
    },
  }
}

async function piecesOf(source: Source, asset: ReadAsset, loading: Loading): Promise<Pieces> {
  const pictures: PicturePiece[] = []
  const films: FilmPiece[] = []
  const recordings: RecordingPiece[] = []
  const omitted: Remark[] = [...asset.omitted]
  for (const piece of asset.pieces) {
    if (piece.from.kind === 'film' && loading.films !== null && asset.document !== null) {
      const film = { ...asset.document, ...piece.from }
      films.push({ ...filmOf(loading.films, film, piece), maxFrames: loading.maxFrames })
      continue
    }
    const found = await findPiece(source, asset, piece, loading)
    if ('code' in found) {
      omitted.push({ ...found, place: found.place ?? piece.name })
      continue
    }
    const { name, places } = piece
    const { sha256, load } = found
    if (piece.kind === 'picture') {
      const isReadableWhole = piece.isReadableWhole ?? false
      pictures.push({
        name,
        places,
        sha256,
        isReadableWhole,
        media: null,
        load: async signal => inputOf(await load(signal)),
      })
    } else {
      const media = { mime: '', publicUrl: null, load: async (stop: AbortSignal) => withinLimit(await load(stop)) }
      // Apart from every other in the same file: what waits under one hash is answered together.
      const own = sha256 ?? createHash('sha256').update(`${asset.sha256} ${name}`).digest('hex')
      recordings.push({ name, places, sizeBytes: null, sha256: own, media })
    }
  }
  return { pictures, films, recordings, omitted }
}

function filmOf(
  films: Films,
  { path, sha256, track, codec }: FilmRef,
  { name, places }: Piece,
): Omit<FilmPiece, 'maxFrames'> {
  const film = { path, sha256, track, codec }
  return {
    name,
    places,
    sha256: null,
    play: (most, receive, signal) => films.play(film, most, receive, signal),
    frameAt: async (seconds, signal) => {
      const frame = await films.frameAt(film, seconds, signal)
      return 'kind' in frame ? frame : { bytes: frame.jpeg }
    },
  }
}

function inputOf(loaded: Uint8Array | Failure): ImageInput | Failure {
  return 'kind' in loaded ? loaded : { bytes: loaded }
}

/** What the platform would not download is not published for it. */
function withinLimit(loaded: Uint8Array | Failure): Uint8Array | Failure {
  if ('kind' in loaded || loaded.length <= limits.mediaMaxBytes) return loaded
  return inputFailure('too_large', [remark('bytes_over', { count: loaded.length, limit: limits.mediaMaxBytes })])
}

interface FoundPiece {
  /** Null for what is within the asset's own bytes: their hash tells it apart. */
  readonly sha256: string | null
  load(signal: AbortSignal): Promise<Uint8Array | Failure>
}

/** What a piece is loaded from; a remark where it is left out. */
async function findPiece(
  source: Source,
  { document }: ReadAsset,
  { from, sha256 }: Piece,
  { documents, archived, signal }: Loading,
): Promise<FoundPiece | Remark> {
  switch (from.kind) {
    case 'handle': {
      const { handle } = from
      if (document === null) return remark('unread_picture')
      return { sha256: sha256 ?? null, load: stop => documents.load(document, handle, stop) }
    }
    case 'bytes': {
      const { bytes } = from
      return { sha256: null, load: async () => bytes }
    }
    case 'file':
      return archived == null
        ? await findBeside(source, from.path, signal)
        : await findInArchive(archived, from.path, signal)
    case 'url':
      return remark('remote_picture', { name: from.url })
    case 'film':
      return remark('film_needs_browser')
  }
}

/** A file beside the asset's own, or in a folder below it: what lies elsewhere was not dropped. */
async function findBeside(source: Source, path: string, signal: AbortSignal): Promise<FoundPiece | Remark> {
  if (source.kind !== 'file') return remark('picture_elsewhere', { name: path })
  const folder = await realpath(dirname(source.path)).catch(() => null)
  const file = folder === null ? null : await realpath(join(folder, path)).catch(() => null)
  if (folder === null || file === null) return remark('picture_gone', { name: path })
  if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return remark('picture_elsewhere', { name: path })
  const bytes = await readFile(file, signal)
  if ('kind' in bytes) return remark('picture_gone', { name: path })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { sha256, load: stop => loadFile(file, sha256, stop) }
}

/** The same for a page in an archive; what is not there may be unpacked again when it is loaded. */
async function findInArchive(archived: Archived, path: string, signal: AbortSignal): Promise<FoundPiece | Remark> {
  const folder = posix.dirname(archived.path)
  const own = posix.join(folder, path)
  if (folder === '.' ? own.startsWith('../') : !own.startsWith(`${folder}/`))
    return remark('picture_elsewhere', { name: path })
  const file = await archived.unpack(own, signal)
  const bytes = typeof file === 'string' ? await readFile(file, signal) : file
  if ('kind' in bytes) return remark('picture_gone', { name: path })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const load = async (stop: AbortSignal) => {
    const again = await archived.unpack(own, stop)
    return typeof again === 'string' ? await loadFile(again, sha256, stop) : again
  }
  return { sha256, load }
}

async function readFile(path: string, signal: AbortSignal): Promise<Uint8Array | Failure> {
  const file = await openFile(path)
  if (file.kind === 'failure') return file
  try {
    if (file.sizeBytes > intakeLimits.imageBytes) return inputFailure('too_large', '')
    const read = await readWhole(file, 'bytes', signal)
    return read.kind === 'failure' ? read : read.bytes
  } finally {
    await file.handle.close()
  }
}
