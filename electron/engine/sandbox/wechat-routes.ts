import { limits } from '../../../shared/limits.ts'
import { endpointPaths, sandboxEndpoints } from './endpoints.ts'
import { isAllowed, refusalOf } from './ip-allow-list.ts'
import { readJsonBody } from './json-body.ts'
import { readMultipart } from './multipart.ts'
import type { PracticeApp } from './practice-apps.ts'
import { isRiskyV1, judgeV2 } from './practice-words.ts'
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
import type { GrantedToken } from './token-office.ts'

export function wechatRoutes(house: House): readonly Route[] {
  const check = { platform: 'wechat', dialect: 'wechat', method: 'POST' } as const
  const caller = (call: Call) => callerByToken(house, 'wechat', call)
  return [
    {
      ...check,
      endpoint: 'wechat.token',
      method: 'GET',
      caller: call => callerByAppid(house, call.query.get('appid')),
      answer: (call, app) => answerClassicToken(house, call, app),
    },
    {
      ...check,
      endpoint: 'wechat.stable_token',
      caller: call => callerOfStableToken(house, call),
      answer: (call, app) => answerStableToken(house, call, app),
    },
    { ...check, endpoint: 'wechat.msg_sec_check', caller, answer: (call, app) => answerText(house, call, app) },
    { ...check, endpoint: 'wechat.img_sec_check', caller, answer: call => answerMedia(house, call) },
    { ...check, endpoint: 'wechat.media_check_async', caller, answer: (call, app) => answerAsync(house, call, app) },
    { ...check, endpoint: 'wechat.quota_get', caller, answer: (call, app) => answerQuota(house, call, app) },
  ]
}

// Tokens (spec §1.1, §1.2)

function callerByAppid(house: House, appid: string | null): Caller {
  if (appid === null || appid === '') return { kind: 'refused', code: 41002 }
  const app = findApp(house, 'wechat', appid)
  return app === null ? { kind: 'refused', code: 40013 } : { kind: 'app', app }
}

function callerOfStableToken(house: House, call: Call): Caller {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return body
  const { appid = null } = body.value
  return appid === null || typeof appid === 'string' ? callerByAppid(house, appid) : { kind: 'refused', code: 47001 }
}

function answerClassicToken(house: House, call: Call, app: PracticeApp): Answer {
  return (
    refuseCredentials(house, app, call.query.get('grant_type'), call.query.get('secret')) ??
    tokenBody(house.tokens.issueClassic(app, call.nowMs))
  )
}

function answerStableToken(house: House, call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const { grant_type: grantType = null, secret = null, force_refresh: force = false } = body.value
  if (typeof force !== 'boolean') return code(47001)
  const refusal = refuseCredentials(house, app, grantType, secret)
  if (refusal !== null) return refusal
  if (!force) return tokenBody(house.tokens.readStable(app, call.nowMs))
  const token = house.tokens.forceStable(app, call.nowMs)
  // Which code a 21st refresh gives is not documented (spec §7.2); the daily limit's is the nearest.
  return token === 'too_many_today' ? code(45009) : tokenBody(token)
}

function refuseCredentials(house: House, app: PracticeApp, grantType: unknown, secret: unknown): Answer | null {
  if (secret === null || secret === '') return code(41004)
  if (grantType !== 'client_credential') return code(40002)
  if (house.ipAllowList !== null && !isAllowed(house.ipAllowList)) {
    return { kind: 'code', code: 40164, message: refusalOf(house.ipAllowList) }
  }
  return secret === app.secret ? null : { kind: 'code', code: 40001, message: 'invalid appsecret' }
}

function tokenBody({ accessToken, expiresIn }: GrantedToken): Answer {
  return { kind: 'body', body: { access_token: accessToken, expires_in: expiresIn } }
}

// Text (spec §2)

