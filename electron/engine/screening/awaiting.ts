import type { Profile } from '../../../shared/profile.ts'
import type { Clock } from '../base/clock.ts'
import type { StoreReader, StoreWriter } from '../store/ports.ts'
import type { CallAccepted, NewCheck, PushPage, Settled, WithFacts } from '../store/records.ts'
import { createDeadlineWatch } from './push-deadlines.ts'

/** Checks that the platform answers by a push: what waits, what a push says about it, and what is given up (docs/protocol.md §3.2). */
export interface Awaiting {
  /** The trace id becomes durable. A push that came before it is applied at once. */
  begin(check: number, accepted: Omit<CallAccepted, 'profile' | 'dueAt'>, profile: Profile): Promise<void>
  /** Waits with another check of the same bytes for its push, without a call; false where none waits. */
  join(check: WithFacts<NewCheck>, profile: Profile): Promise<boolean>
  /** Applies a page of pushes and records how far the relay was read, all in one transaction. */
  receive(page: PushPage): Promise<void>
  /** Gives up what is overdue, as it falls due, for as long as something is awaited; `begin` starts it by itself. */
  watch(): void
}

export function createAwaiting(options: {
  readonly clock: Clock
  readonly reader: Pick<StoreReader, 'nextDue'>
  readonly writer: Pick<StoreWriter, 'awaitCheck' | 'joinPending' | 'receivePushes' | 'giveUpOverdue' | 'dropParked'>
  readonly deadlineMs: () => number
  /** The profile's pushes matter from now on. */
  onAwaited(profile: Profile): void
  /** After the commit; also for pushes that changed nothing here, because another process may have applied them. */
  onSettled(settled: readonly Settled[]): void
  onProblem(error: unknown): void
  readonly signal: AbortSignal
}): Awaiting {
  const { clock, writer, onSettled } = options
  const watch = createDeadlineWatch(options)
  const dueAt = () => clock.now() + options.deadlineMs()
  const expect = (profile: Profile) => {
    options.onAwaited(profile)
    watch()
  }

  return {
    begin: async (check, accepted, profile) => {
      await writer.awaitCheck(check, { ...accepted, profile, dueAt: dueAt() })
      expect(profile)
    },
    join: async (check, profile) => {
      const isJoined = await writer.joinPending(check, { attempts: 0, ms: 0, evidence: null, profile, dueAt: dueAt() })
      if (isJoined) expect(profile)
      return isJoined
    },
    receive: async page => onSettled(await writer.receivePushes(page)),
    watch,
  }
}
