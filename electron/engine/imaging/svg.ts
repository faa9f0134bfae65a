/** Refuses drawings that one still picture cannot show: what refers to other files, moves, runs, or embeds HTML. */

import { Refusal } from './refusal.ts'

/** Text of an SVG file; refused where it is not UTF-8, since a check that reads it otherwise than the renderer is none. */
export function checkSvg(bytes: Uint8Array): void {
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["']/.exec(decode(bytes))?.[1]
  if (declared !== undefined && !/^(utf-8|us-ascii)$/i.test(declared)) throw refused('it is not in UTF-8')
  const text = decode(bytes)
  for (const [pattern, why] of blind) if (pattern.test(text)) throw refused(why)
  for (const [, value] of withoutLinks(text).matchAll(/\bhref\s*=\s*["']([^"']*)/gi)) {
    if (value !== undefined && !isInside(value)) throw refused('it refers to other files')
  }
  for (const [, value] of text.matchAll(/\burl\(\s*["']?([^"')]*)/gi)) {
    if (value !== undefined && !isInside(value)) throw refused('it refers to other files')
  }
}

const blind: readonly (readonly [RegExp, string])[] = [
  [/<!ENTITY/i, 'it defines entities'],
  [/<(?:[\w-]+:)?(?:script|foreignObject|iframe|video|audio|canvas)\b/i, 'it holds a script or a web page'],
  [/<(?:[\w-]+:)?(?:animate\w*|set)\b|@keyframes|\banimation\s*:/i, 'it moves'],
  [/@import|<\?xml-stylesheet/i, 'it refers to other files'],
]

/** A link is an address to go to, not something to draw. */
function withoutLinks(text: string): string {
  return text.replace(/<a\s[^>]*>/gi, '')
}

function isInside(address: string): boolean {
  return address.startsWith('#') || /^data:image\/(?:png|jpe?g|gif|webp);base64,/i.test(address.trim())
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
