import type { Popup } from '../page/popup-menu.ts'

/** What the stand-in itself tells a page, on the channel without a name. */
export type OwnMessage =
  | { readonly kind: 'accelerators'; readonly names: readonly string[] }
  | { readonly kind: 'popup'; readonly popup: Popup }
