import { z } from 'zod'
import type { SettingsStore } from '../base/settings-store.ts'

/**
 * Which batches a person has put first. Kept beside the settings, so that a restart keeps it, and not with the batches: it is a wish of
 * this desk, as the place of its window is, and the database has what was asked, answered and decided. It changes who gets the next
 * call of an account, never how many there are: of eight calls at least one is another batch's while that has any
 * (base/concurrency/keyed-semaphore.ts).
 */
export interface BatchOrder {
  /** The one that was put first last comes first. */
  list(): readonly string[]
  putFirst(batch: string): void
  /** 0 comes first; all that nobody has put first are equal, and come after those. */
  rankOf(batch: string): number
}

const storeKey = 'batchOrder'
/** Those before have long been screened. */
const kept = 50

export function createBatchOrder(store: Pick<SettingsStore, 'get' | 'set'>): BatchOrder {
  // A damaged value costs the order, nothing else.
  let first: readonly string[] = z.array(z.string()).catch([]).parse(store.get(storeKey))
  return {
    list: () => first,
    putFirst: batch => {
      first = [batch, ...first.filter(other => other !== batch)].slice(0, kept)
      store.set(storeKey, first)
    },
    rankOf: batch => {
      const rank = first.indexOf(batch)
      return rank === -1 ? first.length : rank
    },
  }
}
