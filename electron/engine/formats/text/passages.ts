import type { Anchor, Position } from './positions.ts'

/** Collects extracted passages and remembers where each one came from. */
export interface Passages {
  append(text: string, position: Position | null): void
  /** Ends the line unless it is empty, so that neighbours on the page do not grow into one word. */
  breakLine(): void
  /** The same where it is not certain that what follows is shown on a line of its own: both readings are sent. */
  breakPerhaps(): void
  /** What follows, up to `enterLine`, ends no line that it stands in. */
  leaveLine(): void
  enterLine(): void
  /** What some programs show at this place and others do not: it follows the line as read without it, and stands in it in a second reading. */
  insertPerhaps(text: string, position: Position | null): void
  /** What is read elsewhere and perhaps shown at this place, one of several: it stands in second readings only. */
  join(texts: readonly string[]): void
  /** What is shown over a line or in its place, and never within it: it follows the line. */
  appendAside(text: string, position: Position | null): void
  finish(): { readonly text: string; readonly anchors: readonly Anchor[] }
}

interface Piece {
  readonly text: string
  /** What may stand in its place. */
  readonly others: readonly string[]
  readonly position: Position | null
  /** How far it is from the piece before it. */
  readonly before: 'nothing' | 'perhaps a line' | 'a line'
  readonly place: 'in the line' | 'perhaps in the line' | 'only in the second' | 'aside'
}

/** What of a second reading is sent around the place where it differs: as much as a phrase has. */
export const reachUnits = 32

export function createPassages(): Passages {
  const pieces: Piece[] = []
  let before: Piece['before'] = 'nothing'
  /** How many elements are open whose words are perhaps not in the line: their own lines are none of it. */
  let outside = 0
  const add = (text: string, position: Position | null, place: Piece['place'], others: readonly string[] = []) => {
    if (text === '') return
    const isBefore = outside > 0 && before === 'perhaps a line'
    pieces.push({ text, others, position, before: isBefore ? 'nothing' : before, place })
    if (!isBefore) before = 'nothing'
  }
  return {
    append: (text, position) => add(text, position, 'in the line'),
    insertPerhaps: (text, position) => add(text, position, 'perhaps in the line'),
    join: ([text = '', ...others]) => add(text, null, 'only in the second', others),
    appendAside: (text, position) => add(text, position, 'aside'),
    leaveLine() {
      outside++
    },
    enterLine() {
      outside--
    },
    breakLine() {
      if (outside === 0) before = 'a line'
    },
    breakPerhaps() {
      if (outside === 0 && before === 'nothing') before = 'perhaps a line'
    },
    finish() {
      const written = createWriter()
      let beside: Piece[] = []
      const endLine = () => {
        written.breakLine()
        for (const { text, position } of beside) {
          written.write(text, position)
          written.breakLine()
        }
        beside = []
      }
      for (const piece of pieces) {
        if (piece.place === 'aside' || piece.place === 'perhaps in the line') {
          if (piece.before === 'a line') endLine()
          beside.push(piece)
          continue
        }
        if (piece.place === 'only in the second') {
          if (piece.before !== 'nothing') endLine()
          continue
        }
        if (piece.before !== 'nothing') endLine()
        written.write(piece.text, piece.position)
      }
      if (beside.length > 0 || before !== 'nothing') endLine()
      for (const { text, position } of joinedReadings(pieces)) {
        written.breakLine()
        written.write(text, position)
        written.breakLine()
      }
      return written.finish()
    },
  }
}

function createWriter() {
  const texts: string[] = []
  const anchors: Anchor[] = []
  let length = 0
  let endsLine = true
  return {
    write(text: string, position: Position | null) {
      if (position !== null) anchors.push({ offset: length, line: position.line, column: position.column })
      texts.push(text)
      length += text.length
      endsLine = text.endsWith('\n')
    },
    breakLine() {
      if (endsLine) return
      texts.push('\n')
      length++
      endsLine = true
    },
    finish: () => ({ text: texts.join(''), anchors }),
  }
}

/** The lines as they read where what may begin a line begins none: around the seams that letters meet at. */
function joinedReadings(
  pieces: readonly Piece[],
): readonly { readonly text: string; readonly position: Position | null }[] {
  const readings: { text: string; position: Position | null }[] = []
  let line: Piece[] = []
  const endLine = () => {
    const variants = line.reduce((most, { others }) => Math.max(most, others.length), 0)
    for (let variant = 0; variant <= variants; variant++) {
      readings.push(...joinedLine(line.map(piece => ({ ...piece, text: piece.others[variant - 1] ?? piece.text }))))
    }
    line = []
  }
  for (const piece of pieces) {
    if (piece.before === 'a line') endLine()
    if (piece.place !== 'aside') line.push(piece)
  }
  endLine()
  return readings
}

function joinedLine(line: readonly Piece[]): readonly { readonly text: string; readonly position: Position | null }[] {
  if (!line.some(isApart)) return []
  const parts: { text: string; readonly start: number; readonly position: Position | null }[] = []
  const seams: number[] = []
  let length = 0
  line.forEach((piece, index) => {
    const isSeam = isApart(piece) || isInserted(line[index - 1])
    // Programs that show both side by side show no space between them, except within a line.
    const text = isSeam ? piece.text.trimStart() : piece.text
    if (text === '') return
    if (isSeam) {
      let last = parts.at(-1)
      while (last !== undefined) {
        last.text = last.text.trimEnd()
        length = last.start + last.text.length
        if (last.text !== '') break
        parts.pop()
        last = parts.at(-1)
      }
      if (last !== undefined && isLetter(last.text.slice(-1)) && isLetter(text[0] ?? '')) seams.push(length)
    }
    parts.push({ text, start: length, position: piece.position })
    length += text.length
  })
  const joined = parts.map(part => part.text).join('')
  let part = 0
  return windowsAround(
    seams.map(seam => ({ start: seam, end: seam })),
    joined.length,
  ).map(({ start, end }) => {
    while ((parts[part + 1]?.start ?? Number.POSITIVE_INFINITY) <= start) part++
    return { text: joined.slice(start, end).toWellFormed(), position: parts[part]?.position ?? null }
  })
}

function isApart(piece: Piece): boolean {
  return piece.before === 'perhaps a line' || isInserted(piece)
}

function isInserted(piece: Piece | undefined): boolean {
  return piece?.place === 'perhaps in the line' || piece?.place === 'only in the second'
}

interface Range {
  readonly start: number
  readonly end: number
}

/** The ranges, in rising order, with what stands around them; those that meet are one. */
export function windowsAround(ranges: readonly Range[], length: number): readonly Range[] {
  const windows: { start: number; end: number }[] = []
  for (const range of ranges) {
    const start = Math.max(0, range.start - reachUnits)
    const end = Math.min(length, range.end + reachUnits)
    const last = windows.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else windows.push({ start, end })
  }
  return windows
}

function isLetter(character: string): boolean {
  return /[\p{L}\p{N}\ud800-\udfff]/u.test(character)
}
