import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { numbersOf, openDirectories, readDirectory } from '../../../electron/engine/imaging/formats/directories.ts'
import type { Rendition } from '../../../electron/engine/imaging/messages.ts'
import { openPicture } from '../../../electron/engine/imaging/picture.ts'
import { planCalls, prepareParts } from '../../../electron/engine/imaging/renditions.ts'
import { notesOnThumbnails } from '../../../electron/engine/imaging/thumbnail.ts'
import { bmp, colourAt, flat, noise, slopes } from './pictures.ts'

const options = { mode: 'auto', maxTiles: 60 } as const

async function screen(bytes: Uint8Array) {
  const picture = await openPicture(bytes, 100e6)
  const parts: Rendition[] = []
  for await (const part of prepareParts(picture, options)) parts.push(part)
  const codes = (remarks: typeof picture.notes) => remarks.map(({ code }) => code)
  return {
    picture,
    parts,
    names: parts.map(({ name }) => name),
    leftOut: codes(picture.leftOut),
    notes: codes(picture.notes),
  }
}

const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}
function chunk(type: string, data: Uint8Array) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  return Buffer.concat([u32(data.length), named, u32(crc32(named))])
}
/** Behind the header, where most chunks belong. */
const withChunk = (png: Buffer, type: string, data: Uint8Array) =>
  Buffer.concat([png.subarray(0, 33), chunk(type, data), png.subarray(33)])
function segment(marker: number, data: string | Uint8Array) {
  const body = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
  return Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body])
}
const withSegment = (jpeg: Buffer, marker: number, data: string | Uint8Array) =>
  Buffer.concat([jpeg.subarray(0, 2), segment(marker, data), jpeg.subarray(2)])

const png = await slopes(96, 64).png().toBuffer()
const jpeg = await slopes(96, 64).jpeg().toBuffer()
const gif = await flat(96, 64, '#0a7').gif().toBuffer()
const webp = await slopes(96, 64).webp().toBuffer()
const avif = await slopes(96, 64).avif().toBuffer()
const bitmap = bmp({ width: 96, height: 64, bits: 24 }, (x, y) => [x, y, 9])

