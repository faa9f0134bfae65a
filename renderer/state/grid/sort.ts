import { type AskedSort, askedSorts } from '../../../shared/grid.ts'
import { type Table, unknownScore } from './table.ts'

export const sortKeys = [
  'risk',
  'confidence',
  'name',
  'path',
  'folder',
  'size',
  'time',
  'label',
  'decision',
  'rule',
] as const
export type SortKey = (typeof sortKeys)[number]

export interface Sort {
  readonly by: SortKey
  /** Risk, confidence, size, time and rules begin with the highest, the others with the first; `reversed` turns that round. */
  readonly reversed: boolean
}

export const byRisk: Sort = { by: 'risk', reversed: false }

/** Puts positions in order; equal ones stay in the order of discovery. */
export function sorted(table: Table, positions: Uint32Array, sort: Sort): Uint32Array {
  const key = keyFor(table, sort.by)
  const keys = new Uint32Array(positions.length)
  for (let at = 0; at < positions.length; at += 1) keys[at] = key(positions[at] ?? 0)
  // Keys rise with what comes last, so descending orders are turned here and the sort stays stable either way.
  if (isDescending(sort)) for (let at = 0; at < keys.length; at += 1) keys[at] = ~(keys[at] ?? 0) >>> 0
  return radixSorted(positions, keys)
}

const highestFirst: ReadonlySet<SortKey> = new Set(['risk', 'confidence', 'size', 'time', 'rule'])
export const isDescending = ({ by, reversed }: Sort): boolean => highestFirst.has(by) !== reversed

/** Null for what the columns themselves hold. */
export const askedSortOf = ({ by }: Sort): AskedSort | null => askedSorts.find(asked => asked === by) ?? null

/** By this, or the other way round where it is sorted so already. */
export const sortedBy = (sort: Sort, by: SortKey): Sort => ({ by, reversed: sort.by === by && !sort.reversed })

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
    case 'name': {
      const keys = askedKeys(table, by)
      // What came since comes last, as a path does.
      return position => keys?.[position] ?? last
    }
    case 'size': {
      const keys = askedKeys(table, by)
      return position => keys?.[position] ?? 0
    }
    case 'time':
      return position => table.screenedAt[position] ?? 0
    case 'label':
      // What has none comes after what has one.
      return position => (table.label[position] || last) >>> 0
    case 'decision':
      return position => table.decision[position] ?? 0
    case 'rule':
      return position => table.rules[position] ?? 0
    case 'folder': {
      const ranks = ranksOf(table.folders)
      return position => ranks[table.folder[position] ?? 0] ?? last
    }
  }
}

const last = 0xffff_ffff

const askedKeys = ({ asked }: Table, by: AskedSort): Uint32Array | null => (asked?.by === by ? asked.keys : null)

function ranksOf(folders: readonly string[]): Uint32Array {
  const ranks = new Uint32Array(folders.length)
  const ordered = folders.map((_, at) => at).sort((a, b) => ((folders[a] ?? '') < (folders[b] ?? '') ? -1 : 1))
  for (const [rank, at] of ordered.entries()) ranks[at] = rank
  return ranks
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
