/** Which picture of a document is looked at, as the inspector shows it, for commands of others that are about it. */

let read: (asset: number) => string | null = () => null

export function provideShownPiece(of: typeof read): void {
  read = of
}

/** Name of its piece; null where none is shown, or the asset is a picture itself. */
export const shownPieceOf = (asset: number): string | null => read(asset)
