import { create } from 'zustand'
import type { IpcProblem } from '../../shared/ipc.ts'
import type { AssetDetail } from '../../shared/screening.ts'

/** All that is known of the asset with the focus. */
export interface DetailState {
  /** The asset that is wanted; `detail` may still be of the one before it. */
  readonly asset: number | null
  readonly detail: AssetDetail | null
  readonly problem: IpcProblem | null
}

export const initialDetail: DetailState = { asset: null, detail: null, problem: null }

export const useDetail = create<DetailState>()(() => initialDetail)

export function dispatchDetail<Input>(
  transition: (state: DetailState, input: Input) => Partial<DetailState>,
  input: Input,
): void {
  useDetail.setState(state => transition(state, input))
}

export const wantDetail = (state: DetailState, asset: number | null): Partial<DetailState> => ({
  asset,
  detail: state.detail?.id === asset ? state.detail : null,
  problem: null,
})

/** An answer that was overtaken by a move of the focus is thrown away. */
export const takeDetail = (state: DetailState, detail: AssetDetail): Partial<DetailState> =>
  state.asset === detail.id ? { detail, problem: null } : {}

export const failDetail = (
  state: DetailState,
  failed: { readonly asset: number; readonly problem: IpcProblem },
): Partial<DetailState> => (state.asset === failed.asset ? { problem: failed.problem } : {})
