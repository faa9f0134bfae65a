import type { TextRange } from '../../../shared/domain.ts'
import type { RuleSeverity, TriedHit } from '../../../shared/rules.ts'

export interface Segment {
  readonly start: number
  readonly text: string
  /** The worst of the rules that apply here; null for none. */
  readonly severity: RuleSeverity | null
}

type Ranged = Pick<TriedHit, 'range'> & { readonly text: { readonly severity: RuleSeverity } }

const rank: Readonly<Record<RuleSeverity, number>> = { notice: 0, evidence: 1, forbidden: 2 }

/** The text in segments, each wholly inside or outside of every hit. */
export function segmentsOf(text: string, hits: readonly Ranged[]): readonly Segment[] {
  const ranged = hits.flatMap(({ range, text: { severity } }) =>
    range === null || range[0] >= text.length
      ? []
      : [{ from: range[0], to: Math.min(range[1], text.length), severity }],
  )
  const cuts = new Set([0, text.length])
  for (const { from, to } of ranged) cuts.add(from).add(to)
  const ordered = [...cuts].sort((a, b) => a - b)
  return ordered.slice(0, -1).map((start, at) => {
    const end = ordered[at + 1] ?? text.length
    const here = ranged.filter(({ from, to }) => from <= start && to >= end).map(({ severity }) => severity)
    const severity = here.toSorted((a, b) => rank[b] - rank[a])[0] ?? null
    return { start, text: text.slice(start, end), severity }
  })
}

/** Hits in a text that has been typed into since: those before the change stay, those behind it move, those within are gone. */
export function carriedHits<Hit extends Pick<TriedHit, 'range'>>(
  hits: readonly Hit[],
  before: string,
  after: string,
): readonly Hit[] {
  if (before === after) return hits
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const moved = after.length - before.length
  return hits.flatMap(hit => {
    const { range } = hit
    if (range === null || range[1] <= head) return [hit]
    if (range[0] < before.length - tail) return []
    const shifted: TextRange = [range[0] + moved, range[1] + moved]
    return [{ ...hit, range: shifted }]
  })
}
