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
  return unwrapOrNotify(await attempt(name, input))
}

/** The value of an answer. Of a failure, `undefined`, and a notice tells the person. */
export function unwrapOrNotify<Value>(answer: Answer<Value>): Value | undefined {
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
  return invokeSafely(name, () => bridge.invoke(name, input))
}

/** The answer to a call, which may have been made before; a call that cannot be made at all is answered with a problem too. */
export async function invokeSafely<Value>(
  name: CallName,
  call: () => Promise<CallResult<Value>>,
): Promise<Answer<Value>> {
  try {
    const result = await call()
    return result.ok ? { value: result.value } : { problem: result.error }
  } catch (error) {
    // The way to the main process itself failed; what waits for an answer must not wait for ever.
    return { problem: { code: 'internal', detail: `${name}: ${String(error)}` } }
  }
}
