/** Makes the parts of a picture: whole and shrunk, tiles at native scale, frames of an animation; each within the platforms' limits. */

import type { Sharp } from 'sharp'
import type { ImageMode, Rect } from '../../../shared/domain.ts'
import { limits } from '../../../shared/limits.ts'
import { type Background, chooseBackground, isOpaque } from './background.ts'
import { fitSize, type Layout, layOut, type Size, tileLimits, tiles } from './layout.ts'
import type { Rendition } from './messages.ts'
import type { Picture } from './picture.ts'
import { Refusal } from './refusal.ts'
import { sampleFrames } from './sampling.ts'
import { sharp } from './sharp.ts'

export interface PrepareOptions {
  readonly mode: 'auto' | ImageMode
  /** A picture that needs more tiles, or an animation of which more frames differ, does not pass: never are fewer sent in silence. */
  readonly maxTiles: number
}

/** Tried in turn until the rendition is small enough; the last keeps any 750 × 1334 below 1 MB, noise included. */
const qualities = [90, 80, 70, 55, 40, 25] as const

/** Lower and upper bound of the calls a picture costs; they differ for animations, whose frames are chosen by content. */
export async function countCalls(
  picture: Picture,
  options: PrepareOptions,
): Promise<{ readonly atLeast: number; readonly atMost: number }> {
  if (picture.isAnimated) {
    const each = callsOf(layOut(picture, frameMode(options.mode)))
    const most = Math.min(picture.frames, options.maxTiles)
    refuseTooManyTiles(layOut(picture, frameMode(options.mode)).tileCount * 2, options)
    return { atLeast: 2 * each, atMost: most * each }
  }
  const layouts = await layOutPages(picture, options)
  const calls = layouts.reduce((sum, layout) => sum + callsOf(layout), 0)
  return { atLeast: calls, atMost: calls }
}

/** Parts in a fixed order with fixed names, one at a time: the pixels of one frame are the most that is held. */
export async function* prepareParts(
  bytes: Uint8Array,
  picture: Picture,
  options: PrepareOptions,
): AsyncGenerator<Rendition> {
  if (picture.isAnimated) {
    const { chosen, differing } = sampleFrames(await picture.cells(), options.maxTiles)
    const layout = layOut(picture, frameMode(options.mode))
    refuseTooManyTiles(layout.tileCount * chosen.length, options)
    for (const [position, frame] of chosen.entries()) {
      yield* cut(picture, frame, picture, layout, `frame ${position + 1}/${chosen.length}`)
    }
    // What was sent may be risky; it cannot pass for what was not.
    if (differing > chosen.length) {
      throw new Refusal(
        'too_large',
        `${differing} frames of the animation differ and ${chosen.length} of them were looked at: raise --max-tiles, shorten it, or split it.`,
      )
    }
    return
  }
  const layouts = await layOutPages(picture, options)
  for (const [page, layout] of layouts.entries()) {
    const size = await picture.sizeOf(page)
    const name = picture.frames === 1 ? null : `frame ${page + 1}/${picture.frames}`
    const original = name === null ? await originalPart(bytes, picture, layout) : null
    if (original !== null) yield original
    else yield* cut(picture, page, size, layout, name)
  }
}

/** Frames multiply the calls: they are cut only on request. */
function frameMode(mode: 'auto' | ImageMode): ImageMode {
  return mode === 'auto' ? 'fit' : mode
}

async function layOutPages(picture: Picture, options: PrepareOptions): Promise<readonly Layout[]> {
  const layouts: Layout[] = []
  for (let page = 0; page < picture.frames; page++) layouts.push(layOut(await picture.sizeOf(page), options.mode))
  const tileCount = layouts.reduce((sum, layout) => sum + layout.tileCount, 0)
  refuseTooManyTiles(picture.frames > 1 ? Math.max(tileCount, picture.frames) : tileCount, options)
  return layouts
}

function callsOf(layout: Layout): number {
  return layout.tileCount + (layout.whole ? 1 : 0)
}

function refuseTooManyTiles(needed: number, options: PrepareOptions): void {
  if (needed <= options.maxTiles) return
  throw new Refusal(
    'too_large',
    `It needs ${needed} tiles and ${options.maxTiles} are allowed: raise --max-tiles, or send it shrunk with --image-mode fit.`,
  )
}

