import type { Move } from '../../base/keys.ts'
import type { Shape } from '../../state/grid/shape.ts'

/**
 * Where cells are, by arithmetic alone: fixed cells, so that index, row and offset follow from each other.
 * Browsers cut elements off at some 33 million pixels; above `maxScrollHeight` the scroll bar is scaled to the whole way.
 */
export interface Layout {
  readonly shape: Shape
  /** Height in pixels of what stays over the rows at the view's top: the heads of a list's columns. */
  readonly head: number
  /** Where the first row begins. */
  readonly top: number
  readonly columns: number
  readonly rows: number
  readonly cellWidth: number
  readonly rowHeight: number
  /** Height of all rows together. */
  readonly totalHeight: number
  /** Height that the scrolling element is given. */
  readonly scrollHeight: number
  readonly viewHeight: number
}

export const gap = 8
export const caption = 44
export const listRowHeight = 32
const listHeadHeight = 30
const maxScrollHeight = 8_000_000

export function layoutOf(given: {
  readonly count: number
  readonly width: number
  readonly height: number
  /** Wanted width of a cell; cells are made a little wider or narrower to fill the row. */
  readonly density: number
  readonly shape?: Shape
}): Layout {
  if (given.shape === 'list') return listLayoutOf(given)
  const inner = Math.max(0, given.width - gap)
  const columns = Math.max(1, Math.round(inner / (given.density + gap)))
  const cellWidth = Math.max(48, Math.floor(inner / columns) - gap)
  const rowHeight = Math.round(cellWidth * 0.75) + caption + gap
  const rows = Math.ceil(given.count / columns)
  const totalHeight = rows * rowHeight + gap
  return {
    shape: 'grid',
    head: 0,
    top: gap,
    columns,
    rows,
    cellWidth,
    rowHeight,
    totalHeight,
    scrollHeight: Math.min(totalHeight, maxScrollHeight),
    viewHeight: given.height,
  }
}

/** A list is a grid of one column of low cells. */
function listLayoutOf(given: { readonly count: number; readonly width: number; readonly height: number }): Layout {
  const totalHeight = listHeadHeight + given.count * listRowHeight
  return {
    shape: 'list',
    head: listHeadHeight,
    top: listHeadHeight,
    columns: 1,
    rows: given.count,
    cellWidth: given.width,
    rowHeight: listRowHeight,
    totalHeight,
    scrollHeight: Math.min(totalHeight, maxScrollHeight),
    viewHeight: given.height,
  }
}

export const isScaled = (layout: Layout): boolean => layout.scrollHeight < layout.totalHeight

export const maxOffset = (layout: Layout): number => Math.max(0, layout.totalHeight - layout.viewHeight)

/** How far down the rows one is, for a position of the scroll bar. */
export function offsetAt(layout: Layout, scrollTop: number): number {
  if (!isScaled(layout)) return scrollTop
  const way = layout.scrollHeight - layout.viewHeight
  return way <= 0 ? 0 : (clamp(scrollTop, 0, way) / way) * maxOffset(layout)
}

/** The position of the scroll bar for a way down the rows. */
export function scrollTopAt(layout: Layout, offset: number): number {
  const kept = clamp(offset, 0, maxOffset(layout))
  if (!isScaled(layout)) return kept
  return (kept / maxOffset(layout)) * (layout.scrollHeight - layout.viewHeight)
}

/** The rows to draw, first inclusive, last exclusive: those in view and `spare` on each side. */
export function rowsInView(layout: Layout, offset: number, spare: number): readonly [first: number, last: number] {
  const first = Math.max(0, Math.floor((offset + layout.head - layout.top) / layout.rowHeight) - spare)
  const last = Math.min(layout.rows, Math.ceil((offset + layout.viewHeight - layout.head) / layout.rowHeight) + spare)
  return [Math.min(first, layout.rows), Math.max(last, Math.min(first, layout.rows))]
}

export const rowTop = (layout: Layout, row: number): number => layout.top + row * layout.rowHeight

/** The least movement that brings a cell wholly into view. */
export function offsetToShow(layout: Layout, offset: number, index: number): number {
  const top = rowTop(layout, Math.floor(index / layout.columns))
  const bottom = top + layout.rowHeight
  // A cell that is higher than the view begins at its top.
  if (layout.rowHeight + layout.top > layout.viewHeight)
    return Math.max(0, Math.min(maxOffset(layout), top - layout.top))
  if (top - layout.top < offset) return Math.max(0, top - layout.top)
  if (bottom > offset + layout.viewHeight) return Math.min(maxOffset(layout), bottom - layout.viewHeight)
  return offset
}

/** An asset that stays where it is in the view while what is around it changes. */
export interface Anchor {
  readonly position: number
  /** Pixels between the top of the view and the top of its row. */
  readonly fromTop: number
}

/** The focused asset where it is in view, the first in view otherwise. */
export function anchorOf(layout: Layout, order: Uint32Array, offset: number, focus: number): Anchor {
  const topOf = (index: number): number => rowTop(layout, Math.floor(index / layout.columns))
  const focused = order.indexOf(focus)
  if (focused !== -1 && topOf(focused) >= offset - layout.rowHeight && topOf(focused) < offset + layout.viewHeight)
    return { position: focus, fromTop: topOf(focused) - offset }
  const [first] = rowsInView(layout, offset, 0)
  const index = Math.min(first * layout.columns, order.length - 1)
  return { position: order[index] ?? 0, fromTop: topOf(index) - offset }
}

/** The index that a movement leads to; the edges hold. */
export function movedIndex(layout: Layout, count: number, index: number, move: Move): number {
  if (count === 0) return -1
  const page = Math.max(1, Math.floor((layout.viewHeight - layout.head) / layout.rowHeight)) * layout.columns
  const steps: Readonly<Record<Move, number>> = {
    left: -1,
    right: 1,
    up: -layout.columns,
    down: layout.columns,
    pageUp: -page,
    pageDown: page,
    home: -count,
    end: count,
  }
  if (index < 0) return move === 'end' ? count - 1 : 0
  const to = index + steps[move]
  // Up from the first row and down from the last stay in their column.
  if (move === 'up') return to < 0 ? index : to
  if (move === 'down') return to >= count ? lastBelow(layout, count, index) : to
  return clamp(to, 0, count - 1)
}

function lastBelow(layout: Layout, count: number, index: number): number {
  const lastRow = Math.floor((count - 1) / layout.columns)
  return Math.floor(index / layout.columns) === lastRow ? index : count - 1
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
