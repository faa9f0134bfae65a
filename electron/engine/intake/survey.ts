import type { KnownFiles } from './known-files.ts'
import type { OpenedFile } from './opened-file.ts'

/** A walk whose files are read as soon as they are found: hands them on open, so that each is opened once. */
export interface Survey extends Pick<KnownFiles, 'keep'> {
  /** Takes over the handle. */
  leave(opened: OpenedFile): Promise<void>
  /** Hands the file over to who reads it; null when it was not left open. */
  take(path: string): OpenedFile | null
  /** Closes what nobody took, and whatever is left from now on. */
  close(): Promise<void>
}

export function createSurvey(known: KnownFiles): Survey {
  const files = new Map<string, OpenedFile>()
  let isClosed = false
  known.begin()
  return {
    keep: known.keep,
    leave: async opened => {
      if (isClosed) await opened.file.handle.close()
      else files.set(opened.path, opened)
    },
    take: path => {
      const opened = files.get(path) ?? null
      files.delete(path)
      return opened
    },
    close: async () => {
      isClosed = true
      const left = [...files.values()]
      files.clear()
      await Promise.all(left.map(({ file }) => file.handle.close()))
    },
  }
}
