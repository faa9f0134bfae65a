/** What stands among the coded pictures of a film besides them: harmless by a list, captions, or named. */

import { viewOf } from './boxes.ts'

export type BesidePicture =
  /** Three bytes each, as CEA-708 packs them. */
  | { readonly kind: 'captions'; readonly triplets: Uint8Array }
  /** A see-through layer, which few players show. */
  | { readonly kind: 'transparent' }
  /** For programs of one maker, which no player shows. */
  | { readonly kind: 'private'; readonly name: string }
  | { readonly kind: 'unknown'; readonly name: string }

/** Finds it in one packet, of pictures in one coding. */
export type PacketReader = (packet: Uint8Array) => Iterable<BesidePicture>

/** Null for codings that no Chromium decodes. `description` is the decoder's, as WebCodecs takes it. */
export function packetReaderOf(codec: string | null, description: Uint8Array | null): PacketReader | null {
  switch (codec) {
    case 'avc':
    case 'hevc': {
      const coding = codec === 'avc' ? avc : hevc
      const lengthBytes = description === null ? null : ((description[coding.lengthAt] ?? 0) & 3) + 1
      return packet => inUnits(lengthBytes === null ? unitsBehindCodes(packet) : unitsOf(packet, lengthBytes), coding)
    }
    case 'av1':
      return inObus
    // Their packets hold frames alone (RFC 6386, 9; https://storage.googleapis.com/downloads.webmproject.org/docs/vp9/vp9-bitstream-specification-v0.7-20170222-draft.pdf).
    case 'vp8':
    case 'vp9':
      return () => []
    default:
      return null
  }
}

interface Coding {
  /** Where the decoder's description says how long the length before a unit is. */
  readonly lengthAt: number
  readonly headBytes: number
  typeOf(first: number): number
  /** Units of messages; those of pictures and of what they are decoded by. */
  readonly messages: ReadonlySet<number>
  readonly units: ReadonlySet<number>
  /** Kinds of messages by which decoders and screens go, and which show nothing. */
  readonly harmless: ReadonlySet<number>
}

/** `1-5 7`. */
function numbersOf(written: string): ReadonlySet<number> {
  return new Set(
    written.split(' ').flatMap(each => {
      const [from = 0, to = from] = each.split('-').map(Number)
      return Array.from({ length: to - from + 1 }, (_, index) => from + index)
    }),
  )
}

/** ITU-T H.264, table 7-1 and annex D; 14, 15 and 20 are further views and layers, of which players show the first. */
const avc: Coding = {
  lengthAt: 4,
  headBytes: 1,
  typeOf: first => first & 0x1f,
  messages: new Set([6]),
  units: numbersOf('1-5 7-15 20'),
  harmless: numbersOf('0-3 6-29 31-36 38-45 47 56 137 142 144 147-151 154-156 200-202 205-206'),
}

/** ITU-T H.265, table 7-1 and annex D; 62 and 63 are Dolby Vision's. */
const hevc: Coding = {
  lengthAt: 21,
  headBytes: 2,
  typeOf: first => (first >> 1) & 0x3f,
  messages: new Set([39, 40]),
  units: numbersOf('0-9 16-21 32-38 62-63'),
  harmless: numbersOf(
    '0-3 6 9 15-17 19 22-23 45 47 56 128-132 134-151 154-156 160-161 163-164 167-168 176-181 200-202 205-206',
  ),
}

const damaged = { kind: 'unknown', name: 'NAL' } as const

function* unitsOf(packet: Uint8Array, lengthBytes: number): Generator<Uint8Array | null> {
  for (let at = 0; at < packet.length; ) {
    const start = at + lengthBytes
    let length = 0
    for (let each = at; each < start; each += 1) length = length * 256 + (packet[each] ?? 0)
    if (start + length > packet.length) yield null
    else if (length > 0) yield packet.subarray(start, start + length)
    at = start + length
  }
}

/** ITU-T H.264, annex B. */
function* unitsBehindCodes(packet: Uint8Array): Generator<Uint8Array> {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength)
  const code = Buffer.of(0, 0, 1)
  for (let start = bytes.indexOf(code); start >= 0; ) {
    const next = bytes.indexOf(code, start + 3)
    const unit = bytes.subarray(start + 3, next < 0 ? undefined : next)
    if (unit.length > 0) yield unit
    start = next
  }
}

function* inUnits(units: Iterable<Uint8Array | null>, coding: Coding): Generator<BesidePicture> {
  for (const unit of units) {
    if (unit === null) yield damaged
    else {
      const type = coding.typeOf(unit[0] ?? 0)
      if (coding.messages.has(type)) yield* inMessages(withoutGuards(unit.subarray(coding.headBytes)), coding)
      // A see-through layer is coded apart (ITU-T H.264, 7.4.2.13).
      else if (coding === avc && type === 19) yield { kind: 'transparent' }
      else if (!coding.units.has(type)) yield { kind: 'unknown', name: `NAL ${type}` }
    }
  }
}

/** Without the bytes that keep a start code from standing in a unit (ITU-T H.264, 7.4.1). */
function withoutGuards(unit: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(unit.length)
  let length = 0
  for (let at = 0, zeros = 0; at < unit.length; at += 1) {
    const byte = unit[at] as number
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    bytes[length++] = byte
  }
  return bytes.subarray(0, length)
}

