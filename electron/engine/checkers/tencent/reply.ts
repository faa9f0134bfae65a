import ipaddr from 'ipaddr.js'
import { type Conclusion, type Evidence, type Failure, failure } from '../../../../shared/conclusion.ts'
import type { Verdict } from '../../../../shared/domain.ts'
import { detailOf } from '../../base/detail.ts'
import { redact } from '../../base/redact.ts'
import { isObject, type Reply } from '../http.ts'
import type { AccessToken, QuotaOutcome } from '../platform.ts'
import { type CallKind, meaningOf, riskyCode } from './verdict-table.ts'

/** Reads replies. Only what a platform said outright becomes a verdict; everything else is a failure that says why. */

/** What a successful reply must hold: v1 and QQ just `errcode`, v2 text `result.suggest`, asynchronous calls `trace_id`. */
export type CheckShape = 'code' | 'suggest' | 'trace'

export function concludeCheck(reply: Reply, call: CallKind, shape: CheckShape): Conclusion {
  const evidence = evidenceOf(reply)
  const refused = failureOf(reply, call, evidence)
  if (refused !== null) return refused
  if (evidence.errcode === riskyCode) return { kind: 'verdict', verdict: 'risky', evidence }
  if (shape === 'trace') {
    return evidence.traceId === null
      ? malformedReply(detailOf('zero_without_field', { name: 'trace_id' }), evidence)
      : { kind: 'accepted', traceId: evidence.traceId, evidence }
  }
  const suggest = readSuggest(reply.body)
  if (suggest.kind === 'unreadable') return malformedReply(detailOf('unreadable_field', { name: 'result' }), evidence)
  // In v2 errcode 0 only says that the call worked (spec §2.3).
  if (suggest.kind === 'absent' && shape === 'suggest') {
    return malformedReply(detailOf('zero_without_field', { name: 'result.suggest' }), evidence)
  }
  const verdict = suggest.kind === 'suggest' ? verdictOf(suggest.value) : 'pass'
  const failedCount = failedStrategies(reply.body)
  if (verdict === 'pass' && failedCount > 0) {
    return malformedReply(detailOf('strategies_failed', { count: failedCount }), evidence)
  }
  if (verdict !== 'pass') return { kind: 'verdict', verdict, evidence }
  const doubt = doubtOf(reply.body, suggest.kind)
  if (doubt?.kind === 'contradiction') return malformedReply(doubt.detail, evidence)
  return { kind: 'verdict', verdict: doubt === null ? 'pass' : 'review', evidence }
}

/** Why a call that only carries another one (`tcb/invokecloudfunction`) did not get there; null when it did. It says no verdict. */
export function concludeCarrier(reply: Reply): Failure | null {
  const evidence = evidenceOf(reply)
  const refused = failureOf(reply, 'carrier', evidence)
  if (refused !== null) return refused
  const doubt = doubtOfMessage(reply.body)
  return doubt === null
    ? null
    : malformedReply(doubt.kind === 'contradiction' ? doubt.detail : otherField('errmsg'), evidence)
}

/** Reads a token endpoint's reply, of a platform or of a token broker. */
export function concludeToken(reply: Reply): { readonly kind: 'token'; readonly token: AccessToken } | Failure {
  const value = reply.body?.access_token
  const hasToken = typeof value === 'string' && value !== ''
  const evidence = evidenceOf(hasToken ? { ...reply, secrets: [...reply.secrets, value] } : reply)
  // Success comes without errcode; this is the only call where that is one (spec §0).
  const isPlain = reply.status === 200 && readCode(reply.body).kind === 'absent'
  const refused = hasToken && isPlain ? null : failureOf(reply, 'token', evidence)
  if (refused !== null) return refused
  if (!hasToken) return malformedReply(detailOf('missing_field', { name: 'access_token' }), evidence)
  // QQ's page once writes `expire_in` (spec §1.5).
  const seconds = readInteger(reply.body?.expires_in) ?? readInteger(reply.body?.expire_in)
  if (seconds === null || seconds <= 0)
    return malformedReply(detailOf('missing_field', { name: 'expires_in' }), evidence)
  return { kind: 'token', token: { value, expiresInSeconds: seconds } }
}

