/** Encodings of texts that are read, as `TextDecoder` names them; `gb18030` includes GBK and GB2312. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'big5'] as const
export type Encoding = (typeof encodings)[number]

/** The encoding of a text that was read, as it is stored and shown: whether its bytes made it certain, or somebody said so. */
export type EncodingSaid = Encoding | `${Encoding} (stated)`

/** What somebody says that the texts at a path are in, a file or a folder, or with null all; it counts where their bytes leave it open. */
export interface StatedEncoding {
  readonly path: string | null
  readonly encoding: Encoding
}

/** The nearest that was stated; `path` is absolute, through the archives that a file lies in. */
export function encodingStatedFor(path: string | null, stated: readonly StatedEncoding[]): Encoding | null {
  const length = (each: StatedEncoding) => each.path?.length ?? -1
  const fitting = stated.filter(each => each.path === null || (path !== null && isWithin(path, each.path)))
  return fitting.toSorted((one, other) => length(other) - length(one))[0]?.encoding ?? null
}

function isWithin(path: string, folder: string): boolean {
  return (
    path === folder || (path.startsWith(folder) && (/[/\\]$/.test(folder) || /^[/\\]/.test(path.slice(folder.length))))
  )
}
