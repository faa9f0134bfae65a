import { z } from 'zod'
import type { SandboxEndpoint } from './endpoints.ts'
import { minuteLimitCode } from './endpoints.ts'
import { readJsonBody } from './json-body.ts'
import type { PracticeApp } from './practice-apps.ts'
import type { Answer } from './replies.ts'
import { answerImage, type Call, callerByToken, code, type House, type Route } from './routes.ts'
import { answerAsync, answerText } from './wechat-routes.ts'

/** The one function that is deployed in every practice environment. */
const functionName = 'prescreen-check'

/** `tcb/invokecloudfunction` with the product's own cloud function behind it (docs/cloud-call.md). */
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
      const returned = asSdk(await run(house, call, app, body.value))
      return { kind: 'code', code: 0, more: { resp_data: JSON.stringify(returned) } }
    },
  }
}

const mediaSchema = z.object({ base64: z.string() })
const dataSchema = z.record(z.string(), z.unknown())

async function run(
  house: House,
  call: Call,
  app: PracticeApp,
  event: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const direct = (data: unknown): Call => ({
    ...call,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(data)),
  })
  const data = dataSchema.safeParse(event.data).data ?? {}
  switch (event.api) {
    case 'msgSecCheck':
      return metered(house, 'wechat.msg_sec_check', call, app, () => answerText(house, direct(data), app))
    case 'imgSecCheck': {
      const media = mediaSchema.safeParse(event.media)
      if (!media.success) return code(41005)
      const bytes = Buffer.from(media.data.base64, 'base64')
      return metered(house, 'wechat.img_sec_check', call, app, () => answerImage(house, bytes))
    }
    case 'mediaCheckAsync': {
      // The SDK's names, in the wire's words.
      const { mediaUrl, mediaType, ...rest } = data
      const wire = { media_url: mediaUrl, media_type: mediaType, ...rest }
      return metered(house, 'wechat.media_check_async', call, app, () => answerAsync(house, direct(wire), app))
    }
    default:
      return { kind: 'code', code: -501007, message: 'unknown api' }
  }
}

/** A cloud call counts for the API that it makes. */
async function metered(
  house: House,
  endpoint: SandboxEndpoint,
  call: Call,
  app: PracticeApp,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  switch (house.meter.arrive(endpoint, app.appid, call.nowMs)) {
    case 'admitted':
      return answer()
    case 'minute_full':
      return code(minuteLimitCode(endpoint))
    case 'day_full':
      return code(45009)
  }
}

/** As wx-server-sdk spells it: `errCode`, `errMsg`, `traceId` (spec §0). */
function asSdk(answer: Answer): Readonly<Record<string, unknown>> {
  if (answer.kind === 'body') return answer.body
  const { trace_id: traceId, ...more } = answer.more ?? {}
  return {
    errCode: answer.code,
    errMsg: answer.message ?? (answer.code === 0 ? 'ok' : 'error'),
    ...more,
    ...(traceId === undefined ? {} : { traceId }),
  }
}
