/** Pictures that libvips alone would show otherwise than browsers do. */

import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { openPicture, type Picture } from '../../../electron/engine/imaging/picture.ts'
import { prepareParts } from '../../../electron/engine/imaging/renditions.ts'
import { bmp, colourAt, flat, slopes } from './pictures.ts'

async function open(bytes: Uint8Array) {
  const before = Uint8Array.from(bytes)
  const picture = await openPicture(bytes, 1e6)
  expect(Uint8Array.from(bytes), 'the file in memory').toEqual(before)
  return picture
}
const codes = (remarks: Picture['notes']) => remarks.map(({ code }) => code)

async function partsOf(picture: Picture) {
  const parts = []
  for await (const part of prepareParts(picture, { mode: 'auto', maxTiles: 60 })) parts.push(part)
  return parts
}

interface GifLayer {
  readonly at: readonly [x: number, y: number, width: number, height: number]
  readonly colour: readonly [number, number, number]
  readonly dispose?: number
}

/** Frames of one colour each; the code that clears the table before every pixel spares the compression. */
function gif(width: number, height: number, layers: readonly GifLayer[]): Buffer {
  const u16 = (...values: number[]) => values.flatMap(value => [value & 255, value >> 8])
  const layer = ({ at, colour, dispose = 1 }: GifLayer) => {
    const codesOf = [...Array.from({ length: at[2] * at[3] }, () => [4, 0]).flat(), 5]
    const bits = codesOf.flatMap(code => [code & 1, (code >> 1) & 1, code >> 2])
    const data = Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
      bits.slice(byte * 8, byte * 8 + 8).reduce((sum, bit, place) => sum | (bit << place), 0),
    )
    const blocks = Array.from({ length: Math.ceil(data.length / 255) }, (_, index) => {
      const block = data.slice(index * 255, index * 255 + 255)
      return [block.length, ...block]
    }).flat()
    return [0x21, 0xf9, 4, dispose << 2, 10, 0, 0, 0, 0x2c, ...u16(...at), 0x80, ...colour, 0, 0, 0, 2, ...blocks, 0]
  }
  return Buffer.from([...Buffer.from('GIF89a'), ...u16(width, height), 0, 0, 0, ...layers.flatMap(layer), 0x3b])
}

const red = [255, 0, 0] as const
const green = [0, 255, 0] as const
const blue = [0, 0, 255] as const
const clear = [0, 0, 0, 0]

async function pixel(picture: Picture, frame: number, left: number, top: number) {
  const { data, info } = await (await picture.render(frame)).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (top * info.width + left) * 4
  return [...data.subarray(at, at + 4)]
}

describe('frames of a GIF', () => {
  test('leave nothing where they clear what they covered', async () => {
    const picture = await open(
      gif(20, 20, [
        { at: [0, 0, 20, 20], colour: red },
        { at: [2, 2, 4, 4], colour: green, dispose: 2 },
        { at: [12, 12, 4, 4], colour: blue },
      ]),
    )
    expect(await pixel(picture, 1, 3, 3)).toEqual([...green, 255])
    expect(await pixel(picture, 2, 3, 3)).toEqual(clear)
    expect(await pixel(picture, 2, 13, 13)).toEqual([...blue, 255])
    expect(await pixel(picture, 2, 9, 9)).toEqual([...red, 255])
    // Taken again from the beginning.
    expect(await pixel(picture, 0, 3, 3)).toEqual([...red, 255])
    expect((await partsOf(picture)).map(({ frame }) => frame)).toEqual(expect.arrayContaining([0, 1, 2]))
  })

  test.each([3, 4])('give back what they covered (disposal %i)', async dispose => {
    const picture = await open(
      gif(20, 20, [
        { at: [0, 0, 20, 20], colour: red },
        { at: [2, 2, 4, 4], colour: green, dispose },
        { at: [12, 12, 4, 4], colour: blue },
      ]),
    )
    expect(await pixel(picture, 2, 3, 3)).toEqual([...red, 255])
  })

  test.each([1, 2])('leave clear what they do not cover (%i of them)', async count => {
    const layers = [
      { at: [0, 0, 10, 10], colour: red },
      { at: [10, 10, 10, 10], colour: blue },
    ] as const
    const picture = await open(gif(20, 20, layers.slice(0, count)))
    expect(picture).toMatchObject({ width: 20, height: 20, frames: count, isAnimated: count > 1, hasAlpha: true })
    expect(await pixel(picture, 0, 15, 15)).toEqual(clear)
    expect(await pixel(picture, 0, 5, 5)).toEqual([...red, 255])
  })

  test('widen the screen where the first is larger, and are cut where a later one is, with a note', async () => {
    const picture = await open(
      gif(10, 10, [
        { at: [5, 5, 20, 10], colour: red },
        { at: [20, 10, 20, 20], colour: blue },
      ]),
    )
    expect(picture).toMatchObject({ width: 25, height: 15 })
    expect(await pixel(picture, 1, 6, 6)).toEqual([...red, 255])
    expect(await pixel(picture, 1, 24, 14)).toEqual([...blue, 255])
    expect(codes(picture.notes)).toEqual(['hidden_data'])
  })
})

