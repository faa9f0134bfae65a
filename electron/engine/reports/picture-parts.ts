import type { Rect } from '../../../shared/domain.ts'
import { pieceOfPart } from '../../../shared/piece-places.ts'
import type { AssetPieces } from '../../../shared/pieces.ts'
import type { AssetRow, CheckView } from '../../../shared/screening.ts'

/** A flagged part of a picture, with its place. */
export interface PicturePart {
  readonly check: number
  readonly name: string
  readonly verdict: CheckView['verdict']
  readonly rect: Rect
  readonly frame: number
}

/** The picture that stands for an asset: its own, or the one of a document, with the parts that are on it. */
export interface Pictured extends Pick<AssetRow, 'width' | 'height'> {
  readonly piece: string | undefined
  readonly checks: readonly CheckView[]
}

/** Null for what has none, as texts and recordings. */
export function picturedIn(
  row: Pick<AssetRow, 'kind' | 'width' | 'height' | 'document'>,
  checks: readonly CheckView[],
  pieces: AssetPieces | null,
): Pictured | null {
  const piece = row.document?.picture ?? undefined
  if (piece === undefined) return row.kind === 'image' ? { width: row.width, height: row.height, piece, checks } : null
  const names = new Set(pieces?.pieces.map(({ name }) => name))
  const { width = null, height = null } = pieces?.pieces.find(({ name }) => name === piece)?.size ?? {}
  return { width, height, piece, checks: checks.filter(({ part }) => pieceOfPart(part, names) === piece) }
}

/** As thumbnails are cut: a long poster shows its beginning, down to this ratio of its sides. */
const longestRatio = 2

/** What the thumbnail of a picture shows of it. */
export function seenSize(width: number, height: number): { readonly width: number; readonly height: number } {
  return { width: Math.min(width, height * longestRatio), height: Math.min(height, width * longestRatio) }
}

/** Flagged parts that the thumbnail shows, and those that need a picture of their own: further down, or in a later frame. */
export function pictureParts(
  { width, height }: Pick<AssetRow, 'width' | 'height'>,
  checks: readonly CheckView[],
): { readonly seen: readonly PicturePart[]; readonly hidden: readonly PicturePart[] } {
  const seen: PicturePart[] = []
  const hidden: PicturePart[] = []
  if (width === null || height === null) return { seen, hidden }
  const shown = seenSize(width, height)
  const places = new Set<string>()
  for (const { id, part, verdict, rect, frame } of checks) {
    if (rect === null || (verdict !== 'risky' && verdict !== 'review')) continue
    const [x, y, partWidth, partHeight] = rect
    const place = `${frame ?? 0}:${rect.join()}`
    // Several profiles may have flagged the same part.
    if (places.has(place)) continue
    places.add(place)
    // The whole picture counts as seen by its beginning; a tile only where most of it is shown.
    const isWhole = partWidth === width && partHeight === height
    const isShown = x + partWidth / 2 < shown.width && y + partHeight / 2 < shown.height
    const list = (frame ?? 0) === 0 && (isWhole || isShown) ? seen : hidden
    list.push({ check: id, name: part, verdict, rect, frame: frame ?? 0 })
  }
  return { seen, hidden }
}
