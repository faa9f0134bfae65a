import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import type { DocumentFormat, RowsFormat } from '../family.ts'
import { families } from '../registry.ts'

/** How many sectors of directory are read: some 8 000 names; a document has a few dozen. */
const maxSectors = 2048

/**
 * The names of the storages and streams at the top of a compound file ([MS-CFB]), which tell what program made it: below them lie whole
 * documents of other programs. Of a directory that names none there, all names. Reads the directory only; null when that is not where the
 * header says.
 */
export async function readCompoundNames(
  read: (offset: number, length: number) => Promise<Uint8Array>,
  sizeBytes: number,
): Promise<readonly string[] | null> {
  const header = viewOf(await read(0, 512))
  if (header.byteLength < 512) return null
  const shift = header.getUint16(30, true)
  if (shift !== 9 && shift !== 12) return null
  const sectorBytes = 1 << shift
  const offsetOf = (sector: number) => (sector + 1) * sectorBytes
  const isWithin = (sector: number) => sector < 0xfffffff0 && offsetOf(sector) < sizeBytes
  const entries: DirectoryEntry[] = []
  let sector = header.getUint32(48, true)
  for (let count = 0; isWithin(sector) && count < maxSectors; count++) {
    entries.push(...entriesIn(viewOf(await read(offsetOf(sector), sectorBytes))))
    // Where the chain goes on says the table of sectors, whose own first 109 sectors the header names.
    const perSector = sectorBytes / 4
    const index = Math.floor(sector / perSector)
    if (index >= 109) break
    const table = header.getUint32(76 + index * 4, true)
    if (!isWithin(table)) break
    const entry = viewOf(await read(offsetOf(table) + (sector % perSector) * 4, 4))
    if (entry.byteLength < 4) break
    sector = entry.getUint32(0, true)
  }
  const names = topOf(entries)
  const all = names.length > 0 ? names : entries.map(({ name }) => name).filter(name => name !== '')
  return all.length === 0 ? null : all
}

interface DirectoryEntry {
  /** Empty for one that is not used. */
  readonly name: string
  /** Entries beside it, by their number, and below it. */
  readonly beside: readonly number[]
  readonly below: number
}

/** The names right below the first entry, which is the file itself. */
function topOf(entries: readonly DirectoryEntry[]): readonly string[] {
  const met = new Set([entries[0]?.below ?? -1])
  for (const number of met) for (const each of entries[number]?.beside ?? []) met.add(each)
  met.delete(0)
  return [...met].flatMap(number => entries[number]?.name || [])
}

const entryBytes = 128

function entriesIn(directory: DataView): readonly DirectoryEntry[] {
  const entries: DirectoryEntry[] = []
  for (let at = 0; at + entryBytes <= directory.byteLength; at += entryBytes) {
    const length = directory.getUint16(at + 64, true)
    const isNamed = length >= 4 && length <= 64
    const letters = new Uint8Array(directory.buffer, directory.byteOffset + at, isNamed ? length - 2 : 0)
    entries.push({
      name: new TextDecoder('utf-16le').decode(letters),
      beside: [directory.getUint32(at + 68, true), directory.getUint32(at + 72, true)],
      below: directory.getUint32(at + 76, true),
    })
  }
  return entries
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** What a compound file with these names is; a remark says why it cannot be read. */
export function compoundKind(names: readonly string[] | null): DocumentFormat | RowsFormat | Remark {
  const known = families.flatMap(({ compounds }) => compounds ?? [])
  return known.find(([pattern]) => names?.some(name => pattern.test(name)))?.[1] ?? remark('old_office_file')
}
