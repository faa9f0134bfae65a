/** Numbers for folders in the order in which they are met; one per open grid. */
export interface FolderIndex {
  readonly names: string[]
  numberOf(path: string): number
}

export function createFolderIndex(): FolderIndex {
  const numbers = new Map<string, number>([['', 0]])
  const names = ['']
  // Neighbours mostly lie in one folder, which is then not looked up.
  let last = ''
  let lastNumber = 0
  return {
    names,
    numberOf: path => {
      const end = Math.max(0, path.lastIndexOf('/'))
      if (end === last.length && path.startsWith(last)) return lastNumber
      last = path.slice(0, end)
      lastNumber = numbers.get(last) ?? names.length
      if (lastNumber === names.length) {
        numbers.set(last, lastNumber)
        names.push(last)
      }
      return lastNumber
    },
  }
}
