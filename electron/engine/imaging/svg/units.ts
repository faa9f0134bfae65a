/** Turns physical lengths into pixels as browsers do, at 96 to the inch: the renderer supposes the resolution that it draws at. */

const pixels: Readonly<Record<string, number>> = { pt: 96 / 72, pc: 16, mm: 96 / 25.4, cm: 96 / 2.54, in: 96 }
const length = String.raw`([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(pt|pc|mm|cm|in)`
const attribute = new RegExp(String.raw`(\s[\w-]+\s*=\s*(["'])\s*)${length}(?=\s*\2)`, 'g')
const declaration = new RegExp(String.raw`([;{"'\s][\w-]+\s*:\s*)()${length}(?=\s*(?:[;}"'!]|$))`, 'g')

export function inPixels(document: string): string {
  const turn = (_: string, before: string, _quote: string, value: string, unit: string) =>
    `${before}${Number((Number(value) * (pixels[unit] ?? 1)).toPrecision(9))}px`
  return document.replace(attribute, turn).replace(declaration, turn)
}
