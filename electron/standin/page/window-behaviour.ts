/**
 * What a window of Electron does by itself: it acts on the menu's accelerators, asks the main process about windows that
 * the page opens, and tells it of focus and size. Self-contained (see script.ts).
 */
export function addWindowBehaviour(post: (message: unknown) => void) {
  let accelerators: readonly string[] = []
  const keyName = (event: KeyboardEvent): string =>
    [event.ctrlKey && 'ctrl', event.altKey && 'alt', event.shiftKey && 'shift', event.metaKey && 'meta', event.key]
      .filter(part => part !== false)
      .join('+')
      .toLowerCase()
  const isEditing = (): boolean => {
    const element = document.activeElement
    return element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA)$/.test(element.tagName))
  }
  const onKey = (event: KeyboardEvent): void => {
    // The page comes first; what it has used is no accelerator. Nor is what a text field undoes by itself with Ctrl;
    // with ⌘ Chromium leaves that to the menu, on macOS.
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return
    const name = keyName(event)
    if (!accelerators.includes(name)) return
    if (isEditing() && /^ctrl\+(shift\+)?[zyxcva]$/.test(name)) return
    event.preventDefault()
    post({ kind: 'accelerator', name })
  }
  addEventListener(
    'keydown',
    () => {
      // Added anew while the key goes down, so that it is the last of the page's listeners to hear of it.
      removeEventListener('keydown', onKey)
      addEventListener('keydown', onKey)
    },
    { capture: true },
  )
  window.open = (url, target, features) => {
    const href = new URL(String(url ?? 'about:blank'), location.href).href
    post({ kind: 'open', url: href, frameName: target ?? '', features: features ?? '' })
    return null
  }
  for (const name of ['focus', 'blur', 'resize']) addEventListener(name, () => post({ kind: 'window', event: name }))
  return {
    /** Keys as `ctrl+shift+o`, those of the menu at present. */
    setAccelerators(names: readonly string[]): void {
      accelerators = names
    },
  }
}
