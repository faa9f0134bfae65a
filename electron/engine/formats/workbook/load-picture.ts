import type { Failure } from '../../../../shared/conclusion.ts'
import type { DocumentFile } from '../documents/document.ts'
import { openPackage } from '../docx/office-package.ts'
import { loadMedia } from '../office/package-media.ts'

/** A picture or a recording of a workbook, by the name of its part. */
export async function loadFromWorkbook(file: DocumentFile, handle: string): Promise<Uint8Array | Failure> {
  // No XML of it is read.
  const parts = openPackage(file, 0)
  return parts.kind === 'failure' ? parts : await loadMedia(parts.bytesOf, handle)
}
