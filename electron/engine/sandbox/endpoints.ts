import type { PlatformId } from '../../../shared/domain.ts'
import type { RateLimit } from '../../../shared/limits.ts'

/**
 * The APIs the sandbox answers, named as everywhere in the product. `msg_sec_check` has one limit for both of its
 * versions, because the platform counts paths, not request formats (spec §2).
 */
export const sandboxEndpoints = [
  'wechat.token',
  'wechat.stable_token',
  'wechat.msg_sec_check',
  'wechat.img_sec_check',
  'wechat.media_check_async',
  'wechat.quota_get',
  'wechat.invokecloudfunction',
  'qq.token',
  'qq.MsgSecCheck',
  'qq.ImgSecCheck',
  'qq.MediaCheckAsync',
] as const
export type SandboxEndpoint = (typeof sandboxEndpoints)[number]

export const endpointPaths: Readonly<Record<SandboxEndpoint, string>> = {
  'wechat.token': '/cgi-bin/token',
  'wechat.stable_token': '/cgi-bin/stable_token',
  'wechat.msg_sec_check': '/wxa/msg_sec_check',
  'wechat.img_sec_check': '/wxa/img_sec_check',
  'wechat.media_check_async': '/wxa/media_check_async',
  'wechat.quota_get': '/cgi-bin/openapi/quota/get',
  'wechat.invokecloudfunction': '/tcb/invokecloudfunction',
  'qq.token': '/api/getToken',
  'qq.MsgSecCheck': '/api/json/security/MsgSecCheck',
  'qq.ImgSecCheck': '/api/json/security/ImgSecCheck',
  'qq.MediaCheckAsync': '/api/json/security/MediaCheckAsync',
}

/** Documented rates per appid (spec §7.2); `wechat.token` has the official accounts' figure, QQ's token none. */
export const documentedRates: Readonly<Record<SandboxEndpoint, RateLimit>> = {
  'wechat.token': { perMinute: null, perDay: 2_000 },
  'wechat.stable_token': { perMinute: 10_000, perDay: 500_000 },
  'wechat.msg_sec_check': { perMinute: 4_000, perDay: 2_000_000 },
  'wechat.img_sec_check': { perMinute: 2_000, perDay: 200_000 },
  'wechat.media_check_async': { perMinute: 2_000, perDay: 200_000 },
  'wechat.quota_get': { perMinute: null, perDay: null },
  'wechat.invokecloudfunction': { perMinute: null, perDay: null },
  'qq.token': { perMinute: null, perDay: null },
  'qq.MsgSecCheck': { perMinute: 4_000, perDay: 2_000_000 },
  'qq.ImgSecCheck': { perMinute: 2_000, perDay: 200_000 },
  'qq.MediaCheckAsync': { perMinute: 2_000, perDay: 200_000 },
}

/**
 * What the platform answers when the minute is full: 44991 is the security APIs' own code, 45011 the general one.
 * Which of them `img_sec_check` gives is not documented (spec §7.2), nor what QQ gives.
 */
export function minuteLimitCode(endpoint: SandboxEndpoint): 44991 | 45011 {
  switch (endpoint) {
    case 'wechat.msg_sec_check':
    case 'wechat.media_check_async':
    case 'qq.MsgSecCheck':
    case 'qq.MediaCheckAsync':
      return 44991
    case 'wechat.token':
    case 'wechat.stable_token':
    case 'wechat.img_sec_check':
    case 'wechat.quota_get':
    case 'wechat.invokecloudfunction':
    case 'qq.token':
    case 'qq.ImgSecCheck':
      return 45011
  }
}

/** Both platforms share one port; only QQ's paths begin with `/api/`. */
export function platformOfPath(path: string): PlatformId {
  return path.startsWith('/api/') ? 'qq' : 'wechat'
}
