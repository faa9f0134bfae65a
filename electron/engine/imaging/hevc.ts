/**
 * HEVC for photographs of phones, by libde265 in WebAssembly. The library is loaded from its own package by path and never bundled. It stays
 * replaceable, as its licence (LGPL) asks: `PRESCREEN_HEVC` may name another `libheif.js`, with its WebAssembly beside it. Without any, or with
 * `PRESCREEN_HEVC=off`, such photographs are refused.
 */

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'
import { readWebAssembly } from '../base/web-assembly.ts'
import { damaged } from './formats/bytes.ts'
import { Refusal } from './refusal.ts'

/** What of the library is used: its C functions, with addresses for pointers. */
interface Library {
  readonly HEAPU8: Uint8Array
  readonly HEAP32: Int32Array
  _malloc(size: number): number
  _free(at: number): void
  _de265_new_decoder(): number
  _de265_free_decoder(decoder: number): number
  _de265_set_parameter_bool(decoder: number, parameter: number, value: number): void
  /** The time stamp is a number of 64 bits, in two halves. */
  _de265_push_NAL(decoder: number, at: number, length: number, low: number, high: number, user: number): number
  _de265_flush_data(decoder: number): number
  _de265_decode(decoder: number, more: number): number
  _de265_get_next_picture(decoder: number): number
  _de265_get_chroma_format(picture: number): number
  _de265_get_image_width(picture: number, channel: number): number
  _de265_get_image_height(picture: number, channel: number): number
  _de265_get_bits_per_pixel(picture: number, channel: number): number
  _de265_get_image_plane(picture: number, channel: number, stride: number): number
  _de265_get_image_matrix_coefficients(picture: number): number
  _de265_get_image_full_range_flag(picture: number): number
}

export interface Plane {
  readonly width: number
  readonly height: number
  /** Samples from one row to the next. */
  readonly stride: number
  readonly bits: number
  readonly samples: Uint8Array | Uint16Array
}

/** One decoded picture. Its planes are the library's memory, and good until the next call. */
export interface Planes {
  readonly planes: readonly Plane[]
  readonly matrix: number
  readonly isFull: boolean
}

/** Parameters of the library (de265.h): a picture with an error in it is not put out, and hashes in the stream are checked. */
const suppressFaulty = 6
const checkHashes = 0
const waitingForInput = 13

let loaded: Library | null = null

/** Whether such pictures can be decoded here. */
export function hasHevc(): boolean {
  if (process.env.PRESCREEN_HEVC === 'off') return false
  try {
    return existsSync(libraryFile())
  } catch {
    return false
  }
}

function libraryFile(): string {
  // Not beside the imports: the bundle has a `require` of its own there.
  const require = createRequire(import.meta.url)
  return ownLibrary() ?? require.resolve('libheif-js/libheif-wasm/libheif.js')
}

/** The one that somebody put in the place of ours. */
function ownLibrary(): string | null {
  return process.env.PRESCREEN_HEVC || null
}

function load(): Library {
  if (loaded !== null) return loaded
  const path = libraryFile()
  const make: (options: object) => Library = createRequire(import.meta.url)(path)
  const silent = () => undefined
  // Given its code, it looks for none.
  const wasmBinary =
    ownLibrary() === null
      ? readWebAssembly('libheif-js/libheif-wasm/libheif.wasm')
      : readFileSync(path.replace(/\.js$/, '.wasm'))
  loaded = make({ wasmBinary, print: silent, printErr: silent })
  return loaded
}

/** Decodes the one picture in these units, and hands its planes to `take`. */
export function decodeHevc<T>(units: readonly Uint8Array[], take: (picture: Planes) => T): T {
  const library = load()
  try {
    return decodeWith(library, units, take)
  } catch (error) {
    // After a fault inside, nothing in its memory can be relied on.
    if (!(error instanceof Refusal)) loaded = null
    throw error
  }
}

function decodeWith<T>(library: Library, units: readonly Uint8Array[], take: (picture: Planes) => T): T {
  const decoder = library._de265_new_decoder()
  const out = library._malloc(4)
  try {
    library._de265_set_parameter_bool(decoder, suppressFaulty, 1)
    library._de265_set_parameter_bool(decoder, checkHashes, 1)
    for (const unit of units) {
      const at = library._malloc(unit.byteLength)
      library.HEAPU8.set(unit, at)
      const error = library._de265_push_NAL(decoder, at, unit.byteLength, 0, 0, 0)
      library._free(at)
      if (error !== 0) throw damaged()
    }
    library._de265_flush_data(decoder)
    for (;;) {
      const error = library._de265_decode(decoder, out)
      if (error !== 0 && error !== waitingForInput) throw damaged()
      const picture = library._de265_get_next_picture(decoder)
      if (picture !== 0) return take(planesOf(library, picture, out))
      if (error === waitingForInput || library.HEAP32[out >> 2] === 0) throw damaged()
    }
  } finally {
    library._free(out)
    library._de265_free_decoder(decoder)
  }
}

function planesOf(library: Library, picture: number, out: number): Planes {
  const channels = library._de265_get_chroma_format(picture) === 0 ? 1 : 3
  const planes = Array.from({ length: channels }, (_, channel): Plane => {
    const at = library._de265_get_image_plane(picture, channel, out)
    const strideBytes = library.HEAP32[out >> 2] ?? 0
    const bits = library._de265_get_bits_per_pixel(picture, channel)
    const height = library._de265_get_image_height(picture, channel)
    const bytes = library.HEAPU8.subarray(at, at + strideBytes * height)
    const isDeep = bits > 8
    return {
      width: library._de265_get_image_width(picture, channel),
      height,
      bits,
      stride: isDeep ? strideBytes / 2 : strideBytes,
      samples: isDeep ? new Uint16Array(bytes.buffer, at, (strideBytes * height) / 2) : bytes,
    }
  })
  return {
    planes,
    matrix: library._de265_get_image_matrix_coefficients(picture),
    isFull: library._de265_get_image_full_range_flag(picture) !== 0,
  }
}