function box(type: string, ...content: Uint8Array[]): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + content.reduce((sum, { byteLength }) => sum + byteLength, 0))
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, ...content])
}
const u8 = (...values: number[]) => Buffer.from(values)
const u16 = (...values: number[]) => u8(...values.flatMap(value => [value >> 8, value & 255]))
const u32 = (...values: number[]) => u16(...values.flatMap(value => [value >>> 16, value & 65_535]))
const plainBox = u32(0)

interface Item {
  readonly type: string
  readonly data: Buffer
  readonly properties: readonly Buffer[]
  readonly isHidden?: boolean
}

/** Items are numbered from 1, which is the picture. */
function avif(items: readonly Item[], references: Buffer = Buffer.alloc(0), essential = true): Buffer {
  const all = items.flatMap(({ properties }) => properties)
  const metaWith = (dataAt: number) => {
    let at = dataAt
    const places = items.map(({ data }, index) => {
      const place = Buffer.concat([u16(index + 1, 0, 1), u32(at, data.length)])
      at += data.length
      return place
    })
    const entries = items.map(({ type, isHidden }, index) =>
      box('infe', u8(2, 0, 0, isHidden ? 1 : 0), u16(index + 1, 0), Buffer.from(`${type}\0`)),
    )
    const associations = items.map(({ properties }, index) => {
      const numbers = properties.map(each => all.indexOf(each) + 1 + (essential ? 128 : 0))
      return Buffer.concat([u16(index + 1), u8(numbers.length, ...numbers)])
    })
    return box(
      'meta',
      plainBox,
      box('hdlr', plainBox, u32(0), Buffer.from('pict'), Buffer.alloc(13)),
      box('pitm', plainBox, u16(1)),
      box('iloc', plainBox, u8(0x44, 0), u16(items.length), ...places),
      box('iinf', plainBox, u16(items.length), ...entries),
      ...(references.length === 0 ? [] : [box('iref', plainBox, references)]),
      box('iprp', box('ipco', ...all), box('ipma', plainBox, u32(items.length), ...associations)),
    )
  }
  const start = box('ftyp', Buffer.from('avif'), u32(0), Buffer.from('avifmif1miaf'))
  const dataAt = start.length + metaWith(0).length + 8
  return Buffer.concat([start, metaWith(dataAt), box('mdat', ...items.map(({ data }) => data))])
}

async function coded(picture: Sharp, ...more: Buffer[]): Promise<Item> {
  const file = await picture.avif({ quality: 90 }).toBuffer()
  const found = (type: string) => {
    const at = file.indexOf(type) - 4
    return file.subarray(at, at + file.readUInt32BE(at))
  }
  const data = found('mdat').subarray(8)
  return { type: 'av01', data, properties: [...['av1C', 'ispe', 'pixi'].map(found), ...more] }
}

const nclx = (primaries: number, transfer: number) =>
  box('colr', Buffer.from('nclx'), u16(primaries, transfer, 6), u8(0x80))

