import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { link, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

type Piece = string | Uint8Array

export interface AtomicOptions {
  /** Permissions of a file that is new; the process's default when not given. */
  readonly mode?: number
  /** False for what may be lost when the machine goes down: the disk is not waited for. */
  readonly flush?: boolean
  readonly signal?: AbortSignal
}

/** Endings of what a killed process may leave beside a file. */
export const partialEnding = '.part'

/**
 * Writes `content` beside `file` and renames it once all of it is on the disk, so that neither a crash nor a full disk leaves half a
 * file under the final name. Rejects with the system's error, or with the signal's reason; nothing is left behind then.
 */
export async function writeFileAtomically(
  file: string,
  content: Piece | Iterable<Piece> | AsyncIterable<Piece>,
  options: AtomicOptions = {},
): Promise<void> {
  await writeBeside(file, content, options, partial => rename(partial, file))
}

/**
 * The same for a file that must never take another's place: the one that is there already, or that another process makes in the
 * same moment, stays. False then.
 */
export async function createFileAtomically(
  file: string,
  content: Piece,
  options: AtomicOptions = {},
): Promise<boolean> {
  try {
    // Unlike a rename, a link never replaces a file. A disk without links has to do with a rename.
    await writeBeside(file, content, options, async partial => {
      await link(partial, file).catch(error => {
        if (isErrorOf(error, 'EEXIST')) throw error
        return rename(partial, file)
      })
    })
    return true
  } catch (error) {
    if (isErrorOf(error, 'EEXIST')) return false
    throw error
  }
}

/** For callers that cannot wait. */
export function writeFileAtomicallySync(
  file: string,
  content: Piece,
  options: Omit<AtomicOptions, 'signal'> = {},
): void {
  const partial = partialOf(file)
  try {
    writeFileSync(partial, content, { flag: 'wx', flush: true, ...options })
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

async function writeBeside(
  file: string,
  content: Piece | Iterable<Piece> | AsyncIterable<Piece>,
  { signal, ...options }: AtomicOptions,
  giveName: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = partialOf(file)
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
  try {
    // The file is there before anything can go wrong: a stream that still opens it when it is given up makes it after it was removed.
    await using handle = await open(partial, 'wx', options.mode)
    await pipeline(
      pieces,
      handle.createWriteStream({ flush: options.flush ?? true }),
      signal === undefined ? {} : { signal },
    )
    await giveName(partial)
  } finally {
    await rm(partial, { force: true }).catch(() => undefined)
  }
}

/** Most file systems take 255 bytes or UTF-16 units. */
const longestName = 255

/** A name that two writers of one file never share. A file's own name may be as long as names can be: its end is left out then. */
function partialOf(file: string): string {
  const ending = `.${randomBytes(4).toString('hex')}${partialEnding}`
  const name = basename(file)
  if (Buffer.byteLength(name) + ending.length <= longestName) return file + ending
  return join(
    dirname(file),
    Buffer.from(name)
      .subarray(0, longestName - ending.length - 3)
      .toString() + ending,
  )
}

function isErrorOf(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
