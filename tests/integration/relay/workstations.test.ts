import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createRelayClient, type RelayConnection, type RelayEvent } from '../../../electron/engine/relay/client.ts'
import { hashOfKey, newRelayKey } from '../../../electron/engine/relay/keys.ts'
import { jsonOf, nowMs, qq, secrets } from '../../unit/checkers/push/pushes.ts'
import { impatientClock, keys, paths, plainAppid, startTestRelay as start, type TestRelay } from './harness.ts'

const dayMs = 86_400_000
const never = new AbortController().signal

function push(relay: TestRelay, traceId: string) {
  return relay.send(paths.qq, { body: jsonOf({ ...qq, trace_id: traceId }) })
}

function traceOf(event: RelayEvent | undefined): string | undefined {
  return event?.kind === 'push' ? event.push.traceId : event?.kind
}

/** Reads on demand; `next` gives the trace id of the next event. */
function follow(relay: TestRelay, after = 0, options: Parameters<TestRelay['client']>[0] = {}) {
  const stop = new AbortController()
  const iterator = relay.client(options).events(after, stop.signal)[Symbol.asyncIterator]()
  let last = after
  return {
    next: async () => {
      const { value } = await iterator.next()
      last = value?.seq ?? last
      return traceOf(value?.event)
    },
    position: () => last,
    end: async () => {
      stop.abort()
      return (await iterator.next()).done
    },
  }
}

describe('a workstation', () => {
  test('gets an event at once while it waits for one', async () => {
    await using relay = await start()
    const stream = follow(relay)
    await push(relay, 'a')
    expect(await stream.next()).toBe('a')
    const waiting = stream.next()
    await push(relay, 'b')
    expect(await waiting).toBe('b')
    expect(await stream.end()).toBe(true)
  })

  test('that was switched off for days gets everything on return, in order, and from where it was', async () => {
    await using relay = await start()
    const before = follow(relay)
    await push(relay, 'before')
    expect(await before.next()).toBe('before')
    await before.end()
    const names = Array.from({ length: 553 }, (_, index) => `t${index}`)
    for (let index = 0; index < names.length; index += 50) {
      await relay.clock.advance(2000)
      for (const name of names.slice(index, index + 50)) await push(relay, name)
    }
    await relay.clock.advance(3 * dayMs)
    await relay.restart()
    const after = follow(relay, before.position())
    for (const name of names) expect(await after.next()).toBe(name)
    await after.end()
  })

  test('loses nothing when either side goes away again and again', async () => {
    await using relay = await start()
    const seen: (string | undefined)[] = []
    let position = 0
    for (let round = 0; round < 5; round += 1) {
      const stream = follow(relay, position)
      await push(relay, `${round}a`)
      seen.push(await stream.next())
      await relay.restart()
      // The same iteration goes on over the restart.
      await push(relay, `${round}b`)
      seen.push(await stream.next())
      position = stream.position()
      await stream.end()
      await push(relay, `${round}c`)
      const rest = follow(relay, position)
      seen.push(await rest.next())
      position = rest.position()
      await rest.end()
    }
    expect(seen).toEqual([0, 1, 2, 3, 4].flatMap(round => [`${round}a`, `${round}b`, `${round}c`]))
  })

  test('misses nothing of a relay that began anew with an empty folder', async () => {
    await using old = await start()
    await push(old, 'old')
    const stream = follow(old)
    await stream.next()
    await stream.end()
    await using fresh = await start()
    await fresh.clock.advance(1000)
    await push(fresh, 'new')
    const next = follow(fresh, stream.position())
    expect(await next.next()).toBe('new')
    await next.end()
  })

  test('is one of several, and each gets everything', async () => {
    await using relay = await start()
    const streams = [follow(relay), follow(relay, 0, { key: keys.legal.key })]
    await push(relay, 'a')
    expect(await Promise.all(streams.map(stream => stream.next()))).toEqual(['a', 'a'])
    for (const stream of streams) await stream.end()
  })

  test('learns when the relay goes and comes back, once each', async () => {
    await using relay = await start()
    const connections: RelayConnection[] = []
    const stream = follow(relay, 0, { onConnection: connection => connections.push(connection) })
    await push(relay, 'a')
    await stream.next()
    const waiting = stream.next()
    await relay.relay.close()
    await expect.poll(() => connections.length).toBe(2)
    await relay.restart()
    await push(relay, 'b')
    expect(await waiting).toBe('b')
    expect(connections.map(({ kind }) => kind)).toEqual(['connected', 'disconnected', 'connected'])
    await stream.end()
  })

  test('waits longer after each failure, and half a minute at most', async () => {
    const pauses: number[] = []
    const stop = new AbortController()
    const clock = {
      ...impatientClock,
      sleep: (ms: number, signal?: AbortSignal) => {
        pauses.push(ms)
        if (pauses.length === 10) stop.abort()
        return impatientClock.sleep(ms, signal)
      },
    }
    await using relay = await start()
    const client = relay.client({ url: 'http://127.0.0.1:1', clock })
    for await (const _event of client.events(0, stop.signal)) throw new Error('there is no relay')
    pauses.forEach((pause, index) => {
      const longest = Math.min(500 * 2 ** index, 30_000)
      expect(pause).toBeGreaterThanOrEqual(longest * 0.75)
      expect(pause).toBeLessThanOrEqual(longest)
    })
  })

  test('that gets no answer within 25 s asks again', async () => {
    await using relay = await start()
    let text = ''
    const query = new URLSearchParams({ wait: '25' })
    const answered = relay.send('/events', { key: keys.design.key, query }).then(answer => {
      text = answer.text
    })
    await expect
      .poll(async () => {
        await relay.clock.advance(25_000)
        return text
      })
      .toBe('{"events":[]}')
    await answered
  })
})

