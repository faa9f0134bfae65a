import { create } from 'zustand'

/** How pictures are looked at: what is uncovered, and how the inspector and the loupe show the asset with the focus. */
export interface LookState {
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

export const initialLook: LookState = {
  held: false,
  revealed: null,
  unblurred: false,
  loupe: false,
  zoom: 'fit',
  part: -1,
  noting: null,
  reason: null,
}

export const useLook = create<LookState>()(() => initialLook)

export function actLook<Input>(transition: (state: LookState, input: Input) => Partial<LookState>, input: Input): void {
  useLook.setState(state => transition(state, input))
}

export const hold = (_: LookState, held: boolean): Partial<LookState> => ({ held })
export const reveal = (_: LookState, asset: number | null): Partial<LookState> => ({ revealed: asset })
export const toggleBlur = (state: LookState, _: null): Partial<LookState> => ({ unblurred: !state.unblurred })
export const openLoupe = (_: LookState, loupe: boolean): Partial<LookState> => ({ loupe, zoom: 'fit' })
export const toggleZoom = (state: LookState, _: null): Partial<LookState> => ({
  zoom: state.zoom === 'fit' ? 'full' : 'fit',
})
export const setNoting = (_: LookState, noting: Noting | null): Partial<LookState> => ({ noting })
/** Another asset: what was uncovered is covered again. */
export const leaveAsset = (_: LookState, __: null): Partial<LookState> => ({
  held: false,
  revealed: null,
  part: -1,
  zoom: 'fit',
})

export const lightPart = (_: LookState, part: number): Partial<LookState> => ({ part })

/** Around the end; `count` is how many tiles or passages there are. */
export const stepPart = (
  state: LookState,
  step: { readonly by: 1 | -1; readonly count: number },
): Partial<LookState> => {
  if (step.count === 0) return { part: -1 }
  if (state.part === -1) return { part: step.by === 1 ? 0 : step.count - 1 }
  return { part: (state.part + step.by + step.count) % step.count }
}

/** The same reason again takes it back. */
export const armReason = (state: LookState, reason: number | null): Partial<LookState> => ({
  reason: state.reason === reason ? null : reason,
})
