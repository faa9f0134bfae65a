/** What the code of a page shows: style sheets that hold text and pictures, scripts that hold data or write. */

const cssString = /"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'/g
const contentDeclaration =
  /(?:^|[\s;{])content\s*:\s*((?:"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|[^;}"'])*)/gi

/** Strings that a style sheet puts before, behind or in the place of elements. */
export function textsOfStyle(css: string): readonly string[] {
  return Array.from(css.matchAll(contentDeclaration), ([, value = '']) =>
    Array.from(value.matchAll(cssString), ([, double, single = '']) => decodeCss(double ?? single)).join(''),
  ).filter(text => /[\p{L}\p{N}]/u.test(text))
}

/** Whether a style sheet shows the values of attributes that are not shown otherwise. */
export function showsAttributes(css: string): boolean {
  return Array.from(css.matchAll(contentDeclaration)).some(([, value = '']) => /\battr\(/i.test(value))
}

const pictureAddress =
  /url\(\s*["']?(?:data:image\/|(?:(?!url\()[^"')])*?\.(?:png|apng|jpe?g|gif|webp|avif|svg|bmp)\b)/gi

export function countStylePictures(css: string): number {
  return Array.from(css.matchAll(pictureAddress)).length
}

function decodeCss(text: string): string {
  return text.replace(
    /\\(?:([\da-f]{1,6})\s?|\r?\n|([\s\S]))/gi,
    (_, hex: string | undefined, other: string | undefined) => {
      const code = Number.parseInt(hex ?? '', 16)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : (other ?? '')
    },
  )
}

/** Whether a script puts text on the page; which, only running it would tell. */
export function writesText(script: string): boolean {
  return /\bdocument\s*\.\s*write|\b(?:inner|outer)HTML\b|\binsertAdjacent(?:HTML|Text)\b|\b(?:textContent|innerText)\b|\bcreateTextNode\b/.test(
    script,
  )
}

/** The strings of a script that is data, such as the descriptions that search results show; as it stands where it is damaged. */
export function textsOfData(json: string): readonly string[] {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return [json]
  }
  const texts: string[] = []
  const stack: unknown[] = [value]
  while (stack.length > 0) {
    const next = stack.pop()
    if (typeof next === 'string') texts.push(next)
    else if (typeof next === 'object' && next !== null) stack.push(...Object.values(next).toReversed())
  }
  return texts
}
