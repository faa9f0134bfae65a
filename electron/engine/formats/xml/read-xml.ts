/** Reads XML strictly: what a lenient reader would skip, or read in its own way, is refused. */

export interface XmlElement {
  readonly kind: 'element'
  /** As written, prefix included. */
  readonly name: string
  /** The name without its prefix, which every document may choose for itself. */
  readonly local: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlNode[]
}

export interface XmlAttribute {
  /** As written, prefix included. */
  readonly name: string
  readonly local: string
  readonly value: string
  /** Where its value begins in the source. */
  readonly offset: number
}

export type XmlNode = XmlElement | { readonly kind: 'text'; readonly value: string; readonly offset: number }

export function childOf(element: XmlElement, local: string): XmlElement | undefined {
  return element.children.find((each): each is XmlElement => each.kind === 'element' && each.local === local)
}

export function attributeOf(element: XmlElement, local: string): string | undefined {
  return element.attributes.find(each => each.local === local)?.value
}

export class XmlError extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Deeper than any document, and shallow enough for walkers that recurse. */
const maxDepth = 500

const token =
  /<!--([\s\S]*?)-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE\s[^<>[\]]*>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?=]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy
const attribute = /\s+([^\s<>/=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/gy

/** `parent` is null for the element that is the document. */
export type Take = (element: XmlElement, parent: XmlElement | null) => boolean

/** More than any document has, and few enough to be held. */
const maxElements = 5_000_000

/**
 * The one element of a document. Throws `XmlError` where it is not well-formed, or names entities that it would have to define.
 * `take` is shown every element when it is complete; those that it takes are left out of the tree, so that a long one need not be held.
 */
export function readXml(source: string, take?: Take): XmlElement {
  const top: XmlNode[] = []
  const open: { readonly element: XmlElement; readonly children: XmlNode[]; readonly held: number }[] = []
  let held = 0
  let children = top
  let at = source.startsWith('\uFEFF') ? 1 : 0
  while (at < source.length) {
    token.lastIndex = at
    const match = token.exec(source)
    if (match === null) throw new XmlError('it is not well-formed', at)
    const [whole, , cdata, closed, opened, attributes = '', isEmpty, text] = match
    if (cdata !== undefined) {
      children.push({ kind: 'text', value: cdata, offset: at + '<![CDATA['.length })
    } else if (text !== undefined) {
      children.push({ kind: 'text', value: decodeReferences(text, at), offset: at })
    } else if (opened !== undefined) {
      const own: XmlNode[] = []
      const nameEnd = at + 1 + opened.length
      const element: XmlElement = {
        kind: 'element',
        name: opened,
        local: localName(opened),
        attributes: readAttributes(attributes, nameEnd),
        children: own,
      }
      if (isEmpty === '') {
        open.push({ element, children, held })
        if (open.length > maxDepth) throw new XmlError(`it nests more than ${maxDepth} levels`, at)
        children.push(element)
        children = own
        if (++held > maxElements) throw new XmlError(`it has more than ${maxElements} elements`, at)
      } else if (take?.(element, open.at(-1)?.element ?? null) !== true) {
        children.push(element)
        if (++held > maxElements) throw new XmlError(`it has more than ${maxElements} elements`, at)
      }
    } else if (closed !== undefined) {
      const parent = open.pop()
      if (parent?.element.name !== closed) throw new XmlError(`</${closed}> closes nothing`, at)
      children = parent.children
      if (take?.(parent.element, open.at(-1)?.element ?? null) === true) {
        children.pop()
        held = parent.held
      }
    }
    at += whole.length
  }
  if (open.length > 0) throw new XmlError('it breaks off', at)
  return onlyElement(top)
}

function onlyElement(top: readonly XmlNode[]): XmlElement {
  const elements = top.filter(node => node.kind === 'element')
  const [root, second] = elements
  const isMixed = top.some(node => node.kind === 'text' && node.value.trim() !== '')
  if (root === undefined || second !== undefined || isMixed) throw new XmlError('it is not one element', 0)
  return root
}

function readAttributes(source: string, start: number): readonly XmlAttribute[] {
  return Array.from(source.matchAll(attribute), match => {
    const [whole, name = '', double, single = ''] = match
    const value = double ?? single
    const offset = start + match.index + whole.length - 1 - value.length
    return { name, local: localName(name), value: decodeReferences(value, offset), offset }
  })
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

const predefined: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function decodeReferences(text: string, offset: number): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([\da-f]{1,6});|#(\d{1,7});|(\w+);)?/gi, (_, hex, decimal, name) => {
    const digits: unknown = hex ?? decimal
    const code = typeof digits === 'string' ? Number.parseInt(digits, hex === undefined ? 10 : 16) : Number.NaN
    const character = code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : predefined.get(String(name))
    if (character === undefined) throw new XmlError('it holds a reference that XML does not define', offset)
    return character
  })
}
