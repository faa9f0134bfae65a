import { connect } from 'node:net'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { jsonOf, nowMs, plainQuery, qq, sealed, secrets, v1, v2, xmlOf } from '../../unit/checkers/push/pushes.ts'
import { keys, paths, plainAppid, startTestRelay, type TestRelay } from './harness.ts'

const plainV1 = { ...v1, appid: plainAppid }
const plainV2 = { ...v2, appid: plainAppid }

/** The next `count` events as a workstation sees them. */
async function arrivals(relay: TestRelay, count: number, after = 0) {
  const stop = new AbortController()
  const events = []
  for await (const item of relay.client().events(after, stop.signal)) {
    events.push(item)
    if (events.length === count) break
  }
  stop.abort()
  return events
}

describe('a push', () => {
  test.each([
    ['WeChat v2, secure, JSON', () => ({ path: paths.secure, ...sealed(jsonOf(v2)) }), 'pass', 'encrypted'],
    [
      'WeChat v2, secure, XML',
      () => ({ path: paths.secure, ...sealed(xmlOf(v2), { as: 'xml' }) }),
      'pass',
      'encrypted',
    ],
    ['WeChat v1, secure, XML in JSON', () => ({ path: paths.secure, ...sealed(xmlOf(v1)) }), 'pass', 'encrypted'],
    [
      'WeChat v1, plain, XML',
      () => ({ path: paths.plain, query: plainQuery(), body: xmlOf(plainV1) }),
      'pass',
      'signed',
    ],
    [
      'WeChat v2, plain, JSON',
      () => ({ path: paths.plain, query: plainQuery(), body: jsonOf(plainV2) }),
      'pass',
      'signed',
    ],
    ['QQ', () => ({ path: paths.qq, body: jsonOf({ ...qq, isrisky: 1 }) }), 'risky', 'unsigned'],
    [
      'WeChat v2, compatible',
      () => {
        const { query, body } = sealed(jsonOf(v2))
        return { path: paths.secure, query, body: jsonOf({ ...v2, ...JSON.parse(body.toString()) }) }
      },
      'pass',
      'encrypted',
    ],
    [
      'an error push',
      () => ({ path: paths.secure, ...sealed(jsonOf({ ...v2, errcode: -1008, detail: [], result: undefined })) }),
      'push_download_failed',
      'encrypted',
    ],
  ])('reaches the workstation: %s', async (_name, make, outcome, authenticity) => {
    await using relay = await startTestRelay()
    const { path, ...sent } = make()
    const answer = await relay.send(path, { ...sent, method: 'POST' })
    expect(answer).toMatchObject({
      status: 200,
      text: 'success',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
    const [arrival] = await arrivals(relay, 1)
    const event = arrival?.event
    if (event?.kind !== 'push') throw new Error(`arrived as ${event?.kind}`)
    const { conclusion } = event.push
    expect(conclusion.kind === 'verdict' ? conclusion.verdict : conclusion.code).toBe(outcome)
    expect(event).toMatchObject({ authenticity, receivedAt: nowMs })
  })

  test('is taken whatever content type it declares', async () => {
    await using relay = await startTestRelay()
    for (const type of ['text/xml', 'application/json; charset=gbk', ';;;', 'application/x-www-form-urlencoded']) {
      const body = jsonOf({ ...qq, trace_id: type.length.toString() })
      expect((await relay.send(paths.qq, { body, headers: { 'content-type': type } })).text).toBe('success')
    }
    expect(await relay.stored()).toHaveLength(4)
  })

  test('counts once, however often and in whatever form it comes, and is answered success each time', async () => {
    await using relay = await startTestRelay()
    const first = sealed(jsonOf(v2))
    const again = sealed(xmlOf({ ...v2, result: { suggest: 'risky' } }), { as: 'xml', nonce: '7' })
    for (const sent of [first, first, again]) {
      expect((await relay.send(paths.secure, { ...sent, method: 'POST' })).text).toBe('success')
    }
    const stored = await relay.stored()
    expect(stored).toHaveLength(1)
    expect(stored[0]?.message).toBe(jsonOf(v2).toString())
  })

  test('is another one with another trace id or app, although sender and time are the same', async () => {
    await using relay = await startTestRelay()
    await relay.send(paths.secure, { ...sealed(jsonOf(v2)), method: 'POST' })
    await relay.send(paths.secure, {
      ...sealed(jsonOf({ ...v2, trace_id: v2.trace_id.toUpperCase() })),
      method: 'POST',
    })
    await relay.send(paths.plain, { query: plainQuery(), body: jsonOf(plainV2) })
    expect(await relay.stored()).toHaveLength(3)
  })

  test('about something else is answered success and not kept', async () => {
    await using relay = await startTestRelay()
    const chat = { ...v2, MsgType: 'text', Event: undefined, Content: 'a private question' }
    expect((await relay.send(paths.secure, { ...sealed(jsonOf(chat)), method: 'POST' })).text).toBe('success')
    expect(await relay.stored()).toEqual([])
    expect(JSON.stringify(relay.log)).not.toContain('private')
  })
})

describe('the check of the address', () => {
  test('is answered with the echo, verbatim and as bare text', async () => {
    await using relay = await startTestRelay()
    const query = plainQuery()
    query.set('echostr', '4375120948345356249 <&"')
    const answer = await relay.send(paths.secure, { query })
    expect(answer).toMatchObject({ status: 200, text: '4375120948345356249 <&"' })
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
  })

  test('is refused with a wrong signature, an old one, and on the address of QQ', async () => {
    await using relay = await startTestRelay()
    const echo = (query: URLSearchParams) => {
      query.set('echostr', '1')
      return query
    }
    const wrong = await relay.send(paths.secure, { query: echo(plainQuery({ token: 'another' })) })
    const old = await relay.send(paths.secure, { query: echo(plainQuery({ timestamp: '1714000000' })) })
    const unsigned = await relay.send(paths.qq, { query: echo(plainQuery()) })
    expect([wrong, old, unsigned].map(({ status }) => status)).toEqual([403, 403, 403])
  })
})

describe('a push that is not to be believed or cannot be read', () => {
  const message = jsonOf(v2)
  const truncated = (() => {
    const { query, body } = sealed(message)
    return { query, body: body.subarray(0, body.length - 40) }
  })()
  const foreign = jsonOf({ ...v2, appid: plainAppid })
  const nested = (levels: number) => `<xml>${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}</xml>`

  test.each([
    ['forged', paths.secure, sealed(message, { token: 'guessed' }), 403],
    ['forged in plain mode', paths.plain, { query: plainQuery({ token: 'guessed' }), body: jsonOf(plainV2) }, 403],
    ['unsigned', paths.plain, { body: jsonOf(plainV2) }, 403],
    ['unencrypted', paths.secure, { query: plainQuery(), body: message }, 403],
    ['old', paths.secure, sealed(message, { timestamp: String(nowMs / 1000 - 301) }), 403],
    ['from the future', paths.secure, sealed(message, { timestamp: String(nowMs / 1000 + 301) }), 403],
    ['for another app, outside', paths.secure, sealed(message, { appid: plainAppid }), 403],
    ['for another app, inside', paths.secure, sealed(foreign), 403],
    ['for another app, on QQ', paths.qq, { body: jsonOf({ ...qq, appid: '0000000002' }) }, 403],
    ['truncated', paths.secure, truncated, 400],
    ['truncated inside', paths.secure, sealed(message.subarray(0, 100)), 400],
    ['not UTF-8', paths.secure, sealed(Buffer.concat([message, Buffer.from([0xff])])), 400],
    ['not UTF-8 on QQ', paths.qq, { body: Buffer.from([0x7b, 0xff, 0x7d]) }, 400],
    ['empty', paths.qq, { body: '' }, 400],
    ['without a trace id', paths.qq, { body: jsonOf({ ...qq, trace_id: undefined }) }, 400],
    ['XML with entities', paths.qq, { body: `<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>` }, 400],
    ['nested XML', paths.qq, { body: nested(1000) }, 400],
    ['10 MB of nesting', paths.qq, { body: nested(1_500_000) }, 413],
    ['10 MB of nesting in the envelope', paths.secure, { query: plainQuery(), body: nested(1_500_000) }, 413],
    ['oversized', paths.qq, { body: jsonOf({ ...qq, extra_info_json: 'x'.repeat(300_000) }) }, 413],
    ['on a path that is not there', '/push/qq/path_of_the_practice_app_of_xx', { body: jsonOf(qq) }, 404],
    ['of QQ on a path of WeChat', paths.secure.replace('wechat', 'qq'), { body: jsonOf(qq) }, 404],
  ])('is refused, changes nothing, and is logged without content: %s', async (_what, path, sent, status) => {
    await using relay = await startTestRelay()
    // A server that refuses before it has read everything may close the connection under the sender.
    const answer = await relay.send(path, { ...sent, method: 'POST' }).catch(() => ({ status: 413, text: '' }))
    expect(answer.status).toBe(status)
    expect(answer.text).not.toContain('success')
    expect(await relay.stored()).toEqual([])
    const refusals = relay.log.filter(entry => entry.level === 'warning')
    expect(refusals).toMatchObject([{ status }])
    const logged = JSON.stringify(relay.log)
    for (const content of [v2.trace_id, 'oPractice', 'guessed', secrets.token, 'practice_app', 'CDATA']) {
      expect(logged).not.toContain(content)
    }
  })

  test('whose sender hangs up in the middle changes nothing', async () => {
    await using relay = await startTestRelay()
    const socket = connect(relay.relay.port, '127.0.0.1')
    socket.write(`POST ${paths.qq} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n${jsonOf(qq)}`)
    await new Promise(resolve => socket.once('connect', resolve))
    socket.destroy()
    expect((await relay.send('/healthz')).status).toBe(200)
    expect(await relay.stored()).toEqual([])
  })

  test('with a signature that was seen before, over another body, is refused in plain mode', async () => {
    await using relay = await startTestRelay()
    const query = plainQuery()
    const genuine = jsonOf({ ...plainV1, isrisky: 1 })
    const forged = jsonOf({ ...plainV1, trace_id: 'another' })
    expect((await relay.send(paths.plain, { query, body: genuine })).status).toBe(200)
    expect((await relay.send(paths.plain, { query, body: forged })).status).toBe(403)
    // The platform's own second try.
    expect((await relay.send(paths.plain, { query, body: genuine })).text).toBe('success')
    await relay.restart()
    expect((await relay.send(paths.plain, { query, body: forged })).status).toBe(403)
    expect(await relay.stored()).toHaveLength(1)
  })

  test('with the signature of a message that was ignored, or of a check of the address, is refused in plain mode', async () => {
    await using relay = await startTestRelay()
    const forged = jsonOf({ ...plainV1, trace_id: 'forged' })
    const ignored = plainQuery({ nonce: '1' })
    const message = { query: ignored, body: jsonOf({ MsgType: 'text', Content: 'hello' }) }
    expect((await relay.send(paths.plain, message)).text).toBe('success')
    const unreadable = plainQuery({ nonce: '2' })
    expect((await relay.send(paths.plain, { query: unreadable, body: 'x' })).status).toBe(400)
    const checked = plainQuery({ nonce: '3' })
    checked.set('echostr', '123')
    for (let tries = 0; tries < 2; tries += 1)
      expect((await relay.send(paths.plain, { query: checked })).text).toBe('123')
    for (const query of [ignored, unreadable, checked]) {
      expect(await relay.send(paths.plain, { query, body: forged })).toMatchObject({
        status: 403,
        text: 'signature_reused',
      })
    }
    // The other way round, too.
    const used = plainQuery({ nonce: '4' })
    expect((await relay.send(paths.plain, { query: used, body: jsonOf(plainV1) })).text).toBe('success')
    used.set('echostr', '123')
    expect((await relay.send(paths.plain, { query: used })).status).toBe(403)
    expect((await relay.stored()).map(({ traceId }) => traceId)).toEqual([plainV1.trace_id])
  })

  test('cannot use up the right of the platform to be heard', async () => {
    await using relay = await startTestRelay({ limits: { refusalsPerMinute: 3 } })
    const statuses = []
    for (let index = 0; index < 5; index += 1)
      statuses.push((await relay.send(`/push/qq/guess${index}`, { body: '{}' })).status)
    expect(statuses).toEqual([404, 404, 404, 429, 429])
    expect((await relay.send(paths.qq, { body: jsonOf(qq) })).text).toBe('success')
    await relay.clock.advance(60_000)
    expect((await relay.send('/push/qq/guess', { body: '{}' })).status).toBe(404)
  })
})

test('more pushes a minute than an app may have are sent back for later', async () => {
  await using relay = await startTestRelay({ limits: { pushesPerMinute: 2 } })
  const send = (traceId: string) => relay.send(paths.qq, { body: jsonOf({ ...qq, trace_id: traceId }) })
  expect([await send('a'), await send('b'), await send('c')].map(({ status }) => status)).toEqual([200, 200, 429])
  await relay.clock.advance(60_000)
  expect((await send('c')).text).toBe('success')
  expect((await relay.stored()).map(({ traceId }) => traceId)).toEqual(['a', 'b', 'c'])
})

test('more events a day than an app may have are refused and logged; the next day has room again', async () => {
  await using relay = await startTestRelay({ limits: { eventsPerDay: 2 } })
  const send = (traceId: string) => relay.send(paths.qq, { body: jsonOf({ ...qq, trace_id: traceId }) })
  const statuses = async (...traceIds: string[]) => {
    const found = []
    for (const traceId of traceIds) found.push((await send(traceId)).status)
    return found
  }
  expect(await statuses('a', 'b', 'c')).toEqual([200, 200, 429])
  expect(relay.log.at(-1)).toMatchObject({ level: 'error', code: 'day_full' })
  await relay.restart()
  // What is there already is still there, and another app has its own count.
  expect(await statuses('c', 'a')).toEqual([429, 200])
  expect((await relay.send(paths.plain, { query: plainQuery(), body: jsonOf(plainV1) })).text).toBe('success')
  await relay.clock.advance(86_400_000)
  expect(await statuses('c')).toEqual([200])
})

test('a push that cannot be stored is not answered success, and counts when the platform tries again', async () => {
  await using relay = await startTestRelay()
  const database = new SQLite(join(relay.dataDir, 'relay.sqlite'))
  database.exec("CREATE TRIGGER broken BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'no'); END")
  const sent = { ...sealed(jsonOf(v2)), method: 'POST' } as const
  const refused = await relay.send(paths.secure, sent)
  expect(refused.status).toBe(500)
  expect(refused.text).not.toContain('success')
  database.exec('DROP TRIGGER broken')
  database.close()
  expect((await relay.send(paths.secure, sent)).text).toBe('success')
  expect(await relay.stored()).toHaveLength(1)
})

test.each([
  ['believed from a trusted proxy', ['127.0.0.1'], [404, 404, 429, 404]],
  ['not believed from anyone else', [], [404, 404, 429, 429]],
])('the address that a request was forwarded for is %s', async (_how, trustedProxies, expected) => {
  await using relay = await startTestRelay({ trustedProxies, limits: { refusalsPerMinute: 2 } })
  const statuses = []
  for (const address of ['203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.2']) {
    statuses.push((await relay.send('/guess', { headers: { 'x-forwarded-for': address } })).status)
  }
  expect(statuses).toEqual(expected)
})

describe('a company server that receives the pushes itself', () => {
  test('forwards them, and the workstation reads them like any other', async () => {
    await using relay = await startTestRelay()
    const forward = (body: unknown) =>
      relay.send('/forward', { key: keys.server.key, body: JSON.stringify(body) }).then(({ text }) => JSON.parse(text))
    const appid = 'wx_not_in_the_settings'
    const message = { ...v2, appid }
    expect(await forward({ platform: 'wechat', appid, message })).toEqual({ state: 'stored' })
    expect(await forward({ platform: 'wechat', appid, message: xmlOf(message).toString() })).toEqual({
      state: 'duplicate',
    })
    expect(await forward({ platform: 'wechat', appid, message: { MsgType: 'text' } })).toEqual({ state: 'ignored' })
    const [arrival] = await arrivals(relay, 1)
    expect(arrival?.event).toMatchObject({
      authenticity: 'forwarded',
      push: { appid, conclusion: { verdict: 'pass' } },
    })
  })

  test.each([
    ['no JSON', 'message', 400],
    ['another form', JSON.stringify({ platform: 'wechat', appid: 'wx_practice0000001' }), 400],
    ['another platform', JSON.stringify({ platform: 'x', appid: 'wx_practice0000001', message: v2 }), 400],
    ['another app inside', JSON.stringify({ platform: 'wechat', appid: plainAppid, message: v2 }), 403],
    ['a damaged push', JSON.stringify({ platform: 'wechat', appid: secrets.appid, message: '{"a":' }), 400],
  ])('is told when what it sends is wrong: %s', async (_what, body, status) => {
    await using relay = await startTestRelay()
    expect((await relay.send('/forward', { key: keys.server.key, body })).status).toBe(status)
    expect(await relay.stored()).toEqual([])
  })

  test('may do nothing else, and a workstation may not forward', async () => {
    await using relay = await startTestRelay()
    const body = JSON.stringify({ platform: 'wechat', appid: secrets.appid, message: v2 })
    expect((await relay.send('/forward', { key: keys.design.key, body })).status).toBe(401)
    expect((await relay.send('/events', { key: keys.server.key })).status).toBe(401)
    expect((await relay.send('/media', { key: keys.server.key, method: 'PUT', body })).status).toBe(401)
    expect((await relay.send('/selftest', { key: keys.server.key, body })).status).toBe(401)
  })
})
