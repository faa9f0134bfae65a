import { bare, type Endpoint } from '../platform.ts'
import { documentedTestStrings } from '../tencent/test-strings.ts'
import { textLimits } from '../tencent/text-limits.ts'

/** Spec §4, §7.2: the figures are WeChat's; QQ has no quota query, and only the v1 formats. */
export const text = {
  id: 'qq.MsgSecCheck',
  name: { zh: '文本内容安全', en: 'Text check' },
  takes: 'text',
  limit: { perMinute: 4000, perDay: 2_000_000 },
  textLimit: textLimits.v1,
  quotaPath: null,
  version: 'v1',
  ...bare,
  control: { testString: documentedTestStrings[0] },
} as const satisfies Endpoint

export const image = {
  id: 'qq.ImgSecCheck',
  name: { zh: '图片内容安全', en: 'Image check' },
  takes: 'image',
  limit: { perMinute: 2000, perDay: 200_000 },
  textLimit: null,
  quotaPath: null,
  version: 'v1',
  ...bare,
  control: 'picture',
} as const satisfies Endpoint

export const media = {
  id: 'qq.MediaCheckAsync',
  name: { zh: '音视频内容安全', en: 'Media check by address' },
  takes: 'media-url',
  limit: { perMinute: 2000, perDay: 200_000 },
  textLimit: null,
  quotaPath: null,
  version: 'v1',
  ...bare,
  control: 'push',
} as const satisfies Endpoint
