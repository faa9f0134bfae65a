import { type Hiding, hidingOf, type Placement, placementOf } from './css-hiding.ts'

/** What a style sheet shows by itself: strings, pictures, other sheets; and whether it moves what the page shows. */
export interface Style {
  /** Strings that it puts before, behind or in the place of elements, one for each declaration. */
  readonly texts: readonly string[]
  readonly pictures: number
  /** Those of the pictures that are in the style itself, and stand still. */
  readonly packed: number
  /** Other style sheets that it takes in. */
  readonly imports: number
  /** Declarations that show the values of attributes which are not shown otherwise. */
  readonly attributes: number
  /** Functions that are not known, which may show anything. */
  readonly unknown: number
  /** Whether elements may stand side by side that stand on lines of their own without it. */
  readonly movesElements: boolean
  /** Declarations that show letters in another order. */
  readonly reorders: number
  /** Fonts that it brings along, whose letters may be drawn as others. */
  readonly fonts: number
  readonly placed: readonly PlacedRule[]
}

/** A declaration that matters only where elements are: words that it puts beside theirs, and the order in which they stand. */
export interface PlacedRule {
  /** Empty for those of a style attribute. */
  readonly selector: string
  readonly kind: 'content' | 'variable' | 'order' | 'direction' | 'wrap' | Hiding | Placement
  readonly value: string
}

const words = (text: string) => new Set(text.split(/\s+/))

/** Strings that name something and are not shown. */
const namingProperties =
  /^(?:font(?:-.*)?|src|unicode-range|grid(?:-.*)?|will-change|filter|-ms-filter|animation(?:-.*)?|transition(?:-.*)?|container(?:-.*)?|view-transition-.*|timeline-.*|zoom|behavior)$/
const namingRules = words(
  'font-face charset namespace import layer document -moz-document font-feature-values font-palette-values',
)
/** Where an address is of a font, or is a name. */
const addressRules = words('font-face namespace document -moz-document')

/** Fonts of Google's library, which draw the letters that they are for. */
const libraryFont = /^\s*(?:https?:)?\/\/fonts\.gstatic\.(?:com|cn)\//i

const pictureFunctions = words(
  'url src image image-set -webkit-image-set cross-fade -webkit-cross-fade element -moz-element paint -webkit-canvas',
)
/** Functions that show no words and no picture of their own: colours, numbers, gradients, shapes, movements; and those of selectors and conditions. */
const harmlessFunctions = words(`
  rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark device-cmyk contrast-color alpha palette-mix
  calc calc-size min max clamp round mod rem abs sign sin cos tan asin acos atan atan2 pow sqrt hypot log exp random progress
  sibling-index sibling-count var env if inherit constant toggle
  linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient repeating-conic-gradient
  -webkit-gradient -webkit-linear-gradient -webkit-radial-gradient -webkit-repeating-linear-gradient -webkit-repeating-radial-gradient
  -moz-linear-gradient -moz-radial-gradient -moz-repeating-linear-gradient -moz-repeating-radial-gradient -o-linear-gradient
  -o-radial-gradient -ms-linear-gradient -ms-radial-gradient gradient color-stop from to
  translate translatex translatey translatez translate3d scale scalex scaley scalez scale3d rotate rotatex rotatey rotatez rotate3d
  skew skewx skewy matrix matrix3d perspective
  blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia dropshadow shadow glow basicimage chroma
  cubic-bezier steps linear frames circle ellipse inset polygon path rect xywh shape ray offset
  repeat minmax fit-content anchor anchor-size view scroll counter counters symbols format tech local supports selector layer style
  not is where has matches any -moz-any -webkit-any nth-child nth-last-child nth-of-type nth-last-of-type nth-col nth-last-col
  lang dir host host-context slotted part cue cue-region state current highlight active-view-transition-type and or only
  domain url-prefix regexp media-document theme screen running`)

const sideBySide =
  /^(?:inline.*|flex|-webkit-box|-webkit-flex|-ms-flexbox|grid|contents|table-cell|ruby.*|run-in|left|right|absolute|fixed)$/

const token =
  /\/\*[\s\S]*?(?:\*\/|$)|"((?:[^"\\\n]|\\[\s\S])*)"?|'((?:[^'\\\n]|\\[\s\S])*)'?|(@)?(-{0,2}(?:[a-z_\u0080-\uffff]|\\(?:[\da-f]{1,6}\s?|[^\n]))(?:[\w\u0080-\uffff-]|\\(?:[\da-f]{1,6}\s?|[^\n]))*)(\()?|[\s\S]/giy
