export const spans = ['week', 'month', 'quarter', 'year'] as const
export type Span = (typeof spans)[number]
const spanDays: Readonly<Record<Span, number>> = { week: 7, month: 30, quarter: 91, year: 365 }

/** From the local midnight that begins the span to now. */
export function rangeOf(span: Span, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  const from = new Date(nowMs)
  from.setHours(0, 0, 0, 0)
  from.setDate(from.getDate() - (spanDays[span] - 1))
  return { fromMs: from.getTime(), toMs: nowMs }
}

/** Local calendar day of an instant, `2026-11-21`. */
export function localDay(atMs: number): string {
  const date = new Date(atMs)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
