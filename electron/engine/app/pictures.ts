import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../../shared/problems.ts'
import { writeFileAtomically } from '../base/atomic-file.ts'
import type { Source } from '../formats/source.ts'
import type { Imaging, ThumbnailOptions } from '../imaging/imaging.ts'
import type { Material } from '../screening/material.ts'
import type { StoreReader } from '../store/ports.ts'
import type { Engine, Picture } from './api.ts'

/** Formats that a browser shows by itself; anything else is re-encoded. SVG is not among them: it is drawn, never run. */
const shownByBrowsers: readonly { readonly mime: string; readonly magic: readonly number[]; readonly at: number }[] = [
  { mime: 'image/png', magic: [0x89, 0x50, 0x4e, 0x47], at: 0 },
  { mime: 'image/jpeg', magic: [0xff, 0xd8, 0xff], at: 0 },
  { mime: 'image/gif', magic: [0x47, 0x49, 0x46, 0x38], at: 0 },
  { mime: 'image/webp', magic: [0x57, 0x45, 0x42, 0x50], at: 8 },
]

/** Longest side of a re-encoded original. */
const redrawnPx = 4096

/** Pictures of assets for the window. Thumbnails are kept by content hash in a cache that may be deleted at any time. */
export function createPictures(options: {
  readonly cacheDir: string
  readonly imaging: Imaging
  readonly reader: Pick<StoreReader, 'asset' | 'pieces'>
  readonly material: Pick<Material, 'imageOf' | 'loadPiece'>
}): Pick<Engine['assets'], 'thumbnail' | 'original' | 'png'> {
  const { reader, material } = options
  const pictureIn = async (asset: number, piece: string | null) =>
    (await reader.pieces(asset))?.pieces.find(({ kind, name }) => kind === 'picture' && (piece ?? name) === name)

  const inputOf = async (asset: number, piece: string | null) => {
    const row = await reader.asset(asset)
    if (row === null) throw new Problem('not_found', `asset ${asset}`)
    const picture = await pictureIn(asset, piece)
    if (piece !== null || picture !== undefined) {
      const name = piece ?? picture?.name ?? null
      const seconds = picture?.places[0]?.seconds ?? null
      const input = await material.loadPiece(row.source, name, seconds, AbortSignal.timeout(60_000))
      if (input === null) throw new Problem('not_found', row.path)
      return { row, input }
    }
    // `source` is written by this program only.
    const source = JSON.parse(row.source) as Source
    const input = await material.imageOf(source)
    if (input === null) throw new Problem('not_found', row.path)
    return { row, input }
  }

  return {
    thumbnail: async (asset, { piece, ...shown }) => {
      const row = await reader.asset(asset)
      if (row === null) throw new Problem('not_found', `asset ${asset}`)
      const file =
        row.sha256 === null || shown.as !== undefined
          ? null
          : join(options.cacheDir, row.sha256.slice(0, 2), `${row.sha256}-${nameOf(shown, piece ?? null)}.webp`)
      if (file !== null) {
        const cached = await readFile(file).catch(() => null)
        if (cached !== null) return { bytes: cached, mime: 'image/webp' }
      }
      const { input } = await inputOf(asset, piece ?? null)
      // Another content under the same name must not be shown, nor kept, as what was screened.
      const same = 'path' in input && row.sha256 !== null ? { sha256: row.sha256, ...input } : input
      const made = await options.imaging.thumbnail(same, shown, AbortSignal.timeout(60_000))
      if (made.kind === 'failure') throw new Problem('not_found', made.detail)
      if (file !== null) await keep(file, made.bytes)
      return made
    },
    png: async (asset, piece) => {
      const { row, input } = await inputOf(asset, piece)
      // Another content under the same name must not be handed on as what was screened.
      const same = 'path' in input && row.sha256 !== null ? { sha256: row.sha256, ...input } : input
      const sizePx = Math.min(redrawnPx, Math.max(1, row.width ?? redrawnPx, row.height ?? 0))
      const drawn = { sizePx, blur: 'off', grey: false, frame: 0, as: 'png' } as const
      const made = await options.imaging.thumbnail(same, drawn, AbortSignal.timeout(60_000))
      if (made.kind === 'failure') throw new Problem('not_found', made.detail)
      return made
    },
    original: async (asset, frame, piece): Promise<Picture> => {
      const { row, input } = await inputOf(asset, piece ?? null)
      if (frame !== undefined) {
        const sizePx = Math.min(redrawnPx, Math.max(1, row.width ?? 0, row.height ?? 0))
        const shown = { sizePx, blur: 'off', grey: false, frame } as const
        const made = await options.imaging.thumbnail(input, shown, AbortSignal.timeout(60_000))
        if (made.kind === 'failure') throw new Problem('not_found', made.detail)
        return made
      }
      const bytes = 'bytes' in input ? input.bytes : await readFile(input.path).catch(() => null)
      if (bytes === null) throw new Problem('not_found', `asset ${asset}`)
      const shown = shownByBrowsers.find(({ magic, at }) => magic.every((byte, index) => bytes[at + index] === byte))
      if (shown !== undefined) return { bytes, mime: shown.mime }
      // As a named frame it is shown whole, however long it is.
      const redrawn = { sizePx: redrawnPx, blur: 'off', grey: false, frame: 0 } as const
      const made = await options.imaging.thumbnail({ bytes }, redrawn, AbortSignal.timeout(60_000))
      if (made.kind === 'failure') throw new Problem('not_found', made.detail)
      return made
    },
  }
}

function nameOf({ sizePx, blur, grey, frame, region }: ThumbnailOptions, piece: string | null): string {
  const within = piece === null ? '' : `-${piece.replaceAll(' ', '_')}`
  const part = frame === undefined && region === undefined ? '' : `-${frame ?? 0}-${region?.join('_') ?? 'all'}`
  return `${sizePx}-${blur}-${grey ? 1 : 0}${within}${part}`
}

/** A cache that cannot be written costs time, nothing else. */
async function keep(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
    .then(() => writeFileAtomically(file, bytes, { flush: false }))
    .catch(() => undefined)
}
