import process from 'node:process'
import { z } from 'zod'

/**
 * How a test acts as the desktop: it answers dialogs and learns what was shown, over the channel of the process that it
 * started. Without PRESCREEN_STANDIN_CONTROL nothing listens.
 */
export type Report =
  /** The window shows its page; `endpoint` is where its browser can be driven, `target` which page of the browser it is, `window` which of the program's. */
  | { readonly kind: 'window'; readonly window: number; readonly endpoint: string; readonly target: string }
  | { readonly kind: 'notification'; readonly title: string; readonly body: string }
  | { readonly kind: 'open-external'; readonly url: string }
  | { readonly kind: 'show-item'; readonly path: string }
  | { readonly kind: 'drag'; readonly files: readonly string[]; readonly iconBytes: number }
  | { readonly kind: 'open-path'; readonly path: string }
  | { readonly kind: 'clipboard'; readonly text: string; readonly html?: string; readonly pngBytes?: number }
  | { readonly kind: 'error-box'; readonly title: string; readonly content: string }
  | { readonly kind: 'relaunch'; readonly args: readonly string[] }
  | { readonly kind: 'awake'; readonly awake: boolean }
  | { readonly kind: 'dialog'; readonly dialog: 'open' | 'save'; readonly options: unknown }

const commandSchema = z.discriminatedUnion('kind', [
  /** The answer to the next dialog; null dismisses it. */
  z.strictObject({
    kind: z.literal('answer'),
    dialog: z.enum(['open', 'save']),
    paths: z.array(z.string()).nullable(),
  }),
  z.strictObject({ kind: z.literal('focus'), focused: z.boolean() }),
  z.strictObject({ kind: z.literal('click-notification') }),
  z.strictObject({ kind: z.literal('menu'), label: z.string() }),
  z.strictObject({ kind: z.literal('crash-window') }),
  /** As the Finder of macOS does, once for each file. */
  z.strictObject({ kind: z.literal('open-file'), path: z.string() }),
  z.strictObject({ kind: z.literal('quit') }),
])
export type Command = z.infer<typeof commandSchema>

export const isControlled = process.env.PRESCREEN_STANDIN_CONTROL === '1' && typeof process.send === 'function'

type Listener<Kind extends Command['kind']> = (command: Extract<Command, { kind: Kind }>) => void
const listeners = new Map<string, (command: never) => void>()

export function report(message: Report): void {
  if (isControlled && process.connected) process.send?.(message)
}

export function onCommand<Kind extends Command['kind']>(kind: Kind, listener: Listener<Kind>): void {
  listeners.set(kind, listener)
}

if (isControlled) {
  process.on('message', message => {
    const command = commandSchema.parse(message)
    listeners.get(command.kind)?.(command as never)
  })
  // A test that died leaves no program behind.
  process.on('disconnect', () => process.exit(1))
  // The channel alone must not keep the program running.
  process.channel?.unref()
}
