import type { DocumentFormat, Family, Head } from '../family.ts'

const pdfDocument: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'pdf',
  reading: ['pdf', 2],
  // Illustrator saves a PDF within its own files unless it is told not to.
  shownAs: ['PDF', 'AI'],
  maxBytes: 1_000_000_000,
  open: async file => (await import('./open-pdf.ts')).openPdf(file),
  account: { isMarked: false, areLinesFolded: true },
}

/** How far from its beginning readers look for a document's mark: blank lines, a byte-order mark and rubbish may stand before it. */
const markReach = 1024

export const pdf: Family = {
  formats: [pdfDocument],
  announced: ({ latin1 }: Head) => {
    const start = latin1.slice(0, markReach)
    const at = start.indexOf('%PDF-')
    if (at < 0) return null
    // Within a line it is the mark only if the rest is what it announces: a text may speak of it.
    const beginsLine = /(?:^|[\r\n])[\t \xef\xbb\xbf]*$/.test(start.slice(0, at))
    return beginsLine || /\d \d{1,5} obj\b/.test(latin1) ? { kind: 'format', format: pdfDocument } : null
  },
}
