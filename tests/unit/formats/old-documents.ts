import { CFB } from '@e965/xlsx'

const textAt = 0x800
const pageBytes = 512

/** A Word document of the time before 2007 with these stories: body, footnotes, headers, macros, comments, endnotes, text boxes, those of headers. */
export function oldDocumentWith(
  stories: readonly string[],
  given: {
    readonly version?: number
    readonly flags?: number
    /** Properties of a run, by the letters from and to which it goes. */
    readonly looks?: { readonly from: number; readonly to: number; readonly properties: Uint8Array }
    readonly drawings?: Uint8Array
    readonly numbering?: string
    readonly streams?: Readonly<Record<string, Uint8Array>>
  } = {},
): Buffer {
  const text = Buffer.from(stories.join(''), 'utf16le')
  const count = text.length / 2
  const page = Math.ceil((textAt + text.length) / pageBytes)
  const main = Buffer.alloc((page + 1) * pageBytes)
  text.copy(main, textAt)
  main.writeUInt16LE(0xa5ec, 0)
  main.writeUInt16LE(given.version ?? 0xc1, 2)
  main.writeUInt16LE(given.flags ?? 0, 0x0a)
  main.writeUInt16LE(93, 0x98)
  for (const [at, story] of stories.entries()) main.writeUInt32LE(story.length, 0x4c + at * 4)
  const parts: Buffer[] = []
  const add = (index: number, bytes: Buffer) => {
    main.writeUInt32LE(Buffer.concat(parts).length, 0x9a + index * 8)
    main.writeUInt32LE(bytes.length, 0x9a + index * 8 + 4)
    parts.push(bytes)
  }
  const pieces = Buffer.alloc(5 + 8 + 8)
  pieces.writeUInt8(2, 0)
  pieces.writeUInt32LE(16, 1)
  pieces.writeUInt32LE(count, 9)
  pieces.writeUInt32LE(textAt, 15)
  add(33, pieces)
  if (given.looks !== undefined) {
    const { from, to, properties } = given.looks
    const own = page * pageBytes
    main.writeUInt32LE(textAt + from * 2, own)
    main.writeUInt32LE(textAt + to * 2, own + 4)
    main.writeUInt8(20, own + 8)
    main.writeUInt8(properties.length, own + 40)
    main.set(properties, own + 41)
    main.writeUInt8(1, own + pageBytes - 1)
    const places = Buffer.alloc(12)
    places.writeUInt32LE(textAt, 0)
    places.writeUInt32LE(textAt + text.length, 4)
    places.writeUInt32LE(page, 8)
    add(12, places)
  }
  if (given.drawings !== undefined) add(50, Buffer.from(given.drawings))
  if (given.numbering !== undefined) {
    const level = Buffer.alloc(28)
    const words = Buffer.from(given.numbering, 'utf16le')
    const list = Buffer.alloc(30)
    list.writeUInt16LE(1, 0)
    list.writeUInt8(1, 28)
    const length = Buffer.from([given.numbering.length, 0])
    add(73, Buffer.concat([list, level, length, words]))
  }
  const container = CFB.utils.cfb_new()
  const streams = { '/WordDocument': main, '/0Table': Buffer.concat(parts), ...given.streams }
  for (const [name, bytes] of Object.entries(streams)) CFB.utils.cfb_add(container, name, bytes)
  return CFB.write(container, { type: 'buffer' }) as Buffer
}
