import { wholeDocument } from '../documents/whole-document.ts'
import type { DocumentFormat, Family } from '../family.ts'
import { extractPhotoshop, loadComposite } from './extract-photoshop.ts'

const document: DocumentFormat = {
  reads: 'document',
  kind: 'image',
  name: 'photoshop',
  reading: ['photoshop', 1],
  shownAs: ['PSD'],
  maxBytes: 500_000_000,
  open: file => wholeDocument(file, extractPhotoshop, loadComposite),
  account: { isMarked: false, areLinesFolded: false },
}

/** Drawings of Photoshop, PSD and PSB. */
export const photoshop: Family = {
  formats: [document],
  signed: ({ latin1 }) =>
    ['8BPS\0\x01', '8BPS\0\x02'].some(start => latin1.startsWith(start)) ? { kind: 'format', format: document } : null,
}
