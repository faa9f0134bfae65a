import { crc32 } from 'node:zlib'
import type { DocumentFile } from '../documents/document.ts'
import { DamagedData } from './lzma.ts'

/** The directory of a 7Z archive (7zFormat.txt of the LZMA SDK, which is in the public domain). */
export interface SevenZipDirectory {
  readonly folders: readonly SevenZipFolder[]
  readonly entries: readonly SevenZipEntry[]
}

/** What is packed in one run: packed streams, and the coders that they go through one after the other. */
export interface SevenZipFolder {
  /** In the order in which bytes go through them while they are unpacked. */
  readonly coders: readonly Coder[]
  /** Whether the coders are more than one row: streams that are taken apart, as for programs. */
  readonly isBranched: boolean
  readonly offset: number
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly crc: number | null
  /** The files in it, one behind the other. */
  readonly files: readonly { readonly sizeBytes: number; readonly crc: number | null }[]
}

export interface Coder {
  /** Hexadecimal. */
  readonly method: string
  readonly properties: Uint8Array
  readonly sizeBytes: number
}

export interface SevenZipEntry {
  readonly name: string
  readonly isFolder: boolean
  /** Removes a file that an older archive has. */
  readonly isAnti: boolean
  readonly attributes: number
  /** Null where the entry is empty. */
  readonly content: { readonly folder: number; readonly file: number } | null
}

export type HeaderFault = 'damaged' | 'cut' | 'too large' | 'too many entries'

export class SevenZipError extends Error {
  readonly fault: HeaderFault

  constructor(fault: HeaderFault) {
    super()
    this.fault = fault
  }
}

const startBytes = 32
/** More than this is no directory of an archive that anybody made to be read. */
const maxDirectoryBytes = 128e6
const maxEntries = 200_000
const maxFolders = 200_000

const signature = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]

/** `unpack` gives the bytes of a folder, for directories that are packed themselves. Throws `SevenZipError`, `DamagedData` and whatever `unpack` throws. */
export function readSevenZipDirectory(
  file: Pick<DocumentFile, 'read' | 'sizeBytes'>,
  unpack: (folder: SevenZipFolder) => Uint8Array,
): SevenZipDirectory {
  const start = file.read(0, startBytes)
  if (start.length < startBytes || signature.some((byte, index) => start[index] !== byte)) throw new DamagedData()
  const view = new DataView(start.buffer, start.byteOffset)
  if (crc32(start.subarray(12)) !== view.getUint32(8, true)) throw new DamagedData()
  const offset = startBytes + Number(view.getBigUint64(12, true))
  const size = Number(view.getBigUint64(20, true))
  if (size === 0) return { folders: [], entries: [] }
  if (size > maxDirectoryBytes) throw new SevenZipError('too large')
  if (offset + size > file.sizeBytes) throw new SevenZipError('cut')
  let header = file.read(offset, size)
  if (crc32(header) !== view.getUint32(28, true)) throw new DamagedData()
  // A directory may be packed more than once.
  for (let depth = 0; header[0] === id.packedHeader; depth++) {
    const bytes = createBytes(header)
    bytes.byte()
    const [folder] = readStreams(bytes, file.sizeBytes)
    if (folder === undefined || depth > 3) throw new DamagedData()
    if (folder.sizeBytes > maxDirectoryBytes) throw new SevenZipError('too large')
    header = unpack(folder)
    if (folder.crc !== null && crc32(header) !== folder.crc) throw new DamagedData()
  }
  return readHeader(createBytes(header), file.sizeBytes)
}

const id = {
  end: 0,
  header: 1,
  properties: 2,
  additional: 3,
  mainStreams: 4,
  files: 5,
  packInfo: 6,
  unpackInfo: 7,
  subStreams: 8,
  size: 9,
  crc: 10,
  folder: 11,
  codersSize: 12,
  numUnpack: 13,
  emptyStream: 14,
  emptyFile: 15,
  anti: 16,
  names: 17,
  attributes: 21,
  packedHeader: 23,
} as const

