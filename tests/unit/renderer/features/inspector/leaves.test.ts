import { describe, expect, test } from 'vitest'
import { leafAt, leavesOf, partFrom, turnPage } from '../../../../../renderer/features/inspector/leaves.ts'
import { initialViewState, useViewState } from '../../../../../renderer/state/view-state.ts'
import type { AssetDetail, CheckView } from '../../../../../shared/screening.ts'

type Said = readonly [part: string, verdict: CheckView['verdict'], more?: Partial<CheckView>]

/** A document of words and pages. */
function document(pages: number, said: readonly Said[], more: Partial<AssetDetail> = {}): AssetDetail {
  const pieces = Array.from({ length: pages }, (_, at) => ({
    kind: 'picture' as const,
    name: `page ${at + 1}`,
    places: [{ page: at + 1 }],
  }))
  const checks = said.map(([part, verdict, own], id) => ({
    ...{ id, part, verdict, rect: null, range: null, frame: null, reason: null, profile: 'p' },
    ...own,
  }))
  const detail = {
    kind: 'document',
    text: '三好产品',
    width: null,
    ruled: null,
    pieces: { pieces, sections: [] },
    checks,
  }
  return { ...detail, ...more } as unknown as AssetDetail
}

const untouched = { piece: null, part: -1, hit: null }
const shown = (detail: AssetDetail, view: Partial<typeof initialViewState> = {}) =>
  leavesOf(detail)[leafAt(detail, { ...untouched, ...view })]?.name

describe('the leaves of a document', () => {
  test('have the worst that was said of each, and no part counts for another whose name it begins with', () => {
    const detail = document(12, [
      ['whole', 'pass', { range: [0, 4] }],
      ['page 1', 'pass'],
      ['page 12 tile 1/2', 'pass'],
      ['page 12 tile 2/2', 'risky'],
      ['page 2', null, { reason: 'timeout' }],
    ])
    const verdicts = Object.fromEntries(leavesOf(detail).map(({ name, verdict }) => [name, verdict]))
    expect(verdicts).toMatchObject({ words: 'pass', 'page 1': 'pass', 'page 2': 'unchecked', 'page 12': 'risky' })
    expect(verdicts['page 3']).toBe('pending')
  })

  test('open at the worst, else at the first page, else at the words', () => {
    const words: Said = ['whole', 'pass', { range: [0, 4] }]
    expect(shown(document(3, [words, ['page 2', 'review'], ['page 3', 'risky']]))).toBe('page 3')
    expect(shown(document(3, [words, ['page 1', 'pass'], ['page 2', null, { reason: 'timeout' }]]))).toBe('page 2')
    expect(shown(document(3, [words, ['page 1', 'pass']]))).toBe('page 1')
    expect(shown(document(0, [words]))).toBe('words')
  })

  test('open at the words where rules forbid some of them', () => {
    const hit = { id: 7, waiver: null, range: [0, 2], text: { severity: 'forbidden' } }
    const detail = document(3, [['page 2', 'review']], { ruled: { hits: [hit] } as unknown as AssetDetail['ruled'] })
    expect(shown(detail)).toBe('words')
    expect(shown(detail, { piece: 'page 2' })).toBe('page 2')
    expect(shown(detail, { piece: 'page 2', hit: 7 })).toBe('words')
  })

  test('of a picture with a recording are the picture itself and the recording', () => {
    const pieces = [{ kind: 'recording' as const, name: 'sound 1', places: [] }]
    const detail = document(0, [['whole', 'risky']], {
      kind: 'image',
      text: null,
      width: 300,
      pieces: { pieces, sections: [] },
    })
    expect(leavesOf(detail).map(({ name, verdict }) => [name, verdict])).toEqual([
      ['own', 'risky'],
      ['sound 1', 'pending'],
    ])
  })

  test('follow the part that is lit, which steps on from the page that is shown and around the end', () => {
    const detail = document(9, [
      ['chunk 1/2', 'risky', { range: [0, 2] }],
      ['page 4', 'risky'],
      ['page 5', 'pass'],
      ['page 8 tile 1/2', 'review', { rect: [0, 0, 9, 9] }],
    ])
    expect(partFrom(detail, { ...untouched, piece: 'page 5' }, 1)).toBe(2)
    expect(partFrom(detail, { ...untouched, piece: 'page 5' }, -1)).toBe(1)
    expect(partFrom(detail, { ...untouched, piece: 'page 9' }, 1)).toBe(0)
    expect(partFrom(detail, { ...untouched, part: 2 }, 1)).toBe(0)
    expect(shown(detail, { part: 2 })).toBe('page 8')
    expect(shown(detail, { part: 0 })).toBe('words')
    expect(partFrom(document(0, []), untouched, 1)).toBe(-1)
  })

  test('are turned one by one, and end where they end', () => {
    useViewState.setState(initialViewState)
    const detail = document(2, [['page 1', 'risky']])
    expect(turnPage(detail, 1)).toBe(true)
    expect(useViewState.getState().piece).toBe('page 2')
    expect(turnPage(detail, 1)).toBe(false)
    expect(shown(detail, useViewState.getState())).toBe('page 2')
  })
})
