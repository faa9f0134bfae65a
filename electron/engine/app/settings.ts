import { z } from 'zod'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { Problem } from '../../../shared/problems.ts'
import { type Settings, settingsSchema } from '../../../shared/settings.ts'
import type { Engine, EngineOptions } from './api.ts'

/** Settings as stored; a value that is damaged falls back to its default, and the user is told. */
export function createSettings(options: EngineOptions, problems: IpcProblem[]): Engine['settings'] {
  const parsed = settingsSchema.safeParse(options.store.get('settings') ?? {})
  if (!parsed.success) {
    options.store.set('damagedSettings', options.store.get('settings'))
    problems.push({ code: 'settings_corrupt', detail: z.prettifyError(parsed.error) })
  }
  let current = parsed.success ? parsed.data : settingsSchema.parse({})
  return {
    get: () => current,
    set: patch => {
      const next = settingsSchema.safeParse({ ...current, ...patch })
      if (!next.success) throw new Problem('bad_request', z.prettifyError(next.error))
      options.store.set('settings', next.data)
      current = next.data
      return current
    },
  }
}

/** Settings that bear on what a report says, or on how long there is one: their changes are in the ledger. */
export const evidentSettings = [
  'reviewer',
  'reasons',
  'reuseDays',
  'keepYears',
  'quotaZone',
  'quotaHour',
  'weakVaultAccepted',
] as const satisfies readonly (keyof Settings)[]
