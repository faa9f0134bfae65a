import type { PracticeEndpoint } from '../../../sandbox/practice.ts'

/** What the sandbox answers of QQ, with the documented rates per appid (spec §7.2); its token endpoint has none. */
export const qqPracticeEndpoints = [
  { id: 'qq.token', path: '/api/getToken', rate: { perMinute: null, perDay: null } },
  { id: 'qq.MsgSecCheck', path: '/api/json/security/MsgSecCheck', rate: { perMinute: 4_000, perDay: 2_000_000 } },
  { id: 'qq.ImgSecCheck', path: '/api/json/security/ImgSecCheck', rate: { perMinute: 2_000, perDay: 200_000 } },
  { id: 'qq.MediaCheckAsync', path: '/api/json/security/MediaCheckAsync', rate: { perMinute: 2_000, perDay: 200_000 } },
] as const satisfies readonly PracticeEndpoint[]

export type QqEndpoint = (typeof qqPracticeEndpoints)[number]['id']

/** What QQ answers when the minute is full is not documented: WeChat's codes (spec §7.2). */
export function minuteLimitCode(endpoint: QqEndpoint): 44991 | 45011 {
  return endpoint === 'qq.MsgSecCheck' || endpoint === 'qq.MediaCheckAsync' ? 44991 : 45011
}
