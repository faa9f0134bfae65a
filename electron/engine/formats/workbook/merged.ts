import type { MergedCells } from '../tables/table.ts'

/**
 * Finds the block that a cell lies in. Blocks never overlap in a sheet that programs open, so the last one of a column that begins at
 * or above the row is the only one that can hold it; in a sheet where they do, a cell may be taken for an empty one.
 */
export function createMergedCells(references: readonly string[]): (row: number, column: number) => MergedCells | null {
  const byColumn = new Map<number, MergedCells[]>()
  let left = maxColumns
  for (const reference of references) {
    const block = blockOf(reference)
    if (block === null || block.lastColumn - block.firstColumn > widest || left <= 0) continue
    left -= block.lastColumn - block.firstColumn + 1
    for (let column = block.firstColumn; column <= block.lastColumn; column++) {
      const blocks = byColumn.get(column)
      if (blocks === undefined) byColumn.set(column, [block])
      else blocks.push(block)
    }
  }
  for (const blocks of byColumn.values()) blocks.sort((a, b) => a.firstRow - b.firstRow)
  return (row, column) => {
    const blocks = byColumn.get(column) ?? []
    let low = 0
    for (let high = blocks.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((blocks[middle]?.firstRow ?? Infinity) <= row) low = middle + 1
      else high = middle
    }
    const block = blocks[low - 1]
    return block !== undefined && row <= block.lastRow ? block : null
  }
}

/** Blocks over more columns are pages of design, and no cell of a table. */
const widest = 256
/** The most columns of all blocks together; beyond it covered cells are taken for empty ones. */
const maxColumns = 4_000_000

function blockOf(reference: string): MergedCells | null {
  const [, left = '', top = '', right = '', bottom = ''] =
    /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference) ?? []
  if (left === '') return null
  return {
    firstRow: Number(top),
    lastRow: Number(bottom),
    firstColumn: columnOf(left),
    lastColumn: columnOf(right),
  }
}

/** A is 0, Z is 25, AA is 26. */
export function columnOf(letters: string): number {
  let sum = 0
  for (const letter of letters) sum = sum * 26 + letter.charCodeAt(0) - 64
  return sum - 1
}
