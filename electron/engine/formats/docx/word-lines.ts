/** The lines of a Word document's markup, in as many readings as there are ways to look at them. */

import { isForeign } from '../text/spellings.ts'

/**
 * A paragraph as it will be, as it was before the tracked changes, and with everything that is deleted or hidden; as programs show it
 * that take the last of several alternatives; and turned round where it is written from right to left. A word may be whole in one of
 * them only.
 */
interface Readings {
  final: string
  original: string
  marked: string
  other: string
  /** Letter by letter, and run by run: for Chinese in a run from right to left the format leaves open which. */
  turned: string
  swapped: string
}

export interface Context {
  readonly inText: boolean
  readonly isInserted: boolean
  readonly isDeleted: boolean
  /** By a property, or so small or pale that nobody sees it. */
  readonly isHidden: boolean
  readonly isRightToLeft: boolean
  readonly branch: 'every' | 'first' | 'later'
}

/** What one stretch of markup shows: whole paragraphs, the one that goes on, and what stands beside it. */
export interface Gathered {
  readonly lines: string[]
  readonly open: Readings
  /** The runs from right to left that the open paragraph ends with. */
  readonly stretch: string[]
  readonly beside: string[]
  ruby: string
  /** What a list puts before the paragraph, with nothing between them. */
  label: string
  /** Whether the next paragraph goes on where this one ends. */
  goesOn: boolean
}

export function emptyGathered(): Gathered {
  const open = { final: '', original: '', marked: '', other: '', turned: '', swapped: '' }
  return { lines: [], open, stretch: [], beside: [], ruby: '', label: '', goesOn: false }
}

export function addText(into: Gathered, text: string, context: Context): void {
  const { open } = into
  const isShown = !context.isDeleted && !context.isHidden
  if (context.branch !== 'first' && isShown) open.other += text
  if (context.branch === 'later') return
  if (isShown) open.final += text
  if (!context.isInserted && !context.isHidden) open.original += text
  open.marked += text
  if (!isShown) return
  if (context.isRightToLeft) {
    into.stretch.push(text)
    return
  }
  endStretch(into)
  open.turned += text
  open.swapped += text
}

/** Letters of scripts that run from right to left are stored in the order in which they are read. */
function endStretch({ open, stretch }: Gathered): void {
  const text = stretch.join('')
  const isTurned = isForeign(text)
  open.turned += isTurned ? Array.from(text).reverse().join('') : text
  open.swapped += isTurned ? stretch.toReversed().join('') : text
  stretch.length = 0
}

/** Takes over the branch that most programs show. */
export function merge(into: Gathered, branch: Gathered): void {
  endStretch(into)
  endStretch(branch)
  if (branch.lines.length > 0) {
    endLine(into)
    into.lines.push(...branch.lines)
  }
  for (const reading of readings) into.open[reading] += branch.open[reading]
  into.ruby += branch.ruby
  into.beside.push(...branch.beside)
}

const readings = ['final', 'original', 'marked', 'other', 'turned', 'swapped'] as const

export function endLine(gathered: Gathered): void {
  endStretch(gathered)
  const { open, lines, beside } = gathered
  const labelled = gathered.label === '' || open.final === '' ? '' : gathered.label + open.final
  const all = [...new Set([...readings.map(reading => open[reading]), labelled, gathered.ruby]), ...beside]
  lines.push(...all.filter(line => line.trim() !== ''))
  for (const reading of readings) open[reading] = ''
  gathered.ruby = gathered.label = ''
  beside.length = 0
}

export function textOf({ lines, open, beside, ruby }: Gathered): string {
  return [...lines, open.marked || open.other, ruby, ...beside].filter(line => line !== '').join('\n')
}
