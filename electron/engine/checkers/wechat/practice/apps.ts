import type { PracticeApp } from '../../../sandbox/practice.ts'

export const wechatPracticeApp = {
  platform: 'wechat',
  appid: 'wx_practice0000001',
  secret: 'practice_secret_wechat_not_real1',
  users: [
    { openid: 'oPractice_always_visiting_01', lastVisit: 'always' },
    { openid: 'oPractice_always_visiting_02', lastVisit: 'always' },
    { openid: 'oPractice_gone_long_ago_0001', lastVisit: 0 },
  ],
} as const satisfies PracticeApp

/** A second app, so that two profiles, and an openid of the wrong app, can be practised. */
export const wechatSecondPracticeApp = {
  platform: 'wechat',
  appid: 'wx_practice0000002',
  secret: 'practice_secret_wechat_not_real2',
  users: [{ openid: 'oPractice_of_the_other_app_1', lastVisit: 'always' }],
} as const satisfies PracticeApp
