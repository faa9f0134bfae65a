import type { Failure } from '../../../shared/conclusion.ts'
import type { OpenFile } from '../base/open-file.ts'
import { openTextStream } from '../formats/text/text-stream.ts'

export type ListedUrl =
  | { readonly kind: 'address'; readonly line: number; readonly value: string }
  | { readonly kind: 'problem'; readonly failure: Failure }

/** The lines of a list of addresses, streamed; blank lines and lines that begin with `#` are none. */
export async function* readUrlList(file: OpenFile, signal: AbortSignal): AsyncGenerator<ListedUrl> {
  const stream = await openTextStream(file, signal)
  if (stream.kind === 'failure') {
    yield { kind: 'problem', failure: stream }
    return
  }
  let line = 0
  let rest = ''
  for await (const piece of stream.pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const value of lines) yield* address(++line, value)
  }
  yield* address(++line, rest)
  const failure = stream.failure()
  if (failure !== null) yield { kind: 'problem', failure }
}

function* address(line: number, text: string): Generator<ListedUrl> {
  const value = text.trim()
  if (value !== '' && !value.startsWith('#')) yield { kind: 'address', line, value }
}
