/** Boxes of MP4 files for tests, by hand. */

export type BoxPath = readonly string[]

export function box(name: string, ...content: readonly (Uint8Array | readonly number[])[]): Buffer {
  const inside = Buffer.concat(content.map(part => Uint8Array.from(part)))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(inside.length + 8)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, inside])
}

export const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4)
  return bytes
}

/** A copy of a file with something put into the box that the path leads to, at its end; '' is the file itself. */
export function putInto(file: Uint8Array, path: BoxPath, added: Uint8Array): Buffer {
  const [name, ...rest] = path
  if (name === undefined) return Buffer.concat([file, added])
  const bytes = Buffer.from(file)
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) !== name) continue
    const end = at + bytes.readUInt32BE(at)
    const inside = putInto(bytes.subarray(at + 8, end), rest, added)
    return Buffer.concat([bytes.subarray(0, at), box(name, inside), bytes.subarray(end)])
  }
  throw new Error(`no ${name}`)
}

/** A track of words at the beginning of each second, in a file of its own, after `ftyp`. */
export function fileOfWords(codec: string, words: readonly string[], more: readonly Uint8Array[] = []): Buffer {
  const samples = words.map(text => {
    const letters = Buffer.from(text)
    if (codec === 'wvtt') return box('vttc', box('payl', letters))
    return Buffer.concat([Uint8Array.of(letters.length >> 8, letters.length & 255), letters])
  })
  const start = box('ftyp', Buffer.from('isom'), u32(0))
  const media = box('mdat', ...samples)
  const table = box(
    'stbl',
    box('stsd', u32(0, 1), box(codec, u32(0, 1))),
    box('stts', u32(0, 1, samples.length, 1000)),
    box('stsc', u32(0, 1, 1, samples.length, 1)),
    box('stsz', u32(0, 0, samples.length, ...samples.map(({ length }) => length))),
    box('stco', u32(0, 1, start.length + 8)),
  )
  const track = box(
    'trak',
    box('tkhd', u32(7, 0, 0, 1, 0, 0)),
    box(
      'mdia',
      box('mdhd', u32(0, 0, 0, 1000, 0, 0)),
      box('hdlr', u32(0, 0), Buffer.from('text'), u32(0, 0, 0)),
      box('minf', table),
    ),
  )
  return Buffer.concat([start, media, box('moov', track, ...more)])
}
