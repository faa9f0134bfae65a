/**
 * What librsvg and browsers surely draw alike: elements, attributes, properties and the spellings of their values (SVG 1.1, SVG 2 and
 * librsvg's list of supported features; compared with Chromium on public icon sets). What is on no list here is left out.
 */

import { isTransform } from './path-data.ts'

const number = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`
// Physical units have become pixels (`inPixels`).
const unit = '(?:px|em|%)'
const separator = String.raw`(?:\s*,\s*|\s+|(?=[+-]))`
const colourNames =
  'aliceblue|antiquewhite|aqua|aquamarine|azure|beige|bisque|black|blanchedalmond|blue|blueviolet|brown|burlywood|cadetblue|chartreuse|chocolate|coral|cornflowerblue|cornsilk|crimson|cyan|darkblue|darkcyan|darkgoldenrod|darkgr[ae]y|darkgreen|darkkhaki|darkmagenta|darkolivegreen|darkorange|darkorchid|darkred|darksalmon|darkseagreen|darkslateblue|darkslategr[ae]y|darkturquoise|darkviolet|deeppink|deepskyblue|dimgr[ae]y|dodgerblue|firebrick|floralwhite|forestgreen|fuchsia|gainsboro|ghostwhite|gold|goldenrod|gr[ae]y|green|greenyellow|honeydew|hotpink|indianred|indigo|ivory|khaki|lavender|lavenderblush|lawngreen|lemonchiffon|lightblue|lightcoral|lightcyan|lightgoldenrodyellow|lightgr[ae]y|lightgreen|lightpink|lightsalmon|lightseagreen|lightskyblue|lightslategr[ae]y|lightsteelblue|lightyellow|lime|limegreen|linen|magenta|maroon|mediumaquamarine|mediumblue|mediumorchid|mediumpurple|mediumseagreen|mediumslateblue|mediumspringgreen|mediumturquoise|mediumvioletred|midnightblue|mintcream|mistyrose|moccasin|navajowhite|navy|oldlace|olive|olivedrab|orange|orangered|orchid|palegoldenrod|palegreen|paleturquoise|palevioletred|papayawhip|peachpuff|peru|pink|plum|powderblue|purple|rebeccapurple|red|rosybrown|royalblue|saddlebrown|salmon|sandybrown|seagreen|seashell|sienna|silver|skyblue|slateblue|slategr[ae]y|snow|springgreen|steelblue|tan|teal|thistle|tomato|turquoise|violet|wheat|white|whitesmoke|yellow|yellowgreen'
const channels = (first: string, count: number) =>
  String.raw`\(\s*${first}(?:${separator}${number}%?){${count}}(?:(?:\s*,\s*|\s*\/\s*)${number}%?)?\s*\)`
/** A colour in any spelling that is drawn alike; it has no groups. */
export const colour = `(?:#[\\da-f]{3,4}|#[\\da-f]{6}|#[\\da-f]{8}|rgba?${channels(`${number}%?`, 2)}|hsla?${channels(`${number}(?:deg)?`, 2)}|currentcolor|transparent|${colourNames})`
const local = String.raw`url\(\s*(?:"#[^"\\]+"|'#[^'\\]+'|#[^"')\s\\]+)\s*\)`

const whole = (pattern: string) => new RegExp(String.raw`^\s*(?:${pattern}|inherit)\s*$`, 'i')
const words = (...list: string[]) => whole(list.join('|'))
const anything = /^[^(\\]*$/
const colourValue = whole(colour)
const paint = whole(`none|context-(?:fill|stroke)|${colour}|${local}(?:\\s+(?:none|${colour}))?`)
const share = whole(`${number}%?`)
const length = whole(`${number}${unit}?`)
const numbers = whole(`${number}(?:${separator}${number})*`)
const reference = whole(`none|${local}`)
// Functions of filters, and several filters one after another. Those that change colours do so in linear light here, and in sRGB in browsers.
const shadow = `drop-shadow\\(\\s*(?:${colour}\\s+)?${number}(?:px)?(?:\\s+${number}(?:px)?){1,2}(?:\\s+${colour})?\\s*\\)`
const filterFunction = `(?:blur\\(\\s*${number}px\\s*\\)|${shadow}|opacity\\(\\s*${number}%?\\s*\\))`
const filters = whole(`none|(?:(?:${local}|${filterFunction})(?:\\s+|(?=url|[a-z]|\\s*$)))+`)
// What is none does not undo the attribute there, and percentages are of other boxes.
const cssTransform = new RegExp(
  `^\\s*(?:(?:(?:matrix\\(\\s*${number}(?:\\s*,\\s*${number}){5}\\s*\\)|translate\\(\\s*${number}px(?:\\s*,\\s*${number}px)?\\s*\\)|scale\\(\\s*${number}(?:\\s*,\\s*${number})?\\s*\\)|(?:rotate|skew[XY])\\(\\s*${number}deg\\s*\\))\\s*)+)$`,
)

/** Properties, as attributes and in styles. */
const properties: Readonly<Record<string, RegExp>> = {
  'adobe-blending-mode': anything,
  'alignment-baseline': words('auto', 'baseline'),
  'baseline-shift': words('baseline', `${number}(?:px)?`, 'sub', 'super'),
  'block-progression': words('tb'),
  clip: words('auto'),
  'clip-path': reference,
  'clip-rule': words('nonzero', 'evenodd'),
  color: colourValue,
  'color-interpolation': words('auto', 'sRGB'),
  'color-interpolation-filters': words('auto', 'sRGB', 'linearRGB'),
  'color-rendering': anything,
  // What it changes are pairs of colours for light and dark, which are drawn both.
  'color-scheme': words('normal', '(?:light|dark|only)(?: (?:light|dark|only))*'),
  cursor: anything,
  direction: words('ltr'),
  'dominant-baseline': words('auto', 'alphabetic', 'middle', 'central', 'hanging'),
  display: words('inline', 'block', 'inline-block', 'none'),
  'enable-background': anything,
  fill: paint,
  'fill-opacity': share,
  'fill-rule': words('nonzero', 'evenodd'),
  filter: filters,
  // Written by older versions of Inkscape, and known to no other program.
  'filter-blend-mode': anything,
  'filter-gaussianBlur-deviation': anything,
  'font-variant-east_asian': anything,
  'flood-color': colourValue,
  'flood-opacity': share,
  font: new RegExp(
    `^(?:(?:normal|italic|oblique|bold|bolder|lighter|[1-9]00) )*${number}(?:px|em|%)(?: ?/ ?${number}(?:px|em|%)?)? [^(\\\\/]+$`,
  ),
  'font-family': anything,
  'font-feature-settings': words('normal'),
  'font-kerning': words('auto', 'normal', 'none'),
  'font-size': whole(`${number}${unit}?|smaller|larger`),
  'font-size-adjust': words('none'),
  'font-stretch': words('normal', `(?:ultra-|extra-|semi-)?(?:condensed|expanded)`),
  'font-style': words('normal', 'italic', 'oblique'),
  'font-variant': words('normal'),
  'font-variant-alternates': words('normal'),
  'font-variant-caps': words('normal'),
  'font-variant-east-asian': words('normal'),
  'font-variant-ligatures': words('normal', 'none'),
  'font-variant-numeric': words('normal'),
  'font-variant-position': words('normal'),
  'font-variation-settings': words('normal'),
  'font-weight': words('normal', 'bold', 'bolder', 'lighter', String.raw`\d{1,4}`),
  'glyph-orientation-horizontal': words('0', '0deg'),
  'glyph-orientation-vertical': words('auto', '0', '0deg'),
  'image-rendering': anything,
  'inline-size': anything,
  isolation: words('auto', 'isolate'),
  kerning: words('auto', '0'),
  'letter-spacing': whole(`normal|${number}${unit}?`),
  'line-height': anything,
  'lighting-color': colourValue,
  marker: reference,
  'marker-end': reference,
  'marker-mid': reference,
  'marker-start': reference,
  mask: reference,
  'mask-type': words('luminance', 'alpha'),
  'mix-blend-mode': words(
    'normal|multiply|screen|overlay|darken|lighten|color-dodge|color-burn|hard-light|soft-light|difference|exclusion|hue|saturation|color|luminosity',
  ),
  opacity: share,
  outline: words('none', '0'),
  overflow: words('visible', 'hidden', 'auto', 'scroll'),
  'paint-order': words('normal', String.raw`(?:(?:fill|stroke|markers)(?:\s+|(?=\s*$)))+`),
  'pointer-events': anything,
  // Inkscape's, for text in a shape, which it breaks into lines for everybody else.
  'shape-inside': /^[^\\]*$/,
  'shape-margin': anything,
  'shape-padding': anything,
  'shape-rendering': anything,
  'solid-color': anything,
  'solid-opacity': anything,
  'stop-color': colourValue,
  'stop-opacity': share,
  stroke: paint,
  'stroke-dasharray': whole(`none|${number}${unit}?(?:${separator}${number}${unit}?)*`),
  'stroke-dashoffset': length,
  'stroke-linecap': words('butt', 'round', 'square'),
  'stroke-linejoin': words('miter', 'round', 'bevel'),
  'stroke-miterlimit': whole(number),
  'stroke-opacity': share,
  'stroke-width': length,
  'text-align': anything,
  'text-anchor': words('start', 'middle', 'end'),
  'text-decoration': words('none', String.raw`(?:(?:underline|overline|line-through|solid)(?:\s+|(?=\s*$)))+`),
  'text-decoration-color': colourValue,
  'text-decoration-line': words('none'),
  'text-decoration-style': words('solid'),
  'text-indent': words('0', '0px'),
  'text-orientation': words('mixed'),
  'text-rendering': anything,
  'text-shadow': words('none'),
  'text-transform': words('none'),
  'touch-action': anything,
  'unicode-bidi': words('normal', 'embed'),
  'user-select': anything,
  'vector-effect': words('none', 'non-scaling-stroke'),
  visibility: words('visible', 'hidden', 'collapse'),
  'white-space': words('normal', 'pre'),
  'will-change': anything,
  'word-spacing': words('normal', '0', '0px'),
  'writing-mode': words('lr', 'lr-tb', 'horizontal-tb'),
}
/** What is no presentation attribute: it takes effect in styles only. */
const onlyInStyles = new Set(['color-scheme', 'font', 'outline', 'will-change', 'text-shadow'])
/** What programs write where they have no value: ignored by everyone. */
const novalue = /^ ?(?:undefined|null|NaN)? ?$/
const initialInAttributes = /^(?:none|auto|normal)$/
const inStyles: Readonly<Record<string, RegExp>> = {
  transform: cssTransform,
  ...Object.fromEntries(['x', 'y', 'width', 'height', 'cx', 'cy', 'r', 'rx', 'ry'].map(each => [each, length])),
}

/** Runs of blanks would be looked at from each of them anew. */
function withSingleSpaces(value: string): string {
  return value.replace(/\s+/g, ' ')
}

/** Whether a declaration of a style is drawn alike; `-inkscape-…` and custom properties that nothing uses are drawn by nobody. */
export function isKnownDeclaration(property: string, value: string): boolean {
  if (/^(?:-inkscape-|--)/.test(property)) return true
  const plain = withSingleSpaces(value).replace(/ ?! ?important ?$/, '')
  const list = Object.hasOwn(inStyles, property) ? inStyles : properties
  return Object.hasOwn(list, property) && (list[property]?.test(plain) ?? false)
}

const coordinates = 'x y width height'
const units = words('userSpaceOnUse', 'objectBoundingBox')
const attributeValues: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(
    'x y width height rx ry r cx cy x1 y1 x2 y2 fx fy fr dx dy refX refY markerWidth markerHeight'
      .split(' ')
      .map(each => [each, length]),
  ),
  viewBox: new RegExp(`^\\s*${number}(?:${separator}${number}){3}\\s*$`),
  preserveAspectRatio: /^\s*(?:none|x(?:Min|Mid|Max)Y(?:Min|Mid|Max))(?:\s+(?:meet|slice))?\s*$/,
  offset: share,
  pathLength: length,
  gradientUnits: units,
  patternUnits: units,
  patternContentUnits: units,
  clipPathUnits: units,
  maskUnits: units,
  maskContentUnits: units,
  filterUnits: units,
  primitiveUnits: units,
  markerUnits: words('strokeWidth', 'userSpaceOnUse'),
  orient: whole(`auto|auto-start-reverse|${number}`),
  spreadMethod: words('pad', 'reflect', 'repeat'),
  stdDeviation: numbers,
  // Results by name; what an older version of SVG took from behind the element is drawn by nobody.
  in: /^(?!BackgroundImage$|BackgroundAlpha$|FillPaint$|StrokePaint$)[\w.-]+$/,
  in2: /^(?!BackgroundImage$|BackgroundAlpha$|FillPaint$|StrokePaint$)[\w.-]+$/,
  result: anything,
  mode: words(
    'normal|multiply|screen|overlay|darken|lighten|color-dodge|color-burn|hard-light|soft-light|difference|exclusion',
  ),
  operator: words('over', 'in', 'out', 'atop', 'xor', 'lighter', 'arithmetic', 'erode', 'dilate'),
  values: numbers,
  k1: numbers,
  k2: numbers,
  k3: numbers,
  k4: numbers,
  radius: numbers,
  slope: numbers,
  intercept: numbers,
  amplitude: numbers,
  exponent: numbers,
  tableValues: numbers,
  baseFrequency: /^ ?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?(?:[ ,]+(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)? ?$/i,
  numOctaves: /^ ?\d+ ?$/,
  seed: numbers,
  stitchTiles: words('noStitch'),
  edgeMode: words('none', 'duplicate', 'wrap'),
  type: anything,
  media: words('all', 'screen', ''),
}

const primitive = `${coordinates} in in2 result`
/** Elements, each with what it may carry besides what all may. */
const elements: Readonly<Record<string, string>> = {
  svg: `${coordinates} viewBox preserveAspectRatio version baseProfile zoomAndPan contentScriptType contentStyleType`,
  g: '',
  defs: '',
  a: 'target rel download',
  // Written by some programs for remarks: no element of SVG, and never drawn.
  comment: '',
  symbol: `${coordinates} viewBox preserveAspectRatio refX refY`,
  use: coordinates,
  path: 'd pathLength',
  rect: `${coordinates} rx ry`,
  circle: 'cx cy r',
  ellipse: 'cx cy rx ry',
  line: 'x1 y1 x2 y2',
  polyline: 'points',
  polygon: 'points',
  text: 'x y dx dy',
  tspan: 'x y dx dy',
  image: `${coordinates} preserveAspectRatio`,
  linearGradient: 'x1 y1 x2 y2 gradientUnits gradientTransform spreadMethod',
  radialGradient: 'cx cy r fx fy fr gradientUnits gradientTransform spreadMethod',
  stop: 'offset',
  pattern: `${coordinates} viewBox preserveAspectRatio patternUnits patternContentUnits patternTransform`,
  clipPath: 'clipPathUnits',
  mask: `${coordinates} maskUnits maskContentUnits`,
  marker: 'refX refY markerWidth markerHeight markerUnits orient viewBox preserveAspectRatio',
  filter: `${coordinates} filterUnits primitiveUnits`,
  feGaussianBlur: `${primitive} stdDeviation edgeMode`,
  feOffset: `${primitive} dx dy`,
  feBlend: `${primitive} mode`,
  feColorMatrix: `${primitive} type values`,
  feComposite: `${primitive} operator k1 k2 k3 k4`,
  feFlood: primitive,
  feMerge: primitive,
  feMergeNode: 'in',
  feTurbulence: `${primitive} baseFrequency numOctaves seed stitchTiles type`,
  feMorphology: `${primitive} operator radius`,
  feDropShadow: `${primitive} dx dy stdDeviation`,
  feComponentTransfer: primitive,
  ...Object.fromEntries(
    ['R', 'G', 'B', 'A'].map(each => [`feFunc${each}`, 'type tableValues slope intercept amplitude exponent']),
  ),
  style: 'type media title',
  title: '',
  desc: '',
  metadata: '',
  switch: '',
}
const own = new Map(
  Object.entries(elements).map(([element, list]) => [element, new Set(list.split(' ').filter(Boolean))]),
)

/** Without text in the drawing, these change nothing. */
const ofText =
  /^(?:font|text-|letter-|word-|line-|baseline-|dominant-|alignment-|writing-|unicode-|direction|kerning|glyph-|white-space)/

export function isOfText(property: string): boolean {
  return ofText.test(property)
}

export function isKnownElement(name: string): boolean {
  return own.has(name)
}

/**
 * Nothing is drawn for these, anywhere: names, hints for editors and for reading aloud, data that only scripts read, what icon
 * libraries number their shapes with (`t`, `p-id`), what was once for the renderer, and properties as programs in JavaScript spell them.
 */
const undrawn =
  /^(?:t|p-id|filterRes|xmlns[A-Z]\w*|className|(?:clip|fill)(?:Path|Rule|Opacity)|stroke(?:Width|Opacity|Line(?:cap|join)|Dasharray|Dashoffset|Miterlimit)|stop(?:Color|Opacity)|id|class|title|lang|tabindex|focusable|role|name|label|space|collect|nodetypes|aria-[a-z-]+|data-[\w.-]+)$/

/** Whether an attribute without a prefix is drawn alike; `style`, `href` and the data of shapes are looked at apart. */
export function isKnownAttribute(element: string, attribute: string, spelled: string): boolean {
  const value = withSingleSpaces(spelled)
  if (undrawn.test(attribute)) return true
  if (
    novalue.test(value) &&
    (attribute === 'offset' || (Object.hasOwn(properties, attribute) && !onlyInStyles.has(attribute)))
  )
    return true
  if (/^(?:marker|mix-blend-mode|isolation)$/.test(attribute)) return initialInAttributes.test(value)
  if (Object.hasOwn(properties, attribute) && !onlyInStyles.has(attribute))
    return properties[attribute]?.test(value) ?? false
  if (/^(?:transform|gradientTransform|patternTransform)$/.test(attribute))
    return element !== 'svg' && isTransform(value)
  // Without a radius, and with a focus of less than none, each program makes something else of a gradient.
  if (element === 'radialGradient' && /^f?r$/.test(attribute))
    return length.test(value) && (attribute === 'r' ? Number.parseFloat(value) > 0 : Number.parseFloat(value) >= 0)
  // What belongs to another element has no effect on this one.
  if (!own.get(element)?.has(attribute) && !Object.hasOwn(attributeValues, attribute)) return false
  return Object.hasOwn(attributeValues, attribute) ? (attributeValues[attribute]?.test(value) ?? false) : true
}

const groundColour = new RegExp(
  `^(?:#[\\da-f]{3}|#[\\da-f]{6}|rgb\\( ?\\d+ ?, ?\\d+ ?, ?\\d+ ?\\)|${colourNames})$`,
  'i',
)
const noGround = /^(?:none|transparent|initial|#[\da-f]{6}00|rgba\(0, ?0, ?0, ?0\))$/i

/** The opaque colour that a background stands for; null for nothing; undefined for what is no plain colour. */
export function groundOf(value: string): string | null | undefined {
  const plain = withSingleSpaces(value)
    .replace(/ ?! ?important ?$/, '')
    .trim()
  if (noGround.test(plain)) return null
  return groundColour.test(plain) ? plain.toLowerCase() : undefined
}

/** Namespaces whose elements and attributes are for editors: no browser and no renderer draws what is in them. */
export const undrawnNamespaces: readonly RegExp[] = [
  /^http:\/\/(?:www\.)?inkscape\.(?:org|sourceforge\.net)\//,
  /^http:\/\/(?:sodipodi|inkscape)\.sourceforge\.net\//,
  /^http:\/\/www\.w3\.org\/1999\/02\/22-rdf-syntax-ns#$/,
  /^https?:\/\/(?:creativecommons\.org|web\.resource\.org\/cc)\/?/,
  /^http:\/\/www\.openswatchbook\.org\//,
  /^http:\/\/purl\.org\/dc\//,
  /^(?:http|&ns)[^ ]*ns\.adobe\.com\//,
  // Illustrator's own, where its entities were lost on the way.
  /^&ns_[a-z]+;$/,
  /^http:\/\/www\.bohemiancoding\.com\/sketch\/ns/,
  /^http:\/\/(?:vectornator|www\.serif\.com|svgjs\.(?:com|dev)|boxy-svg\.com|krita\.org|www\.figma\.com|schemas\.microsoft\.com\/visio)\b/,
  /^https:\/\/(?:boxy-svg\.com|vectornator\.io|sketch\.io)\b/,
]
