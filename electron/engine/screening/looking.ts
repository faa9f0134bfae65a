import type { TextPart } from '../../../shared/domain.ts'
import { type LocalHit, mostHits, worstFinding } from '../checkers/local-checker.ts'
import { createPositions } from '../formats/text/positions.ts'
import type { CallContext, Looked, NewHit } from '../store/records.ts'
import type { AssetRun } from './asset.ts'
import type { CheckServices } from './check.ts'
import { type Content, type Cut, endpointFor, type UnsentPart } from './content.ts'
import type { LocalLane } from './lane.ts'
import { inspectPart } from './local-check.ts'
import { unsentCheckOf } from './part.ts'

/**
 * One asset before a checker on this machine. Nothing of it is written before its end: no call leaves, and looking again costs nothing.
 */
export interface Looking {
  look(part: UnsentPart): Promise<void>
  /** What it came to; `missing` says why not all of the asset was made into parts. */
  looked(content: Content, missing: Looked['missing']): Looked
}

/** Where the hit stands, before its line is known. */
type PlacedHit = Omit<NewHit, 'line' | 'column'>

export function createLooking(
  { clock }: Pick<CheckServices, 'clock'>,
  { asset, lane, cut }: { readonly asset: number; readonly lane: LocalLane; readonly cut: Cut },
  run: Pick<AssetRun, 'controlsOf' | 'practice'>,
): Looking {
  const { id: profile, platform, appid } = lane.profile
  const context: CallContext = { profile, platform, appid, practice: run.practice }
  const checks: Looked['checks'][number][] = []
  const hits: PlacedHit[] = []
  /** Chunks of a text overlap: what stands in both is one hit. */
  const seen = new Set<string>()
  let more = 0

  return {
    look: async part => {
      const endpoint = endpointFor(cut, part)
      const at = clock.now()
      const { found, conclusion, attempts, ms } = await inspectPart(clock, lane, endpoint, part, run.controlsOf(lane))
      checks.push({
        check: { ...unsentCheckOf(asset, lane, endpoint, part), at },
        end: { conclusion, attempts, ms },
        context,
      })
      if (found.kind === 'failure' || part.kind !== 'text') return
      more += found.more
      for (const hit of found.hits) {
        const placed = placedHit(part, hit)
        const key = JSON.stringify([hit.rule.book, hit.rule.rule, placed.range ?? [part.name, hit.range]])
        if (!seen.has(key)) hits.push(placed)
        seen.add(key)
      }
    },
    looked: (content, missing) => {
      const kept = inOrder(hits).slice(0, mostHits)
      return {
        profile: lane.index,
        checks,
        hits: withLines(content, kept),
        more: more + hits.length - kept.length,
        missing,
      }
    },
  }
}

/** Characters that are kept on either side of a hit. */
const aroundCharacters = 24

function placedHit(part: TextPart, { rule, bookVersion, range, matched }: LocalHit): PlacedHit {
  const [start, end] = range ?? [0, 0]
  const offset = part.range?.[0] ?? null
  return {
    part: part.name,
    rule,
    bookVersion,
    // What goes with a text, such as its title, has no place in it.
    range: range === null || offset === null ? null : [offset + start, offset + end],
    matched,
    before: range === null ? '' : lastCharacters(part.text.slice(Math.max(0, start - 2 * aroundCharacters), start)),
    after: range === null ? '' : firstCharacters(part.text.slice(end, end + 2 * aroundCharacters)),
  }
}

function firstCharacters(text: string): string {
  return Array.from(text).slice(0, aroundCharacters).join('').toWellFormed()
}

function lastCharacters(text: string): string {
  return Array.from(text).slice(-aroundCharacters).join('').toWellFormed()
}

/** The worst first, and of these in the order of the text. */
function inOrder(hits: readonly PlacedHit[]): readonly PlacedHit[] {
  return hits.toSorted(
    (one, other) => rankOf(one) - rankOf(other) || (one.range?.[0] ?? Infinity) - (other.range?.[0] ?? Infinity) || 0,
  )
}

const ranks = { forbidden: 0, evidence: 1, notice: 2, none: 3 } as const

function rankOf({ rule }: PlacedHit): number {
  return ranks[worstFinding([rule.severity])]
}

/** Lines and columns as the asset's chunks have them: of the file, where a text was extracted from one. */
function withLines(content: Content, hits: readonly PlacedHit[]): readonly NewHit[] {
  const { words } = content
  if (words === null || hits.length === 0) return hits.map(hit => ({ ...hit, line: null, column: null }))
  const positionAt = createPositions(words.text, words.anchors)
  const starts = [...new Set(hits.flatMap(({ range }) => (range === null ? [] : [range[0]])))].sort((a, b) => a - b)
  const positions = new Map(starts.map(start => [start, positionAt(start)]))
  return hits.map(hit => {
    const { line = null, column = null } = positions.get(hit.range?.[0] ?? -1) ?? {}
    return { ...hit, line, column }
  })
}
