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

function readDrawing(document: string): SvgAccount {
  const leftOut: Remark[] = []
  const notes: Remark[] = []
  const pictures: Uint8Array[] = []
  const characters = new Set<string>()
  const ids = new Set<string>()
  const wanted = new Set<string>()
  /** The gradient or pattern that each one continues. */
  const continued = new Map<string, string>()
  const open: Element[] = []
  let sheet = ''
  /** Selectors that look at parents: of an element that is used elsewhere, programs disagree which parents it has. */
  const combined: string[] = []
  let isUsed = false
  const grounds = new Set<string>()
  /** What selectors may call the elements that are undisplayed, or used; and what rules that hide, or place, are for. */
  const calledUndisplayed = new Set<string>()
  const calledUsed = new Set<string>()
  const hidden: string[] = []
  const placed: string[] = []
  const drawings = new Set<string>()
  const targets = new Set<string>()
  const continuable = new Set<string>()
  let hasPathLength = false
  const calledSymbols = new Set<string>()
  const treated: string[] = []
  /** Whether blanks in a row are kept by browsers or by the renderer alone, and whether there are any. */
  let isSpacingDoubtful = false
  let isSpaced = false
  let root: Root = { id: '', classes: new Set(), paint: () => undefined }
  /** Where the outermost element's name ends, if it leaves it to others how large text is. */
  let sizeAt = 0

  /** What changes the look of text only. */
  const ofText: Remark[] = []
  const leaveOut = (code: RemarkCode, name = '', into = leftOut) => into.push(remark(code, name === '' ? {} : { name }))
  const leaveStyleOut = (what: string) => {
    if (/^animation|@keyframes/.test(what)) leaveOut('svg_motion')
    else leaveOut('svg_style', what, isOfText(what) ? ofText : leftOut)
  }
  const refer = (element: string, address: string) => {
    if (element === 'a') {
      if (/^\s*(?:javascript|data|vbscript):/i.test(address)) leaveOut('svg_script')
    } else if (element === 'image') {
      const picture = pictureOf(address)
      if (picture === null) leaveOut('svg_picture')
      else pictures.push(picture)
    } else if (!/^#./.test(address)) leaveOut('svg_reference')
    // Where a gradient continues one that is not there, each program makes something else of it.
    else if (element !== 'use') wanted.add(address.slice(1))
  }
  const readAttribute = (
    element: string,
    qualified: string,
    value: string,
    namespaces: ReadonlyMap<string, string>,
  ) => {
    const [prefix, local] = qualified.includes(':') ? (qualified.split(':') as [string, string]) : ['', qualified]
    if (prefix === 'xmlns' || qualified === 'xmlns') return
    if (prefix !== '') {
      const namespace = prefix === 'xml' ? xmlNamespace : namespaces.get(prefix)
      if (namespace === xlinkNamespace && local === 'href') refer(element, value)
      else if (namespace === xlinkNamespace && /^(?:type|role|arcrole|show|actuate|title)$/.test(local)) return
      else if (namespace === xmlNamespace && /^(?:lang|space|id)$/.test(local)) return
      else if (!isUndrawnNamespace(namespace)) leaveOut('svg_attribute', qualified)
      return
    }
    if (local === 'href') refer(element, value)
    else if (local === 'style') readDeclarations(value, leaveStyleOut, open.length === 0 ? root.paint : null)
    else if (local === 'd' || local === 'points') {
      // Points of what is no polygon and data of what is no path are Inkscape's, for its boxes and circles.
      const isKnown = local === 'd' ? isPathData(value) : isPoints(value)
      if (!isKnown) leaveOut('svg_attribute', local)
    } else if (/^on/i.test(local)) leaveOut('svg_script')
    else if (!isKnownAttribute(element, local, value))
      leaveOut('svg_attribute', `${local}="${value.slice(0, 40)}"`, isOfText(local) ? ofText : leftOut)
    else if (local === 'id') ids.add(value)
  }
  /** What the renderer makes otherwise than browsers of elements that others refer to. */
  const accountForWhatIsReferredTo = (
    element: string,
    attributes: ReadonlyMap<string, string>,
    target: string | undefined,
  ) => {
    const id = attributes.get('id') ?? ''
    const style = attributes.get('style') ?? ''
    const classes =
      attributes
        .get('class')
        ?.split(/\s+/)
        .map(each => `.${each}`) ?? []
    const called = ['*', element, `#${id}`, ...classes]
    if (undisplayed.has(element)) {
      for (const each of called) calledUndisplayed.add(each)
      if (attributes.get('display')?.trim() === 'none' || hiding.test(style)) leaveOut('svg_style', 'display:none')
    }
    if (element === 'use') {
      for (const each of called) calledUsed.add(each)
      if (placing.test(style)) leaveOut('svg_style', style.slice(0, 40))
      targets.add(target ?? '')
      // It draws itself, again and again.
      if (open.some(each => each.id !== '' && target === `#${each.id}`)) leaveOut('svg_reference')
    }
    if (element === 'svg' && open.length > 0) drawings.add(`#${id}`)
    if (
      element === 'symbol' &&
      ['x', 'y', 'width', 'height'].some(each => !/^(?:0|100%)?$/.test(attributes.get(each) ?? ''))
    )
      leaveOut('svg_attribute', 'width')
    if (element === 'symbol') {
      for (const each of called) calledSymbols.add(each)
      const whole = ofWhole.find(each => attributes.has(each))
      if (whole !== undefined || treating.test(style)) leaveOut('svg_attribute', whole ?? style.slice(0, 40))
    }
    const spacing = /(?:^|;)\s*white-space\s*:\s*(\w+)/i.exec(style)?.[1] ?? attributes.get('white-space')
    const isKept = attributes.get('xml:space') === 'preserve'
    isSpacingDoubtful ||=
      spacing === undefined ? isKept && !/^t(?:ext|span)$/.test(element) : (spacing === 'pre') !== isKept
    // Illustrator leaves patterns behind that nothing is filled with.
    if (element === 'pattern' && !isAsWideAsItsBox(attributes) && document.includes(`#${id}`))
      leaveOut('svg_attribute', 'viewBox')
    const says = (property: string) =>
      attributes.has(property) || new RegExp(`(?:^|[;\\s])${property}\\s*:`).test(style)
    // One side alone is as long as the picture is here, and in proportion in browsers.
    if (element === 'image' && says('width') !== says('height')) leaveOut('svg_attribute', 'width')
    if (element === 'mask' && says('mask')) leaveOut('svg_attribute', 'mask')
    if (element === 'clipPath' && says('transform') && attributes.get('clipPathUnits') === 'objectBoundingBox')
      leaveOut('svg_attribute', 'transform')
    if (/Gradient$|^pattern$/.test(element)) continuable.add(`#${id}`)
    hasPathLength ||= attributes.has('pathLength')
    // Browsers choose one among sheets with titles, and pass over what is in another language.
    if (
      element === 'style' &&
      (attributes.has('title') || !/^\s*(?:text\/css)?\s*$/i.test(attributes.get('type') ?? ''))
    )
      leaveOut('svg_element', 'style')
  }
  const enter = ({ name, attributes, nameEnd }: Extract<Token, { kind: 'open' }>): Element => {
    const outer = open.at(-1)
    const namespaces = new Map(outer?.namespaces)
    for (const [key, value] of attributes) {
      if (key === 'xmlns') namespaces.set('', value)
      else if (key.startsWith('xmlns:')) namespaces.set(key.slice(6), value)
    }
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
      root = { id: attributes.get('id') ?? '', classes, paint: ground => grounds.add(ground) }
      if (!attributes.has('font-size')) sizeAt = nameEnd
    }
    if (namespace !== svgNamespace) {
      if (!isUndrawnNamespace(namespace)) leaveOut('svg_element', name)
      return element(true)
    }
    if (editorExtension.test(attributes.get('requiredExtensions') ?? '')) return element(true)
    if (motion.has(local)) leaveOut('svg_motion')
    else if (local === 'script') leaveOut('svg_script')
    else if (!isKnownElement(local)) leaveOut('svg_element', local)
    else for (const [key, value] of attributes) readAttribute(local, key, value, namespaces)
    for (const key of ['aria-label', 'title', 'xlink:title']) {
      const words = attributes.get(key)?.replace(/\s+/g, ' ').trim() ?? ''
      if (words !== '') notes.push(remark('svg_title', { name: words.slice(0, wordsNoted) }))
    }
    if (outer === undefined && !hasSize(attributes)) leaveOut('svg_attribute', 'width')
    const target = attributes.get('href') ?? attributes.get('xlink:href')
    if (/Gradient$|^pattern$/.test(local) && target !== undefined)
      continued.set(`#${attributes.get('id') ?? ''}`, target)
    isUsed ||= local === 'use'
    accountForWhatIsReferredTo(local, attributes, target)
    return element(!isKnownElement(local) || local === 'metadata')
  }

  for (const token of readTokens(document)) {
    if (token.kind === 'instruction') {
      if (!/^(?:xml|xpacket)$/.test(token.target))
        leaveOut(token.target === 'xml-stylesheet' ? 'svg_reference' : 'svg_element', `<?${token.target}`)
    } else if (token.kind === 'open') {
      const element = enter(token)
      if (!token.isEmpty) open.push(element)
    } else if (token.kind === 'close') {
      open.pop()
      if (open.at(-1)?.name !== 'style' && sheet !== '') {
        for (const [, head = '', body = ''] of sheet.matchAll(/([^{}]*)\{([^{}]*)\}/g)) {
          if (hiding.test(body)) hidden.push(...(head.match(/[.#]?[\w-]+|\*/g) ?? []))
          if (treating.test(body)) treated.push(...(head.match(/[.#]?[\w-]+|\*/g) ?? []))
          if (placing.test(body)) placed.push(...(head.match(/[.#]?[\w-]+|\*/g) ?? []))
        }
        isSpacingDoubtful ||= /white-space/i.test(sheet)
        readStyleSheet(sheet, root, leaveStyleOut, what => combined.push(what))
        sheet = ''
      }
    } else {
      const inner = open.at(-1)
      const words = token.text.replace(/\s+/g, ' ').trim()
      if (words !== '' && inner?.words === 'noted')
        notes.push(remark('hidden_words', { name: words.slice(0, wordsNoted) }))
      if (words !== '' && inner?.words === 'left out') leaveOut('svg_element', inner.name)
      if (inner === undefined || inner.isUndrawn) continue
      if (inner.name === 'style') sheet += token.text
      else if (inner.name === 'title' || inner.name === 'desc') {
        if (words !== '') notes.push(remark('svg_title', { name: words.slice(0, wordsNoted) }))
      } else if (open.some(({ name }) => name === 'text')) {
        for (const character of token.text) characters.add(character)
        isSpaced ||= words !== '' && /\s\s/.test(token.text)
      }
    }
  }
  for (const id of wanted) if (!ids.has(id)) leaveOut('svg_reference')
  const followed = new Set<string>()
  for (const start of continued.keys()) {
    const way = new Set<string>()
    let at: string | undefined = start
    for (; at !== undefined && !followed.has(at) && !way.has(at); at = continued.get(at)) way.add(at)
    // One that comes back to itself is drawn as nothing by the renderer.
    if (at !== undefined && way.has(at)) leaveOut('svg_reference')
    for (const each of way) followed.add(each)
  }
  if (isUsed) for (const selector of combined) leaveOut('svg_style', selector)
  if (characters.size > 0) leftOut.push(...ofText)
  if (hidden.some(each => calledUndisplayed.has(each))) leaveOut('svg_style', 'display:none')
  if (treated.some(each => calledSymbols.has(each))) leaveOut('svg_attribute', 'symbol')
  if (isSpacingDoubtful && isSpaced) leaveOut('svg_style', 'white-space')
  if (placed.some(each => calledUsed.has(each))) leaveOut('svg_style', 'width')
  if ([...targets].some(each => drawings.has(each))) leaveOut('svg_reference')
  if ([...continued.values()].some(each => !continuable.has(each))) leaveOut('svg_reference')
  if (hasPathLength && document.includes('dasharray')) leaveOut('svg_attribute', 'pathLength')
  // Which of them counts depends on which rule is the stronger.
  if (grounds.size > 1) leaveOut('svg_style', 'background')
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
