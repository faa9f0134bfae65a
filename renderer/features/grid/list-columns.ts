import type { SortKey } from '../../state/grid/sort.ts'

/** The columns of the list: which there is room for, how wide each is, and what a click on its head sorts by. */

export const listColumnIds = [
  'name',
  'verdict',
  'label',
  'confidence',
  'decision',
  'rule',
  'folder',
  'size',
  'time',
] as const
export type ColumnId = (typeof listColumnIds)[number]

export interface ListColumn {
  readonly id: ColumnId
  readonly width: number
}

export const sortOfColumn: Readonly<Record<ColumnId, SortKey>> = {
  name: 'name',
  verdict: 'risk',
  label: 'label',
  confidence: 'confidence',
  decision: 'decision',
  rule: 'rule',
  folder: 'folder',
  size: 'size',
  time: 'time',
}

const widths: Readonly<Record<ColumnId, number>> = {
  name: 200,
  verdict: 104,
  label: 120,
  confidence: 88,
  decision: 88,
  rule: 150,
  folder: 130,
  size: 76,
  time: 130,
}
/** A name is shortened in its middle before the decision is out of sight. */
const narrowestName = 100
/** What goes first where there is no room; the name, the verdict and the decision stay. */
const leastNeeded: readonly ColumnId[] = ['time', 'size', 'folder', 'confidence', 'rule', 'label']
/** Of the room that is left over, half is the name's. */
const growing: readonly ColumnId[] = ['rule', 'folder']

export function columnsIn(width: number): readonly ListColumn[] {
  let shown: readonly ColumnId[] = listColumnIds
  const needed = () => shown.reduce((sum, id) => sum + widths[id], 0)
  for (const id of leastNeeded) if (needed() > width) shown = shown.filter(other => other !== id)
  const missing = Math.min(widths.name - narrowestName, Math.max(0, needed() - width))
  const left = Math.max(0, width - needed()) - missing
  const others = shown.filter(id => growing.includes(id))
  const share = others.length === 0 ? 0 : Math.floor(left / 2 / others.length)
  return shown.map(id => ({
    id,
    width: widths[id] + (id === 'name' ? left - share * others.length : others.includes(id) ? share : 0),
  }))
}
