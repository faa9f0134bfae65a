/** How long to wait before the next attempt after a failure that passes by itself; docs/protocol.md §6, RETRY. */

const firstMs = 500
const longestMs = 30_000

/** How often one check is attempted before it ends unchecked. */
export const maxAttempts = 5

/**
 * Milliseconds to wait after `attempts` failed attempts (1 after the first), or null when there have been enough.
 * Full jitter: callers that failed together do not come back together.
 */
export function backoff(
  attempts: number,
  random: () => number = Math.random,
  most: number = maxAttempts,
): number | null {
  if (attempts >= most) return null
  return Math.round(random() * Math.min(longestMs, firstMs * 2 ** (attempts - 1)))
}
