import type { ReactElement } from 'react'
import classes from './inspector.module.css'
import type { PartView } from './parts.ts'
import type { Size } from './zoom.ts'

/** The parts as lines on the picture, which stays as it is. */
export function PartOutlines(props: {
  readonly size: Size
  readonly parts: readonly PartView[]
  /** Name of the part that is lit. */
  readonly lit: string | undefined
}): ReactElement {
  const { size, parts, lit } = props
  return (
    <svg
      className={classes.stageParts}
      data-testid="stage-parts"
      viewBox={`0 0 ${size.width} ${size.height}`}
      aria-hidden="true"
    >
      {parts.map(({ name, rect, verdict }) =>
        rect === null ? null : (
          <rect
            key={name}
            data-verdict={verdict}
            data-lit={name === lit || undefined}
            x={rect[0]}
            y={rect[1]}
            width={rect[2]}
            height={rect[3]}
          />
        ),
      )}
    </svg>
  )
}
