import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Transfer } from '../../../../../renderer/features/drop/inputs.ts'
import { noCalls } from '../../../../../shared/call-causes.ts'
import { inputLimits } from '../../../../../shared/input-limits.ts'
import type { Bridge, CallName, Events } from '../../../../../shared/ipc.ts'
import { encodeRemarks, remark } from '../../../../../shared/remarks/index.ts'
import type { Plan } from '../../../../../shared/screening.ts'

/** Dropping as the window does it, before a bridge that can be made to wait: nothing may be lost, and nothing may wait for ever. */

const told = vi.hoisted(() => [] as string[])
vi.mock('@mantine/notifications', () => ({
  notifications: {
    hide: () => undefined,
    show: ({ message }: { message: string }) => told.push(message),
  },
}))

const plan = (id: string, texts: number, done: boolean): Plan => ({
  id,
  done,
  problem: null,
  assets: { image: 0, text: texts, audio: 0, document: 0, video: 0 },
  bytes: 0,
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
  durationMs: 0,
})

interface Call {
  readonly name: CallName
  readonly input: unknown
}

async function open() {
  vi.resetModules()
  const calls: Call[] = []
  const listeners = new Map<string, (event: never) => void>()
  /** Starting a batch waits for this. */
  let startable = Promise.resolve()
  let startFails = false
  let plans = 0
  const bridge = {
    pathOf: file => (file instanceof File && !file.name.startsWith('virtual') ? `/material/${file.name}` : ''),
    on: (name, listener) => {
      listeners.set(name, listener as (event: never) => void)
      return () => undefined
    },
    invoke: async (name: CallName, input: unknown) => {
      calls.push({ name, input })
      if (name === 'plan.create') {
        plans += 1
        return { ok: true, value: plan(`plan_${plans}`, 0, false) }
      }
      if (name === 'batches.start') {
        await startable
        if (startFails) return { ok: false, error: { code: 'conflict', detail: 'no' } }
        return { ok: true, value: { id: 'b_1', createdAt: 1 } }
      }
      return { ok: true, value: null }
    },
  } as Bridge
  Reflect.set(globalThis, 'prescreen', bridge)
  const planning = await import('../../../../../renderer/features/drop/planning.ts')
  const { usePlan } = await import('../../../../../renderer/state/plan.ts')
  const { useApp } = await import('../../../../../renderer/state/app.ts')
  planning.connectPlanning()
  useApp.setState({ ready: true, profiles: [{ id: 'practice', practice: true }] as never })
  return {
    ...planning,
    usePlan,
    useApp,
    calls,
    planned: () => calls.filter(call => call.name === 'plan.create').map(call => (call.input as { inputs: [] }).inputs),
    discarded: () => calls.filter(call => call.name === 'plan.discard').length,
    started: () => calls.filter(call => call.name === 'batches.start').map(call => call.input),
    tellPlan: (event: Events['plan']) => listeners.get('plan')?.(event as never),
    holdStart() {
      const gate = Promise.withResolvers<void>()
      startable = gate.promise
      return gate.resolve
    },
    failStart: (fails: boolean) => {
      startFails = fails
    },
  }
}

const transfer = (files: readonly File[], rest: Partial<Transfer> = {}): Transfer => ({
  source: 'drop',
  files,
  text: '',
  isAddress: false,
  ...rest,
})
const files = (count: number, name = 'text'): File[] =>
  Array.from({ length: count }, (_, at) => new File(['x'], `${name} ${at}.txt`))

/** Each file takes so long to be asked for its path: a drop of a hundred comes in several slices. */
function slowly(ms: number) {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += ms
    return now
  })
}
/** Everything that is due has happened. */
const calm = () => vi.advanceTimersByTimeAsync(2_000)

