/** The panes of the window, marked by who draws them (`data-pane`), in the order in which they are seen. */

/** What Tab would lead to; in a toolbar that is where one was last. */
const stops =
  ':is(button, input, textarea, select, a[href]):not(:disabled, [tabindex="-1"], [type=hidden]), [tabindex="0"], [data-loupe]'

/** Gives the keys to the next pane that can have them, around the end. */
export function toPane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    pane => pane.closest('[inert]') === null,
  )
  const at = panes.findIndex(pane => pane.contains(document.activeElement))
  for (const index of paneOrder(at, panes.length, by)) {
    const pane = panes[index]
    if (pane !== undefined && focusFirstStop(pane)) return
  }
}

/** False where the keys cannot go. */
export function focusFirstStop(pane: HTMLElement): boolean {
  const stop = pane.matches(stops) ? pane : pane.querySelector<HTMLElement>(stops)
  stop?.focus()
  return stop !== null
}

/** In which order panes are tried: those after the one that has the keys, or from the edge where none has. */
export function paneOrder(at: number, count: number, by: 1 | -1): readonly number[] {
  const start = at === -1 && by === -1 ? count : at
  return Array.from({ length: count }, (_, step) => (((start + by * (step + 1)) % count) + count) % count)
}
