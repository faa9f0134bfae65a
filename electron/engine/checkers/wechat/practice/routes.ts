import type { Call, Dialect, PracticeRoutes, Route, SandboxKit } from '../../../sandbox/practice.ts'
import { callerByToken, code } from '../../tencent/practice/answers.ts'
import { createIdMaker, type IdMaker, messageOf, withoutHit } from '../../tencent/practice/replies.ts'
import { createTokenOffice } from '../../tencent/practice/token-office.ts'
import {
  answerAsync,
  answerClassicToken,
  answerMedia,
  answerQuota,
  answerStableToken,
  answerText,
  callerByAppid,
  callerOfStableToken,
  type WechatKit,
} from './answers.ts'
import { answerCloudCall } from './cloud-route.ts'
import { minuteLimitCode, type WechatEndpoint } from './endpoints.ts'

export function openWechat(sandbox: SandboxKit): PracticeRoutes {
  const ids = createIdMaker(sandbox.clock)
  const dialect = dialectWith(ids)
  const kit: WechatKit = { ...sandbox, tokens: createTokenOffice(), ids, dialect }
  const byToken = (call: Call) => callerByToken(kit.tokens, tokenIn(call), call.nowMs)
  const check = (endpoint: WechatEndpoint, answer: Route['answer']): Route => ({
    endpoint,
    dialect,
    method: 'POST',
    isKnownByHead: true,
    refusals: {
      wrongMethod: code(43002),
      minuteFull: code(minuteLimitCode(endpoint)),
      dayFull: code(45009),
    },
    caller: byToken,
    answer,
  })
  const stableToken = check('wechat.stable_token', (call, app) => answerStableToken(kit, call, app))
  const classicToken = check('wechat.token', (call, app) => answerClassicToken(kit, call, app))
  return {
    // WeChat has a code for a mistyped path (spec §4.6, §6.2).
    unknownPath: { dialect, answer: code(40066) },
    routes: [
      {
        ...classicToken,
        method: 'GET',
        isKnownByHead: false,
        refusals: { ...classicToken.refusals, wrongMethod: code(43001) },
        caller: call => callerByAppid(kit, call.query.get('appid')),
      },
      // The app is named in the body.
      { ...stableToken, isKnownByHead: false, caller: call => callerOfStableToken(kit, call) },
      check('wechat.msg_sec_check', (call, app) => answerText(kit, call, app)),
      check('wechat.img_sec_check', call => answerMedia(kit, call)),
      check('wechat.media_check_async', (call, app) => answerAsync(kit, call, app)),
      check('wechat.quota_get', (call, app) => answerQuota(kit, call, app)),
      check('wechat.invokecloudfunction', (call, app) => answerCloudCall(kit, call, app)),
    ],
  }
}

/** A cloud host's token may take the place of the ordinary one under its own name (spec §1.4). */
function tokenIn({ query }: Call): string | null {
  return query.get('access_token') ?? query.get('cloudbase_access_token')
}

/**
 * Error fields in lower case with a rid behind each error (spec §0). WeChat declares `encoding`, which no client may depend on.
 */
function dialectWith(ids: IdMaker): Dialect {
  return {
    contentType: 'application/json; encoding=utf-8',
    withoutHit,
    write: answer => {
      if (answer.kind === 'body') return JSON.stringify(answer.body)
      const message = messageOf(answer)
      const errmsg = answer.code === 0 ? message : `${message} rid: ${ids.dashed()}`
      return JSON.stringify({ errcode: answer.code, errmsg, ...answer.more })
    },
  }
}
