import { type CloudApi, serve } from '../../../resources/cloudfunctions/prescreen-check/serve.js'
import { CloudSdkError, createCloudSdk, type GatewayReply } from './cloud-sdk.ts'
import type { SandboxEndpoint } from './endpoints.ts'
import { minuteLimitCode } from './endpoints.ts'
import type { FinalFault } from './fault-script.ts'
import { garbage } from './garbage.ts'
import { readJsonBody } from './json-body.ts'
import type { PracticeApp } from './practice-apps.ts'
import { type Answer, withoutHit } from './replies.ts'
import { answerImage, type Call, callerByToken, code, type House, type Route } from './routes.ts'
import { answerAsync, answerText } from './wechat-routes.ts'

/** The one function that is deployed in every practice environment. */
const functionName = 'prescreen-check'

/** `tcb/invokecloudfunction` with the product's own cloud function behind it, as it is shipped (docs/cloud-call.md). */
export function cloudRoute(house: House): Route {
  return {
    endpoint: 'wechat.invokecloudfunction',
    platform: 'wechat',
    dialect: 'wechat',
    method: 'POST',
    caller: call => callerByToken(house, 'wechat', call),
    answer: async (call, app) => {
      const { query } = call
      if (!query.get('env') || !query.get('name')) return code(40101)
      if (query.get('name') !== functionName) {
        return { kind: 'code', code: -501000, message: `FunctionName ${query.get('name')} not found` }
      }
      const body = readJsonBody(call.body, call.contentType)
      if (body.kind === 'refused') return code(body.code)
      const main = serve(createCloudSdk((api, args) => callApi(house, call, app, api, args)))
      return { kind: 'code', code: 0, more: { resp_data: JSON.stringify(await main(body.value)) } }
    },
  }
}

const endpoints = {
  msgSecCheck: 'wechat.msg_sec_check',
  imgSecCheck: 'wechat.img_sec_check',
  mediaCheckAsync: 'wechat.media_check_async',
} as const satisfies Readonly<Record<CloudApi, SandboxEndpoint>>

/** A cloud call counts for the API that it makes, and suffers its faults. */
async function callApi(
  house: House,
  call: Call,
  app: PracticeApp,
  api: CloudApi,
  args: Record<string, unknown>,
): Promise<GatewayReply> {
  const endpoint = endpoints[api]
  const { delayMs, fault } = house.planFault(endpoint)
  const admission = house.meter.arrive(endpoint, app.appid, call.nowMs)
  if (delayMs > 0) await house.pause(delayMs)
  const answer = () =>
    admission === 'minute_full'
      ? code(minuteLimitCode(endpoint))
      : admission === 'day_full'
        ? code(45009)
        : answerOf(house, call, app, api, args)
  if (fault === null) return jsonReply(house, await answer())
  return fault === 'pass' ? jsonReply(house, withoutHit(await answer())) : faultyReply(house, fault)
}

function answerOf(
  house: House,
  call: Call,
  app: PracticeApp,
  api: CloudApi,
  args: Record<string, unknown>,
): Answer | Promise<Answer> {
  const direct = { ...call, contentType: 'application/json', body: Buffer.from(JSON.stringify(args)) }
  switch (api) {
    case 'msgSecCheck':
      return answerText(house, direct, app)
    case 'imgSecCheck': {
      const { media } = args
      const bytes = typeof media === 'object' && media !== null && 'value' in media ? media.value : null
      return Buffer.isBuffer(bytes) && bytes.length > 0 ? answerImage(house, bytes) : code(41005)
    }
    case 'mediaCheckAsync':
      return answerAsync(house, direct, app)
  }
}

function jsonReply(house: House, answer: Answer): GatewayReply {
  return textReply('application/json; encoding=utf-8', house.replies.write('wechat', answer))
}

function textReply(contentType: string, text: string): GatewayReply {
  return { contentType, body: Buffer.from(text) }
}

/** The same faults as over HTTP, as far as they reach the SDK: it does not look at the status. */
function faultyReply(house: House, fault: Exclude<FinalFault, 'pass'>): GatewayReply {
  if (fault === 'reset') throw new CloudSdkError('', -501001, 'socket hang up')
  if ('errcode' in fault) {
    const { errcode, errmsg } = fault
    return jsonReply(house, { kind: 'code', code: errcode, ...(errmsg === undefined ? {} : { message: errmsg }) })
  }
  if ('raw' in fault) return textReply('application/json; encoding=utf-8', fault.raw)
  if ('http' in fault) return garbage.html
  return fault.garbage === 'truncated'
    ? textReply('application/json; encoding=utf-8', '{"errc')
    : garbage[fault.garbage]
}
