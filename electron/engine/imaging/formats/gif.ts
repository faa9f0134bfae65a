/** Walks a GIF to its trailer: libvips takes a shortened one for a shorter one. */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import type { Size } from '../layout.ts'
import { behindTheEnd, textOf, wordsNote } from './behind.ts'
import { cutShort, damaged, latin1, viewOf } from './bytes.ts'
import type { Layer } from './layers.ts'

/** Loops, profiles that no viewer applies, and metadata of editors. */
const applications = /^(?:NETSCAPE2\.0|ANIMEXTS1\.0|XMP DataXMP|ICCRGBG1012|MGK8BIM0000|MGKIPTC0000|ImageMagick)$/

export interface GifAccount {
  readonly notes: readonly Remark[]
  /** The declared screen, which a larger first frame widens. */
  readonly canvas: Size
  /**
   * Its frames where libvips puts them together otherwise than browsers do, which clear to transparent what a frame leaves or does
   * not cover; null where every frame lies on a full first one and stays.
   */
  readonly layers: readonly Layer[] | null
}

interface GifFrame extends Omit<Layer, 'file'> {
  /** Offsets: of the graphic control extension (null where there is none), of the image descriptor, and of the end. */
  readonly control: number | null
  readonly start: number
  readonly end: number
}

/** @throws Refusal where it breaks off. */
export function readGif(bytes: Uint8Array): GifAccount {
  const notes: Remark[] = []
  const frames: GifFrame[] = []
  let control: number | null = null
  let at = 13 + colourTableBytes(bytes[10] ?? 0)
  for (;;) {
    const block = bytes[at]
    if (block === 0x3b) {
      const canvas = canvasOf(screenOf(bytes), frames)
      const beyond = frames.filter(frame => !isWithin(frame, canvas)).map(({ start, end }) => end - start)
      if (beyond.length > 0) notes.push(remark('hidden_data', { count: beyond.reduce((sum, count) => sum + count, 0) }))
      notes.push(...behindTheEnd(bytes, at + 1))
      const layers = isOrdinary(frames, screenOf(bytes)) ? null : frames.map(frame => cutOut(bytes, frame))
      return { notes, canvas, layers }
    }
    if (block === 0x21) {
      const end = afterSubBlocks(bytes, at + 2)
      if (bytes[at + 1] === 0xf9) control = at
      notes.push(...extensionNotes(bytes, at, end))
      at = end
    } else if (block === 0x2c) {
      const end = afterSubBlocks(bytes, at + 11 + colourTableBytes(bytes[at + 9] ?? 0))
      frames.push(frameAt(bytes, control, at, end))
      control = null
      at = end
    } else if (block === 0) at += 1
    else throw block === undefined ? cutShort() : damaged()
  }
}

function frameAt(bytes: Uint8Array, control: number | null, start: number, end: number): GifFrame {
  const view = viewOf(bytes)
  const [x = 0, y = 0, width = 0, height = 0] = [1, 3, 5, 7].map(field => view.getUint16(start + field, true))
  const disposal = control === null ? 0 : (view.getUint8(control + 3) >> 2) & 7
  // An old draft says 4 for the same as 3.
  const dispose = disposal === 2 ? 'background' : disposal === 3 || disposal === 4 ? 'previous' : 'none'
  return { x, y, width, height, dispose, blend: 'over', control, start, end }
}

function screenOf(bytes: Uint8Array): Size {
  const view = viewOf(bytes)
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

function canvasOf(screen: Size, [first]: readonly GifFrame[]): Size {
  return {
    width: Math.max(screen.width, (first?.x ?? 0) + (first?.width ?? 0)),
    height: Math.max(screen.height, (first?.y ?? 0) + (first?.height ?? 0)),
  }
}

function isWithin({ x, y, width, height }: GifFrame, canvas: Size): boolean {
  return x + width <= canvas.width && y + height <= canvas.height
}

function isOrdinary(frames: readonly GifFrame[], screen: Size): boolean {
  const [first] = frames
  const coversAll =
    first === undefined ||
    (first.x === 0 && first.y === 0 && first.width === screen.width && first.height === screen.height)
  // What the last one leaves nobody sees.
  return coversAll && frames.slice(0, -1).every(({ dispose }) => dispose === 'none')
}

/** A frame as a GIF of its own: on a screen of its size, with the colours and transparency that it has. */
function cutOut(bytes: Uint8Array, frame: GifFrame): Layer {
  const head = Buffer.from(bytes.subarray(0, 13 + colourTableBytes(bytes[10] ?? 0)))
  head.writeUInt16LE(frame.width, 6)
  head.writeUInt16LE(frame.height, 8)
  const control =
    frame.control === null
      ? new Uint8Array()
      : Uint8Array.from(bytes.subarray(frame.control, afterSubBlocks(bytes, frame.control + 2)))
  if (control.length > 0) control[3] = (control[3] ?? 0) & 1
  const body = Uint8Array.from(bytes.subarray(frame.start, frame.end))
  body.fill(0, 1, 5)
  return { ...frame, file: Buffer.concat([head, control, body, Buffer.from([0x3b])]) }
}

function extensionNotes(bytes: Uint8Array, at: number, end: number): readonly Remark[] {
  const label = bytes[at + 1]
  if (label === 0xf9) return []
  if (label === 0xfe) return wordsNote(textOf(bytes.subarray(at + 3, end - 1)))
  const name = label === 0xff ? latin1(bytes, at + 3, at + 14) : (label ?? 0).toString(16)
  return label === 0xff && applications.test(name)
    ? []
    : [remark('unknown_block', { name: name.replace(/[^ -~]/g, '?') })]
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

function afterSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const length = bytes[at]
    if (length === undefined) throw cutShort()
    at += 1 + length
    if (length === 0) return at
  }
}