export function concludeQuota(reply: Reply): QuotaOutcome {
  const evidence = evidenceOf(reply)
  const refused = failureOf(reply, 'quota', evidence)
  if (refused !== null) return refused
  const quota = isObject(reply.body?.quota) ? reply.body.quota : {}
  const dailyLimit = readInteger(quota.daily_limit)
  const used = readInteger(quota.used)
  const remain = readInteger(quota.remain)
  // The official page's own sample: an account that is not counted here, not one that has nothing left (spec §7.3).
  if (dailyLimit === 0 && used === 0 && remain === 0) return { kind: 'not_counted' }
  if (dailyLimit === null || used === null || remain === null)
    return malformedReply(detailOf('missing_field', { name: 'quota' }), evidence)
  return { kind: 'quota', quota: { dailyLimit, used, remain, perMinute: perMinuteOf(reply.body?.rate_limit) } }
}

/** Absent on older accounts (spec §7.3). */
function perMinuteOf(rate: unknown): number | null {
  if (!isObject(rate)) return null
  const calls = readInteger(rate.call_count)
  const seconds = readInteger(rate.refresh_second)
  return calls === null || seconds === null || seconds <= 0 ? null : Math.floor((calls * 60) / seconds)
}

/** Null only for HTTP 200 with errcode 0, or with 87014 from a call that judges content. */
function failureOf(reply: Reply, call: CallKind, evidence: Evidence): Failure | null {
  // "Not modified" leads nowhere else: a cache on the way has answered.
  if (reply.status >= 300 && reply.status < 400 && reply.status !== 304) {
    return failure('CONFIG', 'redirect_refused', redirectDetail(reply), evidence)
  }
  const code = readCode(reply.body)
  const judges = call === 'text' || call === 'image' || call === 'media'
  const isAnswer = code.kind === 'code' && (code.value === 0 || (code.value === riskyCode && judges))
  if (reply.status !== 200) {
    // A code says more than the status; but no verdict comes with an error status.
    const known = code.kind === 'code' && !isAnswer && meaningOf(code.value, call).code !== 'unknown_code'
    return known ? codeFailure(code.value, call, evidence) : statusFailure(reply.status, evidence)
  }
  if (reply.body === null)
    return malformedReply(detailOf(reply.text.trim() === '' ? 'empty_reply' : 'not_json_object'), evidence)
  if (code.kind === 'absent') return malformedReply(detailOf('no_errcode'), evidence)
  if (code.kind === 'unreadable') return malformedReply(detailOf('errcode_not_integer'), evidence)
  return isAnswer ? null : codeFailure(code.value, call, evidence)
}

function codeFailure(code: number, call: CallKind, evidence: Evidence): Failure {
  const meaning = meaningOf(code, call)
  const addresses = code === 40164 ? addressesIn(evidence.errmsg ?? '') : []
  const detail = addresses.length > 0 ? addresses.join(', ') : `${code} ${evidence.errmsg ?? ''}`.trimEnd()
  return failure(meaning.class, meaning.code, detail, evidence)
}

/** Spec §6.2, "HTTP-level"; the statuses it does not name come from whatever stands between us and the platform. */
function statusFailure(status: number, evidence: Evidence): Failure {
  const detail = status === 304 ? detailOf('cache_answered') : `HTTP ${status}`
  if (status === 412) return failure('BUG', 'request_malformed', detail, evidence)
  if (status === 413) return failure('INPUT', 'http_error', detail, evidence)
  if (status === 429) return failure('MINUTE', 'rate_minute', detail, evidence)
  if (status === 408 || status < 400 || status >= 500) return failure('RETRY', 'http_error', detail, evidence)
  return failure('CONFIG', 'http_error', detail, evidence)
}

export function malformedReply(detail: string, evidence: Evidence): Failure {
  return failure('RETRY', 'malformed_reply', detail, evidence)
}

