/**
 * Turns physical lengths into pixels as browsers do, at 96 to the inch: the renderer supposes the resolution that it draws at. Sizes of
 * text that have names are those of browsers, too: the renderer has smaller ones.
 */

const pixels: Readonly<Record<string, number>> = { pt: 96 / 72, pc: 16, mm: 96 / 25.4, cm: 96 / 2.54, in: 96 }
const sizes: Readonly<Record<string, number>> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
}
const size = /(font-size\s*(?:=\s*["']|:)\s*)((?:xx?-)?(?:small|large)|medium)(?=\s*[;}"'!])/g
const length = String.raw`([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(pt|pc|mm|cm|in)`
const attribute = new RegExp(String.raw`(\s[\w-]+\s*=\s*(["'])\s*)${length}(?=\s*\2)`, 'g')
const declaration = new RegExp(String.raw`([;{"'\s][\w-]+\s*:\s*)()${length}(?=\s*(?:[;}"'!]|$))`, 'g')

export function inPixels(document: string): string {
  const turn = (_: string, before: string, _quote: string, value: string, unit: string) =>
    `${before}${Number((Number(value) * (pixels[unit] ?? 1)).toPrecision(9))}px`
  return document
    .replace(attribute, turn)
    .replace(declaration, turn)
    .replace(size, (_, before: string, name: string) => `${before}${sizes[name]}px`)
}
