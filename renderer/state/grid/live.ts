import type { AskedSort, GridDelta } from '../../../shared/grid.ts'
import { attempt, bridge, invoke } from '../../base/bridge.ts'
import { useApp } from '../app.ts'
import { dispatchViewState, leaveAsset } from '../view-state.ts'
import { everything, type Filter, ruleOfKey } from './filter.ts'
import {
  beginLoading,
  dispatchGrid,
  endBatch,
  failLoading,
  loadColumns,
  refreshOrder,
  resumeBatch,
  setSort,
  setStacking,
  sortByAsked,
  takeDelta,
  takeHits,
  takeRuled,
  useGrid,
} from './grid.ts'
import { createRowCache } from './rows.ts'
import { askedSortOf, type Sort } from './sort.ts'

/** Keeps the grid's columns, details and search hits in step with the main process. */

const arrivals = new Set<() => void>()
const deltas = new Set<(assets: ReadonlySet<number>) => void>()

export const rows = createRowCache({
  fetch: async assets => {
    const answer = await attempt('grid.rows', { assets })
    return 'value' in answer ? answer.value : undefined
  },
  arrived: () => {
    for (const listener of arrivals) listener()
  },
  capacity: 6000,
})

export function onRows(listener: () => void): () => void {
  arrivals.add(listener)
  return () => arrivals.delete(listener)
}

/** Called with the ids of the assets that a delta has changed. */
export function onChanged(listener: (assets: ReadonlySet<number>) => void): () => void {
  deltas.add(listener)
  return () => deltas.delete(listener)
}

export async function loadBatch(batch: string, filter: Filter = everything): Promise<void> {
  if (useGrid.getState().table?.batch !== batch) dispatchGrid(beginLoading, filter)
  const { stacks } = useApp.getState().settings
  const answer = await attempt('grid.columns', { batch, stacks })
  // Another batch may have been opened while this one was being read.
  if (useApp.getState().batch !== batch) return
  if ('value' in answer) {
    dispatchGrid(loadColumns, answer.value)
    askSortAgain()
  } else dispatchGrid(failLoading, answer.problem)
}

let lastSort: Sort | null = null

/** Sorts the grid, by what has to be asked for first too; the order stays until that is there, and the last that was wanted counts. */
export async function sortGrid(sort: Sort): Promise<void> {
  lastSort = sort
  const { table } = useGrid.getState()
  const by = askedSortOf(sort)
  if (by === null || table === null || table.asked?.by === by) {
    dispatchGrid(setSort, sort)
    return
  }
  await askSort(table.batch, sort, by)
}

async function askSort(batch: string, sort: Sort, by: AskedSort): Promise<void> {
  const found = await invoke('grid.sortKeys', { batch, by })
  if (found !== undefined && lastSort === sort) dispatchGrid(sortByAsked, { batch, sort, by, keys: found.keys })
}

/** What the grid is sorted by was asked for once; now there is more to it. */
function askSortAgain(): void {
  const { table, sort } = useGrid.getState()
  const by = askedSortOf(sort)
  if (table === null || by === null) return
  lastSort = sort
  void askSort(table.batch, sort, by)
}

let refreshTimer: ReturnType<typeof setTimeout> | null = null
let lastCostMs = 0

/** Debounced sorting and filtering; the longer it takes, the less often, so that a million assets do not block the window. */
function refreshSoon(): void {
  if (refreshTimer !== null) return
  refreshTimer = setTimeout(
    () => {
      refreshTimer = null
      const started = performance.now()
      dispatchGrid(refreshOrder, null)
      lastCostMs = performance.now() - started
    },
    Math.max(60, lastCostMs * 12),
  )
}

function take(delta: GridDelta): void {
  const table = useGrid.getState().table
  if (table === null || table.batch !== delta.batch) return
  if (delta.from > table.revision) {
    void loadBatch(delta.batch)
    return
  }
  dispatchGrid(takeDelta, delta)
  const assets = new Set(delta.id)
  rows.outdate(assets)
  for (const listener of deltas) listener(assets)
  refreshSoon()
}

const searchDelayMs = 120
let searchTimer: ReturnType<typeof setTimeout> | undefined

async function search(query: string): Promise<void> {
  const batch = useGrid.getState().table?.batch
  if (batch === undefined || query.trim() === '') return
  const answer = await attempt('grid.search', { batch, query: query.trim().slice(0, 200) })
  if ('value' in answer) dispatchGrid(takeHits, { query, assets: answer.value.assets })
}

/** Looked up rule by rule; one that cannot be is told, and shows nothing rather than too much. */
async function lookUpRules(): Promise<void> {
  const { table, filter } = useGrid.getState()
  const { rule: rules } = filter
  if (table === null || rules.length === 0) return
  const answers = await Promise.all(rules.map(key => invoke('grid.ofRule', { batch: table.batch, ...ruleOfKey(key) })))
  const assets = new Set(answers.flatMap(answer => (answer === undefined ? [] : [...answer.assets])))
  dispatchGrid(takeRuled, { rules, assets })
}

export function connectGrid(): void {
  bridge.on('grid', take)
  useApp.subscribe((state, before) => {
    const { stacks } = state.settings
    if (stacks !== useGrid.getState().isStacking) {
      dispatchGrid(setStacking, stacks)
      // What is the same is not told to those who do not ask.
      if (stacks && state.batch !== null && state.batch === before.batch) void loadBatch(state.batch)
    }
    if (state.batch !== null && state.batch !== before.batch) void loadBatch(state.batch)
    // Paths of assets that came one by one get their place once the folders have been walked.
    const walked = (app: typeof state) => app.batches.find(batch => batch.id === app.batch)?.walked ?? true
    if (state.batch !== null && state.batch === before.batch && walked(state) && !walked(before))
      void loadBatch(state.batch)
    if (state.batch !== null && state.batch === before.batch && state.batches !== before.batches) {
      const isAtWork = (app: typeof state) =>
        app.batches.some(({ id, state: at }) => id === app.batch && (at === 'running' || at === 'paused'))
      if (isAtWork(before) && !isAtWork(state)) {
        dispatchGrid(endBatch, null)
        askSortAgain()
      }
      if (!isAtWork(before) && isAtWork(state)) dispatchGrid(resumeBatch, null)
    }
  })
  useGrid.subscribe((state, before) => {
    if (state.focus !== before.focus) dispatchViewState(leaveAsset, null)
    const opened = state.table?.batch !== before.table?.batch
    if (state.filter.rule !== before.filter.rule || (opened && state.filter.rule.length > 0)) void lookUpRules()
    if (state.filter.query === before.filter.query && !opened) return
    clearTimeout(searchTimer)
    searchTimer = setTimeout(() => void search(state.filter.query), searchDelayMs)
  })
}
