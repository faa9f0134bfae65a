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
  readonly zoom: 'fit' | 'full'
  /** Index of the tile or passage that is lit, -1 for none. */
  readonly part: number
  readonly noting: Noting | null
  /** Reason 1–9 that goes with the next decision, null for none. */
  readonly reason: number | null
}

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
  zoom: 'fit',
  part: -1,
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
export const openLoupe = (_: ViewState, loupe: boolean): Partial<ViewState> => ({ loupe, zoom: 'fit' })
export const toggleZoom = (state: ViewState, _: null): Partial<ViewState> => ({
  zoom: state.zoom === 'fit' ? 'full' : 'fit',
})
export const setNoting = (_: ViewState, noting: Noting | null): Partial<ViewState> => ({ noting })
/** Another asset: what was uncovered is covered again. */
export const leaveAsset = (_: ViewState, __: null): Partial<ViewState> => ({
  held: false,
  revealed: null,
  part: -1,
  zoom: 'fit',
})

export const lightPart = (_: ViewState, part: number): Partial<ViewState> => ({ part })

/** Around the end; `count` is how many tiles or passages there are. */
export const stepPart = (
  state: ViewState,
  step: { readonly by: 1 | -1; readonly count: number },
): Partial<ViewState> => {
  if (step.count === 0) return { part: -1 }
  if (state.part === -1) return { part: step.by === 1 ? 0 : step.count - 1 }
  return { part: (state.part + step.by + step.count) % step.count }
}

/** The same reason again takes it back. */
export const armReason = (state: ViewState, reason: number | null): Partial<ViewState> => ({
  reason: state.reason === reason ? null : reason,
})
