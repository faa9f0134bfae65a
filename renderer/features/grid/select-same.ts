import { gridOutcomes } from '../../../shared/grid.ts'
import { labelOf } from '../../../shared/labels.ts'
import type { AssetDetail } from '../../../shared/screening.ts'
import { invoke } from '../../base/bridge.ts'
import { formatNumber, language, wordsOf } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { tellDone } from '../../base/notices.ts'
import { useDetail } from '../../state/detail.ts'
import { dispatchGrid, focusedAsset, useGrid } from '../../state/grid/grid.ts'
import { type SharedColumn, selectAssets, selectSame } from '../../state/grid/same.ts'
import type { Table } from '../../state/grid/table.ts'
import { useViewState } from '../../state/view-state.ts'
import { words } from './words.ts'

const t = wordsOf('grid', words)
const c = wordsOf('common', common)

/** Selects what is shown and shares this with the focused asset, and says how many that are and what they share. */
export function selectShared(column: SharedColumn): void {
  const { table, focus } = useGrid.getState()
  if (table === null || focus === -1) return
  // Most assets have no label, which is nothing that they share.
  if (column === 'label' && table.label[focus] === 0) {
    tellDone(t('noLabel'))
    return
  }
  dispatchGrid(selectSame, column)
  tell(t(`same.${column}`, { name: nameOf(table, focus, column) }))
}

function nameOf(table: Table, position: number, column: SharedColumn): string {
  switch (column) {
    case 'folder':
      return table.folders[table.folder[position] ?? 0] || t('rootFolder')
    case 'label':
      return labelOf(table.label[position] ?? 0)[language()]
    case 'outcome':
      return c(`outcome.${gridOutcomes[table.outcome[position] ?? 0] ?? 'pending'}`)
  }
}

/** Selects what is shown and was hit by the rule that is lit, or else by the focused asset's first that counts. */
export async function selectSharedRule(): Promise<void> {
  const asset = focusedAsset(useGrid.getState())
  const batch = useGrid.getState().table?.batch
  if (asset === null || batch === undefined) return
  const known = useDetail.getState().detail
  const detail = known?.id === asset ? known : await invoke('asset.detail', { asset })
  if (detail === undefined) return
  const rule = ruleIn(detail)
  if (rule === undefined) {
    tellDone(t('noRule'))
    return
  }
  const found = await invoke('grid.ofRule', { batch, book: rule.book, rule: rule.rule })
  // Who has gone on meanwhile would be surprised by a selection.
  if (found === undefined || focusedAsset(useGrid.getState()) !== asset) return
  dispatchGrid(selectAssets, found.assets)
  tell(t('same.rule', { name: rule.title[language()] }))
}

const ruleIn = ({ ruled }: AssetDetail) => {
  const hits = ruled?.hits ?? []
  const lit = useViewState.getState().hit
  return (hits.find(({ id }) => id === lit) ?? hits.find(({ waiver }) => waiver === null) ?? hits[0])?.text
}

function tell(what: string): void {
  const { count } = useGrid.getState().selected
  tellDone(t('sameSelected', { count, shown: formatNumber(count), what }))
}
