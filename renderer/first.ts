import type { Bridge, CallName, CallOutput, CallResult } from '../shared/ipc.ts'
import { isSecondWindow } from './base/second-window.ts'

/**
 * What the window has to know before it can show anything, asked for before the rest of its program runs. So nothing is
 * imported here that would have to run first.
 */
function ask<Name extends CallName>(
  call: (bridge: Bridge) => Promise<CallResult<CallOutput<Name>>>,
): Promise<CallResult<CallOutput<Name>>> {
  // Without the bridge the window says so (main.tsx); the second window needs none of it.
  if (globalThis.prescreen === undefined || isSecondWindow) return new Promise(() => undefined)
  const answer = call(globalThis.prescreen)
  // The reader of the answer reports a failure; until there is one, it must not count as unhandled.
  answer.catch(() => undefined)
  return answer
}

export const first = {
  settings: ask<'settings.get'>(bridge => bridge.invoke('settings.get', {})),
  profiles: ask<'profiles.list'>(bridge => bridge.invoke('profiles.list', {})),
  queue: ask<'queue.status'>(bridge => bridge.invoke('queue.status', {})),
  batches: ask<'batches.list'>(bridge => bridge.invoke('batches.list', {})),
} as const
