import { serialize } from 'parse5'
import type { RemarkCode } from '../../../../shared/remarks/index.ts'
import { isForeign } from '../text/spellings.ts'
import { holdsAddress, isSilentAttribute, spokenAttributes } from './lists.ts'
import { attributeOf, type HtmlElement, isElement, isText, typeOf } from './page.ts'

const kinds: readonly (readonly [RemarkCode, (element: HtmlElement) => boolean])[] = [
  ['picture', isPicture],
  ['drawing', element => element.tagName === 'canvas' || isDrawnByLibrary(element)],
  ['reordering_style', hasSlots],
  ['recording', ({ tagName }) => tagName === 'video' || tagName === 'audio'],
  ['inner_page', isPage],
]

/** What an element shows besides words. */
export function shownBeside(element: HtmlElement): readonly RemarkCode[] {
  return kinds.filter(([, shows]) => shows(element)).map(([code]) => code)
}

function isPicture(element: HtmlElement): boolean {
  return (
    isPictureByName(element) ||
    has(element, 'background') ||
    element.attrs.some(attribute => /^\s*data:image\//i.test(attribute.value))
  )
}

function isPictureByName(element: HtmlElement): boolean {
  const parent = element.parentNode?.nodeName
  switch (element.tagName) {
    case 'svg':
      return true
    case 'img':
      return has(element, 'src', 'srcset') || isFilledIn(element)
    case 'image':
      return has(element, 'href')
    case 'source':
      return parent !== 'video' && parent !== 'audio' && has(element, 'src', 'srcset')
    case 'input':
      return typeOf(element) === 'image'
    case 'video':
      return has(element, 'poster')
    default:
      return false
  }
}

/** Whether it shows a page or what a plug-in draws. */
function isPage(element: HtmlElement): boolean {
  switch (element.tagName) {
    case 'iframe':
    case 'frame':
    case 'embed':
      return has(element, 'src')
    case 'object':
      return has(element, 'data', 'classid')
    case 'param':
      return (
        /^(?:movie|src|filename|url|data)$/i.test(attributeOf(element, 'name') ?? '') &&
        !holdsAddress(attributeOf(element, 'value') ?? '')
      )
    case 'applet':
      return true
    default:
      return false
  }
}

/** Whether it is a shadow tree whose slots show the words around it at places of their own. */
function hasSlots(element: HtmlElement): boolean {
  return (
    element.tagName === 'template' &&
    attributeOf(element, 'shadowrootmode') !== undefined &&
    'content' in element &&
    serialize(element.content).includes('<slot')
  )
}

function has(element: HtmlElement, ...names: readonly string[]): boolean {
  return names.some(name => (attributeOf(element, name) ?? '').trim() !== '')
}

/** Elements that only a library knows, and draws as it likes. */
export function isMadeUp(tagName: string): boolean {
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

/** Whether an attribute that a script fills an element from names a picture, wherever its address begins. */
export function namesPicture(name: string, value: string): boolean {
  if (/src(?:set)?$/.test(name)) return true
  return (
    /(?:src|image|img|pic|picture|photo|bg|background|original|lazy|lazyload|echo|cover|poster|thumb|thumbnail|banner|file|url)$/.test(
      name,
    ) && /^[\x21-\x7e]*\/[\x21-\x7e]*$/.test(value)
  )
}
