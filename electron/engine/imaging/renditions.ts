/** Makes the parts of a picture: whole and shrunk, tiles at native scale, frames of an animation; each within the platforms' limits. */

import type { Sharp } from 'sharp'
import type { ImageMode, Rect } from '../../../shared/domain.ts'
import { limits } from '../../../shared/limits.ts'
import { remark } from '../../../shared/remarks/index.ts'
import { type Background, chooseBackgrounds, isOpaque } from './background.ts'
import { decodingFailure, fromPixels, type Pixels, takePixels } from './decoding.ts'
import { fitSize, type Layout, layOut, type Size, tileLimits, tiles } from './layout.ts'
import type { Rendition } from './messages.ts'
import type { Picture } from './picture.ts'
import { Refusal } from './refusal.ts'
import { sampleFrames } from './sampling.ts'

export interface PrepareOptions {
  readonly mode: 'auto' | ImageMode
  /** A picture that needs more tiles, or an animation with more differing frames, cannot pass: fewer are never sent silently. */
  readonly maxTiles: number
}

/** Tried in turn until the rendition is small enough; the last keeps any 750 × 1334 below 1 MB, noise included. */
const qualities = [90, 80, 70, 55, 40, 25] as const

/** The most backgrounds, chosen by content, that it takes to show all of a transparent picture. */
const mostBackgrounds = 3
/** Transparent pictures up to this many pixels are decoded to tell what they cost. */
const plannedPixels = 2e6

export interface CallBounds {
  readonly atLeast: number
  readonly atMost: number
}

/** Lower and upper bound of the calls a picture costs; they differ for animations and large transparent pictures, whose parts are chosen by content. */
export async function countCalls(picture: Picture, options: PrepareOptions): Promise<CallBounds> {
  if (picture.isAnimated) {
    const each = callsOf(layOut(picture, frameMode(options.mode)))
    const most = Math.min(picture.frames * mostVersions(picture), Math.max(2, options.maxTiles))
    refuseTooManyTiles(layOut(picture, frameMode(options.mode)).tileCount * 2, options)
    return { atLeast: 2 * each, atMost: most * each }
  }
  const layouts = await layOutPages(picture, options)
  const calls = layouts.reduce((sum, layout) => sum + callsOf(layout), 0)
  const more = picture.alternative === null ? 0 : picture.alternative.isWhole ? layouts.length : calls
  return {
    atLeast: calls + more,
    atMost: calls * (picture.hasAlpha ? mostBackgrounds : 1) + more * (picture.hasAlpha ? mostBackgrounds : 1),
  }
}

/** The same for a plan, in which a small transparent picture is worth a decoding. */
export async function planCalls(picture: Picture, options: PrepareOptions): Promise<CallBounds> {
  const bounds = await countCalls(picture, options)
  if (picture.isAnimated || picture.frames > 1 || !picture.hasAlpha || picture.alternative !== null) return bounds
  if (picture.width * picture.height > plannedPixels) return bounds
  // A picture that cannot be decoded fails when it is prepared.
  const layout = layOut(picture, options.mode)
  const pixels = await pixelsOf(await picture.render(0), layout, fitSize(picture)).catch(() => null)
  if (pixels === null) return bounds
  const calls = bounds.atLeast * Math.max(1, backgroundsOf(pixels).length)
  return { atLeast: calls, atMost: calls }
}

function mostVersions(picture: Picture): number {
  return (picture.hasAlpha ? mostBackgrounds : 1) * (picture.alternative === null ? 1 : 2)
}

