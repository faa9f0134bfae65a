import { attempt } from '../../base/bridge.ts'
import { dispatchDetail, failDetail, takeDetail, useDetail, wantDetail } from '../../state/detail.ts'
import { focusedAsset, useGrid } from '../../state/grid/grid.ts'
import { onChanged } from '../../state/grid/live.ts'
import { aheadDetail, forgetAhead } from './look-ahead.ts'

/** Fetches the details of the asset with the focus once the focus rests, and again when something of it has changed. */
const restMs = 50
let timer: ReturnType<typeof setTimeout> | undefined

/** Each question has a number: two answers about one asset may come in the other order, and the older must not stay. */
let asked = 0
let answered = 0

async function load(asset: number): Promise<void> {
  asked += 1
  const own = asked
  const answer = await attempt('asset.detail', { asset })
  if (own < answered) return
  answered = own
  if ('value' in answer) dispatchDetail(takeDetail, answer.value)
  else dispatchDetail(failDetail, { asset, problem: answer.problem })
}

function loadSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(() => {
    const { asset } = useDetail.getState()
    if (asset !== null) void load(asset)
  }, restMs)
}

/** Reads the asset again if it still has the focus: something of it has changed that the grid does not show. */
export function refresh(asset: number): void {
  if (useDetail.getState().asset === asset) void load(asset)
}

export function connectInspector(): void {
  useGrid.subscribe(state => {
    const asset = focusedAsset(state)
    if (asset === useDetail.getState().asset) return
    dispatchDetail(wantDetail, asset)
    const ahead = asset === null ? undefined : aheadDetail(asset)
    // What was read ahead is as it was read: a change would have thrown it away.
    if (ahead === undefined) loadSoon()
    else dispatchDetail(takeDetail, ahead)
  })
  onChanged(assets => {
    forgetAhead(assets)
    const { asset } = useDetail.getState()
    if (asset !== null && assets.has(asset)) loadSoon()
  })
}
