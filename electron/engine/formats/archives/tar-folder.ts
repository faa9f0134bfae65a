import { open } from 'node:fs/promises'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { openFile, readAt } from '../../base/open-file.ts'
import type { Encoding } from '../text/decode-text.ts'
import type { Listing } from './listing.ts'
import { listedTar, scanTar, type TarEntry } from './tar.ts'

/** Lists a TAR archive on disk, reading headers only. `stated` is the encoding that somebody says its names are in. */
export async function listTar(path: string, stated: Encoding | null, signal: AbortSignal): Promise<Listing | Failure> {
  const file = await openFile(path)
  if (file.kind === 'failure') return file
  try {
    let at = 0
    const entries = await scanTar({
      take: async length => {
        signal.throwIfAborted()
        const bytes = await readAt(file, at, length)
        at += bytes.length
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      },
      pass: async length => {
        at += length
        return at <= file.sizeBytes
      },
    })
    if ('kind' in entries) return entries
    return {
      kind: 'listing',
      entries: listedTar(entries, stated, null).map((entry, index) => ({ index, ...entry })),
      comment: null,
      unpack: async (targets, stop) => {
        const results: (Failure | null)[] = []
        for (const { index, to } of targets) {
          const entry = entries[index]
          results.push(entry === undefined ? damagedEntry : await unpackTar(path, entry, to, stop))
        }
        return results
      },
    }
  } finally {
    await file.handle.close()
  }
}

const damagedEntry = inputFailure('damaged_document', [remark('damaged_entry')])
const readBytes = 1 << 20

async function unpackTar(path: string, entry: TarEntry, to: string, signal: AbortSignal): Promise<Failure | null> {
  const file = await openFile(path)
  if (file.kind === 'failure') return file
  try {
    await using target = await open(to, 'wx', 0o600)
    for (let done = 0; done < entry.sizeBytes; ) {
      signal.throwIfAborted()
      const piece = await readAt(file, entry.offset + done, Math.min(readBytes, entry.sizeBytes - done))
      if (piece.length === 0) return damagedEntry
      await target.writeFile(piece)
      done += piece.length
    }
    return null
  } finally {
    await file.handle.close()
  }
}
