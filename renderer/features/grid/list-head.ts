import { isDescending, type Sort } from '../../state/grid/sort.ts'
import { append, element } from './cell-drawing.ts'
import { createCutter, measureIn } from './cell-name.ts'
import type { CellWords } from './cell-words.ts'
import classes from './grid.module.css'
import type { Layout } from './layout.ts'
import { columnsIn, type ListColumn, listColumnIds, sortOfColumn } from './list-columns.ts'

/** The heads of the list's columns, which stay over its lines. A click on one sorts by it (grid-view.tsx). */
export interface ListHead {
  /** Those that there is room for. */
  readonly columns: readonly ListColumn[]
  /** Cuts a text to the pixels of its column. */
  cut(text: string, width: number): string
  /** Takes a new layout. */
  describe(layout: Layout): void
  /** `sort`: null where the order is that of no column. */
  paint(sort: Sort | null, words: CellWords): void
  remove(): void
}

/** Size of a line's letters, and what is beside its columns. */
const lineFontPx = 12
const besideLine = 16

export function createListHead(viewport: HTMLElement): ListHead {
  const root = element('div', classes.listHead)
  root.setAttribute('role', 'row')
  root.setAttribute('aria-rowindex', '1')
  let painted = ''
  let columns: readonly ListColumn[] = []
  let cut = createCutter(() => 0)
  return {
    get columns() {
      return columns
    },
    cut: (text, width) => cut(text, width),
    describe(layout) {
      columns = columnsIn(layout.cellWidth - besideLine)
      cut = createCutter(measureIn(`${lineFontPx}px ${getComputedStyle(viewport).fontFamily}`))
      viewport.style.setProperty('--list-columns', columns.map(({ width }) => `${width}px`).join(' '))
      // Which columns there are is said once; the lines have them all.
      viewport.dataset.columns = columns.map(({ id }) => id).join(' ')
      viewport.removeAttribute('data-compact')
      viewport.setAttribute('aria-rowcount', String(layout.rows + 1))
      viewport.setAttribute('aria-colcount', String(listColumnIds.length))
    },
    paint(sort, words) {
      if (root.parentElement === null) viewport.prepend(root)
      const wanted = `${words.language} ${sort?.by} ${sort?.reversed} ${columns.map(({ id }) => id).join()}`
      if (wanted === painted) return
      painted = wanted
      root.replaceChildren()
      for (const { id } of columns) {
        const head = append(root, element('div', classes.columnHead))
        head.setAttribute('role', 'columnheader')
        head.setAttribute('aria-colindex', String(listColumnIds.indexOf(id) + 1))
        head.dataset.column = id
        head.textContent = words.columns[id]
        const by = sortOfColumn[id]
        head.dataset.sort = by
        if (sort?.by === by) head.setAttribute('aria-sort', isDescending(sort) ? 'descending' : 'ascending')
      }
    },
    remove: () => root.remove(),
  }
}
