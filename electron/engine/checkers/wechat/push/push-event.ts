import { type Evidence, type FinalConclusion, failure } from '../../../../../shared/conclusion.ts'
import type { PlatformId } from '../../../../../shared/domain.ts'
import { detailOf } from '../../../base/detail.ts'
import { redact } from '../../../base/redact.ts'
import { isObject } from '../../http.ts'
import {
  type CodeReading,
  cut,
  doubtOf,
  failedStrategies,
  plain,
  readCode,
  readInteger,
  readSuggest,
  scoreOf,
  valuesOf,
  verdictOf,
} from '../../tencent/reply.ts'
import { meaningOf } from '../../tencent/verdict-table.ts'
import { readDocument } from './document.ts'
import { type PushRefusal, refused } from './refusal.ts'

/** What a push says about the media of one asynchronous check. Its trace id is opaque, case-sensitive text (spec §3.2). */
export interface PushEvent {
  readonly kind: 'media-check'
  readonly platform: PlatformId
  readonly appid: string
  readonly traceId: string
  readonly conclusion: PushConclusion
}

/** The evidence is always there, with the push itself in `reply`, redacted. */
export type PushConclusion = FinalConclusion & { readonly evidence: Evidence }

/** Another message to the same address: customer service, other events. Never used. */
export interface OtherMessage {
  readonly kind: 'other'
  /** `MsgType` or `Event`, for logs. */
  readonly name: string
  /** For the receiver's own test pushes. */
  readonly fields: Readonly<Record<string, unknown>>
}

export interface PushOrigin {
  readonly platform: PlatformId
  readonly appid: string
}

/** Reads a message that came for this app, v1, v2 or QQ, JSON or XML, after it was verified and decrypted. */
export function readPush(message: Uint8Array, origin: PushOrigin): PushEvent | OtherMessage | PushRefusal {
  const recognised = recognisePush(message, origin)
  if (recognised.kind !== 'media-check') return recognised
  const { fields, text, traceId } = recognised
  const conclusion = conclude(fields, evidenceOf(fields, text, traceId), origin.platform)
  return { kind: 'media-check', platform: origin.platform, appid: origin.appid, traceId, conclusion }
}

/** What the message is about, without judging it: all that the relay has to know. */
export function recognisePush(
  message: Uint8Array,
  origin: PushOrigin,
):
  | { readonly kind: 'media-check'; readonly traceId: string; readonly fields: Fields; readonly text: string }
  | OtherMessage
  | PushRefusal {
  const document = readDocument(message)
  if (document.kind === 'refused') return document
  const { fields, text } = document

  const eventName = oneText(fields, 'event')
  // QQ's table writes `Event`, its sample `event` (spec §4.1).
  const messageType = oneText(fields, 'msgtype')?.toLowerCase()
  const isExpected = eventName !== undefined && eventName.toLowerCase() === eventNames[origin.platform]
  if (messageType !== 'event' || !isExpected) {
    return { kind: 'other', name: plain(eventName ?? messageType ?? 'unnamed', []).slice(0, 60), fields }
  }

  const appids = valuesOf(fields, 'appid')
  // The verification has established the app; a push that names one must name the same.
  if (appids.length > 0 && (appids.length > 1 || String(appids[0]) !== origin.appid)) {
    return refused('wrong_appid', 'the push names another appid')
  }
  const traceId = oneText(fields, 'trace_id')
  if (traceId === undefined || !isTraceId(traceId)) return refused('malformed', 'no usable trace_id')
  return { kind: 'media-check', traceId, fields, text }
}

const eventNames: Readonly<Record<PlatformId, string>> = { wechat: 'wxa_media_check', qq: 'qq_media_check' }

/** Long enough for any id; no spaces and nothing a terminal would obey. */
function isTraceId(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text)
}

