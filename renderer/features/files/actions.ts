import { invoke } from '../../base/bridge.ts'
import { wordsOf } from '../../base/i18n/index.ts'
import { explain } from '../../base/notices.ts'
import type { CommandHandlers } from '../../state/commands.ts'
import { focusedAsset, useGrid } from '../../state/grid/grid.ts'
import { words } from './words.ts'

const t = wordsOf('files', words)

/** What was done otherwise than asked for is said, with its reason. */
async function withFile(call: 'asset.reveal' | 'asset.open'): Promise<void> {
  const asset = focusedAsset(useGrid.getState())
  if (asset === null) return
  const done = await invoke(call, { asset })
  if (done !== undefined && done.why !== null) explain(t(`why.${done.why}`))
}

export const fileCommands = {
  showInFolder: () => void withFile('asset.reveal'),
  openFile: () => void withFile('asset.open'),
} as const satisfies CommandHandlers
