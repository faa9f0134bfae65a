import type { Bridge, CallInput, CallName, CallOutput, IpcProblem } from '../shared/ipc.ts'
import { tellProblem } from './shell/notices.ts'

declare global {
  /** Put there by the preload before any script of the page runs. */
  var prescreen: Bridge
}

export const bridge: Bridge = globalThis.prescreen

/** The value of a call that succeeded. Of one that failed, `undefined`, and the person has been told what to do. */
export async function invoke<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name> | undefined> {
  const answer = await attempt(name, input)
  if ('value' in answer) return answer.value
  tellProblem(answer.problem)
  return undefined
}

/** The same for callers that show the problem themselves, beside what it concerns. */
export async function attempt<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
): Promise<{ readonly value: CallOutput<Name> } | { readonly problem: IpcProblem }> {
  try {
    const result = await bridge.invoke(name, input)
    return result.ok ? { value: result.value } : { problem: result.error }
  } catch (error) {
    // The way to the main process itself failed; what waits for an answer must not wait for ever.
    return { problem: { code: 'internal', detail: `${name}: ${String(error)}` } }
  }
}
