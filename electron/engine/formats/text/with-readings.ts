import type { ExtractedText } from '../family.ts'
import { type AccountOptions, accountFor } from './account.ts'
import { type Anchor, createPositions } from './positions.ts'

/** What was extracted, with what it says when it is read otherwise behind it, and with what that cannot tell left out. */
export function withReadings(extracted: ExtractedText, options: AccountOptions): ExtractedText {
  const { text } = extracted
  const { readings, omitted: counted, notes } = accountFor(text, options)
  const omitted = counted.flatMap(each => {
    if (each.code !== 'embedded_picture') return [each]
    const left = (each.count ?? 1) - (extracted.packedPieces ?? 0)
    return left > 0 ? [{ ...each, count: left }] : []
  })
  const all = { omitted: [...extracted.omitted, ...omitted], notes: [...extracted.notes, ...notes] }
  if (readings.length === 0) return { ...extracted, ...all }
  const positionAt = createPositions(text, extracted.anchors)
  // Before the first anchor, as in a text that is its own file, lines count from the beginning.
  const anchors: Anchor[] = extracted.anchors === null ? [{ offset: 0, line: 1, column: 1 }] : [...extracted.anchors]
  const pieces = [text]
  let length = text.length
  if (!text.endsWith('\n')) {
    pieces.push('\n')
    length++
  }
  for (const reading of readings.toSorted((a, b) => a.offset - b.offset)) {
    anchors.push({ offset: length, ...positionAt(reading.offset) })
    pieces.push(reading.text, '\n')
    length += reading.text.length + 1
  }
  return { ...extracted, text: pieces.join(''), anchors, ...all }
}
