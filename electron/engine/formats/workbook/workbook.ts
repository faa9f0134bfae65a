import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFormat, Family, RowsFormat } from '../family.ts'
import { cellReading } from '../tables/table.ts'

/** Loads the pictures that rows and sheets hold: no file is one. */
const pictures: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'workbook pictures',
  reading: ['workbook pictures', 1],
  open: async file => ({
    kind: 'document',
    survey: async () => inputFailure('changed_file', [remark('now_table')]),
    load: async handle => {
      const { loadFromWorkbook } = await import('./load-picture.ts')
      return await loadFromWorkbook(file, handle)
    },
    close: () => undefined,
  }),
  account: { isMarked: false, areLinesFolded: false },
}

const sheets: RowsFormat = {
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
