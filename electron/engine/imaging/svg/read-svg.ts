/** Accounts for everything in a drawing: what is surely drawn alike by librsvg and browsers, what nobody draws, and the rest. */

import { type Remark, type RemarkCode, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import { unreadable } from '../refusal.ts'
import { isKnownAttribute, isKnownElement, isOfText, undrawnNamespaces } from './lists.ts'
import { isPathData, isPoints } from './path-data.ts'
import { type Root, readDeclarations, readStyleSheet } from './style-sheet.ts'
import { readTokens, type Token } from './tokens.ts'
import { inPixels } from './units.ts'
import { inLightAndDark, withVariables } from './variables.ts'

export interface SvgAccount {
  /** What is to be drawn: the file's own text, with lengths in pixels, and text as large as in browsers where nothing says so. */
  readonly drawing: Uint8Array
  /** The colour that it is drawn on; null for none. */
  readonly ground: string | null
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
  /** PNG and JPEG pictures in it, still to be decoded: the renderer leaves blank what it cannot read. */
  readonly pictures: readonly Uint8Array[]
  /** Characters that are drawn as text, each once. */
  readonly characters: ReadonlySet<string>
}

const svgNamespace = 'http://www.w3.org/2000/svg'
const xlinkNamespace = 'http://www.w3.org/1999/xlink'
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const motion = new Set(['animate', 'animateColor', 'animateMotion', 'animateTransform', 'set', 'discard'])
/** Extensions that no browser and no renderer has: what requires them is drawn by Illustrator alone. */
const editorExtension = /^(?:http:\/\/ns\.adobe\.com\/|&ns_ai;$)/
const pageNamespace = 'http://www.w3.org/1999/xhtml'
/** Browsers heed no display of these, and the renderer does. */
const undisplayed = new Set(['linearGradient', 'radialGradient', 'pattern', 'clipPath', 'mask', 'filter', 'symbol'])
const hiding = /(?:^|[;{])\s*display\s*:\s*none/i
const placing = /(?:^|[;{])\s*(?:x|y|width|height)\s*:/i
/** What browsers do with a symbol as a whole, and the renderer does not. */
const ofWhole = ['opacity', 'clip-path', 'mask', 'filter', 'transform', 'mix-blend-mode', 'isolation'] as const
const treating = new RegExp(`(?:^|[;{\\s])(?:${ofWhole.join('|')})\\s*:`, 'i')
const wordsNoted = 120

interface Element {
  readonly name: string
  readonly id: string
  readonly namespaces: ReadonlyMap<string, string>
  /** Nothing in it is drawn, by anyone. */
  readonly isUndrawn: boolean
  /** What becomes of words in it, where nothing else of it could be drawn. */
  readonly words: 'noted' | 'left out' | null
}

/** @throws Refusal where it is not UTF-8 or not well-formed, since a check that reads it otherwise than the renderer is none. */
export function readSvg(bytes: Uint8Array): SvgAccount & { readonly dark: SvgAccount | null } {
  const { light, dark } = inLightAndDark(withVariables(inPixels(inOneLine(decode(bytes)))))
  return { ...readDrawing(light), dark: dark === null ? null : readDrawing(dark) }
}

/** Where the reader of a drawing stands, and what it has found. */
interface Reader {
  readonly document: string
  readonly leftOut: Remark[]
  /** What changes the look of text only. */
  readonly ofText: Remark[]
  readonly notes: Remark[]
  readonly pictures: Uint8Array[]
  readonly characters: Set<string>
  readonly open: Element[]
  root: Root
  /** Where the outermost element's name ends, if it leaves it to others how large text is. */
  sizeAt: number
  readonly grounds: Set<string>
  /** The text of the style sheet that is being read. */
  sheet: string
  readonly references: References
  readonly rules: Rules
  /** Whether blanks in a row are kept by browsers or by the renderer alone, and whether there are any. */
  isSpacingDoubtful: boolean
  isSpaced: boolean
}

/** Which elements refer to which. */
interface References {
  readonly ids: Set<string>
  readonly wanted: Set<string>
  /** The gradient or pattern that each one continues, and those that can be continued. */
  readonly continued: Map<string, string>
  readonly continuable: Set<string>
  /** Drawings within the drawing, and what is used again. */
  readonly drawings: Set<string>
  readonly targets: Set<string>
  isUsed: boolean
  hasPathLength: boolean
}

/** What selectors may call elements that programs treat differently, and the names that rules with such an effect are for. */
interface Rules {
  readonly calledUndisplayed: Set<string>
  readonly hidden: string[]
  readonly calledUsed: Set<string>
  readonly placed: string[]
  readonly calledSymbols: Set<string>
  readonly treated: string[]
  /** Selectors that look at parents: of an element that is used elsewhere, programs disagree which parents it has. */
  readonly combined: string[]
}

function createReader(document: string): Reader {
  return {
    document,
    leftOut: [],
    ofText: [],
    notes: [],
    pictures: [],
    characters: new Set(),
    open: [],
    root: { id: '', classes: new Set(), paint: () => undefined },
    sizeAt: 0,
    grounds: new Set(),
    sheet: '',
    references: {
      ids: new Set(),
      wanted: new Set(),
      continued: new Map(),
      continuable: new Set(),
      drawings: new Set(),
      targets: new Set(),
      isUsed: false,
      hasPathLength: false,
    },
    rules: {
      calledUndisplayed: new Set(),
      hidden: [],
      calledUsed: new Set(),
      placed: [],
      calledSymbols: new Set(),
      treated: [],
      combined: [],
    },
    isSpacingDoubtful: false,
    isSpaced: false,
  }
}

function readDrawing(document: string): SvgAccount {
  const reader = createReader(document)
  const { open } = reader
  for (const token of readTokens(document)) {
    switch (token.kind) {
      case 'instruction':
        if (!/^(?:xml|xpacket)$/.test(token.target))
          leaveOut(reader, token.target === 'xml-stylesheet' ? 'svg_reference' : 'svg_element', `<?${token.target}`)
        break
      case 'open': {
        const element = enter(reader, token)
        if (!token.isEmpty) open.push(element)
        break
      }
      case 'close':
        open.pop()
        if (open.at(-1)?.name !== 'style' && reader.sheet !== '') endSheet(reader)
        break
      case 'text':
        readText(reader, token.text)
    }
  }
  accountForReferences(reader)
  accountForRules(reader)
  const { characters, grounds, sizeAt, leftOut, notes, pictures } = reader
  const [ground = null] = grounds
  const isSized = sizeAt > 0 && (characters.size > 0 || /\dem\b/.test(document))
  return {
    drawing: Buffer.from(isSized ? `${document.slice(0, sizeAt)} font-size="16px"${document.slice(sizeAt)}` : document),
    ground,
    leftOut: sumRemarks(leftOut),
    notes: sumRemarks(notes),
    pictures,
    characters,
  }
}

function leaveOut({ leftOut }: Reader, code: RemarkCode, name = '', into = leftOut): void {
  into.push(remark(code, name === '' ? {} : { name }))
}

function leaveStyleOut(reader: Reader, what: string): void {
  if (/^animation|@keyframes/.test(what)) leaveOut(reader, 'svg_motion')
  else leaveOut(reader, 'svg_style', what, isOfText(what) ? reader.ofText : reader.leftOut)
}

function refer(reader: Reader, element: string, address: string): void {
  if (element === 'a') {
    if (/^\s*(?:javascript|data|vbscript):/i.test(address)) leaveOut(reader, 'svg_script')
  } else if (element === 'image') {
    const picture = pictureOf(address)
    if (picture === null) leaveOut(reader, 'svg_picture')
    else reader.pictures.push(picture)
  } else if (!/^#./.test(address)) leaveOut(reader, 'svg_reference')
  // Where a gradient continues one that is not there, each program makes something else of it.
  else if (element !== 'use') reader.references.wanted.add(address.slice(1))
}

function readAttribute(
  reader: Reader,
  element: string,
  qualified: string,
  value: string,
  namespaces: ReadonlyMap<string, string>,
): void {
  const [prefix, local] = qualified.includes(':') ? (qualified.split(':') as [string, string]) : ['', qualified]
  if (prefix === 'xmlns' || qualified === 'xmlns') return
  if (prefix !== '') {
    const namespace = prefix === 'xml' ? xmlNamespace : namespaces.get(prefix)
    if (namespace === xlinkNamespace && local === 'href') refer(reader, element, value)
    else if (namespace === xlinkNamespace && /^(?:type|role|arcrole|show|actuate|title)$/.test(local)) return
    else if (namespace === xmlNamespace && /^(?:lang|space|id)$/.test(local)) return
    else if (!isUndrawnNamespace(namespace)) leaveOut(reader, 'svg_attribute', qualified)
    return
  }
  if (local === 'href') refer(reader, element, value)
  else if (local === 'style')
    readDeclarations(value, what => leaveStyleOut(reader, what), reader.open.length === 0 ? reader.root.paint : null)
  else if (local === 'd' || local === 'points') {
    // Points of what is no polygon and data of what is no path are Inkscape's, for its boxes and circles.
    const isKnown = local === 'd' ? isPathData(value) : isPoints(value)
    if (!isKnown) leaveOut(reader, 'svg_attribute', local)
  } else if (/^on/i.test(local)) leaveOut(reader, 'svg_script')
  else if (!isKnownAttribute(element, local, value)) {
    const into = isOfText(local) ? reader.ofText : reader.leftOut
    leaveOut(reader, 'svg_attribute', `${local}="${value.slice(0, 40)}"`, into)
  } else if (local === 'id') reader.references.ids.add(value)
}

type Attributes = ReadonlyMap<string, string>

/** What the renderer makes otherwise than browsers of elements that others, and rules, refer to. */
function accountForWhatIsReferredTo(
  reader: Reader,
  element: string,
  attributes: Attributes,
  target: string | undefined,
): void {
  const { references, rules, open } = reader
  const id = attributes.get('id') ?? ''
  const style = attributes.get('style') ?? ''
  const classes =
    attributes
      .get('class')
      ?.split(/\s+/)
      .map(each => `.${each}`) ?? []
  const called = ['*', element, `#${id}`, ...classes]
  if (undisplayed.has(element)) {
    for (const each of called) rules.calledUndisplayed.add(each)
    if (attributes.get('display')?.trim() === 'none' || hiding.test(style))
      leaveOut(reader, 'svg_style', 'display:none')
  }
  if (element === 'use') {
    for (const each of called) rules.calledUsed.add(each)
    if (placing.test(style)) leaveOut(reader, 'svg_style', style.slice(0, 40))
    references.targets.add(target ?? '')
    // It draws itself, again and again.
    if (open.some(each => each.id !== '' && target === `#${each.id}`)) leaveOut(reader, 'svg_reference')
  }
  if (element === 'svg' && open.length > 0) references.drawings.add(`#${id}`)
  if (element === 'symbol') {
    if (['x', 'y', 'width', 'height'].some(each => !/^(?:0|100%)?$/.test(attributes.get(each) ?? '')))
      leaveOut(reader, 'svg_attribute', 'width')
    for (const each of called) rules.calledSymbols.add(each)
    const whole = ofWhole.find(each => attributes.has(each))
    if (whole !== undefined || treating.test(style)) leaveOut(reader, 'svg_attribute', whole ?? style.slice(0, 40))
  }
  if (/Gradient$|^pattern$/.test(element)) references.continuable.add(`#${id}`)
  references.hasPathLength ||= attributes.has('pathLength')
}

/** What the renderer makes otherwise than browsers of an element as it stands. */
function accountForItself(reader: Reader, element: string, attributes: Attributes): void {
  const id = attributes.get('id') ?? ''
  const style = attributes.get('style') ?? ''
  const spacing = /(?:^|;)\s*white-space\s*:\s*(\w+)/i.exec(style)?.[1] ?? attributes.get('white-space')
  const isKept = attributes.get('xml:space') === 'preserve'
  reader.isSpacingDoubtful ||=
    spacing === undefined ? isKept && !/^t(?:ext|span)$/.test(element) : (spacing === 'pre') !== isKept
  // Illustrator leaves patterns behind that nothing is filled with.
  if (element === 'pattern' && !isAsWideAsItsBox(attributes) && reader.document.includes(`#${id}`))
    leaveOut(reader, 'svg_attribute', 'viewBox')
  const says = (property: string) => attributes.has(property) || new RegExp(`(?:^|[;\\s])${property}\\s*:`).test(style)
  // One side alone is as long as the picture is here, and in proportion in browsers.
  if (element === 'image' && says('width') !== says('height')) leaveOut(reader, 'svg_attribute', 'width')
  if (element === 'mask' && says('mask')) leaveOut(reader, 'svg_attribute', 'mask')
  if (element === 'clipPath' && says('transform') && attributes.get('clipPathUnits') === 'objectBoundingBox')
    leaveOut(reader, 'svg_attribute', 'transform')
  // Browsers choose one among sheets with titles, and pass over what is in another language.
  if (element === 'style' && (attributes.has('title') || !/^\s*(?:text\/css)?\s*$/i.test(attributes.get('type') ?? '')))
    leaveOut(reader, 'svg_element', 'style')
}

function namespacesOf(attributes: Attributes, outer: Element | undefined): ReadonlyMap<string, string> {
  const namespaces = new Map(outer?.namespaces)
  for (const [key, value] of attributes) {
    if (key === 'xmlns') namespaces.set('', value)
    else if (key.startsWith('xmlns:')) namespaces.set(key.slice(6), value)
  }
  return namespaces
}

function enter(reader: Reader, { name, attributes, nameEnd }: Extract<Token, { kind: 'open' }>): Element {
  const outer = reader.open.at(-1)
  const namespaces = namespacesOf(attributes, outer)
  const [prefix, local] = name.includes(':') ? (name.split(':') as [string, string]) : ['', name]
  // A drawing that was cut out of a page has no namespace, and browsers show it within a page again.
  const namespace = namespaces.get(prefix) ?? (prefix === '' ? svgNamespace : undefined)
  const id = attributes.get('id') ?? ''
  const element = (isUndrawn: boolean, words: Element['words'] = null): Element => ({
    name: local,
    id,
    namespaces,
    isUndrawn,
    words,
  })
  if (outer?.isUndrawn) return element(true, outer.words)
  // Text that flows is a draft of SVG, which Inkscape alone draws.
  if (namespace === svgNamespace && local === 'flowRoot') return element(true, 'noted')
  // Programs leave it empty, and browsers alone heed it.
  if (namespace === pageNamespace && local === 'style') return element(true, 'left out')
  if (outer === undefined) {
    const classes = new Set(attributes.get('class')?.split(/\s+/))
    reader.root = { id, classes, paint: ground => reader.grounds.add(ground) }
    if (!attributes.has('font-size')) reader.sizeAt = nameEnd
  }
  if (namespace !== svgNamespace) {
    if (!isUndrawnNamespace(namespace)) leaveOut(reader, 'svg_element', name)
    return element(true)
  }
  if (editorExtension.test(attributes.get('requiredExtensions') ?? '')) return element(true)
  readElement(reader, local, attributes, namespaces)
  if (outer === undefined && !hasSize(attributes)) leaveOut(reader, 'svg_attribute', 'width')
  const target = attributes.get('href') ?? attributes.get('xlink:href')
  if (/Gradient$|^pattern$/.test(local) && target !== undefined) reader.references.continued.set(`#${id}`, target)
  reader.references.isUsed ||= local === 'use'
  accountForWhatIsReferredTo(reader, local, attributes, target)
  accountForItself(reader, local, attributes)
  return element(!isKnownElement(local) || local === 'metadata')
}

function readElement(
  reader: Reader,
  local: string,
  attributes: Attributes,
  namespaces: ReadonlyMap<string, string>,
): void {
  if (motion.has(local)) leaveOut(reader, 'svg_motion')
  else if (local === 'script') leaveOut(reader, 'svg_script')
  else if (!isKnownElement(local)) leaveOut(reader, 'svg_element', local)
  else for (const [key, value] of attributes) readAttribute(reader, local, key, value, namespaces)
  for (const key of ['aria-label', 'title', 'xlink:title']) {
    const words = attributes.get(key)?.replace(/\s+/g, ' ').trim() ?? ''
    if (words !== '') reader.notes.push(remark('svg_title', { name: words.slice(0, wordsNoted) }))
  }
}

function endSheet(reader: Reader): void {
  const { sheet, rules, root } = reader
  for (const [, head = '', body = ''] of sheet.matchAll(/([^{}]*)\{([^{}]*)\}/g)) {
    if (hiding.test(body)) rules.hidden.push(...(head.match(/[.#]?[\w-]+|\*/g) ?? []))
    if (treating.test(body)) rules.treated.push(...(head.match(/[.#]?[\w-]+|\*/g) ?? []))
    if (placing.test(body)) rules.placed.push(...(head.match(/[.#]?[\w-]+|\*/g) ?? []))
  }
  reader.isSpacingDoubtful ||= /white-space/i.test(sheet)
  const leave = (what: string) => leaveStyleOut(reader, what)
  readStyleSheet(sheet, root, leave, what => rules.combined.push(what))
  reader.sheet = ''
}

function readText(reader: Reader, text: string): void {
  const { open, notes, characters } = reader
  const inner = open.at(-1)
  const words = text.replace(/\s+/g, ' ').trim()
  if (words !== '' && inner?.words === 'noted') notes.push(remark('hidden_words', { name: words.slice(0, wordsNoted) }))
  if (words !== '' && inner?.words === 'left out') leaveOut(reader, 'svg_element', inner.name)
  if (inner === undefined || inner.isUndrawn) return
  if (inner.name === 'style') reader.sheet += text
  else if (inner.name === 'title' || inner.name === 'desc') {
    if (words !== '') notes.push(remark('svg_title', { name: words.slice(0, wordsNoted) }))
  } else if (open.some(({ name }) => name === 'text')) {
    for (const character of text) characters.add(character)
    reader.isSpaced ||= words !== '' && /\s\s/.test(text)
  }
}

/** What can be told of references once all elements are known. */
function accountForReferences(reader: Reader): void {
  const { ids, wanted, continued } = reader.references
  for (const id of wanted) if (!ids.has(id)) leaveOut(reader, 'svg_reference')
  const followed = new Set<string>()
  for (const start of continued.keys()) {
    const way = new Set<string>()
    let at: string | undefined = start
    for (; at !== undefined && !followed.has(at) && !way.has(at); at = continued.get(at)) way.add(at)
    // One that comes back to itself is drawn as nothing by the renderer.
    if (at !== undefined && way.has(at)) leaveOut(reader, 'svg_reference')
    for (const each of way) followed.add(each)
  }
}

/** What can be told of rules, of text and of what is used again, once all elements are known. */
function accountForRules(reader: Reader): void {
  const { rules, references, characters, leftOut, ofText } = reader
  const { continued, continuable, drawings, targets, hasPathLength } = references
  if (references.isUsed) for (const selector of rules.combined) leaveOut(reader, 'svg_style', selector)
  if (characters.size > 0) leftOut.push(...ofText)
  if (rules.hidden.some(each => rules.calledUndisplayed.has(each))) leaveOut(reader, 'svg_style', 'display:none')
  if (rules.treated.some(each => rules.calledSymbols.has(each))) leaveOut(reader, 'svg_attribute', 'symbol')
  if (reader.isSpacingDoubtful && reader.isSpaced) leaveOut(reader, 'svg_style', 'white-space')
  if (rules.placed.some(each => rules.calledUsed.has(each))) leaveOut(reader, 'svg_style', 'width')
  if ([...targets].some(each => drawings.has(each))) leaveOut(reader, 'svg_reference')
  if ([...continued.values()].some(each => !continuable.has(each))) leaveOut(reader, 'svg_reference')
  if (hasPathLength && reader.document.includes('dasharray')) leaveOut(reader, 'svg_attribute', 'pathLength')
  // Which of them counts depends on which rule is the stronger.
  if (reader.grounds.size > 1) leaveOut(reader, 'svg_style', 'background')
}

/** Without one, a drawing is as large as the window in which it is looked at, and the renderer cuts it to what it thinks is inked. */
function hasSize(attributes: ReadonlyMap<string, string>): boolean {
  const isLength = (name: string) => /^\s*\+?[\d.]+(?:[eE][+-]?\d+)?(?:px|em)?\s*$/.test(attributes.get(name) ?? '')
  return attributes.has('viewBox') || (isLength('width') && isLength('height'))
}

/** Lines of text follow each other with a blank in browsers, and without one in the renderer. */
function inOneLine(document: string): string {
  const texts = document.split(/(?<=<\/text\s*>)/)
  return texts
    .map(text => {
      const start = text.search(/<text[\s>]/)
      if (start === -1 || !/<\/text\s*>$/.test(text)) return text
      return text.slice(0, start) + text.slice(start).replace(/>[^<]+</g, words => words.replace(/[\r\n\t]/g, ' '))
    })
    .join('')
}

/** The renderer fits what a pattern repeats into its tile otherwise, where the shapes of the two differ, or draws nothing of it. */
function isAsWideAsItsBox(attributes: ReadonlyMap<string, string>): boolean {
  const box = attributes.get('viewBox')
  if (box === undefined) return true
  const [left, top, wide, high] = box
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  if (left !== 0 || top !== 0 || wide === undefined || high === undefined) return false
  if (attributes.get('preserveAspectRatio')?.trim() === 'none') return true
  const [width, height] = ['width', 'height'].map(each => Number.parseFloat(attributes.get(each) ?? '')) as [
    number,
    number,
  ]
  return attributes.get('patternUnits') === 'userSpaceOnUse' && Math.abs((width * high) / (height * wide) - 1) < 0.001
}

/** The renderer draws still PNG and JPEG; others, such as GIF and WebP, leave a blank. */
function pictureOf(address: string): Uint8Array | null {
  const data = /^\s*data:image\/(?:png|jpe?g);base64,([A-Za-z\d+/\s]*={0,2}\s*)$/i.exec(address)?.[1]
  return data === undefined ? null : Buffer.from(data, 'base64')
}

function isUndrawnNamespace(namespace: string | undefined): boolean {
  return namespace !== undefined && undrawnNamespaces.some(pattern => pattern.test(namespace))
}

function decode(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1]
    if (declared === undefined || /^(?:utf-?8|us-ascii)$/i.test(declared)) return text
    // Plain letters are the same in all of these.
    if (/^(?:iso-8859-\d+|windows-\d+|gb2312|gbk|gb18030|big5)$/i.test(declared) && !/[^\0-\x7f]/.test(text))
      return text
  } catch {
    // Not UTF-8.
  }
  throw unreadable('svg_encoding')
}
