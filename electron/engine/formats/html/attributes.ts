import { leadsElsewhere } from '../text/links.ts'
import { isForeign } from '../text/spellings.ts'
import { readStyle } from './css.ts'
import { holdsAddress, isMediaAddress, isSilentAttribute, silentRelations, spokenAttributes } from './lists.ts'
import {
  attributeOf,
  type HtmlElement,
  isElement,
  isText,
  type Page,
  positionOf,
  sheetOf,
  textsOfStyle,
  typeOf,
} from './page.ts'
import { readScript } from './page-code.ts'
import { isMadeUp, namesPicture, shownBeside } from './shown.ts'

/** Reads what an element's attributes show, and counts what the element shows besides words. */
export function accountForAttributes(element: HtmlElement, page: Page): void {
  const { passages, omissions } = page
  const isHeld = page.held?.takeElement(element) === true
  for (const code of shownBeside(element)) if (code !== 'picture' || !isHeld) omissions.add(code)
  if (element.tagName === 'svg') page.svgs++
  accountForLink(element, page)
  if (element.namespaceURI === svgNamespace && element.tagName !== 'svg') {
    // The drawing as a whole is counted; its titles are read.
    for (const { name, value } of element.attrs) if (spokenAttributes.has(name)) passages.appendAside(value, null)
    return
  }
  for (const { name, prefix, value: written } of element.attrs) {
    // Browsers skip blanks and controls before an address, and ends of lines within it.
    const address = /^[\0-\x20]*j[\sa-z]*:/i.test(written) ? written.replace(/^[\0-\x20]+|[\t\n\r]/g, '') : written
    const value = /^javascript:/i.test(address) ? address : written
    if (value.trim() === '') continue
    const position = positionOf(element.sourceCodeLocation?.attrs?.[prefix ? `${prefix}:${name}` : name])
    const purpose = purposeOf(element, prefix ? `${prefix}:${name}` : name, value)
    switch (purpose) {
      case 'silent':
        // Names, settings and addresses are of Latin letters: what is not was put there to be read, by a style or a script.
        if (attributeOf(element, 'type') !== 'hidden' && (isForeign(value) || /%[89a-f][\da-f]/i.test(value)))
          page.values.set(value, page.values.get(value) ?? position)
        break
      case 'code': {
        const script = readScript(value.replace(/^\s*javascript:/i, ''))
        if (script.isWriting) omissions.add('writing_script')
        omissions.add('picture', { count: script.pictures })
        for (const text of script.texts) passages.appendAside(text, position)
        break
      }
      case 'style':
        for (const text of textsOfStyle(readStyle(value, 'declarations'), page)) passages.appendAside(text, position)
        break
      case 'in its place':
        passages.insertPerhaps(value, position)
        break
      case 'on it':
        passages.breakPerhaps()
        passages.append(value, position)
        passages.breakPerhaps()
        break
      case 'aside':
        passages.appendAside(value, position)
        break
      case 'page': {
        const text = page.readInner(value)
        if (text !== null) passages.appendAside(text, position)
        break
      }
      case 'unknown':
        if (writingAttributes.test(name)) omissions.add('writing_script')
        else if (holdsAddress(value) || namesPicture(name, value)) omissions.add('linked_file')
        if (isWorded(value)) page.values.set(value.trim(), page.values.get(value.trim()) ?? position)
    }
  }
}

/** Attributes by which libraries put text or pages into an element. */
const writingAttributes =
  /^(?:(?:v|x|wx)-(?:text|html)|(?:data-)?ng-(?:bind(?:-html|-template)?|include)|x-bind:.*|data-bind|(?:data-)?hx-(?:get|post)|up-(?:defer|poll)|\[(?:text|textcontent|inner(?:text|html)|src|srcdoc)\]|th:u?text)$/

const svgNamespace = 'http://www.w3.org/2000/svg'

type Purpose = 'silent' | 'code' | 'style' | 'in its place' | 'on it' | 'aside' | 'page' | 'unknown'

const describingMeta =
  /^(?:description|keywords|name|headline|application-name|apple-mobile-web-app-title|(?:og|twitter):(?:title|description|site_name|image:alt))$/i

interface Attribute {
  readonly element: HtmlElement
  readonly tagName: string
  readonly name: string
  readonly value: string
}

