import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../shared/problems.ts'
import type { SettingsStore } from '../engine/base/settings-store.ts'

/** The settings file's name without ending; the command line opens the same one. */
export const settingsName = 'settings'

/** What is needed of electron-store (or conf). */
interface FileStore {
  get(key: string): unknown
  set(key: string, value: unknown): void
  delete(key: string): void
}

/**
 * Opens the settings. A damaged file is kept under another name and the defaults are used, which the user is told:
 * `problem` is not null then.
 */
export function openSettingsStore(
  dataDir: string,
  open: (cwd: string, name: string) => FileStore,
  now: Date,
): { store: SettingsStore; problem: Problem | null } {
  const file = join(dataDir, `${settingsName}.json`)
  let problem: Problem | null = null
  try {
    if (!isIntact(file)) {
      const backup = `${settingsName}.damaged-${now.toISOString().replace(/[:.]/g, '-')}.json`
      renameSync(file, join(dataDir, backup))
      problem = new Problem('settings_corrupt', backup)
    }
    return { store: failTyped(open(dataDir, settingsName)), problem }
  } catch (error) {
    return { store: memoryStore(), problem: storageProblem(error) }
  }
}

/** Absent is intact: nothing was lost. */
function isIntact(file: string): boolean {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    throw error
  }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

function failTyped(store: FileStore): SettingsStore {
  const typed = <Result>(action: () => Result): Result => {
    try {
      return action()
    } catch (error) {
      throw storageProblem(error)
    }
  }
  return {
    get: key => typed(() => store.get(key)),
    set: (key, value) => typed(() => store.set(key, value)),
    delete: key => typed(() => store.delete(key)),
  }
}

/** Settings for a session in which the file cannot be used; the window says so. */
export function memoryStore(): SettingsStore {
  const values = new Map<string, unknown>()
  return {
    get: key => structuredClone(values.get(key)),
    set: (key, value) => void values.set(key, structuredClone(value)),
    delete: key => void values.delete(key),
  }
}

/** What a failed write or read of our own files means. */
export function storageProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const code = errorCode(error)
  const options = { cause: error }
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem('disk_full', code, options)
  return new Problem('not_writable', code ?? '', options)
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
