import type { PointerEvent, ReactElement } from 'react'
import classes from './inspector.module.css'
import type { PartView } from './parts.ts'
import type { StageView } from './stage-view.ts'
import type { Size } from './zoom.ts'

/** The whole of a long picture beside the stage: what of it is in view, and where something was found. For the pointer; keys scroll. */
export function Minimap(props: {
  readonly size: Size
  readonly view: StageView
  readonly parts: readonly PartView[]
  readonly lit: string | undefined
  readonly url: string
}): ReactElement {
  const { size, view, parts, lit, url } = props
  const share = (y: number) => `${(100 * y) / size.height}%`
  const go = (event: PointerEvent<HTMLElement>) => {
    const at = event.currentTarget.getBoundingClientRect()
    view.scrollToLine(((event.clientY - at.top) / at.height) * size.height)
  }
  return (
    <div
      className={classes.minimap}
      data-testid="minimap"
      aria-hidden="true"
      style={{ backgroundImage: `url("${url}")` }}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        go(event)
      }}
      onPointerMove={event => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event)
      }}
    >
      {view.shown !== null && (
        <div
          className={classes.minimapView}
          data-testid="minimap-view"
          style={{ top: share(view.shown.top), height: share(view.shown.height) }}
        />
      )}
      {parts.map(({ name, rect, verdict }) =>
        rect === null || verdict === 'pass' || verdict === 'pending' ? null : (
          <div
            key={name}
            className={classes.minimapTick}
            data-testid="minimap-tick"
            data-verdict={verdict}
            data-lit={name === lit || undefined}
            style={{ top: share(rect[1]), height: share(rect[3]) }}
          />
        ),
      )}
    </div>
  )
}
