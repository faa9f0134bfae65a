import { readJsonBody } from './json-body.ts'
import { readMultipart } from './multipart.ts'
import type { PracticeApp } from './practice-apps.ts'
import type { Answer } from './replies.ts'
import {
  answerImage,
  type Call,
  type Caller,
  callerByToken,
  code,
  findApp,
  type House,
  mediaTypeOf,
  type Route,
  readText,
} from './routes.ts'
import { answerTextV1 } from './wechat-routes.ts'

/** QQ's APIs (spec §4): the v1 engine under other paths, other spellings, and with the appid in each call. */
export function qqRoutes(house: House): readonly Route[] {
  const check = { platform: 'qq', dialect: 'qq', method: 'POST' } as const
  const caller = (call: Call) => callerByToken(house, 'qq', call)
  return [
    {
      ...check,
      endpoint: 'qq.token',
      dialect: 'qq-token',
      method: 'GET',
      caller: call => callerByAppid(house, call),
      answer: (call, app) => answerToken(house, call, app),
    },
    { ...check, endpoint: 'qq.MsgSecCheck', caller, answer: answerText },
    { ...check, endpoint: 'qq.ImgSecCheck', caller, answer: (call, app) => answerMedia(house, call, app) },
    { ...check, endpoint: 'qq.MediaCheckAsync', caller, answer: (call, app) => answerAsync(house, call, app) },
  ]
}

/** Only -1, 40001, 40002 and 40013 are documented here (spec §1.5), so a missing value is a wrong one. */
function callerByAppid(house: House, call: Call): Caller {
  const app = findApp(house, 'qq', call.query.get('appid') ?? '')
  return app === null ? { kind: 'refused', code: 40013 } : { kind: 'app', app }
}

function answerToken(house: House, call: Call, app: PracticeApp): Answer {
  if (call.query.get('grant_type') !== 'client_credential') return code(40002)
  if (call.query.get('secret') !== app.secret) return { kind: 'code', code: 40001, message: 'invalid appsecret' }
  const { accessToken, expiresIn } = house.tokens.issueClassic(app, call.nowMs)
  return { kind: 'body', body: { access_token: accessToken, expires_in: expiresIn } }
}

/**
 * The appid may come in the query or in the body; wherever it comes it must be the token's (spec §4.1). Leaving it out,
 * as the official samples do, was answered with "a parameter error" of unnamed number.
 */
function refuseAppid(call: Call, inBody: unknown, app: PracticeApp): Answer | null {
  const given = [call.query.get('appid') ?? undefined, inBody].filter(appid => appid !== undefined)
  if (given.length === 0) return code(40097)
  return given.every(appid => appid === app.appid) ? null : code(40013)
}

function answerText(call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const refusal = refuseAppid(call, body.value.appid, app)
  if (refusal !== null) return refusal
  const content = readText(body.value, 'content')
  return content.kind === 'refused' ? code(content.code) : answerTextV1(content.text)
}

async function answerMedia(house: House, call: Call, app: PracticeApp): Promise<Answer> {
  const form = readMultipart(call.body, call.contentType)
  if (form.kind === 'refused') return code(form.code)
  return refuseAppid(call, form.fields.get('appid'), app) ?? answerImage(house, form.media)
}

function answerAsync(house: House, call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const refusal = refuseAppid(call, body.value.appid, app)
  if (refusal !== null) return refusal
  const mediaUrl = readText(body.value, 'media_url')
  if (mediaUrl.kind === 'refused') return code(mediaUrl.code)
  // A string in the documented table, a number in the documented sample (spec §4.3): both are taken.
  const { media_type: given } = body.value
  const mediaType = mediaTypeOf(given === '1' ? 1 : given === '2' ? 2 : given)
  if (mediaType === null) return code(40004)
  const traceId = house.replies.plainTraceId()
  house.submit({
    platform: 'qq',
    appid: app.appid,
    traceId,
    version: 1,
    mediaUrl: mediaUrl.text,
    mediaType,
    openid: null,
    scene: null,
    submittedAtMs: call.nowMs,
  })
  return { kind: 'code', code: 0, more: { trace_id: traceId } }
}
