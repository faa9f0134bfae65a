import { existsSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import Conf from 'conf'
import type { IpcProblem } from '../../shared/ipc.ts'
import { Problem } from '../../shared/problems.ts'
import type { SettingsStore, Vault } from '../engine/app/api.ts'
import { type EngineExtras, type HeadlessEngine, openEngine } from '../engine/app/engine.ts'
import { detailOf } from '../engine/base/detail.ts'
import { makeFolder } from '../engine/base/make-folder.ts'
import { problemOf } from '../engine/base/sqlite/problem-of.ts'
import type { BringUpProgress } from '../engine/store/bring-up.ts'
import type { CommandContext } from './context.ts'
import { printable } from './terminal.ts'
import { problemSentence, type Words } from './words.ts'

/** The folder that the workstation uses too: Electron's `userData` for an application named Prescreen. */
export function defaultDataDir(env: NodeJS.ProcessEnv): string {
  switch (process.platform) {
    case 'win32':
      return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Prescreen')
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Prescreen')
    default:
      return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'Prescreen')
  }
}

/** A keychain needs the window: the command line reads secrets from environment variables only. */
const noVault: Vault = {
  strength: 'none',
  encrypt: async () => {
    throw new Problem('vault_unavailable', detailOf('command_line_without_vault'))
  },
  decrypt: async () => {
    throw new Problem('vault_unavailable', detailOf('command_line_without_vault'))
  },
}

export async function openFromCommandLine(
  { stderr, language, words }: CommandContext,
  dataDir: string | undefined,
  extras: EngineExtras = {},
): Promise<HeadlessEngine> {
  const folder = resolve(dataDir ?? defaultDataDir(process.env))
  const { store, problems } = openSettings(folder)
  const engine = await openEngine(
    {
      dataDir: folder,
      store,
      vault: noVault,
      env: process.env,
      language: () => language,
      samplesDir: samplesDir(),
      onStoreProgress: tellProgress(stderr, words),
    },
    extras,
  )
  for (const { code, detail } of [...problems, ...engine.startProblems]) {
    stderr.write(`${problemSentence(new Problem(code, printable(detail)), language)}\n`)
  }
  return engine
}

/** Shorter than this nobody needs to be told, in milliseconds; and so often after that. */
const patienceMs = 1_000

/** Says how far the data of an earlier version have been brought up, a line a second. */
function tellProgress(stderr: CommandContext['stderr'], words: Words): (progress: BringUpProgress) => void {
  const began = performance.now()
  let lines = 0
  return ({ share }) => {
    if (performance.now() - began < (lines + 1) * patienceMs) return
    lines = Math.floor((performance.now() - began) / patienceMs)
    stderr.write(`${words.bringingUp(Math.floor(share * 100))}\n`)
  }
}

/** The workstation's settings file (electron-store extends conf: same file, same form). A damaged one is kept under another name. */
function openSettings(folder: string): { store: SettingsStore; problems: IpcProblem[] } {
  const file = join(folder, 'settings.json')
  const problems: IpcProblem[] = []
  try {
    makeFolder(folder)
    if (existsSync(file) && !isJsonObject(readFileSync(file, 'utf8'))) {
      const kept = `settings.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}.json`
      renameSync(file, join(folder, kept))
      problems.push({ code: 'settings_corrupt', detail: kept })
    }
    const conf = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: 'settings',
      projectName: 'prescreen',
      configFileMode: 0o600,
    })
    return {
      store: { get: key => conf.get(key), set: (key, value) => conf.set(key, value), delete: key => conf.delete(key) },
      problems,
    }
  } catch (error) {
    throw problemOf(error, folder)
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** From a checkout two folders up, from the built program beside `out/`. */
function samplesDir(): string {
  return resolve(import.meta.dirname, '../../resources/samples')
}