function readHeader(bytes: Bytes, archiveBytes: number): SevenZipDirectory {
  if (bytes.byte() !== id.header) throw new DamagedData()
  let folders: readonly SevenZipFolder[] = []
  let entries: readonly SevenZipEntry[] = []
  for (let kind = bytes.byte(); kind !== id.end; kind = bytes.byte()) {
    if (kind === id.mainStreams) folders = readStreams(bytes, archiveBytes)
    else if (kind === id.files) entries = readEntries(bytes, folders)
    else if (kind === id.properties) skipProperties(bytes)
    else throw new DamagedData()
  }
  return { folders, entries }
}

function skipProperties(bytes: Bytes): void {
  while (bytes.byte() !== id.end) bytes.take(bytes.number())
}

function readStreams(bytes: Bytes, archiveBytes: number): readonly SevenZipFolder[] {
  let packed: readonly PackedStream[] = []
  let folders: FolderAt[] = []
  let files: readonly SevenZipFolder['files'][] | null = null
  for (let kind = bytes.byte(); kind !== id.end; kind = bytes.byte()) {
    if (kind === id.packInfo) packed = readPackInfo(bytes, archiveBytes)
    else if (kind === id.unpackInfo) folders = readFolders(bytes)
    else if (kind === id.subStreams) files = readSubStreams(bytes, folders)
    else throw new DamagedData()
  }
  let next = 0
  return folders.map((folder, index) => {
    const streams = packed.slice(next, next + folder.packedStreams)
    next += folder.packedStreams
    const [first] = streams
    if (first === undefined || streams.length < folder.packedStreams) throw new DamagedData()
    const { coders, isBranched, sizeBytes, crc } = folder
    const packedBytes = streams.reduce((sum, each) => sum + each.sizeBytes, 0)
    const own = files?.[index] ?? [{ sizeBytes, crc }]
    return { coders, isBranched, offset: first.offset, packedBytes, sizeBytes, crc, files: own }
  })
}

interface PackedStream {
  readonly offset: number
  readonly sizeBytes: number
}

function readPackInfo(bytes: Bytes, archiveBytes: number): readonly PackedStream[] {
  let offset = startBytes + bytes.number()
  const count = bytes.count(maxFolders * 4)
  let sizes: number[] = []
  for (let kind = bytes.byte(); kind !== id.end; kind = bytes.byte()) {
    if (kind === id.size) sizes = Array.from({ length: count }, () => bytes.number())
    else if (kind === id.crc) readChecksums(bytes, count)
    else throw new DamagedData()
  }
  return sizes.map(sizeBytes => {
    const stream = { offset, sizeBytes }
    offset += sizeBytes
    if (offset > archiveBytes) throw new SevenZipError('cut')
    return stream
  })
}

interface FolderAt extends Pick<SevenZipFolder, 'coders' | 'isBranched' | 'sizeBytes'> {
  crc: number | null
  readonly packedStreams: number
}

function readFolders(bytes: Bytes): FolderAt[] {
  if (bytes.byte() !== id.folder) throw new DamagedData()
  const count = bytes.count(maxFolders)
  if (bytes.byte() !== 0) throw new DamagedData()
  const shapes = Array.from({ length: count }, () => readFolder(bytes))
  if (bytes.byte() !== id.codersSize) throw new DamagedData()
  const folders: FolderAt[] = shapes.map(shape => {
    const sizes = Array.from({ length: shape.outputs }, () => bytes.number())
    return { ...orderedCoders(shape, sizes), crc: null, packedStreams: shape.packedStreams }
  })
  for (let kind = bytes.byte(); kind !== id.end; kind = bytes.byte()) {
    if (kind !== id.crc) throw new DamagedData()
    for (const [index, crc] of readChecksums(bytes, count).entries()) {
      const folder = folders[index]
      if (folder !== undefined) folder.crc = crc
    }
  }
  return folders
}

interface FolderShape {
  readonly coders: readonly { method: string; properties: Uint8Array; inputs: number; outputs: number }[]
  readonly outputs: number
  readonly binds: readonly { readonly input: number; readonly output: number }[]
  readonly packedStreams: number
}

