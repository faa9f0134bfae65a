import type { Bridge, CallName, CallResult, EventName, Events, IpcProblem } from '../../../shared/ipc.ts'
import { calls } from '../../../shared/ipc.ts'
import { answersOf, change } from './fake-answers.ts'
import { applyRules } from './fake-rules.ts'
import { type Fake, type FakeOptions, generator, makeFake, outcome, settle } from './fake-state.ts'
import { queue } from './fake-views.ts'

/**
 * A bridge without a main process, for looking at the window and measuring it: everything is made from a seed and kept in
 * memory. What users get is tested against the real one.
 */
export function makeFakeBridge(options: FakeOptions): Bridge {
  const listeners = new Map<EventName, Set<(event: never) => void>>()
  const emit = <Name extends EventName>(name: Name, event: Events[Name]): void => {
    for (const listener of listeners.get(name) ?? []) (listener as (event: Events[Name]) => void)(event)
  }
  const fake = makeFake(options, emit)
  for (const asset of fake.columns.id) applyRules(fake, asset)
  const answers = answersOf(fake)
  const failures: Partial<Record<CallName, IpcProblem>> =
    options.state === 'broken' ? { 'grid.columns': { code: 'database_corrupt', detail: 'ledger.sqlite' } } : {}
  if (options.state === 'running') runOn(fake)

  return {
    async invoke(name, input) {
      // Cloned as between processes, so that nothing here relies on sharing.
      const problem = failures[name]
      if (problem !== undefined) return { ok: false, error: problem }
      const parsed = calls[name].input.safeParse(input)
      if (!parsed.success)
        return { ok: false, error: { code: 'bad_request', detail: `${name}: ${parsed.error.message}` } }
      const answer = answers[name] as (input: unknown) => unknown
      try {
        return { ok: true, value: structuredClone(await answer(parsed.data)) } as CallResult<never>
      } catch {
        return { ok: false, error: { code: 'cancelled', detail: '' } }
      }
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set()
      listeners.set(name, known)
      known.add(listener as (event: never) => void)
      return () => known.delete(listener as (event: never) => void)
    },
    pathOf: file => (file instanceof File ? `/素材/${file.name}` : ''),
  }
}

function runOn(fake: Fake): void {
  const live = generator(fake.options.seed + 1)
  setInterval(() => {
    const assets: number[] = []
    for (let at = 0; at < 40; at += 1) {
      const position = Math.floor(live() * fake.columns.id.length)
      if (fake.columns.outcome[position] !== outcome('pending')) continue
      settle(fake.columns, position, live())
      fake.platform[position] = fake.columns.outcome[position] ?? 0
      applyRules(fake, position + 1)
      assets.push(position + 1)
    }
    if (assets.length > 0) change(fake, assets)
    fake.emit('queue', queue(fake))
  }, 100)
}
