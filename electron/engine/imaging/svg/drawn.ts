import type { Remark } from '../../../../shared/remarks/index.ts'

/**
 * Elements that browsers draw and that show nothing but what is in the file. Words along a curve (`textPath`) are not among them: nobody is
 * sure to read bent print in a picture.
 */
const drawnElements = new Set([
  'feConvolveMatrix',
  'feDiffuseLighting',
  'feSpecularLighting',
  'feDistantLight',
  'fePointLight',
  'feSpotLight',
  'feDisplacementMap',
  'feTile',
])

/** Attributes and properties that only say how a still drawing looks, whatever their value. */
const drawnProperties = new Set(
  `alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters direction dominant-baseline
  display fill fill-opacity fill-rule filter flood-color flood-opacity font font-family font-feature-settings font-kerning font-size
  font-size-adjust font-stretch font-style font-variant font-variant-alternates font-variant-caps font-variant-east-asian font-variant-ligatures
  font-variant-numeric font-variant-position font-variation-settings font-weight glyph-orientation-horizontal glyph-orientation-vertical
  image-rendering isolation kerning letter-spacing lighting-color line-height marker marker-end marker-mid marker-start mask mask-type
  mix-blend-mode opacity outline overflow paint-order stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
  stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration text-decoration-color
  text-decoration-line text-decoration-style text-decoration-thickness text-indent text-orientation text-rendering text-shadow text-transform
  transform transform-box transform-origin unicode-bidi vector-effect visibility white-space word-spacing writing-mode background
  background-color
  x y width height rx ry r cx cy x1 y1 x2 y2 fx fy fr dx dy refX refY markerWidth markerHeight viewBox preserveAspectRatio offset pathLength
  gradientUnits gradientTransform patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits filterUnits
  primitiveUnits markerUnits orient spreadMethod stdDeviation in in2 result mode operator values k1 k2 k3 k4 radius slope intercept amplitude
  exponent tableValues baseFrequency numOctaves seed stitchTiles edgeMode d points symbol textLength lengthAdjust
  rotate order kernelMatrix divisor bias targetX targetY preserveAlpha surfaceScale diffuseConstant specularConstant specularExponent
  kernelUnitLength azimuth elevation z pointsAtX pointsAtY pointsAtZ limitingConeAngle scale xChannelSelector yChannelSelector`.split(
    /\s+/,
  ),
)

/** Selectors of what elements are, whatever is done to the drawing. */
const stillSelector =
  /^(?:[\w\s.#*>+~,[\]="'()|^$-]|:(?:root|not|is|where|(?:first|last|only)-(?:child|of-type)|nth-(?:last-)?(?:child|of-type)|empty)\b)+$/

/** What the drawing would take from outside, what moves it, and what it makes of who looks at it: nothing of that is drawn at rest. */
const lively =
  /<[\w-]*:?(?:script|foreignObject|animate\w*|set|discard|handler|iframe|video|audio|canvas)\b|@|\banimation|\btransition|:(?:hover|focus|active|target|visited|checked|lang|dir)|light-dark\(|\b(?:image-set|src|attr|env)\(|url\(\s*["']?(?!["']?#)|<!ENTITY|systemLanguage|\\/i

/**
 * Whether what is left out of a drawing (`read-svg.ts`), because programs draw it differently, is all to be seen in a browser's own
 * picture of it. Scripts, motion, references and pictures from elsewhere are not, nor are characters that no font here has.
 */
export function isSettledByDrawing(leftOut: readonly Remark[], document: string): boolean {
  return leftOut.length > 0 && !lively.test(document) && leftOut.every(isDrawn)
}

function isDrawn({ code, name = '' }: Remark): boolean {
  switch (code) {
    case 'svg_element':
      return drawnElements.has(name)
    case 'svg_attribute':
      return drawnProperties.has(name.split('=')[0] ?? '')
    case 'svg_style': {
      const property = /^([\w-]+)\s*(?::|$)/.exec(name)?.[1] ?? ''
      return drawnProperties.has(property) || stillSelector.test(name)
    }
    default:
      return false
  }
}
