import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isLocked, takeLock } from '../base/file-lock.ts'

/** Names a running program beside the batches that it screens, so that another one on the same data folder leaves them alone. */
export interface Owner {
  readonly name: string
  /** Whether the program of that name still runs; a process number says nothing, the system gives it out again. */
  isAlive(name: string): boolean
  close(): void
}

/** Whether the program of that name still runs on this data folder. */
export function aliveIn(dataDir: string): (name: string) => boolean {
  return name => isLocked(lockFileOf(dataDir, name))
}

export function createOwner(dataDir: string, id: string): Owner {
  const folder = join(dataDir, 'running')
  // The process number is for people to read.
  const name = `${process.pid}:${id}`
  const isAlive = aliveIn(dataDir)
  const lock = takeLock(lockFileOf(dataDir, name))
  sweep(folder)
  return {
    name,
    isAlive: other => other === name || isAlive(other),
    close: () => {
      if (typeof lock !== 'object') return
      lock.release()
      rmSync(lockFileOf(dataDir, name), { force: true })
    },
  }
}

function lockFileOf(dataDir: string, name: string): string {
  return join(dataDir, 'running', `${name.slice(name.indexOf(':') + 1)}.lock`)
}

/** Where this program unpacks archives to, and nobody else; what programs that were killed have left is removed. */
export function unpackedFolder(dataDir: string, owner: Owner): string {
  const all = join(dataDir, 'unpacked')
  const folderOf = (name: string) => join(all, name.slice(name.indexOf(':') + 1))
  try {
    for (const name of readdirSync(all)) if (!owner.isAlive(`:${name}`)) rmSync(folderOf(name), { recursive: true })
  } catch {
    // Another program was faster, or there is no such folder; nothing depends on it.
  }
  return folderOf(owner.name)
}

const beginsWithinMs = 60_000

/** Programs that were killed have left theirs. */
function sweep(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name)
      // One that is just beginning has its file a moment before it has the lock.
      if (Date.now() - statSync(file).mtimeMs > beginsWithinMs && !isLocked(file)) rmSync(file)
    }
  } catch {
    // Another program was faster, or there is no such folder; nothing depends on it.
  }
}
