import type { PracticeEndpoint } from '../../../sandbox/practice.ts'

const unlimited = { perMinute: null, perDay: null }

/**
 * What the sandbox answers of WeChat. `msg_sec_check` has one limit for both of its versions, because the platform counts paths,
 * not request formats (spec §2). Documented rates per appid (spec §7.2); `token` has the official accounts' figure.
 */
export const wechatPracticeEndpoints = [
  { id: 'wechat.token', path: '/cgi-bin/token', rate: { perMinute: null, perDay: 2_000 } },
  { id: 'wechat.stable_token', path: '/cgi-bin/stable_token', rate: { perMinute: 10_000, perDay: 500_000 } },
  { id: 'wechat.msg_sec_check', path: '/wxa/msg_sec_check', rate: { perMinute: 4_000, perDay: 2_000_000 } },
  { id: 'wechat.img_sec_check', path: '/wxa/img_sec_check', rate: { perMinute: 2_000, perDay: 200_000 } },
  { id: 'wechat.media_check_async', path: '/wxa/media_check_async', rate: { perMinute: 2_000, perDay: 200_000 } },
  { id: 'wechat.quota_get', path: '/cgi-bin/openapi/quota/get', rate: unlimited },
  { id: 'wechat.invokecloudfunction', path: '/tcb/invokecloudfunction', rate: unlimited },
] as const satisfies readonly PracticeEndpoint[]

export type WechatEndpoint = (typeof wechatPracticeEndpoints)[number]['id']

/**
 * What the platform answers when the minute is full: 44991 is the security APIs' own code, 45011 the general one.
 * Which of them `img_sec_check` gives is not documented (spec §7.2).
 */
export function minuteLimitCode(endpoint: WechatEndpoint): 44991 | 45011 {
  return endpoint === 'wechat.msg_sec_check' || endpoint === 'wechat.media_check_async' ? 44991 : 45011
}
