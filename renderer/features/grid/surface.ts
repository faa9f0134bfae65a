import { thumbnailUrl } from '../../../shared/addresses.ts'
import type { Settings } from '../../../shared/settings.ts'
import { hasBit } from '../../state/grid/bits.ts'
import type { GridState } from '../../state/grid/grid.ts'
import type { RowCache } from '../../state/grid/rows.ts'
import type { Table } from '../../state/grid/table.ts'
import type { LookState } from '../../state/look.ts'
import { type Cell, clearCell, colourCell, makeCell, paintCell } from './cell.ts'
import {
  gap,
  isScaled,
  type Layout,
  layoutOf,
  offsetAt,
  offsetToShow,
  rowsInView,
  rowTop,
  scrollTopAt,
} from './layout.ts'
import { type CellWords, isCovered } from './look.ts'
import { atRest, calmMs, heldCalmMs, motionAfter } from './motion.ts'
import { createPictures } from './pictures.ts'

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
  /** Index in the order shown of the cell that an event hit; -1 for none. */
  indexAt(target: EventTarget | null): number
  dispose(): void
}

export interface SurfaceInputs {
  readonly grid: () => GridState
  readonly look: () => LookState
  readonly settings: () => Settings
  readonly said: () => CellWords
  readonly rows: RowCache
}

const spareRows = 2
/** Sizes that thumbnails are made in; few, so that they are found again after a change of density. */
const thumbnailSizes = [160, 320, 640]
/** A tenth larger than it was made nobody sees; four times the pixels to decode everybody waits for. */
const closeEnough = 1.1
/** A key that comes again within this time is held; one who taps it wants to see each page. */
const repeatMs = 120
/** Some twenty screens of thumbnails, ten kilobytes each. */
const picturesKept = 600

