/** What an asset is made of besides its words: things in a file that can be judged, each with its place. */
export const pieceKinds = ['picture', 'recording'] as const
export type PieceKind = (typeof pieceKinds)[number]

/** Where in its file something is, as people count and call it: pages and slides from 1, names as the file has them. */
export interface PiecePlace {
  readonly page?: number | undefined
  readonly slide?: number | undefined
  readonly sheet?: string | undefined
  /** `B7`. */
  readonly cell?: string | undefined
  readonly layer?: string | undefined
  /** From the beginning of a film or a recording. */
  readonly seconds?: number | undefined
  /** A file within the file, such as an attachment: its name or path there. */
  readonly file?: string | undefined
}

/** From here on a text stands at this place, up to the next section. `start` counts UTF-16 units. */
export interface Section {
  readonly start: number
  readonly place: PiecePlace
}

export interface PieceRecord {
  readonly kind: PieceKind
  /** The names of its parts begin with it. */
  readonly name: string
  readonly places: readonly PiecePlace[]
  /** Pixels of the upright picture; left out of what was not decoded. */
  readonly size?: { readonly width: number; readonly height: number } | undefined
}

export interface PieceRecord {
  readonly kind: PieceKind
  /** The names of its parts begin with it. */
  readonly name: string
  readonly places: readonly PiecePlace[]
  /** Pixels of the upright picture; left out of what was not decoded. */
  readonly size?: { readonly width: number; readonly height: number } | undefined
}

/** What is kept of an asset of several pieces. */
export interface AssetPieces {
  readonly pieces: readonly PieceRecord[]
  readonly sections: readonly Section[]
}
