import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../shared/problems.ts'
import { makeFolder } from '../engine/base/make-folder.ts'
import { storageProblem } from './settings-store.ts'

/** A data folder that cannot be used must not keep the window from saying so: it opens on an empty one below `temporary`. */
export function prepareDataDir(
  wanted: string,
  temporary: string,
  platform: NodeJS.Platform,
): { dataDir: string; problem: Problem | null } {
  try {
    makeFolder(wanted)
    tryToWrite(wanted, platform)
    return { dataDir: wanted, problem: null }
  } catch (error) {
    const { code } = storageProblem(error)
    return {
      dataDir: mkdtempSync(join(temporary, 'prescreen-')),
      problem: new Problem(code, wanted, { cause: error }),
    }
  }
}

/** Without its lock there Electron takes this for a second start, and the program would end without a word. */
function tryToWrite(folder: string, platform: NodeJS.Platform): void {
  let probe: string | null = null
  try {
    probe = mkdtempSync(join(folder, '.probe-'))
    // Outside of Windows the lock is a symbolic link, which not every file system has.
    if (platform !== 'win32') symlinkSync('nowhere', join(probe, 'lock'))
  } catch (error) {
    // On a full disk what there is can still be read; the engine says what cannot be done.
    if (storageProblem(error).code !== 'disk_full') throw error
  } finally {
    if (probe !== null) rmSync(probe, { recursive: true, force: true })
  }
}
