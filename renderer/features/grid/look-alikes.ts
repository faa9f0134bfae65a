import { create } from 'zustand'
import { type LooksPrice, looksFreely } from '../../../shared/look-alikes.ts'
import { announce } from '../../base/announce.ts'
import { attempt, bridge, invoke } from '../../base/bridge.ts'
import { formatNumber, wordsOf } from '../../base/i18n/index.ts'
import { tellDone, tellProblem } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import { isComparing } from '../../state/comparing.ts'
import { provideDialogs } from '../../state/dialogs.ts'
import { dispatchGrid, focusedAsset, showAlike, useGrid } from '../../state/grid/grid.ts'
import { kindIndex } from '../../state/grid/table.ts'
import { words } from './words.ts'

const t = wordsOf('grid', words)

interface About {
  readonly asset: number
  readonly name: string
}

/** What is being done to find what looks like an asset, and what is found but not shown yet. */
export type Looking =
  | { readonly kind: 'nothing' }
  | ({ readonly kind: 'asking'; readonly price: LooksPrice } & About)
  | ({ readonly kind: 'reading'; readonly pictures: number; readonly total: number } & About)
  | ({ readonly kind: 'found'; readonly assets: Float64Array } & About)

export const useLooking = create<{ readonly now: Looking }>()(() => ({ now: { kind: 'nothing' } }))
const set = (now: Looking): void => useLooking.setState({ now })

/** Shows what looks like the focused picture, for a look only; asks first where that would take long. */
export async function lookAlike(): Promise<void> {
  const { table, focus } = useGrid.getState()
  const asset = focusedAsset(useGrid.getState())
  if (table === null || asset === null || isComparing()) return
  if (table.kind[focus] !== kindIndex.image) {
    tellDone(t('looksOnly'))
    return
  }
  stopLooking()
  const [rows, price] = await Promise.all([
    invoke('grid.rows', { assets: [asset] }),
    invoke('asset.looksPrice', { asset }),
  ])
  if (price === undefined || useGrid.getState().table?.batch !== table.batch) return
  const name = rows?.[0]?.path.split('/').at(-1) ?? ''
  if (price.unread > looksFreely) set({ kind: 'asking', asset, name, price })
  else await beginLooking({ asset, name })
}

export async function beginLooking({ asset, name }: About): Promise<void> {
  set({ kind: 'reading', asset, name, pictures: 0, total: 0 })
  const answer = await attempt('asset.looksLike', { asset })
  const { now } = useLooking.getState()
  // Somebody has stopped it, or asked about another one.
  if (now.kind !== 'reading' || now.asset !== asset) return
  set({ kind: 'nothing' })
  if ('problem' in answer) {
    if (answer.problem.code !== 'cancelled') tellProblem(answer.problem)
    return
  }
  const found = answer.value
  if (found.kind !== 'found') {
    tellDone(t(found.kind === 'plain' ? 'looksPlain' : 'looksUnreadable', { name }))
    return
  }
  const left = found.unreadable
  const also = left === 0 ? '' : ` ${t('looksLeft', { count: left, shown: formatNumber(left) })}`
  if (found.assets.length < 2) {
    tellDone(t('looksNone', { name }) + also)
    return
  }
  tellDone(t('looksTold', { name, shown: formatNumber(found.assets.length) }) + also)
  // What somebody who has gone on looks at must not change under the key that decides about it.
  if (focusedAsset(useGrid.getState()) === asset && !isComparing()) dispatchGrid(showAlike, { asset, name, ...found })
  else set({ kind: 'found', asset, name, assets: found.assets })
}

export function showFound(): void {
  const { now } = useLooking.getState()
  if (now.kind !== 'found') return
  dispatchGrid(showAlike, now)
  set({ kind: 'nothing' })
}

/** Leaves off; what was read is kept for the next time. */
export function stopLooking(): void {
  const { now } = useLooking.getState()
  set({ kind: 'nothing' })
  if (now.kind === 'reading') void invoke('asset.cancelLooks', {})
}

export function connectLookAlikes(): void {
  provideDialogs(() => useLooking.getState().now.kind === 'asking')
  bridge.on('looksProgress', ({ asset, pictures, total }) => {
    const { now } = useLooking.getState()
    if (now.kind !== 'reading' || now.asset !== asset) return
    if (now.total === 0 && total > 0) announce(t('looksReading', { pictures: 0, total: formatNumber(total) }))
    set({ ...now, pictures, total })
  })
  useApp.subscribe((state, before) => {
    if (state.batch !== before.batch) stopLooking()
  })
}
