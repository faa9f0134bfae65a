/** Judges an ICC profile by what it does to colours, never by the name in it (ICC.1:2022). */

import { type ColourTransform, fromMatrix } from './colour.ts'
import { latin1, viewOf } from './formats/bytes.ts'

/**
 * `none`: sRGB, or grey with its curve. `ordinary`: programs that ignore it show nearly the same, as with photographs in Display P3.
 * `other`: they may show another picture, or it cannot be told.
 */
export type ProfileKind = 'none' | 'ordinary' | 'other'

type Curve = (coded: number) => number

export function kindOfProfile(icc: Uint8Array): ProfileKind {
  const transform = transformOfProfile(icc)
  if (transform === undefined) return 'other'
  if (transform === null) return 'none'
  return transform.isOrdinary ? 'ordinary' : 'other'
}

/** Null where it is sRGB to the eye, undefined where it is no profile of three curves and a matrix, nor of one curve for grey. */
export function transformOfProfile(icc: Uint8Array): ColourTransform | null | undefined {
  try {
    return transformOf(icc)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function transformOf(icc: Uint8Array): ColourTransform | null | undefined {
  const view = viewOf(icc)
  const tags = new Map<string, number>()
  for (let index = 0, at = 132; index < view.getUint32(128); index++, at += 12)
    tags.set(latin1(icc, at, at + 4), view.getUint32(at + 4))
  if (latin1(icc, 36, 40) !== 'acsp' || [...tags.keys()].some(tag => /^[ABD]2[ABD]\d$/.test(tag))) return undefined
  const curves = (names: readonly string[]) => names.map(name => curveAt(icc, view, tags.get(name)))
  if (latin1(icc, 16, 20) === 'GRAY') {
    const [grey] = curves(['kTRC'])
    return grey === undefined ? undefined : fromMatrix([grey, grey, grey], srgbMatrix)
  }
  if (latin1(icc, 16, 20) !== 'RGB ' || latin1(icc, 20, 24) !== 'XYZ ') return undefined
  const [red, green, blue] = curves(['rTRC', 'gTRC', 'bTRC'])
  const points = ['rXYZ', 'gXYZ', 'bXYZ'].map(name => tags.get(name))
  if (red === undefined || green === undefined || blue === undefined || points.includes(undefined)) return undefined
  const xyz = (row: number) => points.map(at => view.getInt32((at ?? 0) + 8 + row * 4) / 65_536)
  return fromMatrix([red, green, blue], [...xyz(0), ...xyz(1), ...xyz(2)])
}

const srgbMatrix = [0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786, 0.0606169, 0.0139322, 0.0971045, 0.7141733]

function curveAt(icc: Uint8Array, view: DataView, at: number | undefined): Curve | undefined {
  if (at === undefined) return undefined
  const type = latin1(icc, at, at + 4)
  if (type === 'curv') {
    const count = view.getUint32(at + 8)
    if (count === 0) return value => value
    if (count === 1) return value => value ** (view.getUint16(at + 12) / 256)
    const points = Array.from({ length: count }, (_, index) => view.getUint16(at + 12 + index * 2) / 65_535)
    return value => {
      const place = value * (count - 1)
      const low = points[Math.floor(place)] ?? 0
      return low + ((points[Math.ceil(place)] ?? 0) - low) * (place % 1)
    }
  }
  if (type !== 'para') return undefined
  const kind = view.getUint16(at + 8)
  const counts = [1, 3, 4, 5, 7]
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from(
    { length: counts[kind] ?? 0 },
    (_, index) => view.getInt32(at + 12 + index * 4) / 65_536,
  )
  const power = (value: number) => Math.max(0, a * value + b) ** g
  switch (kind) {
    case 0:
      return value => value ** g
    case 1:
      return value => (value >= -b / a ? power(value) : 0)
    case 2:
      return value => (value >= -b / a ? power(value) + c : c)
    case 3:
      return value => (value >= d ? power(value) : c * value)
    case 4:
      return value => (value >= d ? power(value) + e : c * value + f)
    default:
      return undefined
  }
}
