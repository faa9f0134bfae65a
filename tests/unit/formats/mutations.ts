import { env } from 'node:process'

/** How many damaged copies of a file are tried, and from which seed on: more on demand. */
const count = Number(env.PRESCREEN_MUTATIONS ?? 100)
const firstSeed = Number(env.PRESCREEN_MUTATIONS_SEED ?? 1)

/** Copies of a file with a few bytes changed, cut, put in or moved, the same ones for the same seed. */
export function* mutationsOf(bytes: Uint8Array): Generator<{ readonly seed: number; readonly mutated: Uint8Array }> {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) yield { seed, mutated: mutationOf(bytes, seed) }
}

export function mutationOf(bytes: Uint8Array, seed: number): Uint8Array {
  return mutate(bytes, createRandom(seed))
}

type Random = (below: number) => number

function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated = Buffer.from(bytes)
  for (let change = random(4); change >= 0; change--) {
    const at = random(mutated.length)
    const length = random(Math.min(64, mutated.length - at)) + 1
    switch (random(5)) {
      case 0:
        mutated[at] = random(256)
        break
      case 1:
        mutated = mutated.subarray(0, Math.max(1, at))
        break
      case 2:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + length)])
        break
      case 3:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at, at + length), mutated.subarray(at)])
        break
      default:
        mutated.fill(random(2) * 255, at, at + length)
    }
    if (mutated.length === 0) mutated = Buffer.from([0])
  }
  return new Uint8Array(mutated)
}

/** Mulberry32. */
function createRandom(seed: number): Random {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
