/** The folders of a batch as a tree, and what of it is shown as rows. */

export interface Folder {
  /** As the assets have it: `双十一/主图`. */
  readonly path: string
  /** Its last part. */
  readonly name: string
  /** Assets in it and below. */
  readonly count: number
  readonly children: readonly Folder[]
}

interface Growing {
  readonly path: string
  readonly name: string
  count: number
  readonly children: Map<string, Growing>
}

/** `counts`: how many assets lie directly in each folder; folders that only hold others are found by the way to those. */
export function folderTree(counts: ReadonlyMap<string, number>): readonly Folder[] {
  const root: Growing = { path: '', name: '', count: 0, children: new Map() }
  for (const [path, count] of counts) {
    if (path === '') continue
    let at = root
    for (const name of path.split('/')) {
      let child = at.children.get(name)
      if (child === undefined) {
        child = { path: at === root ? name : `${at.path}/${name}`, name, count: 0, children: new Map() }
        at.children.set(name, child)
      }
      child.count += count
      at = child
    }
  }
  return grown(root)
}

const order = new Intl.Collator('zh', { numeric: true })

const grown = ({ children }: Growing): readonly Folder[] =>
  [...children.values()]
    .map(child => ({ path: child.path, name: child.name, count: child.count, children: grown(child) }))
    .sort((a, b) => order.compare(a.name, b.name))

export interface FolderRow {
  readonly folder: Folder
  /** From 1. */
  readonly level: number
  /** Null for one without folders in it. */
  readonly isOpen: boolean | null
  /** Its place among those of the same folder, from 1, and how many these are. */
  readonly place: number
  readonly siblings: number
}

/** The rows in view of which folders are open, from top to bottom. */
export function folderRows(folders: readonly Folder[], open: ReadonlySet<string>, level = 1): readonly FolderRow[] {
  return folders.flatMap((folder, at) => {
    const isOpen = folder.children.length === 0 ? null : open.has(folder.path)
    const row = { folder, level, isOpen, place: at + 1, siblings: folders.length }
    return isOpen === true ? [row, ...folderRows(folder.children, open, level + 1)] : [row]
  })
}

/** What a key does in the tree: goes to a row, opens or closes a folder, or chooses it; null for nothing. */
export type TreeStep =
  | { readonly to: number }
  | { readonly toggle: string }
  | { readonly openAll: readonly string[] }
  | { readonly choose: string }

/** The pattern of https://www.w3.org/WAI/ARIA/apg/patterns/treeview/. */
export function treeStep(rows: readonly FolderRow[], at: number, key: string): TreeStep | null {
  const row = rows[at]
  if (row === undefined) return null
  const { folder, level, isOpen } = row
  const go = (to: number): TreeStep | null => (to === at || rows[to] === undefined ? null : { to })
  switch (key) {
    case 'ArrowDown':
      return go(at + 1)
    case 'ArrowUp':
      return go(at - 1)
    case 'Home':
      return go(0)
    case 'End':
      return go(rows.length - 1)
    case 'ArrowRight':
      if (isOpen === null) return null
      return isOpen ? go(at + 1) : { toggle: folder.path }
    case 'ArrowLeft':
      if (isOpen === true) return { toggle: folder.path }
      return go(rows.findLastIndex((other, index) => index < at && other.level === level - 1))
    case '*':
      return { openAll: siblingsOf(rows, at) }
    case 'Enter':
    case ' ':
      return { choose: folder.path }
    default:
      return null
  }
}

/** Those beside it that have folders in them. */
function siblingsOf(rows: readonly FolderRow[], at: number): readonly string[] {
  const level = rows[at]?.level
  const above = (index: number) => (rows[index]?.level ?? 0) < (level ?? 0)
  let from = at
  while (from > 0 && !above(from - 1)) from -= 1
  let to = at
  while (to + 1 < rows.length && !above(to + 1)) to += 1
  return rows.slice(from, to + 1).flatMap(row => (row.level === level && row.isOpen !== null ? [row.folder.path] : []))
}

/** The folders on the way to one, outermost first. */
export function foldersAbove(path: string): readonly string[] {
  const names = path.split('/')
  return names.slice(0, -1).map((_, at) => names.slice(0, at + 1).join('/'))
}
