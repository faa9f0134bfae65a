import { closeSync, openSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFile } from '../documents/document.ts'
import { archiveLimits, type UnpackTarget } from './listing.ts'
import { type ByteSink, type ByteSource, DamagedData, lzma2Of, lzmaOf } from './lzma.ts'
import type { PackedArchive, PackedEntry } from './packed-archive.ts'
import {
  readSevenZipDirectory,
  type SevenZipDirectory,
  type SevenZipEntry,
  SevenZipError,
  type SevenZipFolder,
} from './seven-zip-directory.ts'

/** Opens a 7Z archive; what is packed by LZMA, LZMA2 or not at all is unpacked. Throws what reading and writing throw. */
export async function openSevenZip(file: DocumentFile): Promise<PackedArchive | Failure> {
  try {
    const directory = readSevenZipDirectory(file, folder => unpackWhole(file, folder))
    return {
      kind: 'packed archive',
      entries: directory.entries.map(entry => listed(entry, directory)),
      comment: null,
      unpack: async targets => unpack(file, directory, targets),
    }
  } catch (error) {
    if (error instanceof EncryptedDirectory) return refused(remark('encrypted_archive'))
    if (error instanceof SevenZipError) return faults[error.fault]
    if (error instanceof DamagedData) return inputFailure('damaged_document', [remark('damaged_archive')])
    throw error
  }
}

class EncryptedDirectory extends Error {}

const faults: Readonly<Record<SevenZipError['fault'], Failure>> = {
  damaged: inputFailure('damaged_document', [remark('damaged_archive')]),
  cut: inputFailure('damaged_document', [remark('cut_archive')]),
  'too large': inputFailure('too_large', [remark('archive_directory', { limit: 128e6 })]),
  'too many entries': inputFailure('too_large', [remark('archive_entries', { limit: archiveLimits.entries })]),
}

function refused(what: Remark): Failure {
  return inputFailure('unsupported_type', [what])
}

/** Attributes of Unix stand above those of Windows, which say so by this bit. */
const hasUnixMode = 0x8000
const unixLink = 0xa
const windowsLink = 0x400

function listed(entry: SevenZipEntry, { folders }: SevenZipDirectory): PackedEntry {
  const { name, content, isFolder } = entry
  const folder = content === null ? undefined : folders[content.folder]
  const sizeBytes = content === null ? 0 : (folder?.files[content.file]?.sizeBytes ?? 0)
  const isAlone = folder !== undefined && folder.files.length === 1
  return {
    name,
    sizeBytes,
    packedBytes: isAlone ? folder.packedBytes : null,
    isFolder,
    run: isAlone || content === null ? null : content.folder,
    refusal: refusalOf(entry, folder),
  }
}

function refusalOf({ attributes, isAnti }: SevenZipEntry, folder: SevenZipFolder | undefined): Failure | null {
  const kind = (attributes & hasUnixMode) === 0 ? 0 : attributes >>> 28
  if (kind === unixLink || (kind === 0 && (attributes & windowsLink) !== 0)) return refused(remark('entry_link'))
  if (kind !== 0 && kind !== 4 && kind !== 8) return refused(remark('special_file'))
  if (isAnti) return refused(remark('entry_method', { name: 'anti-item' }))
  if (folder === undefined) return null
  if (folder.coders.some(({ method }) => method === aes)) return refused(remark('encrypted_archive'))
  const unknown = unknownMethodOf(folder)
  if (unknown !== null) return refused(remark('entry_method', { name: unknown }))
  if (folder.files.length > 1 && folder.sizeBytes > archiveLimits.solidBytes) {
    return inputFailure('too_large', [remark('archive_solid', { limit: archiveLimits.solidBytes })])
  }
  const { sizeBytes, packedBytes } = folder
  if (sizeBytes > archiveLimits.ratioFromBytes && sizeBytes > packedBytes * archiveLimits.ratio) {
    return inputFailure('too_large', [remark('entry_ratio', { limit: archiveLimits.ratio })])
  }
  return null
}

const aes = '06f10701'
const copy = '00'
const delta = '03'
const methodNames: Readonly<Record<string, string>> = {
  '0a': 'ARM64',
  '0b': 'RISCV',
  '04': 'BCJ',
  '030401': 'PPMd',
  '03030103': 'BCJ',
  '040108': 'deflate',
  '040109': 'deflate64',
  '040202': 'bzip2',
  '04f71101': 'zstd',
  '04f71102': 'brotli',
  '04f71104': 'LZ4',
}

/** The first method that is not unpacked here, under its name; null where all are. */
function unknownMethodOf({ coders, isBranched }: SevenZipFolder): string | null {
  if (isBranched) return 'BCJ2'
  const unknown = coders.find((coder, index) =>
    index === 0 ? unpackerOf(coder) === null : coder.method !== copy && coder.method !== delta,
  )
  return unknown === undefined ? null : (methodNames[unknown.method] ?? unknown.method)
}

/** Larger dictionaries are for archives of another kind than these; they would take all memory of the child. */
const maxDictionaryBytes = 512e6

