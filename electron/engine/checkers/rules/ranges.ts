import type { TextRange } from '../../../../shared/domain.ts'
import { countBefore } from './bisect.ts'

/** Places in a text, sorted by where they begin. */
export interface Ranges {
  readonly list: readonly TextRange[]
  /** The furthest end of each place and those before it. */
  reach(): Int32Array
}

export function rangesOf(places: readonly TextRange[]): Ranges {
  const list = isSorted(places) ? places : [...places].sort(compare)
  let known: Int32Array | null = null
  return {
    list,
    reach: () => {
      known ??= reachOf(list)
      return known
    },
  }
}

function reachOf(list: readonly TextRange[]): Int32Array {
  const reach = new Int32Array(list.length)
  let furthest = 0
  for (let at = 0; at < list.length; at++) {
    furthest = Math.max(furthest, (list[at] as TextRange)[1])
    reach[at] = furthest
  }
  return reach
}

function compare(a: TextRange, b: TextRange): number {
  return a[0] - b[0] || a[1] - b[1]
}

function isSorted(places: readonly TextRange[]): boolean {
  for (let at = 1; at < places.length; at++) {
    if (compare(places[at - 1] as TextRange, places[at] as TextRange) > 0) return false
  }
  return true
}

/** Whether one of the places has all of the range in it. */
export function containing({ list, reach }: Ranges, [start, end]: TextRange): boolean {
  const count = countBefore(list.length, at => (list[at] as TextRange)[0] <= start)
  return count > 0 && (reach()[count - 1] ?? 0) >= end
}

/** Whether one of the places lies in the range, at least in part. */
export function overlapping({ list, reach }: Ranges, [start, end]: TextRange): boolean {
  const count = countBefore(list.length, at => (list[at] as TextRange)[0] < end)
  return count > 0 && (reach()[count - 1] ?? 0) > start
}

/** Of those that overlap, the longest; of equals the first. */
export function withoutOverlaps(places: readonly TextRange[]): readonly TextRange[] {
  if (places.length < 2) return places
  const kept: TextRange[] = []
  for (const place of isSorted(places) ? places : [...places].sort(compare)) {
    const last = kept.at(-1)
    if (last === undefined || last[1] <= place[0]) kept.push(place)
    else if (place[1] - place[0] > last[1] - last[0]) kept[kept.length - 1] = place
  }
  return kept
}
