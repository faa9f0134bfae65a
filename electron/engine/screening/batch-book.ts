import { resolve } from 'node:path'
import { Problem } from '../../../shared/problems.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import { defaultName } from '../intake/inputs.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import type { LedgerCommands } from '../store/commands.ts'
import type { LedgerDatabase } from '../store/database.ts'
import type { LedgerQueries } from '../store/queries.ts'
import type { ScreenRequest } from './batches.ts'

/** The batches as they are stored, and who screens them. Methods throw `not_found` for a batch that does not exist. */
export interface BatchBook {
  /** Batches whose run the disk has ended, so that their state could not be written: nobody screens them, and they can be resumed. */
  readonly crashedRuns: Set<string>
  stored(id: string): StoredBatch
  summary(id: string): BatchSummary
  /** Null for a batch that does not exist. */
  summaryOf(id: string): BatchSummary | null
  create(request: ScreenRequest): Promise<StoredBatch>
  /** Takes the batch over from a program that is gone; `conflict` when another program screens it. */
  claim(batch: StoredBatch): Promise<StoredBatch>
  /** Ends a batch that nobody screens and that only waited for pushes; returns whether it did. */
  endIfDone(id: string, isRunning: () => boolean): Promise<boolean>
}

export interface BookServices {
  readonly database: LedgerDatabase
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
  /** Names this program in its batches, so that another one leaves them alone. */
  readonly owner: string
  /** Whether the program of that name still runs. */
  isAlive(owner: string): boolean
  newId(): string
}

export function createBatchBook({ database, commands, queries, owner, isAlive, newId }: BookServices): BatchBook {
  const crashedRuns = new Set<string>()
  const stored: BatchBook['stored'] = id => {
    const batch = queries.batch(id)
    if (batch === null) throw new Problem('not_found', id)
    return batch
  }
  const summaryOf: BatchBook['summaryOf'] = id => {
    const found = queries.summary(id)
    return found?.state === 'running' && crashedRuns.has(id) ? { ...found, state: 'interrupted' } : found
  }
  const summary: BatchBook['summary'] = id => {
    const found = summaryOf(id)
    if (found === null) throw new Problem('not_found', id)
    return found
  }

  return {
    crashedRuns,
    stored,
    summary,
    summaryOf,
    create: async ({ inputs, profiles, options, name }) => {
      const id = `b_${newId()}`
      await database.commit(() =>
        commands.createBatch({
          id,
          name: name ?? defaultName(inputs),
          profiles,
          // Absolute, so that a batch can be resumed from another folder.
          inputs: inputs.map(input => (input === '-' ? input : resolve(input))),
          options,
          practice: profiles.some(profile => profile.practice),
          owner,
        }),
      )
      return stored(id)
    },
    claim: async batch => {
      await database.commit(() => {
        // Read under the write lock: of two programs that claim at the same moment one must lose.
        const other = stored(batch.id).owner
        if (other !== null && other !== owner && isAlive(other)) {
          throw new Problem(
            'conflict',
            detailOf('screened_elsewhere', { name: batch.id, count: Number(other.split(':')[0]) }),
          )
        }
        commands.setState(batch.id, 'running', null, owner)
      })
      return stored(batch.id)
    },
    endIfDone: async (id, isRunning) => {
      const isDone = () => {
        const batch = queries.summary(id)
        const holder = queries.batch(id)?.owner ?? null
        return (
          !isRunning() &&
          (holder === null || holder === owner || !isAlive(holder)) &&
          batch !== null &&
          (batch.state === 'running' || batch.state === 'interrupted') &&
          batch.walked &&
          batch.notice === null &&
          !queries.hasOpen(id)
        )
      }
      if (!isDone()) return false
      await database.commit(() => {
        if (isDone()) commands.setState(id, 'done', null, null)
      })
      return true
    },
  }
}
