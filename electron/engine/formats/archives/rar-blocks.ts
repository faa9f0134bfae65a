import type { DocumentFile } from '../documents/document.ts'

/**
 * How many files the blocks of a RAR archive announce, and whether the one that ends it is there: the library takes an archive that is cut
 * between two files for a whole one. Programs before RAR 3 marked no end, and their archives are taken for cut (RAR 5.0 archive format; technote.txt of RAR 4). `damaged` where the blocks lead nowhere.
 */
export function readRarBlocks(
  file: Pick<DocumentFile, 'read' | 'sizeBytes'>,
): { readonly files: number; readonly hasEnd: boolean } | 'damaged' {
  const signature = file.read(0, 8)
  const isFive = signature[6] === 1
  let files = 0
  for (let position = isFive ? 8 : 7; position < file.sizeBytes; ) {
    const block = (isFive ? blockOfFive : blockOfFour)(file.read(position, 64))
    if (block === null) return 'damaged'
    if (block.kind === 'end') return { files, hasEnd: true }
    if (block.kind === 'file') files++
    position += block.sizeBytes
    if (position > file.sizeBytes) return 'damaged'
  }
  return { files, hasEnd: false }
}

interface Block {
  readonly kind: 'file' | 'end' | 'other'
  /** With the data behind its header. */
  readonly sizeBytes: number
}

function blockOfFive(bytes: Uint8Array): Block | null {
  let next = 4
  const number = () => {
    let value = 0
    for (let place = 0; place < 10; place++) {
      const byte = bytes[next++] ?? 0
      value += (byte & 0x7f) * 2 ** (7 * place)
      if (byte < 0x80) break
    }
    return value
  }
  const headerBytes = number()
  const start = next
  const type = number()
  const flags = number()
  if ((flags & 1) !== 0) number()
  const dataBytes = (flags & 2) === 0 ? 0 : number()
  if (headerBytes === 0 || next > bytes.length) return null
  return { kind: type === 2 ? 'file' : type === 5 ? 'end' : 'other', sizeBytes: start + headerBytes + dataBytes }
}

function blockOfFour(bytes: Uint8Array): Block | null {
  if (bytes.length < 7) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const type = bytes[2]
  const flags = view.getUint16(3, true)
  const headerBytes = view.getUint16(5, true)
  if (headerBytes < 7) return null
  if (type === 0x7b) return { kind: 'end', sizeBytes: headerBytes }
  const hasData = (flags & 0x8000) !== 0 && bytes.length >= 11
  const isLong = (type === 0x74 || type === 0x7a) && (flags & 0x100) !== 0 && bytes.length >= 36
  const dataBytes = (hasData ? view.getUint32(7, true) : 0) + (isLong ? view.getUint32(32, true) * 2 ** 32 : 0)
  return { kind: type === 0x74 ? 'file' : 'other', sizeBytes: headerBytes + dataBytes }
}
