import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { ExtractedText } from '../family.ts'
import { readStyle } from '../html/css.ts'
import { createHeldPictures } from '../html/held-pictures.ts'
import { blockElements, holdsAddress, isPictureAddress } from '../html/lists.ts'
import { readScript } from '../html/page-code.ts'
import { readMarkup } from '../html/read-markup.ts'
import { leadsElsewhere } from '../text/links.ts'
import { createOmissions } from '../text/omissions.ts'
import { countPacked } from '../text/packed.ts'
import { createPassages } from '../text/passages.ts'
import { createLineIndex } from '../text/positions.ts'
import { isForeign } from '../text/spellings.ts'
import { readXml, type XmlAttribute, type XmlElement, XmlError, type XmlNode } from './read-xml.ts'

/**
 * The texts and attribute values of an XML file with its references decoded, in lines as the elements suggest. What it is for is not
 * known here, so nothing is left unread but names and comments; the files that it names or holds are left out, except those behind links.
 * A file that is not well-formed is refused.
 */
export function extractXml(xml: string): ExtractedText | Failure {
  const positionAt = createLineIndex(xml)
  let root: XmlElement
  try {
    root = readXml(xml)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    const { line, column } = positionAt(error.offset)
    return inputFailure('undecodable_text', [remark('invalid_xml', { place: `${line}:${column}` })])
  }
  const passages = createPassages()
  const omissions = createOmissions()
  const held = createHeldPictures()
  if (/<\?xml-stylesheet/i.test(xml)) omissions.add('adding_style')
  for (const { text, offset } of instructionsOf(xml)) {
    passages.append(text, positionAt(offset))
    passages.breakLine()
  }
  let misleadingLinks = 0
  let pictureAddresses = 0
  let isBuild = isOfOneKind(root, 'project', 'http://maven.apache.org/POM/4.0.0')
  let isManual = isOfOneKind(root, 'document', 'http://maven.apache.org/XDOC/2.0')
  const names = new Set<string>()
  const isOfPages = /["']http:\/\/www\.w3\.org\/1999\/xhtml["']/.test(xml)

  const append = (value: string, offset: number, { isHidden, isCode }: { isHidden: boolean; isCode: boolean }) => {
    if (held.takePacked(value.trim()) || countPacked(value, omissions)) return
    if (isPictureAddress(value)) {
      if (isBuild) pictureAddresses++
      else omissions.add('picture')
    }
    if (isHidden) passages.insertPerhaps(value, positionAt(offset))
    else passages.append(value, positionAt(offset))
    const markup = isCode ? null : readMarkup(value, omissions)
    if (markup !== null) passages.appendAside(markup, positionAt(offset))
  }
  const visit = (element: XmlElement, isInline: boolean, isWithinPicture: boolean, isWithinHidden: boolean) => {
    // Two elements with nothing between them, not even a space, may be two words or one.
    const separate = isInline
      ? () => undefined
      : blockElements.has(element.local.toLowerCase())
        ? () => passages.breakLine()
        : () => passages.breakPerhaps()
    separate()
    if (element.name === 'w:sym') omissions.add('symbol_character')
    if (element !== root && element.attributes.some(declaresNamespace)) {
      isBuild = false
      isManual = false
    }
    if (element.local === 'svg' || isDrawing(element)) omissions.add('drawing')
    // Browsers run the scripts and sheets of pages within any other document.
    if (isOfPages && element.local === 'script') omissions.add('writing_script')
    if (isOfPages && element.local === 'style') omissions.add('adding_style')
    if (isOfPages && element.local === 'canvas') omissions.add('drawing')
    // People who open the file see the names of a table's columns; those of programs are of Latin letters.
    for (const { local, name } of [element, ...element.attributes]) {
      if (isForeign(name)) names.add(local)
    }
    const isPicture = namesPicture.test(element.local)
    const own = element.children.length === 1 ? element.children[0] : undefined
    if (own?.kind === 'text' && (isPicture || isWithinPicture) && isPath(own.value) && !isPictureAddress(own.value)) {
      pictureAddresses++
    }
    for (const attribute of element.attributes) {
      const { local, value, offset } = attribute
      if (/^\s*javascript:/i.test(value)) omissions.add('writing_script')
      if (isOfPages && /^on[a-z]+$/.test(local) && readScript(value).isWriting) omissions.add('writing_script')
      if (local === 'style') omissions.add('picture', { count: readStyle(value, 'declarations').pictures })
      if (leadsToFile(element, attribute)) {
        if (isOfApp(attribute)) pictureAddresses++
        else omissions.add('linked_file')
      } else if (local === 'href' && leadsElsewhere(wordsOf(element), value)) misleadingLinks++
      if (isWorded(local, value) && !held.takePacked(value) && !countPacked(value, omissions)) {
        passages.appendAside(value, positionAt(offset))
        const markup = readMarkup(value, omissions)
        if (markup !== null) passages.appendAside(markup, positionAt(offset))
      }
    }
    if (runsBackwards(element)) passages.appendAside(Array.from(wordsOf(element)).reverse().join(''), null)
    const isHidden = isWithinHidden || element.attributes.some(hidesText)
    const isMixed = element.children.some(isVisibleText)
    for (const child of element.children) {
      if (child.kind === 'element') visit(child, isMixed, isPicture, isHidden)
      else if (isMixed) append(child.value, child.offset, { isHidden, isCode: isManual && element.name === 'source' })
      else passages.breakLine()
    }
    separate()
  }
  visit(root, false, false, false)
  for (const name of names) {
    passages.breakLine()
    passages.append(name, null)
  }
  const { text, anchors } = passages.finish()
  const notes: readonly Remark[] = [
    ...(pictureAddresses === 0 ? [] : [remark('picture_address', { count: pictureAddresses })]),
    ...(misleadingLinks === 0 ? [] : [remark('misleading_link', { count: misleadingLinks })]),
  ]
  return { kind: 'extracted', text, format: 'xml', anchors, omitted: omissions.list(), notes, pieces: held.list() }
}

/** Instructions to programs that are not known to show nothing. */
function instructionsOf(xml: string): readonly { readonly text: string; readonly offset: number }[] {
  const found: { text: string; offset: number }[] = []
  for (let at = xml.indexOf('<?'); at >= 0; at = xml.indexOf('<?', at + 2)) {
    const end = xml.indexOf('?>', at)
    if (end < 0) break
    const text = xml.slice(at + 2, end)
    if (!/^(?:xml|xml-stylesheet|xml-model|mso-[\w-]+)\s/i.test(text) && /\p{L}/u.test(text))
      found.push({ text, offset: at + 2 })
    at = end
  }
  return found
}

function isVisibleText(node: XmlNode): boolean {
  return node.kind === 'text' && node.value.trim() !== ''
}

const linkingElements =
  /^(?:a|link|outline|anchor|hyperlink|reference|ulink|url|alternate|self|channel|guid|loc|sitemap|feed|entry|cite)$/i
const linkingAttributes = /^(?:(?:xml|html|web|base)?url|uri|link|homepage|base|about|resource|longdesc|cite)$/i
const shownElements =
  /^(?:enclosure|content|thumbnail|image|imageview|imagedata|img|graphic|picture|media|en-media|audio|video|object|embed|iframe|include)$/i
/** Elements whose text is where a picture lies, and attributes that name one. */
const namesPicture =
  /(?:^|[-_.:a-z])(?:image|img|picture|pic|photo|thumb|thumbnail|icon|logo|poster|cover|avatar|banner)(?:_?(?:url|uri|src|path|file|link|href))?$/i

/** The icons of a page that somebody pinned to the start menu, as the icon of the tab is. */
const tiles = /^(?:(?:square|wide)\d+x\d+logo|TileImage)$/

/** Whether a value names a picture of an Android app: no program shows it but the app that is built from the file. */
function isOfApp({ name, value }: XmlAttribute): boolean {
  return /^(?:android|app|tools):/.test(name) && /^@[\w.:]+\/[\w.$]+$/.test(value)
}

/** Whether a document is of one vocabulary all through: of Maven's, programs show the text only, and code as it is written. */
function isOfOneKind(root: XmlElement, name: string, vocabulary: string): boolean {
  const spaces = root.attributes.filter(declaresNamespace)
  return (
    root.name === name &&
    spaces.some(space => space.name === 'xmlns' && space.value === vocabulary) &&
    spaces.every(space => space.name === 'xmlns' || space.name === 'xmlns:xsi')
  )
}

function declaresNamespace({ name }: XmlAttribute): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:')
}