export function mountSurface(viewport: HTMLElement, inputs: SurfaceInputs): Surface {
  const spacer = document.createElement('div')
  spacer.className = 'grid-spacer'
  spacer.setAttribute('role', 'presentation')
  viewport.append(spacer)

  const pictures = createPictures({ capacity: picturesKept })
  let pool: { root: HTMLElement; row: number; cells: Cell[] }[] = []
  let layout = layoutOf({ count: 0, width: 0, height: 0, density: 176 })
  let order: Uint32Array = new Uint32Array(0)
  let batch: string | undefined
  let size = { width: viewport.clientWidth, height: viewport.clientHeight }
  let offset = 0
  // Where the scroll bar was put by us; anything else that it says comes from a person.
  let placed = 0
  let frame = 0
  let motion = atRest
  // From a person's first step until the browser says that it was the last.
  let isScrolling = false
  // Where the view was when the motion was looked at last.
  let seenOffset = 0
  let calmTimer = 0
  // Asked for since the last frame: keys that repeat faster than frames are drawn are one way and not many.
  let toShow = -1
  let askedAt = 0
  let isHeld = false
  let cellSize = ''
  let hearsWheel = false

  function changed(): void {
    if (frame === 0) frame = requestAnimationFrame(draw)
  }

  function draw(): void {
    frame = 0
    const state = inputs.grid()
    const { table } = state
    if (table === null) {
      for (const row of pool) row.root.hidden = true
      return
    }
    const kept = anchorBefore(state)
    const density = inputs.settings().density
    layout = layoutOf({ count: state.order.length, width: size.width, height: size.height, density })
    order = state.order
    if (spacer.style.height !== `${layout.scrollHeight}px`) spacer.style.height = `${layout.scrollHeight}px`
    hearWheel()
    if (batch !== table.batch) {
      batch = table.batch
      inputs.rows.clear()
      place(0)
      seenOffset = offset
    } else if (kept !== null) {
      const index = order.indexOf(kept.position)
      if (index !== -1) place(rowTop(layout, Math.floor(index / layout.columns)) - kept.fromTop)
      seenOffset = offset
    }
    readScroll()
    watchMotion(follow() && !isHeld ? 'jump' : 'glide')
    fitPool()
    paint(state)
  }

  function watchMotion(kind: 'jump' | 'glide'): void {
    const views = Math.abs(offset - seenOffset) / Math.max(1, layout.viewHeight)
    seenOffset = offset
    const rest = isScrolling ? heldCalmMs : calmMs
    motion = motionAfter(motion, { views, kind, nowMs: performance.now(), calmMs: rest })
    viewport.toggleAttribute('data-fling', motion.speed === 'fling')
    clearTimeout(calmTimer)
    if (motion.speed !== 'readable') calmTimer = window.setTimeout(changed, rest)
  }

  /** When the order or the layout is about to change: the asset that should stay where it is in the view. */
  function anchorBefore(state: GridState): { readonly position: number; readonly fromTop: number } | null {
    const next = layoutOf({
      count: state.order.length,
      width: size.width,
      height: size.height,
      density: inputs.settings().density,
    })
    const sameShape = next.columns === layout.columns && next.rowHeight === layout.rowHeight
    if ((state.order === order && sameShape) || order.length === 0 || offset === 0) return null
    const topOf = (index: number) => rowTop(layout, Math.floor(index / layout.columns))
    const focused = order.indexOf(state.focus)
    if (focused !== -1 && topOf(focused) >= offset - layout.rowHeight && topOf(focused) < offset + layout.viewHeight)
      return { position: state.focus, fromTop: topOf(focused) - offset }
    const [first] = rowsInView(layout, offset, 0)
    const index = Math.min(first * layout.columns, order.length - 1)
    return { position: order[index] ?? 0, fromTop: topOf(index) - offset }
  }

  function place(wanted: number): void {
    const scrollTop = Math.round(scrollTopAt(layout, Math.max(0, wanted)))
    offset = isScaled(layout) ? Math.max(0, Math.min(wanted, layout.totalHeight - layout.viewHeight)) : scrollTop
    if (viewport.scrollTop !== scrollTop) viewport.scrollTop = scrollTop
    placed = viewport.scrollTop
  }

  function readScroll(): void {
    const scrollTop = viewport.scrollTop
    if (isScaled(layout) && scrollTop === placed) return
    offset = offsetAt(layout, scrollTop)
    placed = scrollTop
  }

  /** Whether the view had to move for what was asked for. */
  function follow(): boolean {
    const index = toShow === -1 ? -1 : order.indexOf(toShow)
    toShow = -1
    if (index === -1) return false
    const wanted = offsetToShow(layout, offset, index)
    if (wanted === offset) return false
    place(wanted)
    return true
  }

  function fitPool(): void {
    const [first, last] = rowsInView(layout, offset, spareRows)
    const needed = Math.min(layout.rows, Math.ceil(layout.viewHeight / layout.rowHeight) + 2 * spareRows + 1)
    if (pool.length > 0 && pool[0]?.cells.length !== layout.columns) {
      for (const row of pool) row.root.remove()
      pool = []
    }
    while (pool.length < Math.max(needed, last - first)) {
      const root = document.createElement('div')
      root.className = 'grid-row'
      root.setAttribute('role', 'row')
      const slot = pool.length
      const cells = Array.from({ length: layout.columns }, (_, column) => makeCell(`cell-${slot}-${column}`))
      for (const [column, cell] of cells.entries()) cell.root.setAttribute('aria-colindex', String(column + 1))
      root.append(...cells.map(cell => cell.root))
      viewport.append(root)
      pool.push({ root, row: -1, cells })
    }
  }

  function paint(state: GridState): void {
    const { table } = state
    if (table === null) return
    const [first, last] = rowsToPaint()
    const settings = inputs.settings()
    const look = inputs.look()
    const said = inputs.said()
    const now = Date.now()
    const wanted: number[] = []
    const isHasty = motion.speed !== 'readable'
    const thumbnail = thumbnailSize(layout.cellWidth)
    const drift = isScaled(layout) ? viewport.scrollTop - offset : 0
    let active = ''
    describe()
    if (motion.speed === 'fling') {
      // What has the focus has no words at this speed; it is named again as soon as the motion ends.
      viewport.removeAttribute('aria-activedescendant')
      paintColours(table, first, last, drift)
      return
    }
    for (let row = first; row < last; row += 1) {
      const line = pool[row % pool.length]
      if (line === undefined) continue
      line.root.hidden = false
      const transform = `translateY(${rowTop(layout, row) + drift}px)`
      if (line.root.style.transform !== transform) line.root.style.transform = transform
      if (line.row !== row) {
        line.row = row
        line.root.setAttribute('aria-rowindex', String(row + 1))
      }
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
        cell.root.hidden = false
        const shown = look.unblurred || look.revealed === asset || (look.held && focused) || !isCovered(table, position)
        paintCell(cell, index, position, {
          table,
          count: order.length,
          focused,
          chosen: hasBit(state.selected, position),
          deciding: state.deciding.has(position),
          row: inputs.rows.get(asset),
          url: thumbnailUrl(asset, thumbnail, { blur: shown ? 'off' : settings.blur, grey: settings.grey }),
          pictures,
          hasty: isHasty,
          said,
          now,
        })
      }
    }
    hideBeyond(first, last)
    if (active === '') viewport.removeAttribute('aria-activedescendant')
    else viewport.setAttribute('aria-activedescendant', active)
    inputs.rows.want(isHasty ? [] : wanted)
  }

  /** Where nothing in view was there before, as after a jump or a fling, the rows around it wait for the next frame. */
  function rowsToPaint(): readonly [first: number, last: number] {
    const around = rowsInView(layout, offset, spareRows)
    const [first, last] = rowsInView(layout, offset, 0)
    if (motion.speed === 'fling' || first === last) return around
    for (let row = first; row < last; row += 1) {
      const line = pool[row % pool.length]
      if (line?.row === row && line.cells[0]?.position !== -1) return around
    }
    changed()
    return [first, last]
  }

  /** Set only when they change: each would make the browser look at every cell again. */
  function describe(): void {
    const wanted = `${layout.cellWidth} ${layout.rowHeight} ${layout.rows} ${layout.columns}`
    if (wanted === cellSize) return
    cellSize = wanted
    viewport.style.setProperty('--cell-width', `${layout.cellWidth}px`)
    viewport.style.setProperty('--cell-height', `${layout.rowHeight - gap}px`)
    viewport.setAttribute('aria-rowcount', String(layout.rows))
    viewport.setAttribute('aria-colcount', String(layout.columns))
  }

  /** The bare cells in the colours of their verdicts, which is all that can be seen at speed. */
  function paintColours(table: Table, first: number, last: number, drift: number): void {
    for (let row = first; row < last; row += 1) {
      const line = pool[row % pool.length]
      if (line === undefined) continue
      line.root.hidden = false
      line.row = row
      line.root.style.transform = `translateY(${rowTop(layout, row) + drift}px)`
      for (const [column, cell] of line.cells.entries()) {
        const index = row * layout.columns + column
        if (index >= order.length) clearCell(cell)
        else colourCell(cell, table, order[index] ?? 0)
      }
    }
    hideBeyond(first, last)
  }

  function hideBeyond(first: number, last: number): void {
    for (const line of pool) {
      if (line.row >= first && line.row < last) continue
      line.root.hidden = true
      line.row = -1
    }
  }

  function scrolled(): void {
    // What we did ourselves is drawn already.
    if (viewport.scrollTop === placed) return
    isScrolling = true
    changed()
  }

  function scrollEnded(): void {
    isScrolling = false
    changed()
  }

  /** Where the scroll bar is scaled, a turn of the wheel must still move by rows and not by thousands of them. */
  function wheeled(event: WheelEvent): void {
    if (!isScaled(layout) || event.ctrlKey) return
    event.preventDefault()
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? 40
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? layout.viewHeight
          : 1
    place(offset + event.deltaY * unit)
    changed()
  }

  /** Only where it must be: the browser does not scroll before whoever may forbid it has been asked. */
  function hearWheel(): void {
    if (hearsWheel === isScaled(layout)) return
    hearsWheel = isScaled(layout)
    if (hearsWheel) viewport.addEventListener('wheel', wheeled, { passive: false })
    else viewport.removeEventListener('wheel', wheeled)
  }

  const watcher = new ResizeObserver(() => {
    size = { width: viewport.clientWidth, height: viewport.clientHeight }
    changed()
  })
  watcher.observe(viewport)
  viewport.addEventListener('scroll', scrolled, { passive: true })
  viewport.addEventListener('scrollend', scrollEnded)
  changed()

  return {
    changed,
    show(position) {
      toShow = position
      const isSame = inputs.grid().order === order
      // By when it was asked and not by when it is drawn: in a slow frame many may wait.
      const now = performance.now()
      isHeld = isSame && now - askedAt < repeatMs
      askedAt = now
      // Another order is another grid: it is shown at once, and where one looks at it with it.
      if (isSame) changed()
      else draw()
    },
    layout: () => layout,
    indexAt(target) {
      const root = target instanceof Element ? target.closest('.cell') : null
      for (const line of pool) for (const cell of line.cells) if (cell.root === root) return cell.index
      return -1
    },
    dispose() {
      watcher.disconnect()
      viewport.removeEventListener('scroll', scrolled)
      viewport.removeEventListener('scrollend', scrollEnded)
      viewport.removeEventListener('wheel', wheeled)
      cancelAnimationFrame(frame)
      clearTimeout(calmTimer)
      for (const line of pool) line.root.remove()
      spacer.remove()
    },
  }
}

function thumbnailSize(cellWidth: number): number {
  const pixels = cellWidth * Math.min(2, window.devicePixelRatio)
  return thumbnailSizes.find(size => size * closeEnough >= pixels) ?? 640
}
