import { type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5'
import type { Failure } from '../../../shared/conclusion.ts'
import type { ExtractedText } from './extract-text.ts'
import { inputFailure } from './input-failure.ts'
import { createPassages, type Passages } from './passages.ts'

/**
 * Everything of a page that a visitor or a search result can show: text, title, descriptions, `alt`, `title`, placeholders and
 * button captions. Elements hidden by style are kept, for a script may show them; scripts, styles and comments are not text.
 */
export function extractHtml(html: string): ExtractedText | Failure {
  let document: DefaultTreeAdapterTypes.Document
  try {
    document = parse(html, { scriptingEnabled: false, sourceCodeLocationInfo: true, treeAdapter: shallowAdapter() })
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error
    return inputFailure('too_large', `the page nests more than ${maxDepth} elements into one another`)
  }
  const passages = createPassages()
  let pictures = 0
  // A stack of its own: pages may nest deeper than the call stack is.
  const stack: (DefaultTreeAdapterTypes.ChildNode | 'end of block')[] = document.childNodes.toReversed()
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === 'end of block') {
      passages.breakLine()
    } else if (isText(node)) {
      const position = node.sourceCodeLocation
      const parent = node.parentNode?.nodeName
      const text = parent === 'pre' || parent === 'textarea' ? node.value : node.value.replace(/[\t\n\f\r ]+/g, ' ')
      passages.append(text, position ? { line: position.startLine, column: position.startCol } : null)
    } else if (isElement(node) && !silent.has(node.tagName)) {
      const isBlock = !inline.has(node.tagName)
      if (isBlock) passages.breakLine()
      pictures += appendAttributes(node, passages)
      if (isBlock) stack.push('end of block')
      const children = 'content' in node ? node.content.childNodes : node.childNodes
      for (let index = children.length - 1; index >= 0; index--) {
        const child = children[index]
        if (child) stack.push(child)
      }
    }
  }
  const { text, anchors } = passages.finish()
  return {
    kind: 'extracted',
    text,
    format: 'html',
    anchors,
    omitted: pictures === 0 ? [] : [`${pictures} embedded picture${pictures === 1 ? '' : 's'}`],
  }
}

/** The same for a page that is XML: there an element may close itself, and a section of character data is shown. */
export function extractXhtml(xhtml: string): ExtractedText | Failure {
  const asHtml = xhtml
    .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, data: string) => data.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
    .replace(/<([a-z][^\s<>/]*)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/>/gi, '<$1$2></$1>')
  return extractHtml(asHtml)
}

const silent = new Set(['script', 'style'])
/** Elements that do not interrupt a line: a word may go on across their tags. */
const inline = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)
const spokenAttributes = new Set(['alt', 'title', 'placeholder', 'aria-label', 'aria-description', 'label', 'summary'])
const describingMeta = /^(?:description|keywords|(?:og|twitter):(?:title|description|site_name|image:alt))$/i

/** Appends what the element's attributes show; returns how many pictures the element carries inside itself. */
function appendAttributes(element: DefaultTreeAdapterTypes.Element, passages: Passages): number {
  const value = (name: string) => element.attrs.find(attribute => attribute.name === name)?.value
  const shown = element.attrs.filter(
    attribute =>
      spokenAttributes.has(attribute.name) ||
      (attribute.name === 'value' && element.tagName === 'input' && value('type') !== 'hidden') ||
      (attribute.name === 'content' &&
        element.tagName === 'meta' &&
        describingMeta.test(value('name') ?? value('property') ?? '')) ||
      (attribute.name === 'srcdoc' && element.tagName === 'iframe'),
  )
  for (const attribute of shown) {
    const position = element.sourceCodeLocation?.attrs?.[attribute.name]
    passages.breakLine()
    passages.append(attribute.value, position ? { line: position.startLine, column: position.startCol } : null)
    passages.breakLine()
  }
  return element.attrs.filter(attribute => /(?:^|url\(["']?)\s*data:image\//i.test(attribute.value)).length
}

function isText(node: DefaultTreeAdapterTypes.ChildNode): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === '#text'
}

function isElement(
  node: DefaultTreeAdapterTypes.ChildNode,
): node is DefaultTreeAdapterTypes.Element | DefaultTreeAdapterTypes.Template {
  return 'tagName' in node
}

/** No page is built like this, and the algorithm of the HTML standard is quadratic in the depth. */
const maxDepth = 1000

class TooDeep extends Error {}

function shallowAdapter() {
  let depth = 0
  return {
    ...defaultTreeAdapter,
    onItemPush(_item: DefaultTreeAdapterMap['element']) {
      depth++
      if (depth > maxDepth) throw new TooDeep()
    },
    onItemPop() {
      depth--
    },
  }
}
