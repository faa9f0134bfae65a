import type { Failure } from '../../../shared/conclusion.ts'
import type { AssetKind } from '../../../shared/domain.ts'
import type { Encoding } from '../../../shared/encodings.ts'
import type { Section } from '../../../shared/pieces.ts'
import type { Remark, RemarkCode } from '../../../shared/remarks/index.ts'
import type { OpenFile } from '../base/open-file.ts'
import type { DocumentFile, OpenDocument, Piece } from './documents/document.ts'
import type { Documents } from './documents/documents.ts'
import type { IntakeLimits } from './source.ts'
import type { Cell, TableRequest } from './tables/table.ts'
import type { AccountOptions } from './text/account.ts'
import type { Anchor } from './text/positions.ts'

/**
 * A family of file formats: one folder that exports one record, and one line of `registry.ts`. The record says how its files are
 * recognised and read; sniffing, reading, walking and the numbering of readings ask the registry and name no family.
 *
 * A file is recognised through one of five doors, by the family that the registry lists first: words that it begins with, the
 * signature of its first bytes, its main part (a ZIP package), its streams (a compound file), or its text. A family has those that it
 * needs. Content decides; the name only tells texts apart, which nothing else can.
 */
export interface Family {
  readonly formats: readonly Format[]
  /** Extensions under which people expect this kind of content: another kind under such a name is worth a note. */
  readonly familiar?: { readonly kind: AssetKind; readonly extensions: readonly string[] }
  /** By readable words or marks at the beginning, before anything else is asked. */
  announced?(head: Head): Recognised | null
  /** By first bytes that are no text; `signature` is what the library for signatures makes of them, null where it knows none. */
  signed?(head: Head, signature: Signature | null): Recognised | null
  /** Packages (ZIP) with a main part. */
  readonly packages?: readonly Package[]
  /** By the names within a ZIP archive that has no known main part. */
  archived?(archive: ArchiveFacts): Extract<Recognised, { kind: 'format' | 'unsupported' }> | null
  /** Compound files, by the name of a storage or stream. */
  readonly compounds?: readonly (readonly [name: RegExp, is: DocumentFormat | RowsFormat | Remark])[]
  /** By what a decoded text begins with; without an answer its extension decides. */
  written?(text: WrittenText): TextFormat | null
}

/** A format with a reader of its own. */
export type Format = MediaFormat | DocumentFormat | TextFormat | RowsFormat | ArchiveFormat

interface Named {
  readonly name: string
  /** Names under which people are told that they can drop such files: only what is read, and what they would look for. */
  readonly shownAs?: readonly string[]
}

interface FormatBase extends Named {
  /**
   * The reader and its version. The number goes up whenever the same bytes are read in another way: it is in the key under which an
   * outcome may be used again, so that an outcome speaks for the reading it was made from.
   */
  readonly reading: readonly [reader: string, version: number]
}

/** A reader and its version as stored beside an asset and in its evidence: `html 2`. */
export type Reading = `${string} ${number}`

/** Bytes that are an asset as they stand; who decodes or sends them reads the file itself and checks it against the hash. */
export interface MediaFormat extends FormatBase {
  readonly reads: 'media'
  readonly kind: 'image' | 'audio'
  takes(mime: string): boolean
}

/** A document that says itself how its words are encoded, and may hold other pieces. It is opened in a child process, which may die. */
export interface DocumentFormat extends FormatBase {
  readonly reads: 'document'
  /** What people look for it as; nothing decides by it what is sent. */
  readonly kind: AssetKind
  /** Largest file that is read; `IntakeLimits.documentBytes` where it is not named. */
  readonly maxBytes?: number
  /** Time, in milliseconds, that a survey or one piece may take; a minute where it is not named. */
  readonly timeoutMs?: number
  /** Files in it that are assets of their own, as those of an archive are; nothing where it has none. */
  readonly holds?: ArchiveFormat
  open(file: DocumentFile): Promise<OpenDocument | Failure>
  readonly account: AccountOptions
}

/** A text, decoded before it is read. */
export interface TextFormat extends FormatBase {
  readonly reads: 'text'
  /** Lower case, without the dot. */
  readonly extensions: readonly string[]
  read(decoded: string): ExtractedText | Failure
  readonly account: AccountOptions
}

