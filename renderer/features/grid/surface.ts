import type { GridState } from '../../state/grid/grid.ts'
import { type Anchor, anchorOf, type Layout, layoutOf, offsetToShow, rowsInView, rowTop } from './layout.ts'
import { createMotionWatch } from './motion-watch.ts'
import { createPainter, type SurfaceInputs } from './painter.ts'
import { createRowPool } from './row-pool.ts'
import { createScroller, type Scroller } from './scroller.ts'

/**
 * The scrolling grid: as many rows of cells as fit, and a few more, which move to where the next are needed.
 * React makes the frame around it; what is inside is drawn here, once a frame at most.
 */
export interface Surface {
  /** Something that is shown has changed. */
  changed(): void
  /** Scrolls as little as needed. */
  show(position: number): void
  layout(): Layout
  /** Pixels between the top of the rows and the top of the view. */
  offset(): number
  scrollTo(offset: number): void
  /** Index in the order shown of the cell that an event hit; -1 for none. */
  indexAt(target: EventTarget | null): number
  dispose(): void
}

const spareRows = 2
/** A key that repeats within this time is held down; single presses show each page. */
const repeatMs = 120

const scrolling = (scroller: Scroller, changed: () => void): Pick<Surface, 'offset' | 'scrollTo'> => ({
  offset: () => scroller.offset,
  scrollTo: offset => {
    scroller.scrollTo(offset)
    changed()
  },
})

export function mountSurface(viewport: HTMLElement, inputs: SurfaceInputs): Surface {
  const scroller = createScroller(viewport, changed)
  const pool = createRowPool(viewport)
  const motion = createMotionWatch(changed)
  const painter = createPainter(viewport, scroller, pool, inputs)
  let order: Uint32Array = new Uint32Array(0)
  let batch: string | undefined
  let size = { width: viewport.clientWidth, height: viewport.clientHeight }
  let frame = 0
  // Requested since the last frame: keys that repeat faster than frames are drawn make one movement.
  let toShow = -1
  let askedAt = 0
  let isHeld = false

  function changed(): void {
    if (frame === 0) frame = requestAnimationFrame(draw)
  }

  function draw(): void {
    frame = 0
    const state = inputs.grid()
    const { table } = state
    if (table === null) {
      pool.hideAll()
      return
    }
    const { density } = inputs.settings()
    const next = layoutOf({ count: state.order.length, ...size, density, shape: inputs.shape() })
    const anchor = anchorBefore(state, next)
    order = state.order
    scroller.setLayout(next)
    if (batch !== table.batch) {
      batch = table.batch
      inputs.rows.clear()
      scroller.scrollTo(0)
      motion.placed(scroller.offset)
    } else if (anchor !== null) {
      const index = order.indexOf(anchor.position)
      if (index !== -1) scroller.scrollTo(rowTop(next, Math.floor(index / next.columns)) - anchor.fromTop)
      motion.placed(scroller.offset)
    }
    scroller.read()
    const kind = follow() && !isHeld ? 'jump' : 'glide'
    motion.moved(scroller.offset, next.viewHeight, kind, scroller.isScrolling)
    viewport.toggleAttribute('data-fling', motion.speed === 'fling')
    const around = rowsInView(next, scroller.offset, spareRows)
    const needed = Math.min(next.rows, Math.ceil(next.viewHeight / next.rowHeight) + 2 * spareRows + 1)
    pool.fit(next, Math.max(needed, around[1] - around[0]))
    const [first, last] = rowsToPaint(around)
    painter.paint(state, table, first, last, motion.speed)
  }

  /** When the order or the layout is about to change: the asset that should stay where it is in the view. */
  function anchorBefore(state: GridState, next: Layout): Anchor | null {
    const { layout, offset } = scroller
    const isSameShape =
      next.shape === layout.shape && next.columns === layout.columns && next.rowHeight === layout.rowHeight
    if ((state.order === order && isSameShape) || order.length === 0 || offset === 0) return null
    return anchorOf(layout, order, offset, state.focus)
  }

  /** Whether the view had to move for what was asked for. */
  function follow(): boolean {
    const index = toShow === -1 ? -1 : order.indexOf(toShow)
    toShow = -1
    if (index === -1) return false
    const wanted = offsetToShow(scroller.layout, scroller.offset, index)
    if (wanted === scroller.offset) return false
    scroller.scrollTo(wanted)
    return true
  }

  /** Where nothing in view was there before, as after a jump or a fling, the rows around it wait for the next frame. */
  function rowsToPaint(around: readonly [first: number, last: number]): readonly [first: number, last: number] {
    const inView = rowsInView(scroller.layout, scroller.offset, 0)
    const [first, last] = inView
    if (motion.speed === 'fling' || first === last) return around
    for (let row = first; row < last; row += 1) {
      const line = pool.at(row)
      if (line?.row === row && line.cells[0]?.position !== -1) return around
    }
    changed()
    return inView
  }

  const watcher = new ResizeObserver(() => {
    size = { width: viewport.clientWidth, height: viewport.clientHeight }
    changed()
  })
  watcher.observe(viewport)
  changed()

  return {
    changed,
    show(position) {
      toShow = position
      const isSame = inputs.grid().order === order
      // Measured when it is requested, not when it is drawn: a slow frame may have many requests waiting.
      const now = performance.now()
      isHeld = isSame && now - askedAt < repeatMs
      askedAt = now
      // Another order is another grid: it is drawn at once, together with the place it is scrolled to.
      if (isSame) changed()
      else draw()
    },
    layout: () => scroller.layout,
    ...scrolling(scroller, changed),
    indexAt: target => pool.indexOf(target instanceof Element ? target.closest('[data-cell]') : null),
    dispose() {
      watcher.disconnect()
      cancelAnimationFrame(frame)
      motion.dispose()
      pool.dispose()
      scroller.dispose()
    },
  }
}