describe('of a file that is sent as it is', () => {
  test('nothing leaves that only describes it: GPS, captions, comments, a second picture', async () => {
    const withExif = await slopes(96, 64)
      .jpeg()
      .withExif({
        IFD0: { ImageDescription: '青禾茶事的照片' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 14/1 0/1' },
      })
      .toBuffer()
    const spoken = Buffer.concat([withSegment(withExif, 0xfe, 'a private remark of mine'), jpeg])
    const { parts, notes } = await screen(spoken)
    expect(parts).toHaveLength(1)
    expect(parts[0]).toMatchObject({ mime: 'image/jpeg', transform: 'original' })
    const sent = Buffer.from(parts[0]!.bytes)
    for (const private_ of ['Exif', 'GPS', 'private', '青禾']) expect(sent.includes(private_)).toBe(false)
    expect(sent.lastIndexOf(Buffer.from([0xff, 0xd8, 0xff]))).toBe(0)
    const pixels = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer()
    expect(await pixels(sent)).toEqual(await pixels(spoken))
    expect(notes).toEqual(expect.arrayContaining(['second_picture', 'hidden_words']))
  })

  test('chunks of a PNG that do not decode it stay here', async () => {
    const told = withChunk(withChunk(png, 'tEXt', Buffer.from('Comment\0some words of mine')), 'tIME', Buffer.alloc(7))
    const { parts, notes } = await screen(told)
    expect(Buffer.compare(parts[0]!.bytes, png)).toBe(0)
    expect(notes).toEqual(['hidden_words'])
  })

  test('ordinary details of cameras and programs are not noted', async () => {
    const exif = await slopes(96, 64)
      .jpeg()
      .withExif({
        IFD0: { Make: 'Canon', Model: 'EOS', ImageDescription: 'OLYMPUS DIGITAL CAMERA', Software: 'x y z' },
      })
      .toBuffer()
    const files = [
      exif,
      withSegment(jpeg, 0xfe, 'CREATOR: gd-jpeg v1.0 (using IJG JPEG v80), quality = 90'),
      withChunk(png, 'tEXt', Buffer.from('Software\0Adobe ImageReady and more')),
      Buffer.concat([jpeg, Buffer.alloc(64)]),
    ]
    for (const each of files) expect((await screen(each)).notes).toEqual([])
  })
})

describe('every block that no list knows is noted, for no viewer shows it', () => {
  const letters = (pattern: RegExp) => fc.stringMatching(pattern)
  const words = fc.uint8Array({ minLength: 1, maxLength: 40 })
  const holds = (name: string, property: fc.IAsyncPropertyWithHooks<never> | ReturnType<typeof fc.asyncProperty>) =>
    test(name, () => fc.assert(property as ReturnType<typeof fc.asyncProperty>, { numRuns: 25 }))

  holds(
    'a chunk of a PNG',
    fc.asyncProperty(letters(/^[a-z]q[A-Z][a-z]$/), words, async (type, data) => {
      const { notes, parts } = await screen(withChunk(png, type, data))
      expect(notes).toContain('unknown_block')
      expect(Buffer.compare(parts[0]!.bytes, png)).toBe(0)
    }),
  )
  holds(
    'a segment of a JPEG',
    fc.asyncProperty(fc.integer({ min: 0xe0, max: 0xef }), letters(/^q[a-z]{5}$/), async (marker, data) => {
      const { notes, parts } = await screen(withSegment(jpeg, marker, data))
      expect(notes).toEqual(['unknown_block'])
      expect(Buffer.compare(parts[0]!.bytes, jpeg)).toBe(0)
    }),
  )
  holds(
    'an extension of a GIF',
    fc.asyncProperty(letters(/^q[a-z]{10}$/), words, async (name, data) => {
      const body = Buffer.concat([
        Buffer.from([0x21, 0xff, 11]),
        Buffer.from(name),
        Buffer.from([data.length]),
        data,
        Buffer.from([0]),
      ])
      expect((await screen(Buffer.concat([gif.subarray(0, -1), body, gif.subarray(-1)]))).notes).toEqual([
        'unknown_block',
      ])
    }),
  )
  holds(
    'a chunk of a WebP',
    fc.asyncProperty(letters(/^q[a-z]{3}$/), words, async (type, data) => {
      const size = Buffer.alloc(4)
      size.writeUInt32LE(data.length)
      const longer = Buffer.concat([webp, Buffer.from(type), size, data, Buffer.alloc(data.length % 2)])
      longer.writeUInt32LE(longer.length - 8, 4)
      expect((await screen(longer)).notes).toContain('unknown_block')
    }),
  )
  holds(
    'a box of an AVIF',
    fc.asyncProperty(letters(/^q[a-z]{3}$/), words, async (type, data) => {
      const box = Buffer.concat([u32(8 + data.length), Buffer.from(type), data])
      expect((await screen(Buffer.concat([avif, box]))).notes).toEqual(['unknown_block'])
    }),
  )
  holds(
    'whatever lies behind the end',
    fc.asyncProperty(
      fc.constantFrom(png, jpeg, gif, webp, bitmap),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      async (file, data) => {
        const { notes } = await screen(Buffer.concat([file, Buffer.from('q'), data]))
        expect(notes).toHaveLength(1)
      },
    ),
  )

  test('a clip behind a photograph is called one', async () => {
    expect((await screen(Buffer.concat([jpeg, Buffer.from('\0\0\0\x18ftypmp42')]))).notes).toEqual(['hidden_clip'])
  })

  test('a thumbnail inside a photograph that shows something else', async () => {
    const thumbnails = {
      same: await slopes(48, 32).jpeg().toBuffer(),
      other: await flat(48, 32, '#e00').jpeg().toBuffer(),
    }
    for (const [kind, thumbnail] of Object.entries(thumbnails)) {
      const photoshop = Buffer.concat([Buffer.from('Photoshop 3.0\0', 'latin1'), resourcesWith(thumbnail)])
      for (const holder of [segment(0xe1, exifWith(thumbnail)), segment(0xed, photoshop)]) {
        const { picture, parts } = await screen(Buffer.concat([jpeg.subarray(0, 2), holder, jpeg.subarray(2)]))
        const notes = await notesOnThumbnails(picture, parts[0]!.bytes)
        expect(notes.map(({ code }) => code)).toEqual(kind === 'same' ? [] : ['other_thumbnail'])
      }
    }
  })
})

describe('colours are sent as browsers show them', () => {
  /** What Chromium 142 shows for a grey of 72 and a red of 144 in the same files. */
  test.each([
    ['gAMA 1.0', withChunk(png, 'gAMA', u32(100_000)), 2],
    [
      'primaries that are swapped',
      withChunk(
        withChunk(png, 'cHRM', u32(31_270, 32_900, 30_000, 60_000, 64_000, 33_000, 15_000, 6000)),
        'gAMA',
        u32(45_455),
      ),
      2,
    ],
    ['PQ', withChunk(png, 'cICP', Buffer.from([9, 16, 0, 1])), 2],
    ['a usual gAMA', withChunk(png, 'gAMA', u32(45_455)), 1],
    ['primaries of Display P3', withChunk(png, 'cICP', Buffer.from([12, 13, 0, 1])), 1],
    [
      'primaries without a gamma, which browsers ignore',
      withChunk(png, 'cHRM', u32(31_270, 32_900, 30_000, 60_000, 64_000, 33_000, 15_000, 6000)),
      1,
    ],
    ['a gamma that sRGB overrules', withChunk(withChunk(png, 'gAMA', u32(100_000)), 'sRGB', Buffer.from([0])), 1],
  ] as const)('and as others do where that is another picture: %s', async (_, bytes, looks) => {
    const { names, picture } = await screen(bytes)
    expect(names).toEqual(['whole', 'whole look 2'].slice(0, looks))
    expect(await planCalls(picture, options)).toEqual({ atLeast: looks, atMost: looks })
  })

  test('by gamma: middle grey of linear light is light', async () => {
    const grey = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#484848' } })
      .png()
      .toBuffer()
    const { parts } = await screen(withChunk(grey, 'gAMA', u32(100_000)))
    const [meant] = await colourAt(parts[0]!.bytes, 30, 30)
    const [coded] = await colourAt(parts[1]!.bytes, 30, 30)
    expect(Math.abs(meant! - 145)).toBeLessThan(3)
    expect(Math.abs(coded! - 72)).toBeLessThan(3)
  })

  test('by the profile’s content and not by the name in it', async () => {
    const red = await flat(64, 64, '#e01010').png().toBuffer()
    const named = (swapped: boolean) =>
      withChunk(red, 'iCCP', Buffer.concat([Buffer.from('sRGB\0\0'), deflateSync(profile(swapped))]))
    const { parts, names } = await screen(named(true))
    expect(names).toEqual(['whole', 'whole look 2'])
    expect((await colourAt(parts[0]!.bytes, 30, 30))[1]).toBeGreaterThan(180)
    expect((await colourAt(parts[1]!.bytes, 30, 30))[0]).toBeGreaterThan(200)
    // A true profile says nothing that sRGB does not.
    const { parts: plain } = await screen(named(false))
    expect(plain.map(({ transform }) => transform)).toEqual(['original'])
    expect(Buffer.compare(plain[0]!.bytes, red)).toBe(0)
  })

  test('in four inks without a profile: as bright as browsers make them', async () => {
    const inks = await flat(64, 64, '#0000ff').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    const { parts } = await screen(inks)
    expect((await colourAt(parts[0]!.bytes, 30, 30))[2]).toBeGreaterThan(230)
  })
})

describe('a TIFF', () => {
  const tiff = (settings: object) =>
    noise(128, 96)
      .tiff({ compression: 'none', ...settings })
      .toBuffer()

  test.each([
    ['strips', { compression: 'none' }],
    ['strips, packed', { compression: 'deflate' }],
    ['tiles', { compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 }],
    ['JPEG', { compression: 'jpeg' }],
    ['LZW', { compression: 'lzw' }],
  ])('is judged whole (%s)', async (_, settings) => {
    const { leftOut, notes, names } = await screen(await tiff(settings))
    expect({ leftOut, notes, names }).toEqual({ leftOut: [], notes: [], names: ['whole'] })
  })

  test('with a missing block, or one that holds too little, does not pass', async () => {
    const tiled = await tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 })
    expect((await screen(entryOf(tiled, 325, 1, 0))).leftOut).toEqual(['tiff_missing_data'])
    const strips = await flat(128, 600, '#0a7').tiff({ compression: 'deflate', tile: false }).toBuffer()
    for (const length of [0, 9]) {
      const { leftOut } = await openPicture(entryOf(strips, 279, 0, length), 100e6)
      expect(leftOut).toEqual([{ code: 'tiff_missing_data', count: 1 }])
    }
  })

  test('whose only strip has no length is judged whole, since it is read to its end', async () => {
    const strip = entryOf(await tiff({ compression: 'deflate' }), 279, 0, 0)
    expect((await screen(strip)).leftOut).toEqual([])
  })

  test('of a kind that viewers show differently does not pass: old JPEG, other photometrics, floating point', async () => {
    const strips = await tiff({})
    for (const [tag, value] of [
      [259, 6],
      [262, 4],
      [262, 32_844],
      [277, 5],
    ] as const) {
      const changed = entryOf(strips, tag, 0, value)
      const outcome = await screen(changed).then(
        ({ leftOut }) => leftOut,
        error => [error.code],
      )
      expect(outcome, `${tag} ${value}`).not.toEqual([])
    }
  })

  test.each(['lzw', 'packbits'] as const)('whose tile of %s ends too early does not pass', async compression => {
    const whole = await tiff({ compression, tile: true, tileWidth: 64, tileHeight: 64 })
    expect((await screen(whole)).leftOut).toEqual([])
    const cut = entryOf(whole, 325, 1, entryValue(whole, 325, 1) - 200)
    expect((await screen(cut)).leftOut).toEqual(['tiff_missing_data'])
  })

  test('whose tile of LZW makes no sense from somewhere on does not pass', async () => {
    const damaged = await tiff({ compression: 'lzw', tile: true, tileWidth: 64, tileHeight: 64 })
    damaged.fill(0xff, entryValue(damaged, 324, 0) + 40, entryValue(damaged, 324, 0) + 80)
    expect((await screen(damaged)).leftOut).toEqual(['tiff_missing_data'])
  })

  test.each([
    ['signed', 2, 16],
    ['floating', 3, 32],
  ] as const)(
    'of %s samples is sent as viewers stretch them, and with every difference seen',
    async (_, format, bits) => {
      // A square of measures between, beside one that is far from all others.
      const measure = (x: number, y: number) => (x === 0 && y === 0 ? 30_000 : x > 20 && y > 20 ? 7 : -5)
      const { leftOut, names, parts } = await screen(measures(64, 48, format, bits, measure))
      expect({ leftOut, names }).toEqual({ leftOut: [], names: ['whole', 'whole look 2'] })
      const [stretched, ranked] = await Promise.all(
        parts.map(async ({ bytes }) => [(await colourAt(bytes, 5, 5))[0], (await colourAt(bytes, 50, 40))[0]] as const),
      )
      expect(Math.abs(stretched![0]! - stretched![1]!)).toBeLessThan(5)
      expect(ranked![1]! - ranked![0]!).toBeGreaterThan(64)
    },
  )

  test('with a picture that hangs from its page has that one sent too', async () => {
    const page = measures(32, 32, 1, 8, () => 40)
    const other = measures(16, 16, 1, 8, () => 200, page.length)
    // The page's last entry, which is its sample format, becomes the place of the other directory.
    const both = Buffer.concat([page, other.subarray(8)])
    const at = directoryOf(both) + 2 + (both.readUInt16LE(directoryOf(both)) - 1) * 12
    both.writeUInt16LE(330, at)
    both.writeUInt16LE(4, at + 2)
    both.writeUInt32LE(page.length + other.readUInt32LE(4) - 8, at + 8)
    const { leftOut, names, parts } = await screen(both)
    expect({ leftOut, names }).toEqual({ leftOut: [], names: ['frame 1/2', 'frame 2/2'] })
    expect((await colourAt(parts[0]!.bytes, 8, 8))[0]).toBeLessThan(60)
    expect((await colourAt(parts[1]!.bytes, 8, 8))[0]).toBeGreaterThan(180)
  })

  test('with a tag that no list knows has it noted', async () => {
    const strips = await tiff({})
    expect((await screen(entryOf(strips, 296, 0, null))).notes).toEqual(['unknown_block'])
  })
})

