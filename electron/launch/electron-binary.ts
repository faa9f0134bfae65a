import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

type Env = Readonly<Record<string, string | undefined>>

const firstAnswerMs = 5_000
const downloadMs = 180_000

/** Electron's program file, where it was fetched or ELECTRON_OVERRIDE_DIST_PATH says it is; null when it is not there. */
export function findElectron(root: string, env: Env): string | null {
  const electron = join(root, 'node_modules', 'electron')
  const override = env.ELECTRON_OVERRIDE_DIST_PATH
  const name = readName(join(electron, 'path.txt')) ?? defaultName(process.platform)
  const path = override === undefined || override === '' ? join(electron, 'dist', name) : join(override, name)
  return existsSync(path) ? path : null
}

/** Fetches it when its source answers at all. A network that swallows packets must not hold up the first start. */
export async function obtainElectron(root: string, env: Env): Promise<string | null> {
  const found = findElectron(root, env)
  if (found !== null) return found
  if ((env.ELECTRON_SKIP_BINARY_DOWNLOAD ?? '') !== '') return null
  if (!(await answers(downloadSource(env)))) return null
  spawnSync(process.execPath, [join(root, 'node_modules/electron/install.js')], {
    env: { ...process.env },
    stdio: 'ignore',
    timeout: downloadMs,
  })
  return findElectron(root, env)
}

/** Where Electron's own installer fetches from, in its order. */
export function downloadSource(env: Env): string {
  const mirrors = [
    env.npm_config_electron_mirror,
    env.NPM_CONFIG_ELECTRON_MIRROR,
    env.npm_package_config_electron_mirror,
    env.ELECTRON_MIRROR,
  ]
  return (
    mirrors.find(mirror => mirror !== undefined && mirror !== '') ??
    'https://github.com/electron/electron/releases/download/'
  )
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(firstAnswerMs) })
    return true
  } catch {
    return false
  }
}

function readName(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function defaultName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}
