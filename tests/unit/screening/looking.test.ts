import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LocalHit } from '../../../electron/engine/checkers/local-checker.ts'
import { chunkText } from '../../../electron/engine/formats/text/chunk-text.ts'
import { createLineIndex } from '../../../electron/engine/formats/text/positions.ts'
import type { Content, Cut } from '../../../electron/engine/screening/content.ts'
import { createOpenidPool, type LocalLane } from '../../../electron/engine/screening/lane.ts'
import { createLooking } from '../../../electron/engine/screening/looking.ts'
import type { Looked } from '../../../electron/engine/store/records.ts'
import type { TextPart } from '../../../shared/domain.ts'
import { houseRule, houseWords } from '../../fixtures/checkers/house-words.ts'
import { fixedClock } from '../ledger/fixture.ts'
import { houseProfile } from '../ledger/ruled.ts'

const [endpoint] = houseWords.endpoints
const cut: Cut = {
  kind: 'cut',
  key: '',
  way: 'sync',
  why: 'only_way',
  text: endpoint ?? null,
  image: null,
  media: null,
  untaken: [],
  imageMode: 'auto',
  companions: [],
}
const laneWith = (platform: typeof houseWords): LocalLane => ({
  needs: 'nothing',
  platform,
  transport: null,
  index: 0,
  profile: houseProfile,
  openids: createOpenidPool([]),
  text: { openids: [], scene: 1 },
  publish: null,
})
const { signal } = new AbortController()
const gate = { whenOpen: async () => undefined, signal: () => signal }
const controls = { signal, abandon: signal, gate, outageDetector: null }
const contentOf = (text: string): Content => ({
  kind: 'text',
  sha256: '',
  bytes: 0,
  reading: 'plain 2',
  notes: [],
  words: { text, encoding: 'utf-8', anchors: null, sections: [] },
  pictures: [],
  films: [],
  recordings: [],
  isDrawn: false,
  undrawn: null,
  omitted: [],
})

async function looked(text: string, parts: readonly TextPart[], checker = houseWords): Promise<Looked> {
  const lane = laneWith(checker)
  const run = { controlsOf: () => controls, practice: false }
  const looking = createLooking({ clock: fixedClock(0) }, { asset: 1, lane, cut }, run)
  for (const part of parts) await looking.look(part)
  return looking.looked(contentOf(text), null)
}

const filler = fc.constantFrom('新品上市', '，', '\n', '😀', '\ud800', 'a', '\r\n', '。', '国家')
const piece = fc.oneof({ weight: 4, arbitrary: filler }, { weight: 1, arbitrary: fc.constantFrom('国家级', '限时') })

describe('places in a text', () => {
  test('are those of the whole text, each of them once, however it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 200 }), async pieces => {
        const text = pieces.join('')
        const { hits } = await looked(text, chunkText(text, { unit: 'utf16', max: 160 }))
        const there = ['国家级', '限时'].flatMap(word =>
          [...text.matchAll(new RegExp(word, 'g'))].map(({ index }) => `${word} ${index}`),
        )
        expect(hits.map(({ matched, range }) => `${matched} ${range?.[0]}`).sort()).toEqual(there.sort())
        const positionAt = createLineIndex(text)
        for (const { matched, range, line, column, before, after } of hits) {
          const [start, end] = range ?? [0, 0]
          expect(text.slice(start, end)).toBe(matched)
          expect({ line, column }).toEqual(positionAt(start))
          const whole = text.toWellFormed()
          expect(whole.slice(0, start).endsWith(before)).toBe(true)
          expect(whole.slice(end).startsWith(after)).toBe(true)
          expect(Math.max(Array.from(before).length, Array.from(after).length)).toBeLessThanOrEqual(24)
        }
      }),
    )
  })

  test('come with the worst first', async () => {
    const text = '限时 销量领先 国家级 限时 国家级'
    const { hits } = await looked(text, chunkText(text, { unit: 'utf16', max: 10_000 }))
    expect(hits.map(({ matched, range }) => `${matched} ${range?.[0]}`)).toEqual([
      '国家级 8',
      '国家级 15',
      '销量领先 3',
      '限时 0',
      '限时 12',
    ])
  })

  test('are none for what goes with a text, nor for what is missing from it', async () => {
    const [whole] = chunkText('新品', { unit: 'utf16', max: 10_000 })
    const [line] = chunkText('国家级新品', { unit: 'utf16', max: 10_000 })
    const title = { ...line!, name: 'title', range: null, line: null, column: null }
    const lacking: LocalHit = { rule: houseRule('批号', 'forbidden'), bookVersion: 'v', range: null, matched: '' }
    const checker: typeof houseWords = {
      ...houseWords,
      inspect: async (request, given) =>
        request.part.name === 'title'
          ? houseWords.inspect(request, given)
          : { kind: 'looked', hits: [lacking], more: 0 },
    }
    const { hits } = await looked('新品', [whole!, title], checker)
    const none = { range: null, line: null, column: null }
    expect(hits).toMatchObject([
      { ...none, part: 'whole', matched: '', before: '', after: '' },
      { ...none, part: 'title', matched: '国家级', before: '', after: '新品' },
    ])
  })
})

test('words that one rule finds in a title are each there: one that is fine does not hide another', async () => {
  const [line] = chunkText('国家级，国家级', { unit: 'utf16', max: 10_000 })
  const { hits } = await looked('新品', [{ ...line!, name: 'title', range: null, line: null, column: null }])
  expect(hits.map(({ matched, after }) => [matched, after])).toEqual([
    ['国家级', '，国家级'],
    ['国家级', ''],
  ])
})

test('a thousand places are kept, the worst of them, and the others are counted', async () => {
  const text = `${'限时'.repeat(1_200)}国家级`
  const { hits, more } = await looked(text, chunkText(text, { unit: 'utf16', max: 2_000 }))
  expect([hits.length, more, hits[0]?.matched]).toEqual([1_000, 201, '国家级'])
})

test('a part that could not be looked at is a part without a verdict', async () => {
  const failure = { kind: 'failure', class: 'INPUT', code: 'too_large', detail: '', evidence: null } as const
  const checker: typeof houseWords = { ...houseWords, inspect: async () => failure }
  const { checks, hits } = await looked('a', chunkText('a', { unit: 'utf16', max: 10_000 }), checker)
  expect(checks.map(({ end }) => end.conclusion)).toEqual([failure])
  expect(hits).toEqual([])
})
