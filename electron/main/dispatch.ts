import {
  type CallName,
  type CallOutput,
  type CallResult,
  callNames,
  calls,
  type IpcProblem,
  type ParsedInput,
} from '../../shared/ipc.ts'
import type { Language } from '../../shared/language.ts'
import { Problem, UsageProblem } from '../../shared/problems.ts'
import { type Caller, mayCall } from './policies/loupe.ts'
import { isTrustedSender, type Sender } from './policies/sender.ts'

/** One function for each call of the contract. They throw `Problem`; anything else is a bug. */
export type Handlers = {
  readonly [Name in CallName]: (input: ParsedInput<Name>) => CallOutput<Name> | Promise<CallOutput<Name>>
}

const names: ReadonlySet<unknown> = new Set(callNames)
const isCallName = (name: unknown): name is CallName => names.has(name)

/**
 * Answers one call from the window: sender first, then the name, then the input, then the handler. Errors are values,
 * since only the message of a thrown one would survive the way to the window.
 */
export async function dispatch(
  handlers: Handlers,
  sender: Sender,
  name: unknown,
  input: unknown,
  onBug: (name: CallName, error: unknown) => void,
  language: () => Language,
  caller: Caller = 'window',
): Promise<CallResult<unknown>> {
  if (!isTrustedSender(sender)) return refuse('bad_sender', '')
  if (!isCallName(name)) return refuse('bad_request', 'no such call')
  if (!mayCall(caller, name)) return refuse('bad_sender', name)
  return run(handlers, name, input, onBug, language)
}

async function run<Name extends CallName>(
  handlers: Handlers,
  name: Name,
  input: unknown,
  onBug: (name: CallName, error: unknown) => void,
  language: () => Language,
): Promise<CallResult<CallOutput<Name>>> {
  const parsed = calls[name].input.safeParse(input)
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 3).map(issue => `${[name, ...issue.path].join('.')}: ${issue.code}`)
    return refuse('bad_request', issues.join('; '))
  }
  try {
    // The schema of this very name has just accepted it; the table's types cannot say so.
    const data = parsed.data as ParsedInput<Name>
    return { ok: true, value: await handlers[name](data) }
  } catch (error) {
    if (error instanceof UsageProblem) return refuse(error.code, error.said[language()])
    if (error instanceof Problem) return refuse(error.code, error.detail)
    onBug(name, error)
    return refuse('internal', name)
  }
}

function refuse(code: IpcProblem['code'], detail: string): { ok: false; error: IpcProblem } {
  return { ok: false, error: { code, detail } }
}
