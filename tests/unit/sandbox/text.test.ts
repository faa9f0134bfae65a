import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { qqPracticeApp } from '../../../electron/engine/checkers/qq/practice/apps.ts'
import { officialTestStrings, practiceWords } from '../../../electron/engine/checkers/tencent/practice/words.ts'
import { wechatPracticeApp, wechatSecondPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import type { Submission } from '../../../electron/engine/sandbox/practice.ts'
import { type Bench, exchange, noonInChina, ridShape, sendRaw, startBench } from './harness.ts'

const wechat = '/wxa/msg_sec_check'
const qq = '/api/json/security/MsgSecCheck'
const [{ openid }, , { openid: goneOpenid }] = wechatPracticeApp.users
const v2 = { version: 2, scene: 2, openid, content: 'hello' }

let bench: Bench
beforeAll(async () => {
  bench = await startBench({
    apps: [
      {
        ...wechatPracticeApp,
        users: [...wechatPracticeApp.users, { openid: 'visited', lastVisit: noonInChina - 7_200_000 }],
      },
      wechatSecondPracticeApp,
      qqPracticeApp,
    ],
  })
})
afterAll(() => bench.sandbox.close())

describe('msg_sec_check v1', () => {
  test("the documented sample, sent as curl does with a form's content type, is answered ok to the byte", async () => {
    const reply = await bench.post(wechat, '{ "content":"hello world!" }', {
      'Content-Type': 'application/x-www-form-urlencoded',
    })
    expect(reply.text).toBe('{"errcode":0,"errmsg":"ok"}')
    expect(reply.headers['content-type']).toBe('application/json; encoding=utf-8')
  })

  test.each(officialTestStrings)('the official test string %s is risky', async content => {
    const { text } = await bench.post(wechat, { content: `before ${content} after` })
    expect(text).toMatch(/^\{"errcode":87014,"errmsg":"risky content rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"\}$/)
  })

  test.each(practiceWords)('gives 87014 for $zh/$en when it is $suggest = risky', async ({ zh, en, suggest }) => {
    for (const content of [`今天的${zh}真好`, `Today's ${en.toUpperCase()}!`]) {
      expect((await bench.post(wechat, { content })).json.errcode).toBe(suggest === 'risky' ? 87014 : 0)
    }
  })

  test('escapes are judged as the escape text, so nothing is found in them', async () => {
    const escaped = '{"content":"\\u7ea2\\u706f\\u679c"}'
    expect(JSON.parse(escaped).content).toBe(practiceWords[0]?.zh)
    expect((await bench.post(wechat, escaped)).json.errcode).toBe(0)
    // A literal backslash before a u, and other escapes, are no such thing.
    expect((await bench.post(wechat, '{"content":"\\n\\\\u7ea2 \\"红灯果\\""}')).json.errcode).toBe(87014)
  })

  test('text over 500 KB is answered ok without a look, as was seen', async () => {
    const filler = 'a'.repeat(500_000 - Buffer.byteLength('红灯果'))
    expect((await bench.post(wechat, { content: `${filler}红灯果` })).json.errcode).toBe(87014)
    expect((await bench.post(wechat, { content: `${filler}a红灯果` })).text).toBe('{"errcode":0,"errmsg":"ok"}')
  })

  test.each([
    ['', 44002],
    ['{"content":""}', 44002],
    ['{}', 47001],
    ['{"content":7}', 47001],
    ['["content"]', 47001],
    ['content=hello', 47001],
    ['{"content":"a\nb"}', 47001],
    ['\ufeff{"content":"a"}', 47001],
  ])('refuses the body %j with %i', async (body, errcode) => {
    expect((await bench.post(wechat, body)).json).toEqual({ errcode, errmsg: expect.stringMatching(ridShape) })
  })

  test('refuses another encoding than UTF-8, declared or not', async () => {
    const gbk = Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xba, 0xec]), Buffer.from('"}')])
    const url = `${bench.sandbox.url}${wechat}?access_token=${bench.wechatToken}`
    expect((await exchange(url, { body: gbk })).json.errcode).toBe(47001)
    const declared = await bench.post(wechat, { content: 'a' }, { 'Content-Type': 'application/json; charset=gbk' })
    expect(declared.json.errcode).toBe(47001)
    const utf8 = await bench.post(wechat, { content: 'a' }, { 'Content-Type': 'application/json; charset=UTF-8' })
    expect(utf8.json.errcode).toBe(0)
  })
})

