import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import Conf from 'conf'
import { Problem, usage } from '../../shared/problems.ts'
import type { HeadlessEngine } from '../engine/app/api.ts'
import { type EngineExtras, openEngine } from '../engine/app/engine.ts'
import { openSettingsFile } from '../engine/app/settings-file.ts'
import { detailOf } from '../engine/base/detail.ts'
import { makeFolder } from '../engine/base/make-folder.ts'
import { problemOf } from '../engine/base/sqlite/problem-of.ts'
import type { Vault } from '../engine/base/vault.ts'
import type { Chromium } from '../engine/chromium/chromium.ts'
import { findBrowser, isExecutable } from '../engine/chromium/find-browser.ts'
import { installedChromium } from '../engine/chromium/installed.ts'
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
  { stderr, language, words, browser }: CommandContext,
  dataDir: string | undefined,
  extras: EngineExtras = {},
): Promise<HeadlessEngine> {
  const folder = resolve(dataDir ?? defaultDataDir(process.env))
  const { store, problem } = openSettings(folder)
  const engine = await openEngine(
    {
      dataDir: folder,
      store,
      vault: noVault,
      env: process.env,
      language: () => language,
      samplesDir: resources('samples'),
      rulesDir: resources('rules'),
      onStoreProgress: tellProgress(stderr, words),
      chromium: chromiumNamed(browser),
    },
    extras,
  )
  for (const { code, detail } of [...(problem === null ? [] : [problem]), ...engine.startProblems]) {
    stderr.write(`${problemSentence(new Problem(code, printable(detail)), language)}\n`)
  }
  return engine
}

/** Started when the first page is to be drawn; null where there is none, or none is wanted. */
function chromiumNamed(given: string | undefined): Chromium | null {
  const env = given === undefined ? process.env : { ...process.env, PRESCREEN_BROWSER: given }
  const found = findBrowser({ platform: process.platform, env, isExecutable })
  if (found.kind === 'found') return installedChromium({ path: found.path })
  // The variable is for the window too, and most commands draw nothing.
  if (found.kind === 'none' || given === undefined) return null
  throw usage(`--browser：${found.path} 无法运行`, `--browser: ${found.path} cannot be run`)
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

/** The workstation's settings file: electron-store extends conf, so that both read and write the same form. */
function openSettings(folder: string): ReturnType<typeof openSettingsFile> {
  try {
    makeFolder(folder)
    return openSettingsFile(
      folder,
      (cwd, configName) =>
        new Conf<Record<string, unknown>>({ cwd, configName, projectName: 'prescreen', configFileMode: 0o600 }),
      new Date(),
    )
  } catch (error) {
    throw problemOf(error, folder)
  }
}

/** From a checkout two folders up, from the built program beside `out/`, where this module may be in a chunk one folder below. */
function resources(name: string): string {
  const places = ['../../resources', '../../../resources'].map(place => resolve(import.meta.dirname, place, name))
  return places.find(existsSync) ?? resolve(import.meta.dirname, '../../resources', name)
}
