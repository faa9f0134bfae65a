/** Names of files and of rows of tables differ in their ends: what is too long is cut in its middle. */

/** Pixels that a text takes in the face of the name. */
export type Measure = (text: string) => number

const ellipsis = '…'

/** As much of the name's beginning and end as fits into `width` pixels; of the end at least as much as of the beginning. */
export function cutInMiddle(name: string, width: number, measure: Measure): string {
  if (measure(name) <= width) return name
  const characters = Array.from(name)
  // The widest cut that fits; each character more is more to draw.
  let low = 0
  let high = characters.length - 1
  while (low < high) {
    const kept = (low + high + 1) >> 1
    if (measure(cut(characters, kept)) <= width) low = kept
    else high = kept - 1
  }
  return cut(characters, low)
}

function cut(characters: readonly string[], kept: number): string {
  const end = Math.ceil(kept / 2)
  return [...characters.slice(0, kept - end), ellipsis, ...characters.slice(characters.length - end)].join('')
}

let context: CanvasRenderingContext2D | null = null

/** By the face itself; laying the name out for it would make the browser lay out all cells. */
export function measureIn(font: string): Measure {
  context ??= document.createElement('canvas').getContext('2d')
  return text => {
    if (context === null) return 0
    if (context.font !== font) context.font = font
    return context.measureText(text).width
  }
}

/** More texts than a few screens have. */
const remembered = 4_000

/** Cuts texts as `cutInMiddle` does, and remembers them: labels, rules and folders are the same in many lines. */
export function createCutter(measure: Measure): (text: string, width: number) => string {
  const known = new Map<string, string>()
  return (text, width) => {
    if (text === '') return ''
    const key = `${width} ${text}`
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= remembered) known.clear()
    const shown = cutInMiddle(text, width, measure)
    known.set(key, shown)
    return shown
  }
}
