import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type GridDelta, gridDecisions, gridFlags, gridOutcomes } from '../../../shared/grid.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { engineFor, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const pass = '{"errcode":0,"errmsg":"ok"}'
const column = { ...defaultOptions, textColumn: 'text' }

async function setUp(rows: number, text = (n: number) => `第${n}条`) {
  const folder = await temporaryFolder()
  const table = join(folder, 'table.csv')
  await writeFile(table, `text,n\n${Array.from({ length: rows }, (_, n) => `${text(n)},${n}\n`).join('')}`)
  const engine = await engineFor(join(folder, 'data'))
  return { folder, table, engine }
}

describe('the grid', () => {
  test('its deltas follow from one revision to the next, and columns plus deltas give what the database says', async () => {
    const { table, engine } = await setUp(400)
    const host = await startHost(({ response, body }) =>
      reply(response, body.includes('7') ? '{"errcode":87014,"errmsg":"risky"}' : pass),
    )
    const deltas: GridDelta[] = []
    const times: number[] = []
    engine.on('grid', delta => {
      deltas.push(delta)
      times.push(performance.now())
    })
    const run = await engine.screen({
      inputs: [table],
      profiles: [wechatProfile(host.url)],
      options: column,
      name: null,
    })
    const seen = await engine.grid.columns(run.id)
    const outcome = new Map(Array.from(seen.id, (id, index) => [id, seen.outcome[index]]))
    const last = Promise.withResolvers<void>()
    const apply = (delta: GridDelta) => {
      delta.id.forEach((id, index) => {
        outcome.set(id, delta.outcome[index])
      })
      if (
        [...outcome.values()].length === 400 &&
        [...outcome.values()].every(value => value !== gridOutcomes.indexOf('pending'))
      )
        last.resolve()
    }
    for (const delta of deltas) apply(delta)
    engine.on('grid', apply)
    await run.done
    await last.promise

    let revision = seen.revision
    for (const delta of deltas) {
      expect(delta.from).toBe(revision)
      expect(delta.revision).toBeGreaterThan(delta.from)
      revision = delta.revision
    }
    const final = await engine.grid.columns(run.id)
    expect(final.revision).toBe(revision)
    expect(Object.fromEntries(outcome)).toEqual(
      Object.fromEntries(Array.from(final.id, (id, index) => [id, final.outcome[index]])),
    )
    expect(final.id).toHaveLength(400)
    // At most ten news a second and kind.
    const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
    expect(times.length).toBeLessThanOrEqual(spanMs / 100 + 2)
  })

  test('rows come in the order asked for, search finds paths and texts, and wild cards are letters', async () => {
    const { table, engine } = await setUp(30, n => (n === 4 ? '百分之100%的_棉' : `第${n}条`))
    const host = await startHost(({ response }) => reply(response, pass))
    const { id } = await screenAll(engine, [table], [wechatProfile(host.url)], { textColumn: 'text' })
    const ids = [...(await engine.grid.columns(id)).id]
    const [a = 0, b = 0, c = 0] = ids
    expect((await engine.grid.rows([c, a, b])).map(row => row.id)).toEqual([c, a, b])
    expect(await engine.grid.rows([999_999])).toEqual([])
    expect(await engine.grid.search(id, '100%的')).toHaveLength(1)
    expect(await engine.grid.search(id, '条')).toHaveLength(29)
    expect(await engine.grid.search(id, 'nowhere')).toHaveLength(0)
    expect(await engine.grid.search(id, '%%%%')).toHaveLength(0)
    await expect(engine.grid.columns('b_nobody')).rejects.toThrow(/not_found/)
  })
})

