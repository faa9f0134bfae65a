import type { Family } from '../family.ts'
import { readDelimited } from './delimited.ts'
import { cellReading } from './table.ts'

/** Tables as text with a character between the cells. */
export const tables: Family = {
  formats: [
    {
      reads: 'rows',
      name: 'delimited',
      reading: cellReading,
      shownAs: ['CSV', 'TSV'],
      extensions: ['csv', 'tsv'],
      cells: readDelimited,
    },
  ],
  familiar: { kind: 'text', extensions: ['csv', 'tsv'] },
}
