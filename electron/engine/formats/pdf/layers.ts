import type { PdfObject } from './syntax.ts'
import { textOf } from './text-string.ts'
import {
  dictionary,
  entriesOf,
  invisibleEntries,
  isKind,
  leaveOut,
  nameOf,
  type Place,
  remarkAt,
  resolve,
  say,
  visitEntries,
  type Walk,
} from './walk.ts'

const groupRules = () => invisibleEntries('Type Name Intent Usage Metadata PieceInfo GGSI')
const visitGroup = dictionary('layer', groupRules)

/**
 * Layers (ISO 32000-1, 8.11): their names are shown beside the page, and what is hidden at the start is not drawn. It is noted; where
 * the document itself can show it, it is left out.
 */
export function visitLayers(walk: Walk, value: PdfObject, place: Place): void {
  const entries = entriesOf(resolve(walk, value).object)
  visitEntries(walk, entries, invisibleEntries('OCGs D Configs Type'), place)
  const usual = entriesOf(resolve(walk, entries.get('D') ?? null).object)
  const isOffAtFirst = nameOf(resolve(walk, usual.get('BaseState') ?? null).object) === 'OFF'
  const listed = numbersIn(walk, usual.get(isOffAtFirst ? 'ON' : 'OFF') ?? null)
  const groups = resolve(walk, entries.get('OCGs') ?? null).object
  if (!Array.isArray(groups)) return
  const met = new Set<number>()
  for (const group of groups) {
    if (!isKind(group, 'reference') || met.has(group.to)) continue
    met.add(group.to)
    visitGroup(walk, group, place)
    const layer = entriesOf(resolve(walk, group).object)
    const named = resolve(walk, layer.get('Name') ?? null).object
    const name = isKind(named, 'string') ? textOf(named.bytes) : ''
    say(walk, name, place)
    if (listed.has(group.to) !== isOffAtFirst) {
      if (walk.canShow.layers) leaveOut(walk, 'hidden_layer', place, name)
      else walk.notes.push(remarkAt('hidden_layer', place, name))
    }
  }
}

function numbersIn(walk: Walk, value: PdfObject): ReadonlySet<number> {
  const { object } = resolve(walk, value)
  return new Set(Array.isArray(object) ? object.flatMap(item => (isKind(item, 'reference') ? [item.to] : [])) : [])
}
