import type { Said } from '../../../../shared/problems.ts'
import { normaliseText } from './normalise.ts'

/** What can be said of a pattern without running it. */
export interface ReadPattern {
  /** With its literal characters normalised as texts are. */
  readonly text: string
  readonly literals: readonly string[] | null
  /** In UTF-16 units. */
  readonly least: number
  readonly longest: number | null
}

/**
 * Reads the usual RE2 syntax; whether it is right, the engine says. Where something unusual is met, the pattern is left as it is, and
 * nothing is said of what it matches.
 */
export function readPattern(source: string): ReadPattern | { readonly problem: Said } {
  const reader: Reader = { characters: [...source], at: 0, out: '', looksAround: false }
  try {
    const shape = readAlternatives(reader, 0)
    if (reader.at < reader.characters.length) throw new Unusual()
    const literals = best([shape.exact, shape.required])
    return {
      text: reader.out,
      literals,
      least: shape.least,
      longest: reader.looksAround || shape.longest === Number.POSITIVE_INFINITY ? null : shape.longest,
    }
  } catch (error) {
    if (error instanceof Inexpressible) return { problem: error.said }
    if (!(error instanceof Unusual)) throw error
    return { text: source, literals: null, least: 1, longest: null }
  }
}

class Unusual extends Error {}
class Inexpressible extends Error {
  readonly said: Said
  constructor(said: Said) {
    super(said.en)
    this.said = said
  }
}

interface Reader {
  readonly characters: readonly string[]
  at: number
  out: string
  /** It has ^, $ or \b, and is to be given whole lines. */
  looksAround: boolean
}

/** What a part of a pattern matches. */
interface Shape {
  /** All that it matches; null where that is more than a few. */
  readonly exact: readonly string[] | null
  /** One of these stands in all that it matches. */
  readonly required: readonly string[] | null
  readonly least: number
  readonly longest: number
}

const nothing: Shape = { exact: [''], required: null, least: 0, longest: 0 }
/** More literals than that for one pattern cost more than they spare. */
const mostLiterals = 400
const longestLiteral = 64
const deepest = 100

function readAlternatives(reader: Reader, depth: number): Shape {
  if (depth > deepest) throw new Unusual()
  const branches = [readSequence(reader, depth)]
  while (peek(reader) === '|') {
    reader.out += take(reader)
    branches.push(readSequence(reader, depth))
  }
  const exact = branches.every(branch => branch.exact !== null)
    ? bounded(branches.flatMap(branch => branch.exact ?? []))
    : null
  const each = branches.map(branch => best([branch.exact, branch.required]))
  return {
    exact,
    required: each.every(literals => literals !== null) ? bounded(each.flatMap(literals => literals ?? [])) : null,
    least: Math.min(...branches.map(({ least }) => least)),
    longest: Math.max(...branches.map(({ longest }) => longest)),
  }
}

function readSequence(reader: Reader, depth: number): Shape {
  let whole: Shape = nothing
  // The stretch of known words that is being read, and those that are done.
  let stretch: readonly string[] = ['']
  const done: (readonly string[] | null)[] = []
  while (reader.at < reader.characters.length && peek(reader) !== '|' && peek(reader) !== ')') {
    const shape = readRepeated(reader, depth)
    const joined = shape.exact === null ? null : product(stretch, shape.exact)
    if (joined === null) {
      done.push(stretch, shape.required)
      stretch = shape.exact ?? ['']
    } else stretch = joined
    whole = {
      exact: whole.exact === null || shape.exact === null ? null : product(whole.exact, shape.exact),
      required: null,
      least: whole.least + shape.least,
      longest: whole.longest + shape.longest,
    }
  }
  return { ...whole, required: best([...done, stretch]) }
}

function readRepeated(reader: Reader, depth: number): Shape {
  const shape = readAtom(reader, depth)
  const next = peek(reader)
  const repeat = next === '?' ? [0, 1] : next === '*' ? [0, null] : next === '+' ? [1, null] : readBraces(reader)
  if (repeat === null) return shape
  if (next !== '{') reader.out += take(reader)
  if (peek(reader) === '?') reader.out += take(reader)
  const [low, high] = [repeat[0] ?? 0, repeat[1] ?? null]
  return {
    exact: low === 0 && high === 1 && shape.exact !== null ? bounded(['', ...shape.exact]) : repeated(shape, low, high),
    required: low === 0 ? null : best([shape.exact, shape.required]),
    least: shape.least * low,
    longest: shape.longest === 0 ? 0 : high === null ? Number.POSITIVE_INFINITY : shape.longest * high,
  }
}

