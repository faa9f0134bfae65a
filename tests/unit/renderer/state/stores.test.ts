import { describe, expect, test } from 'vitest'
import {
  type AppState,
  batchesBeside,
  beginExport,
  chooseExport,
  countExported,
  endExport,
  initialApp,
  openBatch,
  setBatches,
  showOverlay,
  showView,
  stopExport,
  upsertBatch,
} from '../../../../renderer/state/app.ts'
import { failDetail, initialDetail, takeDetail, wantDetail } from '../../../../renderer/state/detail.ts'
import {
  addInputs,
  beginPlanning,
  beginPlanningMore,
  chooseColumns,
  closePlan,
  encodingScopes,
  growPlan,
  initialPlan,
  planShown,
  stateEncoding,
  tablesShown,
  takePlan,
} from '../../../../renderer/state/plan.ts'
import {
  armReason,
  beginFine,
  initialViewState,
  leaveAsset,
  lightPart,
  openLoupe,
  stepHit,
} from '../../../../renderer/state/view-state.ts'
import { noCalls } from '../../../../shared/call-causes.ts'
import { defaultScreenOptions, defaultSettings } from '../../../../shared/defaults.ts'
import { type AssetDetail, type BatchSummary, type Plan, screenOptionsSchema } from '../../../../shared/screening.ts'
import { settingsSchema } from '../../../../shared/settings.ts'

const batch = (id: string, createdAt: number): BatchSummary => ({
  id,
  name: id,
  state: 'running',
  notice: null,
  createdAt,
  endedAt: null,
  walked: true,
  practice: false,
  profiles: [],
  tally: { assets: 0, pending: 0, awaiting: 0, pass: 0, rules_only: 0, review: 0, risky: 0, unchecked: 0 },
  tallyByProfile: [],
  decided: 0,
  noted: 0,
  skipped: 0,
  inputs: { count: 0, first: [], key: '' },
  controls: [],
})

const plan = (id: string, done: boolean): Plan => ({
  id,
  done,
  problem: null,
  assets: { image: 1, text: 0, audio: 0, document: 0, video: 0 },
  bytes: 1,
  problems: [],
  problemCount: 0,
  tables: [],
  documents: [],
  documentCount: 0,
  uncertain: [],
  uncertainCount: 0,
  tiledImages: 0,
  reused: 0,
  controls: 0,
  causes: noCalls,
  calls: [],
  ways: [],
  durationMs: 1000,
})

describe('batches', () => {
  test('are listed newest first, and a change keeps its place', () => {
    const state = { ...initialApp, ...setBatches(initialApp, [batch('old', 1), batch('new', 2)]) }
    expect(state.batches.map(known => known.id)).toEqual(['new', 'old'])
    const changed = upsertBatch(state, { ...batch('old', 1), state: 'done' })
    expect(changed.batches?.map(known => `${known.id} ${known.state}`)).toEqual(['new running', 'old done'])
  })

  test('a new one joins the list', () => {
    const state = { ...initialApp, ...setBatches(initialApp, [batch('old', 1)]) }
    expect(upsertBatch(state, batch('newest', 3)).batches?.map(known => known.id)).toEqual(['newest', 'old'])
  })

  test('opening one leads back to the grid from any view', () => {
    const state = { ...initialApp, ...showView(initialApp, 'history') }
    expect(openBatch(state, 'b')).toEqual({ view: 'grid', batch: 'b' })
  })
})

describe('thousands of batches', () => {
  const many = Array.from({ length: 3000 }, (_, at) => ({ ...batch(`b${at}`, 3000 - at), state: 'done' as const }))

  test('are not all beside the work: only the newest, and what is open or being screened', () => {
    const running = many.map((each, at) => (at === 2000 ? { ...each, state: 'running' as const } : each))
    const shown = batchesBeside(running, 'b2999').map(({ id }) => id)
    expect(shown).toHaveLength(52)
    expect(shown.slice(0, 2)).toEqual(['b0', 'b1'])
    expect(shown.slice(-2)).toEqual(['b2000', 'b2999'])
  })

  test('a few are all there', () => {
    expect(batchesBeside(many.slice(0, 50), null)).toHaveLength(50)
  })
})