test('an SVG is sent on the ground that it gives itself, since white print shows on it', async () => {
  const drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" style="background:#146428"/>'
  const { names, parts } = await screen(Buffer.from(drawn))
  expect(names).toEqual(['whole'])
  expect((await colourAt(parts[0]!.bytes, 9, 9)).map(channel => Math.round(channel / 10))).toEqual([2, 10, 4])
})

test('an SVG that is another in dark windows is sent as both', async () => {
  const drawn =
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" style="background:light-dark(#fff, #121212)"><text y="30" fill="light-dark(#fff, red)">offer</text></svg>'
  const { names, parts } = await screen(Buffer.from(drawn))
  expect(names).toEqual(['whole', 'whole look 2'])
  expect((await colourAt(parts[0]!.bytes, 500, 9))[0]).toBeGreaterThan(250)
  expect((await colourAt(parts[1]!.bytes, 500, 9))[0]).toBeLessThan(30)
})

describe('a transparent picture', () => {
  test('of full size has small print in three shades of grey seen too', async () => {
    const line = (shade: string, y: number) =>
      `<text x="20" y="${y}" font-size="13" fill="${shade}">small print of an offer</text>`
    const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="740" height="740">${line('#000', 200)}${line('#fff', 400)}${line('#808080', 600)}</svg>`
    expect((await screen(await sharp(Buffer.from(drawn)).png().toBuffer())).names).toEqual(['whole', 'whole look 2'])
  })

  const print = (...colours: string[]) =>
    sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200">${colours.map((colour, index) => `<text x="20" y="${50 + index * 60}" font-size="44" fill="${colour}">ABCDEF</text>`).join('')}</svg>`,
      ),
    )
      .png()
      .toBuffer()

  test('costs another call only where one background hides something that another shows', async () => {
    expect((await screen(await print('#000'))).names).toEqual(['whole'])
    expect((await screen(await print('#000', '#fff'))).names).toEqual(['whole'])
    const { names, parts, picture } = await screen(await print('#000', '#fff', '#808080'))
    expect(names).toEqual(['whole', 'whole look 2'])
    expect(new Set(parts.map(({ transform }) => transform.slice(-7))).size).toBe(2)
    expect(await planCalls(picture, options)).toEqual({ atLeast: 2, atMost: 2 })
  })
})

test('an animation whose frames differ by small print alone has each of them sent', async () => {
  const frame = (words: string) =>
    sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640"><rect width="640" height="640" fill="#9c271c"/><text x="30" y="600" font-size="12" fill="#ddd">${words}</text></svg>`,
      ),
    )
      .png()
      .toBuffer()
  const frames = await Promise.all(['', 'ask for more', '', ''].map(frame))
  for (const format of ['gif', 'webp'] as const) {
    const bytes = await sharp(frames, { join: { animated: true } })
      .toFormat(format, { delay: [400, 400, 400, 400] })
      .toBuffer()
    expect(
      (await screen(bytes)).parts.map(part => part.frame),
      format,
    ).toContain(1)
  }
})

