import { CFB, utils, type WorkBook, write } from '@e965/xlsx'

/** A record of a workbook's stream. */
export function recordOf(type: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(body.length, 2)
  return Buffer.concat([head, body])
}

/** A record of a drawing; one of parts is a container. */
export function drawnOf(type: number, instance: number, body: Uint8Array | readonly Uint8Array[]): Buffer {
  const content = 'length' in body && body instanceof Uint8Array ? body : Buffer.concat([...(body as Uint8Array[])])
  const head = Buffer.alloc(8)
  head.writeUInt16LE((instance << 4) | (body instanceof Uint8Array ? 0 : 15), 0)
  head.writeUInt16LE(type, 2)
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content])
}

/** The store of all pictures. */
export function picturesOf(...pictures: readonly Uint8Array[]): Buffer {
  const entries = pictures.map(bytes => {
    const blip = drawnOf(0xf01e, 0x6e0, Buffer.concat([Buffer.alloc(17), bytes]))
    return drawnOf(0xf007, 6, Buffer.concat([Buffer.alloc(36), blip]))
  })
  return recordOf(0xeb, drawnOf(0xf000, 0, [drawnOf(0xf001, pictures.length, entries)]))
}

/** A shape of a sheet, as a drawing of its own, at a cell whose row and column count from 0. */
export function shapeOf(given: {
  readonly type?: number
  readonly row?: number
  readonly column?: number
  readonly options?: readonly (readonly [id: number, value: number | Uint8Array])[]
}): Buffer {
  const { type = 75, row = 0, column = 0, options = [] } = given
  const anchor = Buffer.alloc(18)
  anchor.writeUInt16LE(column, 2)
  anchor.writeUInt16LE(row, 6)
  const table = Buffer.concat(
    options.map(([id, value]) => {
      const option = Buffer.alloc(6)
      option.writeUInt16LE(typeof value === 'number' ? id : id | 0x8000, 0)
      option.writeUInt32LE(typeof value === 'number' ? value : value.length, 2)
      return option
    }),
  )
  const long = options.flatMap(([, value]) => (typeof value === 'number' ? [] : [value]))
  return recordOf(
    0xec,
    drawnOf(0xf002, 0, [
      drawnOf(0xf003, 0, [
        drawnOf(0xf004, 0, [
          drawnOf(0xf00a, type, Buffer.alloc(8)),
          drawnOf(0xf00b, options.length, Buffer.concat([table, ...long])),
          drawnOf(0xf010, 0, anchor),
        ]),
      ]),
    ]),
  )
}

/** A workbook of Excel 97 with one sheet, and with records that a test wants to add to it. */
export function oldWorkbookWith(
  rows: readonly (readonly unknown[])[],
  added: {
    readonly book?: Uint8Array
    readonly sheet?: Uint8Array
    readonly streams?: Readonly<Record<string, Uint8Array>>
    readonly change?: (book: WorkBook) => void
    readonly type?: 'biff8' | 'biff5'
  } = {},
): Buffer {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet(rows.map(row => [...row])), '价格表')
  added.change?.(book)
  const container = CFB.read(write(book, { type: 'buffer', bookType: added.type ?? 'biff8' }), { type: 'buffer' })
  const file = CFB.find(container, '/Workbook') ?? CFB.find(container, '/Book')
  if (file === null) throw new Error('no workbook')
  file.content = withRecords(Buffer.from(file.content as Uint8Array), added)
  file.size = file.content.length
  for (const [name, bytes] of Object.entries(added.streams ?? {})) CFB.utils.cfb_add(container, name, bytes)
  return CFB.write(container, { type: 'buffer' }) as Buffer
}

function withRecords(
  stream: Buffer,
  {
    book = Buffer.alloc(0),
    sheet = Buffer.alloc(0),
  }: {
    readonly book?: Uint8Array
    readonly sheet?: Uint8Array
  },
): Buffer {
  let at = 0
  const ends: number[] = []
  const places: number[] = []
  while (at + 4 <= stream.length) {
    const type = stream.readUInt16LE(at)
    if (type === 0x0a) ends.push(at)
    if (type === 0x85) places.push(at + 4)
    at += 4 + stream.readUInt16LE(at + 2)
  }
  const [first = 0] = ends
  const last = ends.at(-1) ?? 0
  for (const place of places) stream.writeUInt32LE(stream.readUInt32LE(place) + book.length, place)
  return Buffer.concat([stream.subarray(0, first), book, stream.subarray(first, last), sheet, stream.subarray(last)])
}
