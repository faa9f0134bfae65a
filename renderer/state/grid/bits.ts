/** A set of positions, one bit each: a selection of a million assets is 125 kB. Never changed in place. */
export interface Bits {
  readonly words: Uint32Array
  readonly count: number
}

export const noBits: Bits = { words: new Uint32Array(0), count: 0 }

export const hasBit = (bits: Bits, position: number): boolean =>
  (((bits.words[position >>> 5] ?? 0) >>> (position & 31)) & 1) === 1

/** The set with all of `positions` in it, or out of it. */
export function withBits(bits: Bits, positions: Iterable<number>, present: 'in' | 'out'): Bits {
  let words = Uint32Array.from(bits.words)
  let count = bits.count
  for (const position of positions) {
    const word = position >>> 5
    if (word >= words.length) {
      if (present === 'out') continue
      const longer = new Uint32Array(Math.max(word + 1, words.length * 2, 32))
      longer.set(words)
      words = longer
    }
    const before = words[word] ?? 0
    const bit = (1 << (position & 31)) >>> 0
    const after = present === 'in' ? (before | bit) >>> 0 : (before & ~bit) >>> 0
    if (after === before) continue
    words[word] = after
    count += present === 'in' ? 1 : -1
  }
  return { words, count }
}

export const bitsOf = (positions: Iterable<number>): Bits => withBits(noBits, positions, 'in')

/** The positions in the set, rising. */
export function positionsIn(bits: Bits): Uint32Array {
  const positions = new Uint32Array(bits.count)
  let at = 0
  for (let word = 0; word < bits.words.length; word += 1) {
    let rest = bits.words[word] ?? 0
    while (rest !== 0) {
      const low = 31 - Math.clz32(rest & -rest)
      positions[at] = word * 32 + low
      at += 1
      rest = (rest & (rest - 1)) >>> 0
    }
  }
  return positions
}