/** Whether a value names a file that is shown with the text: a link leads away from it, and the name of a vocabulary leads nowhere. */
function leadsToFile(element: XmlElement, { name, local, value }: XmlAttribute): boolean {
  if (isNaming(local) || name.startsWith('xmlns:')) return false
  if (local === 'src' && tiles.test(element.local)) return false
  if (isPictureAddress(value)) return true
  if (value.trim() === '') return false
  if (shownElements.test(element.local) && /^(?:src|srcset|source|href|data|poster|hash)$/i.test(local)) return true
  if (/^background-?image$/i.test(local)) return value.trim() !== 'none'
  if (namesPicture.test(local) && isPath(value)) return true
  if (/(?:^|;)image=[^;]/.test(value)) return true
  if (!holdsAddress(value)) return false
  // A link of a feed to what comes with the entry.
  if (local === 'href' && element.attributes.some(each => each.local === 'rel' && each.value === 'enclosure'))
    return true
  if (shownElements.test(element.local) && /^(?:src|srcset|href|data|poster|url|uri|link|file|path)$/i.test(local))
    return true
  if (linkingElements.test(element.local) || linkingAttributes.test(local)) return false
  if (local === 'href' && isNamedLink(element)) return false
  return /^(?:src|srcset|href|data|poster)$/i.test(local)
}

