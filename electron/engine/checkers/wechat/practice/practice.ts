import type { Practice } from '../../../sandbox/practice.ts'
import { wechatPracticeApp, wechatSecondPracticeApp } from './apps.ts'
import { wechatPracticeEndpoints } from './endpoints.ts'
import { wechatPushes } from './pushes.ts'
import { openWechat } from './routes.ts'

/** WeChat in the sandbox. */
export const practice: Practice = {
  platform: 'wechat',
  pathPrefix: '/',
  apps: [wechatPracticeApp, wechatSecondPracticeApp],
  endpoints: wechatPracticeEndpoints,
  open: openWechat,
  pushes: wechatPushes,
}