describe('an AVIF', () => {
  test('is sent whole where it asks to be cropped', async () => {
    const clap = box('clap', u32(16, 1, 16, 1, 0, 1, 0, 1))
    const picture = await open(avif([await coded(slopes(96, 64), clap)]))
    expect(picture).toMatchObject({ width: 96, height: 64, leftOut: [], notes: [] })
    const [part, ...rest] = await partsOf(picture)
    expect(rest).toEqual([])
    expect(part).toMatchObject({ width: 96, height: 64 })
  })

  test('has the light of HDR toned to sRGB, and is sent as it is coded too', async () => {
    // 58 % of PQ is the white of ordinary displays.
    const grey = await coded(flat(96, 64, '#949494'), nclx(9, 16))
    const parts = await partsOf(await open(avif([grey])))
    expect(parts.map(({ name }) => name)).toEqual(['whole', 'whole look 2'])
    const [shown = 0, asCoded = 0] = await Promise.all(
      parts.map(async ({ bytes }) => (await colourAt(bytes, 20, 20))[0] ?? 0),
    )
    expect(shown).toBeGreaterThan(asCoded + 20)
  })

  test('in ordinary colours, told by code points, is sent once', async () => {
    expect(await partsOf(await open(avif([await coded(slopes(96, 64), nclx(1, 13))])))).toHaveLength(1)
  })

  test('has its map for HDR displays sent as a look of its own', async () => {
    const map = { ...(await coded(flat(48, 32, '#eeeeee'))), isHidden: true }
    const toned = { type: 'tmap', data: Buffer.alloc(62), properties: [] }
    const references = box('dimg', u16(3, 2, 1, 2))
    const picture = await open(avif([await coded(flat(96, 64, '#333333')), map, toned], references))
    expect(codes(picture.leftOut)).toEqual([])
    const parts = await partsOf(picture)
    expect(parts).toHaveLength(2)
    expect((await colourAt(parts[1]!.bytes, 20, 20))[0]).toBeGreaterThan(220)
    // One that is made of others cannot be told.
    const strange = avif([await coded(flat(96, 64, '#333333')), map, toned], box('dimg', u16(3, 2, 2, 1)))
    expect(codes((await open(strange)).leftOut)).toEqual(['gain_map'])
  })

  test('whose mask turns otherwise than it does is left out', async () => {
    const auxiliary = box('auxC', plainBox, Buffer.from('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0'))
    const references = box('auxl', u16(2, 1, 1))
    const turn = (angle: number) => box('irot', u8(angle))
    const pair = async (...turns: readonly Buffer[][]) =>
      avif(
        [
          await coded(flat(64, 64, '#333333'), ...(turns[0] ?? [])),
          await coded(flat(64, 64, '#ffffff'), auxiliary, ...(turns[1] ?? [])),
        ],
        references,
      )
    expect(codes((await open(await pair([turn(1)], [turn(1)]))).leftOut)).toEqual([])
    expect(codes((await open(await pair([turn(1)], []))).leftOut)).toEqual(['heif_kind'])
  })

  test('with a property of nobody’s is noted, and left out where that is essential', async () => {
    const item = await coded(slopes(96, 64), box('qqqq', u32(7)))
    const noted = await open(avif([item], undefined, false))
    expect([codes(noted.leftOut), codes(noted.notes)]).toEqual([[], ['unknown_block']])
    const refused = await open(avif([item])).then(
      ({ leftOut }) => codes(leftOut),
      () => ['refused'],
    )
    expect(refused).not.toEqual([])
  })
})

test('a bitmap whose profile lies in a file beside it is read, with a note', async () => {
  const small = bmp({ width: 8, height: 8, bits: 24 }, () => [200, 30, 30])
  const header = Buffer.alloc(124)
  small.copy(header, 0, 14, 54)
  header.writeUInt32LE(124, 0)
  header.writeUInt32LE(0x4c494e4b, 56)
  const start = Buffer.from(small.subarray(0, 14))
  start.writeUInt32LE(138, 10)
  const picture = await open(Buffer.concat([start, header, small.subarray(54)]))
  expect(codes(picture.notes)).toEqual(['unknown_block'])
  expect(await pixel(picture, 0, 4, 4)).toEqual([200, 30, 30, 255])
})

