import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { type Language, languages, locales } from '../../../shared/language.ts'
import { words as common } from './words.ts'

export type { Language }

/** The words of every view: each `t` knows them beside those of its own room. */
type CommonWords = (typeof common)['zh']

/** What a room's `words.ts` exports; every language must have the same keys. */
export type Words<Zh extends Readonly<Record<string, string>>> = {
  readonly [L in Language]: L extends 'zh' ? Zh : Readonly<Record<keyof Zh, string>>
}

/** `asset_one` and `asset_other` are both asked for as `asset`, with a count. */
type Key<Zh> = keyof Zh extends infer K ? (K extends `${infer Base}_${'one' | 'other'}` ? Base : K) : never
export type Values = Readonly<Record<string, string | number>>
export type Say<Zh> = (key: (Key<Zh> | Key<CommonWords>) & string, values?: Values) => string

export const i18n = i18next.createInstance()

// Initialised at import, so that words are there before anything renders; nothing here is asynchronous.
void i18n.use(initReactI18next).init({
  lng: 'zh',
  fallbackLng: false,
  fallbackNS: 'common',
  initAsync: false,
  resources: Object.fromEntries(languages.map(code => [code, { common: common[code] }])),
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
})

const registered = new Map<string, Words<Readonly<Record<string, string>>>>([['common', common]])
function register<Zh extends Readonly<Record<string, string>>>(namespace: string, words: Words<Zh>): void {
  // Others by the same name are the same file after a change of it, while developing.
  if (registered.get(namespace) === words) return
  registered.set(namespace, words)
  for (const code of languages) i18n.addResourceBundle(code, namespace, words[code])
}

/** Keys were checked above; to the library they are plain strings. */
function say(t: (key: string, values: Values) => string, key: string, values: Values = {}): string {
  return t(key, values)
}

/** In components: `const t = useWords('grid', words)`. */
export function useWords<const Zh extends Readonly<Record<string, string>>>(
  namespace: string,
  words: Words<Zh>,
): Say<Zh> {
  register(namespace, words)
  const { t } = useTranslation(namespace)
  return (key, values) => say(t, key, values)
}

/** Outside of components, in the language of the moment. */
export function wordsOf<const Zh extends Readonly<Record<string, string>>>(
  namespace: string,
  words: Words<Zh>,
): Say<Zh> {
  register(namespace, words)
  return (key, values) => say(i18n.t, key, { ...values, ns: namespace })
}

export function language(): Language {
  return languages.find(code => code === i18n.language) ?? 'zh'
}

/** The language, and a new render when it changes. */
export function useLanguage(): Language {
  const current = useTranslation().i18n.language
  return languages.find(code => code === current) ?? 'zh'
}

const locale = (): string => locales[language()]

// Kept, because making one takes longer than using it a hundred times: every cell of the grid has a number, every batch a time.
const perLanguage = <Format>(make: (locale: string) => Format): (() => Format) => {
  const made: Partial<Record<Language, Format>> = {}
  return () => {
    const current = language()
    made[current] ??= make(locale())
    return made[current]
  }
}
const numbers = perLanguage(of => new Intl.NumberFormat(of))
const percents = perLanguage(of => new Intl.NumberFormat(of, { style: 'percent', maximumFractionDigits: 0 }))
const times = perLanguage(of => new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeStyle: 'medium' }))
const days = perLanguage(of => new Intl.DateTimeFormat(of, { dateStyle: 'medium' }))
const clocks = perLanguage(of => new Intl.DateTimeFormat(of, { hour: '2-digit', minute: '2-digit' }))
const moments = perLanguage(
  of =>
    new Intl.DateTimeFormat(of, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false }),
)
export const formatNumber = (value: number): string => numbers().format(value)
export const formatPercent = (share: number): string => percents().format(share)
export const formatTime = (atMs: number): string => times().format(atMs)
export const formatDay = (atMs: number): string => days().format(atMs)
export const formatClock = (atMs: number): string => clocks().format(atMs)
/** Time of day, with the date when it is not today's. */
export const formatMoment = (atMs: number, nowMs = Date.now()): string =>
  (formatDay(atMs) === formatDay(nowMs) ? clocks() : moments()).format(atMs)

/** Makes what the first view formats with: some 40 ms, best spent while something else is waited for. */
export function warmFormats(): void {
  formatNumber(0)
  formatMoment(0)
}

export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    // `short` says “315 byte” in English.
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value)
}

const c = wordsOf('common', common)

/** How long something lasts already, short enough for a cell of the grid: `12 分钟`, `3 h`. */
export function formatAge(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000)
  if (minutes < 1) return c('age.none')
  if (minutes < 60) return c('age.minutes', { count: formatNumber(minutes) })
  if (minutes < 2880) return c('age.hours', { count: formatNumber(Math.floor(minutes / 60)) })
  return c('age.days', { count: formatNumber(Math.floor(minutes / 1440)) })
}

/** `3:10` for three minutes and ten seconds, `1:02:05` above an hour. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${hours > 0 ? two(Math.floor((seconds % 3600) / 60)) : Math.floor(seconds / 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
