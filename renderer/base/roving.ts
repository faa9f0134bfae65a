import { type RefObject, useEffect, useRef } from 'react'

/**
 * A row or column of controls with one Tab stop: arrows, Home and End lead from one to the next, and Tab leaves it
 * (https://www.w3.org/WAI/ARIA/apg/practices/keyboard-interface/, "roving tabindex"). What is in it may come and go.
 */
export function useRoving<Host extends HTMLElement>(axis: Axis): RefObject<Host | null> {
  const host = useRef<Host>(null)
  useEffect(() => (host.current === null ? undefined : mountRoving(host.current, axis)), [axis])
  return host
}

type Axis = 'column' | 'row'

const controls = 'button:not(:disabled), a[href], input:not(:disabled, [type=hidden]), [role=slider]'
/** What is chosen is where one comes in. */
const chosen = '[aria-current], [aria-pressed=true]'

function mountRoving(host: HTMLElement, axis: Axis): () => void {
  let stop: HTMLElement | undefined
  const members = () => [...host.querySelectorAll<HTMLElement>(controls)]

  function refresh(): void {
    const all = members()
    if (stop === undefined || !all.includes(stop)) stop = all.find(member => member.matches(chosen)) ?? all[0]
    for (const member of all) {
      const wanted = member === stop ? 0 : -1
      if (member.getAttribute('tabindex') !== String(wanted)) member.tabIndex = wanted
    }
  }

  function entered({ target }: FocusEvent): void {
    const member = target instanceof Element ? target.closest<HTMLElement>(controls) : null
    if (member === null || member === stop) return
    stop = member
    refresh()
  }

  function pressed(event: KeyboardEvent): void {
    const all = members()
    const { activeElement } = document
    const index = activeElement instanceof HTMLElement ? all.indexOf(activeElement) : -1
    if (event.defaultPrevented || index === -1) return
    const to = rovedIndex(event, { axis, index, count: all.length, caret: caretOf(activeElement) })
    if (to === null) return
    // Neither a slider nor the grid is to have it as well.
    event.preventDefault()
    event.stopPropagation()
    all[to]?.focus()
  }

  const watcher = new MutationObserver(refresh)
  watcher.observe(host, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  host.addEventListener('focusin', entered)
  host.addEventListener('keydown', pressed)
  refresh()
  return () => {
    watcher.disconnect()
    host.removeEventListener('focusin', entered)
    host.removeEventListener('keydown', pressed)
  }
}

/** Where the caret of a field is; null where nothing is typed. A field is left by an arrow only at its end. */
type Caret = 'start' | 'end' | 'both' | 'within' | null

function caretOf(element: Element | null): Caret {
  if (!(element instanceof HTMLInputElement)) return null
  const { selectionStart: from, selectionEnd: to, value } = element
  if (from !== to) return 'within'
  if (value === '') return 'both'
  return from === 0 ? 'start' : from === value.length ? 'end' : 'within'
}

/** Index that a key leads to, the edges hold; null for a key that is none of ours. */
export function rovedIndex(
  press: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>,
  at: { readonly axis: Axis; readonly index: number; readonly count: number; readonly caret: Caret },
): number | null {
  const { axis, index, count, caret } = at
  if (press.isComposing || press.ctrlKey || press.metaKey || press.altKey || press.shiftKey) return null
  const [back, on] = axis === 'column' ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight']
  if (press.key === back) return caret === null || caret === 'start' || caret === 'both' ? Math.max(0, index - 1) : null
  if (press.key === on)
    return caret === null || caret === 'end' || caret === 'both' ? Math.min(count - 1, index + 1) : null
  if (caret !== null) return null
  return press.key === 'Home' ? 0 : press.key === 'End' ? count - 1 : null
}
