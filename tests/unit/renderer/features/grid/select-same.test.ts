import { notificationsStore } from '@mantine/notifications'
import { beforeEach, describe, expect, test } from 'vitest'
import { gridOutcomes } from '../../../../../shared/grid.ts'
import type { Bridge, CallName } from '../../../../../shared/ipc.ts'
import { columnsOf } from '../../state/grid/columns.ts'

/** What the commands that select the same come to: which assets are selected, and what the person is told. */

let hits: readonly { id: number; waiver: number | null; text: { book: string; rule: string; title: object } }[] = []
const bridge = {
  pathOf: () => '',
  on: () => () => undefined,
  invoke: async (name: CallName, input: { readonly rule?: string }) => {
    if (name === 'asset.detail') return { ok: true, value: { id: 20, ruled: { hits } } }
    if (name === 'grid.ofRule')
      return { ok: true, value: { assets: Float64Array.from(input.rule === 'best' ? [20, 40, 99] : [20]) } }
    return { ok: true, value: null }
  },
} as unknown as Bridge
Reflect.set(globalThis, 'prescreen', bridge)
const { selectShared, selectSharedRule } = await import('../../../../../renderer/features/grid/select-same.ts')
const { i18n } = await import('../../../../../renderer/base/i18n/index.ts')
const grid = await import('../../../../../renderer/state/grid/grid.ts')
const { positionsIn } = await import('../../../../../renderer/state/grid/bits.ts')
const { everything } = await import('../../../../../renderer/state/grid/filter.ts')
const { initialViewState, useViewState } = await import('../../../../../renderer/state/view-state.ts')
const { dispatchGrid, useGrid } = grid

const [pass, risky, review] = [
  gridOutcomes.indexOf('pass'),
  gridOutcomes.indexOf('risky'),
  gridOutcomes.indexOf('review'),
]
const selected = () => [...positionsIn(useGrid.getState().selected)]
const said = () => {
  const { notifications, queue } = notificationsStore.getState()
  return [...notifications, ...queue].at(-1)?.message
}
const rule = (name: string) => ({ book: 'house', rule: name, title: { zh: name, en: name } })

beforeEach(async () => {
  await i18n.changeLanguage('en')
  notificationsStore.setState(state => ({ ...state, notifications: [], queue: [] }))
  useViewState.setState(initialViewState)
  useGrid.setState(grid.initialGrid)
  hits = []
  dispatchGrid(
    grid.loadColumns,
    columnsOf(
      [
        { outcome: risky, label: 20002, folder: 1 },
        { outcome: risky, label: 20001, folder: 1 },
        { outcome: review, label: 20002, folder: 0 },
        { outcome: pass, folder: 1 },
      ],
      ['', 'posters'],
    ),
  )
})

describe('selecting the same', () => {
  test('takes the folder, the label or the verdict of the focused asset, and says which', () => {
    dispatchGrid(grid.focusOn, 0)
    selectShared('folder')
    expect(selected()).toEqual([0, 1, 3])
    expect(said()).toBe('3 selected: folder “posters”')
    selectShared('label')
    expect(selected()).toEqual([0, 2])
    selectShared('outcome')
    expect(selected()).toEqual([0, 1])
  })

  test('leaves out what the filter hides', () => {
    dispatchGrid(grid.setFilter, { ...everything, outcome: ['risky'] })
    dispatchGrid(grid.focusOn, 0)
    selectShared('label')
    expect(selected()).toEqual([0])
  })

  test('does not take having no label for a label', () => {
    dispatchGrid(grid.focusOn, 3)
    dispatchGrid(grid.toggleSelected, 1)
    dispatchGrid(grid.focusOn, 3)
    selectShared('label')
    expect(selected()).toEqual([1])
    expect(said()).toBe('The focused asset has no label.')
  })

  test('takes the rule that is lit, or else the first that counts', async () => {
    hits = [
      { id: 1, waiver: 7, text: rule('fine') },
      { id: 2, waiver: null, text: rule('best') },
    ]
    dispatchGrid(grid.focusOn, 1)
    await selectSharedRule()
    expect(selected()).toEqual([1, 3])
    expect(said()).toBe('2 selected: rule “best”')
    useViewState.setState({ hit: 1 })
    await selectSharedRule()
    expect(selected()).toEqual([1])
  })

  test('says where there is no rule, and leaves who has gone on alone', async () => {
    dispatchGrid(grid.focusOn, 1)
    await selectSharedRule()
    expect(said()).toBe('No rule was found in the focused asset.')
    hits = [{ id: 2, waiver: null, text: rule('best') }]
    const asked = selectSharedRule()
    dispatchGrid(grid.focusOn, 2)
    await asked
    expect(selected()).toEqual([])
  })
})
