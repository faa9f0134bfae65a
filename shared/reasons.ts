import type { Language } from './language.ts'

/** Behind the keys 1–9 until somebody writes reasons of their own: why marketing material is held back most often. */
const firstReasons: Readonly<Record<Language, readonly string[]>> = {
  zh: ['绝对化用语', '夸大宣传', '侵权', '诱导分享', '低俗', '虚假信息', '医疗用语', '价格有误', '其他'],
  en: [
    'Superlative',
    'Exaggerated',
    'Infringing',
    'Share bait',
    'Vulgar',
    'Untrue',
    'Medical claim',
    'Wrong price',
    'Other',
  ],
}

/** The reasons as they are said: a person's own as they were written, else the first set in the reader's language (`Settings.reasons`). */
export function reasonsOf(own: readonly string[], language: Language): readonly string[] {
  return own.length === 0 ? firstReasons[language] : own
}
