import { describe, expect, test } from 'vitest'
import type { Piece } from '../../../electron/engine/formats/documents/document.ts'
import type { Documents } from '../../../electron/engine/formats/documents/documents.ts'
import type { Imaging } from '../../../electron/engine/imaging/imaging.ts'
import type { ReadAsset } from '../../../electron/engine/intake/read-asset.ts'
import { cutOf, makeParts } from '../../../electron/engine/screening/content.ts'
import type { Lane } from '../../../electron/engine/screening/lane.ts'
import { contentOf } from '../../../electron/engine/screening/read-content.ts'
import { limits } from '../../../shared/limits.ts'
import { remark } from '../../../shared/remarks/index.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { documentsInProcess } from '../../fixtures/formats/in-process.ts'

const { signal } = new AbortController()
const path = '/decks/a.pptx'

async function contentWith(pieces: readonly Piece[], load: Documents['load'] = async () => new Uint8Array(1)) {
  const asset: ReadAsset = {
    form: 'read',
    kind: 'document',
    sha256: 'a',
    sizeBytes: 9,
    reading: 'pptx 1',
    notes: [],
    text: '',
    format: 'pptx',
    encoding: null,
    bom: false,
    anchors: null,
    omitted: [],
    sections: [],
    pieces,
    drawable: null,
    document: { format: 'pptx', path, sha256: 'a' },
  }
  const documents: Documents = { ...documentsInProcess, load }
  return await contentOf({ kind: 'file', path }, asset, defaultOptions, {
    documents,
    films: null,
    maxFrames: 120,
    drawing: null,
    signal,
  })
}
const sound = (name: string): Piece => ({ kind: 'recording', name, places: [], from: { kind: 'handle', handle: name } })

test('recordings of one file are asked about apart, each by what it is', async () => {
  const { recordings } = await contentWith([sound('sound 1'), sound('sound 2')])
  expect(new Set(recordings.map(({ sha256 }) => sha256)).size).toBe(2)
  expect((await contentWith([sound('sound 1')])).recordings[0]?.sha256).toBe(recordings[0]?.sha256)
})

test('a recording that the platform would not download is not published for it', async () => {
  const { recordings } = await contentWith([sound('sound 1')], async () => new Uint8Array(limits.mediaMaxBytes + 1))
  expect(await recordings[0]?.media.load(signal)).toMatchObject({ kind: 'failure', code: 'too_large' })
})

test('a document of whose pieces none is there says so, not that nobody takes it', async () => {
  const picture: Piece = { kind: 'picture', name: 'picture 1', places: [], from: { kind: 'file', path: 'gone.png' } }
  const content = await contentWith([picture])
  expect(content.omitted).toEqual([remark('picture_gone', { name: 'gone.png', place: 'picture 1' })])
  const profile = { imageMode: 'auto', openids: [] }
  const lane = { platform: { endpointFor: () => null }, profile, publish: null } as unknown as Lane
  expect(cutOf(content, lane, [lane], defaultOptions)).toMatchObject({ code: 'left_out' })
})

describe('what looks at words alone', () => {
  const profile = { imageMode: 'auto', openids: [] }
  const laneThat = (needs: Lane['needs']) =>
    ({
      needs,
      platform: {
        endpointFor: (kind: string) =>
          kind === 'text' ? { id: 'words', textLimit: { max: 500, unit: 'utf8' }, carries: () => [] } : null,
      },
      profile,
      text: { scene: null },
      publish: null,
    }) as unknown as Lane
  const rules = laneThat('nothing')
  const picture: Piece = {
    kind: 'picture',
    name: 'picture 1',
    places: [],
    from: { kind: 'bytes', bytes: new Uint8Array(1) },
  }
  const deck = async () => ({
    ...(await contentWith([picture])),
    words: { text: '春茶', encoding: 'pptx', anchors: null, sections: [] },
  })

  test('leaves pictures to the platform beside it, and says so where there is none', async () => {
    const content = await deck()
    expect(cutOf(content, rules, [laneThat('account'), rules], defaultOptions)).toMatchObject({ untaken: [] })
    const untaken = [remark('untaken_pictures', { count: 1 })]
    expect(cutOf(content, rules, [rules], defaultOptions)).toMatchObject({ untaken })
    expect(cutOf(content, laneThat('account'), [laneThat('account'), rules], defaultOptions)).toMatchObject({ untaken })
  })

  test('goes by what the reader says of a page, not by what its drawing shows', async () => {
    const content = await deck()
    const [view] = content.pictures
    const left = remark('remote_picture', { name: 'a.png' })
    const page = { ...content, pictures: view === undefined ? [] : [{ ...view, isView: true }], undrawn: [left] }
    const cut = cutOf(page, rules, [rules], defaultOptions)
    if (cut.kind === 'failure') throw new Error(cut.code)
    expect(cut.untaken).toEqual([])
    const made = await makeParts({} as Imaging, page, cut, defaultOptions, async () => undefined, signal)
    expect(made.missing).toMatchObject({ code: 'left_out', detail: expect.stringContaining(left.code) })
  })
})
