import type { Language } from '../../../shared/language.ts'
import { pieceTitle } from '../../../shared/piece-places.ts'
import type { PieceRecord } from '../../../shared/pieces.ts'
import type { AssetDetail } from '../../../shared/screening.ts'
import { dispatchViewState, showPiece, useViewState, type ViewState } from '../../state/view-state.ts'
import { hitsOf, type PartView, partsOf } from './parts.ts'

/** What of an asset of several pieces is looked at, one after the other: its words, and each picture and recording in it. */
export interface Leaf {
  /** The piece's name, or one of the two that no piece has. */
  readonly name: string
  readonly kind: 'words' | 'picture' | 'recording'
  /** Null for the words, and for the picture that the asset itself is. */
  readonly piece: PieceRecord | null
  /** The worst that was said of it. */
  readonly verdict: PartView['verdict']
}

const wordsLeaf = 'words'
const ownLeaf = 'own'

const urgency = ['pass', 'pending', 'unchecked', 'review', 'risky'] as const
const worseOf = (a: PartView['verdict'], b: PartView['verdict']) => (urgency.indexOf(b) > urgency.indexOf(a) ? b : a)

/** Of an asset of one piece there is one leaf, or none where it has no preview. Made once for each reading of the asset. */
export function leavesOf(detail: AssetDetail): readonly Leaf[] {
  const known = made.get(detail)
  if (known !== undefined) return known
  const leaves = makeLeaves(detail)
  made.set(detail, leaves)
  return leaves
}

const made = new WeakMap<AssetDetail, readonly Leaf[]>()

function makeLeaves(detail: AssetDetail): readonly Leaf[] {
  const worst = new Map<string, PartView['verdict']>()
  for (const part of partsOf(detail)) {
    const name = leafNameOf(detail, part)
    const former = worst.get(name)
    worst.set(name, former === undefined ? part.verdict : worseOf(former, part.verdict))
  }
  // Rules look at words alone.
  for (const { text, waiver } of detail.ruled?.hits ?? []) {
    const said = text.severity === 'forbidden' ? 'risky' : text.severity === 'evidence' ? 'review' : null
    if (said !== null && waiver === null) worst.set(wordsLeaf, worseOf(worst.get(wordsLeaf) ?? 'pass', said))
  }
  const pieces = detail.pieces?.pieces ?? []
  const isPicture = detail.kind === 'image' && (detail.width !== null || !pieces.some(({ kind }) => kind === 'picture'))
  const leaf = (name: string, kind: Leaf['kind'], piece: PieceRecord | null): Leaf => ({
    name,
    kind,
    piece,
    verdict: worst.get(name) ?? 'pending',
  })
  return [
    ...(detail.text === null || (detail.text === '' && pieces.length > 0) ? [] : [leaf(wordsLeaf, 'words', null)]),
    ...(isPicture ? [leaf(ownLeaf, 'picture', null)] : []),
    ...pieces.map(piece => leaf(piece.name, piece.kind, piece)),
  ]
}

const leafNameOf = (detail: AssetDetail, { piece, rect, frame }: PartView): string =>
  piece ?? (detail.text !== null && rect === null && frame === null ? wordsLeaf : ownLeaf)

/** Which of them is looked at: where what is lit is, or what somebody turned to, or the worst. -1 where there is none. */
export function leafAt(detail: AssetDetail, view: Pick<ViewState, 'piece' | 'part' | 'hit'>): number {
  const leaves = leavesOf(detail)
  const at = (name: string | null) => leaves.findIndex(leaf => leaf.name === name)
  const lit = view.part === -1 ? undefined : hitsOf(partsOf(detail))[view.part]
  const wanted = view.hit !== null ? wordsLeaf : lit !== undefined ? leafNameOf(detail, lit) : view.piece
  const index = at(wanted)
  return index === -1 ? openedAt(leaves) : index
}

/** The first of the worst; where nothing was found, what the document looks like comes before its words. */
function openedAt(leaves: readonly Leaf[]): number {
  for (const verdict of ['risky', 'review', 'unchecked'] as const) {
    const index = leaves.findIndex(leaf => leaf.verdict === verdict)
    if (index !== -1) return index
  }
  const page = leaves.findIndex(({ name }) => /^page \d+$/.test(name))
  return page === -1 ? Math.min(0, leaves.length - 1) : page
}

/** Turns to the next or the one before; false where there is none. */
export function turnPage(detail: AssetDetail, by: 1 | -1): boolean {
  if (detail.pieces == null) return false
  const leaf = leavesOf(detail)[leafAt(detail, useViewState.getState()) + by]
  if (leaf === undefined) return false
  dispatchViewState(showPiece, leaf.name)
  return true
}

/** The part that a step leads to from what is looked at; -1 where there is none. */
/** Around the end. */
export function partFrom(detail: AssetDetail, view: Pick<ViewState, 'piece' | 'part' | 'hit'>, by: 1 | -1): number {
  const hits = hitsOf(partsOf(detail))
  if (hits.length === 0) return -1
  if (view.part !== -1) return (view.part + by + hits.length) % hits.length
  const leaves = leavesOf(detail)
  const shown = leafAt(detail, view)
  const order = new Map(leaves.map(({ name }, index) => [name, index]))
  const leafOf = (part: PartView) => order.get(leafNameOf(detail, part)) ?? 0
  const found =
    by === 1 ? hits.findIndex(part => leafOf(part) >= shown) : hits.findLastIndex(part => leafOf(part) <= shown)
  return found !== -1 ? found : by === 1 ? 0 : hits.length - 1
}

/** What the parts of the leaf are, out of all of the asset. */
export const isOnLeaf = (detail: AssetDetail, leaf: Leaf | null, part: PartView): boolean =>
  leaf === null || leafNameOf(detail, part) === leaf.name

/** Null for what has the name of the asset itself. */
export function leafTitle({ piece }: Leaf, language: Language): string | null {
  return piece === null ? null : pieceTitle(piece, language)
}
