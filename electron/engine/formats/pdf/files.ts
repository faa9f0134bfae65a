import { remark } from '../../../../shared/remarks/index.ts'
import type { PdfObject } from './syntax.ts'
import { textOf } from './text-string.ts'
import { each, entriesOf, isKind, isNew, type Place, resolve, type Walk } from './walk.ts'

/** A file that is attached, to the document or to a place on a page: it is left out under its name. */
export function visitFile(walk: Walk, value: PdfObject, place: Place): void {
  if (!isNew(walk, value, 'file')) return
  const entries = entriesOf(resolve(walk, value).object)
  const named = resolve(walk, entries.get('UF') ?? entries.get('F') ?? null).object
  const name = isKind(named, 'string') ? textOf(named.bytes) : ''
  const where = name !== '' ? name : `page ${place}`
  walk.omitted.push(remark('attached_file', name === '' && place === 0 ? {} : { place: where }))
}

export function visitFiles(walk: Walk, value: PdfObject, place: Place): void {
  each(visitFile)(walk, value, place)
}