/** A list of assets: each cell or line is one. `reading` is that of its cells. */
export interface RowsFormat extends FormatBase {
  readonly reads: 'rows'
  /** Extensions of text formats, which only the name distinguishes; empty for formats recognised by content. */
  readonly extensions: readonly string[]
  /** The cells of the file, streamed. Throws only what reading throws and the signal's reason. */
  cells(file: OpenFile, request: RowsRequest): AsyncGenerator<Cell>
}

/** A folder in one file: what is in it are assets of their own, each of which is read as the file that it is. */
export interface ArchiveFormat extends Named {
  readonly reads: 'archive'
}

export interface RowsRequest {
  /** Where the file lies. */
  readonly path: string
  /** For formats that a child reads. */
  readonly documents: Pick<Documents, 'workbook'>
  readonly choice: TableRequest
  readonly limits: IntakeLimits
  readonly signal: AbortSignal
  /** The extension of the file's name, in lower case. */
  readonly extension: string
  /** What somebody says that it is in, where its bytes leave that open. */
  readonly encoding: Encoding | null
}

/**
 * What a reader of the file would see. `text` is what is submitted and what ranges count in: for plain text it begins with the decoded
 * file itself, otherwise with what was extracted from it, which the inspector shows. Behind it stand the passages that read otherwise
 * to a program or a person: decoded, without their marks, in the order in which they are shown.
 */
export interface ExtractedText {
  readonly kind: 'extracted'
  readonly text: string
  /** What the text is called in records that have no encoding of their own: `plain`, `html`, `docx`. */
  readonly format: string
  /** Where the passages stood in the decoded file, by rising offset; null when that is the text itself, or has no lines (docx). */
  readonly anchors: readonly Anchor[] | null
  /** What the file shows and is not in `text`: left out, so that the asset cannot pass. */
  readonly omitted: readonly Remark[]
  /** What no common viewer shows and a person may want to know: a pass may stand beside it. */
  readonly notes: readonly Remark[]
  /** Where in the file its passages are, by rising offset; none where lines alone tell. */
  readonly sections?: readonly Section[]
  /** What is in it besides words and can be judged too. */
  readonly pieces?: readonly Piece[]
  /** What of `omitted` a drawing of the page may show; null where nothing draws it. */
  readonly drawable?: Drawable | null
  /** How many pictures packed in the letters of `text` are among the pieces, and are not left out. */
  readonly packedPieces?: number
}

/** See `formats/html/drawn.ts`. */
export interface Drawable {
  /** `svg` elements, each of which is a picture. */
  readonly svgs: number
  /** What styles show besides the words. */
  readonly styles: readonly Remark[]
}

/** The first bytes of a file, or all of a short one. */
export interface Head {
  readonly bytes: Uint8Array
  /** The same with one character for each byte. */
  readonly latin1: string
}

export interface Signature {
  readonly extension: string
  readonly mime: string
}

/** What content is, judged by its first bytes alone. */
export type Recognised =
  | { readonly kind: MediaFormat['kind']; readonly mime: string }
  | { readonly kind: 'format'; readonly format: DocumentFormat | RowsFormat | ArchiveFormat }
  /** Office documents and other archives look alike at the beginning; their directory tells them apart. */
  | { readonly kind: 'zip' }
  /** So do the older ones, and new ones that are encrypted. */
  | { readonly kind: 'compound' }
  | { readonly kind: 'unsupported'; readonly what: Remark }

/** How the main part of a package is recognised: by its first element, else by the end of its name, else by its folder. */
export interface Package {
  /** Local name of the first element. */
  readonly root?: string
  /** End of the part's name. */
  readonly ending?: string
  readonly folder?: string
  /** Where the part lies when no relationship leads to it. */
  readonly usualPart?: string
  readonly is: DocumentFormat | RowsFormat | RemarkCode
}

export interface ArchiveFacts {
  /** In lower case, with `/`. */
  readonly names: readonly string[]
  /** What the archive says of itself in an entry `mimetype`; empty when it has none. */
  readonly mime: string
}

export interface WrittenText {
  readonly text: string
  /** The first 8192 characters, without a byte-order mark. */
  readonly head: string
  /** The extension of the file's name, in lower case; empty when it has none. */
  readonly extension: string
}