function readFolder(bytes: Bytes): FolderShape {
  const coders = Array.from({ length: bytes.count(32) }, () => {
    const flags = bytes.byte()
    if ((flags & 0xc0) !== 0) throw new DamagedData()
    const method = Buffer.from(bytes.take(flags & 15)).toString('hex')
    const inputs = (flags & 16) !== 0 ? bytes.count(32) : 1
    const outputs = (flags & 16) !== 0 ? bytes.count(32) : 1
    const properties = (flags & 32) !== 0 ? bytes.take(bytes.count(1 << 16)) : new Uint8Array(0)
    return { method, properties, inputs, outputs }
  })
  const inputs = coders.reduce((sum, each) => sum + each.inputs, 0)
  const outputs = coders.reduce((sum, each) => sum + each.outputs, 0)
  if (outputs === 0) throw new DamagedData()
  const binds = Array.from({ length: outputs - 1 }, () => ({ input: bytes.number(), output: bytes.number() }))
  const packedStreams = inputs - binds.length
  if (packedStreams < 1) throw new DamagedData()
  if (packedStreams > 1) for (let index = 0; index < packedStreams; index++) bytes.number()
  return { coders, outputs, binds, packedStreams }
}

/** Coders of one stream each are put in the order in which they unpack. */
function orderedCoders(
  { coders, binds }: FolderShape,
  sizes: readonly number[],
): Pick<SevenZipFolder, 'coders' | 'isBranched' | 'sizeBytes'> {
  const isRow = coders.every(({ inputs, outputs }) => inputs === 1 && outputs === 1)
  const last = coders.findIndex((_, index) => binds.every(bind => bind.output !== index))
  const sizeBytes = sizes[isRow ? last : sizes.length - 1] ?? 0
  const all = coders.map(({ method, properties }, index) => ({ method, properties, sizeBytes: sizes[index] ?? 0 }))
  if (!isRow) return { coders: all, isBranched: true, sizeBytes }
  const row: Coder[] = []
  for (let index: number | undefined = last; index !== undefined; ) {
    const coder: Coder | undefined = all[index]
    if (coder === undefined || row.length > coders.length) throw new DamagedData()
    row.unshift(coder)
    index = binds.find(bind => bind.input === index)?.output
  }
  if (row.length !== coders.length) throw new DamagedData()
  return { coders: row, isBranched: false, sizeBytes }
}

function readSubStreams(bytes: Bytes, folders: readonly FolderAt[]): readonly SevenZipFolder['files'][] {
  let counts = folders.map(() => 1)
  let kind = bytes.byte()
  if (kind === id.numUnpack) {
    let left = maxEntries
    counts = folders.map(() => {
      const count = bytes.number()
      left -= count
      if (left < 0) throw new SevenZipError('too many entries')
      return count
    })
    kind = bytes.byte()
  }
  const sizes = folders.map(({ sizeBytes }, index) => {
    const count = counts[index] ?? 0
    if (count === 0) return []
    const own = kind === id.size ? Array.from({ length: count - 1 }, () => bytes.number()) : []
    const rest = sizeBytes - own.reduce((sum, size) => sum + size, 0)
    if (rest < 0 || own.length !== count - 1) throw new DamagedData()
    return [...own, rest]
  })
  if (kind === id.size) kind = bytes.byte()
  // A folder of one file has the file's own.
  const isKnown = (index: number) => counts[index] === 1 && folders[index]?.crc != null
  const unknown = counts.reduce((sum, count, index) => sum + (isKnown(index) ? 0 : count), 0)
  let checksums: readonly (number | null)[] = []
  for (; kind !== id.end; kind = bytes.byte()) {
    if (kind !== id.crc) throw new DamagedData()
    checksums = readChecksums(bytes, unknown)
  }
  let next = 0
  return sizes.map((own, index) =>
    own.map(sizeBytes => ({
      sizeBytes,
      crc: isKnown(index) ? (folders[index]?.crc ?? null) : (checksums[next++] ?? null),
    })),
  )
}

function readChecksums(bytes: Bytes, count: number): readonly (number | null)[] {
  const isThere = readFlags(bytes, count, true)
  return isThere.map(is => (is ? bytes.uint32() : null))
}

