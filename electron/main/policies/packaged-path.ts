import { sep } from 'node:path'

/** Where a file really lies when the application is an archive: what a child process reads is kept beside it. */
export function unpacked(path: string): string {
  return path.replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`)
}
