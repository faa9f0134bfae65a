import { notificationsStore } from '@mantine/notifications'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Bridge, CallName } from '../../../../../shared/ipc.ts'
import { columnsOf, deltaOf } from '../../state/grid/columns.ts'

/** What the keys of the decisions come to: which assets are asked about, and what the person is told. */

const calls: { readonly name: CallName; readonly input: unknown }[] = []
let undone: { readonly batch: string; readonly assets: readonly number[] } | null = null
const bridge = {
  pathOf: () => '',
  on: () => () => undefined,
  invoke: async (name: CallName, input: unknown) => {
    calls.push({ name, input })
    if (name === 'review.undo' || name === 'review.redo') return { ok: true, value: undone }
    if (name === 'review.decide') return { ok: true, value: { changed: 1 } }
    if (name === 'grid.rows') return { ok: true, value: [{ id: 10, path: 'posters/spring.jpg' }] }
    return { ok: true, value: null }
  },
} as Bridge
Reflect.set(globalThis, 'prescreen', bridge)
const { reviewCommands: actions } = await import('../../../../../renderer/features/review/actions.ts')
const { answerQuestion, connectQuestion, decide, disarmReason, inTurn, saveNote, takeBack, toggleReason, useQuestion } =
  await import('../../../../../renderer/features/review/decide.ts')
const { i18n } = await import('../../../../../renderer/base/i18n/index.ts')
const { useAnnouncement } = await import('../../../../../renderer/base/announce.ts')
const { initialApp, useApp } = await import('../../../../../renderer/state/app.ts')
const grid = await import('../../../../../renderer/state/grid/grid.ts')
const { initialViewState, useViewState } = await import('../../../../../renderer/state/view-state.ts')
const { everything } = await import('../../../../../renderer/state/grid/filter.ts')
const { dispatchGrid, useGrid } = grid

const batch = 'b_0000000000'
const other = 'b_1111111111'
const sent = (name: CallName) => calls.filter(call => call.name === name).map(call => call.input)
const notices = () => {
  const { notifications, queue } = notificationsStore.getState()
  return [...notifications, ...queue].map(({ message }) => message)
}
/** All that was asked for so far has been done. */
const settle = () => new Promise<void>(done => inTurn(async () => done()))

connectQuestion()
beforeEach(async () => {
  await i18n.changeLanguage('en')
  calls.length = 0
  undone = null
  useApp.setState({ ...initialApp, batch })
  useViewState.setState(initialViewState)
  useQuestion.setState({ question: null })
  useGrid.setState(grid.initialGrid)
  dispatchGrid(grid.loadColumns, columnsOf(Array.from({ length: 30 }, () => ({}))))
})

describe('a question about many', () => {
  test('is dropped when another batch is opened, and Enter decides nothing', async () => {
    dispatchGrid(grid.selectAll, null)
    decide('reject')
    expect(useQuestion.getState().question?.assets).toHaveLength(30)
    useApp.setState({ batch: other })
    expect(useQuestion.getState().question).toBeNull()
    answerQuestion('yes')
    await settle()
    expect(sent('review.decide')).toEqual([])
  })

  test('stays while things happen in the batch that it is about', () => {
    dispatchGrid(grid.selectAll, null)
    decide('reject')
    useApp.setState({ queue: null, batches: [] })
    expect(useQuestion.getState().question).not.toBeNull()
  })

  test('is about the assets that were selected, whatever is in the grid when it is answered', async () => {
    dispatchGrid(grid.selectAll, null)
    decide('reject')
    dispatchGrid(grid.loadColumns, { ...columnsOf([{}, {}]), batch: other, id: Float64Array.of(7, 8) })
    answerQuestion('yes')
    await settle()
    const assets = Array.from({ length: 30 }, (_, at) => (at + 1) * 10)
    expect(sent('review.decide')).toEqual([{ assets, decision: 'reject', reason: null }])
    expect(useGrid.getState().deciding.size).toBe(0)
  })
})

describe('a note', () => {
  test('goes to the asset that it was opened on, although another has the focus by now', async () => {
    dispatchGrid(grid.focusOn, 4)
    actions.note()
    expect(useViewState.getState().noting).toEqual({ assets: [50], note: '' })
    dispatchGrid(grid.focusOn, 5)
    saveNote(useViewState.getState().noting?.assets ?? [], 'ask legal')
    await settle()
    expect(sent('review.note')).toEqual([{ assets: [50], note: 'ask legal' }])
    expect(notices()).toContain('Note saved')
  })

  test('is about all that is selected', () => {
    dispatchGrid(grid.toggleSelected, 1)
    dispatchGrid(grid.toggleSelected, 2)
    actions.note()
    expect(useViewState.getState().noting?.assets).toEqual([20, 30])
  })
})

