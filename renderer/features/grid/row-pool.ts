import { type Cell, makeCell } from './cell.ts'
import { setHidden } from './cell-drawing.ts'
import classes from './grid.module.css'
import type { Layout } from './layout.ts'
import { type Line, makeLine } from './list-line.ts'

/** A row's element with its cells, which move to where a row is needed. */
export interface PooledRow {
  readonly root: HTMLElement
  readonly cells: readonly (Cell | Line)[]
  /** The row of the grid that it stands for, -1 for none. */
  row: number
}

/** As many rows of cells as fit into the view, and a few more. */
export interface RowPool {
  /** Makes what is missing of `count` rows; all of them anew when the number of columns has changed. */
  fit(layout: Layout, count: number): void
  /** What stands for a row of the grid, or will. */
  at(row: number): PooledRow | undefined
  hideAll(): void
  /** Hides what stands for a row before `first`, or for `last` and after. */
  hideBeyond(first: number, last: number): void
  /** Index in the order shown of the cell whose element this is; -1 for none. */
  indexOf(root: Element | null): number
  dispose(): void
}

export function createRowPool(viewport: HTMLElement): RowPool {
  let pool: PooledRow[] = []
  let shape: Layout['shape'] = 'grid'

  function addLine(): void {
    const line = makeLine(`line-${pool.length}`)
    viewport.append(line.root)
    pool.push({ root: line.root, row: -1, cells: [line] })
  }

  function addRow(columns: number): void {
    const root = document.createElement('div')
    root.className = classes.row ?? ''
    root.setAttribute('role', 'row')
    const slot = pool.length
    const cells = Array.from({ length: columns }, (_, column) => makeCell(`cell-${slot}-${column}`))
    for (const [column, cell] of cells.entries()) cell.root.setAttribute('aria-colindex', String(column + 1))
    root.append(...cells.map(cell => cell.root))
    viewport.append(root)
    pool.push({ root, row: -1, cells })
  }

  function dispose(): void {
    for (const row of pool) row.root.remove()
    pool = []
  }

  return {
    fit(layout, count) {
      if (pool.length > 0 && (shape !== layout.shape || pool[0]?.cells.length !== layout.columns)) dispose()
      shape = layout.shape
      while (pool.length < count) {
        if (shape === 'list') addLine()
        else addRow(layout.columns)
      }
    },
    at: row => pool[row % pool.length],
    hideAll() {
      for (const row of pool) setHidden(row.root, true)
    },
    hideBeyond(first, last) {
      for (const row of pool) {
        if (row.row >= first && row.row < last) continue
        setHidden(row.root, true)
        row.row = -1
      }
    },
    indexOf(root) {
      for (const row of pool) for (const cell of row.cells) if (cell.root === root) return cell.index
      return -1
    },
    dispose,
  }
}
