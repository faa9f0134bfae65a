import type { Edit } from './edits.ts'

/**
 * Marks that stand between the letters of a word and that a program which knows them does not show: emphasis, tags, links, footnotes,
 * times of karaoke, groups of TeX, references of no width. What is one word for the eye is read as one. Of most marks nobody knows
 * whether the program that the text is made for takes them for marks: both readings are sent.
 */
const marks = [
  // What is hidden by style or in formulae, and reading aids in brackets.
  '<(?<tag>[a-z]{1,20})\\s(?:[^<>]{0,200}?[\\s"\';:])?(?:hidden\\b|display\\s?:\\s?none|visibility\\s?:\\s?hidden|opacity\\s?:\\s?0(?![.\\d])|font-size\\s?:\\s?[01](?![.\\d])|color\\s?[:=]["\'\\s]?(?:white|transparent|#fff(?:fff)?)\\b)[^<>]{0,200}>(?:[^<>]|<(?!\\/\\k<tag>)[^<>]{0,100}>){0,200}<\\/\\k<tag>>',
  '\\\\[hv]?phantom\\{[^{}\\n]{0,200}\\}',
  '\\\\(?:text)?color\\{white\\}\\{[^{}\\n]{0,200}\\}',
  '[(（][a-z\u00e0-\u01dc]{1,6}\\d?[)）]',
  "[*_~`^=+$'}]",
  '\\[\\/?[a-z]{1,20}(?:=[^\\]\\n]{0,60})?\\]',
  '\\[\\[[^\\][|\\n]{1,300}(?:\\||\\]\\[)',
  '\\[(?:\\d{1,3}:\\d\\d(?:[.:]\\d{1,3})?\\]|\\^[^\\]\\n]{1,40}\\]|\\/?(?:[bius]|url|img|color|size|font|quote|center|email)(?:=[^\\]\\n]{0,60})?\\]|(?!\\^))',
  '\\](?:\\([^()\\n]{0,2000}\\)|\\[[^\\]\\n]{0,200}\\]|(?<!\\d\\d\\])(?![([]))',
  '\\{(?:\\\\[^{}\\n]{0,200}\\}|[.#][^{}\\n]{0,200}\\}|>>[^{}\\n]{0,200}<<\\}|--[^{}\\n]{0,200}--\\}|\\/?[a-zA-Z]:[^{}\\n]{0,30}\\}|(?!\\\\))',
  '\\[CQ:[^\\]\\n]{0,200}\\]',
  '%%[^%\\n]{0,200}%%',
  '\\|\\|',
  '\u00a7[0-9a-z]',
  ':[a-z\\d_+-]{2,30}:',
  '\\\\[a-zA-Z]{1,20}\\{[^{}\\n]{0,40}\\}\\{',
  '\\\\kern-?[\\d.]{1,8}[a-z]{2}',
  '\\\\(?: |(?:\\r?\\n)[ \\t]{0,40})',
  '%\\r?\\n[ \\t]{0,40}',
  `["'][ \\t]{0,8}(?:[+.&][ \\t]{0,8})?(?:\\r?\\n[ \\t]{0,40})?["']`,
  '&lt;\\/?[a-zA-Z](?:[^<>&]|&quot;){0,200}&gt;',
  '\\\\(?:[a-zA-Z]{1,20}\\*?\\{|(?=[*_~`]))',
  '\\(\\d{1,9},\\d{1,9}(?:,\\d{1,9})?\\)',
  '<(?:\\/?[a-zA-Z][^<>]{0,2000}|\\d[\\d:.,]{0,20}|!--(?:[^-\\n]|-(?!->)){0,2000}--)>',
  '&(?:nbsp|ensp|emsp|thinsp|shy|zwnj|zwj|ZeroWidthSpace|NoBreak|lrm|rlm|#173|#xad|#820[3-7]|#x200[b-f]|#8288|#x2060);',
]
const eachMark = marks.map(source => new RegExp(source, 'iuy'))
const beginnings = new RegExp(`(?<=[\\p{L}\\p{N}])(?=${marks.join('|')})`, 'giu')
const letter = /[\p{L}\p{N}]/uy

