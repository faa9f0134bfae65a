/** Words by their beginnings, in flat arrays: nodes by depth, the children of a node beside each other. Node 0 is the root. */
export interface Trie {
  readonly size: number
  /** Of each UTF-16 unit; 0 for those that are in no word. Frequent units have small codes. */
  readonly codes: Uint16Array
  readonly alphabet: number
  /** The code that leads to a node. */
  readonly code: Uint16Array
  readonly firstChild: Int32Array
  readonly children: Int32Array
  /** The word that ends in a node, or -1. */
  readonly word: Int32Array
}

export function buildTrie(words: readonly string[]): Trie {
  const { codes, alphabet } = codesByFrequency(words)
  const order = sortedOrder(words)
  const most = words.reduce((sum, word) => sum + word.length, 1)
  const code = new Uint16Array(most)
  const firstChild = new Int32Array(most)
  const children = new Int32Array(most)
  const word = new Int32Array(most).fill(-1)
  // Which of the sorted words pass through a node.
  const low = new Int32Array(most)
  const high = new Int32Array(most)
  high[0] = order.length
  let size = 1
  let depth = 0
  for (let from = 0, to = 1; from < to; depth++) {
    for (let node = from; node < to; node++) {
      let at = low[node] as number
      const end = high[node] as number
      if (at < end && words[order[at] as number]?.length === depth) {
        word[node] = order[at] as number
        at += 1
      }
      firstChild[node] = size
      while (at < end) {
        const unit = (words[order[at] as number] as string).charCodeAt(depth)
        low[size] = at
        while (at < end && (words[order[at] as number] as string).charCodeAt(depth) === unit) at += 1
        high[size] = at
        code[size] = codes[unit] as number
        size += 1
      }
      children[node] = size - (firstChild[node] as number)
    }
    from = to
    to = size
  }
  return { size, codes, alphabet, code, firstChild, children, word }
}

/** Numbers of the words, sorted by their units. */
function sortedOrder(words: readonly string[]): Uint32Array {
  const numbers = new Map(words.map((word, number) => [word, number]))
  // Without a function to compare by, which is called two million times for a hundred thousand words.
  return Uint32Array.from([...words].sort(), word => numbers.get(word) as number)
}

function codesByFrequency(words: readonly string[]): { codes: Uint16Array; alphabet: number } {
  const counts = new Uint32Array(0x10000)
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      const unit = word.charCodeAt(at)
      counts[unit] = (counts[unit] as number) + 1
    }
  }
  const used: number[] = []
  counts.forEach((count, unit) => {
    if (count > 0) used.push(unit)
  })
  used.sort((a, b) => (counts[b] as number) - (counts[a] as number))
  const codes = new Uint16Array(0x10000)
  used.forEach((unit, index) => {
    codes[unit] = index + 1
  })
  return { codes, alphabet: used.length }
}
