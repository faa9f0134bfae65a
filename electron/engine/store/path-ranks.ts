/** Gathers paths one by one, and tells the place of each in the order of their bytes: equal ones in the order in which they came. */
export interface PathRanks {
  add(path: string): void
  ranks(): Uint32Array
}

interface Folder {
  readonly folders: Map<string, Folder>
  /** Places in the order of coming of what lies directly in it. */
  readonly files: number[]
}

/**
 * Folder by folder, because those of one folder are few, and mostly come in order: sorting a million paths at once takes seconds.
 */
export function createPathRanks(): PathRanks {
  const paths: string[] = []
  const root = emptyFolder()
  let lastPrefix = ''
  let last = root

  const folderAt = (prefix: string): Folder => {
    let folder = root
    // Before the slash at its end; the root has none.
    for (const segment of prefix === '' ? [] : prefix.slice(0, -1).split('/')) {
      const known = folder.folders.get(segment) ?? emptyFolder()
      folder.folders.set(segment, known)
      folder = known
    }
    return folder
  }

  return {
    add: path => {
      const end = path.lastIndexOf('/') + 1
      if (end !== lastPrefix.length || !path.startsWith(lastPrefix)) {
        lastPrefix = path.slice(0, end)
        last = folderAt(lastPrefix)
      }
      last.files.push(paths.length)
      paths.push(path)
    },
    ranks: () => {
      const ranks = new Uint32Array(paths.length)
      let rank = 0
      const number = ({ files, folders }: Folder, prefix: string): void => {
        const inOrder = sortedFiles(files, paths)
        // With its slash a folder stands among the files as its contents do.
        const below = [...folders].map(([segment, folder]) => ({ path: `${prefix}${segment}/`, folder }))
        below.sort((a, b) => compareBytes(a.path, b.path))
        let at = 0
        for (const { path, folder } of below) {
          while (at < inOrder.length && compareBytes(paths[inOrder[at] ?? 0] ?? '', path) < 0) {
            ranks[inOrder[at] ?? 0] = rank
            rank += 1
            at += 1
          }
          number(folder, path)
        }
        for (; at < inOrder.length; at += 1) {
          ranks[inOrder[at] ?? 0] = rank
          rank += 1
        }
      }
      number(root, '')
      return ranks
    },
  }
}

const emptyFolder = (): Folder => ({ folders: new Map(), files: [] })

function sortedFiles(files: readonly number[], paths: readonly string[]): readonly number[] {
  const pathOf = (file: number) => paths[file] ?? ''
  let isInOrder = true
  let areUnitsEnough = true
  let before = ''
  for (const file of files) {
    const path = pathOf(file)
    if (path < before) isInOrder = false
    if (halves.test(path)) areUnitsEnough = false
    before = path
  }
  if (!areUnitsEnough) return files.toSorted((a, b) => compareBytes(pathOf(a), pathOf(b)))
  return isInOrder ? files : files.toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : pathOf(a) > pathOf(b) ? 1 : 0))
}

/** Halves of pairs: among them and what comes after them, UTF-16 has another order than UTF-8. */
const halves = /[\ud800-\udfff]/

/** As SQLite compares texts: by the bytes of UTF-8, which is by code points. */
function compareBytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at += 1) {
    const unitA = a.charCodeAt(at)
    const unitB = b.charCodeAt(at)
    if (unitA !== unitB) return weightOf(unitA) - weightOf(unitB)
  }
  return a.length - b.length
}

/** Halves of pairs stand for code points above all others. */
const weightOf = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)
