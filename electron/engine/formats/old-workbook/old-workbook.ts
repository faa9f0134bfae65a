import type { DocumentFormat, Family, RowsFormat } from '../family.ts'
import { cellReading } from '../tables/table.ts'
import { noDocument } from '../workbook/no-document.ts'

/** Reads it in a child, and loads its pictures: a list, and no document of its own. */
const content: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'old workbook content',
  reading: ['old workbook content', 1],
  open: async file => {
    const { loadFromBook, readBook } = await import('./read-book.ts')
    const bytes = file.whole()
    return { ...noDocument, workbook: async () => readBook(bytes), load: async handle => loadFromBook(bytes, handle) }
  },
  account: { isMarked: false, areLinesFolded: false },
}

const sheets: RowsFormat = {
  reads: 'rows',
  name: 'old workbook',
  reading: cellReading,
  shownAs: ['XLS', 'ET'],
  extensions: [],
  cells: async function* (file, request) {
    const { readOldSheets } = await import('./read-old-sheets.ts')
    yield* readOldSheets(file, request, content.name)
  },
}

/** Workbooks of Excel up to 2003, and of WPS. */
export const oldWorkbook: Family = {
  formats: [sheets, content],
  compounds: [[/^(?:Workbook|Book)$/, sheets]],
}
