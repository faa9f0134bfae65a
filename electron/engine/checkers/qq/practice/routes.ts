import type {
  Answer,
  Call,
  Caller,
  Dialect,
  PracticeApp,
  PracticeRoutes,
  Route,
  SandboxKit,
} from '../../../sandbox/practice.ts'
import {
  answerImage,
  answerTextV1,
  callerByToken,
  code,
  findApp,
  mediaTypeOf,
  readText,
  refusedWith,
} from '../../tencent/practice/answers.ts'
import { readJsonBody } from '../../tencent/practice/json-body.ts'
import { readMultipart } from '../../tencent/practice/multipart.ts'
import { createIdMaker, type IdMaker, messageOf, withoutHit } from '../../tencent/practice/replies.ts'
import { createTokenOffice, type TokenOffice } from '../../tencent/practice/token-office.ts'
import { minuteLimitCode, type QqEndpoint } from './endpoints.ts'

interface QqKit extends SandboxKit {
  readonly tokens: TokenOffice
  readonly ids: IdMaker
}

/** QQ's APIs (spec §4): the v1 engine under other paths, other spellings, and with the appid in each call. */
export function openQq(sandbox: SandboxKit): PracticeRoutes {
  const kit: QqKit = { ...sandbox, tokens: createTokenOffice(), ids: createIdMaker(sandbox.clock) }
  const check = (endpoint: QqEndpoint, answer: Route['answer']): Route => ({
    endpoint,
    dialect: camelCase,
    method: 'POST',
    isKnownByHead: true,
    refusals: {
      wrongMethod: code(43002),
      minuteFull: code(minuteLimitCode(endpoint)),
      dayFull: code(45009),
    },
    caller: call => callerByToken(kit.tokens, call.query.get('access_token'), call.nowMs),
    answer,
  })
  const token = check('qq.token', (call, app) => answerToken(kit, call, app))
  return {
    // QQ was seen to answer negative numbers without a word (spec §4.6, §6.2).
    unknownPath: { dialect: camelCase, answer: { kind: 'code', code: -1009, message: '' } },
    routes: [
      {
        ...token,
        dialect: lowerCase,
        method: 'GET',
        isKnownByHead: false,
        refusals: { ...token.refusals, wrongMethod: code(43001) },
        caller: call => callerByAppid(kit, call),
      },
      check('qq.MsgSecCheck', answerText),
      check('qq.ImgSecCheck', (call, app) => answerMedia(kit, call, app)),
      check('qq.MediaCheckAsync', (call, app) => answerAsync(kit, call, app)),
    ],
  }
}

/** The spelling of the security endpoints; the token endpoint answers in lower case, without a rid (spec §0). */
const camelCase = dialectOf((code, message, more) => ({ errCode: code, errMsg: message, ...more }))
const lowerCase = dialectOf((code, message, more) => ({ errcode: code, errmsg: message, ...more }))

function dialectOf(spell: (code: number, message: string, more: object | undefined) => object): Dialect {
  return {
    contentType: 'application/json',
    withoutHit,
    write: answer =>
      JSON.stringify(answer.kind === 'body' ? answer.body : spell(answer.code, messageOf(answer), answer.more)),
  }
}

/** Only -1, 40001, 40002 and 40013 are documented here (spec §1.5), so a missing value is a wrong one. */
function callerByAppid(kit: QqKit, call: Call): Caller {
  const app = findApp(kit, 'qq', call.query.get('appid') ?? '')
  return app === null ? refusedWith(40013) : { kind: 'app', app }
}

function answerToken(kit: QqKit, call: Call, app: PracticeApp): Answer {
  if (call.query.get('grant_type') !== 'client_credential') return code(40002)
  if (call.query.get('secret') !== app.secret) return { kind: 'code', code: 40001, message: 'invalid appsecret' }
  const { accessToken, expiresIn } = kit.tokens.issueClassic(app, call.nowMs)
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

async function answerMedia(kit: QqKit, call: Call, app: PracticeApp): Promise<Answer> {
  const form = readMultipart(call.body, call.contentType)
  if (form.kind === 'refused') return code(form.code)
  return refuseAppid(call, form.fields.get('appid'), app) ?? answerImage(kit, form.media)
}

function answerAsync(kit: QqKit, call: Call, app: PracticeApp): Answer {
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
  const traceId = kit.ids.plain()
  kit.submit({
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