test('a bitmap that declares alpha is sent with it, as browsers show it, and without, as others do', async () => {
  const small = bmp({ width: 64, height: 64, bits: 32 }, () => [200, 30, 30])
  const header = Buffer.alloc(124)
  small.copy(header, 0, 14, 54)
  header.writeUInt32LE(124, 0)
  header.writeUInt32LE(0xff000000, 52)
  const start = Buffer.from(small.subarray(0, 14))
  start.writeUInt32LE(138, 10)
  const pixels = Buffer.from(small.subarray(54))
  const file = () => Buffer.concat([start, header, pixels])
  // Left at zero by programs that know no alpha.
  expect(await partsOf(await open(file()))).toHaveLength(1)
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = at < pixels.length / 2 ? 0 : 255
  const parts = await partsOf(await open(file()))
  const corners = await Promise.all(parts.map(({ bytes }) => colourAt(bytes, 32, 60)))
  expect(parts.map(({ name }) => name)).toEqual(['whole', 'whole look 2'])
  expect(corners[0]?.[0]).not.toBeCloseTo(200, -1)
  expect(corners[1]?.[0]).toBeCloseTo(200, -1)
})

/** A block of EXIF that holds an orientation, of the given type and as often; in the inner directory where `isInner`. */
function orientationBlock(orientation: number, { type = 3, count = 1, isInner = false } = {}): Buffer {
  const u16le = (...values: number[]) => u8(...values.flatMap(value => [value & 255, value >> 8]))
  const directory = (tag: number, kind: number, values: number, value: number) =>
    Buffer.concat([u16le(1, tag, kind, values, 0, value, 0), Buffer.alloc(4)])
  return Buffer.concat([
    Buffer.from('II*\0\x08\0\0\0', 'latin1'),
    ...(isInner ? [directory(0x8769, 4, 1, 26)] : []),
    directory(0x112, type, count, orientation),
  ])
}

describe('a picture is turned as browsers turn it', () => {
  const segment = (marker: number, data: Buffer) => Buffer.concat([u8(0xff, marker), u16(data.length + 2), data])
  const chunk = (type: string, data: Buffer, isBroken = false) => {
    const named = Buffer.concat([Buffer.from(type), data])
    return Buffer.concat([u32(data.length), named, u32(crc32(named) ^ (isBroken ? 1 : 0))])
  }
  const behindStart = (file: Buffer, start: number, more: Buffer) =>
    Buffer.concat([file.subarray(0, start), more, file.subarray(start)])
  const exif = (block: Buffer, pad = 0) => segment(0xe1, Buffer.concat([Buffer.from('Exif\0'), u8(pad), block]))

  test.each([
    ['as always', orientationBlock(6), 0, [64, 96], 1],
    ['by a long number, which they pass over', orientationBlock(6, { type: 4 }), 0, [96, 64], 2],
    ['by two numbers, which they pass over', orientationBlock(6, { count: 2 }), 0, [96, 64], 2],
    ['by the inner directory', orientationBlock(6, { isInner: true }), 0, [64, 96], 2],
    ['by a block with another filling', orientationBlock(6), 1, [64, 96], 2],
  ] as const)('a JPEG %s, and as other programs do', async (_, block, pad, [width, height], looks) => {
    const picture = await open(behindStart(await slopes(96, 64).jpeg().toBuffer(), 2, exif(block, pad)))
    expect(picture).toMatchObject({ width, height, leftOut: [] })
    const parts = await partsOf(picture)
    expect(parts.map(part => [part.width, part.height, part.rect])).toEqual(
      [
        [width, height, [0, 0, width, height]],
        [height, width, [0, 0, width, height]],
      ].slice(0, looks),
    )
  })

  test.each([2, 3, 4, 5, 6, 7, 8])('every way (%i) as the decoder would', async orientation => {
    const jpeg = await slopes(96, 64).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
    const pixels = async (block: Buffer, pad: number) =>
      (await (await open(behindStart(jpeg, 2, exif(block, pad)))).render(0)).raw().toBuffer()
    expect(await pixels(orientationBlock(orientation), 1)).toEqual(await pixels(orientationBlock(orientation), 0))
  })

  test('a PNG by a chunk that is whole, and animations as well', async () => {
    const png = await slopes(96, 64).png().toBuffer()
    const turned = await open(behindStart(png, 33, chunk('eXIf', orientationBlock(6))))
    expect([turned.width, turned.height, turned.alternative]).toEqual([64, 96, null])
    const kept = await open(behindStart(png, 33, chunk('eXIf', orientationBlock(6), true)))
    expect([kept.width, kept.height]).toEqual([96, 64])
    expect(kept.alternative?.size).toEqual({ width: 64, height: 96 })
  })

  test('a WebP never, and as other programs do too', async () => {
    const webp = await slopes(96, 64).withExif({ IFD0: {} }).withMetadata({ orientation: 6 }).webp().toBuffer()
    const picture = await open(webp)
    expect(picture).toMatchObject({ width: 96, height: 64, leftOut: [] })
    expect((await partsOf(picture)).map(({ width, height }) => [width, height])).toEqual([
      [96, 64],
      [64, 96],
    ])
  })
})

