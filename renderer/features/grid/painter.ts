import { type ThumbnailOptions, thumbnailUrl } from '../../../shared/addresses.ts'
import type { AssetRow } from '../../../shared/screening.ts'
import type { Settings } from '../../../shared/settings.ts'
import { hasBit } from '../../state/grid/bits.ts'
import type { GridState } from '../../state/grid/grid.ts'
import type { RowCache } from '../../state/grid/rows.ts'
import type { Shape } from '../../state/grid/shape.ts'
import { sizeAt } from '../../state/grid/stacks.ts'
import type { Table } from '../../state/grid/table.ts'
import type { ViewState } from '../../state/view-state.ts'
import { clearCell, paintCell, paintCellColour } from './cell.ts'
import { setHidden } from './cell-drawing.ts'
import type { TextRoom } from './cell-evidence.ts'
import { type Measure, measureIn } from './cell-name.ts'
import { type CellWords, isCovered } from './cell-words.ts'
import { gap, type Layout, rowTop } from './layout.ts'
import { createListHead } from './list-head.ts'
import { paintLine } from './list-line.ts'
import type { Motion } from './motion.ts'
import { createPictures } from './pictures.ts'
import type { PooledRow, RowPool } from './row-pool.ts'
import type { Scroller } from './scroller.ts'

/** What the grid shows, read anew for each frame. */
export interface SurfaceInputs {
  readonly grid: () => GridState
  readonly view: () => ViewState
  readonly settings: () => Settings
  readonly shape: () => Shape
  readonly words: () => CellWords
  readonly rows: RowCache
}

export interface Painter {
  /** Draws the rows from `first` up to `last`, and hides the others. */
  paint(state: GridState, table: Table, first: number, last: number, speed: Motion['speed']): void
}

/** Sizes that thumbnails are made in; few, so that they are found again after a change of density. */
const thumbnailSizes = [160, 320, 640]
/** Enlarging by a tenth is invisible, while the next size up has four times the pixels to decode. */
const closeEnough = 1.1
/** Size of the name's letters, and what is beside it in a cell: borders and margins. */
const nameFontPx = 11
const besideName = 18
/** From this width in pixels on there is room for words on what lies over a cell. */
const roomyCell = 140
/** Some twenty screens of thumbnails, ten kilobytes each. */
const picturesKept = 600

