import { type ReactElement, type ReactNode, useEffect, useRef } from 'react'
import { focusAssets } from '../base/focus.ts'
import { closeDrawer, type Pane } from '../state/panes.ts'
import classes from './frame.module.css'
import { focusFirstStop } from './panes.ts'

/** A pane that has no room beside the grid, over it. What is chosen in the side bar is what it was called for. */
export function Drawer(props: { readonly pane: Pane; readonly children: ReactNode }): ReactElement {
  const { pane } = props
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const drawer = host.current
    if (drawer === null) return
    if (pane === 'sideBar') focusFirstStop(drawer)
    const pressed = (event: PointerEvent) => {
      // Beside the inspector one goes on working.
      if (pane === 'sideBar' && event.target instanceof Node && !drawer.contains(event.target)) closeDrawer()
    }
    window.addEventListener('pointerdown', pressed)
    return () => {
      window.removeEventListener('pointerdown', pressed)
      if (document.activeElement === null || document.activeElement === document.body) focusAssets()
    }
  }, [pane])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is clicked are the buttons in it
    <div
      ref={host}
      className={classes.drawer}
      data-drawer={pane}
      onClick={event => {
        const isChoice = event.target instanceof Element && event.target.closest('button') !== null
        if (pane === 'sideBar' && isChoice) closeDrawer()
      }}
      onKeyDown={event => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        event.stopPropagation()
        closeDrawer()
      }}
    >
      {props.children}
    </div>
  )
}
