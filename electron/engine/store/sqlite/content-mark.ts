import { randomInt } from 'node:crypto'

/** What tells in two numbers whether two assets are the same: the same bytes, read and judged in the same way. */

/**
 * The columns of it: the hash of the bytes and what else must be equal, both null for what nobody has read or judged. The asset's own
 * columns have the worst of its profiles only, so what each of them said is in here, whether they agree or not.
 */
export const sameSql = (alias: string): string =>
  `iif(${alias}.outcome = 'pending' OR ${alias}.outcome = 'awaiting', NULL, ${alias}.sha256),
    coalesce(${alias}.kind, '') || ' ' || coalesce(${alias}.reading, '') || ' ' || coalesce(${alias}.encoding, '')
      || ' ' || coalesce(${alias}.decision_reason, '') || ' ' || coalesce((
        SELECT group_concat(r.profile || ' ' || r.outcome || ' ' || coalesce(r.reason, '') || ' ' || r.labels || ' '
          || coalesce(r.score, ''), ' ' ORDER BY r.profile) FROM results r WHERE r.asset = ${alias}.id
      ), '') || ' ' || coalesce(${alias}.note, '')`

const hashLength = 64
const digitsEach = 8

/**
 * A mark of 64 bits. Which digits of the hash are compared is drawn anew at each start, so that nobody can prepare two files of which
 * one is taken for the other; the first number is never 0.
 */
export function createContentMark(): (sha256: string, same: string) => readonly [content: number, rest: number] {
  const places = drawn(2 * digitsEach)
  const [first, second] = [places.slice(0, digitsEach), places.slice(digitsEach)]
  // Nearly all assets of a batch share one of few.
  let last = ''
  let lastHash = 0
  return (sha256, same) => {
    if (same !== last) {
      last = same
      lastHash = hashOf(same)
    }
    const content = (digitsAt(sha256, first) ^ lastHash) >>> 0
    return [content === 0 ? 1 : content, (digitsAt(sha256, second) ^ Math.imul(lastHash, 0x9e37_79b1)) >>> 0]
  }
}

/** So many different places of a hash. */
function drawn(count: number): readonly number[] {
  const places = Array.from({ length: hashLength }, (_, place) => place)
  return Array.from({ length: count }, () => places.splice(randomInt(places.length), 1)[0] ?? 0)
}

function digitsAt(sha256: string, places: readonly number[]): number {
  let digits = 0
  for (const place of places) {
    const code = sha256.charCodeAt(place)
    digits = (digits << 4) | (code < 58 ? code - 48 : code - 87)
  }
  return digits
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193)
  return hash
}
