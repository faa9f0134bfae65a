import type { DocumentFormat, Family } from '../family.ts'
import { packageDocument } from '../office/package-document.ts'
import { extractOdf, loadFromOdf } from './extract-odf.ts'

function formatOf(name: string, shownAs: readonly string[]): DocumentFormat {
  return {
    reads: 'document',
    kind: 'document',
    name,
    reading: [name, 1],
    shownAs,
    maxBytes: 200_000_000,
    open: file => packageDocument(file, source => extractOdf(source, name), loadFromOdf),
    account: { isMarked: false, areLinesFolded: false },
  }
}

const byType: Readonly<Partial<Record<string, DocumentFormat>>> = {
  text: formatOf('odt', ['ODT']),
  presentation: formatOf('odp', ['ODP']),
  spreadsheet: formatOf('ods', ['ODS']),
  graphics: formatOf('odg', []),
}

/** OpenDocument: texts, presentations, spreadsheets and drawings, and the templates of each. */
export const odf: Family = {
  formats: Object.values(byType).filter(each => each !== undefined),
  archived: ({ mime }) => {
    const type = /^application\/vnd\.oasis\.opendocument\.(\w+)(?:-(?:template|master))?$/.exec(mime)?.[1]
    const format = type === undefined || !Object.hasOwn(byType, type) ? undefined : byType[type]
    return format === undefined ? null : { kind: 'format', format }
  },
}
