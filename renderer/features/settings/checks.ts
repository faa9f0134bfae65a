import { type Settings, settingsSchema } from '../../../shared/settings.ts'

/** One field as it may be saved, or null when it may not; then nothing is saved. */
export function checked<Field extends keyof Settings>(field: Field, value: Settings[Field]): Settings[Field] | null {
  const parsed = settingsSchema.safeParse({ [field]: value })
  if (!parsed.success || !isZone(parsed.data.quotaZone)) return null
  return parsed.data[field]
}

/** The schema takes any text; what the machine does not know could not be computed with. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/**
 * Reasons as stored: without the empty ones at the end, because the place of a reason is its number. None at all is one that is empty,
 * because a list without any stands for the first set.
 */
export function reasonsWith(reasons: readonly string[], at: number, text: string): string[] {
  const next = Array.from({ length: Math.max(reasons.length, at + 1) }, (_, place) => reasons[place] ?? '')
  next[at] = text.trim()
  while (next.length > 1 && next.at(-1) === '') next.pop()
  return next
}

/** When the hour next begins in the zone. Steps by the quarter hour, which every zone's offset is a multiple of. */
export function nextReset(nowMs: number, zone: string, hour: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hour12: false })
  const quarterMs = 15 * 60_000
  for (let at = Math.floor(nowMs / quarterMs) * quarterMs + quarterMs; ; at += quarterMs) {
    const [hours, minutes] = parts.format(at).split(':').map(Number)
    if ((hours ?? 0) % 24 === hour && minutes === 0) return at
    // A spring gap can swallow the hour of one day, never of two.
    if (at - nowMs > 3 * 86_400_000) return at
  }
}