function unpackerOf({ method, properties }: SevenZipFolder['coders'][number]) {
  switch (method) {
    case copy:
      return copyAll
    case '030101':
      return lzmaOf(properties, maxDictionaryBytes)
    case '21':
      return lzma2Of(properties, maxDictionaryBytes)
    default:
      return null
  }
}

function copyAll(source: ByteSource, sizeBytes: number, sink: ByteSink): void {
  for (let left = sizeBytes; left > 0; ) {
    const piece = source().subarray(0, left)
    if (piece.length === 0) throw new DamagedData()
    left -= piece.length
    if (!sink(piece)) return
  }
}

const readBytes = 1 << 18

function unpackFolder(file: DocumentFile, folder: SevenZipFolder, sink: ByteSink): void {
  const [first, ...filters] = folder.coders
  const unpacker = first === undefined ? null : unpackerOf(first)
  if (first === undefined || unpacker === null) throw new DamagedData()
  let { offset } = folder
  const end = offset + folder.packedBytes
  const source = () => {
    const piece = file.read(offset, Math.min(readBytes, end - offset))
    offset += piece.length
    return piece
  }
  unpacker(
    source,
    first.sizeBytes,
    filters.reduceRight((next, { method, properties }) => (method === delta ? undelta(properties, next) : next), sink),
  )
}

/** Bytes are kept as differences from the one so many places before. */
function undelta([properties = 0]: Uint8Array, next: ByteSink): ByteSink {
  const before = new Uint8Array(properties + 1)
  let place = 0
  return bytes => {
    const whole = new Uint8Array(bytes.length)
    for (let index = 0; index < bytes.length; index++) {
      const value = ((bytes[index] ?? 0) + (before[place] ?? 0)) & 0xff
      before[place] = value
      whole[index] = value
      place = place === properties ? 0 : place + 1
    }
    return next(whole)
  }
}

function unpackWhole(file: DocumentFile, folder: SevenZipFolder): Uint8Array {
  if (folder.coders.some(({ method }) => method === aes)) throw new EncryptedDirectory()
  if (unknownMethodOf(folder) !== null) throw new DamagedData()
  const pieces: Uint8Array[] = []
  unpackFolder(file, folder, bytes => {
    pieces.push(bytes.slice())
    return true
  })
  return Buffer.concat(pieces)
}

const damagedEntry = inputFailure('damaged_document', [remark('damaged_entry')])

function unpack(
  file: DocumentFile,
  { entries, folders }: SevenZipDirectory,
  targets: readonly UnpackTarget[],
): readonly (Failure | null)[] {
  const results: (Failure | null)[] = targets.map(() => damagedEntry)
  const wanted = new Map<number, Map<number, { readonly to: string; readonly place: number }>>()
  for (const [place, { index, to }] of targets.entries()) {
    const content = entries[index]?.content
    if (content === undefined) continue
    if (content === null) {
      closeSync(openSync(to, 'wx', 0o600))
      results[place] = null
      continue
    }
    const files = wanted.get(content.folder) ?? new Map()
    files.set(content.file, { to, place })
    wanted.set(content.folder, files)
  }
  for (const [index, files] of wanted) {
    const folder = folders[index]
    if (folder === undefined) continue
    using split = splitInto(folder, files, place => {
      results[place] = null
    })
    try {
      unpackFolder(file, folder, split.take)
    } catch (error) {
      if (!(error instanceof DamagedData)) throw error
    }
  }
  return results
}

/** Writes the files of a folder as they come by; `onWhole` is told of each that is what the directory says. */
function splitInto(
  { files }: SevenZipFolder,
  wanted: ReadonlyMap<number, { readonly to: string; readonly place: number }>,
  onWhole: (place: number) => void,
): { take: ByteSink } & Disposable {
  let current = -1
  let left = 0
  let sum = 0
  let handle: number | null = null
  let remaining = wanted.size
  const close = () => {
    if (handle !== null) closeSync(handle)
    handle = null
  }
  /** Ends files that are whole, the empty ones too, and begins the next. */
  const advance = () => {
    while (left === 0 && remaining > 0 && current < files.length) {
      const own = wanted.get(current)
      close()
      if (own !== undefined) {
        const crc = files[current]?.crc ?? null
        if (crc === null || crc === sum) onWhole(own.place)
        remaining--
      }
      current++
      left = files[current]?.sizeBytes ?? 0
      sum = 0
      const next = wanted.get(current)
      if (next !== undefined) handle = openSync(next.to, 'wx', 0o600)
    }
  }
  advance()
  return {
    take: bytes => {
      for (let at = 0; at < bytes.length && remaining > 0; ) {
        const piece = bytes.subarray(at, at + left)
        at += piece.length
        left -= piece.length
        if (handle !== null) {
          sum = crc32(piece, sum)
          for (let written = 0; written < piece.length; ) written += writeSync(handle, piece, written)
        }
        advance()
        if (current >= files.length) break
      }
      return remaining > 0
    },
    [Symbol.dispose]: close,
  }
}
