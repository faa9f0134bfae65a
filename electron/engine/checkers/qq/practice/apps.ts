import type { PracticeApp } from '../../../sandbox/practice.ts'

export const qqPracticeApp = {
  platform: 'qq',
  // Ten digits like a real one, with leading zeros that no real one has and that a spreadsheet would eat.
  appid: '0000000001',
  secret: 'practice_secret_qq_not_real_0001',
  users: [],
} as const satisfies PracticeApp
