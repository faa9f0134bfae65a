import { serialize } from 'parse5'
import { readStyle } from './css.ts'
import { holdsAddress, isMediaAddress, isSilentAttribute, silentRelations, spokenAttributes } from './html-lists.ts'
import { attributeOf, type HtmlElement, isElement, isText, type Page, positionOf, textsOfStyle } from './html-page.ts'
import { leadsElsewhere } from './links.ts'
import { readScript } from './page-code.ts'
import { isForeign } from './spellings.ts'

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

/** Whether an attribute that a script fills an element from names a picture, wherever its address begins. */
function namesPicture(name: string, value: string): boolean {
  if (/src(?:set)?$/.test(name)) return true
  return (
    /(?:src|image|img|pic|picture|photo|bg|background|original|lazy|lazyload|echo|cover|poster|thumb|thumbnail|banner|file|url)$/.test(
      name,
    ) && /^[\x21-\x7e]*\/[\x21-\x7e]*$/.test(value)
  )
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
  // The colours of a body and of its links; elsewhere, the words of an element that some library draws.
  if (/^(?:text|value)$/.test(name) && isMadeUp(tagName)) return 'aside'
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
    (tagName === 'img' && (has('src', 'srcset') || isFilledIn(element))) ||
    (tagName === 'image' && has('href')) ||
    (tagName === 'source' && parent !== 'video' && parent !== 'audio' && has('src', 'srcset')) ||
    (tagName === 'input' && attributeOf(element, 'type')?.toLowerCase() === 'image') ||
    (tagName === 'video' && has('poster')) ||
    has('background') ||
    element.attrs.some(attribute => /^\s*data:image\//i.test(attribute.value))
  if (isPicture) omissions.add('picture')
  if (tagName === 'canvas' || isDrawnByLibrary(element)) omissions.add('drawing')
  if (tagName === 'template' && attributeOf(element, 'shadowrootmode') !== undefined && 'content' in element) {
    // Its slots show the words around it at places of their own.
    if (serialize(element.content).includes('<slot')) omissions.add('reordering_style')
  }
  if (tagName === 'video' || tagName === 'audio') omissions.add('recording')
  const isPage =
    ((tagName === 'iframe' || tagName === 'frame') && has('src')) ||
    (tagName === 'object' && has('data')) ||
    (tagName === 'embed' && has('src')) ||
    (tagName === 'object' && has('classid')) ||
    (tagName === 'param' &&
      /^(?:movie|src|filename|url|data)$/i.test(attributeOf(element, 'name') ?? '') &&
      !holdsAddress(attributeOf(element, 'value') ?? '')) ||
    tagName === 'applet'
  if (isPage) omissions.add('inner_page')
}

/** Elements that only a library knows, and draws as it likes. */
function isMadeUp(tagName: string): boolean {
  return /^[a-z][\w.]*-/.test(tagName) && !/^(?:annotation-xml|font-face.*|missing-glyph|color-profile)$/.test(tagName)
}

/** Whether it has nothing that could be read or counted: what it shows is not in the file. */
function isDrawnByLibrary(element: HtmlElement): boolean {
  if (!isMadeUp(element.tagName)) return false
  if (element.attrs.some(({ name, value }) => spokenAttributes.has(name) || isForeign(value) || holdsAddress(value)))
    return false
  return element.childNodes.every(node => !isElement(node) && (!isText(node) || node.value.trim() === ''))
}

/** A picture without an address that a script gives it, from an attribute that is not one either. */
function isFilledIn(element: HtmlElement): boolean {
  if (element.attrs.some(({ name, value }) => holdsAddress(value) || namesPicture(name, value))) return false
  return element.attrs.some(
    ({ name, value }) =>
      value.trim() !== '' && (/^data-/.test(name) || !(isSilentAttribute(name) || isWordAttribute(name))),
  )
}

function isWordAttribute(name: string): boolean {
  return name === 'style' || name.startsWith('on') || spokenAttributes.has(name)
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
      const sheet = /^\s*data:text\/css[^,]{0,100}?(;base64)?,([\s\S]*)$/i.exec(address)
      const isSheet = relations.includes('stylesheet') || attributeOf(element, 'as')?.toLowerCase() === 'style'
      if (isSheet && sheet !== null) {
        const css = sheet[1] === undefined ? decoded(sheet[2] ?? '') : Buffer.from(sheet[2] ?? '', 'base64').toString()
        for (const text of textsOfStyle(readStyle(css, 'sheet'), page)) page.passages.appendAside(text, null)
      } else if (isSheet) page.outerStyles++
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

function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
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
