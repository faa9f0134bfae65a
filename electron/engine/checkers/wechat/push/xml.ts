/**
 * Reads the XML that a push is written in, in one pass over it: anybody who reaches the relay can send some before a signature is
 * checked, so the time must stay linear in the length of the input. Elements, text, CDATA and comments are read; document types, entities
 * but the five of XML, and whatever else is refused.
 */

/** Names what is wrong; for logs, without content. */
export class XmlError extends Error {}

/**
 * The root element's name and content. An element with others inside is a record of them by name, a repeated one as a list, with text
 * beside them under `#text`. Text stays as written, entities too; text outside of CDATA loses the white space around it.
 */
export function readXmlRoot(xml: string, maxDepth: number): { readonly name: string; readonly value: unknown } {
  const document: Element = { name: '', text: '', members: new Map() }
  const open = [document]
  let at = 0
  const skipTo = (mark: string, from: number) => {
    const end = xml.indexOf(mark, from)
    if (end < 0) throw new XmlError(`no ${mark}`)
    at = end + mark.length
    return xml.slice(from, end)
  }
  while (at < xml.length) {
    const current = open.at(-1) ?? document
    if (xml[at] !== '<') {
      const end = xml.indexOf('<', at)
      const text = xml.slice(at, end < 0 ? xml.length : end)
      checkEntities(text)
      current.text += text.trim()
      at += text.length
    } else if (xml.startsWith('<![CDATA[', at)) {
      current.text += skipTo(']]>', at + 9)
    } else if (xml.startsWith('<!--', at)) skipTo('-->', at + 4)
    else if (xml.startsWith('<?', at)) skipTo('?>', at + 2)
    else if (xml.startsWith('</', at)) {
      if (skipTo('>', at + 2).trimEnd() !== current.name || open.length === 1)
        throw new XmlError('tags that do not fit')
      open.pop()
      add(open.at(-1) ?? document, current.name, contentOf(current))
    } else {
      const { name, isEmpty, end } = readTag(xml, at)
      at = end
      if (isEmpty) add(current, name, '')
      else open.push({ name, text: '', members: new Map() })
      if (open.length > maxDepth + 1) throw new XmlError('nested too deeply')
    }
  }
  const [root, ...others] = document.members
  if (open.length > 1 || document.text !== '' || root === undefined || others.length > 0 || root[1].length > 1) {
    throw new XmlError('not one whole element')
  }
  return { name: root[0], value: root[1][0] }
}

interface Element {
  readonly name: string
  text: string
  readonly members: Map<string, unknown[]>
}

function add({ members }: Element, name: string, value: unknown): void {
  const values = members.get(name)
  if (values === undefined) members.set(name, [value])
  else values.push(value)
}

function contentOf({ text, members }: Element): unknown {
  if (members.size === 0) return text
  const entries = [...members].map(([name, values]) => [name, values.length === 1 ? values[0] : values] as const)
  return Object.fromEntries(text === '' ? entries : [...entries, ['#text', text]])
}

// Sticky, so that each looks at one place only. Attributes are passed over: no platform writes any.
const tagName = /<([A-Za-z_][\w.:-]*)/y
const attribute = /\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*')/y
const tagEnd = /\s*(\/?)>/y
const entity = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});/y

function readTag(xml: string, start: number): { name: string; isEmpty: boolean; end: number } {
  const name = take(tagName, xml, start)
  if (name === null) throw new XmlError('a tag that is none')
  let at = tagName.lastIndex
  while (take(attribute, xml, at) !== null) at = attribute.lastIndex
  const end = take(tagEnd, xml, at)
  if (end === null) throw new XmlError('a tag that is none')
  return { name: name[1] ?? '', isEmpty: end[1] === '/', end: tagEnd.lastIndex }
}

function checkEntities(text: string): void {
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    if (take(entity, text, at) === null) throw new XmlError('an entity that is not predefined')
  }
}

function take(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