beforeEach(() => {
  vi.useFakeTimers()
  told.length = 0
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a large drop', () => {
  test('is planned from its first files on, then once more when all are there', async () => {
    slowly(10)
    const { planTransfer, planned, usePlan, tellPlan } = await open()
    const taking = planTransfer(transfer(files(100)))
    await vi.advanceTimersByTimeAsync(0)
    await vi.advanceTimersByTimeAsync(0)
    expect(usePlan.getState().arriving).toBeGreaterThan(0)
    expect(planned()).toHaveLength(1)
    expect(planned()[0]?.length).toBeLessThan(100)
    tellPlan(plan('plan_1', 5, true))
    await calm()
    await taking
    expect(usePlan.getState().arriving).toBe(0)
    expect(planned()).toHaveLength(2)
    expect(planned()[1]).toHaveLength(100)
  })

  test('starts with all of its files when Enter comes before they are known', async () => {
    slowly(10)
    const { planTransfer, startPlan, started, usePlan, tellPlan } = await open()
    const taking = planTransfer(transfer(files(100)))
    await vi.advanceTimersByTimeAsync(0)
    await vi.advanceTimersByTimeAsync(0)
    tellPlan(plan('plan_1', 5, true))
    const starting = startPlan()
    expect(started()).toEqual([])
    await calm()
    await Promise.all([taking, starting])
    expect(started()).toEqual([{ plan: 'plan_2', name: null }])
    expect(usePlan.getState().inputs).toBeNull()
  })

  test('that is given up in the middle stays given up', async () => {
    slowly(10)
    const { planTransfer, discardPlan, planned, usePlan } = await open()
    const taking = planTransfer(transfer(files(100)))
    await vi.advanceTimersByTimeAsync(0)
    discardPlan()
    await calm()
    await taking
    expect(usePlan.getState()).toMatchObject({ inputs: null, arriving: 0, plan: null })
    expect(planned().length).toBeLessThanOrEqual(1)
    // The next one is not mixed with it.
    await planTransfer(transfer(files(1, 'other')))
    await calm()
    expect(usePlan.getState().inputs).toEqual([{ kind: 'path', path: '/material/other 0.txt' }])
  })

  test('joins another that is still being read', async () => {
    slowly(10)
    const { planTransfer, planned, usePlan } = await open()
    const both = [planTransfer(transfer(files(60, 'a'))), planTransfer(transfer(files(60, 'b')))]
    await calm()
    await Promise.all(both)
    expect(usePlan.getState().inputs).toHaveLength(120)
    expect(planned().at(-1)).toHaveLength(120)
  })

  test('of more things than one request may bring is refused with what to do', async () => {
    const { planTransfer, usePlan } = await open()
    await planTransfer(transfer(Array.from({ length: inputLimits.atOnce + 1 }, () => new File([], 'x'))))
    expect(told).toEqual([expect.stringContaining('文件夹')])
    expect(usePlan.getState().inputs).toBeNull()
  })
})