describe('a key', () => {
  test('can be replaced without a pause: two are valid at a time, and the old one ends with its removal', async () => {
    const next = newRelayKey()
    await using relay = await start()
    const ask = async (key: string) => (await relay.send('/events', { key })).status
    expect([await ask(keys.design.key), await ask(next.key)]).toEqual([200, 401])
    await relay.restart({ workstations: [{ name: 'design', keys: [keys.design.hash, next.hash] }] })
    expect([await ask(keys.design.key), await ask(next.key)]).toEqual([200, 200])
    await relay.restart({ workstations: [{ name: 'design', keys: [next.hash] }] })
    expect([await ask(keys.design.key), await ask(next.key)]).toEqual([401, 200])
  })

  test('is not its hash, and a header without one opens nothing', async () => {
    await using relay = await start()
    const statuses = []
    for (const authorization of ['', 'Bearer', `Basic ${keys.design.key}`, `Bearer ${keys.design.hash}`, 'Bearer é']) {
      statuses.push(
        (await relay.send('/events', { headers: { authorization: Buffer.from(authorization).toString('latin1') } }))
          .status,
      )
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401])
    expect(JSON.stringify(relay.log)).not.toContain(keys.design.key)
    expect(hashOfKey(keys.design.key)).toBe(keys.design.hash)
  })

  test('that is guessed too often is not even looked at, while the right one works', async () => {
    await using relay = await start({ limits: { refusalsPerMinute: 2 } })
    const ask = async (key: string) => (await relay.send('/events', { key })).status
    expect([await ask('a'), await ask('b'), await ask('c'), await ask(keys.design.key)]).toEqual([401, 401, 429, 200])
  })

  test('may ask so often a minute, each for itself', async () => {
    await using relay = await start({ limits: { requestsPerMinute: 2 } })
    const ask = async (key: string) => (await relay.send('/events', { key })).status
    const { design, legal } = keys
    expect([await ask(design.key), await ask(design.key), await ask(design.key)]).toEqual([200, 200, 429])
    expect(await ask(legal.key)).toBe(200)
  })
})

