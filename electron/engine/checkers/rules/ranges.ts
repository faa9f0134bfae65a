import type { TextRange } from '../../../../shared/domain.ts'

/** Places in a text, sorted by where they begin. */
export interface Ranges {
  readonly list: readonly TextRange[]
  /** The furthest end of each place and those before it. */
  readonly reach: Int32Array
}

export function rangesOf(places: readonly TextRange[]): Ranges {
  const list = [...places].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const reach = new Int32Array(list.length)
  let furthest = 0
  list.forEach(([, end], index) => {
    furthest = Math.max(furthest, end)
    reach[index] = furthest
  })
  return { list, reach }
}

/** Whether one of the places has all of the range in it. */
export function containing({ list, reach }: Ranges, [start, end]: TextRange): boolean {
  const count = countBefore(list, start + 1)
  return count > 0 && (reach[count - 1] ?? 0) >= end
}

/** Whether one of the places lies in the range, at least in part. */
export function overlapping({ list, reach }: Ranges, [start, end]: TextRange): boolean {
  const count = countBefore(list, end)
  return count > 0 && (reach[count - 1] ?? 0) > start
}

/** How many begin before `position`. */
function countBefore(list: readonly TextRange[], position: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.[0] ?? 0) < position) low = middle + 1
    else high = middle
  }
  return low
}

/** Of those that overlap, the longest; of equals the first. */
export function withoutOverlaps(places: readonly TextRange[]): readonly TextRange[] {
  const kept: TextRange[] = []
  for (const place of rangesOf(places).list) {
    const last = kept.at(-1)
    if (last === undefined || last[1] <= place[0]) kept.push(place)
    else if (place[1] - place[0] > last[1] - last[0]) kept[kept.length - 1] = place
  }
  return kept
}
