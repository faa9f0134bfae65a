import { isCut } from './cut-data.ts'
import type { Pdfium } from './pdfium.ts'
import { type PdfDictionary, type PdfObject, readObject, skipBlanks, unfinished } from './syntax.ts'

/**
 * The objects of a document as PDFium has read them. It is asked for a copy, whose bytes are looked at as they come and not kept: so
 * what is accounted for is what is drawn, whatever the file makes other readers see.
 */
export interface Structure {
  readonly trailer: PdfDictionary
  /** Null for one that is not there. */
  object(number: number): IndirectObject | null
  /** The numbers of all objects; with a word, of those only that hold it as they are written. */
  numbers(word?: string): Iterable<number>
}

export interface IndirectObject {
  readonly object: PdfObject
  /** The dictionary is that of a stream. */
  readonly isStream: boolean
  /** The data of the stream ends before they should, or cannot be unpacked. */
  readonly isDamaged: boolean
}

/** Why a document's structure cannot be told. */
export type Unclear = 'too_many_objects' | 'unclear_structure'

interface Limits {
  /** Of all objects together, without their streams. */
  readonly keptBytes: number
  /** Of one stream that is unpacked to see whether it is whole, and of what comes out. */
  readonly unpackedBytes: number
}

const usualLimits: Limits = { keptBytes: 100_000_000, unpackedBytes: 64_000_000 }

/** `FPDF_NO_INCREMENTAL`, and `FPDF_REMOVE_SECURITY` where a password of the owner's alone protects the file. */
const copyFlags = { plain: 2, decrypted: 3 } as const

export function readStructure(pdfium: Pdfium, document: number, limits = usualLimits): Structure | Unclear {
  const reader = createCopyReader(limits)
  let failure: unknown = null
  const write = pdfium.runtime.addFunction((_, address = 0, length = 0) => {
    try {
      reader.add(pdfium.runtime.HEAPU8.slice(address, address + length))
      return 1
    } catch (error) {
      failure = error
      return 0
    }
  }, 'iiii')
  const flags = pdfium.EPDF_IsEncrypted(document) !== 0 ? copyFlags.decrypted : copyFlags.plain
  const isWritten = pdfium.withMemory(8, writer => {
    const struct = pdfium.view(writer, 8)
    struct.setInt32(0, 1, true)
    struct.setInt32(4, write, true)
    return pdfium.FPDF_SaveAsCopy(document, writer, flags)
  })
  if (failure instanceof TooMany) return 'too_many_objects'
  if (isWritten === 0 || failure !== null) return 'unclear_structure'
  return reader.finish() ?? 'unclear_structure'
}

class TooMany extends Error {}

interface Kept {
  /** Written out: a hundred thousand objects take less as bytes than as objects. */
  readonly bytes: Uint8Array
  readonly isStream: boolean
  readonly isDamaged: boolean
}

