/** Milliseconds as `mm:ss`, from an hour on `h:mm:ss`, from a day on in days and hours of the language. */
export function clockOf(ms: number, locale: string): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  if (seconds >= 86_400) {
    const unit = (value: number, name: 'day' | 'hour') =>
      new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value)
    return `${unit(Math.floor(seconds / 86_400), 'day')} ${unit(Math.floor((seconds % 86_400) / 3600), 'hour')}`
  }
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`
}

/** Time of day, with the date when it is not today. */
export function momentOf(atMs: number, nowMs: number, locale: string, timeZone?: string): string {
  const isSameDay =
    formatter('day', 'en-CA', timeZone).format(atMs) === formatter('day', 'en-CA', timeZone).format(nowMs)
  return formatter(isSameDay ? 'clock' : 'moment', locale, timeZone).format(atMs)
}

const forms = {
  day: { dateStyle: 'short' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
  moment: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Made once: making one takes longer than all that it formats. */
function formatter(form: keyof typeof forms, locale: string, timeZone: string | undefined): Intl.DateTimeFormat {
  const key = `${form} ${locale} ${timeZone}`
  const known =
    formatters.get(key) ??
    new Intl.DateTimeFormat(locale, { ...forms[form], ...(timeZone === undefined ? {} : { timeZone }) })
  formatters.set(key, known)
  return known
}
