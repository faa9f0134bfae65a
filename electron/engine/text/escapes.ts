/** From so many on it is a way of writing and no example in a text about it; the shortest words have two characters. */
const several = 2

const escapes = [
  // JavaScript, Java, JSON, Python; CSS and HTML; the bytes of UTF-8 as mail writes them.
  /\\[uU]\{?([\da-f]{4,8})\}?/gi,
  /&#x([\da-f]{4,6});?/gi,
  /&#(\d{5,7});?/g,
  /=(E[3-9A-F]=[89AB][\dA-F]=[89AB][\dA-F])/g,
]

/**
 * How many Chinese, Japanese or Korean characters a text spells by their numbers. The platform checks the digits and not what they
 * stand for (spec §8.3), while the program that the text is made for shows the characters. 0 where there are too few to matter.
 */
export function countEscapedCharacters(text: string): number {
  let count = 0
  for (const pattern of escapes) {
    for (const [whole, digits = ''] of text.matchAll(pattern)) {
      if (
        whole.startsWith('=') ||
        isIdeographic(Number.parseInt(digits, whole.startsWith('&#') && !/x/i.test(whole) ? 10 : 16))
      ) {
        count++
      }
    }
  }
  return count < several ? 0 : count
}

function isIdeographic(code: number): boolean {
  return (
    (code >= 0x2e80 && code < 0xa000) ||
    (code >= 0xac00 && code < 0xd7b0) ||
    (code >= 0xd840 && code < 0xd8c0) ||
    (code >= 0xf900 && code < 0xfb00) ||
    (code >= 0x20000 && code < 0x34000)
  )
}
