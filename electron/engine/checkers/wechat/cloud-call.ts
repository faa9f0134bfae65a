import { failure } from '../../../../shared/conclusion.ts'
import type { MediaUrlPart, Part } from '../../../../shared/domain.ts'
import { detailOf } from '../../base/detail.ts'
import { apiAddress, exchange, isObject, jsonBody, parseObject } from '../http.ts'
import { refusalOf } from '../part-limits.ts'
import type { CheckRequest, Platform } from '../platform.ts'
import { type CheckShape, concludeCarrier, concludeCheck, malformedReply, valuesOf } from '../tencent/reply.ts'
import type { CallKind } from '../tencent/verdict-table.ts'
import { textFields } from './text-fields.ts'

/** The cloud function that makes a profile's checks (resources/cloudfunctions/prescreen-check). */
export interface CloudFunction {
  readonly env: string
  readonly functionName: string
}

/**
 * The platform with its checks made by a cloud function: `tcb/invokecloudfunction` carries each check there and its answer back
 * (docs/cloud-call.md). Tokens and quotas are the platform's as before; there are two replies to read, and neither may be a
 * pass by accident.
 */
export function throughCloud(platform: Platform, cloud: CloudFunction): Platform {
  return {
    ...platform,
    async check(transport, request, signal) {
      const endpoint = platform.endpointFor(request.part.kind, { hasUser: request.openid !== null })
      if (endpoint === null || endpoint.id !== request.endpoint) {
        return failure('BUG', 'internal_error', detailOf('wrong_endpoint', { name: request.endpoint }))
      }
      const refusal = refusalOf(request.part, endpoint)
      if (refusal !== null) return refusal
      const address = apiAddress(transport.baseUrl, '/tcb/invokecloudfunction', {
        [request.tokenParameter ?? 'access_token']: request.accessToken,
        env: cloud.env,
        name: cloud.functionName,
      })
      if ('kind' in address) return address
      const { argument, call, shape } = callOf(request.part, request)
      const openids = request.openid === null ? [] : [request.openid]
      const secrets = [request.accessToken, ...openids, ...request.text.openids]
      const reply = await exchange(transport, { method: 'POST', address, ...jsonBody(argument), secrets }, signal)
      if (reply.kind === 'failure') return reply
      const refused = concludeCarrier(reply)
      if (refused !== null) return refused
      const text = reply.body?.resp_data
      // What the function returned, as text; anything else is no answer.
      const inner = typeof text === 'string' ? { text, body: withTraceId(parseObject(text)) } : noAnswer
      const conclusion = concludeCheck({ ...reply, ...inner }, call, shape)
      return conclusion.kind === 'failure' || conclusion.evidence.errcode !== 0 || isAnswer(inner.body, shape)
        ? conclusion
        : malformedReply(detailOf('zero_added_by_sdk'), conclusion.evidence)
    },
  }
}

const noAnswer = { text: '', body: null }

/** The SDK writes `traceId` (spec §0). */
function withTraceId(body: Readonly<Record<string, unknown>> | null): Readonly<Record<string, unknown>> | null {
  return body === null || body.trace_id !== undefined || body.traceId === undefined
    ? body
    : { ...body, trace_id: body.traceId }
}

/**
 * The SDK adds `errCode` 0 to whatever it did not understand: a page becomes `{contentType, buffer}`, other text `{result: text}`
 * (docs/cloud-call.md). The function refuses these; one that was deployed before it did hands them on. Where nothing but that code speaks,
 * nothing else may stand beside it.
 */
function isAnswer(body: Readonly<Record<string, unknown>> | null, shape: CheckShape): boolean {
  const names = Object.keys(body ?? {}).map(name => name.toLowerCase())
  if (names.includes('buffer') || names.includes('contenttype')) return false
  return shape !== 'code' || (names.every(name => answerFields.has(name)) && valuesOf(body, 'result').every(isObject))
}

const answerFields: ReadonlySet<string> = new Set(['errcode', 'errmsg', 'result', 'detail', 'trace_id', 'traceid'])

interface Call {
  readonly argument: Readonly<Record<string, unknown>>
  readonly call: CallKind
  readonly shape: CheckShape
}

function callOf(part: Part, request: CheckRequest): Call {
  switch (part.kind) {
    case 'text':
      return {
        argument: { api: 'msgSecCheck', data: textFields(part, request) },
        call: 'text',
        shape: request.openid === null ? 'code' : 'suggest',
      }
    case 'image': {
      const { byteOffset, byteLength } = part.bytes
      const base64 = Buffer.from(part.bytes.buffer, byteOffset, byteLength).toString('base64')
      return {
        argument: { api: 'imgSecCheck', media: { contentType: part.mime, base64 } },
        call: 'image',
        shape: 'code',
      }
    }
    case 'media-url':
      return {
        argument: { api: 'mediaCheckAsync', data: mediaFields(part, request) },
        call: 'media',
        shape: 'trace',
      }
  }
}

function mediaFields(part: MediaUrlPart, { openid, text }: CheckRequest): Readonly<Record<string, unknown>> {
  const fields = { mediaUrl: part.url, mediaType: part.mediaType === 'audio' ? 1 : 2 }
  return openid === null ? fields : { ...fields, version: 2, openid, scene: text.scene }
}
