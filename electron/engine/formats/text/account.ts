import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { type Edit, mergeEdits, type Reading, readEdited } from './edits.ts'
import { holdsOnlyAddresses } from './links.ts'
import { foldsWithinWords, invisibleWithinWords, lettersAlone, marksWithinWords } from './marks.ts'
import { readPacked } from './packed.ts'
import { countUnreadSpellings, spelledCharacters } from './spellings.ts'

/** What a text says besides its letters as they stand. */
export interface Account {
  /** What it says to a program or a person that reads it otherwise: of the passages that differ only. */
  readonly readings: readonly Reading[]
  readonly omitted: readonly Remark[]
  readonly notes: readonly Remark[]
}

export interface AccountOptions {
  /** Whether it may be written with marks that are not shown. */
  readonly isMarked: boolean
  /** Whether its lines end where somebody stopped typing, and go on where it is shown. */
  readonly areLinesFolded: boolean
}

/** Packed within packed is nothing that ordinary material is. */
const maxLevels = 3

export function accountFor(text: string, options: AccountOptions, level = 1): Account {
  const packed = readPacked(text)
  const first = mergeEdits(spelledCharacters(text), [...packed.texts, ...invisibleWithinWords(text)].sort(byStart))
  const second = options.isMarked
    ? [...marksWithinWords(text), ...foldsWithinWords(text, options.areLinesFolded)].sort(byStart)
    : []
  const merged = mergeEdits(first, second)
  const kept = new Set(merged)
  const overlaid = first.filter(edit => !kept.has(edit))
  const alone = readEdited(text, lettersAlone(text))
  const readings = [...readEdited(text, merged), ...readEdited(text, overlaid), ...alone]
  const unread = countUnreadSpellings(text)
  const omitted = [
    ...(packed.pictures === 0 ? [] : [remark('embedded_picture', { count: packed.pictures })]),
    ...(packed.files === 0 ? [] : [remark('embedded_file', { count: packed.files })]),
    ...(unread === 0 ? [] : [remark('escaped_characters', { count: unread })]),
  ]
  const notes = level === 1 && holdsOnlyAddresses(text) ? [remark('only_address')] : []
  if (level === maxLevels) return { readings, omitted, notes }
  // What was packed or spelled may hold the same again.
  const within = readings.map(reading => ({
    offset: reading.offset,
    ...accountFor(reading.text, { isMarked: true, areLinesFolded: false }, level + 1),
  }))
  return {
    readings: [
      ...readings,
      ...within.flatMap(each => each.readings.map(({ text }) => ({ text, offset: each.offset }))),
    ],
    omitted: [...omitted, ...within.flatMap(each => each.omitted)],
    notes,
  }
}

function byStart(a: Edit, b: Edit): number {
  return a.start - b.start
}
