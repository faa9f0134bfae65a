import type { PiecePlace } from '../../../../shared/pieces.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import type { Piece } from '../documents/document.ts'
import { type MediaFile, maxPieces } from '../office/package-media.ts'
import type { HeldPieces } from '../tables/table.ts'
import { letterOf } from '../tables/table-row.ts'

/** A picture or a recording that a sheet shows. */
export interface ShownMedia {
  /** What its bytes are loaded by: the name of its part, or its number among the pictures of an older workbook. */
  readonly handle: string
  /** The cell in which it begins, its row from 1 and its column from 0; null for what has no cell. */
  readonly cell: { readonly row: number; readonly column: number } | null
}

/** `pieces` of an asset; what can be none is left out. */
export interface HeldMedia {
  readonly held: HeldPieces | null
  readonly omitted: readonly Remark[]
}

/** Tells what an asset of a workbook holds besides its words. */
export type HoldMedia = (sheet: string | null, shown: readonly ShownMedia[]) => Promise<HeldMedia>

/** `format` is the document format that loads the pieces, `sha256` the hash of the workbook. */
export function createHoldMedia(
  look: (handle: string) => Promise<MediaFile | Remark>,
  format: string,
  sha256: string,
): HoldMedia {
  return async (sheet, shown) => {
    const omitted: Remark[] = []
    const byHash = new Map<string, Piece & { readonly places: PiecePlace[] }>()
    for (const { handle, cell } of shown) {
      const place = placeOf(sheet, cell)
      const looked = await look(handle)
      if ('code' in looked) {
        omitted.push(sheet === null ? looked : { ...looked, place: nameOf(place) })
        continue
      }
      const known = byHash.get(looked.sha256)
      if (known !== undefined) {
        if (known.places.length < maxPlaces) known.places.push(place)
        continue
      }
      if (byHash.size >= maxPieces) {
        omitted.push(remark('large_inside', { count: 1 }))
        continue
      }
      const number = [...byHash.values()].filter(({ kind }) => kind === looked.kind).length + 1
      const name = `${looked.kind === 'picture' ? 'picture' : 'sound'} ${number}`
      const from = { kind: 'handle' as const, handle }
      byHash.set(looked.sha256, { kind: looked.kind, name, places: [place], from, sha256: looked.sha256 })
    }
    const pieces = [...byHash.values()]
    return { held: pieces.length === 0 ? null : { format, sha256, pieces }, omitted }
  }
}

/** Of one picture, as a logo in every row. */
const maxPlaces = 100

function placeOf(sheet: string | null, cell: ShownMedia['cell']): PiecePlace {
  return {
    ...(sheet !== null && { sheet }),
    ...(cell !== null && { cell: `${letterOf(cell.column)}${cell.row}` }),
  }
}

function nameOf({ sheet = '', cell }: PiecePlace): string {
  return cell === undefined ? sheet : `${sheet}!${cell}`
}
