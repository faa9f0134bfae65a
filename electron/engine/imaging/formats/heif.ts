/** Accounts for the boxes and items of an AVIF or HEIF (ISO/IEC 14496-12, 23008-12, 23000-22). */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { damaged, latin1, viewOf } from './bytes.ts'

interface Box {
  readonly type: string
  readonly start: number
  readonly end: number
}

const outer = new Set(['ftyp', 'meta', 'mdat', 'free', 'skip', 'idat'])
const inner = new Set(['hdlr', 'pitm', 'iloc', 'iinf', 'iref', 'iprp', 'idat', 'dinf', 'grpl', 'free', 'skip'])
/** Properties that decoding needs, or that describe pixels. */
const properties = new Set([
  'ispe',
  'pixi',
  'av1C',
  'hvcC',
  'colr',
  'pasp',
  'clap',
  'irot',
  'imir',
  'auxC',
  'clli',
  'mdcv',
  'cclv',
  'a1op',
  'a1lx',
  'lsel',
  'free',
  'skip',
])

/** What is left out and noted. @throws Refusal where boxes break off. */
export function readHeif(bytes: Uint8Array): {
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
} {
  const leftOut: Remark[] = []
  const notes: Remark[] = []
  const unknown = (type: string) => notes.push(remark('unknown_block', { name: type.replace(/[^ -~]/g, '?') }))
  try {
    for (const box of boxes(bytes, 0, bytes.byteLength)) {
      if (box.type === 'moov') notes.push(remark('hidden_clip'))
      else if (!outer.has(box.type)) unknown(box.type)
      if (box.type !== 'meta') continue
      const children = [...boxes(bytes, box.start + 4, box.end)]
      for (const child of children) if (!inner.has(child.type)) unknown(child.type)
      const items = itemsOf(bytes, children)
      for (const each of propertiesOf(bytes, children))
        if (!properties.has(each)) leftOut.push(remark('heif_kind', { name: each }))
      accountForItems(items, leftOut, notes)
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged()
    throw error
  }
  return { leftOut, notes }
}

interface Items {
  readonly primary: number
  readonly types: ReadonlyMap<number, string>
  /** Items that serve others: thumbnails, masks and descriptions of them, and tiles. */
  readonly serving: ReadonlyMap<number, string>
  /** Items that a derived one is made of. */
  readonly parts: ReadonlySet<number>
}

function accountForItems({ primary, types, serving, parts }: Items, leftOut: Remark[], notes: Remark[]): void {
  for (const [id, type] of types) {
    if (/^(?:Exif|mime|uri )$/.test(type)) continue
    // Tone-mapped pictures are made of the primary one and a map for HDR displays.
    if (type === 'tmap') leftOut.push(remark('gain_map'))
    else if (id === primary && !/^(?:av01|hvc1|grid)$/.test(type)) leftOut.push(remark('heif_kind', { name: type }))
    else if (id !== primary && !/^(?:thmb|auxl)$/.test(serving.get(id) ?? '') && !parts.has(id))
      notes.push(remark('second_picture'))
  }
}

function itemsOf(bytes: Uint8Array, children: readonly Box[]): Items {
  const view = viewOf(bytes)
  const types = new Map<number, string>()
  const serving = new Map<number, string>()
  const parts = new Set<number>()
  let primary = -1
  for (const { type, start, end } of children) {
    const version = view.getUint8(start)
    if (type === 'pitm') primary = version === 0 ? view.getUint16(start + 4) : view.getUint32(start + 4)
    if (type === 'iinf') {
      for (const entry of boxes(bytes, start + (version === 0 ? 6 : 8), end)) {
        const isLong = view.getUint8(entry.start) >= 3
        types.set(
          isLong ? view.getUint32(entry.start + 4) : view.getUint16(entry.start + 4),
          latin1(bytes, entry.start + (isLong ? 10 : 8), entry.start + (isLong ? 14 : 12)),
        )
      }
    }
    if (type !== 'iref') continue
    const size = version === 0 ? 2 : 4
    const idAt = (at: number) => (size === 2 ? view.getUint16(at) : view.getUint32(at))
    for (const entry of boxes(bytes, start + 4, end)) {
      const from = idAt(entry.start)
      const count = view.getUint16(entry.start + size)
      if (entry.type !== 'dimg') serving.set(from, entry.type)
      else for (let index = 0; index < count; index++) parts.add(idAt(entry.start + size + 2 + index * size))
    }
  }
  return { primary, types, serving, parts }
}

function propertiesOf(bytes: Uint8Array, children: readonly Box[]): readonly string[] {
  const iprp = children.find(({ type }) => type === 'iprp')
  const ipco =
    iprp === undefined ? undefined : [...boxes(bytes, iprp.start, iprp.end)].find(({ type }) => type === 'ipco')
  return ipco === undefined ? [] : [...boxes(bytes, ipco.start, ipco.end)].map(({ type }) => type)
}

function* boxes(bytes: Uint8Array, start: number, end: number): Generator<Box> {
  const view = viewOf(bytes)
  for (let at = start; at + 8 <= end; ) {
    const short = view.getUint32(at)
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? end - at : short
    if (length < 8 || at + length > end) throw new RangeError('a box behind the end')
    yield { type: latin1(bytes, at + 4, at + 8), start: at + (short === 1 ? 16 : 8), end: at + length }
    at += length
  }
}
