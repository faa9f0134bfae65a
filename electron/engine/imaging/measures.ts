/** Shows samples that are measures and no shades: heights, signed and floating numbers, which every viewer shades differently. */

import type { Sharp } from 'sharp'
import { decodingFailure, fromPixels } from './decoding.ts'
import { unreadable } from './refusal.ts'

/** How many measures are sampled to estimate how all of them are spread. */
const probed = 1_000_000

/** From the least to the greatest measure, as programs for maps and instruments do. */
export async function stretched(pipeline: Sharp, space: string): Promise<Sharp> {
  return shown(pipeline, space, values => {
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const value of values) {
      if (!Number.isFinite(value)) continue
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
    }
    return value => ((value - least) / (greatest - least || 1)) * 255
  })
}

/** By how many of the others are less: whatever span of them a viewer shows, no difference is lost to it. */
export async function ranked(pipeline: Sharp, space: string): Promise<Sharp> {
  return shown(pipeline, space, values => {
    const step = Math.max(1, Math.ceil(values.length / probed))
    const sorted = values.filter((value, index) => index % step === 0 && Number.isFinite(value)).sort()
    const below = (value: number, isInclusive: boolean) => {
      let [from, to] = [0, sorted.length]
      while (from < to) {
        const middle = (from + to) >> 1
        const each = sorted[middle] ?? 0
        if (each < value || (isInclusive && each === value)) from = middle + 1
        else to = middle
      }
      return from
    }
    return value => ((below(value, false) + below(value, true)) / 2 / (sorted.length || 1)) * 255
  })
}

async function shown(
  pipeline: Sharp,
  space: string,
  shadesOf: (values: Float64Array) => (value: number) => number,
): Promise<Sharp> {
  const { data, info } = await pipeline
    .removeAlpha()
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth: 'double' })
    .toBuffer({ resolveWithObject: true })
    .catch(error => {
      throw decodingFailure(error)
    })
  const { width, height, channels } = info
  if (channels !== 1 && channels !== 3) throw unreadable('pixel_channels', { count: channels })
  const values = new Float64Array(data.buffer, data.byteOffset, data.byteLength / 8)
  const shade = shadesOf(values)
  const pixels = new Uint8ClampedArray(width * height * 3)
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = shade(values[channels === 1 ? Math.floor(at / 3) : at] ?? 0)
  }
  return fromPixels({ data: new Uint8Array(pixels.buffer), width, height, channels: 3 })
}
