import { type Failure, failure } from '../../../../shared/conclusion.ts'
import type { MediaUrlPart, Part } from '../../../../shared/domain.ts'
import { detailOf } from '../../base/detail.ts'
import { apiAddress, exchange, imageForm, jsonBody, type Outgoing } from '../http.ts'
import { refusalOf } from '../part-limits.ts'
import type { CheckRequest, Endpoint, Platform, Transport } from '../platform.ts'
import { type CheckShape, concludeCheck, concludeQuota, concludeToken } from '../tencent/reply.ts'
import type { CallKind } from '../tencent/verdict-table.ts'
import { miniProgram } from '../tencent/words.ts'
import { throughCloud } from './cloud-call.ts'
import { image, mediaV1, mediaV2, textV1, textV2 } from './endpoints.ts'
import { wechatPractice } from './practice/profile.ts'
import { textFields } from './text-fields.ts'
import { wechatFields, wechatLinks, withoutUser } from './words.ts'

/** WeChat mini programs and mini games (spec §1–§3). */
export const wechat: Platform = {
  id: 'wechat',
  needs: 'account',
  name: { zh: '微信小程序', en: 'WeChat mini program' },
  baseUrl: 'https://api.weixin.qq.com',
  tokenModes: ['stable', 'classic', 'broker', 'static'],
  endpoints: [textV2, textV1, image, mediaV2, mediaV1],
  account: miniProgram,
  fields: wechatFields,
  links: wechatLinks,
  withoutUser,
  practice: wechatPractice,
  endpointFor,
  reachedBy: ({ cloud }) => (cloud === null ? wechat : throughCloud(wechat, cloud)),

  async check(transport, request, signal) {
    const endpoint = endpointFor(request.part.kind, { hasUser: request.openid !== null })
    if (endpoint.id !== request.endpoint) {
      return failure('BUG', 'internal_error', detailOf('wrong_endpoint', { name: request.endpoint }))
    }
    const refusal = refusalOf(request.part, endpoint)
    if (refusal !== null) return refusal
    const { path, call, shape, headers, body } = callOf(request.part, request)
    const address = apiAddress(transport.baseUrl, path, tokenQuery(request))
    if ('kind' in address) return address
    const secrets = [request.accessToken, ...(request.openid === null ? [] : [request.openid]), ...request.text.openids]
    const reply = await exchange(transport, { method: 'POST', address, headers, body, secrets }, signal)
    return reply.kind === 'reply' ? concludeCheck(reply, call, shape) : reply
  },

  async fetchToken(transport, { mode, appid, secret }, signal) {
    const outgoing = mode === 'stable' ? stableToken(transport, appid, secret) : classicToken(transport, appid, secret)
    if ('kind' in outgoing) return outgoing
    const reply = await exchange(transport, outgoing, signal)
    return reply.kind === 'reply' ? concludeToken(reply) : reply
  },

  async readQuota(transport, request, signal) {
    const address = apiAddress(transport.baseUrl, '/cgi-bin/openapi/quota/get', tokenQuery(request))
    if ('kind' in address) return address
    const body = jsonBody({ cgi_path: request.quotaPath })
    const reply = await exchange(
      transport,
      { method: 'POST', address, ...body, secrets: [request.accessToken] },
      signal,
    )
    return reply.kind === 'reply' ? concludeQuota(reply) : reply
  },
}

/** v2 wants the openid of a recent visitor; without one only the frozen v1 is left (spec §8.6). */
function endpointFor(kind: Part['kind'], { hasUser }: { readonly hasUser: boolean }): Endpoint {
  switch (kind) {
    case 'text':
      return hasUser ? textV2 : textV1
    case 'image':
      return image
    case 'media-url':
      return hasUser ? mediaV2 : mediaV1
  }
}

interface Call extends Pick<Outgoing, 'headers' | 'body'> {
  readonly path: string
  readonly call: CallKind
  readonly shape: CheckShape
}

function callOf(part: Part, request: CheckRequest): Call {
  switch (part.kind) {
    case 'text':
      return {
        path: '/wxa/msg_sec_check',
        call: 'text',
        shape: request.openid === null ? 'code' : 'suggest',
        ...jsonBody(textFields(part, request)),
      }
    case 'image':
      return { path: '/wxa/img_sec_check', call: 'image', shape: 'code', ...imageForm(part, {}) }
    case 'media-url':
      return { path: '/wxa/media_check_async', call: 'media', shape: 'trace', ...jsonBody(mediaFields(part, request)) }
  }
}

function mediaFields(part: MediaUrlPart, { openid, text }: CheckRequest): Readonly<Record<string, unknown>> {
  // It must be true: an image sent as audio comes back as pass (spec §3.2).
  const fields = { media_url: part.url, media_type: part.mediaType === 'audio' ? 1 : 2 }
  return openid === null ? fields : { ...fields, version: 2, openid, scene: text.scene }
}

/** The token goes into the query and nowhere else: in the body it gives 47001 (spec §0). */
function tokenQuery({ tokenParameter, accessToken }: Pick<CheckRequest, 'tokenParameter' | 'accessToken'>) {
  return { [tokenParameter ?? 'access_token']: accessToken }
}

/** A read of the platform's present token. `force_refresh` would take it from everyone else who uses the appid (spec §1.2). */
function stableToken(transport: Transport, appid: string, secret: string): Outgoing | Failure {
  const address = apiAddress(transport.baseUrl, '/cgi-bin/stable_token', {})
  if ('kind' in address) return address
  const body = jsonBody({ grant_type: 'client_credential', appid, secret, force_refresh: false })
  return { method: 'POST', address, ...body, secrets: [secret] }
}

/** Each call ends the life of the token before it (spec §1.1). */
function classicToken(transport: Transport, appid: string, secret: string): Outgoing | Failure {
  const address = apiAddress(transport.baseUrl, '/cgi-bin/token', { grant_type: 'client_credential', appid, secret })
  if ('kind' in address) return address
  return { method: 'GET', address, headers: {}, body: null, secrets: [secret] }
}
