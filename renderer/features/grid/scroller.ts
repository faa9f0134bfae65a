import { isScaled, type Layout, layoutOf, offsetAt, scrollTopAt } from './layout.ts'

/** Where the view is in the rows, kept in step with the scroll bar of its element. */
export interface Scroller {
  readonly layout: Layout
  /** Pixels between the top of the rows and the top of the view. */
  readonly offset: number
  /** From the user's first step until the browser reports `scrollend`. */
  readonly isScrolling: boolean
  /** Pixels that rows are moved by where the scroll bar is scaled; 0 elsewhere. */
  drift(): number
  /** Takes a new layout; the offset stays. */
  setLayout(layout: Layout): void
  /** Scrolls to an offset. */
  scrollTo(offset: number): void
  /** Takes over where the user has scrolled to. */
  read(): void
  dispose(): void
}

/** Makes `viewport` as tall inside as the layout says; `moved` is called when the user scrolls. */
export function createScroller(viewport: HTMLElement, moved: () => void): Scroller {
  const spacer = document.createElement('div')
  spacer.setAttribute('role', 'presentation')
  viewport.append(spacer)

  let layout = layoutOf({ count: 0, width: 0, height: 0, density: 176 })
  let offset = 0
  // Where we put the scroll bar; any other position comes from the user.
  let placed = 0
  let isScrolling = false
  let hearsWheel = false

  function scrollTo(wanted: number): void {
    const scrollTop = Math.round(scrollTopAt(layout, Math.max(0, wanted)))
    offset = isScaled(layout) ? Math.max(0, Math.min(wanted, layout.totalHeight - layout.viewHeight)) : scrollTop
    if (viewport.scrollTop !== scrollTop) viewport.scrollTop = scrollTop
    placed = viewport.scrollTop
  }

  function scrolled(): void {
    // Our own scrolling has been drawn already.
    if (viewport.scrollTop === placed) return
    isScrolling = true
    moved()
  }

  function scrollEnded(): void {
    isScrolling = false
    moved()
  }

  /** Where the scroll bar is scaled, a turn of the wheel must still move by rows and not by thousands of them. */
  function wheeled(event: WheelEvent): void {
    if (!isScaled(layout) || event.ctrlKey) return
    event.preventDefault()
    scrollTo(offset + event.deltaY * wheelUnit(event.deltaMode, layout.viewHeight))
    moved()
  }

  /** Only where needed: a listener that may prevent scrolling makes the browser wait for it. */
  function listenToWheel(): void {
    if (hearsWheel === isScaled(layout)) return
    hearsWheel = isScaled(layout)
    if (hearsWheel) viewport.addEventListener('wheel', wheeled, { passive: false })
    else viewport.removeEventListener('wheel', wheeled)
  }

  viewport.addEventListener('scroll', scrolled, { passive: true })
  viewport.addEventListener('scrollend', scrollEnded)

  return {
    get layout() {
      return layout
    },
    get offset() {
      return offset
    },
    get isScrolling() {
      return isScrolling
    },
    drift: () => (isScaled(layout) ? viewport.scrollTop - offset : 0),
    setLayout(next) {
      layout = next
      if (spacer.style.height !== `${layout.scrollHeight}px`) spacer.style.height = `${layout.scrollHeight}px`
      listenToWheel()
    },
    scrollTo,
    read() {
      const scrollTop = viewport.scrollTop
      if (isScaled(layout) && scrollTop === placed) return
      offset = offsetAt(layout, scrollTop)
      placed = scrollTop
    },
    dispose() {
      viewport.removeEventListener('scroll', scrolled)
      viewport.removeEventListener('scrollend', scrollEnded)
      viewport.removeEventListener('wheel', wheeled)
      spacer.remove()
    },
  }
}

/** Pixels that one step of the wheel stands for. */
function wheelUnit(deltaMode: number, viewHeight: number): number {
  if (deltaMode === WheelEvent.DOM_DELTA_LINE) return 40
  return deltaMode === WheelEvent.DOM_DELTA_PAGE ? viewHeight : 1
}
