import type { Bridge, CallInput, CallName, CallOutput, CallResult, IpcProblem } from '../../shared/ipc.ts'
import { tellProblem } from './notices.ts'

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
  return told(await attempt(name, input))
}

/** The value of an answer; of a failure the person is told. */
export function told<Value>(answer: Answer<Value>): Value | undefined {
  if ('value' in answer) return answer.value
  tellProblem(answer.problem)
  return undefined
}

export type Answer<Value> = { readonly value: Value } | { readonly problem: IpcProblem }

/** The same for callers that show the problem themselves, beside what it concerns. */
export async function attempt<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
): Promise<Answer<CallOutput<Name>>> {
  return settled(name, () => bridge.invoke(name, input))
}

/** The answer to a call that may have been made before anybody listened. */
export async function settled<Value>(name: CallName, call: () => Promise<CallResult<Value>>): Promise<Answer<Value>> {
  try {
    const result = await call()
    return result.ok ? { value: result.value } : { problem: result.error }
  } catch (error) {
    // The way to the main process itself failed; what waits for an answer must not wait for ever.
    return { problem: { code: 'internal', detail: `${name}: ${String(error)}` } }
  }
}
