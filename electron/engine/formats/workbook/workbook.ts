import type { Family, RowsFormat } from '../family.ts'
import { cellReading } from '../tables/table.ts'

const sheets: RowsFormat = {
  reads: 'rows',
  name: 'workbook',
  reading: cellReading,
  shownAs: ['XLSX'],
  extensions: [],
  cells: async function* (file, request) {
    // Read in when a workbook is met: every start would take longer.
    const { readSheets } = await import('./read-sheets.ts')
    yield* readSheets(file, request)
  },
}

/** Excel workbooks since 2007. */
export const workbook: Family = {
  formats: [sheets],
  packages: [{ root: 'workbook', folder: 'xl', usualPart: 'xl/workbook.xml', is: sheets }],
}