const rawAddress = /\s*(?!["'\s])((?:[^()"'\\\s]|\\[\s\S])*)\s*\)?/y

/** Where the reader of a style sheet stands, and what it has found. */
interface Reader {
  readonly css: string
  at: number
  readonly texts: string[]
  readonly found: Record<'pictures' | 'packed' | 'imports' | 'attributes' | 'unknown' | 'reorders' | 'fonts', number>
  readonly placed: PlacedRule[]
  movesElements: boolean
  readonly blocks: string[]
  /** For each open function, whether it shows a picture. */
  readonly functions: boolean[]
  openPictures: number
  /** Selectors of the blocks that are open; those of rules that hold others are theirs. */
  readonly selectors: string[]
  rule: string
  /** Where the declaration began, its property, and the strings in it. */
  start: number
  property: string
  isName: boolean
  brackets: number
  said: string
  /** The strings of a declaration one by one, as far as they matter. */
  saidFirst: string[]
}

/** `sheet` for a style element's content, `declarations` for that of a style attribute. */
export function readStyle(css: string, kind: 'sheet' | 'declarations'): Style {
  const isAttribute = kind === 'declarations'
  const reader: Reader = {
    css,
    at: 0,
    texts: [],
    found: { pictures: 0, packed: 0, imports: 0, attributes: 0, unknown: 0, reorders: 0, fonts: 0 },
    placed: [],
    movesElements: false,
    blocks: isAttribute ? ['rule'] : [],
    functions: [],
    openPictures: 0,
    selectors: [],
    rule: '',
    start: 0,
    property: '',
    isName: isAttribute,
    brackets: 0,
    said: '',
    saidFirst: [],
  }
  while (reader.at < css.length) {
    token.lastIndex = reader.at
    const match = token.exec(css)
    if (match === null) break
    const [all, double, single, isRule, written, isFunction] = match
    reader.at += all.length
    if (double !== undefined || single !== undefined) onString(reader, decodeEscapes(double ?? single ?? ''))
    else if (written === undefined) onMark(reader, all)
    else if (isRule !== undefined) {
      endDeclaration(reader)
      reader.rule = decodeEscapes(written).toLowerCase()
      reader.isName = false
    } else if (isFunction === undefined) onWord(reader, written)
    else onFunction(reader, decodeEscapes(written).toLowerCase())
  }
  endDeclaration(reader)
  const { texts, movesElements, placed, found } = reader
  return { texts, movesElements, placed, ...found }
}

function endDeclaration(reader: Reader, end = reader.at): void {
  const { css, said, property, start } = reader
  if (isWorded(said)) reader.texts.push(said.replace(marks, ''))
  placeDeclaration(reader, end)
  if (/^counter-(?:reset|set|increment)$/.test(property))
    reader.texts.push(...(css.slice(start, end).match(/\d{5,}/g) ?? []))
  reader.saidFirst = []
  reader.start = reader.at
  reader.said = ''
  reader.property = ''
  reader.functions.length = 0
  reader.openPictures = 0
  reader.brackets = 0
  reader.isName = true
}

/** Keeps what a declaration does to where elements stand and to the words beside theirs. */
function placeDeclaration({ css, start, property, said, saidFirst, selectors, placed }: Reader, end: number): void {
  const selector = selectors.at(-1) ?? ''
  const kind = placedProperties.get(property)
  if (property !== '') {
    const written = valueIn(css.slice(start, end))
    const hiding = hidingOf(property, written)
    if (hiding !== null) placed.push({ selector, kind: hiding, value: '' })
    const placement = placementOf(property, written)
    if (placement !== null) placed.push({ selector, ...placement })
  }
  const value = kind === 'content' ? said : valueIn(css.slice(start, end))
  if (
    kind !== undefined &&
    (kind === 'content' ? isWorded(said) : !/^(?:0|initial|unset|revert|normal|nowrap|row|column)$/.test(value))
  ) {
    placed.push({ selector, kind, value })
    // What stands behind a slash is said to those who do not see it.
    const shown = value.split('\0/')[0] ?? ''
    if (kind === 'content' && shown !== value && shown !== '') placed.push({ selector, kind, value: shown })
  }
  if (property.startsWith('--') && said !== '') placed.push({ selector: property, kind: 'variable', value: said })
  if (isWorded(said) && /^list-style/.test(property))
    placed.push({ selector: 'li::marker,summary::marker', kind: 'content', value: said })
  if (isWorded(said) && property === 'quotes') {
    const [opening = '', closing = ''] = saidFirst
    const quoting = `${selector.replace(/::?(?:before|after)/gi, '')}`
    placed.push({ selector: `q::before,${quoting}::before`, kind: 'content', value: opening })
    placed.push({ selector: `q::after,${quoting}::after`, kind: 'content', value: closing })
  }
}

function isWorded(said: string): boolean {
  return /[\p{L}\p{N}]/u.test(said)
}

function contextOf({ rule, blocks }: Reader): string {
  return rule || (blocks.at(-1) ?? '')
}

function onAddress(reader: Reader, address: string): void {
  const { found } = reader
  const context = contextOf(reader)
  if (context === 'import') found.imports++
  else if (address.trim() === '' || address.trim().startsWith('#')) return
  else if (context === 'font-face') found.fonts += libraryFont.test(address) ? 0 : 1
  else if (!addressRules.has(context)) {
    found.pictures++
    if (isStillAndPacked(address)) found.packed++
  }
}

function isStillAndPacked(address: string): boolean {
  const packed = /^\s*data:image\/(?:jpe?g|png);base64,([\w+/=\s]+)$/i.exec(address)
  return packed !== null && !Buffer.from(packed[1] ?? '', 'base64').includes('acTL')
}

function onString(reader: Reader, value: string): void {
  const { property } = reader
  const context = contextOf(reader)
  if (reader.openPictures > 0 || context === 'import') onAddress(reader, value)
  else if (/filter$/.test(property) && /src\s*=/i.test(value)) reader.found.pictures++
  else if (reader.brackets === 0 && !namingRules.has(context) && !namingProperties.test(property)) {
    reader.said += value
    if (reader.saidFirst.length < 2) reader.saidFirst.push(value)
  }
}

/** A property's name, or a word in its value. */
function onWord(reader: Reader, written: string): void {
  const name = decodeEscapes(written).toLowerCase()
  if (reader.isName) reader.property = name
  else if (reader.functions.length > 0 && name.startsWith('--') && /^(?:content|--.*)$/.test(reader.property))
    reader.said += `\0${name}\0`
  // Letters need no marks there.
  else if (reader.blocks.at(-1) === 'counter-style' && /[^\0-\u00ff]/.test(name)) reader.said += decodeEscapes(written)
  reader.isName = false
  if (/^(?:display|float|position)$/.test(reader.property) && sideBySide.test(name)) reader.movesElements = true
  if (reader.property === 'unicode-bidi' && /override$/.test(name)) reader.found.reorders++
}

function onFunction(reader: Reader, name: string): void {
  const { css, property, found } = reader
  reader.isName = false
  reader.functions.push(pictureFunctions.has(name))
  if (pictureFunctions.has(name)) reader.openPictures++
  if (name === 'url' || name === 'src') {
    rawAddress.lastIndex = reader.at
    const address = rawAddress.exec(css)
    if (address === null) return
    onAddress(reader, decodeEscapes(address[1] ?? ''))
    reader.at += address[0].length
    closeFunction(reader)
  } else if (name === 'attr') {
    if (property === 'content' || property.startsWith('--')) found.attributes++
  } else if (!harmlessFunctions.has(name) && !pictureFunctions.has(name) && property !== '') {
    found.unknown++
  }
}

function closeFunction(reader: Reader): void {
  if (reader.functions.pop() === true) reader.openPictures--
}

function onMark(reader: Reader, mark: string): void {
  const { css, selectors, blocks, at } = reader
  if (mark === '{') {
    const isCustomValue = reader.property.startsWith('--')
    if (!isCustomValue) reader.said = ''
    const parent = selectors.at(-1) ?? ''
    selectors.push(reader.rule === '' ? nestedIn(parent, css.slice(reader.start, at - 1)) : parent)
    blocks.push(reader.rule)
    reader.rule = ''
    reader.property = ''
    endDeclaration(reader)
  } else if (mark === '}') {
    endDeclaration(reader, at - 1)
    blocks.pop()
    selectors.pop()
    reader.rule = ''
  } else if (mark === ';') {
    endDeclaration(reader, at - 1)
    reader.rule = ''
  } else if (mark === '/' && reader.property === 'content' && reader.functions.length === 0) reader.said += '\0/'
  else if (mark === ')') closeFunction(reader)
  else if (mark === '[') reader.brackets++
  else if (mark === ']') reader.brackets = Math.max(0, reader.brackets - 1)
}

/** Names of variables, and what parts the words from what is said in their place. */
const marks = /\0(?:\/|--[^\0]*\0)/g

const placedProperties: ReadonlyMap<string, PlacedRule['kind']> = new Map([
  ['content', 'content'],
  ['order', 'order'],
  ['-webkit-order', 'order'],
  ['-ms-flex-order', 'order'],
  ['-webkit-box-ordinal-group', 'order'],
  ['flex-direction', 'direction'],
  ['-webkit-flex-direction', 'direction'],
  ['-ms-flex-direction', 'direction'],
  ['flex-flow', 'direction'],
  ['-webkit-box-direction', 'direction'],
  ['flex-wrap', 'wrap'],
] as const)

/** What a declaration says, without comments and importance. */
function valueIn(declaration: string): string {
  const plain = decodeEscapes(declaration.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')).toLowerCase()
  return plain
    .slice(plain.indexOf(':') + 1)
    .replace(/!\s*important/, '')
    .trim()
}

/** The selector of a rule within a rule; one that does not name the outer one is of elements within its. Of many it may be any. */
function nestedIn(parent: string, prelude: string): string {
  const selector = decodeNames(prelude.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')).trim()
  return selector.replace(/&/g, () => (parent.includes(',') || parent.length > 200 ? ':is()' : parent))
}

/** Letters that are no part of a name unless they are escaped are `_`, as in the names that it is compared with. */
function decodeNames(selector: string): string {
  return selector.replace(/\\(?:[\da-f]{1,6}\s?|[\s\S])/gi, escaped =>
    decodeEscapes(escaped).replace(/[^\w\u0080-\uffff-]/, '_'),
  )
}

function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:([\da-f]{1,6})\s?|\r?\n|([\s\S]))/gi,
    (_, hex: string | undefined, other: string | undefined) => {
      const code = Number.parseInt(hex ?? '', 16)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : (other ?? '')
    },
  )
}
