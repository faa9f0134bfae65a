/** Chooses the frames of an animation that are worth a call, by how much they differ. */

/** Side of the small square in which frames are compared, in cells. */
export const sampleSide = 48

/** Mean change, of 255, in the cells that changed most, from which on a frame counts as a new sight. */
const newSight = 20

/** A sticker of a hundredth of the area counts as much as a new scene: the mean runs over the most changed hundredth. */
const mostChangedShare = 0.01

export interface Sample {
  /** Indices of the frames to send, ascending. */
  readonly chosen: readonly number[]
  /** How many frames are worth a look; where that is more than were chosen, something stays unseen. */
  readonly differing: number
}

/**
 * Chooses the first frame and the last, and each that differs from the one sampled before it. `frames` are equally long rows of
 * cells. Where that makes more than `max`, those that differ most from each other stay.
 */
export function sampleFrames(frames: readonly Uint8Array[], max: number): Sample {
  const sights = sightsOf(frames)
  return { chosen: sights.length <= max ? sights : mostDifferent(frames, sights, max), differing: sights.length }
}

function sightsOf(frames: readonly Uint8Array[]): readonly number[] {
  const last = frames.length - 1
  if (last < 1) return frames.length === 0 ? [] : [0]
  const sights = [0]
  for (let index = 1; index < last; index++) {
    if (difference(frames, index, sights.at(-1) ?? 0) >= newSight) sights.push(index)
  }
  sights.push(last)
  return sights
}

/** Farthest-point choice: each time the frame that is least like any that is chosen already; the earlier one of equals. */
function mostDifferent(frames: readonly Uint8Array[], sights: readonly number[], max: number): readonly number[] {
  const chosen = [0, frames.length - 1]
  const distance = new Map(sights.map(index => [index, Math.min(...chosen.map(c => difference(frames, index, c)))]))
  while (chosen.length < max) {
    let farthest = 0
    for (const [index, far] of distance) if (far > (distance.get(farthest) ?? 0)) farthest = index
    if (farthest === 0) break
    chosen.push(farthest)
    for (const [index, far] of distance) distance.set(index, Math.min(far, difference(frames, index, farthest)))
  }
  return chosen.toSorted((a, b) => a - b)
}

function difference(frames: readonly Uint8Array[], one: number, other: number): number {
  const a = frames[one] ?? new Uint8Array()
  const b = frames[other] ?? new Uint8Array()
  const counts = new Uint32Array(256)
  for (let cell = 0; cell < a.length; cell++) {
    const change = Math.abs((a[cell] ?? 0) - (b[cell] ?? 0))
    counts[change] = (counts[change] ?? 0) + 1
  }
  const wanted = Math.max(1, Math.round(a.length * mostChangedShare))
  let left = wanted
  let sum = 0
  for (let change = 255; change > 0 && left > 0; change--) {
    const taken = Math.min(left, counts[change] ?? 0)
    sum += taken * change
    left -= taken
  }
  return sum / wanted
}
