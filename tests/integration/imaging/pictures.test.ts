import { Buffer } from 'node:buffer'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import {
  createImaging,
  type ImageInput,
  type ImagingOptions,
  type PrepareOptions,
  type ThumbnailOptions,
} from '../../../electron/engine/imaging/imaging.ts'
import type { Failure } from '../../../shared/conclusion.ts'
import type { ImagePart } from '../../../shared/domain.ts'
import { limits } from '../../../shared/limits.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { bmp, colourAt, difference, flat, noise, slopes } from './pictures.ts'

const imaging = createImaging({ workers: 2 })
const { signal } = new AbortController()
afterAll(() => imaging.close())

async function prepare(
  file: Uint8Array | ImageInput,
  options: Partial<PrepareOptions> = {},
  settings?: ImagingOptions,
) {
  const own = settings === undefined ? imaging : createImaging(settings)
  const parts: ImagePart[] = []
  const input = file instanceof Uint8Array ? { bytes: file } : file
  const result = await own.prepare(
    input,
    { mode: 'auto', maxTiles: 60, ...options },
    async part => void parts.push(part),
    signal,
  )
  if (own !== imaging) await own.close()
  return { result, parts, names: parts.map(part => part.name) }
}

/** Parts may have come before: only the result says whether the picture is covered. */
function refusal({ result }: { readonly result: { readonly kind: string } | Failure }) {
  if (!('code' in result)) throw new Error(`not refused: ${result.kind}`)
  return { code: result.code, detail: detailText(result.detail, 'en') }
}

function expectWithinLimits(parts: readonly ImagePart[]) {
  for (const part of parts) {
    expect(part.width).toBeLessThanOrEqual(limits.imageMaxWidth)
    expect(part.height).toBeLessThanOrEqual(limits.imageMaxHeight)
    expect(part.bytes.byteLength).toBeLessThanOrEqual(limits.imageMaxBytes)
  }
}