describe('the self-test', () => {
  test.each([
    ['wechat', secrets.appid, ['verification', 'push', 'event']],
    ['wechat', plainAppid, ['verification', 'push', 'event']],
    ['qq', '0000000001', ['push', 'event']],
  ] as const)(
    'of %s %s sends itself what the platform would send, and the event is in the stream',
    async (platform, appid, steps) => {
      await using relay = await start()
      const tested = await relay.client().selfTest({ platform, appid }, never)
      expect(tested).toMatchObject({
        kind: 'tested',
        reachedBy: 'public',
        steps: steps.map(step => ({ step, state: 'ok', detail: '' })),
      })
      const stream = follow(relay)
      expect(await stream.next()).toBe('self-test')
      await stream.end()
    },
  )

  test('says that the public address leads elsewhere, and tests the rest directly', async () => {
    const elsewhere = createServer((_request, response) => response.end('hello'))
    const port = await new Promise<number>(resolve => {
      elsewhere.listen(0, '127.0.0.1', () => {
        const address = elsewhere.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    await using relay = await start({ publicUrl: `http://127.0.0.1:${port}` })
    const client = relay.client({ url: `http://127.0.0.1:${relay.relay.port}` })
    const tested = await client.selfTest({ platform: 'wechat', appid: secrets.appid }, never)
    expect(tested).toMatchObject({ reachedBy: 'local', reachDetail: 'HTTP 200' })
    expect(tested).toMatchObject({ steps: [{ state: 'ok' }, { state: 'ok' }, { state: 'ok' }] })
    elsewhere.close()
  })

  test('knows only the apps of the settings', async () => {
    await using relay = await start()
    const tested = await relay.client().selfTest({ platform: 'qq', appid: secrets.appid }, never)
    expect(tested).toMatchObject({ kind: 'relay_failure', code: 'app_unknown' })
  })

  test('cannot be sent by anyone else', async () => {
    await using relay = await start()
    const event = { CreateTime: 1, MsgType: 'event', Event: 'prescreen_relay_self_test', trace_id: 'self-test-1' }
    expect((await relay.send(paths.qq, { body: jsonOf(event) })).text).toBe('success')
    expect(await relay.stored()).toEqual([])
  })
})

describe('what the client tells', () => {
  test('is healthy only with a relay at the other end and the right key', async () => {
    await using relay = await start()
    expect(await relay.client().health(never)).toEqual({ kind: 'healthy' })
    expect(await relay.client({ key: 'x' }).health(never)).toMatchObject({ code: 'key_refused' })
    expect(await relay.client({ url: `${relay.relay.url}/m` }).health(never)).toMatchObject({ code: 'not_a_relay' })
    expect(await relay.client({ url: 'http://127.0.0.1:1' }).health(never)).toMatchObject({ code: 'unreachable' })
  })

  test('goes over a relay that sends nonsense without losing its place', async () => {
    const answers = [
      '<html>',
      '{"events":"none"}',
      '{"events":[{"seq":9},{"seq":8}]}',
      '{"events":[{"seq":3,"kind":"of another version"}]}',
      JSON.stringify({
        events: [
          {
            ...{ seq: 4, receivedAt: nowMs, kind: 'push', platform: 'qq', appid: '0000000001', traceId: 't' },
            ...{ authenticity: 'unsigned', message: jsonOf({ ...qq, trace_id: 't' }).toString() },
          },
        ],
      }),
    ]
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end(answers.shift() ?? '{"events":[]}')
    })
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await using relay = await start()
    const stop = new AbortController()
    const client = createRelayClient({
      url: `http://127.0.0.1:${port}/`,
      key: 'k',
      dispatcher: relay.dispatcher,
      clock: impatientClock,
    })
    const kinds: string[] = []
    for await (const { event } of client.events(2, stop.signal)) {
      kinds.push(event.kind)
      if (kinds.length === 2) break
    }
    expect(kinds).toEqual(['unreadable', 'push'])
    expect(asked.map(url => new URLSearchParams(url.split('?')[1]).get('after'))).toEqual(['2', '2', '2', '2', '3'])
    server.close()
    server.closeAllConnections()
  })
})

test('events are kept for as long as the settings say', async () => {
  await using relay = await start({ keepEventDays: 2 })
  await push(relay, 'old')
  await relay.clock.advance(dayMs)
  await push(relay, 'young')
  await relay.clock.advance(dayMs + 60_001)
  await expect.poll(async () => (await relay.stored()).map(({ traceId }) => traceId)).toEqual(['young'])
})
