import type { BinaryFormat, Family } from '../family.ts'
import { extractDocx } from './extract-docx.ts'

const document: BinaryFormat = {
  reads: 'bytes',
  name: 'docx',
  reading: ['docx', 2],
  shownAs: ['DOCX'],
  read: extractDocx,
  account: { isMarked: false, areLinesFolded: false },
}

/** Word documents since 2007. */
export const docx: Family = {
  formats: [document],
  packages: [{ root: 'document', folder: 'word', usualPart: 'word/document.xml', is: document }],
}
