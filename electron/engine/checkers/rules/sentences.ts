import type { TextRange } from '../../../../shared/domain.ts'
import { countBefore } from './bisect.ts'
import type { View } from './normalise.ts'

export interface Sentences {
  /** From the beginning of the sentence that the range begins in to the end of that which it ends in. */
  around(range: TextRange): TextRange
}

const ends = new Set([...'。!?;\n\r\u2028\u2029\u0085'].map(character => character.charCodeAt(0)))

/** A sentence ends behind 。！？!?；; and with its line. */
export function sentencesOf({ units, starts, lengths }: View): Sentences {
  const bounds = [0]
  for (let at = 0; at < units.length; at++) {
    if (ends.has(units[at] ?? 0)) bounds.push((starts[at] ?? 0) + (lengths[at] ?? 0))
  }
  bounds.push(Number.MAX_SAFE_INTEGER)
  const sentenceAt = (offset: number) => countBefore(bounds.length, at => (bounds[at] ?? 0) <= offset) - 1
  return {
    around: ([start, end]) => [
      bounds[sentenceAt(start)] ?? 0,
      bounds[sentenceAt(Math.max(start, end - 1)) + 1] ?? Number.MAX_SAFE_INTEGER,
    ],
  }
}
