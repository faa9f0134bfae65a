import { redact } from '../engine/base/redact.ts'

/** One line of JSON on standard error; secrets are masked before anything is written. */
export function log(event: string, fields: Readonly<Record<string, string | number | boolean | null>> = {}): void {
  const line = JSON.stringify({ at: new Date().toISOString(), event, ...fields })
  process.stderr.write(`${redact(line)}\n`)
}

/** What a log may say about an error: never a stack of the window, but enough to find the place. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error)
}