/** Photoshop's resources: a caption's digest, and a thumbnail. */
function resourcesWith(thumbnail: Uint8Array): Buffer {
  const resource = (id: number, data: Uint8Array) =>
    Buffer.concat([
      Buffer.from('8BIM', 'latin1'),
      Buffer.from([id >> 8, id & 255, 0, 0]),
      u32(data.length),
      data,
      Buffer.alloc(data.length % 2),
    ])
  return Buffer.concat([resource(1061, Buffer.alloc(15)), resource(1036, Buffer.concat([Buffer.alloc(28), thumbnail]))])
}

/** EXIF with nothing but a thumbnail. */
function exifWith(thumbnail: Uint8Array): Buffer {
  const head = Buffer.from('Exif\0\0MM\0*', 'latin1')
  const entry = (tag: number, value: number) => Buffer.concat([Buffer.from([tag >> 8, tag & 255, 0, 4]), u32(1, value)])
  const first = Buffer.concat([u32(8), Buffer.from([0, 0]), u32(14)])
  const second = Buffer.concat([Buffer.from([0, 2]), entry(0x201, 44), entry(0x202, thumbnail.length), u32(0)])
  return Buffer.concat([head, first, second, thumbnail])
}

/** The same TIFF with one value of one entry changed; null renames the entry to an unassigned tag. */
function entryOf(tiff: Buffer, tag: number, index: number, value: number | null): Buffer {
  const changed = Buffer.from(tiff)
  const little = tiff[0] === 0x49
  const u16 = (at: number) => (little ? changed.readUInt16LE(at) : changed.readUInt16BE(at))
  const u32At = (at: number) => (little ? changed.readUInt32LE(at) : changed.readUInt32BE(at))
  const directory = u32At(4)
  for (let each = 0; each < u16(directory); each++) {
    const at = directory + 2 + each * 12
    if (u16(at) !== tag) continue
    if (value === null) {
      if (little) changed.writeUInt16LE(65_000, at)
      else changed.writeUInt16BE(65_000, at)
      return changed
    }
    const size = u16(at + 2) === 3 ? 2 : 4
    const place = (u32At(at + 4) * size <= 4 ? at + 8 : u32At(at + 8)) + index * size
    if (size === 2) little ? changed.writeUInt16LE(value, place) : changed.writeUInt16BE(value, place)
    else little ? changed.writeUInt32LE(value, place) : changed.writeUInt32BE(value, place)
    return changed
  }
  throw new Error(`no tag ${tag}`)
}

