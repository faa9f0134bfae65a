import { create } from 'zustand'
import type { IpcProblem } from '../../shared/ipc.ts'
import type { SpanPrice, SpanSearch } from '../../shared/spans.ts'

/** The one search for a span that may run; it goes on when the focus moves away. */
export type SpanState =
  | { readonly kind: 'none' }
  | { readonly kind: 'pricing'; readonly asset: number }
  /** `price` is null when nothing in the text was flagged. */
  | { readonly kind: 'offered'; readonly asset: number; readonly price: SpanPrice | null }
  | {
      readonly kind: 'searching'
      readonly asset: number
      readonly price: SpanPrice
      readonly calls: number
      readonly stopping: boolean
    }
  | { readonly kind: 'ended'; readonly asset: number; readonly search: SpanSearch }
  | { readonly kind: 'failed'; readonly asset: number; readonly problem: IpcProblem }

export const useSpan = create<SpanState>()((): SpanState => ({ kind: 'none' }))

export function dispatchSpan<Input>(transition: (state: SpanState, input: Input) => SpanState, input: Input): void {
  useSpan.setState(state => transition(state, input), true)
}

export const noSpan = (_: SpanState, __: null): SpanState => ({ kind: 'none' })
export const askPrice = (_: SpanState, asset: number): SpanState => ({ kind: 'pricing', asset })
/** A failure that was overtaken ends nothing: only the question that it answers. */
export const failPrice = (state: SpanState, failed: { asset: number; problem: IpcProblem }): SpanState =>
  state.kind === 'pricing' && state.asset === failed.asset ? { kind: 'failed', ...failed } : state
export const failSearch = (state: SpanState, failed: { asset: number; problem: IpcProblem }): SpanState =>
  state.kind === 'searching' && state.asset === failed.asset ? { kind: 'failed', ...failed } : state
export const endSpan = (_: SpanState, ended: { asset: number; search: SpanSearch }): SpanState => ({
  kind: 'ended',
  ...ended,
})

/** A price that was overtaken by a question about another asset is thrown away. */
export const offerPrice = (state: SpanState, offer: { asset: number; price: SpanPrice | null }): SpanState =>
  state.kind === 'pricing' && state.asset === offer.asset ? { kind: 'offered', ...offer } : state

/** Nothing is searched for that was not offered with its price. */
export const beginSearch = (state: SpanState, _: null): SpanState =>
  state.kind === 'offered' && state.price !== null
    ? { kind: 'searching', asset: state.asset, price: state.price, calls: 0, stopping: false }
    : state

export const countCalls = (state: SpanState, progress: { asset: number; calls: number }): SpanState =>
  state.kind === 'searching' && state.asset === progress.asset ? { ...state, calls: progress.calls } : state

export const stopSearch = (state: SpanState, _: null): SpanState =>
  state.kind === 'searching' ? { ...state, stopping: true } : state

/** Whether the day's quota covers what the search may cost. */
export function affordable(price: SpanPrice): 'yes' | 'in_part' | 'no' {
  if (price.quotaLeft === null || price.quotaLeft >= price.calls) return 'yes'
  return price.quotaLeft > 0 ? 'in_part' : 'no'
}
