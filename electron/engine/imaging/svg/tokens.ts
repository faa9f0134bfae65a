/** Takes a drawing's markup apart, strictly: what is not certain to be read alike by every XML reader is an error here. */

import { unreadable } from '../refusal.ts'

export type Token =
  | {
      readonly kind: 'open'
      readonly name: string
      readonly attributes: ReadonlyMap<string, string>
      readonly isEmpty: boolean
      /** Where in the document its attributes begin. */
      readonly nameEnd: number
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'instruction'; readonly target: string }

const name = String.raw`[\p{L}_][\p{L}\p{N}_.\-]*(?::[\p{L}_][\p{L}\p{N}_.\-]*)?`
const patterns = {
  comment: /<!--(?:(?!--)[\s\S])*-->/y,
  cdata: /<!\[CDATA\[((?:(?!\]\]>)[\s\S])*)\]\]>/y,
  instruction: new RegExp(String.raw`<\?(${name})(?:\s(?:(?!\?>)[\s\S])*)?\?>`, 'uy'),
  doctype: /<!DOCTYPE\s[^>[]*(?:\[((?:[^\]"']|"[^"]*"|'[^']*')*)\]\s*)?>/y,
  close: new RegExp(String.raw`</(${name})\s*>`, 'uy'),
  open: new RegExp(`<(${name})`, 'uy'),
  attribute: new RegExp(String.raw`\s+(${name})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`, 'uy'),
  end: /\s*(\/?)>/y,
  text: /[^<]+/y,
  entity: /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"<&%]*)"|'([^'<&%]*)')\s*>/g,
} as const

/** What may not stand in an XML document, not even as a reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const unlawful = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/

/** @throws Refusal where the markup is not well-formed, or defines entities that hold more than plain words. */
export function* readTokens(document: string): Generator<Token> {
  if (unlawful.test(document)) throw malformed()
  const entities = new Map(Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }))
  const open: string[] = []
  let at = document.startsWith('\uFEFF') ? 1 : 0
  let roots = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(document)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  while (at < document.length) {
    if (document[at] !== '<') {
      const text = resolve(take(patterns.text)?.[0] ?? '', entities)
      if (open.length === 0 && text.trim() !== '') throw malformed()
      yield { kind: 'text', text }
      continue
    }
    if (take(patterns.comment) !== null) continue
    const cdata = take(patterns.cdata)
    if (cdata !== null) {
      yield { kind: 'text', text: cdata[1] ?? '' }
      continue
    }
    const instruction = take(patterns.instruction)
    if (instruction !== null) {
      yield { kind: 'instruction', target: instruction[1] ?? '' }
      continue
    }
    const doctype = roots === 0 ? take(patterns.doctype) : null
    if (doctype !== null) {
      define(entities, doctype[1] ?? '')
      continue
    }
    const close = take(patterns.close)
    if (close !== null) {
      if (open.pop() !== close[1]) throw malformed()
      yield { kind: 'close', name: close[1] ?? '' }
      continue
    }
    const started = take(patterns.open)?.[1]
    if (started === undefined || (open.length === 0 && ++roots > 1)) throw malformed()
    const nameEnd = at
    const attributes = new Map<string, string>()
    for (let each = take(patterns.attribute); each !== null; each = take(patterns.attribute)) {
      const [, key = '', double, single] = each
      if (attributes.has(key)) throw malformed()
      attributes.set(key, resolve((double ?? single ?? '').replace(/\s/g, ' '), entities))
    }
    const isEmpty = take(patterns.end)?.[1]
    if (isEmpty === undefined) throw malformed()
    if (isEmpty === '') open.push(started)
    yield { kind: 'open', name: started, attributes, isEmpty: isEmpty !== '', nameEnd }
  }
  if (open.length > 0 || roots === 0) throw malformed()
}

/** Only entities that stand for plain words, as Illustrator's for its namespaces; no others can be followed safely. */
function define(entities: Map<string, string>, subset: string): void {
  const rest = subset.replace(patterns.entity, (_, key: string, double?: string, single?: string) => {
    if (!entities.has(key)) entities.set(key, double ?? single ?? '')
    return ''
  })
  if (/\S/.test(rest.replace(/<!--(?:(?!--)[\s\S])*-->|<!ATTLIST\s+svg\s+xmlns:xlink\s[^>]*>/g, ''))) throw malformed()
}

function resolve(text: string, entities: ReadonlyMap<string, string>): string {
  if (text.includes(']]>')) throw malformed()
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|([A-Za-z_][\w.-]*));|&/g, (_, hex, decimal, named) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    const value = named === undefined ? fromCode(code) : entities.get(named)
    if (value === undefined || unlawful.test(value)) throw malformed()
    return value
  })
}

function fromCode(code: number): string | undefined {
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : undefined
}

function malformed() {
  return unreadable('svg_malformed')
}
