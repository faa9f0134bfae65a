import { expect, test } from 'vitest'
import { type BatchServices, createBatches } from '../../../electron/engine/screening/batches.ts'
import type { StoreWriter } from '../../../electron/engine/store/ports.ts'
import type { Settled } from '../../../electron/engine/store/records.ts'

test('a push that comes between the claim of a batch and its run does not end the batch', async () => {
  const steps: string[] = []
  const stored = { id: 'b_1', profiles: [], options: {} }
  const settled = [{ batch: 'b_1', asset: 1, profile: 0 }] as unknown as readonly Settled[]
  let tellPush: () => void = () => undefined
  const writer: Partial<StoreWriter> = {
    takeOver: async () => {
      steps.push('claimed')
      return { kind: 'taken', batch: stored as never }
    },
    requeue: async () => {
      tellPush()
      throw new Error('the disk is full')
    },
    finishIfOver: async () => {
      steps.push('finished')
      return true
    },
  }
  const batches = createBatches({
    run: { reader: { batch: async () => stored }, writer },
    owner: 'this one',
    lanesOf: async () => [],
    news: () => undefined,
    reportProblem: () => undefined,
  } as unknown as BatchServices)
  tellPush = () => batches.onSettled(settled)

  await expect(batches.resume('b_1')).rejects.toThrow('the disk is full')
  expect(steps).toEqual(['claimed'])
  tellPush()
  expect(steps).toEqual(['claimed', 'finished'])
})
