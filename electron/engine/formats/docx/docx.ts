import type { DocumentFormat, Family } from '../family.ts'
import { packageDocument } from '../office/package-document.ts'
import { extractDocx, loadFromDocx } from './extract-docx.ts'

const document: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'docx',
  reading: ['docx', 3],
  shownAs: ['DOCX'],
  maxBytes: 200_000_000,
  open: file => packageDocument(file, extractDocx, loadFromDocx),
  account: { isMarked: false, areLinesFolded: false },
}

/** Word documents since 2007. */
export const docx: Family = {
  formats: [document],
  packages: [{ root: 'document', folder: 'word', usualPart: 'word/document.xml', is: document }],
}
