import { expect, test } from 'vitest'
import { createKeyedSemaphore } from '../../../electron/engine/base/concurrency/keyed-semaphore.ts'
import { createPauseGate } from '../../../electron/engine/base/concurrency/pause-gate.ts'
import type { Pacer, Permit } from '../../../electron/engine/pacer/contract.ts'
import { acquirePermit } from '../../../electron/engine/screening/permit.ts'

const never = new AbortController().signal
const turn = () => new Promise(setImmediate)

test('calls that wait give way to a batch that has been put first, also those that had got a slot and waited for leave', async () => {
  /** Calls that have a slot and wait for leave, by the signal that they wait with. */
  const asked: { readonly signal: AbortSignal; grant(): void }[] = []
  const acquire = (_key: unknown, _limit: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise<Permit>((resolve, reject) => {
      const each = { signal, grant: () => resolve({ kind: 'permit', settle: () => undefined }) }
      asked.push(each)
      signal.addEventListener('abort', () => {
        asked.splice(asked.indexOf(each), 1)
        reject(signal.reason)
      })
    })
  const services = {
    clock: { now: () => 0, sleep: async () => undefined },
    pacer: { acquire } as unknown as Pacer,
    callSlots: createKeyedSemaphore(1),
  }
  const lane = { profile: { appid: 'wx', perMinute: null, perDay: null, sharePercent: 100 } } as never
  const endpoint = { id: 'wechat.img_sec_check', limit: { perMinute: 5, perDay: null } } as never
  const ranks = { old: 1, put: 1 }
  const gates = { old: createPauseGate(never), put: createPauseGate(never) }
  const granted: string[] = []
  const call = async (batch: 'old' | 'put') => {
    const permit = await acquirePermit(services, lane, endpoint, {
      priority: 'batch',
      signal: never,
      gate: gates[batch],
      waitForQuota: false,
      rank: () => ranks[batch],
    })
    granted.push(batch)
    if (permit.kind === 'permit') permit.settle({ said: 'served' })
  }
  const calls = [call('old'), call('old'), call('put'), call('put')]
  await turn()
  expect(asked.map(({ signal }) => signal)).toEqual([gates.old.signal()])

  ranks.put = 0
  gates.old.close()
  gates.old.open()
  for (let left = calls.length; left > 0; left -= 1) {
    await turn()
    expect(asked).toHaveLength(1)
    asked.shift()?.grant()
  }
  await Promise.all(calls)
  expect(granted).toEqual(['put', 'put', 'old', 'old'])
})
