import process from 'node:process'
import { afterEach, describe, expect, test } from 'vitest'
import { openPicture } from '../../../electron/engine/imaging/picture.ts'
import { Refusal } from '../../../electron/engine/imaging/refusal.ts'
import { alpha, box, coded, grid, heic, type Item, uint } from './heic-files.ts'

const red: Item = { type: 'hvc1', data: coded.red }
const blue: Item = { type: 'hvc1', data: coded.blue }

async function show(file: Uint8Array) {
  const picture = await openPicture(file, 100e6)
  const { data, info } = await (await picture.render(0)).raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => {
    const start = (y * info.width + x) * info.channels
    return [...data.subarray(start, start + info.channels)].map(value => Math.round(value / 16)).join(' ')
  }
  const codes = (remarks: typeof picture.notes) => remarks.map(({ code }) => code)
  return { picture, info, at, leftOut: codes(picture.leftOut), notes: codes(picture.notes) }
}

async function refusal(file: Uint8Array): Promise<Refusal> {
  const error = await show(file).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Refusal)) throw new Error(`no refusal: ${error}`)
  return error
}

const white = '16 16 16'

describe('a HEIC photograph', () => {
  test('is shown as it is coded, with nothing left out', async () => {
    const { picture, at, leftOut, notes } = await show(heic([red]))
    expect(picture).toMatchObject({ width: 64, height: 64, format: 'heic', frames: 1, hasAlpha: false })
    expect([at(10, 10), at(50, 10), at(10, 50)]).toEqual([white, '12 2 2', '12 2 2'])
    expect([...leftOut, ...notes]).toEqual([])
  })

  test('is put together from tiles, of which the last are cut off', async () => {
    const file = heic([
      { type: 'grid', data: grid(2, 2, 120, 100), size: [120, 100], refers: ['dimg', 2, 3, 4, 5] },
      red,
      blue,
      blue,
      red,
    ])
    const { picture, at, leftOut, notes } = await show(file)
    expect(picture).toMatchObject({ width: 120, height: 100 })
    expect([at(50, 50), at(110, 50), at(50, 98), at(119, 98), at(70, 70)]).toEqual([
      '12 2 2',
      '2 4 12',
      '2 4 12',
      '12 2 2',
      white,
    ])
    expect([...leftOut, ...notes]).toEqual([])
  })

  test.each([
    [1, null, [10, 50]],
    [2, null, [50, 50]],
    [3, null, [50, 10]],
    [0, 0, [10, 50]],
    [0, 1, [50, 10]],
    [1, 0, [10, 10]],
    [1, 1, [50, 50]],
  ] as const)('is turned %i quarters against the clock and then mirrored by %s', async (turns, mirror, [x, y]) => {
    const properties = [
      ...(turns === 0 ? [] : [box('irot', uint(1, turns))]),
      ...(mirror === null ? [] : [box('imir', uint(1, mirror))]),
    ]
    const { at } = await show(heic([{ ...red, properties }]))
    const whites = [10, 50].flatMap(left => [10, 50].flatMap(top => (at(left, top) === white ? [[left, top]] : [])))
    expect(whites).toEqual([[x, y]])
  })

  test('keeps its opacity', async () => {
    const mask: Item = { type: 'hvc1', data: coded.halves, properties: [alpha], refers: ['auxl', 1] }
    const { picture, at, leftOut } = await show(heic([blue, mask]))
    expect(picture.hasAlpha).toBe(true)
    expect([at(10, 50), at(50, 50)]).toEqual(['2 4 12 0', '2 4 12 16'])
    expect(leftOut).toEqual([])
  })

  test('has its colours by the matrix that the file names', async () => {
    const named = (matrix: number) => box('colr', 'nclx', uint(2, 1), uint(2, 13), uint(2, matrix), uint(1, 0x80))
    const { at } = await show(heic([{ ...red, properties: [named(0)] }]))
    expect(at(50, 50)).not.toBe('12 2 2')
    expect((await refusal(heic([{ ...red, properties: [named(14)] }]))).message).toContain('matrix 14')
  })

  test('says which maps and further pictures are in it', async () => {
    const depth = box('auxC', uint(4, 0), 'urn:com:apple:photo:2020:aux:hdrgainmap\0')
    const { notes, leftOut } = await show(
      heic([red, { ...blue, properties: [depth], refers: ['auxl', 1] }, { ...blue, refers: ['thmb', 1] }, blue]),
    )
    expect(notes).toEqual(['helping_map', 'second_picture'])
    expect(leftOut).toEqual([])
  })

  test('is left out where it moves, or needs what nobody here knows', async () => {
    expect((await show(heic([red], { brands: 'heicheichevc', boxes: [box('moov')] }))).leftOut).toEqual([
      'animated_heic',
    ])
    expect((await show(heic([red], { boxes: [box('moov')] }))).notes).toEqual(['hidden_clip'])
    const sequence = Buffer.concat([box('ftyp', 'hevc', uint(4, 0), 'msf1'), box('moov')])
    expect((await refusal(sequence)).message).toContain('animated_heic')
    const overlay = heic([{ type: 'iovl', data: Buffer.alloc(20), refers: ['dimg', 2] }, red])
    expect((await refusal(overlay)).message).toContain('heif_kind')
  })
})

