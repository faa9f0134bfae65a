import type { PracticeProfileFacts } from '../../practice.ts'
import { practiceKeyword } from '../../tencent/practice/words.ts'
import { qqPracticeApp } from './apps.ts'

export const qqPractice: PracticeProfileFacts = {
  names: { zh: '演练 · QQ', en: 'Practice · QQ' },
  app: qqPracticeApp,
  profile: { controlKeyword: practiceKeyword },
  load: async () => (await import('./practice.ts')).practice,
}
