import { spawnSync } from 'node:child_process'
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** What the built program is made of. */
const sources = [
  'electron',
  'renderer',
  'shared',
  'resources/rules',
  'resources/notices',
  'resources/licences.ts',
  'electron.vite.config.ts',
  'package.json',
] as const
/** Written after a build that came to its end; half a build is none. */
const stamp = join('out', '.built')

/** Builds the program when its sources are newer than the last build; false when the build failed. */
export function buildIfStale(root: string): boolean {
  const builtAt = modifiedAt(join(root, stamp))
  if (builtAt !== null && sources.every(source => newest(join(root, source)) <= builtAt)) return true
  const startedAt = new Date()
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (status !== 0) return false
  // Stamped with the time at which it began: what was saved meanwhile may not be in it.
  writeFileSync(join(root, stamp), '')
  utimesSync(join(root, stamp), startedAt, startedAt)
  return true
}

/** Newest modification beneath a file or folder, in milliseconds. */
export function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  // A folder's own time shows that files were removed.
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs)
}

function modifiedAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null
}
