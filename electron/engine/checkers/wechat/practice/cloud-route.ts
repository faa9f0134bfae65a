import { type CloudApi, serve } from '../../../../../resources/cloudfunctions/prescreen-check/serve.js'
import type { FinalFault } from '../../../sandbox/fault-script.ts'
import { garbage } from '../../../sandbox/garbage.ts'
import type { Answer, Call, PracticeApp } from '../../../sandbox/practice.ts'
import { answerImage, code } from '../../tencent/practice/answers.ts'
import { readJsonBody } from '../../tencent/practice/json-body.ts'
import { withoutHit } from '../../tencent/practice/replies.ts'
import { answerAsync, answerText, type WechatKit } from './answers.ts'
import { CloudSdkError, createCloudSdk, type GatewayReply } from './cloud-sdk.ts'
import { minuteLimitCode, type WechatEndpoint } from './endpoints.ts'

/** The one function that is deployed in every practice environment. */
const functionName = 'prescreen-check'

/** `tcb/invokecloudfunction` with the product's own cloud function behind it, as it is shipped (docs/cloud-call.md). */
export async function answerCloudCall(kit: WechatKit, call: Call, app: PracticeApp): Promise<Answer> {
  const { query } = call
  if (!query.get('env') || !query.get('name')) return code(40101)
  if (query.get('name') !== functionName) {
    return { kind: 'code', code: -501000, message: `FunctionName ${query.get('name')} not found` }
  }
  const body = readJsonBody(call.body, call.contentType)
  if (body.kind === 'refused') return code(body.code)
  const main = serve(createCloudSdk((api, args) => callApi(kit, call, app, api, args)))
  return { kind: 'code', code: 0, more: { resp_data: JSON.stringify(await main(body.value)) } }
}

const endpoints = {
  msgSecCheck: 'wechat.msg_sec_check',
  imgSecCheck: 'wechat.img_sec_check',
  mediaCheckAsync: 'wechat.media_check_async',
} as const satisfies Readonly<Record<CloudApi, WechatEndpoint>>

/** A cloud call counts for the API that it makes, and suffers its faults. */
async function callApi(
  kit: WechatKit,
  call: Call,
  app: PracticeApp,
  api: CloudApi,
  args: Record<string, unknown>,
): Promise<GatewayReply> {
  const endpoint = endpoints[api]
  const { delayMs, fault } = kit.planFault(endpoint)
  const admission = kit.meter.arrive(endpoint, app.appid, call.nowMs)
  if (delayMs > 0) await kit.pause(delayMs)
  const answer = () =>
    admission === 'minute_full'
      ? code(minuteLimitCode(endpoint))
      : admission === 'day_full'
        ? code(45009)
        : answerOf(kit, call, app, api, args)
  if (fault === null) return jsonReply(kit, await answer())
  return fault === 'pass' ? jsonReply(kit, withoutHit(await answer())) : faultyReply(kit, fault)
}

function answerOf(
  kit: WechatKit,
  call: Call,
  app: PracticeApp,
  api: CloudApi,
  args: Record<string, unknown>,
): Answer | Promise<Answer> {
  const direct = { ...call, contentType: 'application/json', body: Buffer.from(JSON.stringify(args)) }
  switch (api) {
    case 'msgSecCheck':
      return answerText(kit, direct, app)
    case 'imgSecCheck': {
      const { media } = args
      const bytes = typeof media === 'object' && media !== null && 'value' in media ? media.value : null
      return Buffer.isBuffer(bytes) && bytes.length > 0 ? answerImage(kit, bytes) : code(41005)
    }
    case 'mediaCheckAsync':
      return answerAsync(kit, direct, app)
  }
}

function jsonReply(kit: WechatKit, answer: Answer): GatewayReply {
  return textReply('application/json; encoding=utf-8', kit.dialect.write(answer))
}

function textReply(contentType: string, text: string): GatewayReply {
  return { contentType, body: Buffer.from(text) }
}

/** The same faults as over HTTP, as far as they reach the SDK: it does not look at the status. */
function faultyReply(kit: WechatKit, fault: Exclude<FinalFault, 'pass'>): GatewayReply {
  if (fault === 'reset') throw new CloudSdkError('', -501001, 'socket hang up')
  if ('errcode' in fault) {
    const { errcode, errmsg } = fault
    return jsonReply(kit, { kind: 'code', code: errcode, ...(errmsg === undefined ? {} : { message: errmsg }) })
  }
  if ('raw' in fault) return textReply('application/json; encoding=utf-8', fault.raw)
  if ('http' in fault) return garbage.html
  return fault.garbage === 'truncated'
    ? textReply('application/json; encoding=utf-8', '{"errc')
    : garbage[fault.garbage]
}
