import type { PracticeProfileFacts } from '../../practice.ts'
import { practiceKeyword } from '../../tencent/practice/words.ts'
import { wechatPracticeApp } from './apps.ts'

export const wechatPractice: PracticeProfileFacts = {
  names: { zh: '演练 · 微信', en: 'Practice · WeChat' },
  app: wechatPracticeApp,
  profile: {
    openids: wechatPracticeApp.users.filter(user => user.lastVisit === 'always').map(user => user.openid),
    controlKeyword: practiceKeyword,
  },
  load: async () => (await import('./practice.ts')).practice,
}
