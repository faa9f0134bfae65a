import { describe, expect, test } from 'vitest'
import { languages } from '../../../shared/language.ts'
import { reasonsOf } from '../../../shared/reasons.ts'
import { settingsSchema } from '../../../shared/settings.ts'

describe('the reasons behind the keys', () => {
  test('are nine that follow the language until somebody writes their own', () => {
    const fresh = settingsSchema.parse({}).reasons
    expect(reasonsOf(fresh, 'zh').slice(0, 3)).toEqual(['绝对化用语', '夸大宣传', '侵权'])
    expect(reasonsOf(fresh, 'en').slice(0, 3)).toEqual(['Superlative', 'Exaggerated', 'Infringing'])
    for (const language of languages) expect(new Set(reasonsOf(fresh, language)).size).toBe(9)
  })

  test('are what somebody wrote, in either language, gaps and all', () => {
    for (const language of languages) {
      expect(reasonsOf(['夸大', '', '低俗'], language)).toEqual(['夸大', '', '低俗'])
      expect(reasonsOf([''], language)).toEqual([''])
    }
  })

  test('of the first set may be stored as they are once one of them is changed', () => {
    for (const language of languages)
      expect(settingsSchema.safeParse({ reasons: reasonsOf([], language) }).success).toBe(true)
  })
})
