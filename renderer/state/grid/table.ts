import { type AskedSort, type GridColumns, type GridDelta, gridDecisions, gridKinds } from '../../../shared/grid.ts'

/**
 * The columns of one batch as the window keeps them: longer than what is in them, so that a batch that is still being
 * read grows without copying at every delta. Changed in place; `GridState.tick` tells when.
 */
export interface Table {
  readonly batch: string
  revision: number
  /** How many assets there are; the columns may be longer. */
  length: number
  id: Float64Array
  outcome: Uint8Array
  decision: Uint8Array
  kind: Uint8Array
  flags: Uint8Array
  rules: Uint8Array
  label: Int32Array
  score: Uint8Array
  reason: Uint8Array
  folder: Uint32Array
  /** `unranked` until the columns are read again. */
  pathRank: Uint32Array
  screenedAt: Uint32Array
  /** Kept up to date only where `hasContent`. */
  content: Uint32Array
  contentRest: Uint32Array
  /** What it is sorted by that was asked for, as of then; positions that came since have none. */
  asked: { readonly by: AskedSort; readonly keys: Uint32Array } | null
  readonly hasContent: boolean
  /** 1 for what has the content of another asset; null while that has to be found out anew. */
  twins: Uint8Array | null
  folders: readonly string[]
}

/** Assets that came with a delta have no place in the order of paths yet: they sort last, in order of arrival. */
export const unranked = 0xffff_ffff
export const unknownScore = 255

export const undecided = gridDecisions.indexOf('undecided')
export const kindIndex = {
  image: gridKinds.indexOf('image'),
  text: gridKinds.indexOf('text'),
  document: gridKinds.indexOf('document'),
} as const

export function tableFrom(columns: GridColumns): Table {
  const { length } = columns.id
  return { ...columns, length, hasContent: columns.content.length === length, asked: null, twins: null }
}

/** Applies a delta in place. `stale` when one in between was missed: the columns have to be read again. */
export function applyDelta(table: Table, delta: GridDelta): 'applied' | 'old' | 'stale' {
  if (delta.batch !== table.batch || delta.revision <= table.revision) return 'old'
  if (delta.from > table.revision) return 'stale'
  let length = table.length
  for (const position of delta.position) length = Math.max(length, position + 1)
  if (length > table.id.length) grow(table, Math.max(length, Math.ceil(table.id.length * 1.5), 1024))
  if (length > table.length) table.pathRank.fill(unranked, table.length, length)
  table.length = length
  table.revision = delta.revision
  if (delta.folders.length > 0) table.folders = [...table.folders, ...delta.folders]
  for (const column of shared) scatter(table[column], delta.position, delta[column])
  if (table.hasContent) scatterContent(table, delta)
  return 'applied'
}

const shared = [
  'id',
  'outcome',
  'decision',
  'kind',
  'flags',
  'rules',
  'label',
  'score',
  'reason',
  'folder',
  'screenedAt',
] as const satisfies readonly (keyof Table & keyof GridDelta)[]

type Column = Float64Array | Uint8Array | Int32Array | Uint32Array

function scatter(into: Column, positions: Uint32Array, values: Column): void {
  for (let at = 0; at < positions.length; at += 1) into[positions[at] ?? 0] = values[at] ?? 0
}

function scatterContent(table: Table, delta: GridDelta): void {
  const { content, contentRest } = table
  for (const [at, position] of delta.position.entries()) {
    const [first = 0, rest = 0] = [delta.content[at], delta.contentRest[at]]
    if (content[position] === first && contentRest[position] === rest) continue
    content[position] = first
    contentRest[position] = rest
    table.twins = null
  }
}

function grow(table: Table, capacity: number): void {
  const longer = <C extends Column>(column: C, empty: C): C => {
    empty.set(column)
    return empty
  }
  table.id = longer(table.id, new Float64Array(capacity))
  table.outcome = longer(table.outcome, new Uint8Array(capacity))
  table.decision = longer(table.decision, new Uint8Array(capacity))
  table.kind = longer(table.kind, new Uint8Array(capacity))
  table.flags = longer(table.flags, new Uint8Array(capacity))
  table.rules = longer(table.rules, new Uint8Array(capacity))
  table.label = longer(table.label, new Int32Array(capacity))
  table.score = longer(table.score, new Uint8Array(capacity))
  table.reason = longer(table.reason, new Uint8Array(capacity))
  table.folder = longer(table.folder, new Uint32Array(capacity))
  table.pathRank = longer(table.pathRank, new Uint32Array(capacity))
  table.screenedAt = longer(table.screenedAt, new Uint32Array(capacity))
  if (!table.hasContent) return
  table.content = longer(table.content, new Uint32Array(capacity))
  table.contentRest = longer(table.contentRest, new Uint32Array(capacity))
}

/** Position of an asset, or -1. Ids rise in the order of discovery, so halving finds them. */
export function positionOf(table: Table, asset: number): number {
  let low = 0
  let high = table.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const id = table.id[middle] ?? 0
    if (id === asset) return middle
    if (id < asset) low = middle + 1
    else high = middle - 1
  }
  return -1
}
