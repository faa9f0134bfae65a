/** What finding pictures that look alike would cost, before any is read. Nothing is sent anywhere for it. */
export interface LooksPrice {
  /** Pictures of the batch that nobody has compared yet, each content once. */
  readonly unread: number
  /** About how many of them are read in a minute. */
  readonly perMinute: number
}

export type LookAlikes =
  /** The one that was asked about first, then those that look like it, the nearest first; how many pictures could not be looked at. */
  | { readonly kind: 'found'; readonly assets: Float64Array; readonly unreadable: number }
  /** It is too plain to be told from others. */
  | { readonly kind: 'plain' }
  /** It cannot be read from this machine, or is not what was screened any more. */
  | { readonly kind: 'unreadable' }

/** Reading more than this is begun only once somebody has agreed to it. */
export const looksFreely = 1_000
