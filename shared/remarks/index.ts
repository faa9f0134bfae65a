import { isPieceName, partName } from '../part-names.ts'
import { documentRemarks } from './documents.ts'
import { filmRemarks } from './films.ts'
import { imageRemarks } from './images.ts'
import { intakeRemarks } from './intake.ts'
import { packageRemarks } from './packages.ts'
import { pdfRemarks } from './pdf.ts'
import { problemRemarks } from './problems.ts'
import type { RemarkFacts, RemarkWords } from './remark.ts'
import { ruleRemarks } from './rules.ts'
import { runRemarks } from './run.ts'
import { textRemarks } from './text.ts'
import { wireRemarks } from './wire.ts'

const tables = {
  ...intakeRemarks,
  ...textRemarks,
  ...documentRemarks,
  ...packageRemarks,
  ...pdfRemarks,
  ...imageRemarks,
  ...filmRemarks,
  ...wireRemarks,
  ...runRemarks,
  ...problemRemarks,
  ...ruleRemarks,
} as const

export type RemarkCode = keyof typeof tables

export const remarkCodes = Object.keys(tables) as RemarkCode[]

export interface Remark extends RemarkFacts {
  readonly code: RemarkCode
}

export function remark(code: RemarkCode, facts: RemarkFacts = {}): Remark {
  return { code, ...facts }
}

/** As one remark each, in order of first appearance, what says the same of the same place: `2 pictures` and `1 picture` are 3. */
export function sumRemarks(remarks: readonly Remark[]): readonly Remark[] {
  const sums = new Map<string, Remark>()
  for (const each of remarks) {
    const key = JSON.stringify([each.code, each.place, each.name, each.limit])
    const known = sums.get(key)
    sums.set(key, known === undefined ? each : { ...known, count: (known.count ?? 1) + (each.count ?? 1) })
  }
  return [...sums.values()]
}

export function remarkText(
  { code, count = 1, limit = 0, place = '', name = '' }: Remark,
  language: 'zh' | 'en',
): string {
  // What a newer version stored is named at least.
  const words: RemarkWords | undefined = Object.hasOwn(tables, code) ? tables[code] : undefined
  const text = words === undefined ? code : words[language]({ count, limit, name })
  if (place === '') return text
  const where = isPieceName(place) ? partName(place, language) : place
  return language === 'zh' ? `${text}（${where}）` : `${text} (${where})`
}

/** A name goes into one line of a report, however readers of lines tell where one ends. */
const lineEnds = /[\p{Cc}\u2028\u2029]+/gu
/** Names out of files may be as long as their author likes. */
const nameUnits = 200

/** As remarks are stored, in columns and in failures' details: JSON in a fixed order of fields. */
export function encodeRemarks(remarks: readonly Remark[]): string {
  const cut = (text: string | undefined) => text?.replace(lineEnds, ' ').slice(0, nameUnits).toWellFormed()
  return JSON.stringify(
    sumRemarks(remarks).map(({ code, count, limit, place, name }) => ({
      code,
      count,
      limit,
      place: cut(place),
      name: cut(name),
    })),
  )
}

/**
 * The remarks of a stored text; null where it is something else, such as a platform's own words. By hand, because the window begins with
 * it: the schema (schema.ts), which says the same, is a tenth of all that the window would have to read in first.
 */
export function decodeRemarks(stored: string): readonly Remark[] | null {
  if (!stored.startsWith('[{"code":')) return null
  try {
    const parsed: unknown = JSON.parse(stored)
    return Array.isArray(parsed) && parsed.every(isRemark) ? parsed : null
  } catch {
    return null
  }
}

const factTypes: ReadonlyMap<string, 'string' | 'number'> = new Map([
  ['code', 'string'],
  ['count', 'number'],
  ['limit', 'number'],
  ['place', 'string'],
  ['name', 'string'],
])

/** What a newer version stored may have a code that this one does not know. */
function isRemark(value: unknown): value is Remark {
  if (typeof value !== 'object' || value === null || !('code' in value)) return false
  return Object.entries(value).every(
    ([name, fact]) => typeof fact === factTypes.get(name) && (typeof fact === 'string' || Number.isFinite(fact)),
  )
}

/** A failure's detail as a person reads it: remarks in their language, anything else (a platform's words, a path, an address) as it is. */
export function detailText(detail: string, language: 'zh' | 'en'): string {
  const remarks = decodeRemarks(detail)
  return remarks === null ? detail : remarksText(remarks, language)
}

export function remarksText(remarks: readonly Remark[], language: 'zh' | 'en'): string {
  return remarks.map(each => remarkText(each, language)).join(language === 'zh' ? '；' : '; ')
}
