/** Pages that a browser saved with a folder of what they show: what a page uses of its folder is checked with the page, and is no asset of its own. */

import { basename, posix } from 'node:path'
import { readWhole } from '../base/open-file.ts'
import { extractText, readerOf } from '../formats/extract-text.ts'
import { intakeLimits } from '../formats/source.ts'
import { decodeText, type Encoding } from '../formats/text/decode-text.ts'
import { openAndExamine } from './opened-file.ts'
import { skipReasonOf } from './skipped.ts'

/** Names of the pages that a folder of this name may belong to: `专题_files` is that of `专题.html`; none for most folders. */
export function pagesOfFolder(name: string): readonly string[] {
  const stem = /^(.+)(?:_files|\.files|_文件)$/.exec(name)?.[1]
  if (stem === undefined || skipReasonOf(stem) !== null) return []
  return ['html', 'htm', 'xhtml', 'xht'].map(extension => `${stem}.${extension}`)
}

/**
 * Paths of the files that a page shows as pictures, from its own folder on; none of a page that cannot be read. Throws only the signal's
 * reason.
 */
export async function filesOfPage(
  path: string,
  encoding: Encoding | null,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const none: ReadonlySet<string> = new Set()
  const opened = await openAndExamine(path, intakeLimits, signal)
  if (opened.kind === 'failure') return none
  try {
    if (opened.examined.kind !== 'text') return none
    const read = await readWhole(opened.file, 'bytes', signal)
    const decoded = read.kind === 'failure' ? read : decodeText(read.bytes, encoding)
    if (decoded.kind === 'failure') return none
    const page = extractText(readerOf(basename(path), decoded.text), decoded.text)
    if (page.kind === 'failure') return none
    return new Set(
      (page.pieces ?? []).flatMap(({ from }) => (from.kind === 'file' ? [posix.normalize(from.path)] : [])),
    )
  } catch {
    signal.throwIfAborted()
    return none
  } finally {
    await opened.file.handle.close()
  }
}
