import type { MenuItemConstructorOptions } from 'electron'
import { onCommand } from './control.ts'
import { strict } from './strict.ts'

interface Item {
  readonly label: string
  readonly accelerator: string | null
  readonly click: (() => void) | null
  readonly submenu: readonly Item[]
}

class StandInMenu {
  readonly items: readonly Item[]
  constructor(items: readonly Item[]) {
    this.items = items
  }
}

let applicationMenu: StandInMenu | null = null
let onChange: () => void = () => undefined

/** The browser shows no menu bar; of a menu its accelerators remain, and what a test clicks. */
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