describe('msg_sec_check v2', () => {
  test('passes clean text in the documented shape', async () => {
    const { json } = await bench.post(wechat, v2)
    expect(json).toEqual({
      errcode: 0,
      errmsg: 'ok',
      result: { suggest: 'pass', label: 100 },
      detail: [
        { strategy: 'content_model', errcode: 0, suggest: 'pass', label: 100, prob: 90 },
        { strategy: 'keyword', errcode: 0 },
      ],
      trace_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
    })
  })

  test.each(practiceWords)('gives $suggest $label for $zh and $en with errcode 0', async word => {
    for (const content of [`买一送一${word.zh}`, `buy ${word.en} now`]) {
      const { json } = await bench.post(wechat, { ...v2, content })
      expect(json.errcode).toBe(0)
      expect(json.result).toEqual({ suggest: word.suggest, label: word.label })
      expect(json.detail[0]).toMatchObject({ suggest: word.suggest, label: word.modelLabel })
    }
  })

  test("one word's own label differs from its detail's, as in the official sample", () => {
    expect(practiceWords.filter(({ label, modelLabel }) => label !== modelLabel)).toEqual([
      expect.objectContaining({ label: 20001, modelLabel: 20006 }),
    ])
  })

  test('risky outweighs review, whichever comes first', async () => {
    const { json } = await bench.post(wechat, { ...v2, content: 'hoopadeal 哼哈豆 金泡券' })
    expect(json.result).toEqual({ suggest: 'risky', label: 20008 })
  })

  test('looks into title and nickname, and into the signature in a profile only', async () => {
    const suggest = async (more: object) => (await bench.post(wechat, { ...v2, ...more })).json.result.suggest
    expect(await suggest({ title: '红灯果' })).toBe('risky')
    expect(await suggest({ nickname: '红灯果' })).toBe('risky')
    expect(await suggest({ signature: '红灯果', scene: 2 })).toBe('pass')
    expect(await suggest({ signature: '红灯果', scene: 1 })).toBe('risky')
  })

  test.each(officialTestStrings)('the official test string %s passes', async content => {
    expect((await bench.post(wechat, { ...v2, content })).json.result.suggest).toBe('pass')
  })

  test('counts 2500 UTF-16 units', async () => {
    const errcode = async (content: string) => (await bench.post(wechat, { ...v2, content })).json.errcode
    expect(await errcode('字'.repeat(2500))).toBe(0)
    expect(await errcode('字'.repeat(2501))).toBe(45002)
    expect(await errcode('😀'.repeat(1250))).toBe(0)
    expect(await errcode(`${'😀'.repeat(1250)}a`)).toBe(45002)
  })

  test.each([
    [{ scene: 0 }, 40129],
    [{ scene: 5 }, 40129],
    [{ scene: '2' }, 40129],
    [{ scene: undefined }, 40129],
    [{ openid: undefined }, 40003],
    [{ openid: 'nobody' }, 40003],
    [{ openid: wechatSecondPracticeApp.users[0].openid }, 43104],
    [{ openid: goneOpenid }, 61010],
    [{ content: '' }, 44002],
    [{ content: undefined }, 47001],
    [{ title: 7 }, 47001],
  ])('refuses %j with %i', async (more, errcode) => {
    expect((await bench.post(wechat, { ...v2, ...more })).json).toEqual({
      errcode,
      errmsg: expect.stringMatching(ridShape),
    })
  })

  test('an openid is good for two hours after the visit', async () => {
    expect((await bench.post(wechat, { ...v2, openid: 'visited' })).json.errcode).toBe(0)
    bench.clock.advance(1)
    expect((await bench.post(wechat, { ...v2, openid: 'visited' })).json.errcode).toBe(61010)
  })

  test.each(['2', 1, true])('version %j runs as v1: no result', async version => {
    expect((await bench.post(wechat, { ...v2, version, scene: 9 })).text).toBe('{"errcode":0,"errmsg":"ok"}')
    expect((await bench.post(wechat, { ...v2, version, content: '红灯果' })).json.errcode).toBe(87014)
  })
})

describe('MsgSecCheck of QQ', () => {
  const { appid } = qqPracticeApp

  test('the documented sample is refused for its missing appid and answered with it, in camel case', async () => {
    const json = { 'Content-Type': 'application/json' }
    expect((await bench.post(qq, '{ "content":"hello world!" }', json)).json.errCode).toBe(40097)
    const answered = await bench.post(qq, { content: 'hello world!', appid }, json)
    expect(answered.text).toBe('{"errCode":0,"errMsg":"ok"}')
    expect((await bench.post(`${qq}?appid=${appid}`, { content: 'hello' }, json)).json.errCode).toBe(0)
  })

  test('an appid other than the token’s is refused wherever it stands', async () => {
    expect((await bench.post(qq, { content: 'a', appid: 1 })).json.errCode).toBe(40013)
    expect((await bench.post(`${qq}?appid=1`, { content: 'a', appid })).json.errCode).toBe(40013)
  })

  test.each([...officialTestStrings, '红灯果', 'ZIBBLEFROND'])('%s is risky', async content => {
    expect((await bench.post(qq, { appid, content })).text).toBe('{"errCode":87014,"errMsg":"risky content"}')
  })

  test('what WeChat would review goes through; there is no v2', async () => {
    expect((await bench.post(qq, { ...v2, appid, content: '哼哈豆' })).text).toBe('{"errCode":0,"errMsg":"ok"}')
  })
})