describe('an export', () => {
  const then = <Input>(
    state: AppState,
    transition: (state: AppState, input: Input) => Partial<AppState>,
    input: Input,
  ): AppState => ({ ...state, ...transition(state, input) })
  const open = then(initialApp, showOverlay, 'export')
  const running = then(then(open, beginExport, null), countExported, { rows: 10, total: 40 })

  test('that runs keeps its dialog, whatever else is asked for', () => {
    expect(then(running, showView, 'settings')).toMatchObject({ view: 'settings', overlay: 'export' })
    expect(then(running, showOverlay, 'keys').overlay).toBe('export')
    expect(then(running, showOverlay, 'none').exporting).toEqual(running.exporting)
    expect(then(running, stopExport, null).exporting).toMatchObject({ rows: 10, total: 40, stopping: true })
  })

  test('that has ended lets go of it, and the next one begins with a choice', () => {
    const done = then(running, endExport, { kind: 'done', file: '/r.csv', rows: 40 })
    expect(done.overlay).toBe('export')
    expect(then(done, showOverlay, 'none')).toMatchObject({ overlay: 'none', exporting: { kind: 'choosing' } })
    expect(then(done, showView, 'history')).toMatchObject({ overlay: 'none', exporting: { kind: 'choosing' } })
    // Progress of what is over is no progress.
    expect(countExported(done, { rows: 41, total: 41 })).toEqual({})
    expect(then(done, chooseExport, null).exporting.kind).toBe('choosing')
  })
})

describe('a plan', () => {
  const path = (name: string) => ({ kind: 'path' as const, path: name })

  test('takes what is dropped while it is open into the same plan', () => {
    const given = { refused: [], arriving: 0, profiles: ['practice'], rules: true, ruleScopes: null, reuseDays: 7 }
    const first = { ...initialPlan, ...addInputs(initialPlan, { ...given, inputs: [path('/a')] }) }
    const second = { ...first, ...addInputs(first, { ...given, inputs: [path('/b')], profiles: ['other'] }) }
    expect(second.inputs).toEqual([path('/a'), path('/b')])
    expect(second.profiles).toEqual(['practice'])
  })

  test('grows as it is read, and ignores news of one that was given up', () => {
    const state = { ...initialPlan, ...takePlan(initialPlan, plan('p2', false)) }
    expect(growPlan(state, plan('p2', true)).plan?.done).toBe(true)
    expect(growPlan(state, plan('p1', true))).toEqual({})
  })

  test('of more and more files never shows less than it has counted, nor counts before there are any', () => {
    const counting = (id: string, texts: number) => ({
      ...plan(id, false),
      assets: { image: 0, text: texts, audio: 0, document: 0, video: 0 },
      problemCount: 0,
    })
    const first = { ...initialPlan, ...takePlan(initialPlan, counting('p1', 0)) }
    expect(planShown(first)).toBeNull()
    const counted = { ...first, ...growPlan(first, counting('p1', 60)) }
    const more = { ...counted, ...beginPlanningMore(counted, null) }
    expect(planShown(more)?.id).toBe('p1')
    const again = { ...more, ...takePlan(more, counting('p2', 10)) }
    expect(planShown(again)?.id).toBe('p1')
    expect(planShown({ ...again, ...growPlan(again, counting('p2', 61)) })?.id).toBe('p2')
    // What has come to its end counts, however little it is.
    expect(planShown({ ...again, ...growPlan(again, { ...counting('p2', 3), done: true }) })?.id).toBe('p2')
  })

  test('keeps the tables that were met while another plan is made for other columns', () => {
    const table = {
      path: 'a.csv',
      file: '/a.csv',
      sheet: null,
      columns: [],
      textColumn: '文案',
      urlColumn: null,
      moreTextColumns: [],
      isWanted: true,
      rows: 3,
    }
    const first = { ...initialPlan, ...takePlan(initialPlan, { ...plan('p1', true), tables: [table] }) }
    const asked = {
      ...first,
      ...chooseColumns(first, { table, columns: { textColumn: null, urlColumn: null, moreTextColumns: [] } }),
    }
    const again = { ...asked, ...beginPlanning(asked, null) }
    const begun = { ...again, ...takePlan(again, plan('p2', false)) }
    expect(tablesShown(begun.tables, begun.options.tables)).toEqual([{ ...table, textColumn: null, isWanted: false }])
  })

  test('keeps a text in the list when somebody has said what it is in', () => {
    const text = { path: 'a.txt', file: '/x/a.txt', readings: [{ encoding: 'gb18030', lines: ['抢购'] }] } as const
    const first = { ...initialPlan, ...takePlan(initialPlan, { ...plan('p1', true), uncertain: [text] }) }
    const said = { ...first, ...stateEncoding(first, { path: '/x/a.txt', encoding: 'gb18030' }) }
    const again = { ...said, ...takePlan(said, plan('p2', true)) }
    expect(again.uncertain).toEqual([text])
    expect(again.options.encodings).toEqual([{ path: '/x/a.txt', encoding: 'gb18030' }])
    expect(stateEncoding(again, { path: '/x/a.txt', encoding: null }).options?.encodings).toEqual([])
  })

  test('lets an encoding be stated for all, for a folder of several, and for each', () => {
    const text = (file: string) => ({ path: file, file, readings: [] })
    const scopes = encodingScopes(['/x/a/1.txt', '/x/a/2.txt', 'C:\\b\\3.txt'].map(text))
    expect(scopes.map(({ of, path, count }) => [of, path, count])).toEqual([
      ['all', null, 3],
      ['folder', '/x/a', 2],
      ['file', '/x/a/1.txt', 1],
      ['file', '/x/a/2.txt', 1],
      ['file', 'C:\\b\\3.txt', 1],
    ])
    expect(encodingScopes([text('/x/a.txt')]).map(({ of }) => of)).toEqual(['file'])
    expect(encodingScopes(['/x/a.txt', '/x/b.txt'].map(text)).map(({ of }) => of)).toEqual(['all', 'file', 'file'])
  })

  test('once closed leaves nothing for the next drop', () => {
    const state = { ...initialPlan, ...takePlan(initialPlan, plan('p', true)) }
    expect(closePlan(state, null)).toEqual(initialPlan)
  })
})

