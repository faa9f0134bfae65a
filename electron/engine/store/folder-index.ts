/** Numbers for folders in the order in which they are met; one per open grid. */
export interface FolderIndex {
  readonly names: string[]
  numberOf(path: string): number
}

export function createFolderIndex(): FolderIndex {
  const numbers = new Map<string, number>([['', 0]])
  const names = ['']
  return {
    names,
    numberOf: path => {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
      const known = numbers.get(folder)
      if (known !== undefined) return known
      numbers.set(folder, names.length)
      names.push(folder)
      return names.length - 1
    },
  }
}
