import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { IpcProblem } from '../../../shared/ipc.ts'
import type { SettingsStore } from '../base/settings-store.ts'

const name = 'settings'

/**
 * Opens the settings file, which the window (electron-store) and the command line (conf) share. A damaged one is kept under another
 * name and the defaults are used: `problem` says so then. Throws what the system says when it cannot be read or renamed.
 */
export function openSettingsFile(
  dataDir: string,
  open: (cwd: string, name: string) => SettingsStore,
  now: Date,
): { readonly store: SettingsStore; readonly problem: IpcProblem | null } {
  const file = join(dataDir, `${name}.json`)
  if (isIntact(file)) return { store: open(dataDir, name), problem: null }
  const kept = `${name}.damaged-${now.toISOString().replace(/[:.]/g, '-')}.json`
  renameSync(file, join(dataDir, kept))
  return { store: open(dataDir, name), problem: { code: 'settings_corrupt', detail: kept } }
}

/** Absent is intact: nothing was lost. */
function isIntact(file: string): boolean {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true
    throw error
  }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
