import { type RefObject, useLayoutEffect } from 'react'

/** The focus goes into what lies over the window and, when it closes, back to where it was. Meanwhile nothing that it covers can have it. */
export function useOverWindow(host: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const before = document.activeElement
    const covered = document.querySelector('[data-window]')
    host.current?.focus()
    covered?.setAttribute('inert', '')
    return () => {
      covered?.removeAttribute('inert')
      // What it was in may have gone meanwhile.
      const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body
      const back = isThere ? before : document.querySelector<HTMLElement>('[role=grid]')
      back?.focus()
    }
  }, [host])
}
