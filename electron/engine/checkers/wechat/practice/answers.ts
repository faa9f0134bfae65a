import { isAllowed, refusalOf } from '../../../sandbox/ip-allow-list.ts'
import type { Answer, Call, Caller, Dialect, PracticeApp, SandboxKit } from '../../../sandbox/practice.ts'
import {
  answerImage,
  answerTextV1,
  code,
  findApp,
  mediaTypeOf,
  readText,
  refusedWith,
} from '../../tencent/practice/answers.ts'
import { readJsonBody } from '../../tencent/practice/json-body.ts'
import { readMultipart } from '../../tencent/practice/multipart.ts'
import type { IdMaker } from '../../tencent/practice/replies.ts'
import type { GrantedToken, TokenOffice } from '../../tencent/practice/token-office.ts'
import { judgeV2 } from '../../tencent/practice/words.ts'
import { textLimits } from '../../tencent/text-limits.ts'
import { wechatPracticeEndpoints } from './endpoints.ts'

/** What WeChat's routes work with: the sandbox's kit, and what WeChat itself keeps. */
export interface WechatKit extends SandboxKit {
  readonly tokens: TokenOffice
  readonly ids: IdMaker
  readonly dialect: Dialect
}

// Tokens (spec §1.1, §1.2)

export function callerByAppid(kit: WechatKit, appid: string | null): Caller {
  if (appid === null || appid === '') return refusedWith(41002)
  const app = findApp(kit, 'wechat', appid)
  return app === null ? refusedWith(40013) : { kind: 'app', app }
}

export function callerOfStableToken(kit: WechatKit, call: Call): Caller {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return refusedWith(body.code)
  const { appid = null } = body.value
  return appid === null || typeof appid === 'string' ? callerByAppid(kit, appid) : refusedWith(47001)
}

export function answerClassicToken(kit: WechatKit, call: Call, app: PracticeApp): Answer {
  return (
    refuseCredentials(kit, app, call.query.get('grant_type'), call.query.get('secret')) ??
    tokenBody(kit.tokens.issueClassic(app, call.nowMs))
  )
}

export function answerStableToken(kit: WechatKit, call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const { grant_type: grantType = null, secret = null, force_refresh: force = false } = body.value
  if (typeof force !== 'boolean') return code(47001)
  const refusal = refuseCredentials(kit, app, grantType, secret)
  if (refusal !== null) return refusal
  if (!force) return tokenBody(kit.tokens.readStable(app, call.nowMs))
  const token = kit.tokens.forceStable(app, call.nowMs)
  // Which code a 21st refresh gives is not documented (spec §7.2); the daily limit's is the nearest.
  return token === 'too_many_today' ? code(45009) : tokenBody(token)
}

function refuseCredentials(kit: WechatKit, app: PracticeApp, grantType: unknown, secret: unknown): Answer | null {
  if (secret === null || secret === '') return code(41004)
  if (grantType !== 'client_credential') return code(40002)
  if (kit.ipAllowList !== null && !isAllowed(kit.ipAllowList)) {
    return { kind: 'code', code: 40164, message: refusalOf(kit.ipAllowList) }
  }
  return secret === app.secret ? null : { kind: 'code', code: 40001, message: 'invalid appsecret' }
}

function tokenBody({ accessToken, expiresIn }: GrantedToken): Answer {
  return { kind: 'body', body: { access_token: accessToken, expires_in: expiresIn } }
}

// Text (spec §2)

export function answerText(kit: WechatKit, call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const content = readText(body.value, 'content')
  if (content.kind === 'refused') return code(content.code)

  // Anything but the number 2, a string "2" for instance, is v1 to the platform (spec §2.3).
  if (body.value.version !== 2) return answerTextV1(content.text)

  if (content.text.length > textLimits.v2.max) return code(45002)
  const author = readAuthor(kit, body.value, app, call.nowMs)
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
      trace_id: kit.ids.dashed(),
    },
  }
}

/** Spec §2.2: a user can be named for 2 hours after the last visit. */
const userValidMs = 2 * 3_600_000

type Author =
  | { readonly kind: 'author'; readonly openid: string; readonly scene: number }
  | { readonly kind: 'refused'; readonly code: 40003 | 40129 | 43104 | 61010 }

/** `scene` and `openid` of a v2 request (spec §2.2, §8.6). */
function readAuthor(kit: WechatKit, body: Readonly<Record<string, unknown>>, app: PracticeApp, nowMs: number): Author {
  const { scene, openid } = body
  if (scene !== 1 && scene !== 2 && scene !== 3 && scene !== 4) return { kind: 'refused', code: 40129 }
  if (typeof openid !== 'string') return { kind: 'refused', code: 40003 }
  const user = app.users.find(known => known.openid === openid)
  if (user === undefined) {
    const isForeign = kit.apps.some(other => other.users.some(known => known.openid === openid))
    return { kind: 'refused', code: isForeign ? 43104 : 40003 }
  }
  if (user.lastVisit !== 'always' && nowMs - user.lastVisit > userValidMs) {
    return { kind: 'refused', code: 61010 }
  }
  return { kind: 'author', openid, scene }
}

// Images and media (spec §3)

export async function answerMedia(kit: WechatKit, call: Call): Promise<Answer> {
  const form = readMultipart(call.body, call.contentType)
  return form.kind === 'refused' ? code(form.code) : answerImage(kit, form.media)
}

export function answerAsync(kit: WechatKit, call: Call, app: PracticeApp): Answer {
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
    const traceId = kit.ids.plain()
    kit.submit({ ...submission, version: 1, traceId, openid: null, scene: null })
    return { kind: 'code', code: 0, more: { trace_id: traceId } }
  }
  const author = readAuthor(kit, body.value, app, call.nowMs)
  if (author.kind === 'refused') return code(author.code)
  const traceId = kit.ids.dashed()
  kit.submit({ ...submission, version: 2, traceId, openid: author.openid, scene: author.scene })
  return { kind: 'code', code: 0, more: { trace_id: traceId } }
}

// Quota (spec §7.3)

export function answerQuota(kit: WechatKit, call: Call, app: PracticeApp): Answer {
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const path = readText(body.value, 'cgi_path')
  if (path.kind === 'refused') return code(path.code)
  if (path.text.startsWith('/sns/')) return code(76022)
  const endpoint = wechatPracticeEndpoints.find(known => known.path === path.text)?.id
  if (endpoint === undefined) return code(76021)
  const { perMinute, perDay } = kit.rates[endpoint] ?? { perMinute: null, perDay: null }
  if (perDay === null) return code(76022)
  const used = kit.meter.usedToday(endpoint, app.appid, call.nowMs)
  return {
    kind: 'code',
    code: 0,
    more: {
      quota: { daily_limit: perDay, used, remain: perDay - used },
      ...(perMinute === null ? {} : { rate_limit: { call_count: perMinute, refresh_second: 60 } }),
    },
  }
}
