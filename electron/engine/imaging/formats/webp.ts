/** Accounts for every chunk of a WebP (RFC 9649), and for what lies behind its end. */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { behindTheEnd, textOf, wordsNote, xmpWords } from './behind.ts'
import { damaged, latin1, viewOf } from './bytes.ts'
import { readExif } from './exif.ts'

/** Titles and names of programs, as RIFF has them. */
const titles = /^(?:ICMT|IART|ICOP|INAM|ICRD|ISFT|LIST)$/
const shown = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])

/**
 * What is noted of it; a structure that breaks off is for the decoder to refuse.
 * @throws Refusal where a frame is transparent and the file says that none is: browsers then show what is hidden in it.
 */
export function readWebp(bytes: Uint8Array): readonly Remark[] {
  const end = Math.min(bytes.byteLength, 8 + viewOf(bytes).getUint32(4, true))
  const isExtended = latin1(bytes, 12, 16) === 'VP8X'
  const mayBeTransparent = ((bytes[20] ?? 0) & 0x10) !== 0
  const notes: Remark[] = []
  let pictures = 0
  for (const { type, data } of riffChunks(bytes, 12, end)) {
    if (type === 'EXIF')
      notes.push(...wordsNote(readExif(latin1(data, 0, 4) === 'Exif' ? data.subarray(6) : data).words))
    else if (type === 'XMP ') notes.push(...wordsNote(xmpWords(textOf(data))))
    else if (titles.test(type)) notes.push(...wordsNote(textOf(data)))
    else if (!shown.has(type)) notes.push(remark('unknown_block', { name: type.replace(/[^ -~]/g, '?') }))
    else if (type === 'ANMF') {
      const inner = [
        ...riffChunks(
          bytes,
          data.byteOffset - bytes.byteOffset + 16,
          data.byteOffset - bytes.byteOffset + data.byteLength,
        ),
      ]
      if (!mayBeTransparent && inner.some(isTransparent)) throw damaged()
      for (const each of inner)
        if (!/^(?:VP8[ L]|ALPH)$/.test(each.type))
          notes.push(remark('unknown_block', { name: each.type.replace(/[^ -~]/g, '?') }))
    } else if (/^VP8[ L]$/.test(type)) pictures += 1
    // A simple file ends with its picture: no viewer reads further chunks.
    if (!isExtended && pictures === 1 && type !== 'VP8 ' && type !== 'VP8L' && !titles.test(type))
      notes.push(remark('unknown_block', { name: type }))
  }
  if (pictures > 1) notes.push(remark('second_picture', { count: pictures - 1 }))
  return [...notes, ...behindTheEnd(bytes, end)]
}

/** A lossless picture says so in its header, behind a signature and 28 bits of size. */
function isTransparent({ type, data }: { readonly type: string; readonly data: Uint8Array }): boolean {
  return type === 'ALPH' || (type === 'VP8L' && ((data[4] ?? 0) & 0x10) !== 0)
}

function* riffChunks(
  bytes: Uint8Array,
  start: number,
  end: number,
): Generator<{ readonly type: string; readonly data: Uint8Array }> {
  const view = viewOf(bytes)
  for (let at = start; at + 8 <= end; ) {
    const length = view.getUint32(at + 4, true)
    yield { type: latin1(bytes, at, at + 4), data: bytes.subarray(at + 8, Math.min(end, at + 8 + length)) }
    at += 8 + length + (length % 2)
  }
}
