import { type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { ExtractedText } from '../family.ts'
import { createOmissions } from '../text/omissions.ts'
import { createPassages } from '../text/passages.ts'
import type { Position } from '../text/positions.ts'
import { isForeign } from '../text/spellings.ts'
import { accountForAttributes } from './attributes.ts'
import { readStyle } from './css.ts'
import type { HeldPictures } from './held-pictures.ts'
import { blockElements, inlineElements, unseenElements } from './lists.ts'
import {
  attributeOf,
  codeOf,
  type HtmlElement,
  isElement,
  isText,
  type Page,
  positionOf,
  textsOfStyle,
  type Within,
} from './page.ts'
import { readScript, scriptsLoadedBy, textsOfData } from './page-code.ts'
import { createOuterScripts } from './scripts.ts'
import { readStyles } from './styles.ts'

/**
 * Everything of a page that a visitor, a mail program or a search result can show: text, title, descriptions, `alt`, `title`,
 * placeholders and button captions, the texts of style sheets, of scripts and of data, and what Outlook's comments hold. Elements
 * hidden by style are kept, for a script may show them. What it shows besides is named as omitted, and so is what is not known to be
 * harmless.
 */
export function extractHtml(
  html: string,
  within: Within = { level: 1, runsScripts: true },
  held: HeldPictures | null = null,
): ExtractedText | Failure {
  let document: DefaultTreeAdapterTypes.Document
  try {
    document = parse(html, { scriptingEnabled: false, sourceCodeLocationInfo: true, treeAdapter: shallowAdapter() })
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error
    return inputFailure('too_large', [remark('deep_page', { limit: maxDepth })])
  }
  const page: Page = {
    passages: createPassages(),
    omissions: createOmissions(),
    drawnStyles: createOmissions(),
    svgs: 0,
    values: new Map(),
    moved: new Set(),
    misleadingLinks: 0,
    outerStyles: 0,
    outerScripts: createOuterScripts(),
    fonts: 0,
    styles: readStyles(document),
    within,
    // A page may say that its addresses begin elsewhere.
    held: /<base\b/i.test(html) ? null : held,
    readInner: inner => readInnerPage(inner, page, within.runsScripts),
  }
  if (page.styles.isCrowded) addOfStyle(page, 'unknown_style')
  walk(document, page)
  for (const [value, position] of page.values) {
    page.passages.breakLine()
    page.passages.append(value, position)
    page.passages.breakLine()
  }
  for (const text of [...page.styles.resolved, ...page.moved]) {
    page.passages.breakLine()
    page.passages.appendAside(text, null)
  }
  const scripts = page.outerScripts.judge(document)
  page.omissions.add('page_script', { count: scripts.writing })
  const { text, anchors } = page.passages.finish()
  const notes = [
    ...(scripts.beside === 0 ? [] : [remark('outer_script', { count: scripts.beside })]),
    ...(page.outerStyles === 0 ? [] : [remark('outer_style', { count: page.outerStyles })]),
    ...(page.fonts === 0 ? [] : [remark('own_font', { count: page.fonts })]),
    ...(page.misleadingLinks === 0 ? [] : [remark('misleading_link', { count: page.misleadingLinks })]),
  ]
  const pieces = page.held?.list() ?? []
  // Without its sheets it is drawn otherwise than people see it, and trees in the shadow cannot be looked into.
  const drawable =
    page.outerStyles > 0 || /shadowroot/i.test(html) ? null : { svgs: page.svgs, styles: page.drawnStyles.list() }
  return { kind: 'extracted', text, format: 'html', anchors, omitted: page.omissions.list(), notes, pieces, drawable }
}

function addOfStyle(page: Page, code: 'unknown_style' | 'reordering_style'): void {
  page.omissions.add(code)
  page.drawnStyles.add(code)
}

/** The same for a page that is XML: there an element may close itself, and a section of character data is shown. */
export function extractXhtml(xhtml: string, held: HeldPictures | null = null): ExtractedText | Failure {
  const asHtml = withoutSections(inHtmlNames(withEntities(xhtml))).replace(
    /<([a-z][^\s<>/]*)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/>/gi,
    '<$1$2></$1>',
  )
  const page = extractHtml(asHtml, { level: 1, runsScripts: true }, held)
  if (page.kind === 'failure') return page
  // Attributes that the type gives to elements, and elements of other vocabularies with names that HTML does not show.
  if (
    /<!ATTLIST\s|<(?:script|style|title|textarea|rt|rp)\s[^<>]{0,2000}?xmlns\s*=\s*["'](?!http:\/\/www\.w3\.org\/(?:1999\/xhtml|2000\/svg)["'])/.test(
      xhtml,
    )
  ) {
    return { ...page, omitted: [...page.omitted, remark('unknown_style', { count: 1 })] }
  }
  if (!/<\?xml-stylesheet/i.test(xhtml)) return page
  // Sheets of CSS are as those of a link; others write the page anew.
  if (/<\?xml-stylesheet(?![^<>]*\btext\/css\b)/i.test(xhtml)) {
    return { ...page, omitted: [...page.omitted, remark('adding_style')], drawable: null }
  }
  return { ...page, notes: [...page.notes, remark('outer_style', { count: 1 })], drawable: null }
}

/** With the elements of HTML and SVG under the names that HTML has for them, and those as elements that HTML takes for plain text. */
function inHtmlNames(xhtml: string): string {
  const prefixes = new Set(
    Array.from(
      xhtml.matchAll(/\sxmlns:([\w.-]{1,100})\s*=\s*["']http:\/\/www\.w3\.org\/(?:1999\/xhtml|2000\/svg)["']/g),
      ([, prefix]) => prefix,
    ),
  )
  return xhtml
    .replace(/<(\/?)([\w.-]{1,100}):(?=[a-z])/gi, (all, slash: string, prefix: string) =>
      prefixes.has(prefix) ? `<${slash}` : all,
    )
    .replace(/<(\/?)(?:xmp|plaintext|noembed|noframes|listing)(?=[\s/>])/gi, '<$1div')
}

/** With what the page calls by names of its own in place of the names. */
function withEntities(xhtml: string): string {
  const entities = new Map(
    Array.from(
      xhtml.matchAll(/<!ENTITY\s+([^\s%&;<>"']{1,100})\s+(?:"([^"]{0,10000})"|'([^']{0,10000})')\s*>/g),
      match => [match[1] ?? '', match[2] ?? match[3] ?? ''],
    ),
  )
  return entities.size === 0
    ? xhtml
    : (replaceOwn(xhtml, name => replaceOwn(entities.get(name), inner => entities.get(inner))?.slice(0, 10_000)) ?? '')
}

function replaceOwn<T extends string | undefined>(text: T, find: (name: string) => string | undefined) {
  return text?.replace(/&([^\s%&;<>"'#]{1,100});/g, (all, name: string) => find(name) ?? all)
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

/** The end of a line is a space, but none between two Chinese characters (CSS Text 3, 4.1.3). */
function withoutLineEnds(text: string): string {
  return text
    .replace(/[\t\n\f\r ]+/g, space => (space.includes('\n') ? '\n' : ' '))
    .replace(/(?<=\p{Script=Han})\n(?=\p{Script=Han})/gu, '')
    .replaceAll('\n', ' ')
}

type Step = DefaultTreeAdapterTypes.ChildNode | (() => void)

function walk(document: DefaultTreeAdapterTypes.Document, page: Page): void {
  const { passages } = page
  const readingAids: Step[] = []
  let hidden = 0
  /** Elements with words right beside them. */
  const amidWords = new WeakSet<HtmlElement>()
  /** Elements that are open and show their children in another order: the outermost one's reading is that of all. */
  let reordered = 0
  // A stack of its own: pages may nest deeper than the call stack is.
  const stack: Step[] = document.childNodes.toReversed()
  for (let step = stack.pop() ?? readingAids.pop(); step !== undefined; step = stack.pop() ?? readingAids.pop()) {
    if (typeof step === 'function') {
      step()
    } else if (isText(step)) {
      const parent = step.parentNode?.nodeName
      const text = parent === 'pre' || parent === 'textarea' ? step.value : withoutLineEnds(step.value)
      const position = positionOf(step.sourceCodeLocation)
      if (hidden > 0) passages.insertPerhaps(text, position)
      else passages.append(text, position)
    } else if (isComment(step)) {
      appendConditional(step, page)
    } else if (isElement(step)) {
      // Reading aids stand above the words and would tear them apart; their brackets are for those that cannot show them.
      if (step.tagName === 'rp' && !isForeign(codeOf(step))) continue
      if (step.tagName === 'rt') {
        // A sheet may put them into the line.
        if (page.styles.movesElements || step.parentNode?.nodeName !== 'ruby') passages.join([codeOf(step)])
        readingAids.unshift(...step.childNodes.toReversed())
        continue
      }
      const hiding = hidingIn(step, page, amidWords.has(step))
      if (hiding === 'out of the line') {
        passages.leaveLine()
        stack.push(() => passages.enterLine())
      }
      if (hiding === 'in sight' && hidden > 0) {
        const outer = hidden
        hidden = 0
        stack.push(() => {
          hidden = outer
        })
      } else if (hiding === 'hidden' || hiding === 'out of the line') {
        hidden++
        stack.push(() => {
          hidden--
        })
      }
      if (step.tagName === 'script' || step.tagName === 'style') {
        accountForAttributes(step, page)
        if (page.styles.hidingOf(step) === 'displayed')
          passages.appendAside(codeOf(step), positionOf(step.sourceCodeLocation))
        appendCode(step, page)
        continue
      }
      const separate = separation(step, page)
      separate()
      accountForAttributes(step, page)
      stack.push(separate)
      if (page.styles.isOrderUnknown(step)) addOfStyle(page, 'reordering_style')
      if (reordered === 0 && page.styles.isReordered(step)) {
        for (const text of page.styles.readReordered(step)) passages.appendAside(text, null)
        reordered++
        stack.push(() => {
          reordered--
        })
      }
      for (const text of page.styles.readMoved(step)) page.moved.add(text)
      // The sheet's own words are read with it: here they only join those that they stand beside.
      const { before, after } = page.styles.generatedIn(step)
      if (Math.max(before.length, after.length) > maxGenerated) addOfStyle(page, 'unknown_style')
      passages.join(before.slice(0, maxGenerated))
      if (after.length > 0) stack.push(() => passages.join(after.slice(0, maxGenerated)))
      if (step.tagName === 'bdo' && attributeOf(step, 'dir')?.toLowerCase() === 'rtl') {
        // Said in the way of plain text, which is then read in the order that is shown.
        passages.append('\u202e', null)
        stack.push(() => passages.append('\u202c', null))
      }
      const children = 'content' in step ? step.content.childNodes : step.childNodes
      for (let index = children.length - 1; index >= 0; index--) {
        const child = children[index]
        if (child === undefined) continue
        stack.push(child)
        if (isElement(child) && isBesideWords(children[index - 1], children[index + 1])) amidWords.add(child)
      }
    }
  }
}

function isBesideWords(...nodes: readonly (DefaultTreeAdapterTypes.ChildNode | undefined)[]): boolean {
  return nodes.some(
    node =>
      node !== undefined &&
      (isText(node) ? node.value.trim() !== '' : isElement(node) && inlineElements.has(node.tagName)),
  )
}

type Place = 'in the line' | 'hidden' | 'out of the line' | 'in sight'

/** Where an element's words are, as far as style tells: what cannot be seen within a line tears no word apart, unless a script shows it. */
function hidingIn(element: HtmlElement, page: Page, isAmidWords: boolean): Place {
  const { tagName } = element
  const kind = page.styles.hidingOf(element)
  if (isAmidWords && (unseenElements.has(tagName) || attributeOf(element, 'popover') !== undefined))
    return 'out of the line'
  if (kind === 'seen') return 'in sight'
  if (kind === null || kind === 'displayed') return 'in the line'
  if (!blockElements.has(tagName)) return 'hidden'
  if (kind === 'blank') return 'hidden'
  return isAmidWords ? 'out of the line' : 'in the line'
}

/** No page says more than this of one side of an element. */
const maxGenerated = 4

/** How an element's words are kept from those around it. */
function separation(element: HtmlElement, page: Page): () => void {
  const { passages } = page
  const { tagName } = element
  if (tagName === 'br' || tagName === 'hr' || tagName === 'title') return () => passages.breakLine()
  if (inlineElements.has(tagName)) return () => undefined
  if (blockElements.has(tagName) && !page.styles.movesElements) return () => passages.breakLine()
  return () => passages.breakPerhaps()
}

/** Comments are not shown, but for those that are written for Outlook. */
function appendConditional(comment: DefaultTreeAdapterTypes.CommentNode, page: Page): void {
  if (/^\?(?:php|=)/i.test(comment.data)) page.omissions.add('writing_script')
  const start = /^\[if\s[^\]]{0,200}\]>/i.exec(comment.data)
  if (start === null) return
  const end = comment.data.lastIndexOf('<![endif]')
  const inner = comment.data.slice(start[0].length, end < start[0].length ? undefined : end)
  const position = positionOf(comment.sourceCodeLocation)
  // Cells and rows without their table are no elements to a parser.
  const shown = /<t(?:[dhr]|body|head|foot)\b/i.test(inner) ? `<table>${inner}` : inner
  // Outlook runs no scripts, and no browser that is used today knows these comments (Internet Explorer 9 was the last).
  const text = readInnerPage(shown, page, false)
  for (const line of text?.split('\n') ?? []) page.passages.insertPerhaps(line, position)
}

/** The words of a page within the page, with what it leaves out added to the outer one's. */
function readInnerPage(inner: string, page: Page, runsScripts: boolean): string | null {
  if (inner.trim() === '') return null
  const { level } = page.within
  if (level > maxLevels) {
    page.omissions.add('deep_markup')
    return null
  }
  const read = extractHtml(inner, { level: level + 1, runsScripts })
  if (read.kind === 'failure') {
    page.omissions.add('deep_markup')
    return null
  }
  page.omissions.include(read.omitted)
  return read.text.trim()
}

/** No page has templates within templates within templates. */
const maxLevels = 3

function appendCode(element: HtmlElement, page: Page): void {
  const code = codeOf(element)
  const position = positionOf(element.sourceCodeLocation)
  appendTexts(
    element.tagName === 'style' ? textsOfStyle(readStyle(code, 'sheet'), page) : textsOfScript(element, code, page),
    position,
    page,
  )
}

function appendTexts(texts: readonly string[], position: Position | null, { passages }: Page): void {
  for (const text of texts) {
    passages.breakLine()
    passages.appendAside(text, position)
    passages.breakLine()
  }
}

function textsOfScript(element: HtmlElement, code: string, page: Page): readonly string[] {
  const type = attributeOf(element, 'type')?.trim() ?? ''
  const address = attributeOf(element, 'src')
  if (/json$/i.test(type)) return textsOfData(code)
  if (/^(?:importmap|speculationrules)$/i.test(type)) return []
  if (/^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma|j|live)script.*)$/i.test(type)) {
    if (address !== undefined && page.within.runsScripts) page.outerScripts.add(address)
    // The source of a component is no page, and what it takes in is built with it.
    if (attributeOf(element, 'setup') === undefined) {
      for (const loaded of scriptsLoadedBy(code)) page.outerScripts.add(loaded)
    }
    const script = readScript(code)
    page.omissions.add('picture', { count: script.pictures })
    if (script.isWriting) page.omissions.add('writing_script')
    return script.texts
  }
  // Another language, which joins its strings in ways of its own.
  if (/vbscript|python|coffee|hyperscript/i.test(type)) page.omissions.add('writing_script')
  // A template that some script fills in.
  const shown = page.readInner(code)
  return shown === null ? [] : [shown]
}

function isComment(node: DefaultTreeAdapterTypes.ChildNode): node is DefaultTreeAdapterTypes.CommentNode {
  return node.nodeName === '#comment'
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
