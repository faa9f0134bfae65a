/** The pictures and recordings of a package (ZIP): each a piece, or left out under the name of its format. */

import { hash } from 'node:crypto'
import { posix } from 'node:path'
import { fileTypeFromBuffer } from 'file-type'
import type { Failure } from '../../../../shared/conclusion.ts'
import type { PieceKind, PiecePlace } from '../../../../shared/pieces.ts'
import { type Remark, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { sniffImage } from '../../imaging/image-format.ts'
import { Refusal } from '../../imaging/refusal.ts'
import type { unpackEntry } from '../archives/zip-archive.ts'
import { isTakenAudio } from '../audio/audio.ts'
import type { Piece } from '../documents/document.ts'
import { intakeLimits } from '../source.ts'

export interface PackageMedia {
  /** A file of the package that is shown at this place; null where it is shown has no number. */
  show(name: string, place: PiecePlace | null): Promise<void>
  /** The same for a file that perhaps is no picture and no recording: false, and nothing is left out, where it is none. */
  showPerhaps(name: string): Promise<boolean>
  /** Whether a file was shown, also where it was left out. */
  has(name: string): boolean
  finish(): { readonly pieces: readonly Piece[]; readonly omitted: readonly Remark[] }
}

type BytesOf = (name: string, maxBytes: number) => ReturnType<typeof unpackEntry>

/** What all files of one package together may unpack to before they are no longer looked at: a deck of 200 photographs has half of it. */
const maxTotalBytes = 500_000_000
/** One call each at the least. */
export const maxPieces = 3000

/** What a file of a package is. */
export interface MediaFile {
  readonly kind: PieceKind
  /** Of its bytes, hexadecimal. */
  readonly sha256: string
}

/** Looks at the files of one package, each once; a remark says why one can be no piece. */
export function createMediaFiles(bytesOf: BytesOf): (file: string) => Promise<MediaFile | Remark> {
  const looked = new Map<string, Promise<MediaFile | Remark>>()
  let left = maxTotalBytes
  const look = async (file: string): Promise<MediaFile | Remark> => {
    const unpacked = await bytesOf(file, Math.min(left, intakeLimits.imageBytes))
    if (unpacked.kind !== 'unpacked') {
      return remark(unpacked.kind === 'over limit' ? 'large_inside' : 'unread_picture', { count: 1 })
    }
    left -= unpacked.bytes.length
    const kind = await mediaKindOf(unpacked.bytes, file)
    return typeof kind === 'string' ? { kind, sha256: hash('sha256', unpacked.bytes) } : kind
  }
  return file => {
    const known = looked.get(file) ?? look(file)
    looked.set(file, known)
    return known
  }
}

interface FoundPiece {
  readonly kind: PieceKind
  readonly name: string
  readonly handle: string
  readonly places: PiecePlace[]
}

export function createPackageMedia(bytesOf: BytesOf): PackageMedia {
  const omitted: Remark[] = []
  /** By the hash of the bytes, so that the logo of forty slides is sent once. */
  const byHash = new Map<string, FoundPiece>()
  /** By the name of the file; null where it is left out. */
  const byFile = new Map<string, FoundPiece | null>()
  const counts = new Map<string, number>()
  const look = createMediaFiles(bytesOf)

  function nameFor(kind: PieceKind, slide: number | undefined): string {
    const base = `${slide === undefined ? '' : `slide ${slide} `}${kind === 'picture' ? 'picture' : 'sound'}`
    const number = (counts.get(base) ?? 0) + 1
    counts.set(base, number)
    return `${base} ${number}`
  }

  async function find(file: string, slide: number | undefined, isSure: boolean): Promise<FoundPiece | null> {
    const looked = await look(file)
    if ('code' in looked) {
      if (isSure) omitted.push(looked)
      return null
    }
    const { kind, sha256 } = looked
    const known = byHash.get(sha256)
    if (known !== undefined) return known
    if (byHash.size >= maxPieces) {
      omitted.push(remark('large_inside', { count: 1 }))
      return null
    }
    const piece = { kind, name: nameFor(kind, slide), handle: file, places: [] }
    byHash.set(sha256, piece)
    return piece
  }

  return {
    has: name => byFile.has(name),
    async show(file, place) {
      let piece = byFile.get(file)
      if (piece === undefined) {
        piece = await find(file, place?.slide, true)
        byFile.set(file, piece)
      }
      if (piece === null || place === null) return
      const key = JSON.stringify(place)
      if (!piece.places.some(each => JSON.stringify(each) === key)) piece.places.push(place)
    },
    async showPerhaps(file) {
      const piece = byFile.get(file) ?? (await find(file, undefined, false))
      if (piece !== null) byFile.set(file, piece)
      return piece !== null
    },
    finish: () => ({
      pieces: Array.from(byHash.values(), ({ kind, name, handle, places }) => ({
        kind,
        name,
        places,
        from: { kind: 'handle', handle },
      })),
      omitted: sumRemarks(omitted),
    }),
  }
}

/** Why a file is neither a picture nor a recording that can be judged, as far as it is known. */
async function mediaKindOf(bytes: Uint8Array, file: string): Promise<PieceKind | Remark> {
  if (isPicture(bytes)) return 'picture'
  if (isMetafile(bytes)) return remark('picture_inside', { name: 'EMF/WMF' })
  const type = await fileTypeFromBuffer(bytes)
  const name = (type?.ext ?? posix.extname(file).slice(1)).toUpperCase()
  if (type === undefined) return namesPicture.test(file) ? remark('unread_picture') : remark('file_inside', { name })
  if (isTakenAudio(type.ext, type.mime)) return 'recording'
  if (type.mime.startsWith('image/')) return remark('picture_inside', { name })
  if (type.mime.startsWith('video/') || type.mime === 'application/vnd.ms-asf') return remark('film_inside', { name })
  if (type.mime.startsWith('audio/')) return remark('sound_inside', { name })
  return remark('file_inside', { name })
}

const namesPicture = /\.(?:png|jpe?g|gif|bmp|tiff?|webp|svg)$/

/** Also when it cannot be decoded, which the imaging room says with its own words. */
export function isPicture(bytes: Uint8Array): boolean {
  try {
    return sniffImage(bytes) !== null
  } catch (error) {
    if (error instanceof Refusal) return true
    throw error
  }
}

/** Windows' own drawings (EMF, WMF with and without the header that places it). */
function isMetafile(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 44)).toString('hex')
  return (
    start.startsWith('d7cdc69a') ||
    /^0[12]0009000[0-9]0[13]/.test(start) ||
    (start.startsWith('01000000') && start.slice(80) === '20454d46')
  )
}

/** For `OpenDocument.load`: a handle is the name of a file. */
export async function loadMedia(bytesOf: BytesOf, handle: string): Promise<Uint8Array | Failure> {
  const unpacked = await bytesOf(handle, intakeLimits.imageBytes)
  return unpacked.kind === 'unpacked'
    ? unpacked.bytes
    : inputFailure('damaged_document', [remark('damaged_part', { name: handle })])
}
