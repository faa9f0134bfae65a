import type { Pacer } from './contract.ts'

/** A pacer that knows how many of its permits are out, which is how many calls await a reply. */
export interface CountingPacer extends Pacer {
  inFlight(): number
}

export function countPermits(pacer: Pacer): CountingPacer {
  let inFlight = 0
  return {
    ...pacer,
    acquire: async (key, limit, options) => {
      const given = await pacer.acquire(key, limit, options)
      if (given.kind === 'stop') return given
      inFlight += 1
      return {
        kind: 'permit',
        settle: result => {
          given.settle(result)
          inFlight -= 1
        },
      }
    },
    inFlight: () => inFlight,
  }
}
