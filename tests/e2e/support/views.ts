import type { AppState } from '../../../renderer/state/app.ts'
import { commands } from '../../../shared/commands.ts'

/** Everything that the window can be asked to show at its start, by the name under which the harness lists it. */
export const views: Readonly<Record<string, Partial<AppState>>> = {
  ...Object.fromEntries(commands.flatMap(({ view }) => (view === undefined ? [] : [[view, { view }]]))),
  export: { overlay: 'export' },
  keys: { overlay: 'keys' },
  about: { overlay: 'about' },
}

export function viewFrom(query: string): Partial<AppState> {
  const name = new URLSearchParams(query).get('view')
  return (name === null ? undefined : views[name]) ?? {}
}