/** What an attribute with something in it is for: the first that holds, and unknown where none does. */
const purposes: readonly (readonly [Purpose, (attribute: Attribute) => boolean])[] = [
  ['code', ({ name, value }) => name.startsWith('on') || /^\s*javascript:/i.test(value)],
  ['style', ({ name }) => name === 'style'],
  ['in its place', ({ name }) => name === 'alt'],
  ['silent', attribute => isInputValue(attribute) && typeOf(attribute.element) === 'hidden'],
  ['on it', attribute => isInputValue(attribute) || attribute.name === 'placeholder'],
  ['aside', ({ name }) => spokenAttributes.has(name)],
  ['aside', attribute => isMetaContent(attribute) && isDescribing(attribute)],
  ['silent', isMetaContent],
  // A number before the words of an entry: one so long is to be read.
  ['aside', ({ tagName, name, value }) => /^(?:li value|ol start)$/.test(`${tagName} ${name}`) && /\d{5}/.test(value)],
  ['page', ({ tagName, name }) => name === 'srcdoc' && tagName === 'iframe'],
  ['silent', ({ tagName, name }) => name === 'value' && valuedElements.test(tagName)],
  ['silent', ({ tagName, name }) => isCounted(tagName, name)],
  // The colours of a body and of its links; elsewhere, the words of an element that some library draws.
  ['aside', ({ tagName, name }) => /^(?:text|value)$/.test(name) && isMadeUp(tagName)],
  ['silent', ({ name }) => isSilentAttribute(name)],
  // Whatever the element, it is named as a link, which leads away.
  ['silent', ({ name, value }) => name === 'href' && !isMediaAddress(value) && !/^\s*data:/i.test(value)],
  // Settings of what lies outside of the page, whose own words and pictures are not in the file anyway.
  ['silent', ({ tagName, value }) => /^(?:script|link|style)$/.test(tagName) && !/[^\0-\u00ff]/.test(value)],
]

function purposeOf(element: HtmlElement, name: string, value: string): Purpose {
  const attribute = { element, tagName: element.tagName, name, value }
  return purposes.find(([, holds]) => holds(attribute))?.[0] ?? 'unknown'
}

/** Elements whose value is for programs. */
const valuedElements = /^(?:button|option|li|meter|progress|data|output)$/

function isInputValue({ tagName, name }: Attribute): boolean {
  return name === 'value' && tagName === 'input'
}

function isMetaContent({ tagName, name }: Attribute): boolean {
  return name === 'content' && tagName === 'meta'
}

/** Whether search results show it, or words were put where programs look. */
function isDescribing({ element, value }: Attribute): boolean {
  const names = ['name', 'property', 'itemprop'].map(name => attributeOf(element, name) ?? '')
  return names.some(name => describingMeta.test(name)) || /[^\0-\u00ff]/.test(value)
}

/** Attributes whose addresses `shownBeside` and `accountForLink` count. */
function isCounted(tagName: string, name: string): boolean {
  switch (name) {
    case 'src':
      return /^(?:img|input|iframe|frame|embed|script|video|audio|source)$/.test(tagName)
    case 'srcset':
      return tagName === 'img' || tagName === 'source'
    case 'href':
      return /^(?:a|area|link|base|image)$/.test(tagName)
    case 'data':
      return tagName === 'object'
    case 'poster':
      return tagName === 'video'
    case 'background':
      return true
    default:
      return false
  }
}

function accountForLink(element: HtmlElement, page: Page): void {
  const { tagName } = element
  const address = attributeOf(element, 'href') ?? ''
  switch (tagName) {
    case 'meta':
      if (
        attributeOf(element, 'http-equiv')?.toLowerCase() === 'refresh' &&
        // Browsers that run scripts do not follow it.
        element.parentNode?.nodeName !== 'noscript' &&
        /^[\d.]*[\s;,]+[^\s;,]/.test((attributeOf(element, 'content') ?? '').trim())
      ) {
        page.omissions.add('redirect')
      }
      return
    case 'link': {
      if (address.trim() === '') return
      const relations = (attributeOf(element, 'rel') ?? attributeOf(element, 'rev') ?? '')
        .toLowerCase()
        .trim()
        .split(/\s+/)
      const sheet = sheetOf(element)
      const isSheet = relations.includes('stylesheet') || attributeOf(element, 'as')?.toLowerCase() === 'style'
      if (isSheet && sheet !== null) {
        for (const text of textsOfStyle(readStyle(sheet, 'sheet'), page)) page.passages.appendAside(text, null)
      } else if (isSheet) page.outerStyles++
      else if (!relations.every(each => silentRelations.has(each))) page.omissions.add('linked_file')
      return
    }
    case 'a':
    case 'area':
      // A link may hold the page that it leads to.
      if (/^\s*data:/i.test(address.replace(/^[\0-\x20]+|[\t\n\r]/g, ''))) page.omissions.add('inner_page')
      else if (tagName === 'a' && leadsElsewhere(wordsOf(element), address)) page.misleadingLinks++
  }
}

/** The first words of a link: an address is no longer. */
function wordsOf(element: HtmlElement): string {
  const stack = element.childNodes.toReversed()
  let words = ''
  for (let node = stack.pop(); node !== undefined && words.length < 500; node = stack.pop()) {
    if (isText(node)) words += node.value
    else if (isElement(node)) stack.push(...node.childNodes.toReversed())
  }
  return words
}

function isWorded(value: string): boolean {
  return /\p{L}{2}|[^\0-\u00ff]/u.test(value)
}
