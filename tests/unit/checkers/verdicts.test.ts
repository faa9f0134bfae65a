import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckRequest } from '../../../electron/engine/checkers/platform.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import { meaningOf } from '../../../electron/engine/checkers/tencent/verdict-table.ts'
import type { Conclusion } from '../../../shared/conclusion.ts'
import type { FailureClass, FailureCode } from '../../../shared/failures.ts'
import { type Loopback, startLoopback, text } from './loopback.ts'
import { openid, type RequestName, requestNames, requests, token } from './requests.ts'

const never = new AbortController().signal
let loopback: Loopback
beforeAll(async () => {
  loopback = await startLoopback()
})
afterAll(async () => {
  await loopback[Symbol.asyncDispose]()
})

async function conclude(request: CheckRequest, reply: string | Buffer, status = 200): Promise<Conclusion> {
  loopback.answer = text(reply, status)
  return registry
    .platformOf(request.endpoint.startsWith('qq.') ? 'qq' : 'wechat')
    .check(loopback.transport, request, never)
}

/** Spec §6.2 read independently of the code: what a check that meets this code must end with. */
const spec: readonly (readonly [number, FailureClass, FailureCode])[] = [
  [-1, 'RETRY', 'platform_busy'],
  [40001, 'TOKEN', 'token_rejected'],
  [40002, 'BUG', 'request_malformed'],
  [40003, 'INPUT', 'openid_invalid'],
  [40004, 'INPUT', 'media_format_refused'],
  [40005, 'INPUT', 'media_format_refused'],
  [40006, 'INPUT', 'media_size_refused'],
  [40007, 'INPUT', 'unknown_code'],
  [40009, 'INPUT', 'media_size_refused'],
  [40013, 'CONFIG', 'appid_rejected'],
  [40014, 'TOKEN', 'token_rejected'],
  [40033, 'BUG', 'request_malformed'],
  [40066, 'BUG', 'request_malformed'],
  [40097, 'BUG', 'request_malformed'],
  [40125, 'CONFIG', 'secret_rejected'],
  [40129, 'BUG', 'request_malformed'],
  [40137, 'INPUT', 'media_format_refused'],
  [40164, 'CONFIG', 'ip_not_allowed'],
  [40243, 'CONFIG', 'secret_frozen'],
  [41001, 'BUG', 'request_malformed'],
  [41002, 'CONFIG', 'appid_rejected'],
  [41004, 'CONFIG', 'secret_missing'],
  [41005, 'BUG', 'request_malformed'],
  [42001, 'TOKEN', 'token_rejected'],
  [42007, 'INPUT', 'unknown_code'],
  [43002, 'BUG', 'request_malformed'],
  [43003, 'BUG', 'request_malformed'],
  [43104, 'INPUT', 'openid_foreign'],
  [44001, 'INPUT', 'empty'],
  [44002, 'BUG', 'request_malformed'],
  [44991, 'MINUTE', 'rate_minute'],
  [45001, 'INPUT', 'media_size_refused'],
  [45002, 'INPUT', 'content_too_long'],
  [45009, 'DAY', 'quota_day'],
  [45011, 'MINUTE', 'rate_minute'],
  [45035, 'CONFIG', 'ip_not_allowed'],
  [47001, 'BUG', 'request_malformed'],
  [47002, 'BUG', 'request_malformed'],
  [48001, 'CONFIG', 'api_not_authorised'],
  [48004, 'CONFIG', 'account_restricted'],
  [48006, 'DAY', 'quota_day'],
  [48017, 'CONFIG', 'unreachable'],
  [50001, 'CONFIG', 'api_not_authorised'],
  [50002, 'CONFIG', 'account_restricted'],
  [50004, 'CONFIG', 'account_restricted'],
  [50007, 'CONFIG', 'account_restricted'],
  [61004, 'CONFIG', 'ip_not_allowed'],
  [61007, 'CONFIG', 'api_not_authorised'],
  [61010, 'INPUT', 'openid_inactive'],
  [61024, 'CONFIG', 'api_not_authorised'],
  [76001, 'BUG', 'request_malformed'],
  [76002, 'BUG', 'request_malformed'],
  [76003, 'BUG', 'request_malformed'],
  [76004, 'BUG', 'request_malformed'],
  [76021, 'BUG', 'request_malformed'],
  [76022, 'BUG', 'request_malformed'],
  [87009, 'INPUT', 'unknown_code'],
  [87015, 'INPUT', 'content_too_complex'],
  [87020, 'RETRY', 'duplicate_submission'],
  [89501, 'CONFIG', 'admin_confirmation'],
  [89503, 'CONFIG', 'admin_confirmation'],
  [89506, 'WAIT_H', 'admin_refused'],
  [89507, 'WAIT_H', 'admin_refused'],
  [9410009, 'INPUT', 'unknown_code'],
  [-604100, 'CONFIG', 'cloud_permission'],
  [-604101, 'CONFIG', 'cloud_permission'],
  [-604102, 'RETRY', 'timeout'],
  [-604103, 'RETRY', 'platform_busy'],
  [-604104, 'CONFIG', 'cloud_function'],
  [-501000, 'CONFIG', 'cloud_function'],
  [-501001, 'RETRY', 'platform_busy'],
  [-501002, 'RETRY', 'timeout'],
  [-501003, 'MINUTE', 'rate_minute'],
  [-501004, 'MINUTE', 'rate_minute'],
  [-501005, 'CONFIG', 'cloud_function'],
  [-504002, 'CONFIG', 'cloud_function'],
]
const knownCodes = new Set([0, 87014, ...spec.map(([code]) => code)])
const casings = [
  ['errcode', 'errmsg'],
  ['errCode', 'errMsg'],
] as const

