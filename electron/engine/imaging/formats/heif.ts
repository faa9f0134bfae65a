/** Accounts for the boxes and items of an AVIF or HEIF (ISO/IEC 14496-12, 23008-12, 23000-22). */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { type ColourTransform, fromCicp } from '../colour.ts'
import { damaged, latin1, viewOf } from './bytes.ts'

export interface Box {
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

export interface HeifAccount {
  /** The file as browsers take it: whole, where it asks to be cropped; others show a part of that. */
  readonly drawn: Uint8Array
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
  /** What its own colours mean where no profile says more; null for sRGB. */
  readonly colour: ColourTransform | null
  /** The same file with its map for HDR displays as its picture; null where it has none. */
  readonly gainMap: Uint8Array | null
}

/** @throws Refusal where boxes break off. */
export function readHeif(bytes: Uint8Array): HeifAccount {
  const leftOut: Remark[] = []
  const notes: Remark[] = []
  // A Buffer's slice is the same memory.
  const drawn = Uint8Array.from(bytes)
  let colour: ColourTransform | null = null
  let gainMap: Uint8Array | null = null
  const unknown = (type: string) => notes.push(remark('unknown_block', { name: type.replace(/[^ -~]/g, '?') }))
  try {
    for (const box of boxes(bytes, 0, bytes.byteLength)) {
      if (box.type === 'moov') notes.push(remark('hidden_clip'))
      else if (!outer.has(box.type)) unknown(box.type)
      if (box.type !== 'meta') continue
      const children = [...boxes(bytes, box.start + 4, box.end)]
      for (const child of children) if (!inner.has(child.type)) unknown(child.type)
      const items = itemsOf(bytes, children)
      const { all, of } = propertiesOf(bytes, children)
      const essential = new Set([...of.values()].flat().flatMap(each => (each.isEssential ? [each.box] : [])))
      // A program that does not know a property goes on without it, unless it is marked as essential.
      for (const each of all.filter(({ type }) => !properties.has(type))) {
        if (essential.has(each)) leftOut.push(remark('heif_kind', { name: each.type.replace(/[^ -~]/g, '?') }))
        else unknown(each.type)
      }
      const ofItem = (id: number) => (of.get(id) ?? []).map(each => each.box)
      const strange = strangeTurns(items, id => ofItem(id).map(({ type }) => type))
      if (strange !== null) leftOut.push(remark('heif_kind', { name: strange }))
      for (const id of of.keys()) uncrop(drawn, ofItem(id))
      // The decoder turns a mask by itself, browsers together with its picture.
      const turns = (id: number) =>
        ofItem(id)
          .filter(({ type }) => /^i(?:rot|mir)$/.test(type))
          .map(contentIn(bytes))
          .join()
      for (const [id, { role }] of items.serving) {
        if (role !== 'auxl') continue
        const content = ofItem(id).map(contentIn(bytes))
        if (!content.some(isMask)) notes.push(remark('helping_map'))
        else if (turns(id) !== turns(items.primary)) leftOut.push(remark('heif_kind', { name: 'auxl irot' }))
      }
      const doubt = doubtOfMask(items, id => ofItem(id).map(contentIn(bytes)))
      if (doubt !== null) leftOut.push(remark('heif_kind', { name: doubt }))
      colour = colourOf(bytes, ofItem(items.primary))
      accountForItems(items, leftOut, notes)
      gainMap = gainMapOf(drawn, children, items)
      const toned = [...items.types.values()].filter(type => type === 'tmap').length
      if (toned > (gainMap === null ? 0 : 1)) leftOut.push(remark('gain_map'))
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged()
    throw error
  }
  return { drawn, leftOut, notes, colour, gainMap }
}

/** What decoders disagree about: turns that are not one rotation and then one mirror, and those of tiles. Null for nothing. */
function strangeTurns({ types, madeOf }: Items, propertiesOfItem: (id: number) => readonly string[]): string | null {
  const tiles = new Set([...madeOf].flatMap(([id, parts]) => (types.get(id) === 'grid' ? parts : [])))
  for (const id of types.keys()) {
    const turns = propertiesOfItem(id).filter(type => type === 'irot' || type === 'imir')
    if (tiles.has(id) ? turns.length > 0 : !/^(?:irot)?(?:imir)?$/.test(turns.join(''))) return turns.join(' ')
  }
  return null
}

/** Decoders also disagree about a second mask of the picture, one of another size, and colours that are laid on black already. */
function doubtOfMask({ primary, serving }: Items, contentsOf: (id: number) => readonly string[]): string | null {
  if (serving.get(primary)?.role === 'prem') return 'prem'
  const extent = (id: number) => contentsOf(id).find(each => each.startsWith('ispe'))
  const masks = [...serving].flatMap(([id, { role, of }]) =>
    role === 'auxl' && of === primary && contentsOf(id).some(isMask) ? [id] : [],
  )
  if (masks.length > 1) return 'auxl auxl'
  return masks.some(id => extent(id) !== extent(primary)) ? 'auxl ispe' : null
}

/** Whether a property says that its item is the opacity of another one; other maps are of depth, of light, of what is skin and sky. */
export function isMask(content: string): boolean {
  return /^auxC.*(?::alpha|auxid:1)\0/s.test(content)
}

export function contentIn(bytes: Uint8Array) {
  return ({ type, start, end }: Box) => `${type} ${latin1(bytes, start, end)}`
}

/** A profile is applied by the decoder; code points (ITU-T H.273) are not. */
function colourOf(bytes: Uint8Array, own: readonly Box[]): ColourTransform | null {
  const colours = own.filter(({ type }) => type === 'colr')
  const named = colours.find(({ start }) => latin1(bytes, start, start + 4) === 'nclx')
  if (named === undefined || colours.length > 1) return null
  const view = viewOf(bytes)
  return fromCicp(view.getUint16(named.start + 4), view.getUint16(named.start + 6))
}

/** Makes a clean aperture as large as its item is. */
function uncrop(bytes: Uint8Array, own: readonly Box[]): void {
  const clap = own.find(({ type }) => type === 'clap')
  const extent = own.find(({ type }) => type === 'ispe')
  if (clap === undefined || extent === undefined) return
  const view = viewOf(bytes)
  if (clap.end - clap.start < 32) throw damaged()
  const [width, height] = [view.getUint32(extent.start + 4), view.getUint32(extent.start + 8)]
  for (const [index, value] of [width, 1, height, 1, 0, 1, 0, 1].entries())
    view.setUint32(clap.start + index * 4, value)
}

/** The second of the two that a tone-mapped picture is made of, if the first is what is shown. */
function gainMapOf(bytes: Uint8Array, children: readonly Box[], items: Items): Uint8Array | null {
  const [id] = [...items.types].find(([, type]) => type === 'tmap') ?? []
  const [base, map] = id === undefined ? [] : (items.madeOf.get(id) ?? [])
  const primary = children.find(({ type }) => type === 'pitm')
  const entry = items.entries.get(map ?? -1)
  if (base !== items.primary || map === undefined || primary === undefined || entry === undefined) return null
  const copy = Uint8Array.from(bytes)
  const view = viewOf(copy)
  if (view.getUint8(primary.start) === 0) view.setUint16(primary.start + 4, map)
  else view.setUint32(primary.start + 4, map)
  // No longer hidden (a flag of its entry).
  view.setUint8(entry + 3, view.getUint8(entry + 3) & ~1)
  return copy
}

interface Items {
  readonly primary: number
  readonly types: ReadonlyMap<number, string>
  /** Where each one's entry (`infe`) begins, behind its name. */
  readonly entries: ReadonlyMap<number, number>
  /** Items that serve others: thumbnails, masks and descriptions of them, and tiles. */
  readonly serving: ReadonlyMap<number, { readonly role: string; readonly of: number }>
  /** Items that a derived one is made of, in their order. */
  readonly madeOf: ReadonlyMap<number, readonly number[]>
}

function accountForItems({ primary, types, serving, madeOf }: Items, leftOut: Remark[], notes: Remark[]): void {
  const parts = new Set([...madeOf.values()].flat())
  for (const [id, type] of types) {
    // Tone-mapped pictures are made of the primary one and a map for HDR displays.
    if (/^(?:Exif|mime|uri |tmap)$/.test(type)) continue
    if (id === primary && !/^(?:av01|hvc1|grid)$/.test(type)) leftOut.push(remark('heif_kind', { name: type }))
    else if (id !== primary && !/^(?:thmb|auxl)$/.test(serving.get(id)?.role ?? '') && !parts.has(id))
      notes.push(remark('second_picture'))
  }
}

export function itemsOf(bytes: Uint8Array, children: readonly Box[]): Items {
  const view = viewOf(bytes)
  const types = new Map<number, string>()
  const entries = new Map<number, number>()
  const serving = new Map<number, { readonly role: string; readonly of: number }>()
  const madeOf = new Map<number, readonly number[]>()
  let primary = -1
  for (const { type, start, end } of children) {
    const version = view.getUint8(start)
    if (type === 'pitm') primary = version === 0 ? view.getUint16(start + 4) : view.getUint32(start + 4)
    if (type === 'iinf') {
      for (const entry of boxes(bytes, start + (version === 0 ? 6 : 8), end)) {
        const isLong = view.getUint8(entry.start) >= 3
        const id = isLong ? view.getUint32(entry.start + 4) : view.getUint16(entry.start + 4)
        types.set(id, latin1(bytes, entry.start + (isLong ? 10 : 8), entry.start + (isLong ? 14 : 12)))
        entries.set(id, entry.start)
      }
    }
    if (type !== 'iref') continue
    const size = version === 0 ? 2 : 4
    const idAt = (at: number) => (size === 2 ? view.getUint16(at) : view.getUint32(at))
    for (const entry of boxes(bytes, start + 4, end)) {
      const from = idAt(entry.start)
      const count = view.getUint16(entry.start + size)
      if (entry.type !== 'dimg') serving.set(from, { role: entry.type, of: idAt(entry.start + size + 2) })
      else
        madeOf.set(
          from,
          Array.from({ length: count }, (_, index) => idAt(entry.start + size + 2 + index * size)),
        )
    }
  }
  return { primary, types, entries, serving, madeOf }
}

interface Association {
  readonly box: Box
  readonly isEssential: boolean
}

/** All properties, and those of each item (`ipma`). */
export function propertiesOf(
  bytes: Uint8Array,
  children: readonly Box[],
): { readonly all: readonly Box[]; readonly of: ReadonlyMap<number, readonly Association[]> } {
  const of = new Map<number, readonly Association[]>()
  const iprp = children.find(({ type }) => type === 'iprp')
  const within = iprp === undefined ? [] : [...boxes(bytes, iprp.start, iprp.end)]
  const all = within.filter(({ type }) => type === 'ipco').flatMap(({ start, end }) => [...boxes(bytes, start, end)])
  const view = viewOf(bytes)
  for (const { start } of within.filter(({ type }) => type === 'ipma')) {
    const hasLongIds = view.getUint8(start) > 0
    const hasLongIndices = (view.getUint8(start + 3) & 1) === 1
    let at = start + 8
    for (let entries = view.getUint32(start + 4); entries > 0; entries--) {
      const id = hasLongIds ? view.getUint32(at) : view.getUint16(at)
      at += hasLongIds ? 4 : 2
      const own: Association[] = []
      for (let left = view.getUint8(at++); left > 0; left--) {
        const value = hasLongIndices ? view.getUint16(at) : view.getUint8(at)
        const most = hasLongIndices ? 0x7fff : 0x7f
        at += hasLongIndices ? 2 : 1
        const box = all[(value & most) - 1]
        if (box !== undefined) own.push({ box, isEssential: value > most })
      }
      of.set(id, own)
    }
  }
  return { all, of }
}

export function* boxes(bytes: Uint8Array, start: number, end: number): Generator<Box> {
  const view = viewOf(bytes)
  for (let at = start; at + 8 <= end; ) {
    const short = view.getUint32(at)
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? end - at : short
    if (length < 8 || at + length > end) throw new RangeError('a box behind the end')
    yield { type: latin1(bytes, at + 4, at + 8), start: at + (short === 1 ? 16 : 8), end: at + length }
    at += length
  }
}