const directoryOf = (tiff: Buffer) => (tiff[0] === 0x49 ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4))

function entryValue(tiff: Buffer, tag: number, index: number): number {
  const file = openDirectories(tiff)
  return numbersOf(file, readDirectory(file, file.first).entries.get(tag))[index] ?? 0
}

/** A grey TIFF of one strip; `behind` is where its data begin. */
function measures(
  width: number,
  height: number,
  format: 1 | 2 | 3,
  bits: 8 | 16 | 32,
  measure: (x: number, y: number) => number,
  behind = 8,
): Buffer {
  const data = Buffer.alloc((width * height * bits) / 8)
  for (let at = 0; at < width * height; at++) {
    const value = measure(at % width, Math.floor(at / width))
    if (format === 3) data.writeFloatLE(value, at * 4)
    else if (bits === 16) data.writeInt16LE(value, at * 2)
    else data.writeUInt8(value, at)
  }
  const entries = [
    [256, width],
    [257, height],
    [258, bits],
    [259, 1],
    [262, 1],
    [273, behind],
    [277, 1],
    [278, height],
    [279, data.length],
    [339, format],
  ] as const
  const directory = Buffer.alloc(2 + entries.length * 12 + 4)
  directory.writeUInt16LE(entries.length)
  for (const [index, [tag, value]] of entries.entries()) {
    const at = 2 + index * 12
    directory.writeUInt16LE(tag, at)
    directory.writeUInt16LE(4, at + 2)
    directory.writeUInt32LE(1, at + 4)
    directory.writeUInt32LE(value, at + 8)
  }
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1')
  head.writeUInt32LE(8 + data.length, 4)
  return Buffer.concat([head, data, directory])
}

