import type { FailureClass, FailureCode } from '../../../../shared/failures.ts'

/** What was being asked when a code came back: some codes mean different things to different calls. */
export type CallKind = 'token' | 'text' | 'image' | 'media' | 'push' | 'quota' | 'carrier'

export interface Meaning {
  readonly class: FailureClass
  readonly code: FailureCode
}

/** The one code that is an opinion of the content and no failure (spec §6.2). */
export const riskyCode = 87014

/**
 * What a code other than 0 and 87014 means, on either platform: QQ documents five codes and is read like WeChat for the rest
 * (spec §6.3). A code that is not in the table is a failure of this one part, and is not tried again (spec §6.2, "other").
 */
export function meaningOf(code: number, call: CallKind): Meaning {
  const row = table.get(code)
  return row?.at?.[call] ?? row ?? unknown
}

interface Row extends Meaning {
  /** Where the code means something else. */
  readonly at?: Partial<Record<CallKind, Meaning>>
}

const unknown = { class: 'INPUT', code: 'unknown_code' } as const satisfies Meaning
const malformed = { class: 'BUG', code: 'request_malformed' } as const satisfies Meaning
const mediaFormat = { class: 'INPUT', code: 'media_format_refused' } as const satisfies Meaning
const mediaSize = { class: 'INPUT', code: 'media_size_refused' } as const satisfies Meaning
const secretRejected = { class: 'CONFIG', code: 'secret_rejected' } as const satisfies Meaning
const appidRejected = { class: 'CONFIG', code: 'appid_rejected' } as const satisfies Meaning
const ipNotAllowed = { class: 'CONFIG', code: 'ip_not_allowed' } as const satisfies Meaning
const restricted = { class: 'CONFIG', code: 'account_restricted' } as const satisfies Meaning
const notAuthorised = { class: 'CONFIG', code: 'api_not_authorised' } as const satisfies Meaning
const cloudPermission = { class: 'CONFIG', code: 'cloud_permission' } as const satisfies Meaning
const cloudFunction = { class: 'CONFIG', code: 'cloud_function' } as const satisfies Meaning
const minute = { class: 'MINUTE', code: 'rate_minute' } as const satisfies Meaning
const day = { class: 'DAY', code: 'quota_day' } as const satisfies Meaning
/** A token endpoint that speaks of a bad token has none to refresh: reading again would loop. */
const tokenRejected: Row = {
  class: 'TOKEN',
  code: 'token_rejected',
  at: { token: { class: 'CONFIG', code: 'token_rejected' } },
}
/** The platform could not fetch the media; only inside pushes, signed or as unsigned 32 bits (spec §3.3, §6.2). */
const downloadFailed: Row = { ...unknown, at: { push: { class: 'INPUT', code: 'push_download_failed' } } }

/** Spec §6.2, row by row. */
const table: ReadonlyMap<number, Row> = new Map<number, Row>([
  [-1, { class: 'RETRY', code: 'platform_busy' }],
  [40001, { class: 'TOKEN', code: 'token_rejected', at: { token: secretRejected } }],
  [40002, malformed],
  [40003, { class: 'INPUT', code: 'openid_invalid' }],
  [40004, mediaFormat],
  [40005, mediaFormat],
  [40006, mediaSize],
  [40007, unknown],
  [40009, mediaSize],
  [40013, appidRejected],
  [40014, tokenRejected],
  [40033, malformed],
  [40066, malformed],
  [40097, malformed],
  [40125, secretRejected],
  [40129, malformed],
  [40137, mediaFormat],
  [40164, ipNotAllowed],
  [40243, { class: 'CONFIG', code: 'secret_frozen' }],
  [41001, malformed],
  // The client always sends both, so a missing one was left empty by a person.
  [41002, appidRejected],
  [41004, { class: 'CONFIG', code: 'secret_missing' }],
  [41005, malformed],
  [42001, tokenRejected],
  [42007, unknown],
  [43002, malformed],
  [43003, malformed],
  [43104, { class: 'INPUT', code: 'openid_foreign' }],
  [44001, { class: 'INPUT', code: 'empty' }],
  [44002, malformed],
  [44991, minute],
  [45001, mediaSize],
  [45002, { class: 'INPUT', code: 'content_too_long' }],
  [45009, { ...day, at: { token: { class: 'DAY', code: 'token_quota' } } }],
  [45011, minute],
  [45035, ipNotAllowed],
  [47001, malformed],
  [47002, malformed],
  [48001, notAuthorised],
  [48004, restricted],
  [48006, day],
  // A retired host: what helps is another address in the profile.
  [48017, { class: 'CONFIG', code: 'unreachable' }],
  [50001, notAuthorised],
  [50002, restricted],
  [50004, restricted],
  [50007, restricted],
  [61004, ipNotAllowed],
  [61007, notAuthorised],
  [61010, { class: 'INPUT', code: 'openid_inactive' }],
  [61024, notAuthorised],
  [76001, malformed],
  [76002, malformed],
  [76003, malformed],
  [76004, malformed],
  [76021, malformed],
  [76022, malformed],
  [87009, unknown],
  [87015, { class: 'INPUT', code: 'content_too_complex' }],
  [87020, { class: 'RETRY', code: 'duplicate_submission' }],
  [89501, { class: 'CONFIG', code: 'admin_confirmation' }],
  [89503, { class: 'CONFIG', code: 'admin_confirmation' }],
  [89506, { class: 'WAIT_H', code: 'admin_refused' }],
  [89507, { class: 'WAIT_H', code: 'admin_refused' }],
  [9410009, unknown],
  // Cloud call only (docs/cloud-call.md): of the call that the function makes.
  [-604100, cloudPermission],
  [-604101, cloudPermission],
  [-604102, { class: 'RETRY', code: 'timeout' }],
  [-604103, { class: 'RETRY', code: 'platform_busy' }],
  [-604104, cloudFunction],
  [-601001, { class: 'RETRY', code: 'platform_busy' }],
  // Errors of Tencent's cloud around it: environment, function, limits.
  [-501000, cloudFunction],
  [-501001, { class: 'RETRY', code: 'platform_busy' }],
  [-501002, { class: 'RETRY', code: 'timeout' }],
  [-501003, minute],
  [-501004, minute],
  [-501005, cloudFunction],
  [-501006, malformed],
  [-501007, malformed],
  [-501008, cloudFunction],
  [-501009, cloudFunction],
  [-504002, cloudFunction],
  // Errors of the call that invokes the cloud function: the platform is busy, parameters are missing, the app has no cloud base.
  [-1000, { class: 'RETRY', code: 'platform_busy' }],
  [40101, malformed],
  [85088, notAuthorised],
  [-1008, downloadFailed],
  [-1009, downloadFailed],
  [4294966288, downloadFailed],
  [4294966287, downloadFailed],
])
