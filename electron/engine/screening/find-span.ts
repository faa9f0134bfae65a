import type { TextPart, TextRange, Verdict } from '../../../shared/domain.ts'
import type { SpanSearch } from '../../../shared/spans.ts'
import { createPositions } from '../formats/text/positions.ts'
import type { PartResult } from '../store/aggregate.ts'

export type Probe = (part: TextPart) => Promise<Pick<PartResult, 'verdict' | 'failure'>>

/** Calls at most: one to see whether the text is still flagged, then a binary search from either end. */
export function spanCalls(text: string): number {
  const steps = Math.ceil(Math.log2(Math.max(1, boundariesOf(text).length - 1)))
  return 1 + 2 * steps
}

/**
 * A binary search for the end of the flagged span, then for its beginning. It keeps only what the platform flagged again, so that the
 * result was flagged itself, whatever the platform's reasons are. A failed call ends the search; it is never taken for a pass.
 */
export async function findSpan(
  whole: string,
  flagged: { readonly check: number; readonly verdict: Verdict; readonly range: TextRange },
  probe: Probe,
): Promise<SpanSearch> {
  const { check } = flagged
  const [from, to] = flagged.range
  const bounds = boundariesOf(whole.slice(from, to))
  const at = (index: number) => from + (bounds[index] ?? 0)
  let first = 0
  let last = bounds.length - 1
  let calls = 0
  let verdict: Verdict = flagged.verdict
  let failure: PartResult['failure'] = null

  const isFlagged = async (start: number, end: number): Promise<boolean> => {
    calls += 1
    const position = createPositions(whole, null)(at(start))
    const range: TextRange = [at(start), at(end)]
    const answer = await probe({
      kind: 'text',
      name: `probe ${calls}`,
      rect: null,
      frame: null,
      range,
      ...position,
      text: whole.slice(...range).toWellFormed(),
    })
    if (answer.verdict === null) {
      failure = answer.failure
      return false
    }
    const isHit = answer.verdict === 'risky' || (answer.verdict === 'review' && flagged.verdict === 'review')
    if (isHit) verdict = answer.verdict
    return isHit
  }

  if (!(await isFlagged(first, last))) {
    const missed = failure as PartResult['failure']
    return missed === null
      ? { kind: 'not_found', check, calls, reason: 'not_flagged_now', detail: '' }
      : { kind: 'not_found', check, calls, reason: missed.code, detail: missed.detail }
  }
  // Invariant: [first, last) was flagged; nothing up to `unflagged` was.
  for (let unflagged = first; last - unflagged > 1 && failure === null; ) {
    const middle = Math.floor((unflagged + last) / 2)
    if (await isFlagged(first, middle)) last = middle
    else unflagged = middle
  }
  for (let unflagged = last; unflagged - first > 1 && failure === null; ) {
    const middle = Math.ceil((first + unflagged) / 2)
    if (await isFlagged(middle, last)) first = middle
    else unflagged = middle
  }
  const range: TextRange = [at(first), at(last)]
  const stopped = failure as PartResult['failure']
  return {
    kind: 'found',
    check,
    verdict,
    range,
    ...createPositions(whole, null)(range[0]),
    text: whole.slice(...range),
    calls,
    complete: stopped === null,
    reason: stopped?.code ?? null,
    detail: stopped?.detail ?? '',
  }
}

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** Where a text may be cut: between graphemes. */
function boundariesOf(text: string): readonly number[] {
  return [...Array.from(graphemes.segment(text), segment => segment.index), text.length]
}
