import type { Rect, TextRange, Verdict } from '../../../shared/domain.ts'
import { pieceOfPart } from '../../../shared/piece-places.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { AssetDetail, CheckView } from '../../../shared/screening.ts'

/** One part of an asset over all profiles that screened it: the worst that was said of it counts. */
export interface PartView {
  readonly name: string
  /** Name of the piece that it is of; null for words, and for parts of what is one piece. */
  readonly piece: string | null
  readonly rect: Rect | null
  readonly range: TextRange | null
  readonly frame: number | null
  readonly verdict: Verdict | 'unchecked' | 'pending'
  readonly label: number | null
  readonly score: number | null
  readonly checks: readonly CheckView[]
}

const urgency = ['pass', 'pending', 'unchecked', 'review', 'risky'] as const

export function partsOf(detail: Pick<AssetDetail, 'checks' | 'pieces'>): readonly PartView[] {
  const pieces = new Set(detail.pieces?.pieces.map(({ name }) => name))
  const parts = new Map<string, PartView>()
  for (const check of platformChecks(detail)) {
    const verdict = verdictOf(check)
    const known = parts.get(check.part)
    const worse = known === undefined || urgency.indexOf(verdict) > urgency.indexOf(known.verdict)
    parts.set(check.part, {
      name: check.part,
      piece: known === undefined ? pieceOfPart(check.part, pieces) : known.piece,
      rect: check.rect,
      range: check.range,
      frame: check.frame,
      verdict: worse ? verdict : known.verdict,
      label: worse ? check.label : known.label,
      score: worse ? check.score : known.score,
      checks: [...(known?.checks ?? []), check],
    })
  }
  return [...parts.values()]
}

/** Rules mark words and have cards of their own; their checks are no calls. */
export const platformChecks = ({ checks }: Pick<AssetDetail, 'checks'>): readonly CheckView[] =>
  checks.filter(({ profile }) => profile !== rulesProfile)

function verdictOf(check: CheckView): PartView['verdict'] {
  if (check.verdict !== null) return check.verdict
  return check.reason === null ? 'pending' : 'unchecked'
}

/** The parts that keys step through: those that something was found in, or, where nothing was, all that have a place. */
export function hitsOf(parts: readonly PartView[]): readonly PartView[] {
  const placed = parts.filter(
    part => part.rect !== null || part.range !== null || part.frame !== null || part.piece !== null,
  )
  const found = placed.filter(part => part.verdict !== 'pass' && part.verdict !== 'pending')
  return found.length > 0 ? found : placed
}

/** Frames in which something was found, with the index of the hit that shows each; the first hit of a frame. */
export function framesOf(
  hits: readonly PartView[],
  isShown: (hit: PartView) => boolean = () => true,
): readonly { readonly frame: number; readonly hit: number }[] {
  const frames = new Map<number, number>()
  for (const [hit, part] of hits.entries()) {
    const { frame, verdict } = part
    if (frame !== null && isShown(part) && verdict !== 'pass' && verdict !== 'pending' && !frames.has(frame))
      frames.set(frame, hit)
  }
  return [...frames].map(([frame, hit]) => ({ frame, hit })).sort((a, b) => a.frame - b.frame)
}
