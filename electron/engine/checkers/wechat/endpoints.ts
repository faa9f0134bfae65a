import { bare, type Endpoint } from '../platform.ts'
import { documentedTestStrings } from '../tencent/test-strings.ts'
import { textLimits } from '../tencent/text-limits.ts'

/** Text, v2 and v1: one API and therefore one limit, two formats (spec §2, §7.2). */
const text = {
  id: 'wechat.msg_sec_check',
  name: { zh: '文本内容安全识别', en: 'Text check' },
  takes: 'text',
  limit: { perMinute: 4000, perDay: 2_000_000 },
  quotaPath: '/wxa/msg_sec_check',
} as const

export const textV2 = {
  ...text,
  textLimit: textLimits.v2,
  version: 'v2',
  needsUser: true,
  // A signature takes effect in a user's profile alone (spec §2.2).
  carries: scene => (scene === 1 ? ['title', 'nickname', 'signature'] : ['title', 'nickname']),
  // Lets the documented strings pass; a custom keyword is the one controllable trigger (spec §2.1, §8.4).
  control: 'keyword',
} as const satisfies Endpoint

export const textV1 = {
  ...text,
  textLimit: textLimits.v1,
  version: 'v1',
  ...bare,
  control: { testString: documentedTestStrings[0] },
} as const satisfies Endpoint

/** Spec §3.1, §7.2; older pages say 1000 a minute and 100,000 a day. */
export const image = {
  id: 'wechat.img_sec_check',
  name: { zh: '图片内容安全识别', en: 'Image check' },
  takes: 'image',
  limit: { perMinute: 2000, perDay: 200_000 },
  textLimit: null,
  quotaPath: '/wxa/img_sec_check',
  version: 'v1',
  ...bare,
  control: 'picture',
} as const satisfies Endpoint

/** Spec §3.2, §7.2. */
const media = {
  id: 'wechat.media_check_async',
  name: { zh: '音视频内容安全识别', en: 'Media check by address' },
  takes: 'media-url',
  limit: { perMinute: 2000, perDay: 200_000 },
  textLimit: null,
  quotaPath: '/wxa/media_check_async',
  control: 'push',
} as const

export const mediaV2 = { ...media, version: 'v2', ...bare, needsUser: true } as const satisfies Endpoint
export const mediaV1 = { ...media, version: 'v1', ...bare } as const satisfies Endpoint