test('a JPEG keeps what says how its colours are coded, however long that is', async () => {
  const jpeg = await flat(64, 64, '#30c060').jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()
  const adobe = (more: number) =>
    Buffer.concat([u8(0xff, 0xee), u16(14 + more), Buffer.from('Adobe'), u16(100, 0, 0), Buffer.alloc(1 + more)])
  const [short, long] = await Promise.all(
    [0, 3].map(async more => {
      const [part] = await partsOf(await open(Buffer.concat([jpeg.subarray(0, 2), adobe(more), jpeg.subarray(2)])))
      return part!
    }),
  )
  expect(long!.transform).toBe('original')
  expect(long!.bytes).toEqual(short!.bytes)
})

test('a JPEG in four inks passes over a profile for three colours', async () => {
  const inks = await flat(64, 64, '#0000ff').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
  const p3 = await flat(8, 8, '#000').withIccProfile('p3').jpeg().toBuffer()
  const at = p3.indexOf('ICC_PROFILE') - 4
  const profile = p3.subarray(at, at + 2 + p3.readUInt16BE(at + 2))
  const [plain, profiled] = await Promise.all(
    [inks, Buffer.concat([inks.subarray(0, 2), profile, inks.subarray(2)])].map(async file =>
      colourAt((await partsOf(await open(file)))[0]!.bytes, 30, 30),
    ),
  )
  expect(profiled).toEqual(plain)
})

describe('chunks of a PNG', () => {
  const chunk = (type: string, data: Buffer, isBroken = false) => {
    const named = Buffer.concat([Buffer.from(type), data])
    return Buffer.concat([u32(data.length), named, u32(crc32(named) ^ (isBroken ? 1 : 0))])
  }
  const gamma = chunk('gAMA', u32(400_000))
  const usual = chunk('gAMA', u32(45_455))

  test.each([
    ['an intent that is damaged', [gamma, chunk('sRGB', u8(0), true)], [], 2],
    ['an intent of no kind', [gamma, chunk('sRGB', u8(9))], [], 2],
    ['a profile that is none', [gamma, chunk('iCCP', Buffer.from('x\0\0none'))], [], 2],
    ['code points of nobody’s', [gamma, chunk('cICP', u8(2, 2, 0, 1))], [], 2],
    ['an intent behind the picture', [gamma], [chunk('sRGB', u8(0))], 2],
    ['a second gamma', [gamma, usual], [], 2],
    ['a gamma behind the picture', [usual], [gamma], 1],
    ['a gamma that is damaged', [chunk('gAMA', u32(400_000), true)], [], 1],
    ['an intent that overrules', [gamma, chunk('sRGB', u8(0))], [], 1],
  ])('pass over what browsers pass over: %s', async (_, before, behind, looks) => {
    const png = await slopes(96, 64).png().toBuffer()
    const file = Buffer.concat([png.subarray(0, 33), ...before, png.subarray(33, -12), ...behind, png.subarray(-12)])
    expect(await partsOf(await open(file))).toHaveLength(looks)
  })

  test('between the control of the first frame and its data count for every frame', async () => {
    const data = deflateSync(Buffer.from([0, 1]))
    const control = (sequence: number) => chunk('fcTL', Buffer.concat([u32(sequence, 1, 1, 0, 0), u16(1, 10, 0)]))
    const colours = [chunk('PLTE', u8(0, 0, 0, 255, 0, 0)), chunk('tRNS', u8(255, 0))]
    const file = Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', Buffer.concat([u32(1, 1), u8(8, 3, 0, 0, 0)])),
      chunk('acTL', u32(2, 0)),
      control(0),
      ...colours,
      chunk('IDAT', data),
      control(1),
      chunk('fdAT', Buffer.concat([u32(2), data])),
      chunk('IEND', Buffer.alloc(0)),
    ])
    const picture = await open(file)
    expect(picture.frames).toBe(2)
    for (const frame of [0, 1]) expect((await pixel(picture, frame, 0, 0))[3]).toBe(0)
    const turned = await open(
      Buffer.concat([file.subarray(0, 33), chunk('eXIf', orientationBlock(6)), file.subarray(33)]),
    )
    expect(await pixel(turned, 1, 0, 0)).toEqual(await pixel(picture, 1, 0, 0))
  })
})

