import type { ReactElement, ReactNode } from 'react'

/** A titled block of the inspector. */
export function Section(props: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="inspector-section">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  )
}
