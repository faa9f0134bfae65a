import { buildTrie, type Trie } from './trie.ts'

/**
 * All words that are looked for, as one automaton (Aho and Corasick 1975) in a double array (Aoe 1989): the step from a state by a unit of
 * code c leads to the place at the state's base + c, if that place says that it is that state's. 100,000 words are neither objects nor
 * pointers.
 */
export interface Automaton {
  /** Of each UTF-16 unit; 0 for those that are in no word. */
  readonly codes: Uint16Array
  /**
   * Four numbers a state, beside each other because they are read together: its base; the state that it is a step of; the next state among
   * it and those by which it fails where a word ends, 0 for none; and the state by which it fails, that of the longest end of what was read
   * that is still the beginning of a word.
   */
  readonly states: Int32Array
  /** The word that ends in a state, or -1. */
  readonly word: Int32Array
}

const fields = 4
const baseField = 0
const parentField = 1
const endingField = 2
const failField = 3

/** Where words end, in the order of the text: the word's number, and the unit behind it. The first `size` of each are filled. */
export interface Occurrences {
  words: Int32Array
  ends: Int32Array
  size: number
}

export function noOccurrences(): Occurrences {
  return { words: new Int32Array(256), ends: new Int32Array(256), size: 0 }
}

/** Of words that differ and have at least one unit each; a word's number is its place in the list. */
export function buildAutomaton(words: readonly string[]): Automaton {
  const trie = buildTrie(words)
  const { slots, states } = placed(trie)
  const word = new Int32Array(states.length / fields).fill(-1)
  const field = (state: number, name: number) => states[state * fields + name] as number
  // Nodes are in the order of their depth: a shorter one, by which a node fails, is done before it.
  for (let node = 0; node < trie.size; node++) {
    const state = slots[node] as number
    const parent = field(state, parentField)
    const code = state - field(parent, baseField)
    let failing = 0
    for (let from = parent; node > 0 && from !== 0; ) {
      from = field(from, failField)
      const step = field(from, baseField) + code
      if (field(step, parentField) === from) {
        failing = step
        break
      }
    }
    const ended = trie.word[node] as number
    word[state] = ended
    states[state * fields + failField] = failing
    states[state * fields + endingField] = ended >= 0 ? state : field(failing, endingField)
  }
  return { codes: trie.codes, states, word }
}

/**
 * Gives each node a place, those with the most steps first, while there is room, and those with one last, into the holes.
 */
function placed({ size, firstChild, children, code, alphabet }: Trie) {
  let room = size + alphabet + 2
  const slots = new Int32Array(size)
  let check = new Int32Array(room).fill(-1)
  const bases = new Int32Array(size)
  let top = 0
  const byChildren = Array.from({ length: size }, (_, node) => node)
    .filter(node => (children[node] as number) > 0)
    .sort((a, b) => (children[b] as number) - (children[a] as number))
  // Places before it are taken, or hardly ever fit.
  let hint = 1
  let misses = 0
  for (const node of byChildren) {
    const first = firstChild[node] as number
    const count = children[node] as number
    const [least, most] = extremes(code, first, count)
    let base = Math.max(1, hint - least)
    while (!fits(check, base, code, first, count)) {
      base += 1
      misses += 1
    }
    // Looking on from where much was in vain wastes a few places, and saves looking there again for each node.
    if (misses > 2000 && count > 1) {
      hint = base + least
      misses = 0
    }
    const last = base + most
    if (last >= room) {
      room = Math.max(room * 2, last + alphabet + 2)
      const longer = new Int32Array(room).fill(-1)
      longer.set(check)
      check = longer
    }
    bases[node] = base
    top = Math.max(top, last)
    for (let child = first; child < first + count; child++) {
      const slot = base + (code[child] as number)
      slots[child] = slot
      // Its parent's place is known at the end only.
      check[slot] = node
    }
    if (count === 1) {
      // From here on any free place fits.
      hint = slots[first] as number
    }
  }
  // So many that the step by any code from any state is within the array.
  const states = new Int32Array((top + alphabet + 2) * fields)
  for (let state = 0; state < states.length; state += fields) states[state + parentField] = -1
  for (let node = 0; node < size; node++) {
    const state = slots[node] as number
    states[state * fields + baseField] = bases[node] as number
    const first = firstChild[node] as number
    for (let child = first; child < first + (children[node] as number); child++) {
      states[(slots[child] as number) * fields + parentField] = state
    }
  }
  return { slots, states }
}

function extremes(code: Uint16Array, first: number, count: number): readonly [least: number, most: number] {
  let least = code[first] as number
  let most = least
  for (let child = first + 1; child < first + count; child++) {
    least = Math.min(least, code[child] as number)
    most = Math.max(most, code[child] as number)
  }
  return [least, most]
}

function fits(check: Int32Array, base: number, code: Uint16Array, first: number, count: number): boolean {
  for (let child = first; child < first + count; child++) {
    const slot = base + (code[child] as number)
    if (slot < check.length && check[slot] !== -1) return false
  }
  return true
}

/** Adds the occurrences of words in the units `from` to `to`. */
export function scan(
  { codes, states, word }: Automaton,
  units: Uint16Array,
  from: number,
  to: number,
  found: Occurrences,
): void {
  let { words, ends, size } = found
  let state = 0
  for (let at = from; at < to; at++) {
    const code = codes[units[at] as number] as number
    if (code === 0) {
      state = 0
      continue
    }
    let next = (states[state * fields] as number) + code
    while (states[next * fields + parentField] !== state) {
      if (state === 0) {
        next = 0
        break
      }
      state = states[state * fields + failField] as number
      next = (states[state * fields] as number) + code
    }
    state = next
    for (let end = states[state * fields + endingField] as number; end !== 0; ) {
      if (size === words.length) {
        words = twiceAsLong(words)
        ends = twiceAsLong(ends)
      }
      words[size] = word[end] as number
      ends[size] = at + 1
      size += 1
      end = states[(states[end * fields + failField] as number) * fields + endingField] as number
    }
  }
  found.words = words
  found.ends = ends
  found.size = size
}

function twiceAsLong(values: Int32Array): Int32Array {
  const longer = new Int32Array(values.length * 2)
  longer.set(values)
  return longer
}
