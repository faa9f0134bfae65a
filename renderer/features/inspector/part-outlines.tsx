import { type ReactElement, useId } from 'react'
import type { Rect } from '../../../shared/domain.ts'
import classes from './inspector.module.css'
import type { PartView } from './parts.ts'
import { isWhole, type Size } from './zoom.ts'

/** The parts as lines on the picture, whose colours stay what they are; what lies outside of the hits is dimmed. */
export function PartOutlines(props: {
  readonly size: Size
  readonly parts: readonly PartView[]
  /** Name of the part that is lit. */
  readonly lit: string | undefined
  /** The whole picture is in view, and is looked at for where something is rather than read. */
  readonly isOverview: boolean
}): ReactElement {
  const { size, parts, lit } = props
  const mask = useId()
  const bright = brightOf(props)
  return (
    <svg
      className={classes.stageParts}
      data-testid="stage-parts"
      viewBox={`0 0 ${size.width} ${size.height}`}
      aria-hidden="true"
    >
      {bright.length > 0 && (
        <>
          <mask id={mask}>
            <path d={pathOf([0, 0, size.width, size.height])} fill="#fff" />
            <path d={bright.map(pathOf).join('')} fill="#000" />
          </mask>
          <path
            className={classes.stageDim}
            data-testid="stage-dim"
            d={pathOf([0, 0, size.width, size.height])}
            mask={`url(#${mask})`}
          />
        </>
      )}
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

/** What stays bright while the rest is dimmed: what is lit or, at a glance, all that was found. Nothing is dimmed for a hit that is the whole. */
export function brightOf(given: {
  readonly size: Size
  readonly parts: readonly Pick<PartView, 'name' | 'rect' | 'verdict'>[]
  readonly lit: string | undefined
  readonly isOverview: boolean
}): readonly Rect[] {
  const { size, parts, lit, isOverview } = given
  const isFound = ({ name, verdict }: Pick<PartView, 'name' | 'verdict'>) =>
    lit === undefined ? isOverview && (verdict === 'risky' || verdict === 'review') : name === lit
  const found = parts.flatMap(part => (part.rect !== null && isFound(part) ? [part.rect] : []))
  return found.some(rect => isWhole(rect, size)) ? [] : found
}

const pathOf = ([left, top, width, height]: Rect): string => `M${left} ${top}h${width}v${height}h${-width}z`