describe('undo', () => {
  test('says by name what it took back, to be seen and to be heard', async () => {
    undone = { batch, assets: [10] }
    useApp.setState({ view: 'settings' })
    takeBack('undo')
    await settle()
    expect(notices()).toContain('Undone: spring.jpg')
    expect(useAnnouncement.getState().text).toBe('Undone: spring.jpg')
    takeBack('redo')
    await settle()
    expect(notices()).toContain('Redone: spring.jpg')
    // One after the other would tell of what is long past.
    expect(notices()).not.toContain('Undone: spring.jpg')
  })

  test('says how many they were, and that there is nothing', async () => {
    undone = { batch, assets: [10, 20] }
    takeBack('undo')
    await settle()
    expect(notices()).toContain('2 assets undone')
    undone = null
    takeBack('undo')
    await settle()
    expect(notices()).toContain('There is no decision to undo.')
  })

  test('puts the focus on what it took back', async () => {
    undone = { batch, assets: [200] }
    takeBack('undo')
    await settle()
    expect(useGrid.getState().focus).toBe(19)
  })

  const approved = 1
  const onlyApproved = { ...everything, decision: ['approve' as const] }

  test('of an asset that the filter hides moves the focus nowhere else', async () => {
    dispatchGrid(grid.loadColumns, columnsOf([{ decision: approved }, { decision: approved }, {}, {}]))
    dispatchGrid(grid.setFilter, onlyApproved)
    dispatchGrid(grid.focusOn, 1)
    undone = { batch, assets: [30] }
    takeBack('undo')
    await settle()
    dispatchGrid(grid.takeDelta, deltaOf(1, [{ position: 2 }]))
    dispatchGrid(grid.refreshOrder, null)
    expect(useGrid.getState().focus).toBe(1)
    expect(useGrid.getState().filter).toBe(onlyApproved)
  })

  test('of an asset that comes back under the filter waits for it', async () => {
    dispatchGrid(grid.loadColumns, columnsOf([{ decision: approved }, { decision: approved }, {}, {}]))
    dispatchGrid(grid.setFilter, onlyApproved)
    dispatchGrid(grid.focusOn, 1)
    undone = { batch, assets: [30] }
    takeBack('redo')
    await settle()
    expect(useGrid.getState().focus).toBe(1)
    dispatchGrid(grid.takeDelta, deltaOf(1, [{ position: 2, decision: approved }]))
    dispatchGrid(grid.refreshOrder, null)
    expect(useGrid.getState().focus).toBe(2)
  })

  test('leaves alone who has moved on before it came back', async () => {
    dispatchGrid(grid.loadColumns, columnsOf([{ decision: approved }, { decision: approved }, {}, {}]))
    dispatchGrid(grid.setFilter, onlyApproved)
    dispatchGrid(grid.focusOn, 1)
    undone = { batch, assets: [30] }
    takeBack('redo')
    await settle()
    dispatchGrid(grid.focusOn, 0)
    dispatchGrid(grid.takeDelta, deltaOf(1, [{ position: 2, decision: approved }]))
    dispatchGrid(grid.refreshOrder, null)
    expect(useGrid.getState().focus).toBe(0)
  })
})

describe('what a key does out of sight', () => {
  test('is announced: copied evidence, and that nothing undecided is left', async () => {
    actions.copyEvidence()
    await Promise.resolve()
    await new Promise(next => setTimeout(next))
    expect(notices()).toContain('Evidence copied')
    dispatchGrid(grid.loadColumns, { ...columnsOf([{ decision: 1 }]), batch: other })
    actions.next()
    expect(notices()).toContain('Nothing undecided is left in the filter.')
  })
})

