import { dispatchGrid, endTouching, type GridState, giveBack, selectTouched, useGrid } from '../../state/grid/grid.ts'
import classes from './grid.module.css'
import { gap, type Layout, maxOffset, rowTop } from './layout.ts'

/** A rectangle in the pixels of all rows, whichever way it was drawn. */
export interface Drawn {
  readonly fromX: number
  readonly fromY: number
  readonly toX: number
  readonly toY: number
}

/** What the marquee needs of the grid that it is drawn over. */
export interface MarqueeSurface {
  layout(): Layout
  /** Pixels between the top of the rows and the top of the view. */
  offset(): number
  scrollTo(offset: number): void
}

/** Indexes in the order shown of the cells that the rectangle touches, row by row. */
export function touchedIndexes(layout: Layout, count: number, drawn: Drawn): Uint32Array {
  const [left, right] = sorted(drawn.fromX, drawn.toX)
  const [top, bottom] = sorted(drawn.fromY, drawn.toY)
  const cellHeight = layout.rowHeight - gap
  const columnLeft = (column: number) => gap + column * (layout.cellWidth + gap)
  const firstRow = Math.max(0, Math.floor((top - gap - cellHeight) / layout.rowHeight) + 1)
  const found: number[] = []
  for (let row = firstRow; row < layout.rows && rowTop(layout, row) <= bottom; row += 1) {
    for (let column = 0; column < layout.columns; column += 1) {
      const index = row * layout.columns + column
      if (index >= count || columnLeft(column) > right) break
      if (columnLeft(column) + layout.cellWidth >= left) found.push(index)
    }
  }
  return Uint32Array.from(found)
}

const sorted = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a])

/** From here on a press that moves is no click, in pixels. */
const leastPx = 4
/** Within this distance of an edge the grid scrolls, the faster the nearer or the further beyond. */
const edgePx = 28
const fastestPx = 24

/** Pixels to scroll in a frame while the pointer is at `y` of a view of this height; 0 in its middle. */
export function edgeScroll(y: number, height: number): number {
  const beyond = y < edgePx ? y - edgePx : y > height - edgePx ? y - (height - edgePx) : 0
  return Math.max(-fastestPx, Math.min(fastestPx, Math.round(beyond / 2)))
}

/**
 * Selects what a rectangle touches that is drawn from the empty space between cells: in place of what was selected, or with Ctrl, ⌘ or
 * Shift in addition to it. Escape gives back what was selected before.
 */
export function mountMarquee(viewport: HTMLElement, surface: MarqueeSurface): () => void {
  let end: (keep: boolean) => void = () => undefined

  function begin(event: PointerEvent): void {
    if (event.button !== 0 || event.pointerType === 'touch' || !(event.target instanceof Element)) return
    if (event.target.closest('[data-cell], [role=columnheader]') !== null) return
    const box = viewport.getBoundingClientRect()
    // The scroll bar is the viewport too.
    if (event.clientX - box.left >= viewport.clientWidth) return
    follow(event, box)
  }

  function follow(first: PointerEvent, box: DOMRect): void {
    const before = useGrid.getState()
    const isAdding = first.ctrlKey || first.metaKey || first.shiftKey
    const frame = document.createElement('div')
    frame.className = classes.marquee ?? ''
    const from = { x: first.clientX - box.left, y: first.clientY - box.top + surface.offset() }
    let pointer = { x: first.clientX - box.left, y: first.clientY - box.top }
    let isDrawing = false
    let timer = 0

    function draw(): void {
      const offset = surface.offset()
      const drawn = { fromX: from.x, fromY: from.y, toX: pointer.x, toY: pointer.y + offset }
      const [left, right] = sorted(drawn.fromX, drawn.toX)
      const [top, bottom] = sorted(drawn.fromY - offset, pointer.y)
      const shownTop = Math.max(0, top)
      frame.style.left = `${viewport.offsetLeft + Math.max(0, left)}px`
      frame.style.top = `${viewport.offsetTop + shownTop}px`
      frame.style.width = `${Math.min(right, viewport.clientWidth) - Math.max(0, left)}px`
      frame.style.height = `${Math.max(0, Math.min(bottom, viewport.clientHeight) - shownTop)}px`
      const { order } = useGrid.getState()
      const positions = touchedIndexes(surface.layout(), order.length, drawn).map(index => order[index] ?? 0)
      dispatchGrid(selectTouched, { positions, base: isAdding ? before.selected : null })
    }

    function scroll(): void {
      timer = requestAnimationFrame(scroll)
      const by = edgeScroll(pointer.y, viewport.clientHeight)
      const offset = surface.offset()
      const wanted = Math.max(0, Math.min(maxOffset(surface.layout()), offset + by))
      if (by === 0 || wanted === offset) return
      surface.scrollTo(wanted)
      draw()
    }

    function moved(event: PointerEvent): void {
      // Let go where nobody heard it.
      if ((event.buttons & 1) === 0) {
        end(true)
        return
      }
      pointer = { x: event.clientX - box.left, y: event.clientY - box.top }
      const way = Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY)
      if (!isDrawing && way < leastPx) return
      if (!isDrawing) {
        isDrawing = true
        viewport.setPointerCapture(first.pointerId)
        viewport.after(frame)
        timer = requestAnimationFrame(scroll)
      }
      draw()
    }

    function pressed(event: KeyboardEvent): void {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopImmediatePropagation()
      end(false)
    }

    const finished = () => end(true)
    const lost = () => end(false)
    end = keep => {
      end = () => undefined
      cancelAnimationFrame(timer)
      frame.remove()
      viewport.removeEventListener('pointermove', moved)
      viewport.removeEventListener('pointerup', finished)
      viewport.removeEventListener('pointercancel', lost)
      window.removeEventListener('keydown', pressed, { capture: true })
      if (!isDrawing) return
      if (keep) dispatchGrid(endTouching, null)
      else dispatchGrid(giveBack, selectionOf(before))
    }
    viewport.addEventListener('pointermove', moved)
    viewport.addEventListener('pointerup', finished)
    viewport.addEventListener('pointercancel', lost)
    window.addEventListener('keydown', pressed, { capture: true })
  }

  viewport.addEventListener('pointerdown', begin)
  return () => {
    end(false)
    viewport.removeEventListener('pointerdown', begin)
  }
}

const selectionOf = ({ table, selected }: GridState) => ({ batch: table?.batch, selected })
