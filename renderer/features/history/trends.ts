import type { HistorySummary, Trend } from '../../../shared/ipc.ts'

const dayMs = 86_400_000
export type Step = 'day' | 'week' | 'month'

/** So coarse that a chart has at most about forty bars. */
export function stepFor(days: number): Step {
  if (days <= 40) return 'day'
  return days <= 200 ? 'week' : 'month'
}

export const counted = [
  'pass',
  'rules_only',
  'review',
  'risky',
  'unchecked',
  'approved',
  'rejected',
  'escalated',
] as const
type Counted = (typeof counted)[number]

/**
 * One bar per day, week (from Monday) or month of the range, with a bar of zeros where nothing happened.
 * The sums over all bars are the sums over all days inside the range.
 */
export function barsOf(days: readonly Trend[], firstDay: string, lastDay: string, step: Step): readonly Trend[] {
  const bars = new Map<string, Record<Counted, number>>()
  for (let at = utcOf(firstDay); at <= utcOf(lastDay); at += dayMs) {
    const start = startOf(at, step)
    if (!bars.has(start)) bars.set(start, zeros())
  }
  for (const day of days) {
    if (day.day < firstDay || day.day > lastDay) continue
    const bar = bars.get(startOf(utcOf(day.day), step))
    if (bar !== undefined) for (const name of counted) bar[name] += day[name]
  }
  return [...bars].map(([day, counts]) => ({ day, ...counts }))
}

export function barName(day: string, step: Step, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    ...(step === 'month' ? { year: 'numeric', month: 'short' } : { month: 'numeric', day: 'numeric' }),
  }).format(utcOf(day))
}

/** Where not all have room for their name: every other, third or nth, counted back from the last. */
export function everyNth<Item>(items: readonly Item[]): readonly Item[] {
  const step = Math.ceil(items.length / namedBars)
  return items.filter((_, at) => (items.length - 1 - at) % step === 0)
}
const namedBars = 15

/** The most frequent labels; what is left over is one number. */
export function topLabels(
  labels: HistorySummary['labels'],
  count: number,
): { readonly top: HistorySummary['labels']; readonly rest: number } {
  const sorted = labels.filter(label => label.count > 0).toSorted((a, b) => b.count - a.count || a.label - b.label)
  return {
    top: sorted.slice(0, count),
    rest: sorted.slice(count).reduce((sum, label) => sum + label.count, 0),
  }
}

export interface Agreement {
  readonly decided: number
  readonly falseAlarms: number
  readonly misses: number
  readonly agreed: number
  /** 0–1; null when nothing has been decided. */
  readonly rate: number | null
}

export function agreementOf(summary: HistorySummary): Agreement {
  const agreed = Math.max(0, summary.decided - summary.falseAlarms - summary.misses)
  return {
    decided: summary.decided,
    falseAlarms: summary.falseAlarms,
    misses: summary.misses,
    agreed,
    rate: summary.decided === 0 ? null : agreed / summary.decided,
  }
}

/** With one decimal; 99.97 % is not all of them. */
export function shareText(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(
    share < 1 ? Math.min(share, 0.999) : share,
  )
}

export function totalsOf(days: readonly Trend[]): Readonly<Record<Counted, number>> {
  const totals = zeros()
  for (const day of days) for (const name of counted) totals[name] += day[name]
  return totals
}

function zeros(): Record<Counted, number> {
  return { pass: 0, rules_only: 0, review: 0, risky: 0, unchecked: 0, approved: 0, rejected: 0, escalated: 0 }
}

// Calendar days are counted in UTC, where no day is longer or shorter than another.
function utcOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

function startOf(atUtc: number, step: Step): string {
  const date = new Date(atUtc)
  if (step === 'month') date.setUTCDate(1)
  if (step === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}