describe('a reason by its number', () => {
  beforeEach(() => useApp.setState({ settings: { ...useApp.getState().settings, reasons: ['Claim', '', 'Nudity'] } }))

  test('is said when it is armed and when it is taken back', () => {
    toggleReason(3)
    expect(useViewState.getState().reason).toBe(3)
    expect(useAnnouncement.getState().text).toBe('Reason for the next decision: Nudity')
    toggleReason(3)
    expect(useViewState.getState().reason).toBeNull()
    expect(useAnnouncement.getState().text).toBe('Reason taken back: Nudity')
  })

  const focus = () => useGrid.getState().table?.id[useGrid.getState().focus]
  const decided = () => sent('review.decide')
  afterEach(() => void vi.restoreAllMocks())

  test('just after a decision completes that decision, never the next one', async () => {
    dispatchGrid(grid.focusOn, 0)
    decide('reject')
    expect(focus()).not.toBe(10)
    toggleReason(3)
    decide('approve')
    await settle()
    expect(useViewState.getState().reason).toBeNull()
    expect(decided()).toEqual([
      { assets: [10], decision: 'reject', reason: null },
      { assets: [10], decision: 'reject', reason: 3 },
      { assets: [20], decision: 'approve', reason: null },
    ])
    expect(notices()).toContain('Reason “Nudity” given to spring.jpg')
  })

  test('completes a decision on many, and says on how many', async () => {
    dispatchGrid(grid.toggleSelected, 3)
    dispatchGrid(grid.toggleSelected, 4)
    decide('defer')
    toggleReason(1)
    await settle()
    expect(decided().at(-1)).toEqual({ assets: [40, 50], decision: 'defer', reason: 1 })
    expect(notices()).toContain('Reason “Claim” given to 2 assets just decided')
  })

  test('is armed for the next where the last decision has its reason, so that either order of the keys goes on', async () => {
    dispatchGrid(grid.focusOn, 0)
    for (const number of [3, 1]) {
      toggleReason(number)
      decide('reject')
    }
    await settle()
    expect(decided()).toEqual([
      { assets: [10], decision: 'reject', reason: 3 },
      { assets: [20], decision: 'reject', reason: 1 },
    ])
  })

  test.each([
    ['has gone elsewhere', () => dispatchGrid(grid.focusOn, 7)],
    ['has selected something', () => dispatchGrid(grid.toggleSelected, 1)],
    ['has taken the decision back', () => takeBack('undo')],
    ['has looked at the next for a while', () => void vi.spyOn(performance, 'now').mockReturnValue(Number.MAX_VALUE)],
  ])('is armed for who %s', async (_, does) => {
    dispatchGrid(grid.focusOn, 0)
    decide('reject')
    does()
    toggleReason(3)
    await settle()
    expect(useViewState.getState().reason).toBe(3)
    expect(decided()).toHaveLength(1)
  })

  test('completes nothing that could not be recorded, and nothing that was cleared', async () => {
    dispatchGrid(grid.focusOn, 0)
    decide(null)
    toggleReason(3)
    expect(useViewState.getState().reason).toBe(3)
    expect(disarmReason()).toBe(true)
    expect(useViewState.getState().reason).toBeNull()
    expect(useAnnouncement.getState().text).toBe('Reason taken back: Nudity')
    expect(disarmReason()).toBe(false)
    await settle()
    expect(decided()).toHaveLength(1)
  })

  test('that has no words does nothing', () => {
    for (const number of [2, 4, 9]) toggleReason(number)
    expect(useViewState.getState().reason).toBeNull()
  })
})

describe('keys that are faster than everything else', () => {
  const flagged = 100
  /** Each decision is about what has the focus when its key goes down, whatever is shown of it yet; that is where it is taken. */
  const press = () => {
    const { table, focus } = useGrid.getState()
    decide('reject')
    return table?.id[focus]
  }

  test('a hundred without a pause: each is about the asset that had the focus, none is lost, none decided twice', async () => {
    dispatchGrid(grid.loadColumns, {
      ...columnsOf(Array.from({ length: flagged }, () => ({ outcome: 6 }))),
      revision: 1,
    })
    const focused = Array.from({ length: flagged }, press)
    expect(new Set(focused).size).toBe(flagged)
    await settle()
    expect(sent('review.decide')).toEqual(focused.map(asset => ({ assets: [asset], decision: 'reject', reason: null })))
    expect(useGrid.getState().deciding.size).toBe(0)
  })

  test('while answers and changes come between them, and what is decided falls out of what is shown', async () => {
    dispatchGrid(grid.loadColumns, columnsOf(Array.from({ length: flagged }, () => ({ outcome: 6 }))))
    dispatchGrid(grid.setFilter, { ...everything, decision: ['undecided'] })
    const focused: (number | undefined)[] = []
    let revision = useGrid.getState().table?.revision ?? 0
    for (let key = 0; key < flagged; key += 1) {
      focused.push(press())
      if (key % 3 === 0) await settle()
      // What is being decided changes by its screening meanwhile, and the order is made anew.
      dispatchGrid(grid.takeDelta, deltaOf(revision, [{ position: key, outcome: 5, decision: key % 3 === 0 ? 2 : 0 }]))
      revision += 1
      if (key % 5 === 0) dispatchGrid(grid.refreshOrder, null)
    }
    await settle()
    const asked = sent('review.decide').map(input => (input as { readonly assets: readonly number[] }).assets)
    expect(asked).toEqual(focused.map(asset => [asset]))
    expect(new Set(focused).size).toBe(flagged)
  })
})
