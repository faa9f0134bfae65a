import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultOptions } from '../../../electron/engine/engine.ts'
import {
  engineFor,
  outcomes,
  rowsOf,
  sandboxFor,
  temporaryFolder,
  wechatProfile,
} from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

describe('a batch', () => {
  test('that is started before its plan has looked at anything has all that was pasted', async () => {
    const sandbox = await sandboxFor()
    const engine = await engineFor(join(await temporaryFolder(), 'data'), { sandboxUrl: sandbox.url })
    const [practice] = engine.profiles.list()
    const plan = engine.plans.create({
      inputs: [
        { kind: 'text', text: '新品上市' },
        { kind: 'text', text: '欢迎选购' },
      ],
      profiles: [practice?.id ?? ''],
      options: defaultOptions,
    })
    const { id } = await engine.batches.start(plan.id, null)
    await expect.poll(() => engine.batches.get(id).state).toBe('done')
    expect(Object.values(outcomes(rowsOf(engine, id)))).toEqual(['pass', 'pass'])
  })

  test('that is resumed twice at the same moment runs once', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.txt'), '新品上市')
    let answered = false
    const host = await startHost(({ response }) => {
      reply(response, answered ? '{"errcode":0,"errmsg":"ok"}' : '{"errcode":40001,"errmsg":"invalid credential"}')
    })
    const engine = await engineFor(join(folder, 'data'))
    const first = await engine.screen({
      inputs: [join(folder, 'a.txt')],
      profiles: [wechatProfile(host.url)],
      options: defaultOptions,
      name: null,
    })
    expect((await first.done).state).toBe('interrupted')
    const before = host.calls()
    answered = true
    const both = await Promise.allSettled([engine.batches.resume(first.id), engine.batches.resume(first.id)])
    expect(both.map(each => each.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect.poll(() => engine.batches.get(first.id).state).toBe('done')
    expect(host.calls()).toBe(before + 1)
  })
})
