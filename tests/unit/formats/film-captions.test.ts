import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { packetReaderOf } from '../../../electron/engine/formats/video/beside-pictures.ts'
import { openFilm } from '../../../electron/engine/formats/video/open-film.ts'
import { remarkText } from '../../../shared/remarks/index.ts'
import {
  atsc,
  behindLength,
  digital,
  inField,
  metadata,
  nothing,
  popOn,
  sei,
  withBeside,
} from '../../fixtures/films/captions.ts'

const film = (name: string) => new Uint8Array(readFileSync(new URL(`../../fixtures/films/${name}`, import.meta.url)))

async function survey(bytes: Uint8Array) {
  const read = (offset: number, length: number) => bytes.subarray(offset, Math.max(offset, offset + length))
  const document = await openFilm({ sizeBytes: bytes.length, read, whole: () => bytes })
  const found = document.kind === 'failure' ? document : await document.survey()
  if (found.kind === 'failure') throw new Error(found.code)
  return {
    text: found.text,
    seconds: found.sections.map(({ place }) => place.seconds),
    omitted: found.omitted.map(each => remarkText(each, 'en')),
    notes: found.notes.map(({ code }) => code),
  }
}

const films = [
  { name: 'clip.mp4', wrapped: (payload: Uint8Array) => sei(4, payload) },
  { name: 'av1.mp4', wrapped: (payload: Uint8Array) => metadata(4, payload) },
]

describe.each(films)('captions inside the pictures of $name', ({ name, wrapped }) => {
  const captioned = (triplets: (frame: number) => readonly number[]) =>
    withBeside(film(name), frame => [wrapped(atsc(triplets(frame)))])

  test('are words with their seconds', async () => {
    const pairs = popOn('Best\nin town')
    const { text, seconds, omitted } = await survey(await captioned(frame => inField(0, pairs[frame] ?? [0, 0])))
    expect([text, seconds, omitted]).toEqual(['Best\nin town', [(pairs.length - 2) / 10], []])
  })

  test('are read in the second field, and of digital television', async () => {
    const pairs = popOn('In Spanish')
    const { text, omitted } = await survey(
      await captioned(frame => [...inField(1, pairs[frame] ?? [0, 0]), ...(frame === 3 ? digital('caf\xe9') : [])]),
    )
    expect([text, omitted]).toEqual(['In Spanish\ncafé', []])
  })

  test('are said once where both kinds say the same', async () => {
    const pairs = popOn('Best in town')
    const { text } = await survey(
      await captioned(frame => [
        ...inField(0, pairs[frame] ?? [0, 0]),
        ...(frame === 3 ? digital('Best in town') : []),
      ]),
    )
    expect(text).toBe('Best in town')
  })

  test('that say nothing withhold nothing', async () => {
    expect(await survey(await captioned(() => nothing))).toEqual({ text: '', seconds: [], omitted: [], notes: [] })
  })

  test('in letters that cannot be read are left out', async () => {
    // Chinese letters, which the standard has room for and no table.
    const { omitted } = await survey(await captioned(frame => inField(0, frame === 12 ? [0x17, 0x29] : [0, 0])))
    expect(omitted).toEqual([
      'captions inside the pictures (0:01–0:01) with letters that cannot be read: save and screen them as SRT',
    ])
  })

  test('by another provider are left out, and what is known to show nothing is not', async () => {
    const registered = (...bytes: readonly number[]) =>
      withBeside(film(name), () => [wrapped(Uint8Array.from([...bytes, 0, 4, 1]))])
    expect((await survey(await registered(0xb5, 0, 0x2f))).omitted).toEqual([
      '1 part of unknown use (T.35 B5002F): export it again',
    ])
    expect((await survey(await registered(0xb5, 0, 0x3c))).omitted).toEqual([])
    expect((await survey(await registered(0xb5, 0, 0x31, ...Buffer.from('DTG1')))).omitted).toEqual([])
  })
})

