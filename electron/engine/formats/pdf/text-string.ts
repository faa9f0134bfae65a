/** Text strings outside of pages (ISO 32000-1, 7.9.2.2): in UTF-16 or UTF-8 with a mark, otherwise in an encoding of PDF's own. */
export function textOf(bytes: Uint8Array): string {
  const [first = 0, second = 0, third = 0] = bytes
  if (first === 0xfe && second === 0xff) return withoutLanguage(new TextDecoder('utf-16be').decode(bytes))
  if (first === 0xff && second === 0xfe) return withoutLanguage(new TextDecoder('utf-16le').decode(bytes))
  if (first === 0xef && second === 0xbb && third === 0xbf) return withoutLanguage(new TextDecoder().decode(bytes))
  return Array.from(bytes, byte => own.get(byte) ?? String.fromCharCode(byte)).join('')
}

/** A language may be named between two escape characters. */
function withoutLanguage(text: string): string {
  const parts = text.split('\u001b')
  return parts.length % 2 === 1 ? parts.filter((_, index) => index % 2 === 0).join('') : text
}

/** Where PDFDocEncoding is not Latin 1 (Annex D.3). */
const own: ReadonlyMap<number, string> = new Map(
  [
    [0x18, '˘ˇˆ˙˝˛˚˜'],
    [0x80, '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž'],
    [0xa0, '€'],
  ].flatMap(([start, characters]) =>
    Array.from(String(characters), (character, index): [number, string] => [Number(start) + index, character]),
  ),
)

/** The words of rich text, which is XHTML. */
export function richWords(text: string): string {
  return text
    .replaceAll(/<(?:p|br|div|li)\b[^>]*>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&#(x?)([0-9a-f]{1,6});/gi, (_, hex: string, digits: string) => {
      const point = Number.parseInt(digits, hex === '' ? 10 : 16)
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
