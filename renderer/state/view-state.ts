import { create } from 'zustand'

/** How pictures are shown: what is uncovered, and how the inspector and the loupe show the asset with the focus. */
export interface ViewState {
  /** B is held down: the focused asset is uncovered. */
  readonly held: boolean
  /** Uncovered by a click until the focus moves on. */
  readonly revealed: number | null
  /** Everything is uncovered until it is switched back. */
  readonly unblurred: boolean
  readonly loupe: boolean
  /** The loupe with the facts beside it and what comes next below: one after the other. */
  readonly reviewing: boolean
  readonly zoom: Zoom
  /** What of a document somebody turned to, by its name; null for what is lit or the worst. */
  readonly piece: string | null
  /** Index of the tile or passage that is lit, -1 for none. */
  readonly part: number
  /** Id of the rule's hit that is lit, null for none. */
  readonly hit: number | null
  /** That hit is being found fine. */
  readonly fining: boolean
  readonly noting: Noting | null
  /** Reason 1–9 that goes with the next decision, null for none. */
  readonly reason: number | null
}

/** `auto`: as wide as the stage for a poster, else wholly in view, as with `fit`; or so many pixels of the window for one of the picture. */
export type Zoom = 'auto' | 'fit' | number

/** Assets that a note is being written for, and what they had; chosen when the dialog opens, wherever the focus goes. */
export interface Noting {
  readonly assets: readonly number[]
  readonly note: string
}

export const initialViewState: ViewState = {
  held: false,
  revealed: null,
  unblurred: false,
  loupe: false,
  reviewing: false,
  zoom: 'auto',
  piece: null,
  part: -1,
  hit: null,
  fining: false,
  noting: null,
  reason: null,
}

export const useViewState = create<ViewState>()(() => initialViewState)

export function dispatchViewState<Input>(
  transition: (state: ViewState, input: Input) => Partial<ViewState>,
  input: Input,
): void {
  useViewState.setState(state => transition(state, input))
}

export const hold = (_: ViewState, held: boolean): Partial<ViewState> => ({ held })
export const reveal = (_: ViewState, asset: number | null): Partial<ViewState> => ({ revealed: asset })
export const toggleBlur = (state: ViewState, _: null): Partial<ViewState> => ({ unblurred: !state.unblurred })
export const openLoupe = (_: ViewState, loupe: boolean): Partial<ViewState> => ({
  loupe,
  reviewing: false,
  zoom: 'auto',
})
export const beginReviewing = (_: ViewState, __: null): Partial<ViewState> => ({
  loupe: true,
  reviewing: true,
  zoom: 'auto',
})
export const setZoom = (_: ViewState, zoom: Zoom): Partial<ViewState> => ({ zoom })
export const setNoting = (_: ViewState, noting: Noting | null): Partial<ViewState> => ({ noting })
/** Another asset: what was uncovered is covered again. */
export const leaveAsset = (_: ViewState, __: null): Partial<ViewState> => ({
  held: false,
  revealed: null,
  piece: null,
  part: -1,
  hit: null,
  fining: false,
  zoom: 'auto',
})

/** A part and a rule's hit are never lit together: the view can be at one place only. */
export const lightPart = (_: ViewState, part: number): Partial<ViewState> => ({ part, hit: null, fining: false })
export const lightHit = (_: ViewState, hit: number | null): Partial<ViewState> => ({ part: -1, hit, fining: false })
/** Turns to another page: what was lit on the one before is lit no longer. */
export const showPiece = (_: ViewState, piece: string | null): Partial<ViewState> => ({
  piece,
  part: -1,
  hit: null,
  fining: false,
})
/** Asks why the hit is fine. */
export const beginFine = (_: ViewState, hit: number): Partial<ViewState> => ({ part: -1, hit, fining: true })
export const endFine = (_: ViewState, __: null): Partial<ViewState> => ({ fining: false })

/** Around the end, in the order of the cards. */
export const stepHit = (
  state: ViewState,
  step: { readonly by: 1 | -1; readonly hits: readonly number[] },
): Partial<ViewState> => {
  const { by, hits } = step
  if (hits.length === 0) return {}
  const at = state.hit === null ? -1 : hits.indexOf(state.hit)
  const next = at === -1 ? (by === 1 ? 0 : hits.length - 1) : (at + by + hits.length) % hits.length
  return lightHit(state, hits[next] ?? null)
}

/** The same reason again takes it back. */
export const armReason = (state: ViewState, reason: number | null): Partial<ViewState> => ({
  reason: state.reason === reason ? null : reason,
})
