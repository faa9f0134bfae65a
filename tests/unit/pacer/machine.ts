import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  PaceKey,
  PaceLimit,
  PacePriority,
  Pacer,
  PacerStop,
  Permit,
} from '../../../electron/engine/pacer/contract.ts'
import { createPacer, type PacerOptions } from '../../../electron/engine/pacer/pacer.ts'
import { createFakeTime, type FakeTime, quiet } from './fake-time.ts'

export const image: PaceKey = { appid: 'wx1', endpoint: 'wechat.img_sec_check' }
export const text: PaceKey = { appid: 'wx1', endpoint: 'wechat.msg_sec_check' }

export function limitOf(perMinute: number | null, perDay: number | null = null, sharePercent = 100): PaceLimit {
  return { perMinute, perDay, sharePercent }
}

/** One machine with its pacer file and its time; several pacers on it stand for several processes. */
export interface Machine extends Disposable {
  readonly time: FakeTime
  readonly file: string
  pacer(options?: Partial<PacerOptions>): Pacer
}

export function createMachine(time: FakeTime = createFakeTime()): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'prescreen-pacer-'))
  const file = join(folder, 'pacer.sqlite')
  const pacers: Pacer[] = []
  return {
    time,
    file,
    pacer: options => {
      const pacer = createPacer({
        file,
        clock: time.clock,
        monotonic: time.monotonic,
        maxCallMs: 30_000,
        random: () => 0.5,
        ...options,
      })
      pacers.push(pacer)
      return pacer
    },
    [Symbol.dispose]: () => {
      for (const pacer of pacers) pacer.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What became of one request for a permit, without waiting for it. */
export interface Ask {
  readonly outcome: () => Permit | PacerStop | 'waiting' | { readonly rejected: unknown }
  readonly cancel: () => void
}

export function ask(pacer: Pacer, key: PaceKey, limit: PaceLimit, priority: PacePriority = 'batch'): Ask {
  const controller = new AbortController()
  let outcome: ReturnType<Ask['outcome']> = 'waiting'
  pacer.acquire(key, limit, { priority, signal: controller.signal }).then(
    answer => {
      outcome = answer
    },
    (reason: unknown) => {
      outcome = { rejected: reason }
    },
  )
  return { outcome: () => outcome, cancel: () => controller.abort(new Error('cancelled by the test')) }
}

/** `permit`, `waiting`, `rejected`, or the class of a stop. */
export function nameOf(asked: Ask): string {
  const outcome = asked.outcome()
  if (outcome === 'waiting') return 'waiting'
  if ('rejected' in outcome) return 'rejected'
  return outcome.kind === 'stop' ? outcome.class : 'permit'
}

export function permitOf(asked: Ask): Permit {
  const outcome = asked.outcome()
  if (outcome === 'waiting' || 'rejected' in outcome || outcome.kind === 'stop')
    throw new Error(`Not a permit but ${nameOf(asked)}`)
  return outcome
}

export function stopOf(asked: Ask): PacerStop {
  const outcome = asked.outcome()
  if (outcome === 'waiting' || 'rejected' in outcome || outcome.kind === 'permit')
    throw new Error(`Not a stop but ${nameOf(asked)}`)
  return outcome
}

/** Asks `count` times at once and returns the asks after everything has settled. */
export async function askMany(pacer: Pacer, key: PaceKey, limit: PaceLimit, count: number): Promise<Ask[]> {
  const asks = Array.from({ length: count }, () => ask(pacer, key, limit))
  await quiet()
  return asks
}

export function granted(asks: readonly Ask[]): Ask[] {
  return asks.filter(asked => nameOf(asked) === 'permit')
}

export function serveAll(asks: readonly Ask[]): void {
  for (const asked of granted(asks)) permitOf(asked).settle({ said: 'served' })
}
