/** Accounts for all that a document holds besides the text and the drawing of its pages (ISO 32000-1, 7.7 and 12). */

import type { Remark } from '../../../../shared/remarks/index.ts'
import { visitAction, visitNamedAction } from './actions.ts'
import { visitAnnotations, visitFields } from './annotations.ts'
import { visitFile, visitFiles } from './files.ts'
import { visitLayers } from './layers.ts'
import { visitContents, visitResources } from './resources.ts'
import type { Structure } from './structure.ts'
import type { PdfObject } from './syntax.ts'
import {
  dictionary,
  each,
  entriesOf,
  invisible,
  invisibleEntries,
  isKind,
  isNew,
  leaveOut,
  nameOf,
  nameTree,
  type Place,
  type Rules,
  remarkAt,
  resolve,
  shownWords,
  type Visit,
  visitEntries,
  type Walk,
} from './walk.ts'

export interface DocumentAccount {
  readonly pages: number
  /** Words that viewers show beside the text of pages, by page; 0 for the document's own. */
  readonly words: ReadonlyMap<number, ReadonlySet<string>>
  readonly omitted: readonly Remark[]
  readonly notes: readonly Remark[]
  readonly unmeasured: ReadonlySet<number>
}

export function accountForStructure(structure: Structure): DocumentAccount {
  const walk: Walk = {
    structure,
    seen: new Set(),
    words: new Map(),
    omitted: [],
    notes: [],
    unmeasured: new Set(),
    canShow: { layers: false, annotations: false },
    hidden: [],
  }
  const root = entriesOf(resolve(walk, structure.trailer.entries.get('Root') ?? null).object)
  // Shown in the window's title and among the properties; the rest names programs and dates.
  const info = entriesOf(resolve(walk, structure.trailer.entries.get('Info') ?? null).object)
  for (const name of ['Title', 'Subject', 'Keywords', 'Author']) shownWords(walk, info.get(name) ?? null, 0)
  const pages = visitPages(walk, root.get('Pages') ?? null)
  visitEntries(walk, root, catalogRules, 0)
  visitStructureElements(walk)
  visitLayers(walk, root.get('OCProperties') ?? null, 0)
  for (const page of walk.hidden) {
    const remarks = walk.canShow.annotations ? walk.omitted : walk.notes
    remarks.push(remarkAt('hidden_annotation', page))
  }
  const { words, omitted, notes, unmeasured } = walk
  return { pages, words, omitted, notes, unmeasured }
}

/** Deeper trees of pages are made to be deep. */
const deepestTree = 200

/** Visits the pages in their order, with the resources that they inherit. */
function visitPages(walk: Walk, tree: PdfObject): number {
  let pages = 0
  const visitNode = (value: PdfObject, inherited: PdfObject, depth: number): void => {
    const { object } = resolve(walk, value)
    if (depth > deepestTree || !isNew(walk, value, 'page') || !isKind(object, 'dictionary')) {
      leaveOut(walk, 'unread_page', 0)
      return
    }
    const { entries } = object
    const resources = entries.get('Resources') ?? inherited
    const kids = resolve(walk, entries.get('Kids') ?? null).object
    if (nameOf(entries.get('Type')) === 'Pages' || (Array.isArray(kids) && !entries.has('Contents'))) {
      visitEntries(walk, entries, branchRules, 0)
      if (Array.isArray(kids)) for (const kid of kids) visitNode(kid, resources, depth + 1)
      return
    }
    pages++
    visitResources(walk, resources, pages)
    visitEntries(walk, entries, pageRules, pages)
  }
  visitNode(tree, null, 0)
  return pages
}

const boxes = invisibleEntries('MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit')

const branchRules: Rules = {
  ...boxes,
  ...invisibleEntries('Type Parent Kids Count'),
  // Visited with the pages that inherit them.
  Resources: invisible,
}