export function createPainter(
  viewport: HTMLElement,
  scroller: Scroller,
  pool: RowPool,
  inputs: SurfaceInputs,
): Painter {
  const pictures = createPictures({ capacity: picturesKept })
  let described = ''
  let measure: Measure = () => 0
  const head = createListHead(viewport)

  /** Set only on change: each of these makes the browser restyle every cell. */
  function describeLayout(layout: Layout): void {
    const wanted = `${layout.shape} ${layout.cellWidth} ${layout.rowHeight} ${layout.rows} ${layout.columns}`
    if (wanted === described) return
    described = wanted
    measure = measureIn(`${nameFontPx}px ${getComputedStyle(viewport).fontFamily}`)
    viewport.dataset.shape = layout.shape
    if (layout.shape === 'list') {
      head.describe(layout)
      return
    }
    viewport.style.setProperty('--cell-width', `${layout.cellWidth}px`)
    viewport.style.setProperty('--cell-height', `${layout.rowHeight - gap}px`)
    viewport.toggleAttribute('data-compact', layout.cellWidth < roomyCell)
    viewport.setAttribute('aria-rowcount', String(layout.rows))
    viewport.setAttribute('aria-colcount', String(layout.columns))
  }

  /** The bare cells in the colours of their verdicts, which is all that can be seen at speed. */
  function paintColours(order: Uint32Array, table: Table, first: number, last: number): void {
    const { layout } = scroller
    const drift = scroller.drift()
    for (let row = first; row < last; row += 1) {
      const line = pool.at(row)
      if (line === undefined) continue
      setHidden(line.root, false)
      line.row = row
      line.root.style.transform = `translateY(${rowTop(layout, row) + drift}px)`
      for (const [column, cell] of line.cells.entries()) {
        const index = row * layout.columns + column
        if (index >= order.length) clearCell(cell)
        else paintCellColour(cell, table, order[index] ?? 0)
      }
    }
  }

  /** The cells with all that belongs to them; asks for the details of those in view while they can be read. */
  function paintCells(state: GridState, table: Table, first: number, last: number, isFast: boolean): void {
    const { order } = state
    const { layout } = scroller
    const settings = inputs.settings()
    const view = inputs.view()
    const words = inputs.words()
    const now = Date.now()
    const wanted: number[] = []
    const thumbnail = thumbnailSize(layout.shape === 'list' ? layout.rowHeight : layout.cellWidth)
    const textRoom = textRoomIn(layout)
    const drift = scroller.drift()
    let active = ''
    for (let row = first; row < last; row += 1) {
      const line = pool.at(row)
      if (line === undefined) continue
      placeRow(line, row, rowTop(layout, row) + drift, layout.shape === 'list' ? 2 : 1)
      for (const [column, cell] of line.cells.entries()) {
        const index = row * layout.columns + column
        if (index >= order.length) {
          clearCell(cell)
          continue
        }
        const position = order[index] ?? 0
        const asset = table.id[position] ?? 0
        const focused = position === state.focus
        if (focused) active = cell.root.id
        wanted.push(asset)
        setHidden(cell.root, false)
        const shown = isUncovered(view, table, position, focused)
        const assetRow = inputs.rows.get(asset)
        const shownAs = {
          table,
          count: order.length,
          focused,
          chosen: hasBit(state.selected, position),
          deciding: state.deciding.has(position),
          stack: sizeAt(state.stacks, position),
          laidOut: state.stacks?.isLaidOut[position] === 1,
          row: assetRow,
          url: coverUrl(asset, assetRow, thumbnail, { blur: shown ? 'off' : settings.blur, grey: settings.grey }),
          pictures,
          nameWidth: layout.cellWidth - besideName,
          measure,
          textRoom,
          isFast,
          words,
          now,
        }
        if ('fields' in cell) paintLine(cell, index, position, { ...shownAs, columns: head.columns, cut: head.cut })
        else paintCell(cell, index, position, shownAs)
      }
    }
    if (active === '') viewport.removeAttribute('aria-activedescendant')
    else viewport.setAttribute('aria-activedescendant', active)
    inputs.rows.want(isFast ? [] : wanted)
  }

  return {
    paint(state, table, first, last, speed) {
      const { layout } = scroller
      describeLayout(layout)
      if (layout.shape === 'list') head.paint(state.alike?.isOrdered ? null : state.sort, inputs.words())
      else head.remove()
      if (speed === 'fling') {
        // At this speed the focused cell has no text; it is named again when the motion ends.
        viewport.removeAttribute('aria-activedescendant')
        paintColours(state.order, table, first, last)
      } else paintCells(state, table, first, last, speed === 'fast')
      pool.hideBeyond(first, last)
    },
  }
}

/** The asset's picture, or the one that stands for a document. */
const coverUrl = (asset: number, row: AssetRow | undefined, sizePx: number, options: ThumbnailOptions): string =>
  thumbnailUrl(asset, sizePx, options, null, row?.document?.picture ?? null)

/** Whether a picture may be seen as it is. */
export const isUncovered = (view: ViewState, table: Table, position: number, focused: boolean): boolean =>
  view.unblurred || view.revealed === table.id[position] || (view.held && focused) || !isCovered(table, position)

/** `first`: what the first row is called; the heads of a list's columns are a row too. */
function placeRow(line: PooledRow, row: number, top: number, first: number): void {
  setHidden(line.root, false)
  const transform = `translateY(${top}px)`
  if (line.root.style.transform !== transform) line.root.style.transform = transform
  if (line.row === row) return
  line.row = row
  line.root.setAttribute('aria-rowindex', String(row + first))
}

/** As grid.module.css gives it to a text. */
function textRoomIn({ cellWidth, rowHeight }: Layout): TextRoom {
  return {
    lines: Math.max(1, Math.floor((rowHeight - gap - 80) / 17)),
    columns: 2 * Math.max(1, Math.floor((cellWidth - 24) / 11.5)),
  }
}

function thumbnailSize(cellWidth: number): number {
  const pixels = cellWidth * Math.min(2, window.devicePixelRatio)
  return thumbnailSizes.find(size => size * closeEnough >= pixels) ?? 640
}