describe('an AVIF that decoders put together differently is left out', () => {
  const auxiliary = box('auxC', plainBox, Buffer.from('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0'))
  const irot = () => box('irot', u8(1))
  const imir = () => box('imir', u8(0))
  const leftOutOf = async (file: Buffer) =>
    open(file).then(
      ({ leftOut }) => leftOut.map(({ code, ...rest }) => ('name' in rest ? rest.name : code)),
      () => ['refused'],
    )

  test.each([
    ['', [irot(), imir()], []],
    ['irot irot', [irot(), irot()], ['irot irot']],
    ['imir irot', [imir(), irot()], ['imir irot']],
  ])('for its turns: %s', async (_, turns, expected) => {
    expect(await leftOutOf(avif([await coded(flat(64, 64, '#333333'), ...turns)]))).toEqual(expected)
  })

  test('for tiles that are turned', async () => {
    const extent = box('ispe', plainBox, u32(128, 64))
    const tile = async (...turns: Buffer[]) => ({ ...(await coded(flat(64, 64, '#333333'), ...turns)), isHidden: true })
    const grid = async (...turns: Buffer[]) =>
      avif(
        [
          { type: 'grid', data: Buffer.concat([u8(0, 0, 0, 1), u16(128, 64)]), properties: [extent] },
          await tile(...turns),
          await tile(),
        ],
        box('dimg', u16(1, 2, 2, 3)),
      )
    expect(await leftOutOf(await grid())).toEqual([])
    expect(await leftOutOf(await grid(irot()))).toEqual(['irot'])
  })

  test('for its masks', async () => {
    const picture = await coded(flat(64, 64, '#333333'))
    const mask = (side: number) => coded(flat(side, side, '#ffffff'), auxiliary)
    const serves = box('auxl', u16(2, 1, 1))
    expect(await leftOutOf(avif([picture, await mask(64)], serves))).toEqual([])
    expect(await leftOutOf(avif([picture, await mask(32)], serves))).toEqual(['auxl ispe'])
    expect(
      await leftOutOf(
        avif([picture, await mask(64), await mask(64)], Buffer.concat([serves, box('auxl', u16(3, 1, 1))])),
      ),
    ).toEqual(['auxl auxl'])
    expect(
      await leftOutOf(avif([picture, await mask(64)], Buffer.concat([serves, box('prem', u16(1, 1, 2))]))),
    ).toEqual(['prem'])
  })
})

test('an animated WebP is refused whose frames are transparent and which says that none is', async () => {
  const frames = await Promise.all(
    ['#ff000000', '#0000ffff'].map(background =>
      sharp({ create: { width: 16, height: 16, channels: 4, background } })
        .raw()
        .toBuffer(),
    ),
  )
  const webp = await sharp(Buffer.concat(frames), { raw: { width: 16, height: 32, channels: 4, pageHeight: 16 } })
    .webp({ lossless: true })
    .toBuffer()
  expect((await open(webp)).frames).toBe(2)
  webp[20] = webp[20]! & ~0x10
  await expect(openPicture(webp, 1e6)).rejects.toMatchObject({ code: 'unreadable_image' })
})
