import { type ReactElement, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import classes from './virtual-list.module.css'

/** A list of equally high rows; only those in view are in the document. */
export function VirtualList(props: {
  readonly count: number
  readonly rowHeight: number
  readonly height: number
  readonly label: string
  /** Row that is in view at first. */
  readonly begin?: number
  readonly row: (index: number) => ReactNode
}): ReactElement {
  const [top, setTop] = useState(0)
  const { begin = 0, rowHeight, height } = props
  const host = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only at first, from then on somebody scrolls
  useLayoutEffect(() => {
    host.current?.scrollTo({ top: (begin + 0.5) * rowHeight - height / 2 })
  }, [])
  const first = Math.max(0, Math.floor(top / props.rowHeight) - 2)
  const last = Math.min(props.count, Math.ceil((top + props.height) / props.rowHeight) + 2)
  return (
    <section
      ref={host}
      className={classes.list}
      style={{ height: props.height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={props.label}
      onScroll={event => setTop(event.currentTarget.scrollTop)}
    >
      <div style={{ height: props.count * props.rowHeight, position: 'relative' }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at).map(index => (
          <div key={index} className={classes.row} style={{ top: index * props.rowHeight, height: props.rowHeight }}>
            {props.row(index)}
          </div>
        ))}
      </div>
    </section>
  )
}
