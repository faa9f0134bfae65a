/** `CmdOrCtrl+Return` as the menus of a platform write it: `Ctrl+Enter`, `⌘↩`. */
export function acceleratorText(accelerator: string, platform: NodeJS.Platform): string {
  const parts = accelerator.split('+')
  const key = parts.at(-1) ?? ''
  const modifiers = new Set(parts.slice(0, -1).map(part => modifierOf(part, platform)))
  const order = (['control', 'alt', 'shift', 'command'] as const).filter(name => modifiers.has(name))
  if (platform === 'darwin') return order.map(name => macSigns[name]).join('') + (macKeys[key] ?? key)
  return [...order.map(name => otherNames[name]), otherKeys[key] ?? key].join('+')
}

type Modifier = 'control' | 'alt' | 'shift' | 'command'

function modifierOf(part: string, platform: NodeJS.Platform): Modifier | null {
  switch (part.toLowerCase()) {
    case 'cmdorctrl':
    case 'commandorcontrol':
      return platform === 'darwin' ? 'command' : 'control'
    case 'cmd':
    case 'command':
      return 'command'
    case 'ctrl':
    case 'control':
      return 'control'
    case 'alt':
    case 'option':
      return 'alt'
    case 'shift':
      return 'shift'
    default:
      return null
  }
}

const macSigns: Readonly<Record<Modifier, string>> = { control: '⌃', alt: '⌥', shift: '⇧', command: '⌘' }
const macKeys: Readonly<Record<string, string>> = { Return: '↩', Plus: '+' }
const otherNames: Readonly<Record<Modifier, string>> = {
  control: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  command: 'Super',
}
const otherKeys: Readonly<Record<string, string>> = { Return: 'Enter', Plus: '+' }
