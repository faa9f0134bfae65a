/** Which route an asset takes to its platform, and why; the plan says it before any call is made. The stored words stay. */
export const routes = ['sync', 'async', 'both'] as const
/** `sync`: sent in the call and answered at once. `async`: downloaded by the platform, answered by a push. */
export type Route = (typeof routes)[number]

const texts = {
  only_way: {
    zh: '这种素材在该平台只有这一种检查方式。',
    en: 'The platform checks this kind of asset in this way only.',
  },
  chosen: { zh: '按档案里的设置。', en: 'As the profile says.' },
  first_frame: {
    zh: '按地址检查时平台只看动图的第一帧，因此改为逐帧随请求发送。',
    en: 'By address the platform looks at the first frame of an animation only, so its frames go with the calls.',
  },
  format: {
    zh: '平台不按地址检查这种格式，因此转换后随请求发送。',
    en: 'The platform does not check this format by address, so it is converted and goes with the calls.',
  },
  too_large: {
    zh: '超过按地址检查的 10 MB 上限，因此缩小后随请求发送。',
    en: 'It is over the 10 MB of a check by address, so it is made smaller and goes with the calls.',
  },
  no_relay: {
    zh: '档案没有中继，收不到推送，因此随请求发送。',
    en: 'The profile has no relay to receive pushes, so it goes with the calls.',
  },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>

export type RouteReason = keyof typeof texts

export function routeText(reason: RouteReason, language: 'zh' | 'en'): string {
  return texts[reason][language]
}
