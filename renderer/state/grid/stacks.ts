import { gridFlags } from '../../../shared/grid.ts'
import { type Bits, hasBit } from './bits.ts'
import type { Table } from './table.ts'

/**
 * Assets that are the same, shown as one: the same bytes under the same reading, judged and decided in the same way. What comes to
 * differ is a stack's no more, so that nothing is hidden under another's verdict. Columns by position, as everything of the grid.
 */
export interface Stacks {
  /** How many assets the grid shows, whether they lie in stacks or not. */
  readonly assets: number
  /** By position: how many assets its cell stands for; 0 for what stands for itself alone, or in none. */
  readonly size: Uint32Array
  /** By position: 1 + the position of the next in its stack; 0 after the last. */
  readonly next: Uint32Array
  /** By position: 1 for what is of a stack that is laid out. */
  readonly isLaidOut: Uint8Array
}

/** What a person sees of an asset besides its name and folder; that a verdict was reused, or came by tiles, says nothing else of it. */
const seenFlags = 0xff & ~(gridFlags.reused | gridFlags.tiled)

/** Whether two assets that are judged are the same. */
export const isSame = (table: Table, a: number, b: number): boolean =>
  table.content[a] === table.content[b] &&
  table.contentRest[a] === table.contentRest[b] &&
  table.content[a] !== 0 &&
  table.outcome[a] === table.outcome[b] &&
  table.decision[a] === table.decision[b] &&
  table.kind[a] === table.kind[b] &&
  table.rules[a] === table.rules[b] &&
  table.label[a] === table.label[b] &&
  table.score[a] === table.score[b] &&
  table.reason[a] === table.reason[b] &&
  (((table.flags[a] ?? 0) ^ (table.flags[b] ?? 0)) & seenFlags) === 0

/** Shows stacks as their first, and those that are laid out as all of theirs behind one another. Costs nothing where nothing is the same. */
export function fold(
  table: Table,
  shown: Uint32Array,
  { laidOut, selected }: { readonly laidOut: Bits; readonly selected: Bits },
): { readonly order: Uint32Array; readonly stacks: Stacks | null } {
  table.twins ??= twinsOf(table)
  const { twins } = table
  const found = shown.reduce((count, position) => count + (twins[position] ?? 0), 0)
  if (found < 2) return { order: shown, stacks: null }
  const size = new Uint32Array(table.length)
  const next = new Uint32Array(table.length)
  const last = new Uint32Array(table.length)
  const firsts = new Uint32Array(slotsFor(found))
  // One that is half selected would be half decided on.
  const isAsChosen = (a: number, b: number) =>
    hasBit(selected, a) === hasBit(selected, b) && hasBit(laidOut, a) === hasBit(laidOut, b)
  let isAny = false
  for (const position of shown) {
    if (twins[position] !== 1) continue
    const first = firstOf(firsts, table, position, isAsChosen)
    if (first !== position) {
      next[last[first] ?? 0] = position + 1
      isAny = true
    }
    last[first] = position
    size[first] = (size[first] ?? 0) + 1
  }
  if (!isAny) return { order: shown, stacks: null }
  const isLaidOut = new Uint8Array(table.length)
  const order = orderOf(shown, laidOut, twins, { size, next, isLaidOut })
  return { order, stacks: { assets: shown.length, size, next, isLaidOut } }
}

/** Leaves out what lies below another, and brings together what is laid out. */
function orderOf(
  shown: Uint32Array,
  laidOut: Bits,
  twins: Uint8Array,
  { size, next, isLaidOut }: Omit<Stacks, 'assets'>,
): Uint32Array {
  const order = new Uint32Array(shown.length)
  let count = 0
  for (const position of shown) {
    const many = twins[position] === 1 ? (size[position] ?? 0) : 1
    // Below another, or laid out with it already.
    if (many === 0) continue
    order[count] = position
    count += 1
    if (many > 1 && !hasBit(laidOut, position)) continue
    size[position] = 0
    if (many === 1) continue
    isLaidOut[position] = 1
    for (let member = next[position] ?? 0; member !== 0; member = next[member - 1] ?? 0) {
      order[count] = member - 1
      isLaidOut[member - 1] = 1
      count += 1
    }
  }
  return order.slice(0, count)
}

/** By position: 1 for what has the content of another asset. Some 30 ms for a million assets. */
function twinsOf(table: Table): Uint8Array {
  const { content, contentRest, length } = table
  const twins = new Uint8Array(length)
  const firsts = new Uint32Array(slotsFor(length))
  const mask = firsts.length - 1
  for (let position = 0; position < length; position += 1) {
    const mark = content[position] ?? 0
    if (mark === 0) continue
    const rest = contentRest[position]
    for (let slot = mark & mask; ; slot = (slot + 1) & mask) {
      const first = (firsts[slot] ?? 0) - 1
      if (first === -1) {
        firsts[slot] = position + 1
        break
      }
      if (content[first] !== mark || contentRest[first] !== rest) continue
      twins[first] = 1
      twins[position] = 1
      break
    }
  }
  return twins
}

/** A table that is at most half full. */
const slotsFor = (count: number): number => 2 ** Math.ceil(Math.log2(2 * Math.max(count, 1)))

/** The first that is the same as `position`, which it may be itself. */
function firstOf(
  firsts: Uint32Array,
  table: Table,
  position: number,
  isWith: (first: number, position: number) => boolean,
): number {
  const mask = firsts.length - 1
  for (let slot = (table.content[position] ?? 0) & mask; ; slot = (slot + 1) & mask) {
    const first = (firsts[slot] ?? 0) - 1
    if (first === -1) {
      firsts[slot] = position + 1
      return position
    }
    if (isSame(table, first, position) && isWith(first, position)) return first
  }
}

/** How many assets the cell at a position stands for. */
export const sizeAt = (stacks: Stacks | null, position: number): number => stacks?.size[position] || 1

/**
 * All that the cell at a position stands for. Looked at anew: what has come to differ since the stack was made is not the same any more,
 * whatever is drawn yet.
 */
export function membersAt(table: Table, stacks: Stacks | null, position: number): readonly number[] {
  if (stacks === null || sizeAt(stacks, position) === 1) return [position]
  const members = [position]
  for (let member = stacks.next[position] ?? 0; member !== 0; member = stacks.next[member - 1] ?? 0)
    if (isSame(table, position, member - 1)) members.push(member - 1)
  return members
}

/** All that these cells stand for, in the order shown. */
export function unfolded(table: Table, stacks: Stacks | null, order: Uint32Array): Uint32Array {
  if (stacks === null) return order
  const all = new Uint32Array(stacks.assets)
  let count = 0
  for (const position of order) {
    all[count] = position
    count += 1
    if (sizeAt(stacks, position) === 1) continue
    for (const member of membersAt(table, stacks, position).slice(1)) {
      all[count] = member
      count += 1
    }
  }
  return all.slice(0, count)
}