describe('what stands among coded pictures', () => {
  const kinds = (codec: string, packet: Uint8Array, description: Uint8Array | null = null) =>
    [...(packetReaderOf(codec, description)?.(packet) ?? [])].map(each => ('name' in each ? each.name : each.kind))
  const avc = Uint8Array.of(1, 0, 0, 0, 3)
  const hevc = new Uint8Array(23).fill(3)
  const prefix = [39 << 1, 1]

  test('is found in HEVC', () => {
    const unit = behindLength(sei(4, atsc(nothing), prefix))
    expect(kinds('hevc', unit, hevc)).toEqual(['captions'])
    expect(kinds('hevc', behindLength(sei(165, Uint8Array.of(0), prefix)), hevc)).toEqual(['transparent'])
    expect(kinds('hevc', behindLength(sei(165, Uint8Array.of(0x80), prefix)), hevc)).toEqual([])
  })

  test('is found behind start codes', () => {
    const packet = Buffer.concat([Buffer.of(0, 0, 0, 1), sei(4, atsc(nothing)), Buffer.of(0, 0, 1, 0x65, 1, 2, 3)])
    expect(kinds('avc', packet)).toEqual(['captions'])
  })

  test('is found on a Blu-ray', () => {
    const uuid = Buffer.from('17ee8c60f84d11d98cd60800200c9a66', 'hex')
    expect(kinds('avc', behindLength(sei(5, Buffer.concat([uuid, atsc(nothing).subarray(3)]))), avc)).toEqual([
      'captions',
    ])
  })

  test('is left out where no list knows it', () => {
    for (let type = 0; type < 300; type += 1) {
      const found = kinds('avc', behindLength(sei(type, Buffer.from('abcdefghijklmnopqrst'))), avc)
      const isKnown = [0, 1, 3, 6, 9, 45, 47, 137, 144].includes(type)
      if (isKnown) expect([type, found]).toEqual([type, []])
      if ([30, 37, 46, 100, 130, 166, 207, 255, 299].includes(type))
        expect([type, found]).toEqual([type, [`SEI ${type}`]])
    }
    expect(kinds('avc', behindLength(Uint8Array.of(24, 1, 2)), avc)).toEqual(['NAL 24'])
    expect(kinds('avc', Uint8Array.of(0, 0, 1, 0, 0x65), avc)).toEqual(['NAL'])
    expect(kinds('hevc', behindLength(Uint8Array.of(50 << 1, 1, 2)), hevc)).toEqual(['NAL 50'])
    expect(kinds('av1', Uint8Array.of(0x4a, 1, 0))).toEqual(['OBU 9'])
    expect(kinds('av1', metadata(40, Uint8Array.of(1)))).toEqual(['OBU 5/40'])
    expect(packetReaderOf('prores', null)).toBeNull()
  })

  test('is noted where a program keeps it for itself', async () => {
    const own = sei(5, Buffer.from('0123456789abcdef and more'))
    const { omitted, notes } = await survey(await withBeside(film('clip.mp4'), () => [own]))
    expect([omitted, notes]).toEqual([[], ['film_private']])
    const banner = Buffer.from('dc45e9bde6d948b7962cd820d923eeef', 'hex')
    expect(kinds('avc', behindLength(sei(5, banner)), avc)).toEqual([])
  })
})

describe('captions', () => {
  test('roll up line by line, and are corrected on the way', async () => {
    const pairs: (readonly [number, number])[] = [
      [0x14, 0x25],
      [0x14, 0x2d],
      [0x14, 0x70],
      ...pairsOf('First line'),
      [0x14, 0x2d],
      [0x14, 0x70],
      ...pairsOf('cafe'),
      [0x12, 0x21],
      [0x11, 0x37],
      [0x14, 0x2c],
    ]
    const bytes = await withBeside(film('clip.mp4'), frame => [sei(4, atsc(inField(0, pairs[frame] ?? [0, 0])))])
    expect((await survey(bytes)).text).toBe('First line\ncafÉ♪')
  })

  test('leave out what receivers are told of the programme', async () => {
    const pairs: (readonly [number, number])[] = [[1, 3], ...pairsOf('A name'), [0x0f, 0x1d]]
    const bytes = await withBeside(film('clip.mp4'), frame => [sei(4, atsc(inField(1, pairs[frame] ?? [0, 0])))])
    expect((await survey(bytes)).text).toBe('')
  })

  test('never end the program, whatever their bytes are', async () => {
    let state = 1
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state >>> 24
    }
    const bytes = await withBeside(film('clip.mp4'), () => [
      sei(4, atsc(Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? 0xfc | random() : random())))),
    ])
    await expect(survey(bytes)).resolves.toBeDefined()
  })
})

function pairsOf(text: string): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil(text.length / 2) }, (_, at) => [
    text.charCodeAt(at * 2),
    text.charCodeAt(at * 2 + 1) || 0,
  ])
}
