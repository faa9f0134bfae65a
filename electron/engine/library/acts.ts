import type { Clock } from '../base/clock.ts'
import { awaitLock } from '../base/file-lock.ts'
import type { StoreWriter } from '../store/ports.ts'
import type { BookFolder, Intent } from './book-folder.ts'

/** Putting books in force and withdrawing them, so that the ledger knows of each before anything is checked by it. */
export interface Acts {
  /** One at a time among all programs; what a program that is gone left unfinished is settled first. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  /** To be called within `alone`. `effect` changes what is in force, in one write. */
  act(intent: Omit<Intent, 'act' | 'reviewer'>, effect: () => Promise<void>): Promise<void>
  /** Enters into the ledger what took effect in a program that ended before it could. */
  settle(): Promise<void>
}

/**
 * An act is four writes: the intent, the effect, the row of the ledger, and the intent's end. Whatever a program is killed between, the next
 * look at what is in force finds the intent and asks the disk: either the effect is there, and the row is written, or the act was none.
 * Killed between the last two, the row is written twice, with the same `act`.
 */
export function createActs(services: {
  readonly folder: BookFolder
  readonly writer: Pick<StoreWriter, 'append'>
  readonly clock: Clock
  readonly reviewer: () => string
  readonly newAct: () => string
  readonly signal: AbortSignal
}): Acts {
  const { folder, writer } = services

  const conclude = async (intent: Intent) => {
    const { act, what, book, version, reviewer } = intent
    await writer.append('rules', null, { event: what, act, book, version, reviewer })
    await folder.clearIntent(book)
  }
  const settleAlone = async () => {
    const { copies, withdrawn, intents } = await folder.inForce()
    for (const intent of intents) {
      const { book, version, what, isShipped } = intent
      const isInForce = isShipped ? !withdrawn.has(book) : copies.get(book)?.version === version
      if (isInForce === (what === 'put_in_force')) await conclude(intent)
      else await folder.clearIntent(book)
    }
  }
  const alone: Acts['alone'] = async work => {
    const lock = await awaitLock(folder.lockFile, services.clock, services.signal)
    try {
      await settleAlone()
      return await work()
    } finally {
      lock?.release()
    }
  }

  return {
    alone,
    act: async (given, effect) => {
      const intent: Intent = { ...given, act: services.newAct(), reviewer: services.reviewer() }
      await folder.setIntent(intent)
      await effect()
      await conclude(intent)
    },
    settle: async () => {
      const { intents } = await folder.inForce()
      // Without one there is nothing to wait for, whoever has the lock.
      if (intents.length > 0) await alone(async () => undefined)
    },
  }
}
