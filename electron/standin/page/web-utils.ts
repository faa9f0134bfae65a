/**
 * `webUtils`: the path is asked for while the page stands still, because the call is synchronous. Files are asked about
 * in blocks of `pathsAtOnce`. Self-contained (see script.ts).
 */
export function createWebUtils(pathsAtOnce: number) {
  const paths = new WeakMap<File, string>()
  const __electronFilePaths = (drop: string, files: readonly File[], block: number): readonly string[] => {
    // Written by the debugger; a constant would be optimised away.
    let found: readonly string[] = [drop, String(block), String(files.length)]
    // biome-ignore lint/suspicious/noDebugger: this is the question (see ../file-paths.ts).
    debugger
    found = Array.from(found)
    return found
  }
  const askForPaths = (drop: string, files: readonly File[], block: number): void => {
    const asked = files.slice(block * pathsAtOnce, (block + 1) * pathsAtOnce)
    const found = __electronFilePaths(drop, files, block)
    // Not answered: then it has none, rather than one that may be wrong.
    for (const [index, file] of asked.entries())
      paths.set(file, found.length === asked.length ? (found[index] ?? '') : '')
  }
  const nothing: readonly File[] = []
  let given = { drop: '', files: nothing, next: 0 }
  const keepFiles = (event: Event): void => {
    const { target } = event
    const files =
      event instanceof DragEvent
        ? event.dataTransfer?.files
        : event instanceof ClipboardEvent
          ? event.clipboardData?.files
          : target instanceof HTMLInputElement
            ? target.files
            : null
    if (files != null && files.length > 0) given = { drop: crypto.randomUUID(), files: Array.from(files), next: 0 }
  }
  for (const name of ['drop', 'paste', 'change']) addEventListener(name, keepFiles, { capture: true })
  return {
    getPathForFile(file: unknown): string {
      if (!(file instanceof File)) throw new TypeError('getPathForFile needs a File')
      if (!paths.has(file)) {
        const { drop, files, next } = given
        const at = files.indexOf(file, next)
        const block = Math.floor(at / pathsAtOnce)
        if (at === -1) askForPaths(crypto.randomUUID(), [file], 0)
        else askForPaths(drop, files, block)
        // They are kept no longer than they are of use.
        if (at !== -1) given = { drop, files, next: (block + 1) * pathsAtOnce }
        if (given.next >= given.files.length) given = { drop: '', files: nothing, next: 0 }
      }
      return paths.get(file) ?? ''
    },
  }
}