/** Not marks between Latin letters: a program would have to know the language to say what `a*b` and `a_b` are. */
const onlyBetweenOthers = /^(?:[_^=+$'{}[\]~`]|\*)$/
const latin = /[!-~]/

export function marksWithinWords(text: string): readonly Edit[] {
  const edits: Edit[] = []
  const dead = new Set<number>()
  let end = 0
  for (const { index: start } of text.matchAll(beginnings)) {
    if (start < end || dead.has(start)) continue
    end = rowEnd(text, start, dead)
    const all = text.slice(start, end)
    const isBetweenLatin = latin.test(text[start - 1] ?? '') && latin.test(text[end] ?? '')
    if (isBetweenLatin && (onlyBetweenOthers.test(all) || !/\*\*|~~|[<\]&`]/.test(all))) continue
    if (all === '' || all === "'" || all === '+' || all === '=') continue
    edits.push({ start, end, text: '' })
  }
  return edits
}

/**
 * Where a row of marks that begins here ends before a letter, the longest that there is; where there is none, here. A regular expression
 * would try a row that leads nowhere again from each of its marks: `dead` holds the places from which nothing was found.
 */
function rowEnd(text: string, start: number, dead: Set<number>): number {
  const path = [{ at: start, tried: 0 }]
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    const mark = eachMark[last.tried]
    if (mark === undefined) {
      path.pop()
      letter.lastIndex = last.at
      if (path.length > 0 && letter.test(text)) return last.at
      dead.add(last.at)
      continue
    }
    last.tried += 1
    mark.lastIndex = last.at
    if (mark.test(text) && !dead.has(mark.lastIndex)) path.push({ at: mark.lastIndex, tried: 0 })
  }
  return start
}

/** Letters of no width beside them, so that no one sees them, and those that stand alone between spaces or points as in a column. */
const alone =
  /(?<![\p{L}\p{N}])\p{Script=Han}(?:(?!\n[ \t]*\n)[^\p{L}\p{N}]{1,3}\p{Script=Han}(?![\p{L}\p{N}])){3,200}/gu
/** Radicals and characters that look like others, as fonts show them; strokes and rings over letters. */
const lookalike = /[\u2e80-\u2fdf\uf900-\ufaff]+|(?<=\p{Script=Han})[\p{M}\u2800]+/gu

export function lettersAlone(text: string): readonly Edit[] {
  return Array.from(text.matchAll(alone), ({ 0: all, index }) => ({
    start: index,
    end: index + all.length,
    text: all.replace(/[^\p{L}\p{N}]/gu, ''),
  }))
}

/** Lines that are folded where a program writes them and one line where it reads them: vCard, iCalendar, mail. */
const fold = /(?<=[^\s:;])(?:\r?\n[ \t](?=\S)|=\r?\n(?=\S))/g
const folding = /^(?:BEGIN:V(?:CARD|CALENDAR|EVENT)\b|(?:Subject|From|Received|dn|cn)::? \S)/im
/** A text whose lines end with a space where they go on. */
const flowed = / \r?\n(?=\p{Script=Han})/gu
/** The name of a contact, which is shown without the mark between its parts. */
const nameParts = /(?<=^N(?:;[^:;\n]{0,40})*:[^;\n]{1,40});(?=\p{Script=Han})/gmu
/** Between Chinese characters a line's end is no space: Markdown, YAML, TeX. */
const softEnd = /(?<=[\p{Script=Han}])[ \t]{0,8}\\?\r?\n[ \t]{0,40}(?=[\p{Script=Han}])/gu

export function foldsWithinWords(text: string, areLinesFolded: boolean): readonly Edit[] {
  const patterns = [
    ...(areLinesFolded ? [softEnd] : []),
    ...(/\bformat="?flowed/i.test(text) ? [flowed] : []),
    ...(/^BEGIN:VCARD/im.test(text) ? [nameParts] : []),
    ...(folding.test(text) || text.includes('=\n') || text.includes('=\r\n') ? [fold] : []),
  ]
  return patterns.flatMap(pattern =>
    Array.from(text.matchAll(pattern), match => ({ start: match.index, end: match.index + match[0].length, text: '' })),
  )
}

/** Characters of no width between letters, and letters that are shown in reverse. */
const invisible = /(?<=[\p{L}\p{N}])\p{Default_Ignorable_Code_Point}+(?=[\p{L}\p{N}])/gu
const reversed =
  /(?:\u202e|&#(?:8238|x202e);|\\u202e)((?:(?!\u202c|&#(?:8236|x202c);|\\u202c)[^\n]){0,10000})(?:\u202c|&#(?:8236|x202c);|\\u202c)?/gi
/** The same by tags, of pages and in any text. */
const reversedByTag =
  /<[a-z]{1,20}\s[^<>]{0,200}?(?:\bdir\s?=\s?["']?rtl|bidi-override)[^<>]{0,200}>([^<>\n]{1,2000})<\/[a-z]{1,20}>/gi
/** What is set from right to left, by a mark or since it begins so: of its parts the last is shown first. */
const embedded = /(?:[\u2067\u202b]|^[\u200f\u061c])([^\u2069\u202c\n]{1,2000})[\u2069\u202c]?/gm
const rightToLeft = /\s*[\u200f\u061c\p{Script=Arabic}\p{Script=Hebrew}]+\s*/gu
/** Between the marks of annotations, what stands over the words. */
const annotations = /\ufffa[^\ufffb\n]{0,200}\ufffb|\ufff9/g

export function invisibleWithinWords(text: string): readonly Edit[] {
  const edits = Array.from(text.matchAll(reversed), match => ({
    start: match.index,
    end: match.index + match[0].length,
    text: Array.from((match[1] ?? '').replace(/\p{Default_Ignorable_Code_Point}/gu, ''))
      .reverse()
      .join(''),
  }))
  if (text.includes('<')) {
    for (const { 0: all, 1: letters = '', index } of text.matchAll(reversedByTag)) {
      edits.push({ start: index, end: index + all.length, text: Array.from(letters).reverse().join('') })
    }
  }
  for (const { 0: all, 1: inside = '', index } of text.matchAll(embedded)) {
    const parts = inside.split(rightToLeft).filter(part => /\p{Script=Han}/u.test(part))
    if (parts.length > 1) edits.push({ start: index, end: index + all.length, text: parts.toReversed().join('') })
  }
  for (const { 0: all, index } of text.matchAll(annotations)) {
    edits.push({ start: index, end: index + all.length, text: '' })
  }
  for (const { 0: all, index } of text.matchAll(lookalike)) {
    edits.push({ start: index, end: index + all.length, text: all.normalize('NFKC').replace(/[\p{M}\u2800]/gu, '') })
  }
  for (const match of text.matchAll(invisible)) {
    edits.push({ start: match.index, end: match.index + match[0].length, text: '' })
  }
  return edits
}
