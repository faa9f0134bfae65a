/** A time is a cell of its own kind, since spreadsheets have one. */
export type Cell = string | number | boolean | Date | null

/** ISO 8601 with the offset of this machine's zone, which a reader can place without knowing where it was written. */
export function isoTime(ms: number | null): string | null {
  if (ms === null) return null
  const offset = -new Date(ms).getTimezoneOffset()
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, 19)
  const sign = offset < 0 ? '-' : '+'
  const pad = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, '0')
  return `${local}${sign}${pad(offset / 60)}:${pad(offset % 60)}`
}