export function answerText(house: House, call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const content = readText(body.value, 'content')
  if (content.kind === 'refused') return code(content.code)

  // Anything but the number 2, a string "2" for instance, is v1 to the platform (spec §2.3).
  if (body.value.version !== 2) return answerTextV1(content.text)

  if (content.text.length > limits.textV2Units) return code(45002)
  const author = readAuthor(house, body.value, app, call.nowMs)
  if (author.kind === 'refused') return code(author.code)
  const { title = '', nickname = '', signature = '' } = body.value
  if (typeof title !== 'string' || typeof nickname !== 'string' || typeof signature !== 'string') return code(47001)
  // The signature only takes effect in a profile (spec §2.2).
  const texts = [content.text, title, nickname, ...(author.scene === 1 ? [signature] : [])]
  const { suggest, label, modelLabel } = judgeV2(texts)
  return {
    kind: 'code',
    code: 0,
    more: {
      result: { suggest, label },
      detail: [
        { strategy: 'content_model', errcode: 0, suggest, label: modelLabel, prob: 90 },
        // As it comes when no custom keywords are set up (spec §2.3).
        { strategy: 'keyword', errcode: 0 },
      ],
      trace_id: house.replies.dashedTraceId(),
    },
  }
}

export function answerTextV1(text: string): Answer {
  // Over 500 KB the platform was seen to answer ok without looking (spec §2.1): the caller must hold the limit.
  if (Buffer.byteLength(text) > limits.textV1Bytes) return code(0)
  return code(isRiskyV1(text) ? 87014 : 0)
}

type Author =
  | { readonly kind: 'author'; readonly openid: string; readonly scene: number }
  | { readonly kind: 'refused'; readonly code: 40003 | 40129 | 43104 | 61010 }

/** `scene` and `openid` of a v2 request (spec §2.2, §8.6). */
function readAuthor(house: House, body: Readonly<Record<string, unknown>>, app: PracticeApp, nowMs: number): Author {
  const { scene, openid } = body
  if (scene !== 1 && scene !== 2 && scene !== 3 && scene !== 4) return { kind: 'refused', code: 40129 }
  if (typeof openid !== 'string') return { kind: 'refused', code: 40003 }
  const user = app.users.find(known => known.openid === openid)
  if (user === undefined) {
    const isForeign = house.apps.some(other => other.users.some(known => known.openid === openid))
    return { kind: 'refused', code: isForeign ? 43104 : 40003 }
  }
  if (user.lastVisit !== 'always' && nowMs - user.lastVisit > limits.openidValidMs) {
    return { kind: 'refused', code: 61010 }
  }
  return { kind: 'author', openid, scene }
}

// Images and media (spec §3)

async function answerMedia(house: House, call: Call): Promise<Answer> {
  const form = readMultipart(call.body, call.contentType)
  return form.kind === 'refused' ? code(form.code) : answerImage(house, form.media)
}

export function answerAsync(house: House, call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const mediaUrl = readText(body.value, 'media_url')
  if (mediaUrl.kind === 'refused') return code(mediaUrl.code)
  const mediaType = mediaTypeOf(body.value.media_type)
  if (mediaType === null) return code(40004)
  const submission = {
    platform: 'wechat',
    appid: app.appid,
    mediaUrl: mediaUrl.text,
    mediaType,
    submittedAtMs: call.nowMs,
  } as const

  if (body.value.version !== 2) {
    const traceId = house.replies.plainTraceId()
    house.submit({ ...submission, version: 1, traceId, openid: null, scene: null })
    return { kind: 'code', code: 0, more: { trace_id: traceId } }
  }
  const author = readAuthor(house, body.value, app, call.nowMs)
  if (author.kind === 'refused') return code(author.code)
  const traceId = house.replies.dashedTraceId()
  house.submit({ ...submission, version: 2, traceId, openid: author.openid, scene: author.scene })
  return { kind: 'code', code: 0, more: { trace_id: traceId } }
}

// Quota (spec §7.3)

function answerQuota(house: House, call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const path = readText(body.value, 'cgi_path')
  if (path.kind === 'refused') return code(path.code)
  if (path.text.startsWith('/sns/')) return code(76022)
  const endpoint = sandboxEndpoints.find(known => known.startsWith('wechat.') && endpointPaths[known] === path.text)
  if (endpoint === undefined) return code(76021)
  const { perMinute, perDay } = house.rates[endpoint]
  if (perDay === null) return code(76022)
  const used = house.meter.usedToday(endpoint, app.appid, call.nowMs)
  return {
    kind: 'code',
    code: 0,
    more: {
      quota: { daily_limit: perDay, used, remain: perDay - used },
      ...(perMinute === null ? {} : { rate_limit: { call_count: perMinute, refresh_second: 60 } }),
    },
  }
}
