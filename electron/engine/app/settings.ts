import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { Problem } from '../../../shared/problems.ts'
import { type Settings, settingsSchema } from '../../../shared/settings.ts'
import type { Engine, EngineOptions } from './api.ts'

/**
 * Settings as stored; a value that is damaged falls back to its default, and the user is told. `onChange` is called after
 * every change that is stored.
 */
export function createSettings(
  store: EngineOptions['store'],
  problems: IpcProblem[],
): Engine['settings'] & { onChange(listener: (before: Settings, after: Settings) => void): void } {
  const parsed = settingsSchema.safeParse(store.get('settings') ?? {})
  if (!parsed.success) {
    store.set('damagedSettings', store.get('settings'))
    problems.push({ code: 'settings_corrupt', detail: z.prettifyError(parsed.error) })
  }
  let current = parsed.success ? parsed.data : settingsSchema.parse({})
  let onChange: (before: Settings, after: Settings) => void = () => undefined
  return {
    onChange: listener => {
      onChange = listener
    },
    get: () => current,
    set: patch => {
      const next = settingsSchema.safeParse({ ...current, ...patch })
      if (!next.success) throw new Problem('bad_request', z.prettifyError(next.error))
      store.set('settings', next.data)
      const before = current
      current = next.data
      onChange(before, current)
      return current
    },
  }
}

/** Who answers for what is decided: as set, else as the system calls them. */
export function reviewerOf(settings: () => Settings, env: EngineOptions['env']): () => string {
  return () => settings().reviewer || env.USERNAME || env.USER || ''
}

/** Settings that bear on what a report says, or on how long there is one: their changes are in the ledger. */
const evidentSettings = [
  'reviewer',
  'reasons',
  'reuseDays',
  'keepYears',
  'quotaZone',
  'quotaHour',
  'weakVaultAccepted',
  'rules',
  'ruleScopes',
] as const satisfies readonly (keyof Settings)[]

/** What of a change belongs into the ledger, by name; null when nothing does. */
export function evidentChanges(before: Settings, after: Settings): Readonly<Record<string, unknown>> | null {
  const changed = evidentSettings.filter(name => !isDeepStrictEqual(before[name], after[name]))
  return changed.length === 0 ? null : Object.fromEntries(changed.map(name => [name, after[name]]))
}
