import { writeFileSync } from 'node:fs'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { PackedArchive } from '../archives/packed-archive.ts'
import type { DocumentFile } from '../documents/document.ts'
import { contentsOf } from './contents.ts'

/** Opens a mail as the folder of what is attached to it. */
export async function openAttachments(file: Pick<DocumentFile, 'whole'>): Promise<PackedArchive | Failure> {
  const contents = contentsOf(file.whole())
  if ('kind' in contents) return contents
  const { attachments } = contents
  const refusalOf = (index: number) => (attachments[index]?.content.isDamaged === false ? null : damagedEntry)
  return {
    kind: 'packed archive',
    comment: null,
    entries: attachments.map(({ path, content }, index) => ({
      name: path,
      sizeBytes: content.bytes.length,
      packedBytes: null,
      isFolder: false,
      run: null,
      refusal: refusalOf(index),
    })),
    unpack: async targets =>
      targets.map(({ index, to }) => {
        const attached = attachments[index]
        if (attached === undefined) return damagedEntry
        writeFileSync(to, attached.content.bytes, { flag: 'wx', mode: 0o600 })
        return refusalOf(index)
      }),
  }
}

const damagedEntry = inputFailure('damaged_document', [remark('damaged_attachment')])
