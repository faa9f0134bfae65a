import { Text } from '@mantine/core'
import { type ReactElement, type ReactNode, useId } from 'react'
import classes from './settings.module.css'

interface Props {
  readonly label: string
  readonly help?: string
  /** The control under its words, over the whole width. */
  readonly stacked?: boolean
  readonly children: (aria: { readonly 'aria-labelledby': string; readonly 'aria-describedby': string }) => ReactNode
}

/** One setting: what it is, what it does, and its control, which is given the ids of both texts. */
export function Row({ label, help, stacked = false, children }: Props): ReactElement {
  const id = useId()
  return (
    <div className={stacked ? `${classes.row} ${classes.stacked}` : classes.row}>
      <div>
        <Text size="md" fw={500} id={`${id}-label`}>
          {label}
        </Text>
        <Text size="sm" c="dimmed" id={`${id}-help`}>
          {help}
        </Text>
      </div>
      <div className={classes.control}>
        {children({ 'aria-labelledby': `${id}-label`, 'aria-describedby': `${id}-help` })}
      </div>
    </div>
  )
}
