/** Chooses the frames of an animation that are worth a call, by how much they differ. */

/** Frames in cells, row by row, as many bytes a cell as there are channels. */
export interface CellGrid {
  readonly columns: number
  readonly rows: number
  /** Three; six where frames are transparent, on black and on white. */
  readonly channels: number
  readonly frames: readonly Uint8Array[]
}

/** Side of a cell in pixels of what is sent: small print still differs from its ground by much. */
export const cellPx = 4

/** Side of the small square in which whole frames are compared, in cells. */
const sceneSide = 48
/** Mean change, of 255, in the cells that changed most, from which on a frame counts as a new sight. */
const newSight = 20
/** A sticker of a hundredth of the area counts as much as a new scene: the mean runs over the most changed hundredth. */
const mostChangedShare = 0.01

/** How far, of 255, a cell must lie outside of what was around it before, for something new to be there. */
const newInk = 28
/** Side of a block, in cells, and the new cells in one from which on it shows something new: less than a letter. */
const blockCells = 8
const newCells = 3

export interface Sample {
  /** Indices of the frames to send, ascending. */
  readonly chosen: readonly number[]
  /** How many frames are worth a look; where that is more than were chosen, something stays unseen. */
  readonly differing: number
}

/**
 * Chooses the first frame and the last, and each that shows another scene than the one sampled before it, or something in it that was
 * not there. Where that makes more than `max`, those that differ most from each other stay.
 */
export function sampleFrames(grid: CellGrid, max: number): Sample {
  const scenes = grid.frames.map(frame => sceneOf(grid, frame))
  const sights = sightsOf(grid)
  return { chosen: sights.length <= max ? sights : mostDifferent(scenes, sights, max), differing: sights.length }
}

function sightsOf(grid: CellGrid): readonly number[] {
  const { frames } = grid
  const last = frames.length - 1
  const isNew = createSights(grid)
  return frames.flatMap((frame, index) => (isNew(frame) || index === last ? [index] : []))
}

/** Frames are given in their order: whether one shows what the last of which this was true did not. It is true of the first. */
export function createSights(grid: Omit<CellGrid, 'frames'>): (frame: Uint8Array) => boolean {
  let last: { readonly scene: Uint8Array; readonly around: Surroundings } | null = null
  return frame => {
    const scene = sceneOf(grid, frame)
    if (last !== null && difference(scene, last.scene) < newSight && !showsMore(grid, frame, last.around)) return false
    last = { scene, around: surroundings(grid, frame) }
    return true
  }
}

interface Surroundings {
  readonly darkest: Uint8Array
  readonly lightest: Uint8Array
}

/** For each cell of a frame, the range of the cells around it: what moves by less than a cell stays within it. */
function surroundings({ columns, rows, channels }: Omit<CellGrid, 'frames'>, frame: Uint8Array): Surroundings {
  const range = (choose: (a: number, b: number) => number, source: Uint8Array, stride: number, run: number) => {
    const out = new Uint8Array(source.length)
    for (let start = 0; start < source.length; start += run) {
      const end = Math.min(start + run, source.length)
      for (let at = start; at < end; at++) {
        let value = source[at] as number
        if (at - stride >= start) value = choose(value, source[at - stride] as number)
        if (at + stride < end) value = choose(value, source[at + stride] as number)
        out[at] = value
      }
    }
    return out
  }
  const line = channels * columns
  const both = (choose: (a: number, b: number) => number) =>
    range(choose, range(choose, frame, channels, line), line, line * rows)
  return { darkest: both(Math.min), lightest: both(Math.max) }
}

/** Whether some block of the frame holds cells that are out of the range of what was there. */
function showsMore(
  { columns, rows, channels }: Omit<CellGrid, 'frames'>,
  frame: Uint8Array,
  { darkest, lightest }: Surroundings,
): boolean {
  const across = Math.ceil((2 * columns) / blockCells)
  const down = Math.ceil((2 * rows) / blockCells)
  const counts = new Uint16Array(across * down)
  for (let row = 0, at = 0; row < rows; row++) {
    const first = Math.floor((2 * row) / blockCells) * across
    for (let column = 0; column < columns; column++, at += channels) {
      for (let each = at; each < at + channels; each++) {
        const value = frame[each] as number
        if (value - (lightest[each] as number) < newInk && (darkest[each] as number) - value < newInk) continue
        const half = first + Math.floor((2 * column) / blockCells)
        counts[half] = (counts[half] as number) + 1
        break
      }
    }
  }
  // Blocks overlap by half: what lies across a border is whole in one of them.
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const of = (row: number, column: number) =>
        row < down && column < across ? (counts[row * across + column] ?? 0) : 0
      if (of(y, x) + of(y, x + 1) + of(y + 1, x) + of(y + 1, x + 1) >= newCells) return true
    }
  }
  return false
}

/** A frame in few cells. */
function sceneOf({ columns, rows, channels }: Omit<CellGrid, 'frames'>, frame: Uint8Array): Uint8Array {
  const across = Math.min(sceneSide, columns)
  const down = Math.min(sceneSide, rows)
  const sums = new Uint32Array(across * down * channels)
  const counts = new Uint32Array(across * down)
  const columnOf = Uint16Array.from({ length: columns }, (_, x) => Math.floor((x * across) / columns))
  for (let y = 0, from = 0; y < rows; y++) {
    const first = Math.floor((y * down) / rows) * across
    for (let x = 0; x < columns; x++) {
      const cell = first + (columnOf[x] as number)
      counts[cell] = (counts[cell] as number) + 1
      for (let to = cell * channels; to < (cell + 1) * channels; to++, from++) {
        sums[to] = (sums[to] as number) + (frame[from] as number)
      }
    }
  }
  const scene = new Uint8Array(sums.length)
  for (let at = 0, cell = 0; at < scene.length; cell++) {
    for (let channel = 0; channel < channels; channel++, at++)
      scene[at] = (sums[at] as number) / (counts[cell] as number)
  }
  return scene
}

/** Farthest-point choice: each time the frame that is least like any that is chosen already; the earlier one of equals. */
function mostDifferent(frames: readonly Uint8Array[], sights: readonly number[], max: number): readonly number[] {
  const chosen = [0, frames.length - 1]
  const between = (one: number, other: number) =>
    difference(frames[one] ?? new Uint8Array(), frames[other] ?? new Uint8Array())
  const distance = new Map(sights.map(index => [index, Math.min(...chosen.map(c => between(index, c)))]))
  while (chosen.length < max) {
    let farthest = 0
    for (const [index, far] of distance) if (far > (distance.get(farthest) ?? 0)) farthest = index
    if (farthest === 0) break
    chosen.push(farthest)
    for (const [index, far] of distance) distance.set(index, Math.min(far, between(index, farthest)))
  }
  return chosen.toSorted((a, b) => a - b)
}

/** `a` and `b` are equally long. */
function difference(a: Uint8Array, b: Uint8Array): number {
  const counts = new Uint32Array(256)
  for (let cell = 0; cell < a.length; cell++) {
    const change = Math.abs((a[cell] as number) - (b[cell] as number))
    counts[change] = (counts[change] as number) + 1
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
