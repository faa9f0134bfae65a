/** Opens animations that are put together here: libvips reads the first frame of a PNG only, and composes a GIF otherwise than browsers. */

import type { Sharp } from 'sharp'
import { sumRemarks } from '../../../shared/remarks/index.ts'
import { gridFrom, gridOf } from './cells.ts'
import { decodingFailure, readMetadata, refuseBombs, strictly, turn, turnedSize, withColour } from './decoding.ts'
import { readGif } from './formats/gif.ts'
import { type Layer, playLayers } from './formats/layers.ts'
import { readPng } from './formats/png.ts'
import { kindOfProfile } from './icc.ts'
import type { Size } from './layout.ts'
import type { Picture } from './picture.ts'
import { openRaster } from './raster.ts'
import { unreadable } from './refusal.ts'
import type { CellGrid } from './sampling.ts'
import { sharp } from './sharp.ts'

export async function openApng(bytes: Uint8Array, frames: readonly Layer[], maxPixels: number): Promise<Picture> {
  const metadata = await readMetadata(bytes, 'png', {})
  const size = { width: metadata.width, height: metadata.height }
  refuseBombs(size, frames.length, maxPixels)
  const { colour, leftOut, notes, orientation } = readPng(bytes, true)
  const profile = metadata.icc === undefined ? 'none' : kindOfProfile(metadata.icc)
  const film = filmOf(frames, size, maxPixels)
  const isOther = colour === null ? profile === 'other' : !colour.isOrdinary
  const show = async (frame: number, isCoded: boolean) => turn(await film.show(frame, isCoded), orientation)
  return {
    ...layered(turnedSize(size, orientation), frames.length),
    format: 'png',
    alternative: isOther ? { render: frame => show(frame, true), isWhole: false } : null,
    leftOut,
    notes: sumRemarks(notes),
    render: async frame => {
      const coded = await show(frame, colour !== null)
      return colour === null ? coded : withColour(coded, colour, false)
    },
    cells: film.cells,
  }
}

export async function openGif(bytes: Uint8Array, maxPixels: number): Promise<Picture> {
  const { notes, canvas: size, layers } = readGif(bytes)
  if (layers === null) return openRaster(bytes, 'gif', maxPixels)
  refuseBombs(size, layers.length, maxPixels)
  const film = filmOf(layers, size, maxPixels)
  return {
    ...layered(size, layers.length),
    format: 'gif',
    alternative: null,
    leftOut: [],
    notes: sumRemarks(notes),
    render: frame => film.show(frame, false),
    cells: film.cells,
  }
}

function layered(size: Size, frames: number) {
  return {
    ...size,
    frames,
    isAnimated: frames > 1,
    hasAlpha: true,
    plain: null,
    thumbnails: [],
    sizeOf: async () => size,
  }
}

/** Frames are wanted in their order, so that each is decoded once or twice however many are taken. */
function filmOf(layers: readonly Layer[], size: Size, maxPixels: number) {
  const raw = { ...size, channels: 4 } as const
  const decode = (ignoreIcc: boolean) => (file: Uint8Array) =>
    sharp(file, { ...strictly(maxPixels), ignoreIcc })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer()
      .catch(error => {
        throw decodingFailure(error)
      })
  const reel = (ignoreIcc: boolean) => {
    const rewind = () => playLayers(layers, size, decode(ignoreIcc))
    let steps = rewind()
    let shown: Uint8Array | null = null
    let at = -1
    return async (wanted: number): Promise<Sharp> => {
      if (wanted < at) {
        steps = rewind()
        at = -1
      }
      for (; at < wanted; at++) {
        const step = await steps.next()
        if (step.done) throw unreadable('image_damaged')
        shown = step.value
      }
      if (shown === null) throw unreadable('image_damaged')
      return sharp(Buffer.from(shown), { raw })
    }
  }
  const reels = { coded: reel(true), meant: reel(false) }
  return {
    show: (frame: number, ignoreIcc: boolean) => reels[ignoreIcc ? 'coded' : 'meant'](frame),
    cells: async (): Promise<CellGrid> => {
      const all: Uint8Array[] = []
      const { columns, rows } = gridOf(size)
      for await (const canvas of playLayers(layers, size, decode(false))) {
        all.push(await sharp(canvas, { raw }).resize(columns, rows, { fit: 'fill' }).ensureAlpha().raw().toBuffer())
      }
      return gridFrom(size, all)
    },
  }
}
