/** The languages that there are words in. docs/extending.md says what another one takes. */
export type Language = 'zh' | 'en'

/** One thing to read, in every language. */
export type InLanguages = Readonly<Record<Language, string>>
