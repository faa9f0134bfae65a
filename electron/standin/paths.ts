import { existsSync, readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'

/** The folders that `app.getPath` names, as far as the program chose them itself. */
const chosen = new Map<string, string>()

export function setPath(name: string, path: string): void {
  chosen.set(name, path)
}

export function getPath(name: string, appName: string): string {
  const known = chosen.get(name)
  if (known !== undefined) return known
  switch (name) {
    case 'home':
      return homedir()
    case 'appData':
      return appData()
    case 'userData':
      return join(appData(), appName)
    case 'sessionData':
      return getPath('userData', appName)
    case 'temp':
      return tmpdir()
    case 'documents':
      return personalFolder('Documents')
    case 'downloads':
      return personalFolder('Downloads')
    default:
      throw new Error(`Failed to get '${name}' path`)
  }
}

function appData(): string {
  const { env } = process
  if (process.platform === 'win32') return env.APPDATA ?? join(homedir(), 'AppData', 'Roaming')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  return env.XDG_CONFIG_HOME || join(homedir(), '.config')
}

function personalFolder(name: string): string {
  const folder = join(homedir(), name)
  return existsSync(folder) ? folder : homedir()
}

export interface Manifest {
  readonly name: string
  readonly version: string
}

/** The package.json above the entry module, where Electron takes name and version from. */
export function readManifest(entry: string): Manifest {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) {
      const { productName, name, version } = JSON.parse(readFileSync(file, 'utf8'))
      return { name: String(productName ?? name ?? 'Electron'), version: String(version ?? '0.0.0') }
    }
    if (dirname(folder) === folder) return { name: 'Electron', version: '0.0.0' }
  }
}
