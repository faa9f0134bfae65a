import { expect, test } from 'vitest'
import { everything } from '../../../../renderer/state/grid/filter.ts'
import { type GridState, initialGrid, loadColumns, selectAll, setFilter } from '../../../../renderer/state/grid/grid.ts'
import { historyScope, profilesOf, scopeOf, scopesOf, usualPictures } from '../../../../renderer/state/scopes.ts'
import type { GridColumns } from '../../../../shared/grid.ts'
import type { BatchSummary } from '../../../../shared/screening.ts'

const batch: BatchSummary = {
  id: 'b_000000000001',
  name: '主会场',
  state: 'done',
  notice: null,
  createdAt: 0,
  endedAt: null,
  walked: true,
  practice: false,
  profiles: [],
  tally: { assets: 3, pending: 0, awaiting: 0, pass: 2, rules_only: 0, review: 0, risky: 1, unchecked: 0 },
  tallyByProfile: [],
  decided: 0,
  noted: 0,
  skipped: 0,
  inputs: { count: 0, first: [], key: '' },
  controls: [],
}
const columns: GridColumns = {
  batch: batch.id,
  revision: 1,
  id: Float64Array.of(11, 12, 13),
  outcome: Uint8Array.of(2, 6, 2),
  decision: new Uint8Array(3),
  kind: Uint8Array.of(1, 1, 1),
  flags: new Uint8Array(3),
  rules: new Uint8Array(3),
  label: new Int32Array(3),
  score: new Uint8Array(3),
  reason: new Uint8Array(3),
  folder: new Uint32Array(3),
  pathRank: Uint32Array.of(0, 1, 2),
  screenedAt: new Uint32Array(3),
  content: new Uint32Array(0),
  contentRest: new Uint32Array(0),
  folders: [''],
}
const loaded: GridState = { ...initialGrid, ...loadColumns(initialGrid, columns) }
const filtered: GridState = { ...loaded, ...setFilter(loaded, { ...everything, outcome: ['risky'] }) }
const selected: GridState = { ...filtered, ...selectAll(filtered, null) }

test('without filter and selection only the whole batch can be exported', () => {
  expect(scopesOf(batch, loaded)).toEqual([{ kind: 'batch', assets: 3 }])
})

test('a filter and a selection are offered with their counts', () => {
  expect(scopesOf(batch, selected)).toEqual([
    { kind: 'batch', assets: 3 },
    { kind: 'filter', assets: 1 },
    { kind: 'selection', assets: 1 },
  ])
})

test('what another batch shows is never offered', () => {
  expect(scopesOf({ ...batch, id: 'b_000000000002' }, selected)).toEqual([{ kind: 'batch', assets: 3 }])
})

test('the filter goes with its assets and its text', () => {
  expect(scopeOf('filter', batch, filtered)).toEqual({
    of: 'assets',
    batch: batch.id,
    assets: [12],
    filter: 'outcome=risky',
  })
  expect(scopeOf('batch', batch, filtered)).toEqual({ of: 'batch', batch: batch.id })
})

const anything = { outcomes: [], profile: null, decision: null, label: null, query: '' } as const

test('across history one can ask for a profile, a decision, a label and words; blanks are no words', () => {
  const days = { from: '2026-11-01', to: '2026-11-01' }
  const only = { profile: 'p_brand', decision: 'undecided', label: 20002 } as const
  expect(historyScope({ ...anything, ...days, ...only, query: ' 茶会 ' })).toMatchObject({ ...only, query: '茶会' })
  expect(historyScope({ ...anything, ...days, query: '  ' })).toMatchObject({ profile: null, query: null })
})

test('a profile that is gone can still be reported on, by the name that it had last', () => {
  const gone = (name: string) =>
    ({ ...batch, profiles: [{ id: 'p_gone', name, platform: 'qq', appid: '1', practice: false }] }) as const
  expect(profilesOf([{ id: 'p_brand', name: 'Brand A' }], [gone('Newer'), gone('Older')])).toEqual([
    { id: 'p_brand', name: 'Brand A' },
    { id: 'p_gone', name: 'Newer' },
  ])
})

test('days across history are local and whole, the last included', () => {
  expect(historyScope({ ...anything, from: '2026-11-01', to: '2026-11-01', outcomes: ['risky'] })).toMatchObject({
    of: 'history',
    fromMs: new Date(2026, 10, 1).getTime(),
    toMs: new Date(2026, 10, 2).getTime() - 1,
    outcomes: ['risky'],
  })
})

test.each([
  ['a day that is not filled in', { from: '', to: '2026-11-01' }],
  ['an end before its beginning', { from: '2026-11-02', to: '2026-11-01' }],
  ['a year that no report could name', { from: '0001-01-01', to: '2026-11-01' }],
])('%s is no scope', (_, days) => {
  expect(historyScope({ ...anything, ...days })).toBeNull()
})

test('a report and a workbook show risky pictures blurred, and tables of text have no say in it', () => {
  expect((['html', 'pdf', 'xlsx', 'csv', 'jsonl'] as const).map(usualPictures)).toEqual([
    'blurred',
    'blurred',
    'blurred',
    null,
    null,
  ])
})
