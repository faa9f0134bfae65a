import type { AppState } from '../../../renderer/state/app.ts'

/** Everything that the window can be asked to show at its start, by the name under which the harness lists it. */
export const views = {
  grid: { view: 'grid' },
  queue: { view: 'queue' },
  history: { view: 'history' },
  profiles: { view: 'profiles' },
  settings: { view: 'settings' },
  export: { overlay: 'export' },
  keys: { overlay: 'keys' },
  about: { overlay: 'about' },
} as const satisfies Readonly<Record<string, Partial<AppState>>>

export function viewFrom(query: string): Partial<AppState> {
  const name = new URLSearchParams(query).get('view')
  return Object.entries(views).find(([known]) => known === name)?.[1] ?? {}
}
