import type { Failure } from '../../../../shared/conclusion.ts'
import type { PieceKind, PiecePlace, Section } from '../../../../shared/pieces.ts'
import type { ExtractedText } from '../family.ts'
import type { WorkbookContent } from './messages.ts'

/**
 * A file of a format that is read in a child process. Reading waits for the disk: the child has nothing else to do, and libraries that
 * read piece by piece cannot wait otherwise. Throws what the system throws.
 */
export interface DocumentFile {
  readonly sizeBytes: number
  /** The `length` bytes from `offset` on, or fewer when the file ends before. */
  read(offset: number, length: number): Uint8Array
  whole(): Uint8Array
  /** Where it lies on disk, for programs that open it themselves. */
  readonly path?: string
  /** Says how far a long reading is, in the units in which the document counts itself. */
  tell?(done: number, of: number): void
}

/** A document as its reader has it open. What it throws ends as a damaged document. */
export interface OpenDocument {
  readonly kind: 'document'
  /** All that is in it: words, pieces, and what is left out. Draws and decodes no picture. */
  survey(): Promise<DocumentSurvey | Failure>
  /** The bytes of the piece with this handle: a picture in a format that the imaging room reads, or a recording as it is. */
  load(handle: string): Promise<Uint8Array | Failure>
  /** The sheets of a workbook, of formats that are lists. */
  workbook?(): Promise<WorkbookContent | Failure>
  close(): void
}

/** What a document holds; the text may be empty. */
export interface DocumentSurvey extends ExtractedText {
  readonly sections: readonly Section[]
  readonly pieces: readonly Piece[]
}

/** One thing in an asset, besides its words, that can be judged. */
export interface Piece {
  readonly kind: PieceKind
  /**
   * Unique within the asset and the same each time the file is read: `page 3`, `slide 2 picture 1`, `picture 7`, `layer 4`, `frame 12`.
   * The names of its parts begin with it. Its words are those of `shared/part-names.ts`.
   */
  readonly name: string
  /** Where it is shown; a picture that is shown in several places is one piece. */
  readonly places: readonly PiecePlace[]
  readonly from: PieceSource
  /** Of its bytes, hexadecimal, where its reader knows it: what is loaded by a handle is then told apart by it, and not by its whole file. */
  readonly sha256?: string | undefined
  /**
   * For a page that its reader draws: whether the smallest print on it can be read when the whole is sent in one call. Tiles are cut
   * where it cannot; left out, the size alone decides, as for any picture.
   */
  readonly isReadableWhole?: boolean | undefined
}

export type PieceSource =
  /** The reader that found it loads it: `OpenDocument.load`. */
  | { readonly kind: 'handle'; readonly handle: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A file beside the asset's own, by its path from there, with `/`. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }
  /** The pictures of a film's track, by its number in the file: which of them are sent is known when they are decoded. */
  | { readonly kind: 'film'; readonly track: number; readonly codec: string }
