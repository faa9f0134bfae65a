/** Walks a GIF to its trailer: libvips takes a shortened one for a shorter one. */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { behindTheEnd, textOf, wordsNote } from './behind.ts'
import { cutShort, damaged, latin1 } from './bytes.ts'

/** Loops, profiles that no viewer applies, and metadata of editors. */
const applications = /^(?:NETSCAPE2\.0|ANIMEXTS1\.0|XMP DataXMP|ICCRGBG1012|MGK8BIM0000|MGKIPTC0000|ImageMagick)$/

/** What is noted of it. @throws Refusal where it breaks off. */
export function readGif(bytes: Uint8Array): readonly Remark[] {
  const notes: Remark[] = []
  let at = 13 + colourTableBytes(bytes[10] ?? 0)
  for (;;) {
    const block = bytes[at]
    if (block === 0x3b) return [...notes, ...behindTheEnd(bytes, at + 1)]
    if (block === 0x21) {
      const end = afterSubBlocks(bytes, at + 2)
      notes.push(...extensionNotes(bytes, at, end))
      at = end
    } else if (block === 0x2c) at = afterSubBlocks(bytes, at + 11 + colourTableBytes(bytes[at + 9] ?? 0))
    else if (block === 0) at += 1
    else throw block === undefined ? cutShort() : damaged()
  }
}

function extensionNotes(bytes: Uint8Array, at: number, end: number): readonly Remark[] {
  const label = bytes[at + 1]
  if (label === 0xf9) return []
  if (label === 0xfe) return wordsNote(textOf(bytes.subarray(at + 3, end - 1)))
  const name = label === 0xff ? latin1(bytes, at + 3, at + 14) : (label ?? 0).toString(16)
  return label === 0xff && applications.test(name)
    ? []
    : [remark('unknown_block', { name: name.replace(/[^ -~]/g, '?') })]
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

function afterSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const length = bytes[at]
    if (length === undefined) throw cutShort()
    at += 1 + length
    if (length === 0) return at
  }
}
