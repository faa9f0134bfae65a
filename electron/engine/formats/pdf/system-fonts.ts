/** The fonts of this computer, as a document names those that it does not carry. */

import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

export interface SystemFont {
  readonly path: string
  /** Where its tables begin in a collection; 0 in a file of its own. */
  readonly offset: number
  readonly isCollection: boolean
  /** All its names, as `fontKey` spells them. */
  readonly names: ReadonlySet<string>
  readonly isBold: boolean
  readonly isItalic: boolean
  /** The code pages that it says it covers: bits of `ulCodePageRange1`. */
  readonly codePages: number
}

const folders: Readonly<Record<string, () => readonly (string | undefined)[]>> = {
  win32: () => [
    process.env.SYSTEMROOT && join(process.env.SYSTEMROOT, 'Fonts'),
    process.env.LOCALAPPDATA && join(process.env.LOCALAPPDATA, 'Microsoft', 'Windows', 'Fonts'),
  ],
  darwin: () => ['/System/Library/Fonts', '/Library/Fonts', join(homedir(), 'Library', 'Fonts')],
  linux: () => [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(homedir(), '.local', 'share', 'fonts'),
    join(homedir(), '.fonts'),
  ],
}

/** More files than any computer has fonts, and names in a collection. */
const mostFiles = 10_000
const mostFaces = 100

export function findSystemFonts(): readonly SystemFont[] {
  const roots = (folders[process.platform] ?? folders.linux)?.() ?? []
  const files = roots.flatMap(root => (root ? fontFiles(root) : [])).slice(0, mostFiles)
  return files.flatMap(path => {
    try {
      return readFaces(path)
    } catch {
      return []
    }
  })
}

function fontFiles(root: string): string[] {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter(entry => /\.(?:ttf|ttc|otf|otc)$/i.test(entry.name))
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
  } catch {
    return []
  }
}

/** How names are compared: without blanks, hyphens, commas and capitals. */
export function fontKey(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\s,_-]+/g, '')
    .toLowerCase()
}

function readFaces(path: string): SystemFont[] {
  const handle = openSync(path, 'r')
  try {
    const read = (at: number, length: number) => {
      const bytes = new Uint8Array(length)
      return new DataView(bytes.buffer, 0, readSync(handle, bytes, 0, length, at))
    }
    const head = read(0, 12)
    const isCollection = head.getUint32(0) === tag('ttcf')
    const count = isCollection ? Math.min(head.getUint32(8), mostFaces) : 1
    const offsets = isCollection
      ? Array.from({ length: count }, (_, index) => read(12 + 4 * index, 4).getUint32(0))
      : [0]
    return offsets.map(offset => readFace(path, offset, isCollection, read))
  } finally {
    closeSync(handle)
  }
}

function readFace(
  path: string,
  offset: number,
  isCollection: boolean,
  read: (at: number, length: number) => DataView,
): SystemFont {
  const tables = tablesOf(offset, read)
  const [nameAt = 0, nameLength = 0] = tables.get(tag('name')) ?? []
  const names = readNames(read(nameAt, Math.min(nameLength, 1 << 20)))
  const os2 = tables.get(tag('OS/2'))
  const metrics = os2 === undefined ? null : read(os2[0], Math.min(os2[1], 96))
  const selection = metrics !== null && metrics.byteLength >= 64 ? metrics.getUint16(62) : 0
  const codePages = metrics !== null && metrics.byteLength >= 82 ? metrics.getUint32(78) : 0
  return {
    path,
    offset,
    isCollection,
    names,
    isBold: (selection & 32) !== 0,
    isItalic: (selection & 1) !== 0,
    codePages,
  }
}

function tablesOf(
  offset: number,
  read: (at: number, length: number) => DataView,
): Map<number, readonly [number, number]> {
  const count = Math.min(read(offset + 4, 2).getUint16(0), 200)
  const directory = read(offset + 12, 16 * count)
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const at = 16 * index
      return [directory.getUint32(at), [directory.getUint32(at + 8), directory.getUint32(at + 12)]]
    }),
  )
}

/** Families, full names and PostScript names, in every language. */
const namings = new Set([1, 2, 4, 6, 16])

function readNames(table: DataView): ReadonlySet<string> {
  const names = new Set<string>()
  const strings = table.getUint16(4)
  for (let index = 0; index < table.getUint16(2); index++) {
    const at = 6 + 12 * index
    const [platform, naming, length, start] = [0, 6, 8, 10].map(ahead => table.getUint16(at + ahead)) as [
      number,
      number,
      number,
      number,
    ]
    if (!namings.has(naming) || naming === 2) continue
    const bytes = new Uint8Array(table.buffer, strings + start, length)
    const encoding = platform === 1 ? 'latin1' : 'utf-16be'
    names.add(fontKey(new TextDecoder(encoding).decode(bytes)))
  }
  return names
}

function tag(name: string): number {
  return Buffer.from(name, 'latin1').readUInt32BE(0)
}

/** The characters that a font has shapes for. Throws for a file that is none. */
export function charactersOf({ path, offset }: SystemFont): (point: number) => boolean {
  const bytes = readFileSync(path)
  const read = (at: number, length: number) =>
    new DataView(bytes.buffer, bytes.byteOffset + at, Math.min(length, bytes.length - at))
  const [start, length] = tablesOf(offset, read).get(tag('cmap')) ?? [0, 0]
  const table = read(start, length)
  const subtables = new Map<number, number>()
  for (let index = 0; index < table.getUint16(2); index++) {
    const at = table.getUint32(4 + 8 * index + 4)
    subtables.set(table.getUint16(at), at)
  }
  const ranges: (readonly [number, number])[] = []
  const wide = subtables.get(12)
  const narrow = subtables.get(4)
  if (wide !== undefined) {
    for (let index = 0; index < table.getUint32(wide + 12); index++) {
      const at = wide + 16 + 12 * index
      ranges.push([table.getUint32(at), table.getUint32(at + 4)])
    }
  } else if (narrow !== undefined) {
    const count = table.getUint16(narrow + 6) / 2
    for (let index = 0; index < count; index++) {
      const end = table.getUint16(narrow + 14 + 2 * index)
      ranges.push([table.getUint16(narrow + 16 + 2 * count + 2 * index), end])
    }
  }
  ranges.sort(([a], [b]) => a - b)
  return point => {
    let [low, high] = [0, ranges.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ranges[middle]?.[1] ?? 0) < point) low = middle + 1
      else high = middle
    }
    return (ranges[low]?.[0] ?? Number.POSITIVE_INFINITY) <= point
  }
}
