import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Bridge, CallName } from '../../../../../shared/ipc.ts'
import type { AssetDetail } from '../../../../../shared/screening.ts'

/** What comes next is there before it is looked at, and never as it was before something of it changed. */

let answers: (() => void)[] = []
const asked: number[] = []
Reflect.set(globalThis, 'prescreen', {
  pathOf: () => '',
  on: () => () => undefined,
  invoke: (_name: CallName, { asset }: { readonly asset: number }) =>
    new Promise(resolve => {
      asked.push(asset)
      answers.push(() => resolve({ ok: true, value: { id: asset } }))
    }),
} as unknown as Bridge)
const decoded: string[] = []
vi.stubGlobal(
  'Image',
  class {
    src = ''
    async decode() {
      decoded.push(this.src)
    }
  },
)
const { aheadDetail, forgetAhead, isDecoded, lookAhead } = await import(
  '../../../../../renderer/features/inspector/look-ahead.ts'
)
const { coverOf, stageUrl } = await import('../../../../../renderer/features/inspector/cover.ts')
const { defaultSettings } = await import('../../../../../shared/defaults.ts')
const { initialViewState } = await import('../../../../../renderer/state/view-state.ts')

const urlOf = ({ id }: AssetDetail) => `/original/${id}`
const answer = async () => {
  answers.shift()?.()
  await new Promise(resolve => setTimeout(resolve))
}
beforeEach(() => {
  answers = []
  asked.length = 0
  decoded.length = 0
})

describe('looking ahead', () => {
  test('reads and decodes each of what comes once, without waiting for one after the other', async () => {
    void lookAhead([1, 2], urlOf)
    expect(asked).toEqual([1, 2])
    expect(isDecoded('/original/1')).toBe(false)
    await answer()
    expect(isDecoded('/original/1')).toBe(true)
    expect(isDecoded('/original/2')).toBe(false)
    await answer()
    expect(asked).toEqual([1, 2])
    expect(decoded).toEqual(['/original/1', '/original/2'])
    expect(aheadDetail(2)).toEqual({ id: 2 })
    void lookAhead([2, 3], urlOf)
    await answer()
    expect(asked).toEqual([1, 2, 3])
    expect(decoded.filter(url => url === '/original/2')).toHaveLength(1)
  })

  test('keeps nothing of what has changed since, or while it was being read', async () => {
    void lookAhead([11], urlOf)
    await answer()
    forgetAhead([11])
    expect(aheadDetail(11)).toBeUndefined()
    void lookAhead([12], urlOf)
    forgetAhead([12])
    await answer()
    expect(aheadDetail(12)).toBeUndefined()
    expect(decoded).not.toContain('/original/12')
  })

  test('takes the later of two answers about what has changed between them, whichever comes first', async () => {
    void lookAhead([13], urlOf)
    forgetAhead([13])
    void lookAhead([13], urlOf)
    expect(asked).toEqual([13, 13])
    await answer()
    expect(aheadDetail(13)).toBeUndefined()
    await answer()
    expect(aheadDetail(13)).toEqual({ id: 13 })
  })

  test('is no more than a few', async () => {
    void lookAhead([21, 22, 23, 24, 25, 26], urlOf)
    for (let count = 0; count < 6; count += 1) await answer()
    expect(aheadDetail(21)).toBeUndefined()
    expect(aheadDetail(26)).toEqual({ id: 26 })
  })
})

describe('what is covered', () => {
  const risky = { id: 7, results: [{ outcome: 'risky' as const }] }
  const stay = { ...defaultSettings, reveal: 'stay' as const }

  test('stays so in review mode unless one has chosen to see it all along', () => {
    const reviewing = { ...initialViewState, loupe: true, reviewing: true }
    expect(coverOf(risky, defaultSettings, reviewing).isCovered).toBe(true)
    expect(coverOf(risky, stay, reviewing)).toEqual({ isCovered: false, canBeCovered: false })
    expect(coverOf(risky, stay, initialViewState).isCovered).toBe(true)
    expect(coverOf(risky, defaultSettings, { ...reviewing, held: true })).toEqual({
      isCovered: false,
      canBeCovered: true,
    })
    expect(coverOf({ ...risky, results: [{ outcome: 'pass' }] }, defaultSettings, reviewing).canBeCovered).toBe(false)
  })

  test('is shown whole and blurred, and its original is not fetched', () => {
    const covered = coverOf(risky, stay, initialViewState)
    expect(stageUrl(7, covered, stay, null)).toBe('/thumbnail/7?size=640&blur=strong&grey=0&frame=0')
    expect(stageUrl(7, { isCovered: false, canBeCovered: true }, stay, null)).toBe('/original/7')
  })
})
