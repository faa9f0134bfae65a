import { failure } from '../../../../shared/conclusion.ts'
import type { MediaUrlPart, Part } from '../../../../shared/domain.ts'
import { detailOf } from '../../base/detail.ts'
import { apiAddress, exchange, imageForm, jsonBody, type Outgoing } from '../http.ts'
import { refusalOf } from '../part-limits.ts'
import type { CheckRequest, Endpoint, Platform } from '../platform.ts'
import { type CheckShape, concludeCheck, concludeToken } from '../tencent/reply.ts'
import type { CallKind } from '../tencent/verdict-table.ts'
import { miniProgram } from '../tencent/words.ts'
import { image, media, text } from './endpoints.ts'
import { qqPractice } from './practice/profile.ts'

/** QQ mini programs (spec §1.5, §4). */
export const qq: Platform = {
  id: 'qq',
  needs: 'account',
  name: { zh: 'QQ 小程序', en: 'QQ mini program' },
  baseUrl: 'https://api.q.qq.com',
  tokenModes: ['classic', 'broker'],
  endpoints: [text, image, media],
  account: miniProgram,
  fields: [],
  links: {
    docs: 'https://q.qq.com/wiki/',
    docsName: { zh: 'QQ 小程序文档', en: 'QQ documentation' },
    console: 'https://q.qq.com/',
  },
  withoutUser: null,
  practice: qqPractice,
  endpointFor,

  async check(transport, request, signal) {
    const { part, appid, accessToken } = request
    const endpoint = endpointFor(part.kind)
    if (endpoint.id !== request.endpoint) {
      return failure('BUG', 'internal_error', detailOf('wrong_endpoint', { name: request.endpoint }))
    }
    const refusal = refusalOf(part, endpoint)
    if (refusal !== null) return refusal
    const { path, call, shape, headers, body } = callOf(part, request)
    // The pages show the appid in the body, clients in the wild also in the query; both is the safest (spec §4.1).
    const address = apiAddress(transport.baseUrl, path, {
      [request.tokenParameter ?? 'access_token']: accessToken,
      appid,
    })
    if ('kind' in address) return address
    const secrets = [accessToken, ...request.text.openids]
    const reply = await exchange(transport, { method: 'POST', address, headers, body, secrets }, signal)
    return reply.kind === 'reply' ? concludeCheck(reply, call, shape) : reply
  },

  async fetchToken(transport, { mode, appid, secret }, signal) {
    if (mode !== 'classic') return failure('BUG', 'internal_error', detailOf('no_such_token_mode', { name: mode }))
    const address = apiAddress(transport.baseUrl, '/api/getToken', { grant_type: 'client_credential', appid, secret })
    if ('kind' in address) return address
    const reply = await exchange(
      transport,
      { method: 'GET', address, headers: {}, body: null, secrets: [secret] },
      signal,
    )
    return reply.kind === 'reply' ? concludeToken(reply) : reply
  },

  readQuota: null,
}

function endpointFor(kind: Part['kind']): Endpoint {
  switch (kind) {
    case 'text':
      return text
    case 'image':
      return image
    case 'media-url':
      return media
  }
}

interface Call extends Pick<Outgoing, 'headers' | 'body'> {
  readonly path: string
  readonly call: CallKind
  readonly shape: CheckShape
}

function callOf(part: Part, request: CheckRequest): Call {
  const { appid } = request
  switch (part.kind) {
    case 'text':
      return {
        path: '/api/json/security/MsgSecCheck',
        call: 'text',
        shape: 'code',
        ...jsonBody({ appid, content: part.text }),
      }
    case 'image':
      return { path: '/api/json/security/ImgSecCheck', call: 'image', shape: 'code', ...imageForm(part, { appid }) }
    case 'media-url':
      return {
        path: '/api/json/security/MediaCheckAsync',
        call: 'media',
        shape: 'trace',
        ...jsonBody({ appid, media_url: part.url, media_type: mediaType(part, request) }),
      }
  }
}

/** The page's table says string, its sample sends a number; which one QQ insists on is not known (spec §4.3). */
function mediaType(part: MediaUrlPart, { mediaTypeAs }: CheckRequest): string | number {
  const type = part.mediaType === 'audio' ? 1 : 2
  return mediaTypeAs === 'number' ? type : String(type)
}
