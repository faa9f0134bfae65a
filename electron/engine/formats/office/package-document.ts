import type { Failure } from '../../../../shared/conclusion.ts'
import type { DocumentFile, OpenDocument } from '../documents/document.ts'
import type { PackageSource } from '../docx/office-package.ts'
import type { ExtractedText } from '../family.ts'

/** A document that is a package: its parts and pieces are read one by one, so that a large one takes little more memory than a small one. */
export async function packageDocument(
  file: DocumentFile,
  read: (source: PackageSource) => Promise<ExtractedText | Failure>,
  load: (source: PackageSource, handle: string) => Promise<Uint8Array | Failure>,
): Promise<OpenDocument> {
  return {
    kind: 'document',
    survey: async () => {
      const extracted = await read(file)
      if (extracted.kind === 'failure') return extracted
      return { ...extracted, sections: extracted.sections ?? [], pieces: extracted.pieces ?? [] }
    },
    load: handle => load(file, handle),
    close: () => undefined,
  }
}
