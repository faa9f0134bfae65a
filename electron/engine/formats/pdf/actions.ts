import type { PdfObject } from './syntax.ts'
import { richWords, textOf } from './text-string.ts'
import { entriesOf, isKind, isNew, leaveOut, nameOf, type Place, resolve, type Walk } from './walk.ts'

/** What leads elsewhere or sends something shows nothing of its own. */
const quiet = new Set(
  'GoTo GoToR GoToE GoToDp Launch Thread URI Named SubmitForm ResetForm ImportData Trans GoTo3DView'.split(' '),
)
const media = new Set('Sound Movie Rendition RichMediaExecute'.split(' '))

/** Takes an action, a destination, which is none, or a list of either, with all that follow (ISO 32000-1, 12.6). */
export function visitAction(walk: Walk, value: PdfObject, place: Place): void {
  const waiting: PdfObject[] = [value]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!isNew(walk, next, 'action')) continue
    const { object } = resolve(walk, next)
    if (Array.isArray(object)) {
      // An array that does not list actions is a destination.
      waiting.push(...object.filter(item => nameOf(entriesOf(resolve(walk, item).object).get('S')) !== ''))
      continue
    }
    const entries = entriesOf(object)
    if (entries.size === 0 || (entries.has('D') && !entries.has('S'))) continue
    takeAction(walk, nameOf(resolve(walk, entries.get('S') ?? null).object), entries, place)
    waiting.push(entries.get('Next') ?? null)
  }
}

export function visitNamedAction(walk: Walk, value: PdfObject, place: Place): void {
  visitAction(walk, value, place)
}

function takeAction(walk: Walk, type: string, entries: ReadonlyMap<string, PdfObject>, place: Place): void {
  if (quiet.has(type)) return
  if (media.has(type)) leaveOut(walk, 'embedded_media', place)
  else if (type === 'SetOCGState') walk.canShow.layers = true
  else if (type === 'Hide') walk.canShow.annotations = true
  else if (type === 'JavaScript') visitScript(walk, entries.get('JS') ?? null, place)
  else leaveOut(walk, 'unknown_part', place)
}

/** What forms are made with: how a number or a date is written, and what is added up. */
const plainScript =
  /^\s*(?:(?:this\.)?print\([^()]*\);?\s*|AF(?:Number|Percent|Date|Time|Special|Simple|Range|Merge|Make|Exact)\w*\([^()]*(?:\([^()]*\))?[^()]*\);?\s*)*$/

function visitScript(walk: Walk, value: PdfObject, place: Place): void {
  const { object, isStream } = resolve(walk, value)
  if (!isStream && isKind(object, 'string') && plainScript.test(textOf(object.bytes))) return
  leaveOut(walk, 'document_script', place)
  walk.canShow.layers = true
  walk.canShow.annotations = true
}

/** The words of a rich text. */
export function wordsOfRichText(walk: Walk, value: PdfObject): string | null {
  const { object, isStream } = resolve(walk, value)
  if (isStream) return null
  return isKind(object, 'string') ? richWords(textOf(object.bytes)) : ''
}
