import type { Practice } from '../../../sandbox/practice.ts'
import { qqPracticeApp } from './apps.ts'
import { qqPracticeEndpoints } from './endpoints.ts'
import { qqPushes } from './pushes.ts'
import { openQq } from './routes.ts'

/** QQ in the sandbox. */
export const practice: Practice = {
  platform: 'qq',
  pathPrefix: '/api/',
  apps: [qqPracticeApp],
  endpoints: qqPracticeEndpoints,
  open: openQq,
  pushes: qqPushes,
}
