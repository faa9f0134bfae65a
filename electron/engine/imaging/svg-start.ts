const prolog = /\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE\b[^>[]*(?:\[[\s\S]*?\]\s*)?>/iy
const svgElement = /<(?:[^\s<>/:]+:)?svg[\s/>]/iy

/** Whether a document's first element is a drawing, whatever comes before it: declarations, instructions, comments, a document type. */
export function beginsAsSvg(text: string): boolean {
  prolog.lastIndex = text.startsWith('\uFEFF') ? 1 : 0
  let at = prolog.lastIndex
  while (prolog.test(text)) at = prolog.lastIndex
  svgElement.lastIndex = at
  return svgElement.test(text)
}