function repeated({ exact }: Shape, low: number, high: number | null): readonly string[] | null {
  if (exact === null || low !== high || low > 10) return null
  let all: readonly string[] | null = ['']
  for (let k = 0; k < low && all !== null; k++) all = product(all, exact)
  return all
}

/** `{2}`, `{2,}`, `{2,5}`; anything else after a brace is a brace. */
function readBraces(reader: Reader): readonly (number | null)[] | null {
  if (peek(reader) !== '{') return null
  const rest = reader.characters.slice(reader.at, reader.at + 12).join('')
  const match = /^\{(\d+)(?:(,)(\d*))?\}/.exec(rest)
  if (match === null) throw new Unusual()
  const [text, low = '', comma, high = ''] = match
  reader.at += text.length
  reader.out += text
  return [Number(low), comma === undefined ? Number(low) : high === '' ? null : Number(high)]
}

function readAtom(reader: Reader, depth: number): Shape {
  const character = take(reader)
  switch (character) {
    case '(':
      return readGroup(reader, depth)
    case '[':
      return readClass(reader)
    case '.':
      reader.out += '.'
      return { exact: null, required: null, least: 1, longest: 2 }
    case '^':
    case '$':
      reader.out += character
      reader.looksAround = true
      return nothing
    case '\\':
      return readEscape(reader)
    case '*':
    case '+':
    case '?':
    case '{':
      throw new Unusual()
    default: {
      const text = normaliseText(character)
      const literal = [...text].map(escaped).join('')
      reader.out += [...text].length === 1 ? literal : `(?:${literal})`
      return { exact: [text], required: null, least: text.length, longest: text.length }
    }
  }
}

function readGroup(reader: Reader, depth: number): Shape {
  const rest = reader.characters.slice(reader.at, reader.at + 80).join('')
  const opening = /^\?(?::|P?<\w+>|[imsU-]+[:)])|^/.exec(rest)?.[0] ?? ''
  if (opening === '' && rest.startsWith('?')) throw new Unusual()
  reader.at += opening.length
  reader.out += `(${opening}`
  // (?i) holds for what follows, and is nothing itself.
  if (opening.endsWith(')')) return nothing
  const shape = readAlternatives(reader, depth + 1)
  if (peek(reader) !== ')') throw new Unusual()
  reader.out += take(reader)
  return shape
}

