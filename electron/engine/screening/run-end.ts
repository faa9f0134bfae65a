import type { FailureCode } from '../../../shared/failures.ts'
import type { BatchState, BatchSummary } from '../../../shared/screening.ts'
import type { LaneStop } from './lane.ts'
import type { RunServices } from './run.ts'

/** How a run was told to end; null when it came to its end by itself. */
export type Ending = 'cancelled' | 'running' | 'paused' | 'interrupted' | null

/** Writes the batch's last state, and ends what is still open where nothing will come of it. */
export async function endBatch(
  { writer }: Pick<RunServices, 'writer'>,
  batch: string,
  ending: Ending,
  stops: readonly { readonly profile: number; readonly stop: LaneStop }[],
  options: { onResult(asset: number, profile: number): void; onChange(): void },
): Promise<BatchState> {
  const endOpen = async (profile: number | null, code: FailureCode, detail: string) => {
    for (;;) {
      const ended = await writer.endOpen(batch, profile, code, detail)
      for (const result of ended) options.onResult(result.asset, result.profile)
      options.onChange()
      if (ended.length === 0) return
    }
  }
  const setState = async (state: BatchState, notice: BatchSummary['notice']) => {
    await writer.setState(batch, state, notice, null)
    options.onChange()
    return state
  }

  if (ending === 'running' || ending === 'paused' || ending === 'interrupted') return setState(ending, null)
  if (ending === 'cancelled') {
    await endOpen(null, 'cancelled', '')
    return setState('cancelled', null)
  }
  for (const { profile, stop } of stops) await endOpen(profile, stop.code, stop.detail)
  const [first] = stops
  if (first === undefined) return setState('done', null)
  const { code, detail, untilMs } = first.stop
  return setState('interrupted', { code, detail, untilMs, passes: passesByItself(first.stop) })
}

/** A host that refuses or resets the connection is there: its address, or the proxy's, has to be looked at by a person. */
function passesByItself({ class: failureClass, code }: LaneStop): boolean {
  return (failureClass === 'RETRY' || failureClass === 'MINUTE' || failureClass === 'DAY') && code !== 'unreachable'
}
