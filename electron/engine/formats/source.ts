import type { Failure } from '../../../shared/conclusion.ts'
import type { AssetKind } from '../../../shared/domain.ts'
import type { Encoding, EncodingSaid } from '../../../shared/encodings.ts'
import type { Remark } from '../../../shared/remarks/index.ts'
import type { HeldPieces } from './tables/table.ts'

/** What an asset's content comes from; plain JSON, so that it can be stored and opened again after a restart. */
export type Source =
  /** `sheet` is the one of a workbook that something is wrong with. */
  | { readonly kind: 'file'; readonly path: string; readonly sheet?: string }
  /**
   * A file in an archive: its path there, after those of the archives within archives that lead to it. `index` tells apart what has no
   * path of its own, and is unchecked for that. It is unpacked again whenever it is read (`intake/unpacked.ts`).
   */
  | {
      readonly kind: 'entry'
      readonly archive: string
      readonly entries: readonly string[]
      readonly index?: number
      /** What somebody says that the names in its archives are in. */
      readonly nameEncoding?: Encoding
      readonly sheet?: string
    }
  /** A cell of a table; `row` counts from 1 with the header, as a spreadsheet shows it. `encoding` is that of a delimited file. */
  | {
      readonly kind: 'row'
      readonly path: string
      /** Where the table lies in an archive, through which `path` goes. */
      readonly archive?: string
      readonly sheet: string | null
      readonly row: number
      readonly column: string
      readonly encoding: EncodingSaid | null
      readonly text: string
      /** What the row shows and `text` lacks; with any of it the row cannot pass. Rows of older versions have none. */
      readonly omitted?: readonly Remark[]
      readonly notes?: readonly Remark[]
      /** Pictures in the row, and the file that they are loaded from. */
      readonly held?: HeldPieces & { readonly file: Extract<Source, { kind: 'file' | 'entry' }> }
    }
  /** `at` keeps rows apart that have the same address, or none; what older versions stored is without it. */
  | { readonly kind: 'url'; readonly url: string; readonly at?: ListedAt }
  /** Standard input, text that was pasted, or the comment of the archive `of`. */
  | { readonly kind: 'inline'; readonly encoding: EncodingSaid; readonly text: string; readonly of?: string }

/** The place in a table or a list that named an address. */
export interface ListedAt {
  readonly path: string
  readonly sheet: string | null
  /** Or the line of a list. */
  readonly row: number
  readonly column: string | null
}

/**
 * Why something is no asset: hidden, a system's own file, a file that is reached by another path as well, a table that is not to be checked,
 * or a picture of the page that it was saved with.
 */
export type SkipReason = 'hidden' | 'system' | 'duplicate' | 'unwanted' | 'of_page'

/** One thing that intake came across: an asset, something that cannot become one (`failure`), or something left out (`skipped`). */
export interface Found {
  readonly source: Source
  /** The argument it was reached from, as given. */
  readonly root: string
  /** Relative to the argument, with `/`: `posters/a.png`, `table.csv#12`, `urls.txt#3`; `-` for standard input. */
  readonly path: string
  /** By content; null when it is none of them or not known. */
  readonly kind: AssetKind | null
  readonly bytes: number | null
  readonly failure: Failure | null
  readonly skipped: SkipReason | null
  /** Something worth knowing that prevents nothing, e.g. that the name says another type than the content. */
  readonly note: Remark | null
}

/** Upper bounds of intake. Sizes in bytes. */
export interface IntakeLimits {
  readonly textBytes: number
  readonly imageBytes: number
  /** Office documents are read whole: what they may have as a file and unpacked. */
  readonly documentBytes: number
  readonly workbookUnpackedBytes: number
  readonly redirects: number
  /** For a whole download. */
  readonly downloadMs: number
}

export const intakeLimits: IntakeLimits = {
  textBytes: 20_000_000,
  imageBytes: 200_000_000,
  documentBytes: 50_000_000,
  workbookUnpackedBytes: 200_000_000,
  redirects: 5,
  downloadMs: 60_000,
}