function readEscape(reader: Reader): Shape {
  const character = reader.at < reader.characters.length ? take(reader) : ''
  if (/^[bBAz]$/.test(character)) {
    reader.out += `\\${character}`
    reader.looksAround = true
    return nothing
  }
  if (/^[dws]$/.test(character)) {
    reader.out += `\\${character}`
    return { exact: null, required: null, least: 1, longest: 1 }
  }
  if (/^[DWS]$/.test(character)) {
    reader.out += `\\${character}`
    return { exact: null, required: null, least: 1, longest: 2 }
  }
  if (/^[pP]$/.test(character)) {
    reader.out += `\\${character}${readProperty(reader)}`
    return { exact: null, required: null, least: 1, longest: 2 }
  }
  const control = controls[character]
  if (control !== undefined) {
    reader.out += `\\${character}`
    return { exact: [control], required: null, least: 1, longest: 1 }
  }
  if (!/^[!-/:-@[-`{-~]$/.test(character)) throw new Unusual()
  reader.out += `\\${character}`
  return { exact: [character], required: null, least: 1, longest: 1 }
}

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' }

function readProperty(reader: Reader): string {
  const rest = reader.characters.slice(reader.at, reader.at + 60).join('')
  const property = /^(?:\w|\{\^?\w+\})/.exec(rest)?.[0]
  if (property === undefined) throw new Unusual()
  reader.at += property.length
  return property
}

function readClass(reader: Reader): Shape {
  reader.out += '['
  let members: string[] | null = []
  if (peek(reader) === '^') {
    reader.out += take(reader)
    members = null
  }
  for (let first = true; first || peek(reader) !== ']'; first = false) {
    if (reader.at >= reader.characters.length) throw new Unusual()
    const from = readMember(reader)
    if (from === null) {
      members = null
      continue
    }
    if (peek(reader) === '-' && reader.characters[reader.at + 1] !== ']') {
      take(reader)
      const to = readMember(reader)
      if (to === null) throw new Unusual()
      reader.out += normalisedRange(from, to)
      members = null
      continue
    }
    const text = from.escaped ? from.character : normaliseText(from.character)
    if ([...text].length !== 1) throw new Inexpressible(notInClass(from.character, text))
    reader.out += escapeInClass(text)
    members?.push(text)
  }
  reader.out += take(reader)
  const exact = members === null ? null : bounded(members)
  return { exact, required: null, least: 1, longest: exact?.every(member => member.length === 1) ? 1 : 2 }
}

/** One character of a class, or null for a class in it (\d, \p{Han}, [:alpha:]), which is then copied. */
function readMember(reader: Reader): { readonly character: string; readonly escaped: boolean } | null {
  const character = take(reader)
  if (character === '[' && peek(reader) === ':') {
    const rest = reader.characters.slice(reader.at, reader.at + 12).join('')
    const name = /^:\^?\w+:\]/.exec(rest)?.[0]
    if (name === undefined) throw new Unusual()
    reader.at += name.length
    reader.out += `[${name}`
    return null
  }
  if (character !== '\\') return { character, escaped: false }
  const escaped = reader.at < reader.characters.length ? take(reader) : ''
  if (/^[dDwWsS]$/.test(escaped)) reader.out += `\\${escaped}`
  else if (/^[pP]$/.test(escaped)) reader.out += `\\${escaped}${readProperty(reader)}`
  else if (controls[escaped] !== undefined) return { character: controls[escaped], escaped: true }
  else if (/^[!-/:-@[-`{-~]$/.test(escaped)) return { character: escaped, escaped: true }
  else throw new Unusual()
  return null
}

/** Ａ-Ｚ and A-Z are a-z; other ranges stay as they are. */
function normalisedRange(from: { readonly character: string }, to: { readonly character: string }): string {
  const [low, high] = [normaliseText(from.character), normaliseText(to.character)]
  const distance = (one: string, other: string) => (other.codePointAt(0) ?? 0) - (one.codePointAt(0) ?? 0)
  const isKept =
    [...low].length === 1 && [...high].length === 1 && distance(low, high) === distance(from.character, to.character)
  const [first, last] = isKept ? [low, high] : [from.character, to.character]
  return `${escapeInClass(first)}-${escapeInClass(last)}`
}

function notInClass(character: string, text: string): Said {
  return {
    zh: `“${character}”规范化后是“${text}”，不是一个字符，不能放在方括号里。请写成 (?:…|${text})。`,
    en: `"${character}" is "${text}" once normalised, which is not one character and cannot stand in brackets. Write (?:…|${text}).`,
  }
}

function escaped(character: string): string {
  return /^[\\.+*?()|[\]{}^$]$/.test(character) ? `\\${character}` : character
}

function escapeInClass(character: string): string {
  return /^[\\\][^-]$/.test(character) ? `\\${character}` : character
}

function peek({ characters, at }: Reader): string {
  return characters[at] ?? ''
}

function take(reader: Reader): string {
  const character = peek(reader)
  reader.at += 1
  return character
}

function bounded(literals: readonly string[]): readonly string[] | null {
  const all = [...new Set(literals)]
  return all.length > mostLiterals || all.some(literal => literal.length > longestLiteral) ? null : all
}

function product(one: readonly string[], other: readonly string[]): readonly string[] | null {
  if (one.length * other.length > mostLiterals) return null
  return bounded(one.flatMap(head => other.map(tail => head + tail)))
}

/** The set whose shortest literal is longest; of equals the smaller one. */
function best(sets: readonly (readonly string[] | null)[]): readonly string[] | null {
  let found: readonly string[] | null = null
  for (const set of sets) {
    if (set === null || set.length === 0 || shortest(set) === 0) continue
    const isBetter =
      found === null ||
      shortest(set) > shortest(found) ||
      (shortest(set) === shortest(found) && set.length < found.length)
    if (isBetter) found = set
  }
  return found
}

function shortest(set: readonly string[]): number {
  return Math.min(...set.map(literal => literal.length))
}
