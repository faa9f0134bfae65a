import type { DocumentFormat, Family } from '../family.ts'
import { packageDocument } from '../office/package-document.ts'
import { extractPptx, loadFromPptx } from './extract-pptx.ts'

const document: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'pptx',
  reading: ['pptx', 1],
  shownAs: ['PPTX'],
  maxBytes: 200_000_000,
  open: file => packageDocument(file, extractPptx, loadFromPptx),
  account: { isMarked: false, areLinesFolded: false },
}

/** Presentations since 2007. */
export const pptx: Family = {
  formats: [document],
  packages: [{ root: 'presentation', folder: 'ppt', usualPart: 'ppt/presentation.xml', is: document }],
}
