import type { DocumentFormat, Family, RowsFormat } from '../family.ts'
import { cellReading } from '../tables/table.ts'
import { noDocument } from './no-document.ts'

/** Loads the pictures that rows and sheets hold: no file is one. */
const pictures: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'workbook pictures',
  reading: ['workbook pictures', 1],
  open: async file => {
    const { loadFromWorkbook } = await import('./load-picture.ts')
    return { ...noDocument, load: handle => loadFromWorkbook(file, handle) }
  },
  account: { isMarked: false, areLinesFolded: false },
}

export const sheets: RowsFormat = {
  reads: 'rows',
  name: 'workbook',
  reading: cellReading,
  shownAs: ['XLSX'],
  extensions: [],
  cells: async function* (file, request) {
    // Read in when a workbook is met: every start would take longer.
    const { readSheets } = await import('./read-sheets.ts')
    yield* readSheets(file, request, pictures.name)
  },
}

/** Excel workbooks since 2007. */
export const workbook: Family = {
  formats: [sheets, pictures],
  packages: [{ root: 'workbook', folder: 'xl', usualPart: 'xl/workbook.xml', is: sheets }],
}
