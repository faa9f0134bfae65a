import { inflateSync } from 'node:zlib'
import type { PdfDictionary, PdfObject } from './syntax.ts'

/**
 * Whether the data of a stream end before what they hold does. Decoders show what they can of such a picture, as white or grey where it is
 * missing, and say nothing. Data over `unpackedBytes` are not unpacked for this.
 */
export function isCut({ entries }: PdfDictionary, data: Uint8Array, unpackedBytes: number): boolean {
  const filter = entries.get('Filter')
  const first = Array.isArray(filter) ? filter[0] : filter
  if (data.length === 0) return false
  switch (nameOf(first)) {
    case 'DCTDecode':
    case 'DCT':
      return !endsWithMarker(data.subarray(-4096))
    // In the data of a codestream no byte over 8F follows FF (ITU-T T.800, annex A), so that it is the marker wherever it stands.
    case 'JPXDecode':
      return !endsWithMarker(data)
    case 'JBIG2Decode':
      return areSegmentsCut(data)
    case 'CCITTFaxDecode':
    case 'CCF': {
      const own = entries.get('DecodeParms')
      return isFaxCut(data, (Array.isArray(own) ? own[0] : own) ?? null)
    }
    case 'FlateDecode':
    case 'Fl':
      return data.length <= unpackedBytes && isDeflateCut(data, unpackedBytes)
    default:
      return false
  }
}

function nameOf(object: PdfObject | undefined): string {
  return typeof object === 'object' && object !== null && 'kind' in object && object.kind === 'name' ? object.name : ''
}

/** The end of a JPEG, and of a JPEG 2000 codestream. */
function endsWithMarker(data: Uint8Array): boolean {
  return Buffer.from(data.buffer, data.byteOffset, data.length).includes(Buffer.from([0xff, 0xd9]))
}

function isDeflateCut(data: Uint8Array, unpackedBytes: number): boolean {
  try {
    inflateSync(data, { maxOutputLength: unpackedBytes })
    return false
  } catch (error) {
    return !(error instanceof RangeError)
  }
}

const unknownLength = 0xffffffff

/** Segments follow each other, each with its length (ITU-T T.88, 7.2); a region whose length is not known says where it ends by itself. */
function areSegmentsCut(data: Uint8Array): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  try {
    let at = 0
    while (at < data.length) {
      const number = view.getUint32(at)
      const isPageWide = (view.getUint8(at + 4) & 0x40) !== 0
      let referred = view.getUint8(at + 5) >> 5
      at += 6
      if (referred === 7) {
        referred = view.getUint32(at - 1) & 0x1fffffff
        at += 3 + ((referred + 8) >> 3)
      }
      at += referred * (number <= 256 ? 1 : number <= 65536 ? 2 : 4) + (isPageWide ? 4 : 1)
      const length = view.getUint32(at)
      if (length === unknownLength) return false
      at += 4 + length
      if (at > data.length) return true
    }
    return false
  } catch {
    return true
  }
}

/** Group 4 ends with two marks of eleven zeros and a one, unless it says that it does not (ISO 32000-1, table 11). */
function isFaxCut(data: Uint8Array, parameters: PdfObject): boolean {
  if (typeof parameters !== 'object' || parameters === null || !('kind' in parameters)) return false
  if (parameters.kind !== 'dictionary') return false
  const { entries } = parameters
  const lines = entries.get('K')
  if (typeof lines !== 'number' || lines >= 0 || entries.get('EndOfBlock') === false) return false
  // With what some writers put behind it.
  const bits = Array.from(data.subarray(-16), byte => byte.toString(2).padStart(8, '0')).join('')
  return !bits.includes('000000000001000000000001')
}
