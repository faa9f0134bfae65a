/** Colours as browsers show them where the decoder does not: PNG's gAMA, cHRM and cICP, calibrated bitmaps, profiles that mislead. */

/** Chromaticities of white, red, green and blue: x and y each. */
type Points = readonly number[]
type Matrix = readonly number[]

export interface ColourTransform {
  /** Red, green and blue, of 255, row by row; whatever else a pixel holds is kept. */
  apply(pixels: Uint8Array | Uint16Array, channels: number): Uint8Array
  /** Whether programs that ignore it show nearly the same. */
  readonly isOrdinary: boolean
}

const srgbPoints: Points = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06]
/** By code point of ITU-T H.273; others are taken for sRGB. */
const primariesOf: Readonly<Record<number, Points>> = {
  4: [0.31, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08],
  5: [0.3127, 0.329, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06],
  6: [0.3127, 0.329, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  7: [0.3127, 0.329, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  9: [0.3127, 0.329, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046],
  11: [0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
  12: [0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
}
/** Brightest white of HDR pictures that name none, and white of ordinary ones, in candela (BT.2408). */
const peakNits = 1000
const whiteNits = 203

type Curve = (coded: number) => number
const srgbCurve: Curve = v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const curves: Readonly<Record<number, Curve>> = {
  4: v => v ** 2.2,
  5: v => v ** 2.8,
  8: v => v,
  16: v => {
    const p = v ** (1 / 78.84375)
    return ((Math.max(0, p - 0.8359375) / (18.8515625 - 18.6875 * p)) ** (1 / 0.1593017578125) * 10_000) / whiteNits
  },
  18: v =>
    ((v <= 0.5 ? v ** 2 / 3 : (Math.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12) ** 1.2 * peakNits) /
    whiteNits,
}

/** Others are passed over, for whatever else the file says. */
export function isKnownCicp(primaries: number, transfer: number): boolean {
  const isKnownTransfer = curves[transfer] !== undefined || [1, 6, 13, 14, 15].includes(transfer)
  return isKnownTransfer && (primaries === 1 || primariesOf[primaries] !== undefined)
}

/** Null where it is sRGB to the eye. */
export function fromCicp(primaries: number, transfer: number): ColourTransform | null {
  const isHdr = transfer === 16 || transfer === 18
  return transformFrom(curves[transfer] ?? srgbCurve, primariesOf[primaries] ?? srgbPoints, isHdr)
}

/** `exponent` turns coded values into light; `points` is null for sRGB's primaries. */
export function fromGamma(exponent: number, points: Points | null): ColourTransform | null {
  const curve: Curve = !Number.isFinite(exponent) ? srgbCurve : v => v ** exponent
  return transformFrom(curve, points?.every(Number.isFinite) ? points : srgbPoints, false)
}

/** `matrix` leads from linear device colours to XYZ at D50, row by row. */
export function fromMatrix(curve: readonly [Curve, Curve, Curve], matrix: Matrix): ColourTransform | null {
  return transformTo(curve, multiply(xyzToSrgb, matrix), false)
}

function transformFrom(curve: Curve, points: Points, isHdr: boolean): ColourTransform | null {
  const matrix = toXyz(points)
  return matrix === null ? null : transformTo([curve, curve, curve], multiply(xyzToSrgb, matrix), isHdr)
}

function transformTo(curve: readonly [Curve, Curve, Curve], matrix: Matrix, isHdr: boolean): ColourTransform | null {
  const apply: ColourTransform['apply'] = (pixels, channels) => {
    const most = pixels instanceof Uint16Array ? 65_535 : 255
    const light = curve.map(each => Float32Array.from({ length: most + 1 }, (_, value) => each(value / most)))
    const [reds, greens, blues] = light as [Float32Array, Float32Array, Float32Array]
    const shown = new Uint8Array(pixels.length)
    for (let at = 0; at < pixels.length; at += channels) {
      const red = reds[pixels[at] ?? 0] ?? 0
      const green = greens[pixels[at + 1] ?? 0] ?? 0
      const blue = blues[pixels[at + 2] ?? 0] ?? 0
      const tone = isHdr ? toneOf(Math.max(red, green, blue)) : 1
      for (let channel = 0; channel < 3; channel++) {
        const row = channel * 3
        const value = ((matrix[row] ?? 0) * red + (matrix[row + 1] ?? 0) * green + (matrix[row + 2] ?? 0) * blue) * tone
        shown[at + channel] = encoded[Math.round(Math.min(1, Math.max(0, value)) * (encoded.length - 1))] ?? 0
      }
      for (let channel = 3; channel < channels; channel++)
        shown[at + channel] = ((pixels[at + channel] ?? 0) * 255) / most
    }
    return shown
  }
  const { furthest, furthestLuma } = departure(apply)
  if (furthest <= 3) return null
  return { apply, isOrdinary: !isHdr && furthestLuma <= 45 && furthest <= 150 }
}

/** Linear light to sRGB's bytes. */
const encoded = Uint8Array.from({ length: 16_385 }, (_, index) => {
  const value = index / 16_384
  return Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055))
})

/** How browsers fit highlights into an ordinary display: a curve that keeps the darks and brings the peak to white. */
function toneOf(brightest: number): number {
  const peak = peakNits / whiteNits
  return (1 + brightest / peak ** 2) / (1 + brightest)
}

/** How far greys, primaries and their mixtures move, of 255. */
function departure(apply: ColourTransform['apply']): { readonly furthest: number; readonly furthestLuma: number } {
  const levels = [0, 32, 64, 96, 128, 160, 192, 224, 255]
  const greys = levels.flatMap(level => [level, level, level])
  const mixtures = [0, 128, 255].flatMap(r => [0, 128, 255].flatMap(g => [0, 128, 255].flatMap(b => [r, g, b])))
  const before = Uint8Array.from([...greys, ...mixtures])
  const after = apply(before, 3)
  const luma = (pixels: Uint8Array, at: number) =>
    0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0)
  let furthest = 0
  let furthestLuma = 0
  for (let at = 0; at < before.length; at += 1)
    furthest = Math.max(furthest, Math.abs((before[at] ?? 0) - (after[at] ?? 0)))
  for (let at = 0; at < before.length; at += 3)
    furthestLuma = Math.max(furthestLuma, Math.abs(luma(before, at) - luma(after, at)))
  return { furthest, furthestLuma }
}

const xyzToSrgb: Matrix = [
  3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427,
]
const bradford: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296]
const d50 = [0.9642, 1, 0.8249] as const

/** Linear colours of these primaries to XYZ, white adapted to D50; null where the points span no colours. */
function toXyz([wx = 0, wy = 0, rx = 0, ry = 0, gx = 0, gy = 0, bx = 0, by = 0]: Points): Matrix | null {
  const column = (x: number, y: number) => [x / y, 1, (1 - x - y) / y] as const
  const [r, g, b, w] = [column(rx, ry), column(gx, gy), column(bx, by), column(wx, wy)]
  const primaries = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]]
  const inverse = invert(primaries)
  const cones = invert(bradford)
  if (inverse === null || cones === null) return null
  const scale = times(inverse, w)
  const scaled = primaries.map((value, index) => value * (scale[index % 3] ?? 0))
  const [from, to] = [times(bradford, w), times(bradford, d50)]
  const gain = [0, 1, 2].map(index => (to[index] ?? 0) / (from[index] ?? 1))
  const adapt = multiply(
    cones,
    bradford.map((value, index) => value * (gain[Math.floor(index / 3)] ?? 0)),
  )
  const matrix = multiply(adapt, scaled)
  return matrix.every(Number.isFinite) ? matrix : null
}

function times(m: Matrix, v: readonly number[]): number[] {
  return [0, 3, 6].map(
    row => (m[row] ?? 0) * (v[0] ?? 0) + (m[row + 1] ?? 0) * (v[1] ?? 0) + (m[row + 2] ?? 0) * (v[2] ?? 0),
  )
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const columns = [0, 1, 2].map(column => times(a, [b[column] ?? 0, b[column + 3] ?? 0, b[column + 6] ?? 0]))
  return [0, 1, 2].flatMap(row => columns.map(column => column[row] ?? 0))
}

function invert(m: Matrix): Matrix | null {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  if (!Number.isFinite(det) || Math.abs(det) < 1e-12) return null
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map(each => each / det)
}

/** Ink to light as browsers do it where no profile says more: each colour as far as neither it nor black is printed. */
export function fromInks(inks: Uint8Array): Uint8Array {
  const shown = new Uint8Array((inks.length / 4) * 3)
  for (let at = 0, to = 0; at < inks.length; at += 4, to += 3) {
    const light = 255 - (inks[at + 3] ?? 0)
    for (let channel = 0; channel < 3; channel++)
      shown[to + channel] = ((255 - (inks[at + channel] ?? 0)) * light) / 255
  }
  return shown
}