/** The file as it is, when it meets every limit: nothing is lost and nothing is spent on encoding. */
async function originalPart(bytes: Uint8Array, picture: Picture, layout: Layout): Promise<Rendition | null> {
  const { width, height, plainMime } = picture
  if (plainMime === null || layout.tileCount > 0 || bytes.byteLength > limits.imageMaxBytes) return null
  if (width > limits.imageMaxWidth || height > limits.imageMaxHeight) return null
  // Decoded all the same, and as small as possible: a file that breaks off must not reach the platform.
  await (await picture.render(0)).resize(16, 16, { fit: 'fill' }).raw().toBuffer()
  return part({
    name: 'whole',
    frame: null,
    rect: wholeRect(picture),
    bytes,
    mime: plainMime,
    size: picture,
    transform: 'original',
  })
}

/** Parts of one frame. Its pixels are decoded once, however many tiles it gives. */
async function* cut(
  picture: Picture,
  frame: number,
  size: Size,
  layout: Layout,
  frameName: string | null,
): AsyncGenerator<Rendition> {
  const place = { frame: frameName === null ? null : frame, whole: frameName ?? 'whole' }
  const shrunk = fitSize(size)
  if (layout.tileCount === 0 && !picture.hasAlpha) {
    // The one pipeline of most files: the decoder itself shrinks what it can.
    const encoded = await encode(async () => resizeTo(await picture.render(frame), shrunk))
    yield fitted(place, size, shrunk, encoded)
    return
  }
  const pixels = await takePixels(await picture.render(frame))
  const background = backgroundOf(pixels)
  // An opaque picture is laid on white too: sharp then drops alpha before it resizes, and not after.
  const flat = () => fromPixels(pixels).flatten({ background: background ?? '#ffffff' })
  if (layout.whole) yield fitted(place, size, shrunk, await encode(async () => resizeTo(flat(), shrunk)), background)
  if (layout.tileCount === 0) return
  const rects = tiles(size, tileLimits)
  for (const [index, rect] of rects.entries()) {
    const [left, top, width, height] = rect
    const encoded = await encode(async () => flat().extract({ left, top, width, height }))
    const name = `tile ${index + 1}/${rects.length}`
    yield part({
      name: frameName === null ? name : `${frameName} ${name}`,
      frame: place.frame,
      rect,
      bytes: encoded.bytes,
      mime: 'image/jpeg',
      size: { width, height },
      transform: describe('tile', encoded.quality, background),
    })
  }
}

function fitted(
  place: { readonly frame: number | null; readonly whole: string },
  size: Size,
  shrunk: Size,
  encoded: Encoded,
  background: string | null = null,
): Rendition {
  return part({
    name: place.whole,
    frame: place.frame,
    rect: wholeRect(size),
    bytes: encoded.bytes,
    mime: 'image/jpeg',
    size: shrunk,
    transform: describe(`fit ${shrunk.width}x${shrunk.height}`, encoded.quality, background),
  })
}

function describe(how: string, quality: number, background: string | null): string {
  return `${how} jpeg q${quality}${background === null ? '' : ` bg ${background}`}`
}

interface Encoded {
  readonly bytes: Uint8Array
  readonly quality: number
}

async function encode(pipeline: () => Promise<Sharp>): Promise<Encoded> {
  for (const quality of qualities) {
    // Huffman tables made to measure take a tenth of all preparation, for a twentieth of the bytes and the same pixels.
    const bytes = await (await pipeline()).jpeg({ quality, optimizeCoding: false }).toBuffer()
    if (bytes.byteLength <= limits.imageMaxBytes) return { bytes, quality }
  }
  throw new Refusal('preparation_failed', `It stays above ${limits.imageMaxBytes} bytes at the lowest quality.`)
}

interface Pixels extends Size {
  readonly data: Uint8Array
  readonly channels: 3 | 4
}

async function takePixels(pipeline: Sharp): Promise<Pixels> {
  const { data, info } = await pipeline.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 && info.channels !== 4) {
    throw new Refusal('unreadable_image', `Its pixels have ${info.channels} channels; 3 or 4 can be read.`)
  }
  return { data, width: info.width, height: info.height, channels: info.channels }
}

function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
}

/** Null where nothing shows through. */
function backgroundOf({ data, width, height, channels }: Pixels): Background | null {
  return channels === 3 || isOpaque(data) ? null : chooseBackground(data, width, height)
}

function resizeTo(pipeline: Sharp, { width, height }: Size): Sharp {
  return pipeline.resize(width, height, { fit: 'fill' })
}

function wholeRect(size: Size): Rect {
  return [0, 0, size.width, size.height]
}

function part(
  made: Pick<Rendition, 'name' | 'frame' | 'rect' | 'bytes' | 'mime' | 'transform'> & { size: Size },
): Rendition {
  const { size, ...rest } = made
  return { kind: 'image', ...rest, width: size.width, height: size.height, range: null, line: null, column: null }
}
