import { invoke } from '../../base/bridge.ts'
import { formatNumber, wordsOf } from '../../base/i18n/index.ts'
import { explain, tellDone } from '../../base/notices.ts'
import type { CommandHandlers } from '../../state/commands.ts'
import { assetsAt, focusedAsset, targets, useGrid } from '../../state/grid/grid.ts'
import { shownPieceOf } from '../../state/shown-piece.ts'
import { words } from './words.ts'

const t = wordsOf('files', words)

/** What was done otherwise than asked for is said, with its reason. */
async function withFile(call: 'asset.reveal' | 'asset.open'): Promise<void> {
  const asset = focusedAsset(useGrid.getState())
  if (asset === null) return
  const done = await invoke(call, { asset })
  if (done !== undefined && done.why !== null) explain(t(`why.${done.why}`))
}

async function copyLines(what: 'names' | 'paths'): Promise<void> {
  const state = useGrid.getState()
  const assets = assetsAt(state, targets(state))
  if (assets.length === 0) return
  const done = await invoke('assets.copyLines', { assets, what })
  if (done === undefined) return
  const said = { count: done.copied, shown: formatNumber(done.copied), total: formatNumber(assets.length) }
  tellDone(t(done.copied < assets.length ? 'copiedSome' : `copied.${what}`, said))
}

async function copyPicture(): Promise<void> {
  const asset = focusedAsset(useGrid.getState())
  if (asset === null) return
  const done = await invoke('asset.copyPicture', { asset, piece: shownPieceOf(asset) })
  if (done !== undefined) tellDone(t('copied.picture'))
}

export const fileCommands = {
  copyName: () => void copyLines('names'),
  copyPath: () => void copyLines('paths'),
  copyPicture: () => void copyPicture(),
  showInFolder: () => void withFile('asset.reveal'),
  openFile: () => void withFile('asset.open'),
} as const satisfies CommandHandlers