describe('what comes at an awkward moment', () => {
  test('is refused whole when it would make the plan too large, and the plan stays', async () => {
    const { planTransfer, planPaths, usePlan } = await open()
    await planTransfer(transfer(files(2)))
    await planPaths(Array.from({ length: inputLimits.atOnce - 1 }, (_, at) => `/material/${at}`))
    await calm()
    expect(told).toEqual([expect.stringContaining('100,001')])
    expect(usePlan.getState().inputs).toHaveLength(2)
  })

  test('is answered with what is wrong when there is nothing that could plan it', async () => {
    const { planTransfer, useApp, usePlan } = await open()
    useApp.setState({ broken: { code: 'database_newer', detail: 'version 99' } })
    await planTransfer(transfer(files(1)))
    expect(told).toEqual([expect.stringContaining('database_newer')])
    expect(usePlan.getState().inputs).toBeNull()
  })

  test('waits for the profiles when the window has only just opened', async () => {
    const { planTransfer, usePlan, useApp } = await open()
    useApp.setState({ ready: false, profiles: [] })
    const taking = planTransfer(transfer(files(1)))
    await calm()
    expect(usePlan.getState().inputs).toBeNull()
    useApp.setState({ ready: true, profiles: [{ id: 'practice', practice: true }] as never })
    await calm()
    await taking
    expect(usePlan.getState().profiles).toEqual(['practice'])
  })

  test('becomes the next plan while a batch is being started', async () => {
    const { planTransfer, startPlan, holdStart, usePlan, tellPlan } = await open()
    await planTransfer(transfer(files(1, 'first')))
    await calm()
    tellPlan(plan('plan_1', 1, true))
    const letGo = holdStart()
    const starting = startPlan()
    const taking = planTransfer(transfer(files(1, 'second')))
    await calm()
    expect(usePlan.getState().inputs).toHaveLength(1)
    letGo()
    await calm()
    await Promise.all([starting, taking])
    expect(usePlan.getState().inputs).toEqual([{ kind: 'path', path: '/material/second 0.txt' }])
  })

  test('joins the plan whose start has failed', async () => {
    const { planTransfer, startPlan, holdStart, failStart, usePlan, tellPlan } = await open()
    await planTransfer(transfer(files(1, 'first')))
    await calm()
    tellPlan(plan('plan_1', 1, true))
    const letGo = holdStart()
    failStart(true)
    const starting = startPlan()
    const taking = planTransfer(transfer(files(1, 'second')))
    letGo()
    await calm()
    await Promise.all([starting, taking])
    expect(usePlan.getState().inputs).toHaveLength(2)
    expect(usePlan.getState().starting).toBe(false)
  })

  test('can be started once more after a start that failed, with a plan of its own', async () => {
    const { planTransfer, startPlan, failStart, started, usePlan, tellPlan } = await open()
    await planTransfer(transfer(files(1)))
    await calm()
    tellPlan(plan('plan_1', 1, true))
    failStart(true)
    await startPlan()
    expect(usePlan.getState().problem?.code).toBe('conflict')
    failStart(false)
    const again = startPlan()
    await calm()
    await again
    expect(started()).toEqual([
      { plan: 'plan_1', name: null },
      { plan: 'plan_2', name: null },
    ])
    expect(usePlan.getState().inputs).toBeNull()
  })

  test('is not given up while its batch is being made, for it would begin all the same', async () => {
    const { planTransfer, startPlan, discardPlan, holdStart, usePlan, useApp, tellPlan } = await open()
    await planTransfer(transfer(files(1)))
    await calm()
    tellPlan(plan('plan_1', 1, true))
    const letGo = holdStart()
    const starting = startPlan()
    await calm()
    discardPlan()
    expect(usePlan.getState()).toMatchObject({ starting: true, sent: true })
    expect(usePlan.getState().inputs).toHaveLength(1)
    letGo()
    await calm()
    await starting
    expect(usePlan.getState().inputs).toBeNull()
    expect(useApp.getState().batch).toBe('b_1')
  })

  test('is given up though Enter was pressed, as long as its files are still being read, and the next drop is left alone', async () => {
    slowly(10)
    const { planTransfer, startPlan, discardPlan, started, usePlan, tellPlan } = await open()
    const taking = planTransfer(transfer(files(100)))
    await vi.advanceTimersByTimeAsync(0)
    await vi.advanceTimersByTimeAsync(0)
    tellPlan(plan('plan_1', 5, true))
    const starting = startPlan()
    expect(usePlan.getState()).toMatchObject({ starting: true, sent: false })
    discardPlan()
    await Promise.all([starting, planTransfer(transfer(files(1, 'next')))])
    await calm()
    await taking
    expect(started()).toEqual([])
    expect(usePlan.getState().inputs).toEqual([{ kind: 'path', path: '/material/next 0.txt' }])
  })

  test('says why its plan failed, and is read again by the next Enter, not started', async () => {
    const { planTransfer, startPlan, started, planned, usePlan, tellPlan } = await open()
    await planTransfer(transfer(files(1)))
    await calm()
    tellPlan({ ...plan('plan_1', 3, true), problem: { code: 'disk_full', detail: 'ENOSPC' } })
    expect(usePlan.getState()).toMatchObject({ problem: { code: 'disk_full' }, starting: false })
    await startPlan()
    await calm()
    expect(started()).toEqual([])
    expect(planned()).toHaveLength(2)
    expect(usePlan.getState()).toMatchObject({ problem: null, former: null })
    tellPlan(plan('plan_2', 1, true))
    await startPlan()
    expect(started()).toEqual([{ plan: 'plan_2', name: null }])
  })

  test('waits for ever for no plan that has failed', async () => {
    slowly(10)
    const { planTransfer, startPlan, started, usePlan, tellPlan } = await open()
    const taking = planTransfer(transfer(files(100)))
    await vi.advanceTimersByTimeAsync(0)
    await vi.advanceTimersByTimeAsync(0)
    tellPlan(plan('plan_1', 5, false))
    const starting = startPlan()
    tellPlan({ ...plan('plan_1', 5, true), problem: { code: 'disk_full', detail: '' } })
    await starting
    expect(started()).toEqual([])
    expect(usePlan.getState().starting).toBe(false)
    await calm()
    await taking
  })

  test('news of a plan that overtake its answer are not lost', async () => {
    const { planTransfer, tellPlan, usePlan } = await open()
    await planTransfer(transfer(files(1)))
    tellPlan(plan('plan_1', 1, true))
    await calm()
    expect(usePlan.getState().plan?.done).toBe(true)
  })
})