/** Only the origin: the rest of the address may repeat the token. */
function redirectDetail(reply: Reply): string {
  const target = reply.location === null ? null : URL.parse(reply.location)
  return target === null ? `HTTP ${reply.status}` : `HTTP ${reply.status} → ${target.origin}`
}

/** A word that the platform has not documented is for a person to look at. */
export function verdictOf(suggest: string): Verdict {
  return suggest === 'pass' || suggest === 'risky' ? suggest : 'review'
}

export type SuggestReading =
  | { readonly kind: 'suggest'; readonly value: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }

/** `result.suggest`, in whatever casing. A result that is there but does not say one thing outright is unreadable. */
export function readSuggest(body: Reply['body']): SuggestReading {
  const results = valuesOf(body, 'result')
  // An error push has no result (spec §3.4); an empty element or object is none either.
  if (results.length === 0 || (results.length === 1 && isEmpty(results[0]))) return { kind: 'absent' }
  const [result] = results
  if (results.length > 1 || !isObject(result)) return { kind: 'unreadable' }
  const suggests = valuesOf(result, 'suggest')
  const [value] = suggests
  return suggests.length === 1 && typeof value === 'string' ? { kind: 'suggest', value } : { kind: 'unreadable' }
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (isObject(value) && Object.keys(value).length === 0)
}

/** Why what looks like a pass is none: something in the reply speaks of risk, or says that the call did not work after all. */
type Doubt = { readonly kind: 'risk' } | { readonly kind: 'contradiction'; readonly detail: string }

export function doubtOf(body: Reply['body'], suggest: 'suggest' | 'absent'): Doubt | null {
  // A result is the verdict, whatever the strategies below it say (spec §2.3); without one nothing may say otherwise.
  const signs = [doubtOfMessage(body), ...signsIn(suggest === 'suggest' ? withoutDetail(body) : body)]
  const doubts = signs.filter(sign => sign !== null)
  return doubts.find(({ kind }) => kind === 'risk') ?? doubts[0] ?? null
}

/**
 * "ok", with nothing behind it but the suffixes of spec §0 (` rid: …`, ` hint: […]`): other words may take back what it says.
 * The cloud SDK puts the name of the API before it (`openapi.security.msgSecCheck:ok`).
 */
const okMessage =
  /^\s*(?:[\w.]+:\s*)?ok[.!]?(?:\s+(?:rid:\s*[\w-]+|hints?:\s*\[\s*(?:req_id:\s*)?[^[\]\s]+\s*\]))*\s*$/iu

function doubtOfMessage(body: Reply['body']): Doubt | null {
  const messages = valuesOf(body, 'errmsg').filter(value => value !== null && value !== '')
  if (messages.some(message => typeof message === 'string' && /risky/i.test(message))) return { kind: 'risk' }
  const isOk = (message: unknown) => typeof message === 'string' && okMessage.test(message)
  return messages.every(isOk) ? null : { kind: 'contradiction', detail: otherField('errmsg') }
}

/** Codes and judgements at any depth, in whatever casing, that are no pass. */
function signsIn(body: Reply['body']): Doubt[] {
  const open: unknown[] = [body]
  const signs: Doubt[] = []
  // A list, because a reply may be nested more deeply than calls can be.
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [name, member] of Object.entries(value)) {
      const sign = signOf(name.toLowerCase(), member)
      if (sign !== null) signs.push(sign)
      open.push(member)
    }
  }
  return signs
}

/** How many strategies there are, where every one of them failed: then a pass rests on nothing (spec §2.3). Otherwise 0. */
export function failedStrategies(body: Reply['body']): number {
  // In XML a list of one is no list.
  const items = valuesOf(body, 'detail').flat().filter(isObject)
  const failed = items.filter(item => {
    const code = readCode(item)
    return code.kind === 'unreadable' || (code.kind === 'code' && code.value !== 0)
  })
  return failed.length === items.length ? failed.length : 0
}

function otherField(name: string): string {
  return detailOf('zero_with_other_field', { name })
}