function createCopyReader(limits: Limits) {
  const kept = new Map<number, Kept>()
  /** Streams whose length is an object of its own, which may come later. */
  const lengths: { readonly of: number; readonly bytes: number }[] = []
  let keptBytes = 0
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let wanted = 0
  let trailer: PdfDictionary | null = null
  let isBegun = false

  const keep = (number: number, object: Kept) => {
    keptBytes += object.bytes.length
    if (keptBytes > limits.keptBytes) throw new TooMany()
    kept.set(number, object)
  }

  /** Takes one object, or whatever begins at `at`; answers where it ends. Throws `unfinished` where more is needed. */
  const take = (bytes: Uint8Array, at: number): number => {
    const head = latin1(bytes, at, 32)
    if (!isBegun) {
      // `%PDF-1.7` and a line of what is no text.
      const body = /\n(?=\d+ \d+ obj|xref|trailer)/.exec(latin1(bytes, at, 64))
      if (body === null) throw unfinished
      isBegun = true
      return at + body.index + 1
    }
    const header = /^\s*(\d{1,10}) \d{1,10} obj/.exec(head)
    if (header === null) {
      if (!/^\s*(?:xref|trailer)/.test(head)) throw head.length < 32 ? unfinished : new Error('no object')
      return takeTrailer(bytes, at)
    }
    const start = at + header[0].length
    const { object, end } = readObject(bytes, start)
    const after = skipBlanks(bytes, end)
    const word = latin1(bytes, after, 8)
    const number = Number(header[1])
    if (word.startsWith('endobj')) {
      keep(number, { bytes: bytes.slice(start, end), isStream: false, isDamaged: false })
      return after + 6
    }
    if (!word.startsWith('stream')) throw word.length < 8 ? unfinished : new Error('no end of an object')
    if (!isDictionary(object)) throw new Error('a stream without a dictionary')
    const data = after + (bytes[after + 6] === 13 ? 8 : 7)
    const length = object.entries.get('Length')
    const dataEnd =
      typeof length === 'number' ? data + length : bufferOf(bytes).indexOf('\r\nendstream\r\nendobj', data)
    if (dataEnd < data || dataEnd + 24 > bytes.length) {
      wanted = Math.max(wanted, dataEnd + 24 - at)
      throw unfinished
    }
    if (typeof length !== 'number')
      lengths.push({ of: length === undefined ? 0 : referredTo(length), bytes: dataEnd - data })
    const closing = /^\s*endstream\s*endobj/.exec(latin1(bytes, dataEnd, 24))
    if (closing === null) throw new Error('no end of a stream')
    const isDamaged = isCut(object, bytes.subarray(data, dataEnd), limits.unpackedBytes)
    keep(number, { bytes: bytes.slice(start, end), isStream: true, isDamaged })
    return dataEnd + closing[0].length
  }

  /** It stands behind the table of offsets, at the very end. */
  const takeTrailer = (bytes: Uint8Array, at: number): number => {
    const found = bufferOf(bytes).indexOf('trailer', at)
    if (found < 0 || bufferOf(bytes).indexOf('%%EOF', found) < 0) throw unfinished
    const { object } = readObject(bytes, found + 7)
    if (isDictionary(object)) trailer = object
    return bytes.length
  }

  return {
    add: (block: Uint8Array) => {
      waiting.push(block)
      waitingBytes += block.length
      if (waitingBytes < wanted) return
      const bytes = Buffer.concat(waiting)
      let at = 0
      wanted = 0
      try {
        while (at < bytes.length) at = take(bytes, at)
      } catch (error) {
        if (error !== unfinished) throw error
        // Looked at again when there is twice as much: an object that never ends is not read over and over.
        wanted = Math.max(wanted, 2 * (bytes.length - at))
      }
      const rest = Uint8Array.prototype.slice.call(bytes, at)
      waiting = [rest]
      waitingBytes = rest.length
    },
    finish: (): Structure | null => {
      const bytes = Buffer.concat(waiting)
      let at = 0
      while (at < bytes.length) at = take(bytes, skipBlanks(bytes, at))
      const object = createObjectReader(kept)
      if (trailer === null) return null
      // What stands in a stream could pass for its end: the length that the file states must agree.
      if (lengths.some(({ of, bytes: length }) => object(of)?.object !== length)) return null
      const numbers = (word = '') =>
        kept
          .entries()
          .filter(([, found]) => bufferOf(found.bytes).includes(word))
          .map(([number]) => number)
      return { trailer, object, numbers }
    },
  }
}

/** Of objects that were read last, as they are written: what many others name is not read again for each of them. */
const heldBytes = 4_000_000

function createObjectReader(kept: ReadonlyMap<number, Kept>): Structure['object'] {
  const held = new Map<number, IndirectObject>()
  let bytes = 0
  return number => {
    const known = held.get(number)
    if (known !== undefined) return known
    const found = kept.get(number)
    if (found === undefined) return null
    const { isStream, isDamaged } = found
    const read = { object: readObject(padded(found.bytes), 0).object, isStream, isDamaged }
    bytes += found.bytes.length
    if (bytes > heldBytes) {
      held.clear()
      bytes = found.bytes.length
    }
    held.set(number, read)
    return read
  }
}

/** The same bytes. */
function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}

function latin1(bytes: Uint8Array, start: number, length: number): string {
  return bufferOf(bytes).toString('latin1', start, Math.min(bytes.length, start + length))
}

/** A number is over where something else begins. */
function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.from(' '.repeat(25))])
}

function isDictionary(object: PdfObject): object is PdfDictionary {
  return typeof object === 'object' && object !== null && 'kind' in object && object.kind === 'dictionary'
}

function referredTo(object: PdfObject): number {
  return typeof object === 'object' && object !== null && 'kind' in object && object.kind === 'reference'
    ? object.to
    : 0
}