describe.each(requestNames)('%s', name => {
  test.each(casings)('turns every code of the reference into its failure when it is spelled %s', async (code, msg) => {
    for (const [value, failureClass, failureCode] of spec) {
      for (const written of [value, String(value)]) {
        const conclusion = await conclude(
          requests[name],
          JSON.stringify({ [code]: written, [msg]: 'said rid: 6a-7b-8c' }),
        )
        expect(conclusion, `${value}`).toMatchObject({
          kind: 'failure',
          class: failureClass,
          code: failureCode,
          detail: `${value} said rid: 6a-7b-8c`,
          evidence: { httpStatus: 200, errcode: value, errmsg: 'said rid: 6a-7b-8c', rid: '6a-7b-8c' },
        })
      }
    }
  })

  test('takes any code that the reference does not have for a failure', async () => {
    const unknown = fc.integer({ min: -(2 ** 31), max: 2 ** 32 }).filter(code => !knownCodes.has(code))
    await fc.assert(
      fc.asyncProperty(unknown, fc.constantFrom(...casings), async (value, [code]) => {
        const conclusion = await conclude(requests[name], JSON.stringify({ [code]: value }))
        expect(conclusion).toMatchObject({ kind: 'failure', class: 'INPUT', code: 'unknown_code', detail: `${value}` })
      }),
      { numRuns: 50 },
    )
  })

  test.each(casings)('takes 87014 spelled %s for risky', async (code, msg) => {
    const conclusion = await conclude(requests[name], JSON.stringify({ [code]: 87014, [msg]: 'risky content' }))
    expect(conclusion).toMatchObject({ kind: 'verdict', verdict: 'risky', evidence: { errcode: 87014 } })
  })

  test.each([
    ['no code', '{"errmsg":"ok","trace_id":"t","result":{"suggest":"pass"}}'],
    ['null for a code', '{"errcode":null,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['an empty code', '{"errcode":"","trace_id":"t","result":{"suggest":"pass"}}'],
    ['true for a code', '{"errcode":true,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['false for a code', '{"errcode":false,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['a list for a code', '{"errcode":[0],"trace_id":"t","result":{"suggest":"pass"}}'],
    ['an object for a code', '{"errcode":{},"trace_id":"t","result":{"suggest":"pass"}}'],
    ['a code that is a zero only by rounding', '{"errcode":1e-400,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['a code that is not written as an integer', '{"errcode":0.0,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['half a code', '{"errcode":0.5,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['a word for a code', '{"errcode":"ok","trace_id":"t","result":{"suggest":"pass"}}'],
    ['two codes that disagree', '{"errcode":0,"errCode":87014,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['two codes of which one is unreadable', '{"errcode":0,"errCode":null,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['one code twice', '{"errcode":87014,"errcode":0,"trace_id":"t","result":{"suggest":"pass"}}'],
    ['a list', '[{"errcode":0,"trace_id":"t","result":{"suggest":"pass"}}]'],
    ['a cut reply', '{"errcode":0,"trace_id":"t","result":{"suggest":"pass"'],
    ['more than a reply', '{"errcode":0,"trace_id":"t","result":{"suggest":"pass"}}}'],
    ['JSON null', 'null'],
    ['a bare zero', '0'],
    ['nothing', ''],
    ['white space', ' \n'],
    ['HTML', '<html><body>errcode: 0</body></html>'],
  ])('never takes %s for an answer', async (_what, reply) => {
    expect(await conclude(requests[name], reply)).toMatchObject({
      kind: 'failure',
      class: 'RETRY',
      code: 'malformed_reply',
    })
  })

  test('never takes bytes that are no UTF-8 for an answer', async () => {
    const reply = Buffer.concat([
      Buffer.from('{"errcode":0,"trace_id":"t","result":{"suggest":"pass"},"errmsg":"'),
      Buffer.from([0xb3, 0xc9]),
      Buffer.from('"}'),
    ])
    expect(await conclude(requests[name], reply)).toMatchObject({ kind: 'failure', code: 'malformed_reply' })
  })

  test.each([
    [201, 'RETRY', 'http_error'],
    [301, 'CONFIG', 'redirect_refused'],
    [302, 'CONFIG', 'redirect_refused'],
    [307, 'CONFIG', 'redirect_refused'],
    [403, 'CONFIG', 'http_error'],
    [404, 'CONFIG', 'http_error'],
    [408, 'RETRY', 'http_error'],
    [412, 'BUG', 'request_malformed'],
    [413, 'INPUT', 'http_error'],
    [429, 'MINUTE', 'rate_minute'],
    [500, 'RETRY', 'http_error'],
    [502, 'RETRY', 'http_error'],
    [503, 'RETRY', 'http_error'],
  ])('gives no verdict with HTTP status %i, whatever the body says', async (status, failureClass, code) => {
    for (const reply of [
      '',
      '<html>',
      '{"errcode":0,"trace_id":"t","result":{"suggest":"pass"}}',
      '{"errcode":87014}',
    ]) {
      expect(await conclude(requests[name], reply, status)).toMatchObject({
        kind: 'failure',
        class: failureClass,
        code,
      })
    }
  })

  test('believes the code rather than the status when an error status comes with a known failure', async () => {
    expect(await conclude(requests[name], '{"errcode":42001,"errmsg":"expired"}', 401)).toMatchObject({
      class: 'TOKEN',
      code: 'token_rejected',
    })
  })
})

const codeOnly = ['wechatTextV1', 'wechatImage', 'qqText', 'qqImage'] as const satisfies RequestName[]
const asynchronous = ['wechatMediaV1', 'wechatMediaV2', 'qqMedia'] as const satisfies RequestName[]

describe.each(codeOnly)('%s', name => {
  test.each([
    '{"errcode":0,"errmsg":"ok"}',
    '{"errCode":0,"errMsg":"ok"}',
    '{"ERRCODE":"0"}',
    '\ufeff{"errcode":0}',
    '{"errcode":0,"errmsg":""}',
    '{"errcode":0,"errmsg":"OK"}',
    '{"errcode":0,"errmsg":"ok rid: 60ae120f-371d5872-7941a05b"}',
    '{"errcode":0,"errmsg":"ok hint: [aB_c1]"}',
    '{"errcode":0,"errmsg":"ok hints: [ req_id: 3FaV.k~V! ] rid: 60ae120f"}',
    '{"errcode":0,"errmsg":"ok","detail":[]}',
    '{"errCode":0,"errMsg":"openapi.security.msgSecCheck:ok"}',
    '{"errcode":0,"errmsg":"ok","data":{"errcode":0,"suggest":"pass"},"isrisky":0}',
  ])('passes with %s', async reply => {
    expect(await conclude(requests[name], reply)).toMatchObject({ kind: 'verdict', verdict: 'pass' })
  })

  test('passes with both spellings when they agree', async () => {
    const reply = '{"errcode":0,"errCode":"0"}'
    expect(await conclude(requests[name], reply)).toMatchObject({ kind: 'verdict', verdict: 'pass' })
  })

  test('does not pass when the reply brings an opinion of its own that is no pass', async () => {
    const reply = '{"errcode":0,"result":{"suggest":"risky","label":20001}}'
    expect(await conclude(requests[name], reply)).toMatchObject({ kind: 'verdict', verdict: 'risky' })
  })

  test.each([
    ['{"errcode":0,"Result":{"Suggest":"risky"}}', 'risky'],
    ['{"errcode":0,"isrisky":1}', 'review'],
    ['{"errcode":0,"isRisky":"1"}', 'review'],
    ['{"errcode":0,"errmsg":"risky content"}', 'review'],
    ['{"errcode":0,"errmsg":"ok, but risky"}', 'review'],
    ['{"errcode":0,"errmsg":"ok","suggest":"risky"}', 'review'],
    ['{"errcode":0,"detail":[{"errcode":0,"suggest":"risky"}]}', 'review'],
    ['{"errcode":0,"data":{"errcode":87014}}', 'review'],
    ['{"errcode":0,"data":[[{"ErrCode":"87014"}]]}', 'review'],
    ['{"errcode":0,"result":{"suggest":"pass"},"data":{"suggest":"review"}}', 'review'],
  ] as const)('does not pass with %s, which speaks of risk', async (reply, verdict) => {
    expect(await conclude(requests[name], reply)).toMatchObject({ kind: 'verdict', verdict })
  })

  test.each([
    '{"errcode":0,"result":"risky"}',
    '{"errcode":0,"result":[]}',
    '{"errcode":0,"result":{"suggest":5}}',
    '{"errcode":0,"result":{"label":100}}',
    '{"errcode":0,"result":{"suggest":"pass","Suggest":"risky"}}',
    '{"errcode":0,"result":{"suggest":"pass"},"Result":{"suggest":"risky"}}',
    '{"errcode":0,"errmsg":"system error"}',
    '{"errcode":0,"errmsg":"okay"}',
    '{"errcode":0,"errmsg":"ok, but not checked"}',
    '{"errcode":0,"errmsg":"ok (skipped)"}',
    '{"errcode":0,"errmsg":"ok rid: 60ae120f-371d5872 not checked"}',
    '{"errcode":0,"errmsg":"ok hint: [content was not checked]"}',
    '{"errcode":0,"errmsg":"ok：未检测"}',
    '{"errcode":0,"errmsg":7}',
    '{"errcode":0,"errmsg":"ok","errMsg":"access_token expired"}',
    '{"errcode":0,"isrisky":2}',
    '{"errcode":0,"status_code":-1008}',
    '{"errcode":0,"data":{"errcode":40001}}',
    '{"errcode":0,"data":{"errcode":1e-400}}',
  ])('has no verdict in %s, which contradicts itself', async reply => {
    expect(await conclude(requests[name], reply)).toMatchObject({ kind: 'failure', code: 'malformed_reply' })
  })
})

describe('wechatTextV2', () => {
  test.each([
    ['pass', 'pass'],
    ['review', 'review'],
    ['risky', 'risky'],
    ['block', 'review'],
    ['PASS', 'review'],
    ['', 'review'],
  ] as const)('is judged by result.suggest: %s is %s', async (suggest, verdict) => {
    const reply = JSON.stringify({ errcode: 0, errmsg: 'ok', result: { suggest, label: 100 }, trace_id: 'T1' })
    expect(await conclude(requests.wechatTextV2, reply)).toMatchObject({
      kind: 'verdict',
      verdict,
      evidence: { label: 100, traceId: 'T1' },
    })
  })

  test.each([
    '{"errcode":0}',
    '{"errcode":0,"result":null}',
    '{"errcode":0,"result":{}}',
    '{"errcode":0,"result":{"suggest":0}}',
    '{"errcode":0,"result":[]}',
    '{"errcode":0,"result":{"suggust":"pass"}}',
    '{"errcode":0,"result":{"suggest":"pass","Suggest":"risky"}}',
    '{"errcode":0,"result":{"suggest":"pass"},"RESULT":{"suggest":"risky"}}',
    '{"errcode":0,"errmsg":"access_token expired","result":{"suggest":"pass"}}',
  ])('has no verdict in %s, although the call worked', async reply => {
    expect(await conclude(requests.wechatTextV2, reply)).toMatchObject({ kind: 'failure', code: 'malformed_reply' })
  })

  test.each([
    '[{"strategy":"content_model","errcode":-1}]',
    '[{"strategy":"content_model","errcode":-1},{"strategy":"keyword","errcode":"40097"}]',
    '[{"strategy":"content_model","errcode":null}]',
  ])('has no verdict where every strategy failed: %s', async detail => {
    const reply = (suggest: string) =>
      `{"errcode":0,"errmsg":"ok","result":{"suggest":"${suggest}"},"detail":${detail}}`
    expect(await conclude(requests.wechatTextV2, reply('pass'))).toMatchObject({ code: 'malformed_reply' })
    expect(await conclude(requests.wechatTextV2, reply('risky'))).toMatchObject({ verdict: 'risky' })
  })

  test('is judged by the result, whatever the strategies say', async () => {
    const detail = '[{"errcode":0,"suggest":"risky","label":20006},{"errcode":-1}]'
    const reply = `{"errcode":0,"errmsg":"ok","result":{"suggest":"pass","label":100},"detail":${detail}}`
    expect(await conclude(requests.wechatTextV2, reply)).toMatchObject({ kind: 'verdict', verdict: 'pass' })
  })

  test("keeps the final label, and a score only where it is that label's", async () => {
    const detail = [
      { strategy: 'content_model', errcode: 0, suggest: 'risky', label: 20006, prob: 90 },
      { strategy: 'keyword', errcode: 0 },
    ]
    const reply = (label: number | string) =>
      JSON.stringify({ errcode: 0, result: { suggest: 'risky', label }, detail })
    expect(await conclude(requests.wechatTextV2, reply(20006))).toMatchObject({ evidence: { label: 20006, score: 90 } })
    expect(await conclude(requests.wechatTextV2, reply('20006'))).toMatchObject({
      evidence: { label: 20006, score: 90 },
    })
    // The reference's own sample: the final label is none of the details'.
    expect(await conclude(requests.wechatTextV2, reply(20001))).toMatchObject({
      evidence: { label: 20001, score: null },
    })
  })
})

describe.each(asynchronous)('%s', name => {
  test('is accepted with a trace id, which is kept as it came', async () => {
    const reply = '{"errcode":0,"errmsg":"ok","trace_id":"60ae120f-371d5872-7941A05B"}'
    expect(await conclude(requests[name], reply)).toMatchObject({
      kind: 'accepted',
      traceId: '60ae120f-371d5872-7941A05B',
    })
  })

  test.each([
    '{"errcode":0}',
    '{"errcode":0,"trace_id":""}',
    '{"errcode":0,"trace_id":7}',
    '{"errcode":0,"trace_id":null}',
  ])('is not accepted with %s', async reply => {
    expect(await conclude(requests[name], reply)).toMatchObject({ kind: 'failure', code: 'malformed_reply' })
  })
})

describe('codes that mean another thing elsewhere', () => {
  test('40001 is a wrong secret to a token endpoint', () => {
    expect(meaningOf(40001, 'token')).toEqual({ class: 'CONFIG', code: 'secret_rejected' })
  })

  test('no code makes a token endpoint ask for another token', () => {
    for (const [code] of spec) expect(meaningOf(code, 'token').class).not.toBe('TOKEN')
  })

  test.each([-1008, -1009, 4294966288, 4294966287])(
    '%i in a push says that the media could not be downloaded',
    code => {
      expect(meaningOf(code, 'push')).toEqual({ class: 'INPUT', code: 'push_download_failed' })
    },
  )
})

/** Whether a reply says of itself, by the letter of the reference, that the content passed. Written apart from the parser. */
function isGenuinePass(name: RequestName, status: number, reply: string): boolean {
  if (status !== 200) return false
  let value: unknown
  try {
    value = JSON.parse(reply)
  } catch {
    return false
  }
  if (Object.prototype.toString.call(value) !== '[object Object]') return false
  const fields = new Map<string, unknown[]>()
  for (const [key, item] of Object.entries(value as object)) {
    fields.set(key.toLowerCase(), [...(fields.get(key.toLowerCase()) ?? []), item])
  }
  const codes = fields.get('errcode') ?? []
  if (codes.length === 0 || codes.some(code => !(code === 0 || (typeof code === 'string' && /^-?0+$/.test(code)))))
    return false
  // Written out again, every number that is a zero is `0`: what is no integer must be looked for in the reply itself.
  if (/"(?:errcode|status_code|isrisky)"\s*:\s*-?\d+[.eE]/i.test(reply)) return false
  const isOk = (message: unknown) =>
    message === null || message === '' || (typeof message === 'string' && /^\s*(\w+(\.\w+)*:\s*)?ok\b/i.test(message))
  const messages = fields.get('errmsg') ?? []
  if (!messages.every(message => isOk(message) && !/risky/i.test(String(message)))) return false
  // A verdict of strategies that all failed rests on nothing.
  const items = (fields.get('detail') ?? [])
    .flat()
    .filter(item => Object.prototype.toString.call(item) === '[object Object]')
  const hasFailed = (item: unknown) =>
    Object.entries(item as object).some(([key, code]) => key.toLowerCase() === 'errcode' && code !== 0 && code !== '0')
  if (items.length > 0 && items.every(hasFailed)) return false
  const results = fields.get('result') ?? []
  const nothing =
    results.length === 0 || (results.length === 1 && ['null', '""', '{}'].includes(JSON.stringify(results[0])))
  const words = Object.entries(nothing ? {} : Object(results[0])).filter(([key]) => key.toLowerCase() === 'suggest')
  const isPassed = results.length === 1 && words.length === 1 && words[0]?.[1] === 'pass'
  if (!nothing && !isPassed) return false
  if (nothing && name === 'wechatTextV2') return false
  const rest: Record<string, unknown> = { ...(value as object) }
  if (isPassed) for (const key of Object.keys(rest)) if (key.toLowerCase() === 'detail') delete rest[key]
  const zeros: Readonly<Record<string, RegExp>> = { suggest: /^"pass"$/, isrisky: /^("-?0+"|0)$/ }
  const sayings = [
    ...JSON.stringify(rest).matchAll(/"(errcode|status_code|isrisky|suggest)":("(?:[^"\\]|\\.)*"|[^,}\]]*)/gi),
  ]
  if (sayings.some(([, key = '', said = '']) => !(zeros[key.toLowerCase()] ?? /^("-?0+"|0)$/).test(said))) return false
  return name === 'wechatTextV2' || (codeOnly as readonly string[]).includes(name)
}

describe('over all replies', () => {
  const samples = [
    '{"errcode":0,"errmsg":"ok"}',
    '{"errCode":0,"errMsg":"ok"}',
    '{"errcode":87014,"errmsg":"risky content rid: 60ae120f-371d5872-7941a05b"}',
    '{"errCode":87014,"errMsg":"risky content"}',
    '{"errcode":40001,"errmsg":"invalid credential"}',
    '{"errcode":0,"errmsg":"ok","trace_id":"60ae120f-371d5872-7941a05b"}',
    '{"errcode":0,"errmsg":"ok","result":{"suggest":"pass","label":100},"detail":[{"strategy":"content_model","errcode":0,"suggest":"pass","label":100,"prob":90}],"trace_id":"6-3-7"}',
    '{"errcode":0,"errmsg":"ok","result":{"suggest":"risky","label":20001},"detail":[{"strategy":"keyword","errcode":0,"suggest":"pass","label":20006,"level":20,"keyword":"w1"}],"trace_id":"6-3-7"}',
  ]
  const pieces = [
    ...[
      '"',
      ',',
      '{',
      '}',
      '[',
      ']',
      ':',
      '0',
      '-',
      '1',
      '.',
      ' ',
      'null',
      'true',
      '""',
      '"errcode":0,',
      '"errCode":0,',
    ],
    ...[
      '"errcode":87014,',
      '"result":{"suggest":"risky"},',
      '"result":null,',
      '"isrisky":1,',
      '"data":{"errcode":87014},',
      '"errMsg":"system error",',
      'e-400',
      'pass',
      'risky',
      'review',
      'Pass',
      '\u0000',
    ],
  ]
  /** A sample with a few stretches cut out and a few pieces put in. */
  const mutated = fc
    .tuple(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(300), fc.nat(12), fc.oneof(fc.constant(''), fc.constantFrom(...pieces))), {
        maxLength: 4,
      }),
    )
    .map(([sample, edits]) =>
      edits.reduce((reply, [at, length, piece]) => {
        const start = at % (reply.length + 1)
        return reply.slice(0, start) + piece + reply.slice(start + length)
      }, sample),
    )
  const codeLike = fc.oneof(
    fc.constantFrom(0, -0, '0', '-0', '00', 0.1, null, true, '', 87014, '87014', 40001),
    fc.jsonValue(),
  )
  const built = fc
    .record(
      {
        errcode: codeLike,
        errCode: codeLike,
        Errcode: codeLike,
        errmsg: fc.oneof(
          fc.constantFrom('ok', 'OK', 'ok rid: 1-2-3', 'risky content', 'system error', ''),
          fc.jsonValue(),
        ),
        errMsg: fc.constantFrom('ok', 'access_token expired'),
        isrisky: fc.constantFrom(0, 1, '0', '1', 2),
        data: fc.record({ errcode: fc.constantFrom(0, 87014, -1, '0') }),
        Result: fc.record({ Suggest: fc.constantFrom('pass', 'risky') }),
        trace_id: fc.oneof(fc.string(), fc.jsonValue()),
        result: fc.oneof(
          fc.record({ suggest: fc.oneof(fc.constantFrom('pass', 'review', 'risky', 'x'), fc.jsonValue()) }),
          fc.jsonValue(),
        ),
        detail: fc.oneof(
          fc.array(fc.record({ errcode: fc.constantFrom(0, -1), suggest: fc.constantFrom('pass', 'risky') })),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    )
    .map(value => JSON.stringify(value))
  const reply = fc.oneof({ arbitrary: mutated, weight: 4 }, { arbitrary: built, weight: 2 }, fc.json(), fc.string())
  const status = fc.oneof(
    { arbitrary: fc.constant(200), weight: 4 },
    fc.constantFrom(201, 202, 302, 400, 412, 500, 503),
  )

  test('none becomes a pass that is not one by the letter of the reference', async () => {
    let passes = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requestNames), status, reply, async (name, httpStatus, body) => {
        const conclusion = await conclude(requests[name], body, httpStatus)
        if (conclusion.kind !== 'verdict' || conclusion.verdict !== 'pass') return
        passes += 1
        expect(isGenuinePass(name, httpStatus, body)).toBe(true)
      }),
      { numRuns: 4000 },
    )
    // The rule must have been tried on real passes, or it says nothing.
    expect(passes).toBeGreaterThan(20)
  })

  test('every genuine one that says each thing once does become a pass', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requestNames), built, async (name, body) => {
        const conclusion = await conclude(requests[name], body)
        const isPass = conclusion.kind === 'verdict' && conclusion.verdict === 'pass'
        expect(isPass).toBe(isGenuinePass(name, 200, body))
      }),
      { numRuns: 1500 },
    )
  })
})

describe('evidence', () => {
  test('holds the reply without token or openid, also where the platform repeats them', async () => {
    const reply = `{"errcode":0,"errmsg":"ok for ${openid}","echo":"?access_token=${token}&x=1","openid":"oOther_1","result":{"suggest":"pass","label":100}}`
    const conclusion = await conclude(requests.wechatTextV2, reply)
    expect(JSON.stringify(conclusion)).not.toContain(token)
    expect(JSON.stringify(conclusion)).not.toContain(openid)
    expect(JSON.stringify(conclusion)).not.toContain('oOther_1')
    expect(conclusion).toMatchObject({
      evidence: {
        errmsg: 'ok for ***',
        reply:
          '{"errcode":0,"errmsg":"ok for ***","echo":"?access_token=***&x=1","openid":"***","result":{"suggest":"pass","label":100}}',
      },
    })
  })

  test('is a few kilobytes at most, and nothing in it moves a terminal', async () => {
    const reply = JSON.stringify({ errcode: 47001, errmsg: `\u001b[31mred\u001b[0m\r\n${'长'.repeat(9_000)}` })
    const conclusion = await conclude(requests.wechatImage, reply)
    if (conclusion.kind !== 'failure') throw new Error('expected a failure')
    expect(conclusion.evidence?.reply).toHaveLength(4096)
    expect(conclusion.evidence?.errmsg).toHaveLength(500)
    expect(conclusion.detail).not.toMatch(/[\u0000-\u001f]/)
  })

  test('names the address to allow-list, once, as the platform saw it', async () => {
    const errmsg = 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 60ae120f-371d5872-7941a05b'
    expect(await conclude(requests.wechatTextV1, JSON.stringify({ errcode: 40164, errmsg }))).toMatchObject({
      code: 'ip_not_allowed',
      detail: '203.0.113.7',
    })
    const v6 = 'invalid ip 2001:db8::7, not in whitelist'
    expect(await conclude(requests.wechatTextV1, JSON.stringify({ errcode: 40164, errmsg: v6 }))).toMatchObject({
      detail: '2001:db8::7',
    })
    expect(await conclude(requests.wechatTextV1, '{"errcode":40164,"errmsg":"not in whitelist"}')).toMatchObject({
      detail: '40164 not in whitelist',
    })
  })
})
