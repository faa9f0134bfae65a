import { readPacked } from '../text/packed.ts'
import { spelledCharacters } from '../text/spellings.ts'
import { isPictureAddress } from './lists.ts'

/** What a script of a page shows, as far as it can be told without running it. */
export interface Script {
  /** Its strings that are words, joined where it adds them up. */
  readonly texts: readonly string[]
  /** Addresses of pictures and pictures packed in letters. */
  readonly pictures: number
  /** Whether it puts something on the page that only running it would reveal. */
  readonly isWriting: boolean
}

/** A string that does not end goes to the end of its line, or of the script: to look for its end from each mark anew would be quadratic. */
const stringOrComment =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"((?:[^"\\\n]|\\[\s\S])*)"?|'((?:[^'\\\n]|\\[\s\S])*)'?|`((?:[^`\\]|\\[\s\S])*)`?/g

export function readScript(script: string): Script {
  const texts: string[] = []
  let pictures = 0
  let joined = ''
  let end = 0
  const endString = () => {
    if (isPictureAddress(joined)) pictures++
    else if (joined.length >= 24 && /^[\w+/=-]+$/.test(joined)) pictures += readPacked(joined).pictures
    if (isWorded(joined)) texts.push(joined)
    joined = ''
  }
  for (const match of script.matchAll(stringOrComment)) {
    const value = match[1] ?? match[2] ?? match[3]
    if (value === undefined) continue
    const isAdded = joined !== '' && match.index - end < 40 && /^\s*\+\s*$/.test(script.slice(end, match.index))
    if (!isAdded) endString()
    joined += decodeEscapes(value)
    end = match.index + match[0].length
  }
  endString()
  return { texts, pictures, isWriting: writes.test(script) }
}

/** Addresses of the scripts that a script loads, as far as they stand in it. */
export function scriptsLoadedBy(script: string): readonly string[] {
  const loads = /\bimport\s*(?:\(\s*)?["'`]([^"'`\n]{1,2000})["'`]|\bfrom\s*["']([^"'\n]{1,2000})["']/g
  const addresses = Array.from(script.matchAll(loads), match => match[1] ?? match[2] ?? '')
  if (!/createElement\s*\(\s*["']script["']/.test(script)) return addresses
  const sources = /\bsrc\s*=\s*(?:\(?[^"'`;\n]{0,100}\)?[?+]?\s*)?["'`]([^"'`\n]{1,2000})["'`]/g
  return [...addresses, ...Array.from(script.matchAll(sources), match => match[1] ?? '')]
}

/**
 * Every way that a script has to show text that is not among its strings, or to take it from elsewhere. What is made to ask whether a
 * browser knows a property (`'autofocus' in document.createElement('input')`) is not kept.
 */
const writes =
  /\bdocument\s*\.\s*(?:write|title)|\b(?:inner|outer)(?:HTML|Text)\b|\binsertAdjacent(?:HTML|Text|Element)\b|\b(?:textContent|nodeValue|srcdoc)\b|\bcreate(?:TextNode|ContextualFragment)\b|(?<!["']\s{0,9}\bin\s{1,9}document\.)\bcreateElement(?:NS)?\s*\(\s*["'](?!script["'])|\.\s*(?:replaceWith|replaceChildren|setHTML(?:Unsafe)?|parseFromString|insertRule|attachShadow|html)\s*\(|\bfrom(?:CharCode|CodePoint)\b|\batob\s*\(|\beval\s*\(|\bnew\s+(?:Function|Image|Text)\b|\badoptedStyleSheets\b|\bcssText\b|\bbackground(?:Image)?\s*=|\bnew\s+Vue\b|\bcreateApp\s*\(|\b(?:alert|confirm|prompt)\s*\(|\.\s*(?:(?:append|insert|replace)Data|before|after|prepend)\s*\(|\bdocument\.(?:body|documentElement)\.append\s*\(|\bquerySelector\s*\([^()]{0,100}\)\.append\s*\(|\bnew\s+Option\b|\[\s*["'`]\w{0,40}["'`]\s*\+\s*["'`]\w{0,40}["'`]\s*\]/

function isWorded(text: string): boolean {
  if (text.length < 2 || text === 'use strict') return false
  // eslint-style identifiers, selectors and addresses have no two words of letters with a space between them.
  return /[^\0-\u00a0]/.test(text) || /[a-z]{2,} [a-z]{2,}/i.test(text) || spelledCharacters(text).length > 0
}

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '', f: '', v: '', '0': '', '\n': '' }

function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi,
    (_, braced: string | undefined, four: string | undefined, two: string | undefined, other: string | undefined) => {
      const code = Number.parseInt(braced ?? four ?? two ?? '', 16)
      if (other !== undefined) return controls[other] ?? other
      return code <= 0x10ffff ? String.fromCodePoint(code) : ''
    },
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