describe('a still picture', () => {
  test.each(['jpeg', 'png'] as const)('that meets every limit is sent as it is (%s)', async format => {
    const bytes = await noise(300, 200).toFormat(format).toBuffer()
    const { parts } = await prepare(bytes)
    expect(parts).toHaveLength(1)
    expect(parts[0]).toMatchObject({
      name: 'whole',
      mime: `image/${format}`,
      width: 300,
      height: 200,
      transform: 'original',
    })
    expect(Buffer.compare(parts[0]!.bytes, bytes)).toBe(0)
  })

  test.each(['webp', 'avif', 'tiff', 'gif'] as const)(
    'in another format is sent as JPEG and looks the same (%s)',
    async format => {
      const bytes = await slopes(300, 200).toFormat(format).toBuffer()
      const { parts } = await prepare(bytes)
      expect(parts).toHaveLength(1)
      expect(parts[0]).toMatchObject({ name: 'whole', mime: 'image/jpeg', width: 300, height: 200 })
      // A GIF is dithered, which JPEG softens.
      expect(await difference(sharp(parts[0]!.bytes), sharp(bytes))).toBeLessThan(format === 'gif' ? 5 : 3)
    },
  )

  test('that is too large is shrunk within 750 × 1334', async () => {
    const { parts } = await prepare(await slopes(1400, 1000).jpeg().toBuffer())
    expect(parts.map(part => [part.name, part.width, part.height, part.rect])).toEqual([
      ['whole', 750, 536, [0, 0, 1400, 1000]],
    ])
    expect(await sharp(parts[0]!.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 750, height: 536 })
  })

  test('of 1 MB and more is encoded again until it is below', async () => {
    const bytes = await noise(750, 1334).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
    expect(bytes.byteLength).toBeGreaterThan(limits.imageMaxBytes)
    const { parts } = await prepare(bytes)
    expect(parts[0]).toMatchObject({ width: 750, height: 1334 })
    expectWithinLimits(parts)
  })

  test.each([
    [1, 1, ['whole']],
    [1, 30_000, ['whole', 24]],
    [30_000, 1, ['whole', 45]],
  ] as const)('of %i × %i pixels is sent too', async (width, height, [whole, tileCount]) => {
    const { names, parts } = await prepare(await flat(width, height, '#0a7').png().toBuffer())
    expect(names[0]).toBe(whole)
    expect(names).toHaveLength(1 + (tileCount ?? 0))
    expectWithinLimits(parts)
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('is turned upright by its EXIF orientation (%i)', async orientation => {
    const bytes = await slopes(300, 200).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer()
    const upright = sharp(await sharp(bytes).autoOrient().png().toBuffer())
    const { width, height } = await upright.metadata()
    const { parts, result } = await prepare(bytes)
    expect(result).toMatchObject({ facts: { width, height } })
    expect(parts[0]).toMatchObject({ width, height, rect: [0, 0, width, height] })
    expect(await difference(sharp(parts[0]!.bytes), upright)).toBeLessThan(3)
    expect((await sharp(parts[0]!.bytes).metadata()).orientation ?? 1).toBe(1)
  })

  test('with transparency is laid on the background that hides least, and the evidence says which', async () => {
    const print = (colour: string) =>
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100"><text x="20" y="70" font-size="60" fill="${colour}">ABC</text></svg>`,
      )
    for (const [colour, background, corner] of [
      ['black', '#ffffff', 255],
      ['white', '#000000', 0],
    ] as const) {
      const { parts } = await prepare(await sharp(print(colour)).png().toBuffer())
      expect(parts[0]!.transform).toContain(background)
      expect((await colourAt(parts[0]!.bytes, 2, 2))[0]).toBe(corner)
    }
  })

  test('in 16 bits, grey or another colour space arrives in 8-bit sRGB', async () => {
    const red = flat(900, 600, '#d02030')
    const files = {
      '16 bits': await red.clone().toColourspace('rgb16').png().toBuffer(),
      'Display P3': await red.clone().withIccProfile('p3').jpeg().toBuffer(),
    }
    for (const bytes of Object.values(files)) {
      const { parts } = await prepare(bytes)
      expect(await sharp(parts[0]!.bytes).metadata()).toMatchObject({
        space: 'srgb',
        depth: 'uchar',
        hasProfile: false,
      })
      const shown = await colourAt(parts[0]!.bytes, 300, 200)
      const meant = await colourAt(await sharp(bytes).toColourspace('srgb').png().toBuffer(), 300, 200)
      for (const channel of [0, 1, 2]) expect(Math.abs(shown[channel]! - meant[channel]!)).toBeLessThan(8)
    }
    const grey = await prepare(await red.clone().greyscale().toColourspace('grey16').png().toBuffer())
    expect(grey.parts[0]).toMatchObject({ mime: 'image/jpeg', width: 750 })
  })

  test('within the limits but in another colour space is not sent as it is', async () => {
    const { parts } = await prepare(await flat(100, 100, '#d02030').withIccProfile('p3').jpeg().toBuffer())
    expect(parts[0]!.transform).not.toBe('original')
  })

  test.each([
    [8, true],
    [8, false],
    [24, true],
    [24, false],
    [32, false],
  ] as const)('may be a Windows bitmap of %i bits (top down: %s)', async (bits, topDown) => {
    const bytes = bmp({ width: 101, height: 60, bits, topDown }, (x, y) => [
      x * 2,
      bits === 8 ? x * 2 : y * 4,
      bits === 8 ? x * 2 : 90,
    ])
    const { parts } = await prepare(bytes)
    expect(parts[0]).toMatchObject({ name: 'whole', width: 101, height: 60 })
    const [red, green] = await colourAt(parts[0]!.bytes, 80, 10)
    expect(Math.abs(red! - 160)).toBeLessThan(8)
    expect(Math.abs(green! - (bits === 8 ? 160 : 40))).toBeLessThan(8)
  })

  test('may be a drawing, made large enough to be read', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#0a7"/></svg>',
    )
    const { parts } = await prepare(svg)
    expect(parts).toHaveLength(1)
    expect(parts[0]!.width).toBeGreaterThan(740)
    expectWithinLimits(parts)
  })
})

