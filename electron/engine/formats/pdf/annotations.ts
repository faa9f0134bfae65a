import { visitAction, wordsOfRichText } from './actions.ts'
import { visitFile, visitFiles } from './files.ts'
import { visitForm, visitResources } from './resources.ts'
import type { PdfObject } from './syntax.ts'
import {
  each,
  entriesOf,
  invisible,
  invisibleEntries,
  isNew,
  leaveOut,
  nameOf,
  type Place,
  type Rules,
  resolve,
  say,
  shownWords,
  type Visit,
  visitEntries,
  type Walk,
} from './walk.ts'

const media = new Set('Sound Movie Screen 3D RichMedia'.split(' '))
/** PDFium makes these up where the file does not say what they look like, or they look like nothing. */
const needNoAppearance = new Set(
  'Link Popup Circle Highlight Ink Square Squiggly StrikeOut Text Underline Widget PrinterMark TrapNet FreeText'.split(
    ' ',
  ),
)
/** Bits of `F` (ISO 32000-1, 12.5.3): hidden, and shown in print alone. */
const hiddenFlags = 2 | 32

export const visitAnnotations: Visit = each(visitAnnotation)

function visitAnnotation(walk: Walk, value: PdfObject, place: Place): void {
  if (!isNew(walk, value, 'annotation')) return
  const { object } = resolve(walk, value)
  const entries = entriesOf(object)
  if (object === null) return
  const subtype = nameOf(resolve(walk, entries.get('Subtype') ?? null).object)
  const flags = resolve(walk, entries.get('F') ?? null).object
  const hasAppearance = resolve(walk, entries.get('AP') ?? null).object !== null
  if (media.has(subtype)) leaveOut(walk, 'embedded_media', place)
  else if (typeof flags === 'number' && (flags & hiddenFlags) !== 0) {
    if (hasAppearance) walk.hidden.push(place)
  } else if (!hasAppearance && !needNoAppearance.has(subtype)) leaveOut(walk, 'undrawn_annotation', place)
  if (hasAppearance || subtype === 'Widget') walk.unmeasured.add(place)
  visitEntries(walk, entries, subtype === 'Widget' ? widgetRules : annotationRules, place)
}

const richText: Visit = (walk, value, place) => {
  const words = wordsOfRichText(walk, value)
  if (words === null) leaveOut(walk, 'unknown_part', place)
  else say(walk, words, place)
}

/** What it looks like as it stands is drawn; what it looks like under the pointer may be anything. */
const visitAppearances: Visit = (walk, value, place) => {
  const entries = entriesOf(resolve(walk, value).object)
  visitEntries(walk, entries, { N: visitNormal, R: visitOther, D: visitOther }, place)
}

const visitNormal: Visit = (walk, value, place) => {
  if (resolve(walk, value).isStream) visitForm(walk, value, place)
  else each(visitState)(walk, value, place)
}

const visitState: Visit = (walk, value, place) => {
  if (resolve(walk, value).isStream) visitForm(walk, value, place)
}

const visitOther: Visit = (walk, value, place) => {
  const { object, isStream } = resolve(walk, value)
  const looks = isStream ? [value] : [...entriesOf(object).values()]
  for (const look of looks) {
    const resources = entriesOf(resolve(walk, entriesOf(resolve(walk, look).object).get('Resources') ?? null).object)
    const pictures = entriesOf(resolve(walk, resources.get('XObject') ?? null).object)
    if (pictures.size > 0) leaveOut(walk, 'pointed_appearance', place)
  }
}

/** Captions; icons as they stand are part of the appearance. */
const visitCharacteristics: Visit = (walk, value, place) => {
  const rules: Rules = {
    ...invisibleEntries('R BC BG I IF TP'),
    CA: shownWords,
    RC: shownWords,
    AC: shownWords,
    RI: (at, _, where) => leaveOut(at, 'pointed_appearance', where),
    IX: (at, _, where) => leaveOut(at, 'pointed_appearance', where),
  }
  visitEntries(walk, entriesOf(resolve(walk, value).object), rules, place)
}

/** A field's value: words, a choice, or a signature with what viewers say of it. */
const visitValue: Visit = (walk, value, place) => {
  const { object, isStream } = resolve(walk, value)
  const entries = entriesOf(object)
  if (isStream || entries.size === 0) return shownWords(walk, value, place)
  for (const name of ['Name', 'Reason', 'Location', 'ContactInfo']) shownWords(walk, entries.get(name) ?? null, place)
}

const visitOptions: Visit = (walk, value, place) => {
  const { object } = resolve(walk, value)
  if (Array.isArray(object)) for (const option of object) shownWords(walk, option, place)
}

const fieldRules: Rules = {
  ...invisibleEntries('FT T TM Ff TI I MaxLen Lock SV DA Q DS Parent Type'),
  DR: visitResources,
  TU: shownWords,
  V: visitValue,
  DV: visitValue,
  Opt: visitOptions,
  RV: richText,
  AA: each(visitAction),
}

const annotationRules: Rules = {
  ...fieldRules,
  ...invisibleEntries(
    'Subtype Rect P NM M F AS Border C StructParent OC ca CA BM Lang Popup CreationDate IRT RT IT Dest H PA QuadPoints BS Name State StateModel CL BE RD LE L LL LLE Cap IC LLO LLOffset CP CO Vertices InkList Path Open Measure MP Rotate FixedPrint Repeat Kids',
  ),
  Contents: shownWords,
  RC: richText,
  Subj: shownWords,
  // Who wrote it.
  T: shownWords,
  OverlayText: shownWords,
  AP: visitAppearances,
  MK: visitCharacteristics,
  A: visitAction,
  FS: visitFile,
  AF: visitFiles,
  // Said with the annotation's kind.
  ...invisibleEntries('Sound Movie 3DD 3DV 3DA 3DI 3DB 3DU RichMediaContent RichMediaSettings'),
  // Shown once what lies below it has been taken away.
  RO: invisible,
}

/** Nobody shows the name of a field, which programs use. */
const widgetRules: Rules = { ...annotationRules, T: invisible }

/** The tree of a form's fields; those that are annotations of a page were visited there. */
export function visitFields(walk: Walk, value: PdfObject, place: Place): void {
  const waiting = [value]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { object } = resolve(walk, next)
    if (Array.isArray(object)) {
      waiting.push(...object)
      continue
    }
    if (!isNew(walk, next, 'annotation')) continue
    const entries = entriesOf(object)
    visitEntries(walk, entries, entries.has('Subtype') ? widgetRules : { ...fieldRules, Kids: invisible }, place)
    const kids = entries.get('Kids')
    if (kids !== undefined) waiting.push(kids)
  }
}
