import { type ReactElement, useLayoutEffect, useRef } from 'react'
import classes from './notice-stack.module.css'

/**
 * The room that notices take: a row as high as they are, and nothing while there are none. It stands where what is scrolled above it gets
 * lower and nothing moves under a pointer: over the decisions, otherwise at the foot of the view. Where there are two, as in the loupe over
 * the grid, the notices are in the later one.
 */
export function NoticeRoom(): ReactElement {
  const room = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { current } = room
    if (current === null) return
    rooms.add(current)
    current.style.height = `${height}px`
    return () => {
      rooms.delete(current)
    }
  }, [])
  return <div ref={room} className={classes.room} aria-hidden />
}

const rooms = new Set<HTMLElement>()
let height = 0
const gap = 4

/** Gives the rooms the height of the notices for as long as this is not stopped. */
export function measureNotices(list: Element): () => void {
  const make = () => {
    height = list.childElementCount === 0 ? 0 : list.scrollHeight + 2 * gap
    for (const room of rooms) room.style.height = `${height}px`
    // A dialog ends above them.
    document.documentElement.toggleAttribute('data-notices', height > 0)
  }
  // With the next frame: what gets lower by it looks at its own size too.
  const observer = new ResizeObserver(() => requestAnimationFrame(make))
  observer.observe(list)
  return () => observer.disconnect()
}
