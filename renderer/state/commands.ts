import { type CommandId, commandOf } from '../../shared/commands.ts'
import { dispatch, showView } from './app.ts'

/** What commands do, by command. */
export type CommandHandlers = Readonly<Partial<Record<CommandId, () => void>>>

const handlers = new Map<string, () => void>()

/** A feature provides what its commands do; a command that shows a view needs nobody. */
export function provideCommands(provided: CommandHandlers): void {
  for (const [id, run] of Object.entries(provided)) handlers.set(id, run)
}

/** Does what the key, the menu item, the entry of the palette and the button all stand for. */
export function runCommand(id: CommandId): void {
  const { view } = commandOf(id)
  if (view !== undefined) {
    dispatch(showView, view)
    return
  }
  const run = handlers.get(id)
  if (run === undefined) throw new Error(`no feature provides the command ${id}`)
  run()
}
