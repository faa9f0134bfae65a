/**
 * All words that are looked for, as one automaton (Aho and Corasick 1975) in a double array (Aoe 1989): the step from `state` by a unit of
 * code c is `base[state] + c`, if `check` says that it is that state's. Everything lies in a few flat arrays, so that 100,000 words are
 * neither objects nor pointers.
 */
export interface Automaton {
  /** Of each UTF-16 unit; 0 for those that are in no word. */
  readonly codes: Uint16Array
  readonly base: Int32Array
  readonly check: Int32Array
  /** The state of the longest end of what was read that is still the beginning of a word. */
  readonly fail: Int32Array
  /** The word that ends in a state, or -1. */
  readonly word: Int32Array
  /** The next state among this one and those by which it fails where a word ends; 0 for none. */
  readonly ending: Int32Array
}

/** Of words that differ and have at least one unit each; a word's number is its place in the list. */
export function buildAutomaton(words: readonly string[]): Automaton {
  const codes = codesByFrequency(words)
  const slots = slotsFor(words, codes)
  const order = words.map((_, index) => index).sort((a, b) => compare(words[a] ?? '', words[b] ?? ''))
  // One level of the trie after the other: by then all shorter beginnings, by which a state fails, have their places.
  let level: Span[] = [{ low: 0, high: order.length, state: 0 }]
  for (let depth = 0; level.length > 0; depth++) {
    const next: Span[] = []
    for (const { low, high, state } of level) {
      let at = low
      if (words[order[at] ?? 0]?.length === depth) {
        slots.word[state] = order[at] ?? -1
        slots.ending[state] = state
        at += 1
      }
      if (at === high) continue
      const children = childrenOf(words, order, at, high, depth)
      slots.place(
        state,
        children.map(({ unit }) => codes[unit] ?? 0),
      )
      for (const { unit, low: first, high: end } of children) {
        const code = codes[unit] ?? 0
        next.push({ low: first, high: end, state: slots.adopt(state, code) })
      }
    }
    level = next
  }
  return slots.automaton()
}

interface Span {
  readonly low: number
  readonly high: number
  readonly state: number
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function childrenOf(words: readonly string[], order: readonly number[], low: number, high: number, depth: number) {
  const children: { unit: number; low: number; high: number }[] = []
  for (let at = low; at < high; ) {
    const unit = words[order[at] ?? 0]?.charCodeAt(depth) ?? 0
    let end = at + 1
    while (end < high && words[order[end] ?? 0]?.charCodeAt(depth) === unit) end += 1
    children.push({ unit, low: at, high: end })
    at = end
  }
  return children
}

/** Frequent units have small codes, so that the arrays are dense where most of the reading is done. */
function codesByFrequency(words: readonly string[]): Uint16Array {
  const counts = new Uint32Array(0x10000)
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      const unit = word.charCodeAt(at)
      counts[unit] = (counts[unit] ?? 0) + 1
    }
  }
  const used: number[] = []
  counts.forEach((count, unit) => {
    if (count > 0) used.push(unit)
  })
  used.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))
  const codes = new Uint16Array(0x10000)
  used.forEach((unit, index) => {
    codes[unit] = index + 1
  })
  return codes
}

/** How many free places are tried for a state with several steps, before it is put behind all others. */
const mostTries = 200

function slotsFor(words: readonly string[], codes: Uint16Array) {
  const alphabet = codes.reduce((most, code) => Math.max(most, code), 0)
  const states = words.reduce((sum, word) => sum + word.length, 1)
  let capacity = states + alphabet + 2
  let base = new Int32Array(capacity)
  let check = new Int32Array(capacity).fill(-1)
  let fail = new Int32Array(capacity)
  let word = new Int32Array(capacity).fill(-1)
  let ending = new Int32Array(capacity)
  // Free places in a ring, 0 (the root) being its handle.
  let nextFree = new Int32Array(capacity)
  let lastFree = new Int32Array(capacity)
  let top = 0
  const ring = (from: number) => {
    let last = lastFree[0] ?? 0
    for (let at = from; at < capacity; at++) {
      nextFree[last] = at
      lastFree[at] = last
      last = at
    }
    nextFree[last] = 0
    lastFree[0] = last
  }
  ring(1)
  const grow = (needed: number) => {
    if (needed < capacity) return
    const before = capacity
    capacity = Math.max(needed + 1, capacity * 2)
    base = longer(base, capacity, 0)
    check = longer(check, capacity, -1)
    fail = longer(fail, capacity, 0)
    word = longer(word, capacity, -1)
    ending = longer(ending, capacity, 0)
    nextFree = longer(nextFree, capacity, 0)
    lastFree = longer(lastFree, capacity, 0)
    ring(before)
  }
  const isFree = (at: number) => at < capacity && check[at] === -1 && at !== 0
  const baseFor = (steps: readonly number[]): number => {
    const least = Math.min(...steps)
    let tries = 0
    for (let free = nextFree[0] ?? 0; free !== 0 && tries < mostTries; free = nextFree[free] ?? 0) {
      const candidate = free - least
      if (candidate < 1) continue
      tries += 1
      if (steps.every(step => isFree(candidate + step))) return candidate
    }
    return Math.max(1, top + 1)
  }
  return {
    get word() {
      return word
    },
    get ending() {
      return ending
    },
    place: (state: number, steps: readonly number[]) => {
      const at = baseFor(steps)
      base[state] = at
      grow(at + alphabet + 1)
      for (const step of steps) {
        const child = at + step
        check[child] = state
        const [last, next] = [lastFree[child] ?? 0, nextFree[child] ?? 0]
        nextFree[last] = next
        lastFree[next] = last
        top = Math.max(top, child)
      }
    },
    /** The state that a step leads to, which learns by what it fails. */
    adopt: (parent: number, code: number): number => {
      const child = (base[parent] ?? 0) + code
      let from = parent
      let failing = 0
      while (from !== 0) {
        from = fail[from] ?? 0
        const step = (base[from] ?? 0) + code
        if (check[step] === from) {
          failing = step
          break
        }
      }
      fail[child] = failing
      ending[child] = ending[failing] ?? 0
      return child
    },
    automaton: (): Automaton => {
      const size = Math.min(capacity, top + alphabet + 2)
      return {
        codes,
        base: base.slice(0, size),
        check: check.slice(0, size),
        fail: fail.slice(0, size),
        word: word.slice(0, size),
        ending: ending.slice(0, size),
      }
    },
  }
}

function longer(from: Int32Array<ArrayBuffer>, size: number, filling: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(size).fill(filling)
  to.set(from)
  return to
}

/** Tells of each place where a word ends: the word's number, and the unit behind it. */
export function scan(
  { codes, base, check, fail, word, ending }: Automaton,
  units: Uint16Array,
  from: number,
  to: number,
  found: (word: number, end: number) => void,
): void {
  let state = 0
  for (let at = from; at < to; at++) {
    const code = codes[units[at] as number] as number
    if (code === 0) {
      state = 0
      continue
    }
    let next = (base[state] as number) + code
    while (check[next] !== state) {
      if (state === 0) {
        next = 0
        break
      }
      state = fail[state] as number
      next = (base[state] as number) + code
    }
    state = next
    for (let end = ending[state] as number; end !== 0; end = ending[fail[end] as number] as number) {
      found(word[end] as number, at + 1)
    }
  }
}
