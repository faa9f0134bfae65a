import { isAbsolute, resolve } from 'node:path'

/** What a process was started with. */
export interface Invocation {
  /** Files and folders to open, absolute. */
  readonly files: readonly string[]
  readonly dataDir: string | null
}

/**
 * Reads a command line. The first argument is the program, and in development the second is the application's folder;
 * `--data-dir DIR` is ours, other options belong to Electron or Chromium.
 */
export function readInvocation(argv: readonly string[], cwd: string, isPackaged: boolean): Invocation {
  const files: string[] = []
  let dataDir: string | null = null
  const rest = argv.slice(isPackaged ? 1 : 2)
  for (let index = 0; index < rest.length; index += 1) {
    const argument = rest[index] ?? ''
    if (argument === '--data-dir') {
      index += 1
      const value = rest[index]
      if (value !== undefined && value !== '') dataDir = resolve(cwd, value)
    } else if (argument.startsWith('--data-dir=')) {
      const value = argument.slice('--data-dir='.length)
      if (value !== '') dataDir = resolve(cwd, value)
    } else if (argument !== '' && !argument.startsWith('-')) {
      files.push(resolve(cwd, argument))
    }
  }
  return { files, dataDir }
}

/** Whether a path that came over IPC can be meant: it is checked again when it is read. */
export function isPlausiblePath(path: string): boolean {
  // Device paths such as \\.\PhysicalDrive0 are absolute, but no material.
  return isAbsolute(path) && !path.includes('\0') && !/^[\\/]{2}[.?][\\/]/.test(path)
}
