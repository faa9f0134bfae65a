import type { ReactElement, ReactNode } from 'react'
import classes from './inspector.module.css'

/** A titled block of the inspector. */
export function Section(props: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className={classes.section}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  )
}