/** Thumbnails are drawn anew by today's viewers; beads, separations and templates are for programs. */
const pageRules: Rules = {
  ...boxes,
  ...invisibleEntries(
    'Type Parent Group Thumb B Dur Trans Metadata PieceInfo LastModified StructParents StructParent ID PZ SeparationInfo Tabs TemplateInstantiated VP OutputIntents DPart BoxColorInfo Hid Count',
  ),
  Resources: invisible,
  Contents: visitContents,
  Annots: visitAnnotations,
  AA: each(visitAction),
  PresSteps: visitPresentationSteps,
  AF: visitFiles,
}

/** What a presentation does at its steps: actions of any kind. */
function visitPresentationSteps(walk: Walk, value: PdfObject, place: Place): void {
  if (!isNew(walk, value, 'step')) return
  const entries = entriesOf(resolve(walk, value).object)
  for (const name of ['NA', 'PA']) visitAction(walk, entries.get(name) ?? null, place)
  for (const name of ['Next', 'Prev']) visitPresentationSteps(walk, entries.get(name) ?? null, place)
}

const outlineRules = (): Rules => ({
  ...invisibleEntries('Type Parent Prev Last Count Dest SE C F'),
  Title: shownWords,
  A: visitAction,
  First: visitOutline,
  Next: visitOutline,
})

const visitOutline: Visit = (walk, first, place) => {
  // Along the siblings in a loop: there may be thousands of them.
  for (let item = first; isNew(walk, item, 'outline'); ) {
    const entries = entriesOf(resolve(walk, item).object)
    if (entries.size === 0) return
    const { Next: _, ...rules } = outlineRules()
    visitEntries(walk, entries, { ...rules, Next: invisible }, place)
    item = entries.get('Next') ?? null
  }
}

const media: Visit = (walk, _, place) => leaveOut(walk, 'embedded_media', place)

const namesRules = (): Rules => ({
  ...invisibleEntries('Dests IDS URLS'),
  JavaScript: nameTree(visitNamedAction),
  EmbeddedFiles: nameTree(visitFile),
  Pages: nameTree((walk, _, place) => leaveOut(walk, 'hidden_page', place)),
  Templates: nameTree((walk, _, place) => leaveOut(walk, 'hidden_page', place)),
  AlternatePresentations: nameTree(media),
  Renditions: nameTree(media),
})

const formRules = (): Rules => ({
  ...invisibleEntries('NeedAppearances SigFlags CO DA Q'),
  Fields: visitFields,
  DR: visitResources,
  XFA: (walk, value, place) => {
    if (resolve(walk, value).object !== null) leaveOut(walk, 'xfa_form', place)
  },
})

const catalogRules: Rules = {
  ...invisibleEntries(
    'Type Version Extensions Dests ViewerPreferences PageLayout PageMode Metadata StructTreeRoot MarkInfo Lang SpiderInfo OutputIntents PieceInfo Perms Legal Requirements DSS URI Threads LastModified DPartRoot',
  ),
  // Visited before and after.
  Pages: invisible,
  OCProperties: invisible,
  PageLabels: nameTree((walk, value, place) => {
    shownWords(walk, entriesOf(resolve(walk, value).object).get('P') ?? null, place)
  }),
  Names: dictionary('names', namesRules),
  Outlines: dictionary('outlines', outlineRules),
  OpenAction: visitAction,
  AA: each(visitAction),
  AcroForm: dictionary('form', formRules),
  AF: visitFiles,
  Collection: (walk, _, place) => leaveOut(walk, 'portfolio', place),
  NeedsRendering: (walk, value, place) => {
    if (resolve(walk, value).object === true) leaveOut(walk, 'xfa_form', place)
  },
}

/** Viewers show the description of a picture beside the pointer, and read it out. */
function visitStructureElements(walk: Walk): void {
  for (const number of walk.structure.numbers('/Alt')) {
    const entries = entriesOf(walk.structure.object(number)?.object ?? null)
    if (entries.has('S') && entries.has('P') && entries.has('Alt')) shownWords(walk, entries.get('Alt') ?? null, 0)
  }
}
