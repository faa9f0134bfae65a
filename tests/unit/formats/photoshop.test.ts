import { type Psd, writePsd } from 'ag-psd'
import { describe, expect, test, vi } from 'vitest'
import { extractPhotoshop, loadComposite } from '../../../electron/engine/formats/photoshop/extract-photoshop.ts'
import { openPicture } from '../../../electron/engine/imaging/picture.ts'
import { mutationsOf } from './mutations.ts'

const size = { width: 8, height: 4 }
/** Red to the left, white to the right. */
const halves = Uint8ClampedArray.from({ length: 8 * 4 * 4 }, (_, at) =>
  at % 4 === 0 || at % 4 === 3 || (at >> 2) % 8 >= 4 ? 255 : 0,
)
const pixels = { ...size, data: halves }
const title = { name: '标题', text: { text: '全场五折\r仅限今日', transform: [1, 0, 0, 1, 0, 0] } }

function drawing(own: Partial<Psd> = {}, options: Parameters<typeof writePsd>[1] = {}): Uint8Array {
  return new Uint8Array(writePsd({ ...size, imageData: pixels, children: [title], ...own }, options))
}

const u16 = (value: number) => [value >> 8, value & 255]
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)]
const letters = (text: string) => [...Buffer.from(text, 'latin1')]

/** One without layers, by hand: `channels` one after the other. */
function flat(mode: number, bits: number, channels: readonly (readonly number[])[], resources: readonly number[] = []) {
  return Uint8Array.from([
    ...letters('8BPS'),
    ...u16(1),
    ...[0, 0, 0, 0, 0, 0],
    ...u16(channels.length),
    ...u32(1),
    ...u32(2),
    ...u16(bits),
    ...u16(mode),
    ...u32(0),
    ...u32(resources.length),
    ...resources,
    ...u32(0),
    ...u16(0),
    ...channels.flat(),
  ])
}

const resource = (id: number, data: readonly number[]) => [
  ...letters('8BIM'),
  ...u16(id),
  0,
  0,
  ...u32(data.length),
  ...data,
]

async function read(file: Uint8Array) {
  const survey = await extractPhotoshop(file)
  if (survey.kind === 'failure') throw new Error(survey.detail)
  const codes = (remarks: typeof survey.notes) => remarks.map(({ code }) => code)
  return { survey, omitted: codes(survey.omitted), notes: codes(survey.notes) }
}

async function shown(file: Uint8Array): Promise<readonly number[]> {
  const tiff = await loadComposite(file)
  if ('kind' in tiff) throw new Error(tiff.detail)
  const picture = await openPicture(tiff, 1e6)
  expect(picture.leftOut).toEqual([])
  return [...(await (await picture.render(0)).toColourspace('srgb').removeAlpha().raw().toBuffer())]
}

