/** How a thumbnail is covered. */
export interface ThumbnailOptions {
  readonly blur: 'off' | 'light' | 'strong'
  readonly grey: boolean
}

/**
 * Address of a picture of an asset, relative to the window's own origin; the main process serves it by id. Of a long poster it is the
 * beginning, unless a frame is named (0 for a picture that has one), which is shown whole.
 */
export const thumbnailUrl = (
  asset: number,
  sizePx: number,
  { blur, grey }: ThumbnailOptions,
  frame: number | null = null,
  piece: string | null = null,
): string =>
  `/thumbnail/${asset}?size=${sizePx}&blur=${blur}&grey=${grey ? 1 : 0}${frame === null ? '' : `&frame=${frame}`}${pieceQuery('&', piece)}`
/** The upright original (re-encoded where a browser cannot show its format), or one frame of it, 0-based. */
export const originalUrl = (asset: number, frame: number | null = null, piece: string | null = null): string =>
  frame === null
    ? `/original/${asset}${pieceQuery('?', piece)}`
    : `/original/${asset}?frame=${frame}${pieceQuery('&', piece)}`

/** A picture in a document, by the name of its piece. */
const pieceQuery = (mark: '?' | '&', piece: string | null): string =>
  piece === null ? '' : `${mark}piece=${encodeURIComponent(piece)}`
