import type { Failure } from '../../../../shared/conclusion.ts'
import type { ExtractedText } from '../family.ts'
import type { DocumentFile, OpenDocument } from './document.ts'

/** A document that is held in memory whole and is read in one go, by its own bytes alone. */
export async function wholeDocument(
  file: DocumentFile,
  read: (bytes: Uint8Array) => Promise<ExtractedText | Failure>,
  load: (bytes: Uint8Array, handle: string) => Promise<Uint8Array | Failure> = noPieces,
): Promise<OpenDocument> {
  const bytes = file.whole()
  return {
    kind: 'document',
    survey: async () => {
      const extracted = await read(bytes)
      if (extracted.kind === 'failure') return extracted
      return { ...extracted, sections: extracted.sections ?? [], pieces: extracted.pieces ?? [] }
    },
    load: handle => load(bytes, handle),
    close: () => undefined,
  }
}

async function noPieces(): Promise<never> {
  throw new Error('a document without pieces was asked for one')
}