/** Each has its kind and its length, which go on while a byte is 255. */
function* inMessages(bytes: Uint8Array, coding: Coding): Generator<BesidePicture> {
  let at = 0
  const number = () => {
    let sum = 0
    while (bytes[at] === 0xff) {
      sum += 0xff
      at += 1
    }
    sum += bytes[at] ?? 0
    at += 1
    return sum
  }
  // A set bit and zeros fill the last byte.
  while (at < bytes.length && !(bytes[at] === 0x80 && bytes.subarray(at + 1).every(byte => byte === 0))) {
    const type = number()
    const length = number()
    if (at + length > bytes.length) {
      yield damaged
      return
    }
    const payload = bytes.subarray(at, at + length)
    at += length
    if (type === 4) yield* inRegistered(payload)
    else if (type === 5) yield* inUnregistered(payload)
    // What stands in the layer; the bit says that there is none any more.
    else if (coding === hevc && type === 165) {
      if (((payload[0] ?? 0) & 0x80) === 0) yield { kind: 'transparent' }
    } else if (!coding.harmless.has(type)) yield { kind: 'unknown', name: `SEI ${type}` }
  }
}

/** AV1 Bitstream & Decoding Process Specification, 5.3 to 5.8 and 6.7. */
function* inObus(packet: Uint8Array): Generator<BesidePicture> {
  for (let at = 0; at < packet.length; ) {
    const head = packet[at] ?? 0
    const type = (head >> 3) & 0x0f
    at += head & 4 ? 2 : 1
    const [length, lengthBytes] = head & 2 ? leb128(packet, at) : [packet.length - at, 0]
    at += lengthBytes
    if (at + length > packet.length) {
      yield { kind: 'unknown', name: 'OBU' }
      return
    }
    if (type === 5) yield* inMetadata(packet.subarray(at, at + length))
    else if (!frames.has(type)) yield { kind: 'unknown', name: `OBU ${type}` }
    at += length
  }
}

/** What frames are decoded by, and 15, which fills. */
const frames = numbersOf('1-4 6-8 15')
/** How bright the screen was, layers, a clock. */
const harmlessMetadata = numbersOf('1-3 5')

function* inMetadata(bytes: Uint8Array): Generator<BesidePicture> {
  const [type, width] = leb128(bytes, 0)
  if (type === 4) yield* inRegistered(bytes.subarray(width))
  else if (type >= 6 && type <= 31) yield { kind: 'private', name: `OBU 5/${type}` }
  else if (!harmlessMetadata.has(type)) yield { kind: 'unknown', name: `OBU 5/${type}` }
}

function leb128(bytes: Uint8Array, at: number): readonly [value: number, width: number] {
  let value = 0
  for (let width = 0; width < 8; width += 1) {
    const byte = bytes[at + width] ?? 0
    value += (byte & 0x7f) * 128 ** width
    if (byte < 0x80) return [value, width + 1]
  }
  return [value, 8]
}

/** By country and provider (ITU-T T.35): Dolby Vision, HDR10+, AOMedia, HDR Vivid and LCEVC say how bright and sharp pictures are shown. */
const harmlessProviders = new Set(['b5003b', 'b5003c', 'b55890', 'b50090', '260004', 'b40050'])
const atsc = 'b50031'

function* inRegistered(bytes: Uint8Array): Generator<BesidePicture> {
  const provider = hex(bytes.subarray(0, 3))
  if (provider === atsc) yield* inAtsc(bytes.subarray(3))
  else if (!harmlessProviders.has(provider)) yield { kind: 'unknown', name: `T.35 ${provider.toUpperCase()}` }
}

/** ATSC A/72, 6.4.2: captions, or where in the picture its content is (bars, and `DTG1`). */
function* inAtsc(bytes: Uint8Array): Generator<BesidePicture> {
  const name = String.fromCharCode(...bytes.subarray(0, 4))
  const type = bytes[4]
  if (name === 'DTG1' || (name === 'GA94' && type === 6)) return
  if (name !== 'GA94' || type !== 3) {
    yield { kind: 'unknown', name: `T.35 ${hex(bytes.subarray(0, 5)).toUpperCase()}` }
    return
  }
  const flags = bytes[5] ?? 0
  // Without the bit there is nothing that decoders may show.
  if ((flags & 0x40) !== 0) yield { kind: 'captions', triplets: bytes.subarray(7, 7 + (flags & 0x1f) * 3) }
}

/** What encoders note of themselves: x264's and x265's. */
const banners = new Set(['dc45e9bde6d948b7962cd820d923eeef', '2ca2de09b51747dbbb55a4fe7fc2fc4e'])
/** Blu-ray's, which has the captions of ATSC behind it. */
const bluRay = '17ee8c60f84d11d98cd60800200c9a66'

function* inUnregistered(bytes: Uint8Array): Generator<BesidePicture> {
  const name = hex(bytes.subarray(0, 16))
  const isCaptions = name === bluRay && bytes.length >= 20 && viewOf(bytes).getUint32(16) === 0x47413934
  if (isCaptions) yield* inAtsc(bytes.subarray(16))
  else if (!banners.has(name)) yield { kind: 'private', name }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
