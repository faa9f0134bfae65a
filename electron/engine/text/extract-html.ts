import { type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5'
import type { Failure } from '../../../shared/conclusion.ts'
import type { ExtractedText } from './extract-text.ts'
import { inputFailure } from './input-failure.ts'
import { createOmissions, type Omissions } from './omissions.ts'
import { countStylePictures, showsAttributes, textsOfData, textsOfStyle, writesText } from './page-code.ts'
import { createPassages, type Passages } from './passages.ts'

/**
 * Everything of a page that a visitor or a search result can show: text, title, descriptions, `alt`, `title`, placeholders and
 * button captions, the texts of style sheets and the strings of data. Elements hidden by style are kept, for a script may show them.
 * Comments are not text. Pictures, recordings, pages within the page and what scripts write are named as omitted.
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
  const omissions = createOmissions()
  const readingAids: (DefaultTreeAdapterTypes.ChildNode | 'end of block')[] = []
  // A stack of its own: pages may nest deeper than the call stack is.
  const stack: (DefaultTreeAdapterTypes.ChildNode | 'end of block')[] = document.childNodes.toReversed()
  for (let node = stack.pop() ?? readingAids.pop(); node !== undefined; node = stack.pop() ?? readingAids.pop()) {
    if (node === 'end of block') {
      passages.breakLine()
    } else if (isText(node)) {
      const position = node.sourceCodeLocation
      const parent = node.parentNode?.nodeName
      const text = parent === 'pre' || parent === 'textarea' ? node.value : node.value.replace(/[\t\n\f\r ]+/g, ' ')
      passages.append(text, position ? { line: position.startLine, column: position.startCol } : null)
    } else if (isElement(node)) {
      countOmitted(node, omissions)
      if (node.tagName === 'script' || node.tagName === 'style') {
        appendCode(node, passages, omissions)
        continue
      }
      // Reading aids stand above the words and would tear them apart; their brackets are for those that cannot show them.
      if (node.tagName === 'rp') continue
      if (node.tagName === 'rt') {
        readingAids.unshift(...node.childNodes.toReversed())
        continue
      }
      const isBlock = !inline.has(node.tagName)
      if (isBlock) passages.breakLine()
      appendAttributes(node, passages)
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
    omitted: omissions.list(),
    notes: [],
  }
}

/** The same for a page that is XML: there an element may close itself, and a section of character data is shown. */
export function extractXhtml(xhtml: string): ExtractedText | Failure {
  const asHtml = withoutSections(xhtml).replace(
    /<([a-z][^\s<>/]*)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/>/gi,
    '<$1$2></$1>',
  )
  return extractHtml(asHtml)
}

function withoutSections(xhtml: string): string {
  const [first = '', ...rest] = xhtml.split('<![CDATA[')
  const pieces = rest.map(piece => {
    const end = piece.indexOf(']]>')
    const data = end < 0 ? piece : piece.slice(0, end)
    const after = end < 0 ? '' : piece.slice(end + 3)
    return data.replaceAll('&', '&amp;').replaceAll('<', '&lt;') + after
  })
  return first + pieces.join('')
}

/** Elements that do not interrupt a line: a word may go on across their tags. */
const inline = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)
const spokenAttributes = new Set(
  'alt title placeholder aria-label aria-description aria-valuetext aria-roledescription aria-placeholder label summary'.split(
    ' ',
  ),
)
const describingMeta =
  /^(?:description|keywords|name|headline|application-name|apple-mobile-web-app-title|(?:og|twitter):(?:title|description|site_name|image:alt))$/i

/** Appends what the element's attributes show. */
function appendAttributes(element: DefaultTreeAdapterTypes.Element, passages: Passages): void {
  const value = (name: string) => attributeOf(element, name)
  const shown = element.attrs.filter(
    attribute =>
      spokenAttributes.has(attribute.name) ||
      (attribute.name === 'value' && element.tagName === 'input' && value('type') !== 'hidden') ||
      (attribute.name === 'content' &&
        element.tagName === 'meta' &&
        [value('name'), value('property'), value('itemprop')].some(each => describingMeta.test(each ?? ''))) ||
      (attribute.name === 'srcdoc' && element.tagName === 'iframe'),
  )
  for (const attribute of shown) {
    const position = element.sourceCodeLocation?.attrs?.[attribute.name]
    passages.breakLine()
    passages.append(attribute.value, position ? { line: position.startLine, column: position.startCol } : null)
    passages.breakLine()
  }
}

/** Counts what the element shows besides text. */
function countOmitted(element: DefaultTreeAdapterTypes.Element, omissions: Omissions): void {
  const has = (...names: readonly string[]) => names.some(name => (attributeOf(element, name) ?? '').trim() !== '')
  const { tagName } = element
  const isPicture =
    tagName === 'svg' ||
    (tagName === 'img' && has('src', 'srcset')) ||
    (tagName === 'image' && has('href')) ||
    (tagName === 'input' && attributeOf(element, 'type') === 'image') ||
    (tagName === 'video' && has('poster')) ||
    has('background') ||
    element.attrs.some(attribute => /^\s*data:image\//i.test(attribute.value))
  const inStyle = countStylePictures(attributeOf(element, 'style') ?? '')
  omissions.add('picture', { count: (isPicture ? 1 : 0) + inStyle })
  if (tagName === 'video' || tagName === 'audio') omissions.add('recording')
  const isPage =
    ((tagName === 'iframe' || tagName === 'frame') && has('src', 'srcdoc')) ||
    (tagName === 'object' && has('data')) ||
    (tagName === 'embed' && has('src'))
  if (isPage) omissions.add('inner_page')
  const code = element.attrs.filter(({ name, value }) => name.startsWith('on') || /^\s*javascript:/i.test(value))
  if (code.some(({ value }) => writesText(value))) omissions.add('writing_script')
}

function appendCode(element: DefaultTreeAdapterTypes.Element, passages: Passages, omissions: Omissions): void {
  const code = element.childNodes.map(node => (isText(node) ? node.value : '')).join('')
  const type = attributeOf(element, 'type')?.trim() ?? ''
  let texts: readonly string[] = []
  if (element.tagName === 'style') {
    texts = textsOfStyle(code)
    omissions.add('picture', { count: countStylePictures(code) })
    if (showsAttributes(code)) omissions.add('attribute_style')
  } else if (/json$/i.test(type)) {
    texts = textsOfData(code)
  } else if (/^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma)script.*)$/i.test(type)) {
    if (writesText(code)) omissions.add('writing_script')
  } else if (!/^(?:importmap|speculationrules)$/i.test(type)) {
    // A template that some script fills in.
    texts = [code.trim()]
  }
  const position = element.sourceCodeLocation
  for (const text of texts) {
    passages.breakLine()
    passages.append(text, position ? { line: position.startLine, column: position.startCol } : null)
    passages.breakLine()
  }
}

function attributeOf(element: DefaultTreeAdapterTypes.Element, name: string): string | undefined {
  return element.attrs.find(attribute => attribute.name === name)?.value
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
