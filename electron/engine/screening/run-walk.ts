import type { StoredBatch } from '../ledger/rows.ts'
import type { NewAsset } from '../store/records.ts'
import { excerptOf } from './content.ts'
import type { RunServices } from './run.ts'

/** Finds that are written in one commit. */
const walkBatch = 200

/** Writes down what the batch's inputs hold. The batch is marked as walked when all of it is there. */
export async function walkInputs(
  { writer, walk }: Pick<RunServices, 'writer' | 'walk'>,
  batch: StoredBatch,
  options: {
    /** Number of the batch's profiles, and which of them look on this machine. */
    readonly profiles: number
    readonly local: readonly number[]
    readonly signal: AbortSignal
    /** After each commit; `ended` are the assets that are unchecked without being read. */
    onWritten(ended: readonly number[]): void
  },
): Promise<void> {
  let found: NewAsset[] = []
  let skipped: { readonly path: string; readonly reason: string }[] = []
  const write = async () => {
    const assets = found
    const left = skipped
    found = []
    skipped = []
    if (assets.length === 0 && left.length === 0) {
      options.onWritten([])
      return
    }
    options.onWritten(await writer.addFound(batch.id, options.profiles, { assets, skipped: left }, options.local))
  }
  let isFirst = true
  for await (const item of walk(batch.inputs, batch, options.signal)) {
    if (item.skipped !== null) {
      skipped.push({ path: item.path, reason: item.skipped })
      if (skipped.length >= walkBatch) await write()
      continue
    }
    found.push({
      path: item.path,
      source: JSON.stringify(item.source),
      kind: item.kind,
      bytes: item.bytes,
      // A batch that stops before it has read them still shows the words of a table.
      excerpt: 'text' in item.source ? excerptOf(item.source.text) : null,
      failure: item.failure === null ? null : { code: item.failure.code, detail: item.failure.detail },
    })
    // The first call is sent as soon as there is something to check, not when a page is full.
    if (isFirst || found.length >= walkBatch) await write()
    isFirst = false
  }
  await write()
  await writer.setWalked(batch.id)
}