describe('a HEIC photograph is refused', () => {
  const file = heic([red])

  test('when it is cut anywhere', async () => {
    for (let length = 100; length < file.byteLength; length += 7) {
      const { code } = await refusal(file.subarray(0, length))
      expect(code).toBe('unreadable_image')
    }
    expect((await refusal(file.subarray(0, -1))).message).toContain('image_cut_short')
  })

  test('when there is a hole in it, whatever the decoder makes of that', async () => {
    const holed = Buffer.from(file)
    holed.fill(0, file.byteLength - 20, file.byteLength - 12)
    expect((await refusal(holed)).message).toContain('image_damaged')
  })

  test('when it says another size than its stream', async () => {
    expect((await refusal(heic([{ ...red, size: [64, 128] }]))).message).toContain('image_damaged')
    const bomb = heic([
      { type: 'grid', data: grid(2, 1, 128, 64), refers: ['dimg', 2, 3] },
      red,
      { ...blue, size: [60_000, 60_000] },
    ])
    expect(await refusal(bomb)).toBeDefined()
  })

  test('when it has more pixels than are decoded', async () => {
    await expect(openPicture(file, 4000)).rejects.toMatchObject({ code: 'too_large' })
  })

  /** `PRESCREEN_MUTATIONS` and `PRESCREEN_SEED` ask for more of them, and for others. */
  test('or shown, whatever happens to its bytes', async () => {
    const rounds = Number(process.env.PRESCREEN_MUTATIONS ?? 100)
    let state = Number(process.env.PRESCREEN_SEED ?? 1)
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((state / 2_147_483_648) * below)
    }
    for (let round = 0; round < rounds; round++) {
      const changed = Buffer.from(file)
      for (let count = 1 + random(4); count > 0; count--) changed[12 + random(file.byteLength - 12)] = random(256)
      const outcome = await show(changed).then(
        () => 'shown',
        (error: unknown) => error,
      )
      // The worker takes what a decoder throws for damage; its own process must stay.
      expect(outcome === 'shown' || outcome instanceof Error).toBe(true)
    }
  })
})

describe('without its decoder', () => {
  afterEach(() => {
    delete process.env.PRESCREEN_HEVC
  })

  test('a HEIC photograph is refused with what to do', async () => {
    process.env.PRESCREEN_HEVC = 'off'
    const { code, message } = await refusal(heic([red]))
    expect(code).toBe('unsupported_type')
    expect(message).toContain('heic_photo')
  })
})
