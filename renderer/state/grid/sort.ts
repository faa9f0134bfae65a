import { type Table, unknownScore } from './table.ts'

export const sortKeys = ['risk', 'confidence', 'path', 'time'] as const
export type SortKey = (typeof sortKeys)[number]

export interface Sort {
  readonly by: SortKey
  /** Risk, confidence and time begin with the highest, paths with the first letter; `reversed` turns that round. */
  readonly reversed: boolean
}

export const byRisk: Sort = { by: 'risk', reversed: false }

/** Puts positions in order; equal ones stay in the order of discovery. */
export function sorted(table: Table, positions: Uint32Array, sort: Sort): Uint32Array {
  const key = keyFor(table, sort.by)
  const keys = new Uint32Array(positions.length)
  for (let at = 0; at < positions.length; at += 1) keys[at] = key(positions[at] ?? 0)
  // Keys rise with what comes last, so descending orders are turned here and the sort stays stable either way.
  const descending = (sort.by !== 'path') !== sort.reversed
  if (descending) for (let at = 0; at < keys.length; at += 1) keys[at] = ~(keys[at] ?? 0) >>> 0
  return radixSorted(positions, keys)
}

/** How urgent an asset is: the higher, the earlier it comes by risk. */
export const urgencyOf = (table: Table): ((position: number) => number) => keyFor(table, 'risk')

function keyFor(table: Table, by: SortKey): (position: number) => number {
  switch (by) {
    case 'risk':
      // Equal outcomes by confidence; what has no confidence comes after what has.
      return position => ((table.outcome[position] ?? 0) << 8) | scoreRank(table.score[position])
    case 'confidence':
      return position => scoreRank(table.score[position])
    case 'path':
      return position => table.pathRank[position] ?? 0
    case 'time':
      return position => table.screenedAt[position] ?? 0
  }
}

const scoreRank = (score: number | undefined): number => (score === undefined || score === unknownScore ? 0 : score + 1)

/** Least significant digit first, 11 bits at a time; digits that are the same everywhere cost nothing. */
function radixSorted(positions: Uint32Array, keys: Uint32Array): Uint32Array {
  let values = positions
  let order = keys
  for (const shift of [0, 11, 22]) {
    const starts = new Uint32Array(2049)
    for (const key of order) {
      const digit = ((key >>> shift) & 2047) + 1
      starts[digit] = (starts[digit] ?? 0) + 1
    }
    if (starts.includes(order.length)) continue
    for (let digit = 1; digit < starts.length; digit += 1) {
      starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0)
    }
    const nextValues = new Uint32Array(values.length)
    const nextOrder = new Uint32Array(order.length)
    for (let at = 0; at < order.length; at += 1) {
      const key = order[at] ?? 0
      const digit = (key >>> shift) & 2047
      const to = starts[digit] ?? 0
      starts[digit] = to + 1
      nextValues[to] = values[at] ?? 0
      nextOrder[to] = key
    }
    values = nextValues
    order = nextOrder
  }
  return values
}
