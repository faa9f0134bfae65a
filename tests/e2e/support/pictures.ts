import sharp from 'sharp'
import { practiceMark } from '../../../electron/engine/sandbox/practice-mark.ts'

/** A small picture, different for each seed; one with the practice mark is risky for the sandbox. */
export async function poster(options: { readonly seed: number; readonly isRisky?: boolean }): Promise<Uint8Array> {
  const { sizePx, squarePx, framePx, colour, frameColour } = practiceMark
  const hue = (options.seed * 47) % 360
  const mark = `<g transform="translate(60,80)"><rect width="${sizePx}" height="${sizePx}" fill="${frameColour}"/>
    <rect x="${framePx}" y="${framePx}" width="${squarePx}" height="${squarePx}" fill="${colour}"/></g>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="400">
    <rect width="300" height="400" fill="hsl(${hue},30%,80%)"/>
    <circle cx="${100 + (options.seed % 100)}" cy="260" r="70" fill="hsl(${hue},40%,60%)"/>
    ${options.isRisky === true ? mark : ''}</svg>`
  return new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer())
}
