import type { DocumentFormat, Family } from '../family.ts'
import { packageDocument } from '../office/package-document.ts'
import { extractEpub, loadFromEpub } from './extract-epub.ts'

const document: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'epub',
  reading: ['epub', 1],
  shownAs: ['EPUB'],
  maxBytes: 200_000_000,
  open: file => packageDocument(file, extractEpub, loadFromEpub),
  // Its chapters are pages, whose reader knows the marks.
  account: { isMarked: false, areLinesFolded: false },
}

/** Electronic books of reflowing pages. */
export const epub: Family = {
  formats: [document],
  archived: ({ mime }) => (mime.startsWith('application/epub') ? { kind: 'format', format: document } : null),
}
