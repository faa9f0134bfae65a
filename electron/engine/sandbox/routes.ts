import type { PlatformId } from '../../../shared/domain.ts'
import { limits, type RateLimit } from '../../../shared/limits.ts'
import type { CallMeter } from './call-meter.ts'
import type { SandboxEndpoint } from './endpoints.ts'
import type { PlannedFault } from './fault-script.ts'
import type { ImageFinding } from './image-judge.ts'
import type { IpAllowList } from './ip-allow-list.ts'
import type { JsonBody } from './json-body.ts'
import type { PracticeApp } from './practice-apps.ts'
import type { Answer, Dialect, ReplyWriter } from './replies.ts'
import type { TokenOffice } from './token-office.ts'

/** One request, read whole. */
export interface Call {
  readonly query: URLSearchParams
  readonly contentType: string | undefined
  readonly body: Buffer
  /** When its head arrived. */
  readonly nowMs: number
}

/** One documented API. */
export interface Route {
  readonly endpoint: SandboxEndpoint
  readonly platform: PlatformId
  readonly dialect: Dialect
  readonly method: 'GET' | 'POST'
  /** The app that a call counts for, or the code for a caller that is nobody. */
  caller(call: Call): Caller
  answer(call: Call, app: PracticeApp): Answer | Promise<Answer>
}

export type Caller =
  | { readonly kind: 'app'; readonly app: PracticeApp }
  | { readonly kind: 'refused'; readonly code: number }

/** An asynchronous check that the sandbox took; its verdict would come as a push. */
export interface Submission {
  readonly platform: PlatformId
  readonly appid: string
  readonly traceId: string
  readonly version: 1 | 2
  readonly mediaUrl: string
  readonly mediaType: 'audio' | 'image'
  /** v2 only. */
  readonly openid: string | null
  readonly scene: number | null
  readonly submittedAtMs: number
}

/** What routes work with. */
export interface House {
  readonly apps: readonly PracticeApp[]
  readonly tokens: TokenOffice
  readonly meter: CallMeter
  readonly rates: Readonly<Record<SandboxEndpoint, RateLimit>>
  readonly replies: ReplyWriter
  readonly judgeImage: (bytes: Buffer) => Promise<ImageFinding>
  readonly ipAllowList: IpAllowList | null
  readonly submit: (submission: Submission) => void
  /** Called once a call; a cloud call is one to the function and one to the API behind it. */
  readonly planFault: (endpoint: SandboxEndpoint) => PlannedFault
  /** Ends early when the sandbox is closed. */
  readonly pause: (ms: number) => Promise<void>
}

export const code = (number: number): Answer => ({ kind: 'code', code: number })

export function findApp(house: House, platform: PlatformId, appid: string): PracticeApp | null {
  return house.apps.find(app => app.platform === platform && app.appid === appid) ?? null
}

/**
 * Checks are called with an access token, which travels in the query string only (spec §0); on WeChat a cloud host's may
 * take its place under its own name (spec §1.4).
 */
export function callerByToken(house: House, platform: PlatformId, call: Call): Caller {
  const cloudToken = platform === 'wechat' ? call.query.get('cloudbase_access_token') : null
  return house.tokens.identify(platform, call.query.get('access_token') ?? cloudToken, call.nowMs)
}

type JsonObject = Extract<JsonBody, { kind: 'object' }>['value']

/** A text that must be there and not be empty. */
export function readText(
  body: JsonObject,
  name: string,
): { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly code: 47001 | 44002 } {
  const value = body[name]
  if (typeof value !== 'string') return { kind: 'refused', code: 47001 }
  return value === '' ? { kind: 'refused', code: 44002 } : { kind: 'text', text: value }
}

export async function answerImage(house: House, media: Buffer): Promise<Answer> {
  if (media.length > limits.imageMaxBytes) return code(40006)
  const finding = await house.judgeImage(media)
  switch (finding.kind) {
    case 'unreadable':
      return code(40137)
    case 'too_many_pixels':
      return code(40009)
    case 'judged':
      return code(finding.isRisky ? 87014 : 0)
  }
}

/** 1 audio, 2 image (spec §3.2); null for anything else. */
export function mediaTypeOf(value: unknown): Submission['mediaType'] | null {
  if (value === 1) return 'audio'
  return value === 2 ? 'image' : null
}
