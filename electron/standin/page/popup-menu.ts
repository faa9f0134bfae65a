/** One line of a menu as it is drawn; `id` is what is answered, null for what cannot be chosen. */
export interface PopupLine {
  readonly kind: 'item' | 'separator' | 'heading'
  readonly id: number | null
  readonly label: string
  readonly accelerator: string
  /** How many menus it lies within. */
  readonly depth: number
}

export interface Popup {
  readonly lines: readonly PopupLine[]
  readonly x: number | null
  readonly y: number | null
}

/**
 * Draws the menu that Electron would have the system draw, submenus unfolded below their name. Keys and clicks stay in it; the answer
 * goes by `post`. Self-contained (see script.ts).
 */
export function createPopupMenu(post: (message: unknown) => void) {
  const pointer = { x: 0, y: 0 }
  addEventListener(
    'pointerdown',
    event => {
      pointer.x = event.clientX
      pointer.y = event.clientY
    },
    { capture: true },
  )
  let close: () => void = () => undefined
  const sheetText = `
    [data-standin-menu] { position: fixed; z-index: 2147483647; min-width: 180px; max-height: 96vh; overflow: auto; padding: 4px; margin: 0;
      background: Menu; color: MenuText; border: 1px solid GrayText; border-radius: 6px; box-shadow: 0 6px 24px rgb(0 0 0 / 0.3);
      font: 13px/1.4 system-ui, sans-serif; user-select: none; outline: none; }
    [data-standin-menu] > * { display: flex; gap: 24px; justify-content: space-between; padding: 3px 12px; border-radius: 4px; }
    [data-standin-menu] > [role=separator] { height: 1px; padding: 0; margin: 4px 0; background: GrayText; opacity: 0.4; }
    [data-standin-menu] > [aria-disabled=true], [data-standin-menu] > [role=presentation] { opacity: 0.6; }
    [data-standin-menu] > [data-depth="1"] { padding-left: 28px; }
    [data-standin-menu] > [data-lit] { background: Highlight; color: HighlightText; }`

  const show = ({ lines, x, y }: Popup): void => {
    close()
    const before = document.activeElement
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(sheetText)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    const menu = document.createElement('div')
    menu.setAttribute('role', 'menu')
    menu.dataset.standinMenu = ''
    menu.tabIndex = -1
    const items: { element: HTMLElement; id: number }[] = []
    for (const line of lines) {
      const element = document.createElement('div')
      element.setAttribute(
        'role',
        line.kind === 'item' ? 'menuitem' : line.kind === 'heading' ? 'presentation' : 'separator',
      )
      element.dataset.depth = String(line.depth)
      for (const text of line.kind === 'separator' ? [] : [line.label, line.accelerator]) {
        const part = document.createElement('span')
        part.textContent = text
        element.append(part)
      }
      if (line.kind === 'item') {
        element.setAttribute('aria-label', line.label)
        if (line.id === null) element.setAttribute('aria-disabled', 'true')
        else items.push({ element, id: line.id })
      }
      menu.append(element)
    }
    let lit = -1
    const light = (index: number): void => {
      items[lit]?.element.removeAttribute('data-lit')
      lit = index
      items[lit]?.element.setAttribute('data-lit', '')
      items[lit]?.element.scrollIntoView({ block: 'nearest' })
    }
    const end = (id: number | null): void => {
      close = () => undefined
      removeEventListener('keydown', onKey, { capture: true })
      removeEventListener('pointerdown', onPointer, { capture: true })
      removeEventListener('blur', onBlur)
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter(each => each !== sheet)
      menu.remove()
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
      post({ kind: 'popup', id })
    }
    const onKey = (event: KeyboardEvent): void => {
      event.preventDefault()
      event.stopImmediatePropagation()
      const { length } = items
      if (event.key === 'Escape' || event.key === 'Tab') end(null)
      else if (event.key === 'Enter' || event.key === ' ') end(items[lit]?.id ?? null)
      else if (length === 0) return
      else if (event.key === 'ArrowDown') light((lit + 1) % length)
      else if (event.key === 'ArrowUp') light((Math.max(lit, 0) + length - 1) % length)
      else if (event.key === 'Home') light(0)
      else if (event.key === 'End') light(length - 1)
    }
    const onPointer = (event: PointerEvent): void => {
      if (!event.composedPath().includes(menu)) end(null)
    }
    const onBlur = (): void => end(null)
    for (const [index, { element, id }] of items.entries()) {
      // A pointer that rests where the menu opens chooses nothing.
      element.addEventListener('pointermove', () => light(index))
      element.addEventListener('click', event => {
        event.stopPropagation()
        end(id)
      })
    }
    menu.addEventListener('contextmenu', event => {
      event.preventDefault()
      event.stopPropagation()
    })
    document.body.append(menu)
    const { width, height } = menu.getBoundingClientRect()
    menu.style.left = `${Math.max(0, Math.min(x ?? pointer.x, innerWidth - width))}px`
    menu.style.top = `${Math.max(0, Math.min(y ?? pointer.y, innerHeight - height))}px`
    addEventListener('keydown', onKey, { capture: true })
    addEventListener('pointerdown', onPointer, { capture: true })
    addEventListener('blur', onBlur)
    close = () => end(null)
    menu.focus({ preventScroll: true })
  }
  return { show }
}
