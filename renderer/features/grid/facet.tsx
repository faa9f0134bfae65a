import { IconCheck } from '@tabler/icons-react'
import type { ReactElement, ReactNode } from 'react'
import { formatNumber } from '../../base/i18n/index.ts'
import classes from './grid.module.css'

/** One axis of the filter with its values; nothing where there are none. */
export function Facet(props: {
  readonly name: string
  readonly isWide?: boolean
  readonly children: ReactNode
}): ReactElement | null {
  const isEmpty = Array.isArray(props.children) && props.children.flat().filter(child => child !== false).length === 0
  if (isEmpty) return null
  return (
    <fieldset className={props.isWide === true ? `${classes.facet} ${classes.facetWide}` : classes.facet}>
      <legend>{props.name}</legend>
      {props.children}
    </fieldset>
  )
}

/** A value of an axis: on or off, and how many assets have it. */
export function Choice(props: {
  readonly isOn: boolean
  readonly count: number
  readonly toggle: () => void
  readonly children: ReactNode
}): ReactElement {
  return (
    <button
      type="button"
      className={classes.choice}
      data-testid="choice"
      aria-pressed={props.isOn}
      data-count={props.count === 0 ? 'none' : 'some'}
      onClick={props.toggle}
    >
      <span className={classes.choiceBox} aria-hidden>
        {props.isOn && <IconCheck size={11} stroke={3} />}
      </span>
      <span className={classes.choiceWord} title={typeof props.children === 'string' ? props.children : undefined}>
        {props.children}
      </span>
      <span className="figures dim">{formatNumber(props.count)}</span>
    </button>
  )
}