/** Timed text that is not shown at all, and text whose letters are shown from the last to the first. */
function hidesText({ local, value }: XmlAttribute): boolean {
  return local === 'style'
    ? readStyle(value, 'declarations').placed.some(({ kind }) => kind === 'gone' || kind === 'blank')
    : local === 'display'
      ? value === 'none'
      : local === 'visibility'
        ? value === 'hidden'
        : local === 'opacity' && Number(value) === 0
}

function runsBackwards({ local, attributes }: XmlElement): boolean {
  return local === 'bdo'
    ? attributes.some(each => each.value === 'rtl')
    : attributes.some(each => /^unicode-?bidi$/i.test(each.local) && /override/i.test(each.value))
}

/** Whether people see words in whose place something else may stand behind the address: what is shown itself has no words. */
function isNamedLink(element: XmlElement): boolean {
  if (shownElements.test(element.local) || namesPicture.test(element.local)) return false
  const spoken = element.attributes.filter(({ local }) => /^(?:name|title|label|text)$/i.test(local))
  return [wordsOf(element), ...spoken.map(({ value }) => value)].some(words => /\p{L}/u.test(words))
}

/** Whether an element is a shape by its outline, as in the formats of applications. */
function isDrawing({ local, attributes }: XmlElement): boolean {
  return (
    local === 'custGeom' ||
    (/^(?:path|polygon|polyline|shape|geometry)$/i.test(local) &&
      attributes.some(each => /^(?:d|data|pathData|points)$/i.test(each.local) && /\d/.test(each.value)))
  )
}

function isPath(value: string): boolean {
  return holdsAddress(value) || /^[\x21-\x7e]*\/[\x21-\x7e]*$/.test(value.trim())
}

/** Attributes that name a vocabulary. */
function isNaming(local: string): boolean {
  return /^(?:xmlns|schemaLocation|noNamespaceSchemaLocation|namespace|type|datatype|version|profile|encoding|lang|rel|standalone)$/i.test(
    local,
  )
}

/** Addresses and numbers are no words, unless words are spelled in them. */
function isWorded(name: string, value: string): boolean {
  if (/%[89a-f][\da-f]|%u[\da-f]{4}/i.test(value)) return true
  return name !== 'xmlns' && /\p{L}/u.test(value) && !/^(?:[a-z][a-z\d+.-]*:\/\/|urn:)[\x21-\x7e]*$/i.test(value)
}

function wordsOf(element: XmlElement): string {
  return element.children.map(child => (child.kind === 'text' ? child.value : wordsOf(child))).join('')
}
