import { type RefObject, useEffect, useRef, useState } from 'react'

export interface Windowed {
  readonly ref: RefObject<HTMLDivElement | null>
  /** First row to draw, and one behind the last. */
  readonly from: number
  readonly to: number
  /** Height in pixels of what is not drawn above and below. */
  readonly before: number
  readonly after: number
}

const spare = 8

/** Which rows of a long list of equal rows are on screen: index arithmetic, nothing is measured but the box. */
export function useWindowed(count: number, rowPx: number): Windowed {
  const ref = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(800)
  useEffect(() => {
    const box = ref.current
    if (box === null) return
    const onScroll = () => setTop(box.scrollTop)
    const sizes = new ResizeObserver(() => setHeight(box.clientHeight))
    sizes.observe(box)
    box.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      sizes.disconnect()
      box.removeEventListener('scroll', onScroll)
    }
  }, [])
  return { ref, ...windowOf({ count, rowPx, top, height }) }
}

/** Rows for a scroll position, with a few to spare on both sides. */
export function windowOf(of: {
  readonly count: number
  readonly rowPx: number
  readonly top: number
  readonly height: number
}): Omit<Windowed, 'ref'> {
  const from = Math.min(of.count, Math.max(0, Math.floor(of.top / of.rowPx) - spare))
  const to = Math.min(of.count, Math.max(from, Math.ceil((of.top + of.height) / of.rowPx) + spare))
  return { from, to, before: from * of.rowPx, after: (of.count - to) * of.rowPx }
}
