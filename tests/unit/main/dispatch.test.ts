import { describe, expect, test } from 'vitest'
import { dispatch, type Handlers } from '../../../electron/main/dispatch.ts'
import { callNames } from '../../../shared/ipc.ts'
import { Problem, usage } from '../../../shared/problems.ts'

const trusted = { url: 'app://prescreen/', parent: null }
const bugs: unknown[] = []

/** Handlers that tell what they were given. */
const echo = Object.fromEntries(callNames.map(name => [name, (input: unknown) => input])) as unknown as Handlers
const call = (sender: Parameters<typeof dispatch>[1], name: unknown, input: unknown, handlers = echo) =>
  dispatch(
    handlers,
    sender,
    name,
    input,
    (_name, error) => bugs.push(error),
    () => 'zh',
  )

describe('who may call', () => {
  test.each([
    ['a frame that has gone', null],
    ['a frame inside the page', { url: 'app://prescreen/', parent: trusted }],
    ['another scheme', { url: 'https://prescreen/', parent: null }],
    ['another host', { url: 'app://prescreen.evil.example/', parent: null }],
    ['a host in disguise', { url: 'app://prescreen@evil.example/', parent: null }],
    ['a report', { url: 'app://report/1', parent: null }],
    ['an empty page', { url: 'about:blank', parent: null }],
    ['no address', { url: '', parent: null }],
  ])('not %s, whatever is called', async (_what, sender) => {
    for (const name of callNames) {
      expect(await call(sender, name, {})).toEqual({ ok: false, error: { code: 'bad_sender', detail: '' } })
    }
  })

  test('the page of the window may', async () => {
    expect(await call(trusted, 'batches.list', {})).toEqual({ ok: true, value: {} })
    expect(await call({ url: 'app://prescreen/index.html?x#y', parent: null }, 'batches.list', {})).toMatchObject({
      ok: true,
    })
  })
})

describe('the second window', () => {
  const ask = (name: string) =>
    dispatch(
      echo,
      trusted,
      name,
      {},
      () => undefined,
      () => 'zh',
      'loupe',
    )

  test('may ask what it shows, close itself and read an asset, and nothing else', async () => {
    const allowed: string[] = []
    for (const name of callNames) {
      const answer = await ask(name)
      if (answer.ok || answer.error.code !== 'bad_sender') allowed.push(name)
    }
    expect(allowed.toSorted()).toEqual(['asset.detail', 'loupe.look', 'loupe.toggle'])
  })

  test('is still asked where it comes from', async () => {
    expect(
      await dispatch(
        echo,
        { url: 'https://evil.example/', parent: null },
        'loupe.look',
        {},
        () => undefined,
        () => 'zh',
        'loupe',
      ),
    ).toMatchObject({ error: { code: 'bad_sender' } })
  })
})

describe('what may be called', () => {
  test.each([['toString'], ['__proto__'], [''], [null], [{}], [['app.info']]])('nothing named %j', async name => {
    expect(await call(trusted, name, {})).toMatchObject({ ok: false, error: { code: 'bad_request' } })
  })

  test('each call refuses what does not have its form, and says where', async () => {
    for (const name of callNames) {
      for (const input of [null, undefined, 'text', [], { unknown: 1 }]) {
        expect(await call(trusted, name, input), name).toMatchObject({
          ok: false,
          error: { code: 'bad_request', detail: expect.stringContaining(name) },
        })
      }
    }
    expect(await call(trusted, 'batches.get', { batch: '../x' })).toMatchObject({
      error: { detail: 'batches.get.batch: invalid_format' },
    })
  })
})

describe('what comes back', () => {
  test('a sentence that comes in both languages is in that of the window', async () => {
    const handlers = {
      ...echo,
      'batches.list': () => {
        throw usage('第 3 行写错了', 'line 3 is wrong')
      },
    }
    expect(await call(trusted, 'batches.list', {}, handlers)).toEqual({
      ok: false,
      error: { code: 'usage', detail: '第 3 行写错了' },
    })
  })

  test('a problem is a value with its code and detail', async () => {
    const handlers = {
      ...echo,
      'batches.list': () => {
        throw new Problem('disk_full', 'ENOSPC')
      },
    }
    expect(await call(trusted, 'batches.list', {}, handlers)).toEqual({
      ok: false,
      error: { code: 'disk_full', detail: 'ENOSPC' },
    })
  })

  test('a bug is internal, and only the log hears more', async () => {
    const bug = new Error('secret=hunter2')
    const handlers = { ...echo, 'batches.list': () => Promise.reject(bug) }
    expect(await call(trusted, 'batches.list', {}, handlers)).toEqual({
      ok: false,
      error: { code: 'internal', detail: 'batches.list' },
    })
    expect(bugs).toContain(bug)
  })

  test('a change of one setting names that one only', async () => {
    expect(await call(trusted, 'settings.set', { theme: 'dark' })).toEqual({ ok: true, value: { theme: 'dark' } })
  })
})
