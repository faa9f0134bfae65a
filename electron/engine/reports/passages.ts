import type { TextRange, Verdict } from '../../../shared/domain.ts'
import type { RuleHit, RuleSeverity } from '../../../shared/rules.ts'
import type { CheckView } from '../../../shared/screening.ts'

/** What a reader is shown of a text: the passages with their marks, and nothing of a long rest. */

export type MarkKind = RuleSeverity | Exclude<Verdict, 'pass'>

export interface Mark {
  readonly range: TextRange
  readonly kind: MarkKind
  /** By which a list beside the text names it. */
  readonly number: number
}

/** A stretch of text under one mark, or under none; `starts` has the numbers of all marks that begin with it. */
export interface Run {
  readonly text: string
  readonly mark: Mark | null
  readonly starts: readonly number[]
}

/** What a report numbers in an asset: a rule with its hits, or a part that a platform flagged. */
export type Finding =
  | { readonly of: 'rule'; readonly number: number; readonly hits: readonly [RuleHit, ...RuleHit[]] }
  | { readonly of: 'check'; readonly number: number; readonly check: CheckView; readonly range: TextRange | null }

/** What was found in an asset, numbered: rules as their hits are kept, the worst first, then flagged parts. */
export function findingsOf(
  hits: readonly RuleHit[],
  checks: readonly CheckView[],
  spans: readonly { readonly check: number; readonly range: TextRange }[],
): readonly Finding[] {
  const rules = new Map<string, [RuleHit, ...RuleHit[]]>()
  for (const hit of hits) {
    const name = `${hit.text.book}/${hit.text.rule}`
    const own = rules.get(name)
    if (own === undefined) rules.set(name, [hit])
    else own.push(hit)
  }
  // Rules know the very words, which are shown for themselves.
  const ofHits = new Set(hits.map(({ check }) => check))
  const narrowed = new Set(spans.map(({ check }) => check))
  // That all of it was flagged is the verdict itself.
  const isPlace = ({ id, part }: CheckView) => part !== 'whole' || narrowed.has(id)
  const flagged = checks.filter(check => isFlagged(check) && isPlace(check) && !ofHits.has(check.id))
  return [
    ...[...rules.values()].map((own, index) => ({ of: 'rule' as const, number: index + 1, hits: own })),
    ...flagged.map((check, index) => ({
      of: 'check' as const,
      number: rules.size + index + 1,
      check,
      range: spans.find(span => span.check === check.id)?.range ?? check.range,
    })),
  ]
}

const isFlagged = ({ verdict }: CheckView) => verdict === 'risky' || verdict === 'review'

/** The marks of a text; words that somebody found fine have none. */
export function marksOf(findings: readonly Finding[]): readonly Mark[] {
  return findings.flatMap((finding): readonly Mark[] => {
    const { number } = finding
    if (finding.of === 'check') {
      const { verdict } = finding.check
      if (finding.range === null || (verdict !== 'risky' && verdict !== 'review')) return []
      return [{ range: finding.range, kind: verdict, number }]
    }
    return finding.hits.flatMap(({ range, waiver, text }) =>
      range === null || waiver !== null ? [] : [{ range, kind: text.severity, number }],
    )
  })
}

/** Characters around a mark. */
const contextUnits = 40
/** Marks of one text: beyond that nobody looks, and a report is long. */
const mostMarks = 100

/** At most about `units` characters of the text, the narrowest marks and their surroundings first; an ellipsis stands for what is left out. */
export function passagesOf(text: string, marks: readonly Mark[], units: number): readonly Run[] {
  const whole = (at: number) => (/[\udc00-\udfff]/.test(text.charAt(at)) ? at + 1 : at)
  const own = marks
    .map((mark): Mark => ({ ...mark, range: [whole(mark.range[0]), whole(mark.range[1])] }))
    .filter(({ range: [start, end] }) => start < end && start < text.length)
    .toSorted((a, b) => widthOf(a) - widthOf(b) || a.range[0] - b.range[0])
    .slice(0, mostMarks)
  const windows = text.length <= units ? [[0, text.length] as const] : windowsOf(text.length, own, units)
  const runs: Run[] = []
  let at = 0
  for (const [start, end] of windows.map(window => window.map(whole) as [number, number])) {
    if (start > at) runs.push({ text: '…', mark: null, starts: [] })
    runs.push(...runsOf(text, [start, end], own))
    at = end
  }
  if (at < text.length) runs.push({ text: '…', mark: null, starts: [] })
  return runs
}

const widthOf = ({ range: [start, end] }: Mark) => end - start

function windowsOf(length: number, marks: readonly Mark[], units: number): readonly TextRange[] {
  let windows: readonly TextRange[] = []
  let left = units
  for (const { range } of marks) {
    if (left <= 0) break
    const start = Math.max(0, range[0] - contextUnits)
    const wanted: TextRange = [start, Math.min(length, range[1] + contextUnits, start + left)]
    const merged = mergedWith(windows, wanted)
    left = units - merged.reduce((sum, [from, to]) => sum + to - from, 0)
    windows = merged
  }
  return windows.length === 0 ? [[0, Math.min(length, units)]] : windows
}

function mergedWith(windows: readonly TextRange[], added: TextRange): readonly TextRange[] {
  const merged: [number, number][] = []
  for (const [start, end] of [...windows, added].toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

/** One window cut where marks begin and end; where several lie over one another, the narrowest is seen. */
function runsOf(text: string, [from, to]: TextRange, marks: readonly Mark[]): readonly Run[] {
  const clipped = (at: number) => Math.min(to, Math.max(from, at))
  const cuts = [...new Set([from, to, ...marks.flatMap(({ range }) => range.map(clipped))])].toSorted((a, b) => a - b)
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? from
    const mark = marks.find(({ range }) => range[0] <= start && end <= range[1]) ?? null
    const starts = marks.filter(({ range }) => range[0] === start).map(({ number }) => number)
    return { text: text.slice(start, end), mark, starts: [...new Set(starts)].toSorted((a, b) => a - b) }
  })
}

/** Of a text that can no longer be read: the words of the hits with what stood around them. */
export function passagesOfHits(findings: readonly Finding[], units: number): readonly Run[] {
  const runs: Run[] = []
  let left = units
  const hits = findings.flatMap(finding =>
    finding.of === 'rule' ? finding.hits.map(hit => ({ hit, number: finding.number })) : [],
  )
  for (const { hit, number } of hits) {
    const { before, matched, after, text, waiver, range } = hit
    if (matched === '' || left <= 0) continue
    if (runs.length > 0) runs.push({ text: ' … ', mark: null, starts: [] })
    const mark = waiver === null ? { range: range ?? ([0, 0] as const), kind: text.severity, number } : null
    runs.push(
      { text: before, mark: null, starts: [] },
      { text: matched, mark, starts: mark === null ? [] : [number] },
      { text: after, mark: null, starts: [] },
    )
    left -= before.length + matched.length + after.length
  }
  return runs
}