/** A profile of three curves and a matrix: sRGB, or with red and green swapped. */
function profile(swapped: boolean): Buffer {
  const xyz = (...values: number[]) =>
    Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), u32(...values.map(value => Math.round(value * 65_536)))])
  const red = xyz(0.43607, 0.22249, 0.01392)
  const green = xyz(0.38515, 0.71687, 0.09708)
  const curve = Buffer.concat([
    Buffer.from('para\0\0\0\0\0\x03\0\0', 'latin1'),
    u32(...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(value => Math.round(value * 65_536))),
  ])
  const tags: readonly (readonly [string, Buffer])[] = [
    ['rXYZ', swapped ? green : red],
    ['gXYZ', swapped ? red : green],
    ['bXYZ', xyz(0.14307, 0.06061, 0.7141)],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
    ['desc', Buffer.concat([Buffer.from('desc\0\0\0\0\0\0\0\x05sRGB\0', 'latin1'), Buffer.alloc(79)])],
    ['cprt', Buffer.from('text\0\0\0\0none\0\0\0\0', 'latin1')],
  ]
  const table: Buffer[] = [u32(tags.length)]
  const data: Buffer[] = []
  let at = 128 + 4 + tags.length * 12
  for (const [name, body] of tags) {
    table.push(Buffer.from(name, 'latin1'), u32(at, body.length))
    data.push(body)
    at += body.length
  }
  const header = Buffer.alloc(128)
  header.writeUInt32BE(at, 0)
  header.writeUInt32BE(0x02100000, 8)
  header.write('mntrRGB XYZ ', 12, 'latin1')
  header.write('acsp', 36, 'latin1')
  header.writeInt32BE(Math.round(0.9642 * 65_536), 68)
  header.writeInt32BE(65_536, 72)
  header.writeInt32BE(Math.round(0.8249 * 65_536), 76)
  return Buffer.concat([header, ...table, ...data])
}