/** The decision table of spec §3.4, first match; where a field is there but cannot be read, nothing is concluded from the rest. */
function conclude(fields: Fields, evidence: Evidence, platform: PlatformId): PushConclusion {
  const errcode = readCode(fields)
  if (errcode.kind === 'unreadable') return unreadable('errcode', evidence)
  if (errcode.kind === 'code' && errcode.value !== 0) {
    return refusal(errcode.value, `${errcode.value} ${evidence.errmsg ?? ''}`.trimEnd(), evidence)
  }
  const status = readCode(fields, 'status_code')
  if (status.kind === 'unreadable') return unreadable('status_code', evidence)
  if (status.kind === 'code' && status.value !== 0) {
    const detail = `status_code ${status.value}`
    // On QQ any other value says that the address could not be downloaded (spec §4.1).
    return platform === 'qq'
      ? { ...failure('INPUT', 'push_download_failed', detail), evidence }
      : refusal(status.value, detail, evidence)
  }
  const suggest = readSuggest(fields)
  const isrisky = readCode(fields, 'isrisky')
  // An empty element of XML says nothing.
  if (suggest.kind === 'unreadable' || (suggest.kind === 'suggest' && suggest.value === '')) {
    return unreadable('result', evidence)
  }
  if (suggest.kind === 'suggest') {
    const verdict = verdictOf(suggest.value)
    // v2 has no `isrisky` (spec §3.4); a push that says both things is for a person to look at.
    const isContradicted = verdict === 'pass' && !isAbsentOr(isrisky, 0)
    const failedCount = failedStrategies(fields)
    if (verdict === 'pass' && !isContradicted && failedCount > 0) {
      return { ...failure('RETRY', 'malformed_reply', detailOf('strategies_failed', { count: failedCount })), evidence }
    }
    return verdict === 'pass' && !isContradicted
      ? passUnlessDoubted(fields, 'suggest', evidence)
      : { kind: 'verdict', verdict: isContradicted ? 'review' : verdict, evidence }
  }
  if (isrisky.kind === 'code' && isrisky.value === 1) return { kind: 'verdict', verdict: 'risky', evidence }
  if (isrisky.kind === 'code' && isrisky.value === 0) return passUnlessDoubted(fields, 'absent', evidence)
  return isrisky.kind === 'absent'
    ? { ...failure('RETRY', 'malformed_reply', detailOf('push_without_verdict')), evidence }
    : unreadable('isrisky', evidence)
}

/** The same doubts as for a reply: a message that is no "ok", or a code or word further down that is no pass. */
function passUnlessDoubted(fields: Fields, suggest: 'suggest' | 'absent', evidence: Evidence): PushConclusion {
  const doubt = doubtOf(fields, suggest)
  if (doubt?.kind === 'contradiction') return { ...failure('RETRY', 'malformed_reply', doubt.detail), evidence }
  return { kind: 'verdict', verdict: doubt === null ? 'pass' : 'review', evidence }
}

function refusal(code: number, detail: string, evidence: Evidence): PushConclusion {
  const meaning = meaningOf(code, 'push')
  return { ...failure(meaning.class, meaning.code, detail), evidence }
}

function unreadable(field: string, evidence: Evidence): PushConclusion {
  return { ...failure('RETRY', 'malformed_reply', detailOf('unreadable_field', { name: field })), evidence }
}

function isAbsentOr(reading: CodeReading, value: number): boolean {
  return reading.kind === 'absent' || (reading.kind === 'code' && reading.value === value)
}

type Fields = Readonly<Record<string, unknown>>

/** The only value under this name, whatever its casing, when it is a text. */
function oneText(fields: Fields, lowerName: string): string | undefined {
  const values = valuesOf(fields, lowerName)
  const [value] = values
  return values.length === 1 && typeof value === 'string' ? value : undefined
}

function evidenceOf(fields: Fields, text: string, traceId: string): Evidence {
  // `FromUserName` looks like the openid of a user (spec §3.3).
  const people = valuesOf(fields, 'fromusername').filter(value => typeof value === 'string')
  const errcode = readCode(fields)
  const errmsg = oneText(fields, 'errmsg')
  const message = errmsg === undefined ? null : plain(errmsg, people)
  const label = isObject(fields.result) ? readInteger(fields.result.label) : null
  return {
    httpStatus: null,
    errcode: errcode.kind === 'code' ? errcode.value : null,
    errmsg: message,
    rid: message?.match(/\brid:\s*([\w-]+)/)?.[1] ?? null,
    traceId,
    label,
    score: label === null ? null : scoreOf(label, strategiesOf(fields.detail)),
    reply: cut(redact(text, people), 4096),
  }
}

/** In XML a list of one is no list, and numbers are texts (spec §3.4). */
function strategiesOf(detail: unknown): unknown[] {
  return (Array.isArray(detail) ? detail : [detail])
    .filter(isObject)
    .map(item => ({ ...item, prob: readInteger(item.prob) ?? item.prob }))
}
