import type { Clock } from '../../../electron/engine/base/clock.ts'

/** A machine's time that stands still until it is told to go on. The system clock can be set; the monotonic one only runs. */
export interface FakeTime {
  readonly clock: Clock
  readonly monotonic: () => number
  /** Sets the system clock by so much forward (or back), as a person or NTP would. */
  setClockBy(ms: number): void
  /** Lets everything happen that is due within `ms`, in its order. */
  run(ms: number): Promise<void>
}

export function createFakeTime(startMs = Date.UTC(2026, 4, 6, 4), upForMs = 5_000_000): FakeTime {
  let monotonicMs = upForMs
  let wallMs = startMs
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>()

  function moveTo(at: number): void {
    wallMs += at - monotonicMs
    monotonicMs = at
  }

  return {
    clock: {
      now: () => wallMs,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) {
            reject(signal.reason)
            return
          }
          const onAbort = () => {
            timers.delete(timer)
            reject(signal?.reason)
          }
          const timer = {
            at: monotonicMs + Math.max(0, ms),
            fire: () => {
              signal?.removeEventListener('abort', onAbort)
              resolve()
            },
          }
          timers.add(timer)
          signal?.addEventListener('abort', onAbort, { once: true })
        }),
    },
    monotonic: () => monotonicMs,
    setClockBy: ms => {
      wallMs += ms
    },
    run: async ms => {
      const end = monotonicMs + ms
      for (;;) {
        await quiet()
        const next = Math.min(...[...timers].map(timer => timer.at))
        if (next > end) break
        moveTo(Math.max(next, monotonicMs))
        for (const timer of [...timers].filter(({ at }) => at <= monotonicMs)) {
          timers.delete(timer)
          timer.fire()
        }
      }
      moveTo(end)
      await quiet()
    },
  }
}

/** A reply is settled, the pacer serves its queue, the next call departs: three turns of the event loop. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve))
}
