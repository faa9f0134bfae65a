/** The languages that there are words in. docs/extending.md says what another one takes. */
export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

/** One thing to read, in every language. */
export type InLanguages = Readonly<Record<Language, string>>

/** How numbers and times are written. */
export const locales: InLanguages = { zh: 'zh-CN', en: 'en-GB' }

/** What people who speak it call the language. */
export const languageNames: InLanguages = { zh: '简体中文', en: 'English' }
