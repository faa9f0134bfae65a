/** Tags that programs know, with what they take; a word behind a backslash is none. */
const override =
  /\\(?:[1-4]?alpha|[xy]?(?:bord|shad)|fsc[xy]|fr[xyz]?|fa[xy]|fs[cp]?|f[ne]|fade?|an|blur|be|i?clip|move|org|pos|pbo|k[fot]?|[1-4]?[ac]|[bituspqr])(?:\([^()]*(?:\([^()]*\)[^()]*)?\)|&H[\da-f]*&?|[-+]?[\d.]*)/gi

/**
 * A line of subtitles without the SubStation tags in its braces, which cut words. What else stands between them is a note, which some
 * programs show: it follows. `braces` matches those that may hold tags, with their inside as its group.
 */
export function withoutOverrides(line: string, braces: RegExp): string {
  const notes: string[] = []
  const visible: string[] = []
  let style = plainStyle
  let isTurned = false
  let at = 0
  const shown = line.replace(braces, (all: string, inside: string, start: number) => {
    if (isSeen(style)) visible.push(line.slice(at, start))
    at = start + all.length
    style = styleAfter(inside, style)
    isTurned ||= /\\(?:fr[yz]?180|fscx-)/i.test(inside)
    const note = inside.replace(override, '').trim()
    if (note !== '') notes.push(note)
    return ''
  })
  if (isSeen(style)) visible.push(line.slice(at))
  const readings = [shown, visible.join(''), ...(isTurned ? [Array.from(shown).reverse().join('')] : [])]
  const lines = readings.map(each => each.replace(/\\[Nn]/g, '\n').replace(/\\h/g, ' ')).filter(each => each !== '')
  return [...new Set(lines), ...notes].join('\n')
}

/** What of a letter a line's tags have changed so far, as far as it may be gone then. */
interface TextStyle {
  readonly alpha: number
  readonly scale: number
  readonly size: number
}

const plainStyle: TextStyle = { alpha: 0, scale: 100, size: 20 }
const hidingTag = /\\(?:(?:1a|alpha)&H([\da-f]{1,2})&?|fsc[xy](-?[\d.]+)|fs(?![cp])([\d.]*)|(r))/gi

function isSeen({ alpha, scale, size }: TextStyle): boolean {
  return alpha < 0xf0 && Math.abs(scale) > 2 && size > 2
}

function styleAfter(tags: string, before: TextStyle): TextStyle {
  let style = before
  for (const [, alpha, scale, size, reset] of tags.matchAll(hidingTag)) {
    if (reset !== undefined) style = plainStyle
    else if (alpha !== undefined) style = { ...style, alpha: Number.parseInt(alpha, 16) }
    else if (scale !== undefined) style = { ...style, scale: Number(scale) }
    else style = { ...style, size: Number(size || plainStyle.size) }
  }
  return style
}
