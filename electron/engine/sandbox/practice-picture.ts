import { crc32, deflateSync } from 'node:zlib'
import { practiceMark } from './practice-mark.ts'

const marginPx = 28

/** A PNG of the practice mark on white, which the sandbox flags: the control picture of practice profiles. */
export function practicePicturePng(): Uint8Array {
  const { sizePx, framePx, squarePx, colour, frameColour } = practiceMark
  const side = sizePx + 2 * marginPx
  const inside = (at: number, from: number, length: number) => at >= from && at < from + length
  const both = (x: number, y: number, from: number, length: number) =>
    inside(x, from, length) && inside(y, from, length)
  const colourAt = (x: number, y: number) => {
    if (both(x, y, marginPx + framePx, squarePx)) return colour
    return both(x, y, marginPx, sizePx) ? frameColour : '#FFFFFF'
  }
  const lines = Array.from({ length: side }, (_line, y) =>
    Buffer.concat([
      // Unfiltered (PNG, 9.2).
      Buffer.of(0),
      ...Array.from({ length: side }, (_pixel, x) => Buffer.from(colourAt(x, y).slice(1), 'hex')),
    ]),
  )
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  // Eight bits of red, green and blue.
  header.set([8, 2], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.byteLength)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
