import { readStyle } from './css.ts'
import { holdsAddress, isMediaAddress, isSilentAttribute, silentRelations, spokenAttributes } from './html-lists.ts'
import { attributeOf, type HtmlElement, isElement, isText, type Page, positionOf, textsOfStyle } from './html-page.ts'
import { leadsElsewhere } from './links.ts'
import { readScript } from './page-code.ts'

/** Reads what an element's attributes show, and counts what the element shows besides words. */
export function accountForAttributes(element: HtmlElement, page: Page): void {
  const { passages, omissions } = page
  countShown(element, page)
  accountForLink(element, page)
  if (element.namespaceURI === svgNamespace && element.tagName !== 'svg') {
    // The drawing as a whole is counted; its titles are read.
    for (const { name, value } of element.attrs) if (spokenAttributes.has(name)) passages.appendAside(value, null)
    return
  }
  for (const { name, prefix, value } of element.attrs) {
    if (value.trim() === '') continue
    const position = positionOf(element.sourceCodeLocation?.attrs?.[prefix ? `${prefix}:${name}` : name])
    const purpose = purposeOf(element, prefix ? `${prefix}:${name}` : name, value)
    switch (purpose) {
      case 'silent':
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
        if (holdsAddress(value) || /src(?:set)?$/.test(name)) omissions.add('linked_file')
        if (isWorded(value)) page.values.set(value.trim(), page.values.get(value.trim()) ?? position)
    }
  }
}

const svgNamespace = 'http://www.w3.org/2000/svg'

type Purpose = 'silent' | 'code' | 'style' | 'in its place' | 'on it' | 'aside' | 'page' | 'unknown'

const describingMeta =
  /^(?:description|keywords|name|headline|application-name|apple-mobile-web-app-title|(?:og|twitter):(?:title|description|site_name|image:alt))$/i

/** What an attribute with something in it is for. */
function purposeOf(element: HtmlElement, name: string, value: string): Purpose {
  const { tagName } = element
  if (name.startsWith('on') || /^\s*javascript:/i.test(value)) return 'code'
  if (name === 'style') return 'style'
  if (name === 'alt') return 'in its place'
  if (name === 'value' && tagName === 'input')
    return attributeOf(element, 'type')?.toLowerCase() === 'hidden' ? 'silent' : 'on it'
  if (name === 'placeholder') return 'on it'
  if (spokenAttributes.has(name)) return 'aside'
  if (name === 'content' && tagName === 'meta') return purposeOfMeta(element, value)
  if (name === 'srcdoc' && tagName === 'iframe') return 'page'
  if (name === 'value' && /^(?:button|option|li|meter|progress|data|output)$/.test(tagName)) return 'silent'
  if (isCounted(tagName, name)) return 'silent'
  if (isSilentAttribute(name)) return 'silent'
  // Whatever the element, it is named as a link, which leads away.
  if (name === 'href' && !isMediaAddress(value) && !/^\s*data:/i.test(value)) return 'silent'
  // Settings of what lies outside of the page, whose own words and pictures are not in the file anyway.
  if (/^(?:script|link|style)$/.test(tagName) && !/[^\0-\u00ff]/.test(value)) return 'silent'
  return 'unknown'
}

function purposeOfMeta(element: HtmlElement, value: string): Purpose {
  const names = ['name', 'property', 'itemprop'].map(name => attributeOf(element, name) ?? '')
  if (names.some(name => describingMeta.test(name))) return 'aside'
  // For programs, unless words are put there.
  return /[^\0-\u00ff]/.test(value) ? 'aside' : 'silent'
}

/** Attributes whose addresses `countShown` and `accountForLink` count. */
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

function countShown(element: HtmlElement, { omissions }: Page): void {
  const has = (...names: readonly string[]) => names.some(name => (attributeOf(element, name) ?? '').trim() !== '')
  const { tagName } = element
  const parent = element.parentNode?.nodeName
  const isPicture =
    tagName === 'svg' ||
    (tagName === 'img' && has('src', 'srcset')) ||
    (tagName === 'image' && has('href')) ||
    (tagName === 'source' && parent !== 'video' && parent !== 'audio' && has('src', 'srcset')) ||
    (tagName === 'input' && attributeOf(element, 'type')?.toLowerCase() === 'image') ||
    (tagName === 'video' && has('poster')) ||
    has('background') ||
    element.attrs.some(attribute => /^\s*data:image\//i.test(attribute.value))
  if (isPicture) omissions.add('picture')
  if (tagName === 'canvas') omissions.add('drawing')
  if (tagName === 'video' || tagName === 'audio') omissions.add('recording')
  const isPage =
    ((tagName === 'iframe' || tagName === 'frame') && has('src')) ||
    (tagName === 'object' && has('data')) ||
    (tagName === 'embed' && has('src'))
  if (isPage) omissions.add('inner_page')
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
        /url\s*=/i.test(attributeOf(element, 'content') ?? '')
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
      if (relations.includes('stylesheet')) page.outerStyles++
      else if (!relations.every(each => silentRelations.has(each))) page.omissions.add('linked_file')
      return
    }
    case 'a':
    case 'area':
      // A link may hold the page that it leads to.
      if (/^\s*data:/i.test(address)) page.omissions.add('inner_page')
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
