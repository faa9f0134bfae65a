/** Takes animated PNGs apart: libvips reads their first picture only, and everything after it would go unseen. */

import { crc32 } from 'node:zlib'
import { damaged, viewOf } from './bytes.ts'
import { type Chunk, pngChunks } from './png.ts'

/** One picture of the animation, as a PNG of its own, and how it is put on the canvas (APNG specification, `fcTL`). */
export interface ApngFrame {
  readonly png: Uint8Array
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** What becomes of the canvas after this frame: it stays, its area is cleared, or it returns to what was before. */
  readonly dispose: 'none' | 'background' | 'previous'
  readonly blend: 'source' | 'over'
}

/**
 * Frames of an animated PNG; null for a still one. A still picture that precedes the animation and is not part of it is shown by
 * programs that know no animation: it comes first here.
 */
export function readApng(bytes: Uint8Array): readonly ApngFrame[] | null {
  const shared: Pick<Chunk, 'type' | 'data'>[] = []
  const frames: { control: Uint8Array | null; data: Uint8Array[] }[] = []
  let header: Uint8Array | null = null
  let declared: number | null = null
  for (const { type, data } of pngChunks(bytes)) {
    if (type === 'IHDR') header = data
    else if (type === 'acTL') declared = viewOf(data).getUint32(0)
    else if (type === 'fcTL') frames.push({ control: data, data: [] })
    else if (type === 'IDAT' && declared === null) return null
    else if (type === 'IDAT') {
      if (frames.length === 0) frames.push({ control: null, data: [] })
      frames.at(-1)?.data.push(data)
    } else if (type === 'fdAT') frames.at(-1)?.data.push(data.subarray(4))
    else if (frames.length === 0 && type !== 'IEND') shared.push({ type, data })
  }
  if (declared === null || header === null) return null
  if (frames.filter(frame => frame.control !== null).length < declared) throw damaged()
  return frames.map(frame => cutOut(header, shared, frame.control, frame.data))
}

function cutOut(
  header: Uint8Array,
  shared: readonly Pick<Chunk, 'type' | 'data'>[],
  control: Uint8Array | null,
  data: readonly Uint8Array[],
): ApngFrame {
  const ihdr = new Uint8Array(header)
  const canvas = viewOf(ihdr)
  if (control !== null && control.byteLength < 26) throw damaged()
  const view = control === null ? null : viewOf(control)
  const width = view?.getUint32(4) ?? canvas.getUint32(0)
  const height = view?.getUint32(8) ?? canvas.getUint32(4)
  const x = view?.getUint32(12) ?? 0
  const y = view?.getUint32(16) ?? 0
  if (x + width > canvas.getUint32(0) || y + height > canvas.getUint32(4)) {
    throw damaged()
  }
  canvas.setUint32(0, width)
  canvas.setUint32(4, height)
  return {
    png: Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      ...[{ type: 'IHDR', data: ihdr }, ...shared].map(writeChunk),
      ...data.map(part => writeChunk({ type: 'IDAT', data: part })),
      writeChunk({ type: 'IEND', data: new Uint8Array() }),
    ]),
    x,
    y,
    width,
    height,
    dispose:
      view === null ? 'background' : ((['none', 'background', 'previous'] as const)[view.getUint8(24)] ?? 'none'),
    blend: view?.getUint8(25) === 1 ? 'over' : 'source',
  }
}

function writeChunk({ type, data }: Pick<Chunk, 'type' | 'data'>): Uint8Array {
  const chunk = Buffer.alloc(12 + data.byteLength)
  chunk.writeUInt32BE(data.byteLength, 0)
  chunk.write(type, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.byteLength)), 8 + data.byteLength)
  return chunk
}

/** The canvas after each frame, as a viewer shows it: four bytes a pixel. The same memory is yielded each time. */
export async function* playApng(
  frames: readonly ApngFrame[],
  canvas: { readonly width: number; readonly height: number },
  decode: (png: Uint8Array) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const shown = new Uint8Array(canvas.width * canvas.height * 4)
  for (const frame of frames) {
    const before = frame.dispose === 'previous' ? shown.slice() : null
    draw(shown, canvas.width, frame, await decode(frame.png))
    yield shown
    if (before !== null) shown.set(before)
    else if (frame.dispose === 'background') clear(shown, canvas.width, frame)
  }
}

function draw(canvas: Uint8Array, canvasWidth: number, frame: ApngFrame, pixels: Uint8Array): void {
  for (let row = 0; row < frame.height; row++) {
    const to = ((frame.y + row) * canvasWidth + frame.x) * 4
    const line = pixels.subarray(row * frame.width * 4, (row + 1) * frame.width * 4)
    if (frame.blend === 'source') canvas.set(line, to)
    else for (let at = 0; at < line.length; at += 4) blendOver(canvas, to + at, line, at)
  }
}

function blendOver(canvas: Uint8Array, to: number, line: Uint8Array, from: number): void {
  const over = (line[from + 3] ?? 0) / 255
  if (over === 0) return
  const under = ((canvas[to + 3] ?? 0) / 255) * (1 - over)
  const alpha = over + under
  for (let channel = 0; channel < 3; channel++) {
    canvas[to + channel] = Math.round(
      ((line[from + channel] ?? 0) * over + (canvas[to + channel] ?? 0) * under) / alpha,
    )
  }
  canvas[to + 3] = Math.round(alpha * 255)
}

function clear(canvas: Uint8Array, canvasWidth: number, frame: ApngFrame): void {
  for (let row = 0; row < frame.height; row++) {
    const start = ((frame.y + row) * canvasWidth + frame.x) * 4
    canvas.fill(0, start, start + frame.width * 4)
  }
}
