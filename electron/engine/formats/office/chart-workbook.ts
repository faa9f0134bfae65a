import { DocumentError, type OfficePackage, openPackage } from '../docx/office-package.ts'
import { createBesideCells, readSheetWords } from '../workbook/beside-cells.ts'
import { attributeOf, type XmlElement } from '../xml/read-xml.ts'

/** Some thousand rows; behind a chart there are a few dozen. */
const maxUnpackedBytes = 10_000_000

/**
 * The words of the cells from which a chart was drawn, which people see when they edit its data; null where the workbook holds more than
 * cells, or cannot be read.
 */
export async function readChartWorkbook(document: OfficePackage, part: string): Promise<readonly string[] | null> {
  const unpacked = await document.bytesOf(part, maxUnpackedBytes)
  if (unpacked.kind !== 'unpacked') return null
  try {
    return await readCells(unpacked.bytes)
  } catch (error) {
    if (error instanceof DocumentError) return null
    throw error
  }
}

async function readCells(bytes: Uint8Array): Promise<readonly string[] | null> {
  const parts = openPackage(bytes, maxUnpackedBytes)
  if (parts.kind === 'failure' || !parts.names.every(name => plain.test(name))) return null
  const beside = createBesideCells(null)
  for (const name of parts.names) {
    if (!worded.test(name)) continue
    const root = await parts.read(name)
    readSheetWords(root, beside)
    beside.addWords(...stringsOf(root))
  }
  return beside.omitted().length === 0 ? beside.text().split('\n') : null
}

/** Files of a workbook that has cells and nothing else that is shown. */
const plain =
  /^(?:\[content_types\]\.xml|docprops\/(?:core|app|custom|thumbnail)\.\w+|xl\/printersettings\/[^/]*|xl\/(?:workbook|styles|sharedstrings|calcchain|metadata|theme\/theme\d*|tables\/table\d*|worksheets\/sheet\d*)\.xml|(?:.*\/)?_rels\/[^/]*\.rels|.*\/)$/

const worded = /^xl\/(?:workbook|sharedstrings|tables\/[^/]*|worksheets\/[^/]*)\.xml$/

/** Strings whole, whose runs the markup tears apart. */
function stringsOf(element: XmlElement): readonly string[] {
  if (element.local === 'si' || element.local === 'is') return [textOf(element)]
  // A formula's result.
  if (element.local === 'c' && attributeOf(element, 't') === 'str') return [textOf(element)]
  return element.children.flatMap(each => (each.kind === 'element' ? stringsOf(each) : []))
}

function textOf(element: XmlElement): string {
  return element.children
    .map(each => (each.kind === 'text' ? each.value : /^(?:rPh|f)$/.test(each.local) ? '' : textOf(each)))
    .join('')
}
