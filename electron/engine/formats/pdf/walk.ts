import { type Remark, type RemarkCode, remark } from '../../../../shared/remarks/index.ts'
import type { IndirectObject, Structure } from './structure.ts'
import type { PdfObject } from './syntax.ts'
import { textOf } from './text-string.ts'

/** What the way through a document's objects has come across. */
export interface Walk {
  readonly structure: Structure
  readonly seen: Set<string>
  /** Words that are shown beside the text of pages, by page; 0 for the document's own. */
  readonly words: Map<number, Set<string>>
  readonly omitted: Remark[]
  readonly notes: Remark[]
  /** Pages on which something is drawn whose print nobody measures. */
  readonly unmeasured: Set<number>
  /** What the document can do to what is hidden. */
  readonly canShow: { layers: boolean; annotations: boolean }
  /** Annotations that are not shown, by page. */
  readonly hidden: number[]
}

/** A page, from 1; 0 is the document itself. */
export type Place = number

export type Visit = (walk: Walk, value: PdfObject, place: Place) => void

/** What becomes of each entry of a kind of dictionary; what has no rule is left out where it holds words or data. */
export type Rules = Readonly<Record<string, Visit>>

/** What no viewer shows: how a page is printed, edited, found or transmitted, and private data of programs. */
export const invisible: Visit = () => undefined

export function invisibleEntries(names: string): Rules {
  return Object.fromEntries(names.split(/\s+/).map(name => [name, invisible]))
}

export const shownWords: Visit = (walk, value, place) => {
  const { object, isStream } = resolve(walk, value)
  if (isStream) leaveOut(walk, 'unknown_part', place)
  else if (Array.isArray(object)) for (const item of object) shownWords(walk, item, place)
  else if (isKind(object, 'string')) say(walk, textOf(object.bytes), place)
}

export function say(walk: Walk, text: string, place: Place): void {
  if (text.trim() === '') return
  const said = walk.words.get(place) ?? new Set()
  walk.words.set(place, said.add(text.trim()))
}

export function leaveOut(walk: Walk, code: RemarkCode, place: Place, name?: string): void {
  walk.omitted.push(remarkAt(code, place, name))
}

export function remarkAt(code: RemarkCode, place: Place, name?: string): Remark {
  return remark(code, { ...(place === 0 ? {} : { place: `page ${place}` }), ...(name === undefined ? {} : { name }) })
}

const nothing: IndirectObject = { object: null, isStream: false, isDamaged: false }

/** What a value is, after its references. */
export function resolve({ structure }: Walk, value: PdfObject): IndirectObject {
  let found: IndirectObject = { object: value, isStream: false, isDamaged: false }
  for (let hops = 0; isKind(found.object, 'reference'); hops++) {
    found = (hops < 8 ? structure.object(found.object.to) : null) ?? nothing
  }
  return found
}

/** The entries of a dictionary or a stream, empty for anything else. */
export function entriesOf(object: PdfObject): ReadonlyMap<string, PdfObject> {
  return isKind(object, 'dictionary') ? object.entries : noEntries
}
const noEntries: ReadonlyMap<string, PdfObject> = new Map()

export function nameOf(object: PdfObject | undefined): string {
  return object !== undefined && isKind(object, 'name') ? object.name : ''
}

/** Whether this object is met in this role for the first time. What is no object of its own cannot be met twice. */
export function isNew(walk: Walk, value: PdfObject, role: string): boolean {
  if (!isKind(value, 'reference')) return true
  const key = `${role} ${value.to}`
  if (walk.seen.has(key)) return false
  walk.seen.add(key)
  return true
}

/** What programs note about their own work, in dictionaries of any kind. */
const programsOwn = new Set(
  'PTEX.FileName PTEX.PageNumber PTEX.InfoDict PTEX.Fullbanner ITXT AAPL:Keywords AAPL:AKExtras AAPL:AKAnnotationObject'.split(
    ' ',
  ),
)

export function visitEntries(walk: Walk, entries: ReadonlyMap<string, PdfObject>, rules: Rules, place: Place): void {
  for (const [name, value] of entries) {
    if (programsOwn.has(name)) continue
    const visit = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (visit !== undefined) visit(walk, value, place)
    else if (holdsContent(walk, value)) leaveOut(walk, 'unknown_part', place)
  }
}

/** Visits each entry of a dictionary of named things, or each item of an array. */
export function each(visit: Visit): Visit {
  return (walk, value, place) => {
    const { object } = resolve(walk, value)
    const items = Array.isArray(object) ? object : entriesOf(object).values()
    for (const item of items) visit(walk, item, place)
  }
}

/** Visits a dictionary by its rules, once in each role. */
export function dictionary(role: string, rules: () => Rules): Visit {
  return (walk, value, place) => {
    if (isNew(walk, value, role)) visitEntries(walk, entriesOf(resolve(walk, value).object), rules(), place)
  }
}

/** Of a tree of names or numbers (ISO 32000-1, 7.9.6): visits the values with the names that they have. */
export function nameTree(visit: (walk: Walk, value: PdfObject, place: Place, name: PdfObject) => void): Visit {
  const visitNode: Visit = (walk, value, place) => {
    if (!isNew(walk, value, 'name tree')) return
    const entries = entriesOf(resolve(walk, value).object)
    each(visitNode)(walk, entries.get('Kids') ?? null, place)
    for (const list of [entries.get('Names'), entries.get('Nums')]) {
      const { object } = resolve(walk, list ?? null)
      if (!Array.isArray(object)) continue
      for (let index = 1; index < object.length; index += 2) visit(walk, object[index], place, object[index - 1])
    }
  }
  return visitNode
}

/** How many objects are looked through for words; more than that hold some. */
const looksThrough = 1000

/** Whether there are words or data in what nobody knows: numbers, names and dates show nothing. */
function holdsContent(walk: Walk, value: PdfObject): boolean {
  const waiting: PdfObject[] = [value]
  const met = new Set<number>()
  for (let looked = 0; ; looked++) {
    const next = waiting.pop()
    if (next === undefined) return false
    if (looked === looksThrough) return true
    if (isKind(next, 'reference')) {
      if (met.has(next.to)) continue
      met.add(next.to)
    }
    const { object, isStream } = resolve(walk, next)
    if (isStream) return true
    if (isKind(object, 'string') && object.bytes.length > 0 && !/^D:\d/.test(textOf(object.bytes))) return true
    if (Array.isArray(object)) waiting.push(...object)
    for (const [name, entry] of entriesOf(object)) if (name !== 'Parent' && name !== 'P') waiting.push(entry)
  }
}

type Kinds = { readonly kind: string }

export function isKind<K extends Extract<PdfObject, Kinds>['kind']>(
  object: PdfObject,
  kind: K,
): object is Extract<PdfObject, { readonly kind: K }> {
  return typeof object === 'object' && object !== null && 'kind' in object && object.kind === kind
}
