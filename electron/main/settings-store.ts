import type { IpcProblem } from '../../shared/ipc.ts'
import { Problem } from '../../shared/problems.ts'
import { openSettingsFile } from '../engine/app/settings-file.ts'
import type { SettingsStore } from '../engine/base/settings-store.ts'

/** The settings of the window. A file that cannot be used leaves settings for the session: `problem` says why. */
export function openSettingsStore(
  dataDir: string,
  open: (cwd: string, name: string) => SettingsStore,
  now: Date,
): { store: SettingsStore; problem: IpcProblem | null } {
  try {
    const { store, problem } = openSettingsFile(dataDir, open, now)
    return { store: failTyped(store), problem }
  } catch (error) {
    const { code, detail } = storageProblem(error)
    return { store: memoryStore(), problem: { code, detail } }
  }
}

function failTyped(store: SettingsStore): SettingsStore {
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
