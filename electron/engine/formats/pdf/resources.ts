import type { PdfObject } from './syntax.ts'
import {
  each,
  entriesOf,
  invisible,
  invisibleEntries,
  isKind,
  isNew,
  leaveOut,
  nameOf,
  type Place,
  type Rules,
  resolve,
  type Visit,
  visitEntries,
  type Walk,
} from './walk.ts'

/** How data are packed, in the ways that PDFium unpacks (ISO 32000-1, 7.4). */
const filters = new Set(
  'ASCIIHexDecode AHx ASCII85Decode A85 LZWDecode LZW FlateDecode Fl RunLengthDecode RL CCITTFaxDecode CCF JBIG2Decode DCTDecode DCT JPXDecode Crypt'.split(
    ' ',
  ),
)

/** Of any stream. Data in another file are not here to be read. */
const streamRules: Rules = {
  ...invisibleEntries('Length Filter DecodeParms DL DP Type'),
  F: (walk, _, place) => leaveOut(walk, 'linked_file', place),
}

/** Whether the data of a stream are all there and are packed as PDFium reads them; left out otherwise. */
function isReadable(walk: Walk, value: PdfObject, place: Place): boolean {
  const { object, isStream, isDamaged } = resolve(walk, value)
  if (!isStream || isDamaged) {
    leaveOut(walk, 'damaged_drawing', place)
    return false
  }
  const filter = resolve(walk, entriesOf(object).get('Filter') ?? entriesOf(object).get('F') ?? null).object
  const names = (Array.isArray(filter) ? filter : [filter]).map(each => nameOf(resolve(walk, each).object))
  if (filter !== null && !names.every(name => filters.has(name))) {
    leaveOut(walk, 'unknown_part', place)
    return false
  }
  return true
}

/** A page's content: one stream or several. */
export function visitContents(walk: Walk, value: PdfObject, place: Place): void {
  const { object } = resolve(walk, value)
  if (Array.isArray(object)) {
    for (const item of object) visitContents(walk, item, place)
  } else if (object !== null || isKind(value, 'reference')) {
    if (!isReadable(walk, value, place)) return
    visitEntries(walk, entriesOf(object), { ...streamRules, ...invisibleEntries('Metadata') }, place)
  }
}

/** What a page, a form, a pattern or a letter is drawn with. */
export function visitResources(walk: Walk, value: PdfObject, place: Place): void {
  if (isNew(walk, value, 'resources')) visitEntries(walk, entriesOf(resolve(walk, value).object), resourceRules, place)
}

const visitDrawn: Visit = (walk, value, place) => {
  const { object } = resolve(walk, value)
  switch (nameOf(resolve(walk, entriesOf(object).get('Subtype') ?? null).object)) {
    case 'Image':
      return visitImage(walk, value, place)
    case 'PS':
      // For printers; viewers show nothing of it.
      return
    case 'Form':
      return visitForm(walk, value, place)
    default:
      leaveOut(walk, object === null ? 'damaged_drawing' : 'unknown_part', place)
  }
}

const visitImage: Visit = (walk, value, place) => {
  if (!isNew(walk, value, 'image') || !isReadable(walk, value, place)) return
  visitEntries(walk, entriesOf(resolve(walk, value).object), imageRules, place)
}

const imageRules: Rules = {
  ...streamRules,
  ...invisibleEntries(
    'Subtype Name Width Height W H BitsPerComponent BPC ColorSpace CS Decode D Interpolate I ImageMask IM Intent SMaskInData StructParent ID OC Metadata Measure PtData PieceInfo LastModified Matte OPI',
  ),
  SMask: (walk, value, place) => {
    if (resolve(walk, value).isStream) visitImage(walk, value, place)
  },
  // Colours that are not drawn, or a picture of what is.
  Mask: (walk, value, place) => {
    if (resolve(walk, value).isStream) visitImage(walk, value, place)
  },
  // Shown by no viewer unless it prints.
  Alternates: invisible,
  AF: invisible,
}

/** Drawn within something else: also what annotations look like. */
export function visitForm(walk: Walk, value: PdfObject, place: Place): void {
  if (!isNew(walk, value, 'form') || !isReadable(walk, value, place)) return
  visitEntries(walk, entriesOf(resolve(walk, value).object), formRules, place)
}

const formRules: Rules = {
  ...streamRules,
  ...invisibleEntries(
    'Subtype FormType BBox Matrix Group Metadata PieceInfo LastModified StructParent StructParents OC Name OPI PtData Measure',
  ),
  Resources: visitResources,
  // Stands for a page of another file.
  Ref: (walk, _, place) => leaveOut(walk, 'linked_file', place),
  AF: invisible,
}

const visitPattern: Visit = (walk, value, place) => {
  if (place > 0) walk.unmeasured.add(place)
  if (!isNew(walk, value, 'pattern')) return
  const { object, isStream } = resolve(walk, value)
  if (!isStream) return visitEntries(walk, entriesOf(object), shadingPatternRules, place)
  if (isReadable(walk, value, place)) visitEntries(walk, entriesOf(object), tilingRules, place)
}

const tilingRules: Rules = {
  ...streamRules,
  ...invisibleEntries('PatternType PaintType TilingType BBox XStep YStep Matrix'),
  Resources: visitResources,
}

const shadingPatternRules: Rules = {
  ...invisibleEntries('Type PatternType Matrix Shading'),
  ExtGState: (walk, value, place) => visitState(walk, value, place),
}

const visitState: Visit = (walk, value, place) => {
  if (isNew(walk, value, 'state')) visitEntries(walk, entriesOf(resolve(walk, value).object), stateRules, place)
}

const stateRules: Rules = {
  ...invisibleEntries(
    'Type Name LW LC LJ ML D RI OP op OPM Font BG BG2 UCR UCR2 TR TR2 HT HTO HTP FL SM SA BM CA ca AIS TK UseBlackPtComp',
  ),
  SMask: (walk, value, place) => {
    visitEntries(
      walk,
      entriesOf(resolve(walk, value).object),
      { ...invisibleEntries('Type S BC TR'), G: visitForm },
      place,
    )
  },
}

/** Of fonts only those are made of drawings whose letters are drawn like pages. */
const visitFont: Visit = (walk, value, place) => {
  const entries = entriesOf(resolve(walk, value).object)
  if (nameOf(resolve(walk, entries.get('Subtype') ?? null).object) !== 'Type3') return
  if (place > 0) walk.unmeasured.add(place)
  if (!isNew(walk, value, 'font')) return
  visitResources(walk, entries.get('Resources') ?? null, place)
  each(visitContents)(walk, entries.get('CharProcs') ?? null, place)
}

const resourceRules: Rules = {
  ...invisibleEntries('Type ProcSet ColorSpace Shading Properties'),
  XObject: each(visitDrawn),
  Font: each(visitFont),
  Pattern: each(visitPattern),
  ExtGState: each(visitState),
}
