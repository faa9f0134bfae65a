import type { PlatformId } from '../../../shared/domain.ts'

/** A user of a practice app, as v2 checks want one (spec §2.2, §8.6). */
export interface PracticeUser {
  readonly openid: string
  /** Epoch milliseconds of the last visit, or `always` for a user who has the mini program open all day. */
  readonly lastVisit: number | 'always'
}

export interface PracticeApp {
  readonly platform: PlatformId
  readonly appid: string
  /** Published on purpose: it opens nothing but the sandbox. */
  readonly secret: string
  readonly users: readonly PracticeUser[]
}

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

export const qqPracticeApp = {
  platform: 'qq',
  // Ten digits like a real one, with leading zeros that no real one has and that a spreadsheet would eat.
  appid: '0000000001',
  secret: 'practice_secret_qq_not_real_0001',
  users: [],
} as const satisfies PracticeApp

export const practiceApps: readonly PracticeApp[] = [wechatPracticeApp, wechatSecondPracticeApp, qqPracticeApp]
