import { resolve } from 'node:path'
import { Problem } from '../../../shared/problems.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import { defaultName } from '../intake/inputs.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import type { StoreReader, StoreWriter } from '../store/ports.ts'
import type { ScreenRequest } from './batches.ts'

/** The batches as they are stored, and who screens them. Methods throw `not_found` for a batch that does not exist. */
export interface BatchBook {
  /**
   * Batches whose run the disk has ended, so that their state could not be written, or whose run could not begin: nobody screens them,
   * and they can be resumed.
   */
  readonly crashedRuns: Set<string>
  stored(id: string): Promise<StoredBatch>
  summary(id: string): Promise<BatchSummary>
  /** Newest first. */
  summaries(): Promise<readonly BatchSummary[]>
  /** Null for a batch that does not exist. */
  summaryOf(id: string): Promise<BatchSummary | null>
  create(request: ScreenRequest): Promise<StoredBatch>
  /** Takes the batch over from a program that is gone; `conflict` when another program screens it. */
  claim(batch: StoredBatch): Promise<StoredBatch>
  /** Ends a batch that nobody screens and that only waited for pushes; returns whether it did. */
  endIfDone(id: string): Promise<boolean>
  /** Resolves when the batch is not being ended. */
  whenIdle(id: string): Promise<void>
}

export interface BookServices {
  readonly reader: Pick<StoreReader, 'batch' | 'summary' | 'summaries'>
  readonly writer: Pick<StoreWriter, 'createBatch' | 'takeOver' | 'finishIfOver'>
  /** Names this program in its batches, so that another one leaves them alone. */
  readonly owner: string
  newId(): string
}

export function createBatchBook({ reader, writer, owner, newId }: BookServices): BatchBook {
  const crashedRuns = new Set<string>()
  /** Batches that are being ended. */
  const ending = new Map<string, Promise<boolean>>()
  const stored: BatchBook['stored'] = async id => {
    const batch = await reader.batch(id)
    if (batch === null) throw new Problem('not_found', id)
    return batch
  }
  const asItIs = (found: BatchSummary): BatchSummary =>
    found.state === 'running' && crashedRuns.has(found.id) ? { ...found, state: 'interrupted' } : found
  const summaryOf: BatchBook['summaryOf'] = async id => {
    const found = await reader.summary(id)
    return found === null ? null : asItIs(found)
  }
  const summary: BatchBook['summary'] = async id => {
    const found = await summaryOf(id)
    if (found === null) throw new Problem('not_found', id)
    return found
  }

  return {
    crashedRuns,
    stored,
    summary,
    summaryOf,
    summaries: async () => (await reader.summaries()).map(asItIs),
    create: async ({ inputs, profiles, options, name }) => {
      const id = `b_${newId()}`
      await writer.createBatch({
        id,
        name: name ?? defaultName(inputs),
        profiles,
        // Absolute, so that a batch can be resumed from another folder.
        inputs: inputs.map(input => (input === '-' ? input : resolve(input))),
        options,
        practice: profiles.some(profile => profile.practice),
        owner,
      })
      return stored(id)
    },
    claim: async ({ id }) => {
      const taken = await writer.takeOver(id, owner)
      if (taken.kind === 'taken') return taken.batch
      throw new Problem('conflict', detailOf('screened_elsewhere', { name: id, count: Number(taken.by.split(':')[0]) }))
    },
    endIfDone: async id => {
      const finishing = writer.finishIfOver(id, owner)
      ending.set(id, finishing)
      return finishing.finally(() => {
        if (ending.get(id) === finishing) ending.delete(id)
      })
    },
    whenIdle: async id => {
      for (let last = ending.get(id); last !== undefined; last = ending.get(id)) await last.catch(() => false)
    },
  }
}