describe('a drawing of Photoshop', () => {
  test.each([{}, { psb: true }])('is its composite and the words of its text layers: %j', async options => {
    const file = drawing({}, options)
    const { survey, omitted } = await read(file)
    expect(survey.text).toBe('全场五折\n仅限今日')
    expect(survey.sections).toEqual([{ start: 0, place: { layer: '标题' } }])
    expect(survey.pieces).toMatchObject([{ kind: 'picture', name: 'picture 1' }])
    expect(omitted).toEqual([])
    const row = await shown(file)
    expect([row.slice(0, 3), row.slice(21, 24)]).toEqual([
      [255, 0, 0],
      [255, 255, 255],
    ])
  })

  test('names what is hidden in it, and does not send it', async () => {
    const group = { name: '旧版', hidden: true, children: [{ ...title, name: '里面' }] }
    const { survey, omitted, notes } = await read(drawing({ children: [title, group] }))
    expect(survey.text).toBe('全场五折\n仅限今日')
    expect(survey.notes).toMatchObject([{ code: 'hidden_layers', count: 1, name: '旧版' }])
    expect([...omitted, ...notes]).toEqual(['hidden_layers'])
  })

  test('sends notes that somebody left, and leaves out sounds and files that no layer shows', async () => {
    const at = { left: 0, top: 0, right: 1, bottom: 1 }
    const note = {
      open: true,
      iconLocation: at,
      popupLocation: at,
      color: { r: 0, g: 0, b: 0 },
      author: '',
      name: '',
      date: '',
    }
    const { survey, omitted } = await read(
      drawing({
        annotations: [
          { ...note, type: 'text', data: '最便宜' },
          { ...note, type: 'sound', data: Uint8Array.of(1, 2) },
        ],
        linkedFiles: [{ id: '20953ddb-9391-11ec-b4f1-c15674f50bc4', name: 'a.png', data: Uint8Array.of(1, 2, 3, 4) }],
      }),
    )
    expect(survey.text).toContain('最便宜')
    expect(omitted).toEqual(expect.arrayContaining(['recording', 'hidden_placed_file']))
  })

  test('is shown in its own colours, of 8 and 16 bits', async () => {
    expect(
      await shown(
        flat(3, 8, [
          [255, 0],
          [0, 0],
          [0, 255],
        ]),
      ),
    ).toEqual([255, 0, 0, 0, 0, 255])
    expect(
      await shown(
        flat(3, 16, [
          [255, 255, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 255, 255],
        ]),
      ),
    ).toEqual([255, 0, 0, 0, 0, 255])
    expect(await shown(flat(1, 8, [[0, 255]]))).toEqual([0, 0, 0, 255, 255, 255])
    expect(await shown(flat(0, 1, [[0x40], [0x40]]))).toEqual([255, 255, 255, 0, 0, 0])
    const [red = 0, green = 0, , ...white] = await shown(
      flat(4, 8, [
        [255, 255],
        [0, 255],
        [0, 255],
        [255, 255],
      ]),
    )
    expect(red).toBeGreaterThan(180)
    expect(green).toBeLessThan(90)
    expect(Math.min(...white)).toBeGreaterThan(250)
  })

  test.each([
    [
      '32 bits',
      flat(3, 32, [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
      ]),
      'photoshop_kind',
    ],
    [
      'several inks',
      flat(7, 8, [
        [0, 0],
        [0, 0],
      ]),
      'photoshop_kind',
    ],
    [
      'a spot colour',
      flat(
        1,
        8,
        [
          [0, 0],
          [0, 0],
        ],
        resource(1077, [0, 0, 0, 1, ...u16(0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 2, 0]),
      ),
      'spot_channel',
    ],
    [
      'a channel of which nothing is said',
      flat(1, 8, [
        [0, 0],
        [0, 0],
      ]),
      'spot_channel',
    ],
    ['no picture of the whole', flat(1, 8, [[0, 0]], resource(1057, [0, 0, 0, 1, 0, 0])), 'no_composite'],
    ['a resource that nobody knows', flat(1, 8, [[0, 0]], resource(1500, letters('a word'))), 'unknown_part'],
  ])('is left out with %s', async (_, file, code) => {
    expect((await read(file)).omitted).toEqual([code])
  })

  test('is left out with a block of a layer that nobody knows', async () => {
    const file = Buffer.from(drawing())
    const at = file.indexOf('8BIMluni')
    expect(at).toBeGreaterThan(0)
    file.write('wxyz', at + 4, 'latin1')
    expect((await read(file)).omitted).toEqual(['unknown_part'])
  })

  test('is no picture where only layers were written', async () => {
    const blank = { ...size, data: new Uint8ClampedArray(8 * 4 * 4).fill(255) }
    const file = drawing({ imageData: blank })
    expect(await loadComposite(file)).toMatchObject({ kind: 'failure', code: 'unreadable_image' })
  })

  test('is refused when it is cut', async () => {
    const file = drawing()
    for (let length = 8; length < file.byteLength; length += 97) {
      const cut = file.subarray(0, length)
      const survey = await extractPhotoshop(cut)
      const composite = survey.kind === 'failure' ? survey : await loadComposite(cut)
      expect('kind' in composite && composite.kind).toBe('failure')
    }
  })

  test('is read or refused, whatever happens to its bytes', async () => {
    // The library says there what it makes of words that are damaged.
    using _silent = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    for (const { seed, mutated } of mutationsOf(drawing()))
      expect((await extractPhotoshop(mutated)).kind, `seed ${seed}`).toMatch(/^(?:extracted|failure)$/)
  })
})