describe('a drawing with a picture in it', () => {
  const drawing = (mime: string, picture: Uint8Array) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><image width="300" height="200" href="data:${mime};base64,${Buffer.from(picture).toString('base64')}"/></svg>`,
    )

  test.each(['png', 'jpeg'] as const)('shows it (%s)', async format => {
    const { parts } = await prepare(
      drawing(`image/${format}`, await flat(300, 200, '#d02030').toFormat(format).toBuffer()),
    )
    const [red, green] = await colourAt(parts[0]!.bytes, 100, 100)
    expect(red).toBeGreaterThan(180)
    expect(green).toBeLessThan(80)
  })

  test('does not pass where the picture would be a blank: damaged, moving, turned, or in another format', async () => {
    const jpeg = await noise(300, 200).jpeg().toBuffer()
    const turned = await noise(300, 200).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    const moving = await apng(30, 20, [
      { colour: '#d02030', at: [0, 0, 30, 20] },
      { colour: '#2060d0', at: [0, 0, 30, 20] },
    ])
    for (const [mime, bytes] of [
      ['image/jpeg', jpeg.subarray(0, jpeg.length / 2)],
      ['image/jpeg', turned],
      ['image/gif', await flat(300, 200, '#d02030').gif().toBuffer()],
      ['image/png', moving],
    ] as const) {
      const { result } = await prepare(drawing(mime, bytes))
      expect(result, mime).toMatchObject({ kind: 'prepared', facts: { leftOut: [{ code: 'svg_picture' }] } })
    }
  })
})

describe('a long or large picture', () => {
  test('is sent whole and in tiles, and each tile shows the region that it names', async () => {
    const original = slopes(1600, 3000)
    const bytes = await original.png().toBuffer()
    const { parts, names, result } = await prepare(bytes)
    expect(names).toEqual(['whole', ...Array.from({ length: 9 }, (_, index) => `tile ${index + 1}/9`)])
    expect(result).toMatchObject({ kind: 'prepared', parts: 10, facts: { calls: { atLeast: 10, atMost: 10 } } })
    expectWithinLimits(parts)
    for (const tile of parts.slice(1)) {
      const [left, top, width, height] = tile.rect!
      expect([tile.width, tile.height]).toEqual([width, height])
      const region = sharp(await sharp(bytes).extract({ left, top, width, height }).png().toBuffer())
      expect(await difference(sharp(tile.bytes), region)).toBeLessThan(3)
    }
  })

  test('that is turned by EXIF has tiles of the upright picture', async () => {
    const bytes = await slopes(3000, 1600).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer()
    const upright = await sharp(bytes).autoOrient().png().toBuffer()
    const { parts } = await prepare(bytes, { mode: 'tile' })
    expect(parts).toHaveLength(9)
    for (const tile of parts) {
      const [left, top, width, height] = tile.rect!
      const region = sharp(await sharp(upright).extract({ left, top, width, height }).png().toBuffer())
      expect(await difference(sharp(tile.bytes), region)).toBeLessThan(4)
    }
  })

  test('gives the same parts each time', async () => {
    const bytes = await slopes(1600, 2000).webp().toBuffer()
    const [one, other] = [await prepare(bytes), await prepare(bytes)]
    expect(other.parts).toEqual(one.parts)
  })

  test('of more tiles than allowed is refused with the number and what to do, and never cut short', async () => {
    const { code, detail } = refusal(
      await prepare(await flat(750, 5000, '#0a7').png().toBuffer(), { mode: 'tile', maxTiles: 3 }),
    )
    expect(code).toBe('too_large')
    expect(detail).toContain('needs 4 tiles and 3 are allowed')
    expect(detail).toContain('--max-tiles')
    expect(detail).toContain('--image-mode fit')
  })

  test('is planned as it will be sent, without being decoded', async () => {
    const bytes = await flat(750, 20_000, '#0a7').png().toBuffer()
    const facts = await imaging.inspect({ bytes }, { mode: 'auto', maxTiles: 60 }, signal)
    expect(facts).toMatchObject({
      kind: 'facts',
      format: 'png',
      width: 750,
      height: 20_000,
      frames: 1,
      calls: { atLeast: 17, atMost: 17 },
    })
  })
})

describe('an animation', () => {
  const colours = ['#d02030', '#d02030', '#2060d0', '#d02030', '#20a050']
  const frames = () => Promise.all(colours.map(colour => flat(200, 120, colour).png().toBuffer()))

  test.each(['gif', 'webp'] as const)('is sampled by what changes, not by its first frame only (%s)', async format => {
    const bytes = await sharp(await frames(), { join: { animated: true } })
      .toFormat(format, { delay: colours.map(() => 100) })
      .toBuffer()
    const { parts, names } = await prepare(bytes)
    const shown = await Promise.all(parts.map(part => colourAt(part.bytes, 100, 60)))
    expect(names).toEqual(names.map((_, index) => `frame ${index + 1}/${names.length}`))
    expect(parts[0]!.frame).toBe(0)
    expect(shown.some(([red, , blue]) => blue! > 180 && red! < 80)).toBe(true)
    expect(shown.at(-1)![1]).toBeGreaterThan(130)
    expect(parts.at(-1)!.rect).toEqual([0, 0, 200, 120])
    const facts = await imaging.inspect({ bytes }, { mode: 'auto', maxTiles: 60 }, signal)
    if (facts.kind === 'failure') throw new Error(facts.detail)
    expect(facts.calls.atLeast).toBeLessThanOrEqual(parts.length)
    expect(facts.calls.atMost).toBeGreaterThanOrEqual(parts.length)
  })

  test('is shown as a viewer does: a frame that changes a corner only keeps the rest', async () => {
    const base = await flat(200, 120, '#d02030').png().toBuffer()
    const corner = await sharp(base)
      .composite([{ input: await flat(60, 40, '#2060d0').png().toBuffer(), left: 0, top: 0 }])
      .png()
      .toBuffer()
    const bytes = await sharp([base, corner], { join: { animated: true } })
      .gif({ delay: [100, 100] })
      .toBuffer()
    const { parts } = await prepare(bytes)
    expect(parts).toHaveLength(2)
    expect((await colourAt(parts[1]!.bytes, 20, 20))[2]).toBeGreaterThan(180)
    expect((await colourAt(parts[1]!.bytes, 150, 80))[0]).toBeGreaterThan(180)
  })

  test('as PNG is not taken for its first picture, and its frames are put together as specified', async () => {
    const bytes = await apng(200, 120, [
      { colour: '#d02030', at: [0, 0, 200, 120] },
      { colour: '#2060d0', at: [20, 10, 80, 60] },
    ])
    const { parts, names } = await prepare(bytes)
    expect(names).toEqual(['frame 1/2', 'frame 2/2'])
    expect((await colourAt(parts[0]!.bytes, 50, 40))[0]).toBeGreaterThan(180)
    expect((await colourAt(parts[1]!.bytes, 50, 40))[2]).toBeGreaterThan(180)
    expect((await colourAt(parts[1]!.bytes, 150, 100))[0]).toBeGreaterThan(180)
  })

  const slideShow = async (count: number) => {
    const slides = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        noise(60, 40, index + 1)
          .png()
          .toBuffer(),
      ),
    )
    return sharp(slides, { join: { animated: true } })
      .gif({ delay: slides.map(() => 50) })
      .toBuffer()
  }

  test('of as many different frames as are allowed is sent with each of them', async () => {
    const bytes = await slideShow(30)
    const { result, parts } = await prepare(bytes, { maxTiles: 30 })
    expect(parts.map(part => part.frame)).toEqual(Array.from({ length: 30 }, (_, index) => index))
    expect(result).toMatchObject({ kind: 'prepared', facts: { calls: { atLeast: 2, atMost: 30 } } })
  })

  test('of more different frames is not covered: those that differ most are sent, and the result says how many were not', async () => {
    const prepared = await prepare(await slideShow(34), { maxTiles: 30 })
    expect(prepared.parts).toHaveLength(30)
    expect(prepared.parts[0]!.frame).toBe(0)
    expect(prepared.parts.at(-1)!.frame).toBe(33)
    expect(refusal(prepared)).toEqual({
      code: 'too_large',
      detail: expect.stringContaining('34 frames of the animation differ and 30 of them were looked at'),
    })
  })

  test('is cut into tiles only on request', async () => {
    const two = await Promise.all(['#d02030', '#2060d0'].map(colour => flat(400, 3000, colour).png().toBuffer()))
    const bytes = await sharp(two, { join: { animated: true } })
      .gif({ delay: [100, 100] })
      .toBuffer()
    expect((await prepare(bytes)).names).toEqual(['frame 1/2', 'frame 2/2'])
    const { names } = await prepare(bytes, { mode: 'tile' })
    expect(names).toEqual([1, 2].flatMap(frame => [1, 2, 3].map(tile => `frame ${frame}/2 tile ${tile}/3`)))
  })
})

test('every page of a TIFF is sent, since pages are not moments of one scene', async () => {
  const pages = await Promise.all(
    ['#d02030', '#d02030', '#d02030'].map(colour => flat(90, 60, colour).png().toBuffer()),
  )
  const bytes = await sharp(pages, { join: { animated: true } })
    .tiff()
    .toBuffer()
  expect((await prepare(bytes)).names).toEqual(['frame 1/3', 'frame 2/3', 'frame 3/3'])
})

describe('a file that cannot be shown in full is refused and never judged in part', () => {
  const formats = ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const
  test.each(formats)('when it breaks off (%s)', async format => {
    const bytes = await noise(900, 700).toFormat(format).toBuffer()
    for (const share of [0.98, 0.5, 0.1]) {
      expect(refusal(await prepare(bytes.subarray(0, Math.floor(bytes.length * share)))).code).toBe('unreadable_image')
    }
  })

  test('when it breaks off although it could be sent as it is', async () => {
    for (const format of ['jpeg', 'png'] as const) {
      const bytes = await noise(300, 200).toFormat(format).toBuffer()
      expect(refusal(await prepare(bytes.subarray(0, bytes.length - 200))).code).toBe('unreadable_image')
    }
  })

  test.each(['gif', 'webp', 'tiff'] as const)('when it breaks off between or within its frames (%s)', async format => {
    const frames = await Promise.all([1, 2, 3, 4].map(seed => noise(120, 80, seed).png().toBuffer()))
    const bytes = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer()
    for (const share of [0.99, 0.8, 0.5, 0.3]) {
      expect(refusal(await prepare(bytes.subarray(0, Math.floor(bytes.length * share)))).code).toBe('unreadable_image')
    }
  })

  test('when it is a bitmap that breaks off, or is compressed', async () => {
    const bytes = bmp({ width: 50, height: 50, bits: 24 }, () => [1, 2, 3])
    expect(refusal(await prepare(bytes.subarray(0, bytes.length - 10))).detail).toContain(
      'the file ends before its picture does',
    )
    const packed = bmp({ width: 50, height: 50, bits: 8, compression: 1 }, () => [1, 2, 3])
    expect(refusal(await prepare(packed)).detail).toContain('save it as PNG')
  })

  test('when it is an animated AVIF, since only its cover could be shown', async () => {
    const bytes = Buffer.from(await noise(40, 30).avif().toBuffer())
    bytes.write('avis', 8, 'latin1')
    expect(refusal(await prepare(bytes)).detail).toContain('animated AVIF')
  })

  test('when it is no image, or has nothing in it', async () => {
    expect(refusal(await prepare(Buffer.from('特价!全场五折'))).code).toBe('unreadable_image')
    expect(refusal(await prepare(Buffer.alloc(0))).code).toBe('empty')
  })
})

describe('limits', () => {
  test('on pixels stop a picture that is small as a file and huge in memory', async () => {
    const bomb = await flat(3000, 3000, '#fff').png().toBuffer()
    expect(bomb.byteLength).toBeLessThan(100_000)
    const { code, detail } = refusal(await prepare(bomb, {}, { maxPixels: 8_000_000 }))
    expect(code).toBe('too_large')
    expect(detail).toContain('3000 × 3000')
    expect(detail).toContain('at most 8 million')
  })

  test('on pixels count for drawings and bitmaps as well', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"><rect width="9" height="9"/></svg>',
    )
    expect(refusal(await prepare(svg)).code).toBe('too_large')
    const header = bmp({ width: 10, height: 10, bits: 24 }, () => [0, 0, 0])
    header.writeInt32LE(100_000, 18)
    header.writeInt32LE(100_000, 22)
    expect(refusal(await prepare(header)).code).toMatch(/too_large|unreadable_image/)
  })

  test('on the size of a file', async () => {
    const bytes = await noise(100, 100).png().toBuffer()
    expect(refusal(await prepare(bytes, {}, { maxBytes: 1000 })).code).toBe('too_large')
  })

  test('on memory end the child, and the file is refused with the number', async () => {
    const settings = { memoryMb: 300, workers: 1 }
    expect((await prepare(await noise(900, 900).jpeg().toBuffer(), {}, settings)).result.kind).toBe('prepared')
    const large = await flat(9500, 9500, '#0a7').png().toBuffer()
    const { code, detail } = refusal(await prepare(large, { mode: 'tile', maxTiles: 1000 }, settings))
    expect(code).toBe('preparation_failed')
    expect(detail).toMatch(/MB of memory, 300 MB are allowed/)
  })
})

describe('a thumbnail', () => {
  const options = { sizePx: 200, blur: 'off', grey: false } as const
  const make = async (bytes: Uint8Array, own: Partial<ThumbnailOptions> = {}) => {
    const made = await imaging.thumbnail({ bytes }, { ...options, ...own }, signal)
    if (made.kind === 'failure') throw new Error(made.detail)
    return made.bytes
  }

  test('fits its square and shows the beginning of what is very long', async () => {
    expect(await sharp(await make(await slopes(800, 600).jpeg().toBuffer())).metadata()).toMatchObject({
      format: 'webp',
      width: 200,
      height: 150,
    })
    const long = await make(await slopes(300, 5000).jpeg().toBuffer())
    expect(await sharp(long).metadata()).toMatchObject({ width: 100, height: 200 })
    expect((await colourAt(long, 50, 5))[2]).toBeLessThan(30)
  })

  test('of a region shows that part alone, whole, however far down it is', async () => {
    const red = await flat(300, 1000, '#d02030').png().toBuffer()
    const bytes = await sharp({ create: { width: 300, height: 5000, channels: 3, background: '#10a040' } })
      .composite([{ input: red, left: 0, top: 3000 }])
      .png()
      .toBuffer()
    const part = await imaging.thumbnail({ bytes }, { ...options, region: [0, 3000, 300, 1000] }, signal)
    if (part.kind === 'failure') throw new Error(part.detail)
    expect(await sharp(part.bytes).metadata()).toMatchObject({ width: 60, height: 200 })
    for (const y of [3, 196]) expect((await colourAt(part.bytes, 30, y))[0]).toBeGreaterThan(190)
    expect(await imaging.thumbnail({ bytes }, { ...options, region: [0, 4500, 300, 1000] }, signal)).toMatchObject({
      kind: 'failure',
      code: 'changed_file',
    })
  })

  test('can be blurred in two strengths, and grey', async () => {
    const bytes = await noise(400, 400).png().toBuffer()
    const detail = async (thumbnail: Uint8Array) => (await sharp(thumbnail).greyscale().stats()).channels[0]!.stdev
    const [sharpOne, light, strong] = [
      await make(bytes),
      await make(bytes, { blur: 'light' }),
      await make(bytes, { blur: 'strong' }),
    ]
    expect(await detail(light)).toBeLessThan((await detail(sharpOne)) / 2)
    expect(await detail(strong)).toBeLessThan(await detail(light))
    const [red, green, blue] = await colourAt(
      await make(await flat(90, 90, '#d02030').png().toBuffer(), { grey: true }),
      40,
      40,
    )
    expect(Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!)).toBeLessThan(4)
  })

  test('of a long poster that is shown whole and blurred still tells what is where', async () => {
    const red = await flat(750, 1000, '#d02030').png().toBuffer()
    const bytes = await sharp({ create: { width: 750, height: 13_000, channels: 3, background: '#10a040' } })
      .composite([{ input: red, left: 0, top: 6000 }])
      .png()
      .toBuffer()
    const whole = await make(bytes, { sizePx: 640, frame: 0, blur: 'strong' })
    expect(await sharp(whole).metadata()).toMatchObject({ width: 37, height: 640 })
    expect((await colourAt(whole, 18, 320))[0]).toBeGreaterThan(150)
    expect((await colourAt(whole, 18, 500))[0]).toBeLessThan(60)
  })

  test('of one frame shows that frame, whole, and of a frame that is not there is a failure', async () => {
    const frames = await Promise.all(['#d02030', '#20d030'].map(colour => flat(60, 240, colour).png().toBuffer()))
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    const second = await make(bytes, { frame: 1 })
    expect(await sharp(second).metadata()).toMatchObject({ width: 50, height: 200 })
    const [red, green] = await colourAt(second, 25, 190)
    expect(green).toBeGreaterThan(red!)
    expect(await imaging.thumbnail({ bytes }, { ...options, frame: 2 }, signal)).toMatchObject({ kind: 'failure' })
  })

  test('of a damaged file is a failure', async () => {
    const bytes = await noise(400, 300).jpeg().toBuffer()
    const made = await imaging.thumbnail({ bytes: bytes.subarray(0, 5000) }, options, signal)
    expect(made).toMatchObject({ kind: 'failure', code: 'unreadable_image' })
  })
})

interface Patch {
  readonly colour: string
  readonly at: readonly [left: number, top: number, width: number, height: number]
}

/** An animated PNG of patches laid over each other, put together from still ones. */
async function apng(width: number, height: number, patches: readonly Patch[]): Promise<Buffer> {
  const { crc32 } = await import('node:zlib')
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data])
    const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const
    ends[0].writeUInt32BE(data.length)
    ends[1].writeUInt32BE(crc32(named))
    return Buffer.concat([ends[0], named, ends[1]])
  }
  const u32 = (...values: number[]) =>
    Buffer.from(values.flatMap(value => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]))
  const chunks = [chunk('acTL', u32(patches.length, 0))]
  let sequence = 0
  let header = Buffer.alloc(0)
  for (const [index, { colour, at }] of patches.entries()) {
    const [left, top, patchWidth, patchHeight] = at
    const png = await flat(patchWidth, patchHeight, colour).png({ palette: false }).toBuffer()
    if (index === 0) header = png.subarray(8, 33)
    chunks.push(
      chunk(
        'fcTL',
        Buffer.concat([u32(sequence++, patchWidth, patchHeight, left, top), Buffer.from([0, 10, 0, 100, 0, 1])]),
      ),
    )
    for (let offset = 8; offset < png.length; ) {
      const length = png.readUInt32BE(offset)
      const data = png.subarray(offset + 8, offset + 8 + length)
      if (png.toString('latin1', offset + 4, offset + 8) === 'IDAT') {
        chunks.push(index === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([u32(sequence++), data])))
      }
      offset += 12 + length
    }
  }
  expect(header.readUInt32BE(8)).toBe(width)
  expect(header.readUInt32BE(12)).toBe(height)
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), header, ...chunks, chunk('IEND', Buffer.alloc(0))])
}
