/** HEIC files made of three pictures of 64 × 64 pixels in HEVC, whose left upper quarter is white, or whose left half is black. */

const hvcC = Buffer.from(
  'AQQIAAAAAAAAAAAAHvAA/P/4+AAADwMgAAEAF0ABDAH//wQIAAADAJ44AAADAAAeugJAIQABACpCAQEECAAAAwCeOAAAAwAAHpAEECCy3UklNc3AgIGBAAADAAEAAAMAAQgiAAEACEQBwXKGDAIk',
  'base64',
)
/** As they stand in a file: a length and a unit. */
export const coded = {
  red: Buffer.from('AAAAKygBrwngIYU0pd4/xLzuZf//BVjP/7H47L+Rcuvv/+tuP//lLhH/mKCU/4A=', 'base64'),
  blue: Buffer.from('AAAAKygBrwngIYU0pd4/xLzuZf//GmOq/971P/+zb+vv/+0oPkf0pHD/uGiU/4A=', 'base64'),
  halves: Buffer.from('AAAAGygBrwngIYU0pf//xRFSqzj/wdtTmFZv/+Pn/w==', 'base64'),
}

export function box(type: string, ...content: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(content.map(each => (typeof each === 'string' ? Buffer.from(each, 'latin1') : each)))
  return Buffer.concat([uint(4, 8 + body.byteLength), Buffer.from(type, 'latin1'), body])
}

export function uint(size: number, value: number): Buffer {
  const bytes = Buffer.alloc(size)
  bytes.writeUIntBE(value, 0, size)
  return bytes
}

export interface Item {
  readonly type: string
  readonly data: Buffer
  /** Beside the size and, for what is coded, its header. */
  readonly properties?: readonly Buffer[]
  /** Of how it is coded, where that is not as the pictures above are. */
  readonly configuration?: Buffer
  readonly size?: readonly [width: number, height: number]
  /** What it is made of, or what it serves. */
  readonly refers?: readonly [role: string, ...to: number[]]
}

/** The items are numbered from 1; the first is the primary one. */
export function heic(
  items: readonly Item[],
  { brands = 'heicmif1heic', boxes = [] as readonly Buffer[] } = {},
): Buffer {
  const properties: Buffer[] = []
  const indexOf = (property: Buffer) => {
    const at = properties.findIndex(each => each.equals(property))
    return at >= 0 ? at + 1 : properties.push(property)
  }
  const associations = items.map(({ type, size = [64, 64], properties: own = [], configuration = hvcC }, index) => {
    const all = [
      ...(type === 'hvc1' ? [box('hvcC', configuration)] : []),
      box('ispe', uint(4, 0), uint(4, size[0]), uint(4, size[1])),
      ...own,
    ]
    return Buffer.concat([uint(2, index + 1), uint(1, all.length), ...all.map(each => uint(1, indexOf(each)))])
  })
  const references = items.flatMap(({ refers }, index) => {
    if (refers === undefined) return []
    const [role, ...to] = refers
    return [box(role, uint(2, index + 1), uint(2, to.length), ...to.map(id => uint(2, id)))]
  })
  const ftyp = box('ftyp', brands.slice(0, 4), uint(4, 0), brands.slice(4))
  const metaWith = (start: number) => {
    let at = start
    const places = items.map(({ data }, index) => {
      const place = Buffer.concat([uint(2, index + 1), uint(2, 0), uint(2, 1), uint(4, at), uint(4, data.byteLength)])
      at += data.byteLength
      return place
    })
    return box(
      'meta',
      uint(4, 0),
      box('hdlr', uint(4, 0), uint(4, 0), 'pict', Buffer.alloc(13)),
      box('pitm', uint(4, 0), uint(2, 1)),
      box('iloc', uint(4, 0), uint(2, 0x4400), uint(2, items.length), ...places),
      box(
        'iinf',
        uint(4, 0),
        uint(2, items.length),
        ...items.map(({ type }, index) => box('infe', uint(4, 0x02000000), uint(2, index + 1), uint(2, 0), type, '\0')),
      ),
      ...(references.length === 0 ? [] : [box('iref', uint(4, 0), ...references)]),
      box('iprp', box('ipco', ...properties), box('ipma', uint(4, 0), uint(4, items.length), ...associations)),
    )
  }
  const start = ftyp.byteLength + metaWith(0).byteLength + 8
  return Buffer.concat([ftyp, metaWith(start), box('mdat', ...items.map(({ data }) => data)), ...boxes])
}

/** Tiles side by side in a picture of this size. */
export function grid(columns: number, rows: number, width: number, height: number): Buffer {
  return Buffer.concat([uint(2, 0), uint(1, rows - 1), uint(1, columns - 1), uint(2, width), uint(2, height)])
}

export const alpha = box('auxC', uint(4, 0), 'urn:mpeg:hevc:2015:auxid:1\0')
