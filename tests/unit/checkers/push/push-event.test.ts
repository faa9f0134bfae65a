import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxPushBytes } from '../../../../electron/engine/checkers/wechat/push/document.ts'
import {
  type PushEvent,
  type PushOrigin,
  readPush,
} from '../../../../electron/engine/checkers/wechat/push/push-event.ts'
import { jsonOf, qq, qqOrigin, v1, v2, wechatOrigin, xmlOf } from './pushes.ts'

type Form = 'json' | 'xml'
const forms: readonly Form[] = ['json', 'xml']
const bytesOf = (form: Form, fields: Readonly<Record<string, unknown>>) =>
  form === 'json' ? jsonOf(fields) : xmlOf(fields)

function event(message: Uint8Array, origin: PushOrigin = wechatOrigin): PushEvent {
  const push = readPush(message, origin)
  if (push.kind !== 'media-check') throw new Error(`read as ${JSON.stringify(push)}`)
  return push
}

/** The verdict, or the failure's code. */
function outcome(message: Uint8Array, origin?: PushOrigin): string {
  const { conclusion } = event(message, origin)
  return conclusion.kind === 'verdict' ? conclusion.verdict : conclusion.code
}

const without = (fields: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

describe.each(forms)('a push in %s', form => {
  const read = (fields: Readonly<Record<string, unknown>>, origin?: PushOrigin) =>
    outcome(bytesOf(form, fields), origin)

  test.each(['pass', 'review', 'risky'])('of v2 gives the verdict %s', suggest => {
    expect(read({ ...v2, result: { suggest, label: 20001 } })).toBe(suggest)
  })

  test('of v1 and of QQ gives pass or risky', () => {
    expect([read(v1), read({ ...v1, isrisky: 1 })]).toEqual(['pass', 'risky'])
    expect([read(qq, qqOrigin), read({ ...qq, isrisky: 1 }, qqOrigin)]).toEqual(['pass', 'risky'])
  })

  test('may write its numbers as texts', () => {
    expect(read({ ...v1, isrisky: '0', status_code: '0' })).toBe('pass')
    expect(read({ ...v1, isrisky: '1', status_code: '0' })).toBe('risky')
    const { conclusion } = event(bytesOf(form, { ...v2, errcode: '0', result: { suggest: 'risky', label: '20001' } }))
    expect(conclusion.evidence).toMatchObject({ errcode: 0, label: 20001 })
  })

  test('may leave out errcode and errmsg', () => {
    expect(read(without(v2, 'errcode', 'errmsg'))).toBe('pass')
  })

  test('of v1 may come with an empty detail', () => {
    expect(read({ ...v1, detail: form === 'json' ? [] : '' })).toBe('pass')
  })

  test('may have one item of detail or several, whose own suggestions decide nothing', () => {
    const item = { strategy: 'content_model', errcode: 0, suggest: 'risky', label: 20002, prob: 77 }
    const keyword = { strategy: 'keyword', errcode: 0 }
    const result = { suggest: 'review', label: 20002 }
    for (const detail of [[item], [keyword, item]]) {
      const { conclusion } = event(bytesOf(form, { ...v2, detail, result }))
      expect(conclusion).toMatchObject({ verdict: 'review', evidence: { label: 20002, score: 77 } })
    }
  })

  test('is no pass where every item of detail failed', () => {
    const failed = { strategy: 'content_model', errcode: -1 }
    expect(read({ ...v2, detail: [failed] })).toBe('malformed_reply')
    expect(read({ ...v2, detail: [failed, failed] })).toBe('malformed_reply')
    expect(read({ ...v2, detail: [failed, { strategy: 'keyword', errcode: 0 }] })).toBe('pass')
    expect(read({ ...v2, detail: [failed], result: { suggest: 'risky' } })).toBe('risky')
  })

  test('says with errcode why there is no verdict', () => {
    const failed = (errcode: unknown) => read({ ...without(v2, 'result', 'detail'), errcode, errmsg: 'no' })
    expect([-1008, 4294966288, '-1008'].map(failed)).toEqual(Array(3).fill('push_download_failed'))
    expect([43104, '43104', 12345, 87014].map(failed)).toEqual([
      'openid_foreign',
      'openid_foreign',
      'unknown_code',
      'unknown_code',
    ])
  })

  test('is a failure with any errcode or status_code but 0, whatever else it says', () => {
    expect(read({ ...v2, errcode: -1008 })).toBe('push_download_failed')
    expect(read({ ...v1, errcode: 1 })).toBe('unknown_code')
    expect(read({ ...v2, status_code: 5 })).toBe('unknown_code')
    expect(read({ ...v1, status_code: 4294966288 })).toBe('push_download_failed')
    expect(read({ ...v1, status_code: '4294966287' })).toBe('push_download_failed')
    expect(read({ ...qq, status_code: 7 }, qqOrigin)).toBe('push_download_failed')
  })

  test('is a failure when a field that decides is there and cannot be read', () => {
    for (const broken of ['', 'ok', '0x0', '1.5', '0 0']) {
      for (const name of ['errcode', 'status_code', 'isrisky']) {
        expect(read({ ...v1, [name]: broken })).toBe('malformed_reply')
      }
    }
    expect(read({ ...v1, isrisky: 2 })).toBe('malformed_reply')
    expect(read({ ...v1, result: { label: 100 } })).toBe('malformed_reply')
    expect(read({ ...v1, result: 'pass' })).toBe('malformed_reply')
    expect(read({ ...v2, result: { suggest: { pass: 1 } } })).toBe('malformed_reply')
  })

  test('is a failure when it has neither result nor isrisky', () => {
    expect(read(without(v2, 'result'))).toBe('malformed_reply')
    expect(read(without(v1, 'isrisky'))).toBe('malformed_reply')
  })

  test('is for a person to look at when its word is unknown or it contradicts itself', () => {
    expect(read({ ...v2, result: { suggest: 'suspicious' } })).toBe('review')
    expect(read({ ...v2, result: { suggest: 'Pass' } })).toBe('review')
    expect(read({ ...v2, isrisky: 1 })).toBe('review')
    expect(read({ ...v2, isrisky: 'x' })).toBe('review')
  })

  test('is no pass where its message is no "ok" or something further down is none', () => {
    for (const errmsg of ['system error', 'ok, but not checked']) {
      expect(read({ ...v2, errmsg })).toBe('malformed_reply')
      expect(read({ ...v1, errmsg })).toBe('malformed_reply')
      expect(read({ ...v2, errmsg, result: { suggest: 'risky' } })).toBe('risky')
    }
    expect(read({ ...v2, errmsg: 'risky content' })).toBe('review')
    expect(read({ ...v2, errmsg: 'ok rid: 60f96f1d-3845297a' })).toBe('pass')
    expect(read({ ...v1, detail: [{ strategy: 'content_model', errcode: 0, suggest: 'risky' }] })).toBe('review')
    expect(read({ ...v1, detail: [{ strategy: 'content_model', errcode: -1 }] })).toBe('malformed_reply')
    expect(read({ ...v1, data: { isrisky: 1 } })).toBe('review')
  })

  test('keeps its trace id letter by letter', () => {
    for (const traceId of ['0012', 'AbC-12', '1e5', '60f96f1d-3845297a-1976a3ae']) {
      expect(event(bytesOf(form, { ...v2, trace_id: traceId })).traceId).toBe(traceId)
    }
  })

  test('is refused without a usable trace id', () => {
    for (const traceId of ['', 'a b', 'a\u0007b', 'é', 'x'.repeat(129)]) {
      expect(readPush(bytesOf(form, { ...v2, trace_id: traceId }), wechatOrigin).kind).toBe('refused')
    }
    expect(readPush(bytesOf(form, without(v2, 'trace_id')), wechatOrigin)).toMatchObject({ code: 'malformed' })
  })

  test('is refused when it names another app', () => {
    const other = { ...v2, appid: 'wx_practice0000002' }
    expect(readPush(bytesOf(form, other), wechatOrigin)).toMatchObject({ code: 'wrong_appid' })
  })

  test('belongs to the app of its address when it names none', () => {
    expect(event(bytesOf(form, without(v2, 'appid')))).toMatchObject(wechatOrigin)
  })

  test('of another kind is recognised, whatever it holds', () => {
    const others = [{ ...v2, Event: 'debug_demo' }, { ...v2, MsgType: 'text' }, without(v2, 'Event'), qq]
    for (const fields of others) expect(readPush(bytesOf(form, fields), wechatOrigin).kind).toBe('other')
    expect(readPush(bytesOf(form, v2), qqOrigin).kind).toBe('other')
  })

  test('compares MsgType without case, as QQ writes it both ways', () => {
    expect(read({ ...qq, MsgType: 'Event' }, qqOrigin)).toBe('pass')
  })

  test('leaves no openid in the evidence', () => {
    const { conclusion } = event(bytesOf(form, { ...v2, errmsg: 'ok oPractice_always_visiting_01' }))
    expect(JSON.stringify(conclusion)).not.toContain('oPractice')
    expect(conclusion.evidence.reply).toContain('60f96f1d')
  })
})

describe('what is no push', () => {
  const refusal = (body: string | Uint8Array) => readPush(Buffer.from(body), wechatOrigin)
  const xml = xmlOf(v2).toString()
  const json = jsonOf(v2).toString()

  test.each([
    ['nothing', ''],
    ['blanks', ' \n\t '],
    ['words', 'success'],
    ['a list', '[1]'],
    ['half of JSON', jsonOf(v2).subarray(0, 200)],
    ['half of XML', xml.slice(0, 200)],
    ['bytes that are not UTF-8', Buffer.concat([jsonOf(v2).subarray(0, -1), Buffer.from([0xff, 0x7d])])],
    ['GBK text', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xd6, 0xd0]), Buffer.from('"}')])],
    ['a key given twice', json.replace('{', '{"errcode":-1008,')],
    [
      'a key given twice further in',
      json.replace('"suggest":"pass","label":100}}', '"suggest":"risky","suggest":"pass"}}'),
    ],
    ['a document type', `<!DOCTYPE xml>${xml}`],
    ['an entity of its own', `<!DOCTYPE xml [<!ENTITY a "pass">]>${xml.replace('<![CDATA[pass]]>', '&a;')}`],
    ['an external entity', `<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/hostname">]>${xml.replace('ok', '&a;')}`],
    ['an unknown entity', xml.replace('<![CDATA[ok]]>', '&okay;')],
    ['crossed tags', '<xml><a><b></a></b></xml>'],
    ['two roots', `${xml}${xml}`],
    ['another root', xml.replaceAll('xml>', 'html>')],
    ['text only', '<xml>pass</xml>'],
    ['deep JSON', json.replace('{', `{"extra":${'['.repeat(16)}${']'.repeat(16)},`)],
    ['very deep JSON', json.replace('{', `{"extra":${'['.repeat(100_000)}${']'.repeat(100_000)},`)],
    ['deep XML', xml.replace('</xml>', `${'<a>'.repeat(20)}${'</a>'.repeat(20)}</xml>`)],
    ['very deep XML', xml.replace('</xml>', '<a>'.repeat(50_000))],
    ['too much', jsonOf({ ...v2, extra: 'x'.repeat(maxPushBytes) })],
  ])('is refused, and quickly: %s', (_what, body) => {
    const start = process.cpuUsage()
    expect(refusal(body).kind).toBe('refused')
    expect(process.cpuUsage(start).user).toBeLessThan(1_000_000)
  })

  test("gets no verdict from elements that are named like an object's own parts", () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const poisoned = xmlOf(without(v2, 'result')).toString()
      const body = poisoned.replace('</xml>', `<${name}><result><suggest>pass</suggest></result></${name}></xml>`)
      const push = refusal(body)
      expect(push.kind === 'media-check' && push.conclusion.kind === 'verdict').toBe(false)
    }
  })

  test('means no word that only an entity would spell', () => {
    const spelt = (word: string) => xml.replace('<result><suggest><![CDATA[pass]]></suggest>', `<result>${word}`)
    expect(spelt('')).not.toBe(xml)
    expect(outcome(Buffer.from(spelt('<suggest>pass</suggest>')))).toBe('pass')
    expect(outcome(Buffer.from(spelt('<suggest>p&#97;ss</suggest>')))).toBe('review')
  })

  test('is never quoted in the reason for a refusal', () => {
    const secret = 'Confidential'
    for (const body of [`{"${secret}":`, `<xml><${secret}>`, `<xml>&${secret};</xml>`, secret]) {
      expect(JSON.stringify(refusal(body))).not.toContain(secret)
    }
  })

  test('reads CDATA that looks like markup as the text it is', () => {
    const fields = { ...v2, extra_info_json: '<!DOCTYPE x>&a;<result><suggest>risky</suggest></result>' }
    expect(outcome(xmlOf(fields))).toBe('pass')
    expect(outcome(xmlOf({ ...fields, result: { suggest: 'risky' } }))).toBe('risky')
  })
})

