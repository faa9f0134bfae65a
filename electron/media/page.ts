/** The script of the hidden page that plays films: it reads the file by ranges, decodes every frame, and gives those that differ. */

import type { Input, InputVideoTrack } from 'mediabunny'
import { createSights } from '../engine/imaging/sampling.ts'
import { type Damage, decodeAll } from './decode.ts'
import { createCells } from './frame-cells.ts'

type Library = typeof import('mediabunny')

/** What the engine is told, one thing each time that it asks. */
export type FilmEvent =
  | { readonly kind: 'frame'; readonly seconds: number; readonly jpeg: string }
  /** Nothing new yet. */
  | { readonly kind: 'progress'; readonly seconds: number; readonly frames: number }
  | {
      readonly kind: 'end'
      readonly frames: number
      readonly sights: number
      readonly missing: number
      readonly damage: readonly Damage[]
    }
  | { readonly kind: 'refused'; readonly why: 'codec' | 'track'; readonly codec: string }

export interface FilmPage {
  /** Goes on to the next frame that differs; those beyond `most` are only counted. */
  next(): Promise<FilmEvent>
}

declare global {
  /** Opens the track with this number in the file. */
  var openTrack: (id: number, most: number) => Promise<FilmPage>
  /** One frame, as it is shown at a time. */
  var frameAt: (id: number, seconds: number) => Promise<FilmEvent>
  var film: FilmPage | null
}

// By its address here, and not bundled: it is shipped as its authors publish it.
const libraryAddress = '/mediabunny.js'
const libraryLoaded = import(/* @vite-ignore */ libraryAddress) as Promise<Library>
const progressMs = 500
/** A frame's longer side in pixels: what is sent is smaller, and what people look at later is this. */
const longestSide = 2000
const quality = 0.95

function openInput(library: Library): Input {
  const source = new library.CustomSource({
    getSize: async () => Number(await (await fetch('/size')).text()),
    read: async (start, end) => new Uint8Array(await (await fetch(`/film?from=${start}&to=${end}`)).arrayBuffer()),
    prefetchProfile: 'network',
    handleUnhandledError: () => undefined,
  })
  return new library.Input({ source, formats: library.ALL_FORMATS })
}

async function videoTrack(input: Input, id: number): Promise<InputVideoTrack | null> {
  return (await input.getVideoTracks()).find(track => track.id === id) ?? null
}

globalThis.film = null
globalThis.openTrack = async (id, most) => {
  const events = play(id, most)
  const page = {
    next: async () => (await events.next()).value ?? { kind: 'refused', why: 'track', codec: '' },
  } as const
  globalThis.film = page
  return page
}

async function* play(id: number, most: number): AsyncGenerator<FilmEvent, void, void> {
  const library = await libraryLoaded
  using input = openInput(library)
  const track = await videoTrack(input, id)
  const config = (await track?.getDecoderConfig()) ?? null
  if (track === null || config === null || !(await VideoDecoder.isConfigSupported(config)).supported) {
    yield { kind: 'refused', why: track === null ? 'track' : 'codec', codec: config?.codec ?? '' }
    return
  }
  const decoding = decodeAll(new library.EncodedPacketSink(track), track, config)
  const draw = await createDrawing(track)
  let look: ReturnType<typeof createLook> | null = null
  let frames = 0
  let sights = 0
  let toldAt = performance.now()
  for await (const frame of decoding.frames) {
    using _closed = { [Symbol.dispose]: () => frame.close() }
    const { width, height } = frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight }
    look ??= createLook(width, height)
    frames += 1
    const seconds = frame.timestamp / 1e6
    if (await look(frame)) {
      sights += 1
      if (sights <= most) {
        yield { kind: 'frame', seconds, jpeg: await draw(frame) }
        toldAt = performance.now()
        continue
      }
    }
    if (performance.now() - toldAt < progressMs) continue
    toldAt = performance.now()
    yield { kind: 'progress', seconds, frames }
  }
  yield { kind: 'end', frames, sights, missing: decoding.missing(), damage: decoding.damage }
}

function createLook(width: number, height: number): (frame: VideoFrame) => Promise<boolean> {
  const cells = createCells(width, height)
  const isNew = createSights(cells)
  return async frame => isNew(await cells.of(frame))
}

/** Frames as players show them: turned, and with pixels made square. Returns JPEG in base64. */
async function createDrawing(track: InputVideoTrack): Promise<(frame: VideoFrame) => Promise<string>> {
  const rotation = await track.getRotation()
  const isFlipped = await track.getFlip()
  const shown = { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() }
  const scale = Math.min(1, longestSide / Math.max(shown.width, shown.height))
  const width = Math.max(1, Math.round(shown.width * scale))
  const height = Math.max(1, Math.round(shown.height * scale))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) throw new Error('no canvas')
  context.imageSmoothingQuality = 'high'
  const isOnSide = rotation % 180 !== 0
  return async frame => {
    context.setTransform(1, 0, 0, 1, width / 2, height / 2)
    context.rotate((rotation * Math.PI) / 180)
    if (isFlipped) context.scale(-1, 1)
    const [across, down] = isOnSide ? [height, width] : [width, height]
    context.drawImage(frame, -across / 2, -down / 2, across, down)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
    return base64(new Uint8Array(await blob.arrayBuffer()))
  }
}

function base64(bytes: Uint8Array): string {
  let letters = ''
  for (let at = 0; at < bytes.length; at += 32_768) letters += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(letters)
}

globalThis.frameAt = async (id, seconds) => {
  const library = await libraryLoaded
  using input = openInput(library)
  const track = await videoTrack(input, id)
  const config = (await track?.getDecoderConfig()) ?? null
  if (track === null || config === null) return { kind: 'refused', why: 'track', codec: '' }
  const sink = new library.VideoSampleSink(track)
  // Times are cut to whole microseconds on the way here.
  using sample = await sink.getSample(seconds + 0.0005)
  if (sample === null) return { kind: 'refused', why: 'track', codec: '' }
  const frame = sample.toVideoFrame()
  try {
    return { kind: 'frame', seconds, jpeg: await (await createDrawing(track))(frame) }
  } finally {
    frame.close()
  }
}
