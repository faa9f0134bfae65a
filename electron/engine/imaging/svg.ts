/** Refuses drawings that one still picture cannot show: what refers to other files, moves, runs, embeds HTML, or depends on who looks. */

import { readApng } from './apng.ts'
import { sniffImage } from './containers.ts'
import { Refusal } from './refusal.ts'

/**
 * Returns the pictures embedded in an SVG file, still to be decoded: the renderer leaves blank what it cannot read.
 * Refused where it is not UTF-8, since a check that reads it otherwise than the renderer is none.
 */
export function checkSvg(bytes: Uint8Array): readonly Uint8Array[] {
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["']/.exec(decode(bytes))?.[1]
  if (declared !== undefined && !/^(utf-8|us-ascii)$/i.test(declared)) throw refused('it is not in UTF-8')
  const text = withoutReferences(decode(bytes))
  for (const [pattern, why] of blind) if (pattern.test(text)) throw refused(why)
  const embedded: Uint8Array[] = []
  for (const [, value = ''] of withoutLinks(text).matchAll(/\bhref\s*=\s*["']([^"']*)/gi)) {
    const picture = /^\s*data:image\/[^,]*,/i.test(value) ? embeddedPicture(value) : null
    if (picture !== null) embedded.push(picture)
    else if (!value.startsWith('#')) throw refused('it refers to other files')
  }
  for (const [, value = ''] of text.matchAll(/\burl\(\s*["']?([^"')]*)/gi)) {
    if (!value.startsWith('#')) throw refused('it refers to other files')
  }
  return embedded
}

/** The renderer draws still PNG and JPEG; others, such as GIF and WebP, leave a blank. */
function embeddedPicture(address: string): Uint8Array {
  const data = /^\s*data:image\/(?:png|jpe?g);base64,([A-Za-z\d+/\s]*={0,2}\s*)$/i.exec(address)?.[1]
  if (data === undefined) throw refused('it holds a picture that is neither PNG nor JPEG')
  const picture = Buffer.from(data, 'base64')
  const format = sniffImage(picture)
  if (format !== 'png' && format !== 'jpeg') throw refused('it holds a picture that is neither PNG nor JPEG')
  if (format === 'png' && readApng(picture) !== null) throw refused('it moves')
  return picture
}

const blind: readonly (readonly [RegExp, string])[] = [
  [/<!ENTITY/i, 'it defines entities'],
  [/<(?:[^\s<>/:]+:)?(?:script|foreignObject|iframe|video|audio|canvas)\b/i, 'it holds a script or a web page'],
  [/<(?:[^\s<>/:]+:)?(?:animate\w*|set)\b|@keyframes|\banimation\s*:/i, 'it moves'],
  [/\bsystemLanguage\b|@media\b/i, 'it looks different to different readers'],
  [/@import|<\?xml-stylesheet/i, 'it refers to other files'],
]

/** A reference can stand for any letter of what is looked for. Those that stand for markup stay, since they are none. */
function withoutReferences(text: string): string {
  return text.replace(
    /&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi,
    (whole, hex: string | undefined, decimal: string | undefined) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      const character = code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
      return /["'<>&]/.test(character) ? whole : character
    },
  )
}

/** A link is an address to go to, not something to draw. */
function withoutLinks(text: string): string {
  return text.replace(/<a\s[^>]*>/gi, '')
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refused('it is not in UTF-8')
  }
}

function refused(why: string): Refusal {
  return new Refusal('unreadable_image', `This SVG cannot be shown as one picture (${why}): export it as PNG.`)
}