describe('what is asked for', () => {
  test('the columns of a table are the likeliest until others are chosen, which are asked for of this table alone', async () => {
    const { planTransfer, calls, usePlan } = await open()
    const { chooseColumns, dispatchPlan } = await import('../../../../../renderer/state/plan.ts')
    await planTransfer(transfer(files(1)))
    await calm()
    expect(calls.findLast(({ name }) => name === 'plan.create')?.input).toMatchObject({
      options: { guessColumns: true, tables: [] },
    })
    const table = { file: '/a.csv', sheet: null }
    dispatchPlan(chooseColumns, { table, columns: { textColumn: '卖点', urlColumn: null, moreTextColumns: [] } })
    dispatchPlan(chooseColumns, {
      table: { ...table, sheet: '短信' },
      columns: { textColumn: null, urlColumn: null, moreTextColumns: [] },
    })
    await calm()
    expect(calls.findLast(({ name }) => name === 'plan.create')?.input).toMatchObject({
      options: {
        tables: [
          { path: '/a.csv', sheet: null, textColumn: '卖点', urlColumn: null, moreTextColumns: [] },
          { path: '/a.csv', sheet: '短信', textColumn: null, urlColumn: null, moreTextColumns: [] },
        ],
      },
    })
    dispatchPlan(chooseColumns, { table, columns: null })
    expect(usePlan.getState().options.tables.map(({ sheet }) => sheet)).toEqual(['短信'])
  })

  test('days that nobody can mean are not asked for', async () => {
    const { usePlan } = await open()
    const { dispatchPlan, setReuseDays } = await import('../../../../../renderer/state/plan.ts')
    for (const days of [400, -1, 2.5, '', '12x']) dispatchPlan(setReuseDays, days)
    expect(usePlan.getState().options.reuseDays).toBe(7)
    dispatchPlan(setReuseDays, 30)
    expect(usePlan.getState().options.reuseDays).toBe(30)
  })

  test('as many tiles as the plan names can be allowed, and no number that nobody can mean', async () => {
    const { usePlan } = await open()
    const { dispatchPlan, setMaxFrames, setMaxTiles } = await import('../../../../../renderer/state/plan.ts')
    for (const tiles of [1001, 0, -1, 2.5, '', '12x']) dispatchPlan(setMaxTiles, tiles)
    expect(usePlan.getState().options.maxTiles).toBe(60)
    for (const frames of [10_001, 0, -1, 2.5, '', '12x']) dispatchPlan(setMaxFrames, frames)
    expect(usePlan.getState().options.maxFrames).toBe(120)
    dispatchPlan(setMaxFrames, 340)
    expect(usePlan.getState().options.maxFrames).toBe(340)
    const { problemLine, tilesWanted } = await import('../../../../../renderer/features/drop/plan-problems.tsx')
    const problemOf = (count: number) => ({
      path: 'long.png',
      code: 'too_large' as const,
      detail: encodeRemarks([remark('tiles_too_many', { count, limit: 60 })]),
    })
    expect(tilesWanted(problemOf(1001))).toBeNull()
    expect(tilesWanted({ detail: 'anything' })).toBeNull()
    dispatchPlan(setMaxTiles, tilesWanted(problemOf(75)) ?? 0)
    expect(usePlan.getState().options.maxTiles).toBe(75)
    // In the words of the dialog: what can be pressed here, not what is typed elsewhere.
    for (const language of ['zh', 'en'] as const) {
      const line = problemLine(problemOf(75), language)
      expect(line).toContain('75')
      expect(line).not.toContain('--')
    }
  })
})

