import { wholeDocument } from '../documents/whole-document.ts'
import type { DocumentFormat, Family } from '../family.ts'

const document: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'doc',
  reading: ['doc', 1],
  shownAs: ['DOC'],
  open: async file => {
    const { extractDoc } = await import('./extract-doc.ts')
    return await wholeDocument(file, async bytes => extractDoc(bytes))
  },
  account: { isMarked: false, areLinesFolded: false },
}

/** Word documents up to 2003, and those of WPS in the same form. */
export const doc: Family = {
  formats: [document],
  compounds: [[/^WordDocument$/, document]],
}