describe('the HTTP around it', () => {
  test('an unknown path gets 40066 from WeChat and a negative number from QQ', async () => {
    expect((await bench.post('/wxa/msg_sec_check/', {})).json).toEqual({
      errcode: 40066,
      errmsg: expect.stringMatching(/^invalid url rid: /),
    })
    expect((await bench.post('/api/json/security/msgSecCheck', {})).json.errCode).toBeLessThan(0)
  })

  test.each([wechat, '/wxa/img_sec_check', '/wxa/media_check_async', '/cgi-bin/openapi/quota/get'])(
    'GET %s is refused with 43002',
    async path => {
      expect((await exchange(`${bench.sandbox.url}${path}`)).json.errcode).toBe(43002)
    },
  )

  test.each([
    ['a chunked body', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'],
    ['no body at all', '', ''],
  ])('%s without Content-Length gets HTTP 412', async (_, header, body) => {
    const head = `POST ${wechat}?access_token=${bench.wechatToken} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}\r\n`
    expect(await sendRaw(bench.sandbox.port, head + body)).toMatch(/^HTTP\/1\.1 412 Precondition Failed\r\n/)
  })

  test('every rid and trace id is another one', async () => {
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => bench.post(i % 2 ? wechat : '/no', v2)))
    const ids = replies.map(({ json }) => json.trace_id ?? json.errmsg.slice(-26))
    expect(new Set(ids).size).toBe(200)
  })

  test('listens on 127.0.0.1 and says so', () => {
    expect(bench.sandbox.url).toBe(`http://127.0.0.1:${bench.sandbox.port}`)
  })
})

describe('asynchronous checks', () => {
  const seen: Submission[] = []
  let stop: () => void
  beforeAll(() => {
    stop = bench.sandbox.onSubmission(submission => seen.push(submission))
  })
  afterAll(() => stop())
  const media = { media_url: 'https://example.com/a.mp3', media_type: 1 }

  test('v2 answers 8-8-8, v1 and QQ 32 hex, and each submission is handed on', async () => {
    const second = await bench.post('/wxa/media_check_async', { ...media, version: 2, scene: 1, openid })
    const first = await bench.post('/wxa/media_check_async', { ...media, media_type: 2 })
    const third = await bench.post('/api/json/security/MediaCheckAsync', {
      ...media,
      media_type: '2',
      appid: qqPracticeApp.appid,
    })
    expect(second.json).toEqual({ errcode: 0, errmsg: 'ok', trace_id: expect.stringMatching(/^\w{8}-\w{8}-\w{8}$/) })
    expect(first.json.trace_id).toMatch(/^[0-9a-f]{32}$/)
    expect(third.json).toEqual({ errCode: 0, errMsg: 'ok', trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
    const common = { mediaUrl: media.media_url, submittedAtMs: bench.clock.now() }
    const wechatApp = { ...common, platform: 'wechat', appid: wechatPracticeApp.appid }
    expect(seen).toEqual([
      { ...wechatApp, traceId: second.json.trace_id, version: 2, mediaType: 'audio', openid, scene: 1 },
      { ...wechatApp, traceId: first.json.trace_id, version: 1, mediaType: 'image', openid: null, scene: null },
      {
        ...common,
        platform: 'qq',
        appid: qqPracticeApp.appid,
        traceId: third.json.trace_id,
        version: 1,
        mediaType: 'image',
        openid: null,
        scene: null,
      },
    ])
  })

  test.each([
    [{ ...media, media_type: 3 }, 40004],
    [{ ...media, media_type: '1' }, 40004],
    [{ media_type: 1 }, 47001],
    [{ ...media, media_url: '' }, 44002],
    [{ ...media, version: 2, scene: 1 }, 40003],
    [{ ...media, version: 2, openid }, 40129],
  ])('WeChat refuses %j with %i and hands nothing on', async (body, errcode) => {
    const before = seen.length
    expect((await bench.post('/wxa/media_check_async', body)).json.errcode).toBe(errcode)
    expect(seen).toHaveLength(before)
  })
})