describe('looking', () => {
  test('what was uncovered is covered again when the focus moves on', () => {
    const uncovered = { ...initialViewState, revealed: 7, held: true, part: 2, zoom: 2 }
    expect({ ...uncovered, ...leaveAsset(uncovered, null) }).toEqual(initialViewState)
  })

  test('the same reason again takes it back', () => {
    const armed = { ...initialViewState, ...armReason(initialViewState, 2) }
    expect(armed.reason).toBe(2)
    expect(armReason(armed, 2).reason).toBeNull()
    expect(armReason(armed, 3).reason).toBe(3)
  })

  test('the loupe opens as the picture is shown best, however the last one was zoomed', () => {
    expect(openLoupe({ ...initialViewState, zoom: 2 }, true)).toEqual({
      loupe: true,
      reviewing: false,
      zoom: 'auto',
    })
  })
})

describe('details', () => {
  const detail = { id: 5 } as AssetDetail

  test('that arrive after the focus has moved on are thrown away', () => {
    const wanting = { ...initialDetail, ...wantDetail(initialDetail, 6) }
    expect(takeDetail(wanting, detail)).toEqual({})
    expect(failDetail(wanting, { asset: 5, problem: { code: 'internal', detail: '' } })).toEqual({})
    expect(takeDetail({ ...wanting, asset: 5 }, detail).detail).toBe(detail)
  })
})

describe('what is shown before anything is known', () => {
  test('is what the schemas fill in', () => {
    expect(defaultSettings).toEqual(settingsSchema.parse({}))
    expect(defaultScreenOptions).toEqual(screenOptionsSchema.parse({}))
  })
})

describe('the hits of rules', () => {
  const step = (state: typeof initialViewState, by: 1 | -1) => ({
    ...state,
    ...stepHit(state, { by, hits: [5, 3, 9] }),
  })

  test('are stepped through around the end, in the order of their cards', () => {
    expect(step(initialViewState, 1).hit).toBe(5)
    expect(step(initialViewState, -1).hit).toBe(9)
    expect(step({ ...initialViewState, hit: 9 }, 1).hit).toBe(5)
    expect(stepHit(initialViewState, { by: 1, hits: [] })).toEqual({})
  })

  test('are never lit together with a part, and what is asked about one ends with the step to another', () => {
    const fining = { ...initialViewState, part: 2, ...beginFine(initialViewState, 5) }
    expect(fining).toMatchObject({ part: -1, hit: 5, fining: true })
    expect(step(fining, 1)).toMatchObject({ hit: 3, fining: false })
    expect({ ...fining, ...lightPart(fining, 1) }).toMatchObject({ part: 1, hit: null, fining: false })
    expect({ ...fining, ...leaveAsset(fining, null) }).toMatchObject({ hit: null, fining: false })
  })
})
