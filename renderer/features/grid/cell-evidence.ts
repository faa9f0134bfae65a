import type { Rect } from '../../../shared/domain.ts'
import { type GridOutcome, gridOutcomes } from '../../../shared/grid.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { AssetRow, FoundBox, FoundTone, Passage, ResultView } from '../../../shared/screening.ts'

/** What of the evidence a cell shows: where in a text or picture something was found, and what each profile said. */

/** What a text has in its cell: whole lines of so many columns, of which a Chinese character takes two. */
export interface TextRoom {
  readonly lines: number
  readonly columns: number
}

export interface Segment {
  readonly text: string
  readonly tone: FoundTone | null
}

/** The passage from where its first mark is in view, in segments that are wholly inside or outside of a mark. */
export function segmentsOf({ text, isCut, marks }: Passage, room: TextRoom): readonly Segment[] {
  const first = marks[0]?.range ?? [0, 0]
  const from = linesTo(text, first[1], room.columns) <= room.lines ? 0 : backFrom(text, first[0], room)
  const cuts = new Set([from, text.length])
  for (const { range } of marks) for (const end of range) if (end > from) cuts.add(end)
  const ordered = [...cuts].sort((a, b) => a - b)
  const segments = ordered.slice(0, -1).map((start, at): Segment => {
    const end = ordered[at + 1] ?? text.length
    const tone = marks.find(({ range }) => range[0] <= start && range[1] >= end)?.tone ?? null
    // Blank lines would take the room of words.
    return { text: text.slice(start, end).replace(/\s*\n\s*/g, '\n'), tone }
  })
  const isWithin = isCut || (from > 0 && text[from - 1] !== '\n')
  return isWithin ? [{ text: '…', tone: null }, ...segments] : segments
}

/** Lines that the text takes up to a place. */
function linesTo(text: string, end: number, columns: number): number {
  let lines = 1
  let used = 0
  for (const character of text.slice(0, end)) {
    const width = columnsOf(character)
    if (character === '\n' || used + width > columns) {
      lines += 1
      used = 0
    }
    if (character !== '\n') used += width
  }
  return lines
}

/** Far enough before a place that it is seen what it is about, in its line; no character is cut in two. */
function backFrom(text: string, start: number, { lines, columns }: TextRoom): number {
  let from = start
  let used = 0
  for (const character of Array.from(text.slice(0, start)).reverse()) {
    used += columnsOf(character)
    if (character === '\n' || used > (lines * columns) / 3) break
    from -= character.length
  }
  return from
}

const columnsOf = (character: string): number => (character > '\u2e7f' ? 2 : 1)

/** Beyond this ratio of its sides a thumbnail shows a picture's beginning (electron/engine/imaging/thumbnail.ts). */
const longestRatio = 2

/** Hit boxes as a thumbnail shows them, in pixels of the upright original. */
export interface ShownBoxes {
  /** What of the picture the thumbnail shows. */
  readonly width: number
  readonly height: number
  readonly boxes: readonly FoundBox[]
  /** How many lie beyond what it shows. */
  readonly beyond: number
}

/** Null where the places are not known, or say no more than that something is in the picture. */
export function shownBoxes(row: Pick<AssetRow, 'width' | 'height' | 'boxes'> | undefined): ShownBoxes | null {
  if (row === undefined || row.width === null || row.height === null || row.boxes.length === 0) return null
  const width = Math.min(row.width, row.height * longestRatio)
  const height = Math.min(row.height, row.width * longestRatio)
  const isLong = width < row.width || height < row.height
  const within = row.boxes.map(({ rect, verdict }) => ({ rect: cutTo(rect, width, height), verdict }))
  const boxes = within.filter(({ rect }) => rect[2] > 0 && rect[3] > 0 && (isLong || !isWhole(rect, width, height)))
  const beyond = within.filter(({ rect }) => rect[2] <= 0 || rect[3] <= 0).length
  return boxes.length === 0 && beyond === 0 ? null : { width, height, boxes, beyond }
}

const cutTo = ([left, top, width, height]: Rect, right: number, bottom: number): Rect => [
  left,
  top,
  Math.min(width, right - left),
  Math.min(height, bottom - top),
]

const isWhole = ([left, top, width, height]: Rect, right: number, bottom: number): boolean =>
  left <= 0 && top <= 0 && width >= right && height >= bottom

/** The outlines of one verdict's boxes as the lines of a path. */
export const outlinesOf = ({ boxes }: ShownBoxes, verdict: FoundBox['verdict']): string =>
  boxes
    .filter(box => box.verdict === verdict)
    .map(({ rect: [left, top, width, height] }) => `M${left} ${top}h${width}v${height}h${-width}z`)
    .join('')

export interface ProfileVerdict {
  readonly profile: string
  readonly outcome: GridOutcome
}

/** What each platform's profile said, the worst first; nothing where there is one only, whose verdict is the asset's. */
export function verdictsOf(row: Pick<AssetRow, 'results'> | undefined): readonly ProfileVerdict[] {
  const own = (row?.results ?? []).filter(({ profile }) => profile !== rulesProfile)
  if (own.length < 2) return []
  return own
    .map(result => ({ profile: result.profile, outcome: outcomeOf(result) }))
    .sort((a, b) => gridOutcomes.indexOf(b.outcome) - gridOutcomes.indexOf(a.outcome))
}

/** What tells a name from the others: `品牌A · QQ` beside `品牌A · 微信` is `QQ`. */
export function nameApart(name: string, all: readonly string[]): string {
  let common = name.length
  for (const other of all) {
    if (other === name) continue
    let same = 0
    while (same < name.length && name[same] === other[same]) same += 1
    common = Math.min(common, same)
  }
  if (common === name.length) return name
  // Only whole words are left out.
  const [beginning = ''] = /^.*[\s·/|_-]/u.exec(name.slice(0, common)) ?? []
  return name.slice(beginning.length)
}

const outcomeOf = ({ outcome, state }: ResultView): GridOutcome =>
  outcome ?? (state === 'awaiting' ? 'awaiting' : 'pending')