/** `hasAll`: a byte before them may say that all are set. */
function readFlags(bytes: Bytes, count: number, hasAll: boolean): readonly boolean[] {
  if (hasAll && bytes.byte() !== 0) return Array.from({ length: count }, () => true)
  const flags: boolean[] = []
  let value = 0
  for (let index = 0; index < count; index++) {
    if (index % 8 === 0) value = bytes.byte()
    flags.push((value & (0x80 >> (index % 8))) !== 0)
  }
  return flags
}

function readEntries(bytes: Bytes, folders: readonly SevenZipFolder[]): readonly SevenZipEntry[] {
  const count = bytes.number()
  if (count > maxEntries) throw new SevenZipError('too many entries')
  const none = Array.from({ length: count }, () => false)
  let names: readonly string[] = []
  let isEmpty: readonly boolean[] = none
  let emptyFiles: readonly boolean[] = none
  let anti: readonly boolean[] = none
  let attributes: readonly (number | null)[] = []
  for (let kind = bytes.number(); kind !== id.end; kind = bytes.number()) {
    const own = createBytes(bytes.take(bytes.number()))
    const empty = isEmpty.filter(Boolean).length
    if (kind === id.names) names = readNames(own, count)
    else if (kind === id.emptyStream) isEmpty = readFlags(own, count, false)
    else if (kind === id.emptyFile) emptyFiles = readFlags(own, empty, false)
    else if (kind === id.anti) anti = readFlags(own, empty, false)
    else if (kind === id.attributes) attributes = readAttributes(own, count)
    // Times, and what fills up: nothing that anybody sees.
  }
  if (names.length !== count) throw new DamagedData()
  const contents = folders.flatMap(({ files }, folder) => files.map((_, file) => ({ folder, file })))
  if (contents.length !== isEmpty.filter(is => !is).length) throw new DamagedData()
  let nextEmpty = 0
  let nextContent = 0
  return names.map((name, index) => {
    const bare = isEmpty[index] === true
    const empty = bare ? nextEmpty++ : -1
    const content = bare ? null : (contents[nextContent++] ?? null)
    return {
      name,
      isFolder: bare && emptyFiles[empty] !== true,
      isAnti: anti[empty] === true,
      attributes: attributes[index] ?? 0,
      content,
    }
  })
}

function readNames(bytes: Bytes, count: number): readonly string[] {
  if (bytes.byte() !== 0) throw new DamagedData()
  const all = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes.rest()).split('\0')
  if (all.length !== count + 1 || all.at(-1) !== '') throw new DamagedData()
  return all.slice(0, -1)
}

function readAttributes(bytes: Bytes, count: number): readonly (number | null)[] {
  const isThere = readFlags(bytes, count, true)
  if (bytes.byte() !== 0) throw new DamagedData()
  return isThere.map(is => (is ? bytes.uint32() : null))
}

interface Bytes {
  byte(): number
  uint32(): number
  /** Of up to eight bytes, whose first says how many there are. */
  number(): number
  /** The same where there cannot be more. */
  count(most: number): number
  take(length: number): Uint8Array
  rest(): Uint8Array
}

function createBytes(all: Uint8Array): Bytes {
  const view = new DataView(all.buffer, all.byteOffset, all.byteLength)
  let next = 0
  const take = (length: number) => {
    if (!(length <= all.length - next)) throw new DamagedData()
    next += length
    return all.subarray(next - length, next)
  }
  const byte = () => take(1)[0] ?? 0
  const number = () => {
    const first = byte()
    let value = 0
    for (let place = 0; place < 8; place++) {
      const mask = 0x80 >> place
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 2 ** (8 * place)
      value += byte() * 2 ** (8 * place)
    }
    return value
  }
  return {
    byte,
    uint32: () => {
      take(4)
      return view.getUint32(next - 4, true)
    },
    number,
    count: most => {
      const value = number()
      if (value > most) throw new DamagedData()
      return value
    },
    take,
    rest: () => take(all.length - next),
  }
}
