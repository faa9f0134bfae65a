/** Takes animated PNGs apart: libvips reads their first picture only, and everything after it would go unseen. */

import { crc32 } from 'node:zlib'
import { damaged, viewOf } from './bytes.ts'
import type { Layer } from './layers.ts'
import { type Chunk, pngChunks } from './png.ts'

/**
 * Frames of an animated PNG (its `fcTL`); null for a still one. A still picture that precedes the animation and is not part of it is shown by
 * programs that know no animation: it comes first here.
 */
export function readApng(bytes: Uint8Array): readonly Layer[] | null {
  const shared: Pick<Chunk, 'type' | 'data'>[] = []
  const frames: { control: Uint8Array | null; data: Uint8Array[] }[] = []
  let header: Uint8Array | null = null
  let declared: number | null = null
  let isBefore = true
  for (const { type, data } of pngChunks(bytes)) {
    if (type === 'IHDR') header = data
    else if (type === 'acTL') declared = viewOf(data).getUint32(0)
    else if (type === 'fcTL') frames.push({ control: data, data: [] })
    else if (type === 'IDAT' && declared === null) return null
    else if (type === 'IDAT') {
      isBefore = false
      if (frames.length === 0) frames.push({ control: null, data: [] })
      frames.at(-1)?.data.push(data)
    } else if (type === 'fdAT') frames.at(-1)?.data.push(data.subarray(4))
    else if (isBefore && type !== 'IEND') shared.push({ type, data })
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
): Layer {
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
    file: Buffer.concat([
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
