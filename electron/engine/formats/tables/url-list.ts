import type { OpenFile } from '../../base/open-file.ts'
import type { RowsFormat, RowsRequest } from '../family.ts'
import { openTextStream } from '../text/text-stream.ts'
import { type Cell, cellReading } from './table.ts'

/** A text that somebody gave as a list of addresses. No content says so, so that no family recognises it. */
export const urlList: RowsFormat = {
  reads: 'rows',
  name: 'url list',
  reading: cellReading,
  extensions: [],
  cells: readUrlList,
}

/** The lines of a list of addresses, streamed; blank lines and lines that begin with `#` are none. */
async function* readUrlList(file: OpenFile, { signal, encoding }: RowsRequest): AsyncGenerator<Cell> {
  const stream = await openTextStream(file, encoding, signal)
  if (stream.kind === 'failure') {
    yield { kind: 'problem', sheet: null, failure: stream }
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
  if (failure !== null) yield { kind: 'problem', sheet: null, failure }
}

function* address(line: number, text: string): Generator<Cell> {
  const value = text.trim()
  if (value !== '' && !value.startsWith('#')) yield { kind: 'address', line, value }
}
