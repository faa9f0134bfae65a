import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { DocumentSurvey } from '../../../electron/engine/formats/documents/document.ts'
import { sniff } from '../../../electron/engine/formats/sniff.ts'
import { openFilm } from '../../../electron/engine/formats/video/open-film.ts'
import { remarkText } from '../../../shared/remarks/index.ts'
import { box, fileOfWords, putInto, u32 } from './mp4-file.ts'
import { mutationsOf } from './mutations.ts'

const film = (name: string) => new Uint8Array(readFileSync(new URL(`../../fixtures/films/${name}`, import.meta.url)))
const names = ['clip.mp4', 'clip.mov', 'clip.webm', 'live.webm', 'av1.mp4', 'fragmented.mp4', 'turned.mp4']

function fileOf(bytes: Uint8Array) {
  const read = (offset: number, length: number) => bytes.subarray(offset, Math.max(offset, offset + length))
  return { sizeBytes: bytes.length, read, whole: () => bytes }
}

async function open(bytes: Uint8Array) {
  const document = await openFilm(fileOf(bytes))
  if (document.kind === 'failure') throw new Error(document.code)
  return document
}

async function survey(bytes: Uint8Array): Promise<DocumentSurvey> {
  const found = await (await open(bytes)).survey()
  if (found.kind === 'failure') throw new Error(found.code)
  return found
}

const leftOut = async (bytes: Uint8Array) => (await survey(bytes)).omitted.map(each => remarkText(each, 'en'))

describe('what a film holds', () => {
  test.each(names)('%s: its pictures, its sound, and nothing left out', async name => {
    const { kind } = await sniff(film(name).subarray(0, 8192))
    expect(kind).toBe('format')
    const { pieces, omitted } = await survey(film(name))
    expect(omitted).toEqual([])
    const isSilent = name === 'av1.mp4' || name === 'turned.mp4'
    expect(pieces.map(piece => piece.name)).toEqual(isSilent ? ['film 1'] : ['film 1', 'sound 1'])
  })

  test.each(['clip.mp4', 'live.webm', 'fragmented.mp4'])('%s: its sound as a recording', async name => {
    const document = await open(film(name))
    const found = await document.survey()
    const from = found.kind === 'failure' ? null : found.pieces.find(piece => piece.kind === 'recording')?.from
    const bytes = await document.load(from?.kind === 'handle' ? from.handle : '')
    if ('kind' in bytes) throw new Error(bytes.code)
    expect((await sniff(bytes)).kind).toBe('audio')
    expect(bytes.length).toBeGreaterThan(10_000)
  })

  test('reads the words of subtitles, with their seconds', async () => {
    for (const codec of ['tx3g', 'text', 'wvtt']) {
      const { text, sections, omitted } = await survey(fileOfWords(codec, ['第一句', '第二句', '第二句']))
      expect([codec, text, omitted]).toEqual([codec, '第一句\n第二句', []])
      expect(sections.map(({ start, place }) => [start, place.seconds])).toEqual([
        [0, 0],
        [4, 1],
      ])
    }
  })

  test('leaves out subtitles that are written otherwise', async () => {
    expect(await leftOut(fileOfWords('c608', ['x']))).toEqual([
      '1 subtitle track that cannot be read (c608): save and screen them as SRT',
    ])
  })

  test('reads titles and covers, not what is for programs', async () => {
    const data = (type: number, words: Uint8Array) => box('data', u32(type, 0), words)
    const list = box(
      'ilst',
      box('\xa9nam', data(1, Buffer.from('全场五折'))),
      box('\xa9too', data(1, Buffer.from('a program'))),
      box('covr', data(13, Uint8Array.of(0xff, 0xd8, 0xff))),
    )
    const tags = box('udta', box('meta', u32(0), box('hdlr', u32(0, 0), Buffer.from('mdir'), u32(0, 0, 0)), list))
    const { text, pieces } = await survey(putInto(film('clip.mp4'), ['moov'], tags))
    expect(text).toBe('全场五折')
    expect(pieces.map(({ kind, name }) => [kind, name])).toContainEqual(['picture', 'picture 1'])
  })
})

describe('what cannot be sent of it', () => {
  const unknown = box('wxyz', Buffer.from('全场五折'))

  test.each([
    [[]],
    [['moov']],
    [['moov', 'trak']],
    [['moov', 'trak', 'mdia']],
    [['moov', 'trak', 'mdia', 'minf']],
    [['moov', 'trak', 'mdia', 'minf', 'stbl']],
  ])('is left out where no list knows it: %j', async path => {
    expect(await leftOut(putInto(film('clip.mp4'), path, unknown))).toContain(
      '1 part of unknown use (wxyz): export it again',
    )
  })

  test('is left out in WebM too', async () => {
    const bytes = film('clip.webm')
    const tracks = Buffer.from(bytes).indexOf(Buffer.from('1654ae6b', 'hex'))
    // An element of a number that is not known, with nothing in it, in the place of the empty one at the end.
    expect(tracks).toBeGreaterThan(0)
    const live = Buffer.concat([film('live.webm'), Buffer.from('1abcdef180', 'hex')])
    expect(await leftOut(live)).toEqual(['1 part of unknown use (1ABCDEF1): export it again'])
  })

  test('is what was cut off', async () => {
    expect(await leftOut(film('clip.mp4').subarray(0, 15_000))).toContain(
      'the file breaks off, and the pictures and sound behind that are gone: export it or copy it again',
    )
    expect((await leftOut(film('clip.webm').subarray(0, 15_000))).length).toBe(2)
  })

  test('is encrypted, in another file, or of another kind', async () => {
    const changed = (from: string, to: string) => {
      const bytes = Buffer.from(film('clip.mp4'))
      bytes.write(to, bytes.indexOf(from), 'latin1')
      return bytes
    }
    expect(await leftOut(changed('avc1\0\0\0\0', 'encv'))).toEqual([
      'encrypted video or sound: use a version without protection',
    ])
    expect(await leftOut(changed('vide', 'sdsm'))).toEqual(['1 track of an unknown kind (sdsm): export it again'])
    expect(await leftOut(changed('Opus\0\0\0\0', 'alac'))).toEqual([
      '1 sound track in a coding that the platforms do not take and that was not converted here (alac): convert to MP3, or install FFmpeg and check it again',
    ])
  })

  test('is all of a film without its index', async () => {
    const document = await open(box('mdat', Buffer.alloc(100)))
    expect(await document.survey()).toMatchObject({ kind: 'failure', code: 'damaged_document' })
  })
})

test('no damage ends the program, or takes long', { timeout: 120_000 }, async () => {
  for (const name of ['clip.mp4', 'clip.webm', 'live.webm', 'fragmented.mp4']) {
    for (const { seed, mutated } of mutationsOf(film(name))) {
      const startedAt = performance.now()
      const document = await open(mutated)
      const found = await document.survey().catch(() => null)
      for (const { from } of found === null || found.kind === 'failure' ? [] : found.pieces)
        if (from.kind === 'handle') await document.load(from.handle).catch(() => null)
      expect(performance.now() - startedAt, `${name} ${seed}`).toBeLessThan(5_000)
    }
  }
})