/** Parts in a fixed order with fixed names, one at a time: the pixels of one frame are the most that is held. */
export async function* prepareParts(picture: Picture, options: PrepareOptions): AsyncGenerator<Rendition> {
  if (picture.isAnimated) {
    const { chosen, differing } = sampleFrames(await picture.cells(), options.maxTiles)
    const layout = layOut(picture, frameMode(options.mode))
    refuseTooManyTiles(layout.tileCount * chosen.length, options)
    let made = 0
    for (const [position, frame] of chosen.entries()) {
      for await (const each of cutVersions(picture, frame, picture, layout, `frame ${position + 1}/${chosen.length}`)) {
        made += 1
        // Versions on further backgrounds count as tiles do.
        refuseTooManyTiles(Math.ceil(made / callsOf(layout)), options)
        yield each
      }
    }
    // What was sent may be risky; it cannot pass for what was not.
    if (differing > chosen.length) {
      throw new Refusal('too_large', [remark('frames_too_many', { count: differing, limit: chosen.length })])
    }
    return
  }
  const layouts = await layOutPages(picture, options)
  for (const [page, layout] of layouts.entries()) {
    const size = await picture.sizeOf(page)
    const name = picture.frames === 1 ? null : `frame ${page + 1}/${picture.frames}`
    const original = name === null ? await originalPart(picture, layout) : null
    if (original !== null) yield original
    yield* cutVersions(picture, page, size, layout, name, original === null ? 0 : 1)
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
  throw new Refusal('too_large', [remark('tiles_too_many', { count: needed, limit: options.maxTiles })])
}

/** The file as it is, when it meets every limit: nothing is lost and nothing is spent on encoding. What only describes it stays here. */
async function originalPart(picture: Picture, layout: Layout): Promise<Rendition | null> {
  const { width, height, plain } = picture
  if (plain === null || layout.tileCount > 0 || plain.bytes.byteLength > limits.imageMaxBytes) return null
  if (width > limits.imageMaxWidth || height > limits.imageMaxHeight) return null
  // Decoded all the same, and as small as possible: a file that breaks off must not reach the platform.
  await (await picture.render(0))
    .resize(16, 16, { fit: 'fill' })
    .raw()
    .toBuffer()
    .catch(error => {
      throw decodingFailure(error)
    })
  return part({
    name: 'whole',
    frame: null,
    rect: wholeRect(picture),
    bytes: plain.bytes,
    mime: plain.mime,
    size: picture,
    transform: 'original',
  })
}

/** Cuts one frame, in each of its versions, into parts; the first `done` versions exist already. */
async function* cutVersions(
  picture: Picture,
  frame: number,
  size: Size,
  layout: Layout,
  frameName: string | null,
  done = 0,
): AsyncGenerator<Rendition> {
  let versions = done
  const other = picture.alternative
  const versionOf = async function* (render: () => Promise<Sharp>, of: Layout, shown: Size = size) {
    const place = { frame: frameName === null ? null : frame, name: frameName }
    const source = { render, hasAlpha: picture.hasAlpha, isDoubtful: other !== null, shrunk: fitSize(shown) }
    versions = yield* cut(source, place, size, of, versions)
  }
  if (done === 0) yield* versionOf(() => picture.render(frame), layout)
  if (other !== null)
    yield* versionOf(() => other.render(frame), other.isWhole ? { whole: true, tileCount: 0 } : layout, other.size)
}

interface Source {
  readonly render: () => Promise<Sharp>
  readonly hasAlpha: boolean
  /** Whether others show another picture: such two are often woven pixel by pixel, and colours must not be averaged. */
  readonly isDoubtful: boolean
  /** What it is sent as where it is sent whole. */
  readonly shrunk: Size
}

interface FramePlace {
  readonly frame: number | null
  readonly name: string | null
}

/** Parts of one frame as one `render` shows it. Its pixels are decoded once, however many tiles it gives. Returns how many versions there are now. */
async function* cut(
  { render, hasAlpha, isDoubtful, shrunk }: Source,
  place: FramePlace,
  size: Size,
  layout: Layout,
  versions: number,
): AsyncGenerator<Rendition, number> {
  const named = (name: string, version: number) => (version === 0 ? name : `${name} look ${version + 1}`)
  const whole = (version: number) => named(place.name ?? 'whole', version)
  if (layout.tileCount === 0 && !hasAlpha) {
    // The one pipeline of most files: the decoder itself shrinks what it can.
    const encoded = await encode(async () => resizeTo(await render(), shrunk), isDoubtful)
    yield fitted(whole(versions), place.frame, size, shrunk, encoded)
    return versions + 1
  }
  const pixels = await pixelsOf(await render(), layout, shrunk)
  // An opaque picture is laid on white too: sharp then drops alpha before it resizes, and not after.
  const backgrounds = backgroundsOf(pixels)
  for (const [index, background] of (backgrounds.length === 0 ? ([null] as const) : backgrounds).entries()) {
    const version = versions + index
    const flat = () => fromPixels(pixels).flatten({ background: background ?? '#ffffff' })
    if (layout.whole) {
      yield fitted(
        whole(version),
        place.frame,
        size,
        shrunk,
        await encode(async () => resizeTo(flat(), shrunk), isDoubtful),
        background,
      )
    }
    if (layout.tileCount === 0) continue
    const rects = tiles(size, tileLimits)
    for (const [at, rect] of rects.entries()) {
      const [left, top, width, height] = rect
      const encoded = await encode(async () => flat().extract({ left, top, width, height }), isDoubtful)
      const tile = `tile ${at + 1}/${rects.length}`
      yield part({
        name: named(place.name === null ? tile : `${place.name} ${tile}`, version),
        frame: place.frame,
        rect,
        bytes: encoded.bytes,
        mime: 'image/jpeg',
        size: { width, height },
        transform: describe('tile', encoded.quality, background),
      })
    }
  }
  return versions + Math.max(1, backgrounds.length)
}

function fitted(
  name: string,
  frame: number | null,
  size: Size,
  shrunk: Size,
  encoded: Encoded,
  background: string | null = null,
): Rendition {
  return part({
    name,
    frame,
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

async function encode(pipeline: () => Promise<Sharp>, isDoubtful: boolean): Promise<Encoded> {
  const chromaSubsampling = isDoubtful ? '4:4:4' : '4:2:0'
  for (const quality of qualities) {
    // Huffman tables made to measure take a tenth of all preparation, for a twentieth of the bytes and the same pixels.
    const bytes = await (await pipeline())
      .jpeg({ quality, chromaSubsampling, optimizeCoding: false })
      .toBuffer()
      .catch(error => {
        throw decodingFailure(error)
      })
    if (bytes.byteLength <= limits.imageMaxBytes) return { bytes, quality }
  }
  throw new Refusal('preparation_failed', [remark('incompressible', { limit: limits.imageMaxBytes })])
}

/** What backgrounds are chosen for: the pixels that are sent, shrunk where nothing else is. */
function pixelsOf(rendered: Sharp, layout: Layout, shrunk: Size): Promise<Pixels> {
  return takePixels(layout.tileCount === 0 ? resizeTo(rendered, shrunk) : rendered)
}

/** None where nothing shows through. */
function backgroundsOf({ data, width, height, channels }: Pixels): readonly Background[] {
  return channels === 3 || isOpaque(data) ? [] : chooseBackgrounds(data, width, height)
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
