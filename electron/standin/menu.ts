import type { MenuItemConstructorOptions } from 'electron'
import { acceleratorText } from './accelerator-text.ts'
import { onCommand } from './control.ts'
import type { Popup, PopupLine } from './page/popup-menu.ts'
import { strict } from './strict.ts'

interface Item {
  readonly label: string
  readonly isSeparator: boolean
  readonly isEnabled: boolean
  readonly role: string | null
  readonly accelerator: string | null
  readonly click: (() => void) | null
  readonly submenu: readonly Item[]
}

interface PopupOptions {
  readonly window: { readonly id: number }
  readonly x?: number
  readonly y?: number
  readonly callback?: () => void
}

/** Shows lines in a window; the number of the line that was chosen, null for none. */
type ShowPopup = (windowId: number, popup: Popup) => Promise<number | null>
let showPopup: ShowPopup = async () => null
/** Does in the window's page what the browser knows by this name. */
type RunRole = (windowId: number, role: string) => void
let runRole: RunRole = () => undefined

class StandInMenu {
  readonly items: readonly Item[]
  constructor(items: readonly Item[]) {
    this.items = items
  }
  popup({ window, x, y, callback }: PopupOptions): void {
    const all = flat(this.items)
    const lines = linesOf(this.items, 0, item => all.indexOf(item))
    showPopup(window.id, { lines, x: x ?? null, y: y ?? null })
      .then(chosen => {
        const item = chosen === null ? undefined : all[chosen]
        if (item?.role != null) runRole(window.id, item.role)
        item?.click?.()
      })
      .catch(() => undefined)
      .finally(() => callback?.())
  }
}

function linesOf(items: readonly Item[], depth: number, idOf: (item: Item) => number): PopupLine[] {
  return items.flatMap((item): PopupLine[] => {
    // The ampersand marks a letter; two are one.
    const accelerator = item.accelerator === null ? '' : acceleratorText(item.accelerator, process.platform)
    const line = { label: item.label.replaceAll('&&', '&'), accelerator, depth }
    if (item.isSeparator) return [{ ...line, kind: 'separator', id: null }]
    if (item.submenu.length === 0) return [{ ...line, kind: 'item', id: item.isEnabled ? idOf(item) : null }]
    return [{ ...line, kind: 'heading', id: null }, ...linesOf(item.submenu, depth + 1, idOf)]
  })
}

export function providePopups(show: ShowPopup, run: RunRole): void {
  showPopup = show
  runRole = run
}

let applicationMenu: StandInMenu | null = null
let onChange: () => void = () => undefined

/** The browser shows no menu bar: of that its accelerators remain, and what a test clicks. Context menus are drawn in the page. */
export const Menu = strict('Menu', {
  buildFromTemplate(template: MenuItemConstructorOptions[]): StandInMenu {
    return new StandInMenu(template.map(toItem))
  },
  setApplicationMenu(menu: StandInMenu | null): void {
    applicationMenu = menu
    onChange()
  },
})

function toItem(options: MenuItemConstructorOptions): Item {
  if (options.type !== 'separator' && options.label === undefined && options.role === undefined) {
    throw new Error('Invalid template for MenuItem: must have either label, role or type')
  }
  const { click } = options
  return {
    label: options.label ?? '',
    isSeparator: options.type === 'separator',
    isEnabled: options.enabled !== false,
    role: options.role ?? null,
    accelerator: options.accelerator ?? null,
    // A click needs no event here: ours take none.
    click: click === undefined ? null : () => Reflect.apply(click, undefined, []),
    submenu: Array.isArray(options.submenu) ? options.submenu.map(toItem) : [],
  }
}

const flat = (items: readonly Item[]): readonly Item[] => items.flatMap(item => [item, ...flat(item.submenu)])

/** Accelerators as pages name keys: `ctrl+shift+o`. */
export function accelerators(): ReadonlyMap<string, () => void> {
  const found = new Map<string, () => void>()
  for (const { accelerator, click } of flat(applicationMenu?.items ?? [])) {
    if (accelerator !== null && click !== null) found.set(keyName(accelerator), click)
  }
  return found
}

export function onMenuChange(listener: () => void): void {
  onChange = listener
}

function keyName(accelerator: string): string {
  const command = process.platform === 'darwin' ? 'meta' : 'ctrl'
  const parts = accelerator.toLowerCase().split('+')
  const key = parts.at(-1) ?? ''
  const modifiers = parts.slice(0, -1).map(part => {
    if (part === 'cmdorctrl' || part === 'commandorcontrol') return command
    if (part === 'cmd' || part === 'command' || part === 'super') return 'meta'
    return part === 'control' ? 'ctrl' : part
  })
  const order = ['ctrl', 'alt', 'shift', 'meta']
  return [...order.filter(name => modifiers.includes(name)), key].join('+')
}

onCommand('menu', ({ label }) => {
  flat(applicationMenu?.items ?? [])
    .find(item => item.label === label)
    ?.click?.()
})