describe('what cannot be checked', () => {
  test.each([
    ['nothing', transfer([]), '没有可检查的内容'],
    ['an empty clipboard', transfer([], { source: 'paste' }), '剪贴板里没有'],
    ['white space', transfer([], { text: ' \n ' }), '没有可检查的内容'],
    [
      'a link of a page',
      transfer([], { text: 'https://example.com/a.png', isAddress: true }),
      'https://example.com/a.png',
    ],
    ['a text longer than a request', transfer([], { text: '字'.repeat(inputLimits.textLength + 1) }), '保存为文件'],
    ['an attachment without a file', transfer([new File(['x'], 'virtual.docx')]), 'virtual.docx'],
  ])('%s is refused in a sentence, and no dialog stays open', async (_what, thing, sentence) => {
    const { planTransfer, usePlan, planned } = await open()
    await planTransfer(thing)
    await calm()
    expect(told).toEqual([expect.stringContaining(sentence)])
    expect(usePlan.getState()).toMatchObject({ inputs: null, arriving: 0 })
    expect(planned()).toEqual([])
  })

  test('is named in the plan of what can be', async () => {
    const { planTransfer, usePlan } = await open()
    await planTransfer(transfer([...files(2), new File(['x'], 'virtual.docx')]))
    expect(usePlan.getState()).toMatchObject({ refused: ['virtual.docx'], arriving: 0 })
    expect(usePlan.getState().inputs).toHaveLength(2)
  })
})

describe('what is no file but can be checked', () => {
  test('a text is taken as it is, an address among it too when it was pasted', async () => {
    const { planTransfer, usePlan } = await open()
    await planTransfer(transfer([], { source: 'paste', text: 'https://example.com/ 新品上市' }))
    expect(usePlan.getState().inputs).toEqual([{ kind: 'text', text: 'https://example.com/ 新品上市' }])
  })

  test('a picture of a browser is taken by its bytes, and one whose bytes cannot be had is named', async () => {
    const { planTransfer, usePlan } = await open()
    const picture = new File([new Uint8Array([1, 2])], `virtual${'长'.repeat(300)}.png`, { type: 'image/png' })
    const gone = new File(['x'], 'virtual-gone.png', { type: 'image/png' })
    vi.spyOn(gone, 'arrayBuffer').mockRejectedValue(new DOMException('gone', 'NotFoundError'))
    await planTransfer(transfer([picture, gone]))
    const { inputs, refused, arriving } = usePlan.getState()
    expect(inputs).toEqual([{ kind: 'image', name: picture.name.slice(-255), bytes: new Uint8Array([1, 2]) }])
    expect(refused).toEqual(['virtual-gone.png'])
    expect(arriving).toBe(0)
  })
})