function withoutDetail(body: Reply['body']): Reply['body'] {
  return Object.fromEntries(Object.entries(body ?? {}).filter(([name]) => name.toLowerCase() !== 'detail'))
}

function signOf(lowerName: string, value: unknown): Doubt | null {
  const contradiction: Doubt = { kind: 'contradiction', detail: otherField(lowerName) }
  switch (lowerName) {
    case 'errcode':
    case 'status_code': {
      const code = readInteger(value)
      return code === 0 ? null : code === riskyCode ? { kind: 'risk' } : contradiction
    }
    case 'isrisky': {
      const isrisky = readInteger(value)
      return isrisky === 0 ? null : isrisky === 1 ? { kind: 'risk' } : contradiction
    }
    case 'suggest':
      return value === 'pass' ? null : typeof value === 'string' ? { kind: 'risk' } : contradiction
    default:
      return null
  }
}

export type CodeReading =
  | { readonly kind: 'code'; readonly value: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }

/** `errcode`, or another code, in whatever casing (spec §0). Two spellings that disagree, or a value that is no integer, are no code. */
export function readCode(body: Reply['body'], lowerName = 'errcode'): CodeReading {
  const values = valuesOf(body, lowerName).map(readInteger)
  const [value] = values
  if (value === undefined) return { kind: 'absent' }
  if (value === null || values.some(other => other !== value)) return { kind: 'unreadable' }
  return { kind: 'code', value }
}

/** An integer, or one written as a string. */
export function readInteger(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  // Adding 0 turns -0 into 0.
  return typeof number === 'number' && Number.isSafeInteger(number) ? number + 0 : null
}

export function valuesOf(body: Reply['body'], lowerName: string): unknown[] {
  return Object.entries(body ?? {})
    .filter(([name]) => name.toLowerCase() === lowerName)
    .map(([, value]) => value)
}

function evidenceOf(reply: Reply): Evidence {
  const code = readCode(reply.body)
  const errmsg = valuesOf(reply.body, 'errmsg').find(value => typeof value === 'string')
  const message = errmsg === undefined ? null : plain(errmsg, reply.secrets)
  const traceId = reply.body?.trace_id
  const result = isObject(reply.body?.result) ? reply.body.result : {}
  const label = readInteger(result.label)
  return {
    httpStatus: reply.status,
    errcode: code.kind === 'code' ? code.value : null,
    errmsg: message,
    rid: message?.match(/\brid:\s*([\w-]+)/)?.[1] ?? null,
    traceId: typeof traceId === 'string' && traceId.trim() !== '' ? traceId : null,
    label,
    score: label === null ? null : scoreOf(label, reply.body?.detail),
    reply: reply.text === '' ? null : cut(redact(reply.text, reply.secrets), 4096),
  }
}

/** The highest `prob` given for this label: an item's `prob` speaks of that item's own label only (spec §2.3). */
export function scoreOf(label: number, detail: unknown): number | null {
  const scores = (Array.isArray(detail) ? detail : [])
    .filter(isObject)
    .filter(item => readInteger(item.errcode) === 0 && readInteger(item.label) === label)
    .map(item => item.prob)
    .filter(prob => typeof prob === 'number')
  return scores.length === 0 ? null : Math.max(...scores)
}

/** The platform's words on one line, without secrets and without anything a terminal would obey. */
export function plain(text: string, secrets: readonly string[]): string {
  return cut(redact(text, secrets).replace(/\p{Cc}+/gu, ' '), 500)
}

export function cut(text: string, maxUnits: number): string {
  return text.length <= maxUnits ? text : `${text.slice(0, maxUnits - 1).toWellFormed()}…`
}

/** 40164 names the address that the platform saw, often twice, the second time as IPv6; one is to be allow-listed (spec §1.3). */
function addressesIn(errmsg: string): string[] {
  const words = errmsg.split(/[\s,;]+/).filter(word => word !== '' && ipaddr.isValid(word) && /[.:].*[.:]/.test(word))
  return [...new Set(words.map(word => ipaddr.process(word).toString()))]
}