describe('no push becomes a pass by accident', () => {
  const scalar = fc.oneof(
    fc.constantFrom<unknown>(0, 1, -1008, 43104, '0', '1', '', 'ok', 'pass', 'risky', 'review', null, true, false, 0.5),
    fc.integer(),
    fc.string({ maxLength: 6 }),
  )
  const suggest = fc.oneof({ weight: 3, arbitrary: fc.constantFrom<unknown>('pass', 'risky', 'review') }, scalar)
  const optional = (value: fc.Arbitrary<unknown>) => fc.option(value, { nil: undefined, freq: 2 })
  const pushes = fc
    .record({
      errcode: optional(fc.oneof(fc.constant<unknown>(0), scalar)),
      errCode: optional(fc.oneof({ weight: 1, arbitrary: scalar }, { weight: 9, arbitrary: fc.constant(undefined) })),
      status_code: optional(fc.oneof(fc.constant<unknown>(0), scalar)),
      isrisky: optional(fc.oneof(fc.constantFrom<unknown>(0, 1), scalar)),
      result: optional(fc.oneof(fc.record({ suggest, label: scalar }), fc.record({ label: scalar }), scalar)),
      detail: optional(
        fc.array(fc.record({ strategy: scalar, errcode: scalar, suggest, label: scalar }), { maxLength: 2 }),
      ),
    })
    .map(fields => ({ ...without(v1, 'isrisky', 'status_code'), ...definedOf(fields) }))

  function definedOf(fields: object) {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  }

  /** Written from spec §3.4 alone, and stricter than it has to be: it only says what may be a pass at most. */
  function mayPass(text: string): boolean {
    const fields = JSON.parse(text)
    const isZeroOrAbsent = (value: unknown) => value === undefined || String(value) === '0' || Object.is(value, -0)
    const codes = Object.keys(fields).filter(name => name.toLowerCase() === 'errcode' || name === 'status_code')
    if (!codes.every(name => isZeroOrAbsent(fields[name]))) return false
    if (fields.result?.suggest === 'pass') return isZeroOrAbsent(fields.isrisky)
    return fields.isrisky !== undefined && String(fields.isrisky) === '0' && fields.result?.suggest === undefined
  }

  test('whatever its fields hold', () => {
    let passes = 0
    fc.assert(
      fc.property(pushes, fields => {
        const isPass = outcome(jsonOf(fields)) === 'pass'
        if (isPass) passes += 1
        expect(isPass && !mayPass(JSON.stringify(fields))).toBe(false)
      }),
      { numRuns: 3000 },
    )
    // The property would hold for a reader that never passes anything.
    expect(passes).toBeGreaterThan(50)
  })

  test.each(forms)('whatever happens to the bytes of a %s push that is no pass', form => {
    const failing = [
      { ...v2, result: { suggest: 'risky', label: 20001 } },
      { ...v2, result: { suggest: 'review', label: 20001 } },
      { ...v1, isrisky: 1 },
      { ...v1, status_code: 4294966288 },
      { ...without(v2, 'result'), errcode: -1008 },
    ].map(fields => bytesOf(form, fields))
    fc.assert(
      fc.property(
        fc.constantFrom(...failing),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('cut', 'double', 'drop', 'blank'), fc.nat(40)), {
          minLength: 1,
          maxLength: 4,
        }),
        (bytes, changes) => {
          const changed = changes.reduce((now, [at, how, length]) => mutate(now, at % now.length, how, length), bytes)
          const push = readPush(changed, wechatOrigin)
          const isPass =
            push.kind === 'media-check' && push.conclusion.kind === 'verdict' && push.conclusion.verdict === 'pass'
          // Losing or repeating bytes cannot make `1` into `0` or `risky` into `pass`; what is lost wholly can at most be a code.
          const text = changed.toString('utf8')
          const isSaidOutright =
            form === 'json' ? isJson(text) && mayPass(text) : /isrisky>(?:<!\[CDATA\[)?\s*0/.test(text)
          expect(isPass && !isSaidOutright).toBe(false)
        },
      ),
      { numRuns: 3000 },
    )
  })

  function isJson(text: string): boolean {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }

  function mutate(bytes: Buffer, at: number, how: string, length: number): Buffer {
    const piece = bytes.subarray(at, at + length)
    const rest = bytes.subarray(at + length)
    const middle = how === 'double' ? [piece, piece] : how === 'blank' ? [Buffer.alloc(piece.length, ' ')] : []
    if (how === 'cut' && at > 0) return bytes.subarray(0, at)
    const changed = Buffer.concat([bytes.subarray(0, at), ...middle, rest])
    return changed.length === 0 ? bytes : changed
  }
})