describe('decisions', () => {
  test('over ten thousand assets can be undone and redone, and leave the notes alone', async () => {
    // Rows without text need no call.
    const { table, engine } = await setUp(10_000, () => '')
    const { id } = await screenAll(engine, [table], [wechatProfile('http://127.0.0.1:9')], { textColumn: 'text' })
    const ids = [...(await engine.grid.columns(id)).id]
    expect(ids).toHaveLength(10_000)
    const [first = 0] = ids
    await engine.review.note([first], '先看看')
    const decided = async () => (await engine.grid.columns(id)).decision
    const reject = gridDecisions.indexOf('reject')

    expect(await engine.review.decide(ids, 'reject', 2)).toBe(10_000)
    expect((await decided()).every(value => value === reject)).toBe(true)
    expect((await engine.batches.get(id)).decided).toBe(10_000)
    expect(await engine.review.undo()).toMatchObject({ batch: id })
    expect((await decided()).every(value => value === 0)).toBe(true)
    expect((await engine.batches.get(id)).decided).toBe(0)
    await engine.review.redo()
    expect((await decided()).every(value => value === reject)).toBe(true)
    expect((await engine.grid.rows([first]))[0]).toMatchObject({
      decision: 'reject',
      decisionReason: 2,
      note: '先看看',
    })
    // Undo reaches the note, too, and there is an end to it.
    await engine.review.undo()
    await engine.review.undo()
    expect((await engine.grid.rows([first]))[0]).toMatchObject({ decision: null, note: null })
    expect(await engine.review.undo()).toBeNull()
    expect((await engine.ledger.verify()).intact).toBe(true)

    // A note in the middle of a bulk decision is kept, and an undo in the middle takes back the whole of it.
    const last = ids.at(-1) ?? 0
    const deciding = engine.review.decide(ids, 'approve', null)
    await engine.review.note([last], '有疑问')
    const undoing = engine.review.undo()
    await deciding
    expect((await engine.grid.rows([last]))[0]).toMatchObject({ note: '有疑问' })
    await undoing
    await engine.review.undo()
    expect((await decided()).every(value => value === 0)).toBe(true)
    expect(await engine.review.undo()).toBeNull()
  })

  test('a decision after undo ends what could be redone, and the history tells every act', async () => {
    const { table, engine } = await setUp(1)
    const host = await startHost(({ response }) => reply(response, '{"errcode":87014,"errmsg":"risky"}'))
    const { id } = await screenAll(engine, [table], [wechatProfile(host.url)], { textColumn: 'text' })
    const [only = 0] = (await engine.grid.columns(id)).id
    await engine.review.decide([only], 'reject', null)
    await engine.review.undo()
    await engine.review.decide([only], 'approve', 1)
    expect(await engine.review.redo()).toBeNull()
    const { history } = await engine.assets.detail(only)
    expect(history.map(event => event.action)).toEqual(['decide', 'undo', 'decide'])
    // Approving what the platform calls risky is a disagreement, and shown as one.
    const flags = (await engine.grid.columns(id)).flags[0] ?? 0
    expect(flags & gridFlags.disagreement).not.toBe(0)
    await expect(engine.review.decide([only, 123_456], 'approve', null)).rejects.toThrow(/not_found/)
  })
})

describe('the queue', () => {
  test('pauses at once, resumes where it stood, and survives a restart as paused', async () => {
    const { folder, table, engine } = await setUp(200)
    const host = await startHost(({ response }) => reply(response, pass))
    const half = Promise.withResolvers<void>()
    let done = 0
    const run = await engine.screen(
      { inputs: [table], profiles: [wechatProfile(host.url)], options: column, name: null },
      () => {
        done += 1
        if (done === 60) half.resolve()
      },
    )
    await half.promise
    expect((await engine.batches.pause(run.id)).state).toBe('paused')
    expect(engine.busy()).toBe(false)
    expect((await engine.queue.status()).paused).toBe(true)
    const calls = host.calls()
    await engine.close()
    // Those that had left when the pause came.
    expect(host.calls() - calls).toBeLessThanOrEqual(40)

    const later = await engineFor(join(folder, 'data'))
    expect((await later.batches.get(run.id)).state).toBe('paused')
    const resumed = await later.resume(run.id)
    expect((await resumed.done).tally).toMatchObject({ assets: 200, pass: 200 })
    expect(host.calls()).toBe(200)
  })

  test('cancels at once; what is open becomes unchecked, and what was done stays', async () => {
    const { table, engine } = await setUp(3_000)
    const host = await startHost(({ response }) => reply(response, pass))
    const half = Promise.withResolvers<void>()
    let done = 0
    const run = await engine.screen(
      { inputs: [table], profiles: [wechatProfile(host.url)], options: column, name: null },
      () => {
        done += 1
        if (done === 50) half.resolve()
      },
    )
    await half.promise
    const cancelled = await engine.batches.cancel(run.id)
    expect(cancelled.state).toBe('cancelled')
    expect(cancelled.tally.pending).toBe(0)
    expect(cancelled.tally.pass).toBeGreaterThanOrEqual(50)
    expect(host.calls()).toBeLessThan(3_000)
    await expect(engine.batches.cancel(run.id)).rejects.toThrow(/conflict/)
    await expect(engine.batches.pause(run.id)).rejects.toThrow(/conflict/)
  })

  test('a batch that is being screened can be told to check assets again without losing any', async () => {
    const { table, engine } = await setUp(150)
    const host = await startHost(({ response }) => reply(response, pass))
    const some = Promise.withResolvers<void>()
    let done = 0
    const run = await engine.screen(
      { inputs: [table], profiles: [wechatProfile(host.url)], options: column, name: null },
      () => {
        done += 1
        if (done === 40) some.resolve()
      },
    )
    await some.promise
    await engine.batches.recheck(run.id, [...(await engine.grid.columns(run.id)).id])
    expect((await run.done).tally).toMatchObject({ pending: 0, unchecked: 0 })
    expect((await engine.batches.get(run.id)).tally.pass).toBe((await engine.batches.get(run.id)).tally.assets)
  })
})
