/** Finds characters that no font of this machine can draw: the renderer puts boxes in their place, or nothing. */

import { sharp } from '../sharp.ts'

/** One cell for each character; its box, for one that is missing, is far from the edges. */
const cellPx = 48
const columns = 32
const atOnce = 512
/** The thin right edge of a box is nearly transparent where it lies between pixels. */
const inkedAlpha = 3
/** Permanently unassigned: no font has them. Boxes are as wide as their digits, and equally high. */
const unassigned = ['\uFDD0', '\u{1FFFE}'] as const
/** Drawn as nothing by everyone. */
const blank = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\u3164\uFFA0]$/u

const known = new Map<string, boolean>()
let boxes: Promise<readonly DrawnGlyph[]> | null = null

interface DrawnGlyph {
  readonly pixels: string
  /** Left, top, right and bottom of what is inked; null where nothing is. */
  readonly box: readonly [number, number, number, number] | null
  readonly isFramed: boolean
}

/** Those of `characters`, each one code point, that have no glyph; answers are kept for as long as the process lives. */
export async function missingGlyphs(characters: Iterable<string>): Promise<readonly string[]> {
  const all = [...characters].filter(character => !blank.test(character))
  const unknown = all.filter(character => !known.has(character))
  boxes ??= draw(unassigned)
  const missing = await boxes
  for (let at = 0; at < unknown.length; at += atOnce) {
    const some = unknown.slice(at, at + atOnce)
    const drawn = await draw(some.flatMap(character => [character, neighbour(character, 1)]))
    const doubtful: string[] = []
    for (const [index, character] of some.entries()) {
      const [glyph, next] = drawn.slice(index * 2, index * 2 + 2)
      const isBox =
        glyph?.isFramed === true &&
        missing.some(
          each => each.box?.slice(0, 2).join() === glyph.box?.slice(0, 2).join() && each.box?.[3] === glyph.box?.[3],
        )
      known.set(character, isBox || glyph?.box === null)
      if (glyph?.pixels === next?.pixels) doubtful.push(character)
    }
    // Fonts of last resort have one picture for a whole script.
    const before = await draw(doubtful.flatMap(character => [character, neighbour(character, -1)]))
    for (const [index, character] of doubtful.entries()) {
      if (before[index * 2]?.pixels === before[index * 2 + 1]?.pixels) known.set(character, true)
    }
  }
  return all.filter(character => known.get(character) === true)
}

function neighbour(character: string, step: number): string {
  const code = (character.codePointAt(0) ?? 0) + step
  const isLawful =
    code >= 0x20 && code <= 0x10fffd && (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff
  return isLawful ? String.fromCodePoint(code) : ' '
}

/** By the renderer of drawings itself, in its default font. */
async function draw(characters: readonly string[]): Promise<readonly DrawnGlyph[]> {
  if (characters.length === 0) return []
  const height = Math.ceil(characters.length / columns) * cellPx
  const width = columns * cellPx
  const cells = characters.map((character, index) => {
    const x = (index % columns) * cellPx + 8
    const y = Math.floor(index / columns) * cellPx + 32
    return `<text x="${x}" y="${y}">&#${character.codePointAt(0)};</text>`
  })
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-size="24">${cells.join('')}</svg>`
  const alpha = await sharp(Buffer.from(drawing)).extractChannel(3).raw().toBuffer()
  return characters.map((_, index) => {
    const left = (index % columns) * cellPx
    const top = Math.floor(index / columns) * cellPx
    const lines = Array.from({ length: cellPx }, (_line, y) =>
      alpha.subarray((top + y) * width + left, (top + y) * width + left + cellPx),
    )
    return drawnGlyphOf(lines)
  })
}

function drawnGlyphOf(lines: readonly Uint8Array[]): DrawnGlyph {
  const isInked = (x: number, y: number) => (lines[y]?.[x] ?? 0) > inkedAlpha
  const inked = lines.flatMap((line, y) => [...line.keys()].filter(x => isInked(x, y)).map(x => [x, y] as const))
  const pixels = Buffer.concat(lines).toString('latin1')
  if (inked.length === 0) return { pixels, box: null, isFramed: false }
  const xs = inked.map(([x]) => x)
  const ys = inked.map(([, y]) => y)
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const
  const [left, top, right, bottom] = box
  const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const isFramed =
    span(left, right).every(x => isInked(x, top) && isInked(x, bottom)) &&
    span(top, bottom).every(y => isInked(left, y) && isInked(right, y))
  return { pixels, box, isFramed }
}
