/** Draws the shapes whose outline a part itself gives: they may be letters, and nothing but a picture of them says so. */

import { attributeOf, childOf, type XmlElement, type XmlNode } from '../xml/read-xml.ts'

export interface DrawnOutlines {
  /** Null where the part has none that could be letters, or none that can be drawn. */
  readonly svg: string | null
  /** The part without what was drawn. */
  readonly rest: XmlElement
}

/** Maps a point of a shape's own space to the page's: `[a, b, c, d, e, f]` as in SVG. */
type Matrix = readonly [number, number, number, number, number, number]
type Point = readonly [x: number, y: number]

interface Drawing {
  readonly paths: { readonly commands: readonly Command[]; readonly fill: string }[]
  readonly drawn: Set<XmlElement>
  points: number
  /** Shapes with more corners than a frame or an arrow has, and lines. */
  outlines: number
  lines: number
}

interface Command {
  readonly letter: 'M' | 'L' | 'C' | 'Q' | 'Z'
  readonly points: readonly Point[]
}

/** A frame, an arrow, a bracket; a letter has more corners. The same bounds as in `drawn-outlines.ts`. */
const mostPoints = 12
const mostLines = 60
/** What a page of a map has; more takes longer to draw than anything is worth. */
const maxPoints = 200_000
/** Of the longer side of the drawing, in pixels. */
const longSide = 1600

export function drawOutlines(root: XmlElement): DrawnOutlines {
  const drawing: Drawing = { paths: [], drawn: new Set(), points: 0, outlines: 0, lines: 0 }
  visit(drawing, root, identity)
  const isNeeded = drawing.outlines > 0 || drawing.lines >= mostLines
  if (!isNeeded || drawing.paths.length === 0 || drawing.points > maxPoints) return { svg: null, rest: root }
  const svg = svgOf(drawing)
  return svg === null ? { svg: null, rest: root } : { svg, rest: without(root, drawing.drawn) }
}

const identity: Matrix = [1, 0, 0, 1, 0, 0]

function visit(drawing: Drawing, element: XmlElement, matrix: Matrix): void {
  let own = matrix
  if (element.local === 'grpSp' || element.local === 'wgp' || element.local === 'grpSpPr') {
    const properties = childOf(element, 'grpSpPr')
    const transform = properties === undefined ? undefined : childOf(properties, 'xfrm')
    own = transform === undefined ? matrix : multiply(matrix, matrixOfGroup(transform))
  } else if (element.local === 'spPr') {
    drawShape(drawing, element, matrix)
  }
  for (const child of element.children) if (child.kind === 'element') visit(drawing, child, own)
}

function drawShape(drawing: Drawing, properties: XmlElement, matrix: Matrix): void {
  const transform = childOf(properties, 'xfrm')
  const size = transform === undefined ? undefined : childOf(transform, 'ext')
  if (transform === undefined || size === undefined) return
  const width = numberOf(size, 'cx')
  const height = numberOf(size, 'cy')
  const toPage = multiply(matrix, matrixOfShape(transform, width, height))
  const custom = childOf(properties, 'custGeom')
  const list = custom === undefined ? undefined : childOf(custom, 'pathLst')
  if (list !== undefined) {
    const paths = pathsOf(list, width, height)
    if (paths === null) return
    const points = paths.reduce((sum, path) => sum + path.corners, 0)
    if (points > mostPoints) drawing.outlines++
    const fill = fillOf(properties)
    for (const path of paths) add(drawing, path.commands, toPage, path.isFilled ? fill : 'none')
    drawing.drawn.add(list)
    return
  }
  const preset = childOf(properties, 'prstGeom')
  if (preset === undefined || !/^(?:line|straightConnector1)$/.test(attributeOf(preset, 'prst') ?? '')) return
  drawing.lines++
  const line: readonly Command[] = [
    { letter: 'M', points: [[0, 0]] },
    { letter: 'L', points: [[width, height]] },
  ]
  add(drawing, line, toPage, 'none')
  drawing.drawn.add(preset)
}

function add(drawing: Drawing, commands: readonly Command[], matrix: Matrix, fill: string): void {
  const moved = commands.map(({ letter, points }) => ({ letter, points: points.map(point => apply(matrix, point)) }))
  drawing.points += moved.reduce((sum, { points }) => sum + points.length, 0)
  if (drawing.points <= maxPoints) drawing.paths.push({ commands: moved, fill })
}

/** Where a path says no size of its own, its numbers are the shape's. Null where one is no number, or an element is not known. */
function pathsOf(list: XmlElement, width: number, height: number) {
  const paths: { readonly commands: readonly Command[]; readonly isFilled: boolean; readonly corners: number }[] = []
  for (const path of list.children) {
    if (path.kind === 'text') continue
    if (path.local !== 'path') return null
    const own: Matrix = [scale(width, path, 'w'), 0, 0, scale(height, path, 'h'), 0, 0]
    const commands = commandsOf(path)
    if (commands === null) return null
    paths.push({
      commands: commands.map(({ letter, points }) => ({ letter, points: points.map(point => apply(own, point)) })),
      isFilled: attributeOf(path, 'fill') !== 'none',
      corners: commands.reduce((sum, { points }) => sum + points.length, 0),
    })
  }
  return paths
}

function scale(size: number, path: XmlElement, attribute: string): number {
  const own = numberOf(path, attribute)
  return own > 0 ? size / own : 1
}

const letters = {
  moveTo: ['M', 1],
  lnTo: ['L', 1],
  cubicBezTo: ['C', 3],
  quadBezTo: ['Q', 2],
  close: ['Z', 0],
} as const

function commandsOf(path: XmlElement): readonly Command[] | null {
  const commands: Command[] = []
  let at: Point = [0, 0]
  for (const child of path.children) {
    if (child.kind === 'text') continue
    if (child.local === 'arcTo') {
      const arc = arcFrom(at, child)
      if (arc === null) return null
      commands.push(...arc)
    } else {
      const known = Object.hasOwn(letters, child.local) ? letters[child.local as keyof typeof letters] : undefined
      if (known === undefined) return null
      const [letter, count] = known
      const points = child.children.flatMap(each => (each.kind === 'element' ? [pointOf(each)] : []))
      if (points.length !== count || points.some(([x, y]) => Number.isNaN(x) || Number.isNaN(y))) return null
      commands.push({ letter, points })
    }
    at = commands.at(-1)?.points.at(-1) ?? at
  }
  return commands
}

function pointOf(element: XmlElement): Point {
  return [coordinate(element, 'x'), coordinate(element, 'y')]
}

/** Not a number where a formula elsewhere says it. */
function coordinate(element: XmlElement, attribute: string): number {
  const value = attributeOf(element, attribute)
  return value !== undefined && /^-?\d{1,12}(?:\.\d+)?$/.test(value) ? Number(value) : Number.NaN
}

/** An arc begins at the angle at which its ellipse passes the point where the path is; angles are in 60 000ths of a degree. */
function arcFrom([x, y]: Point, arc: XmlElement): readonly Command[] | null {
  const [width, height, start, sweep] = ['wR', 'hR', 'stAng', 'swAng'].map(each => coordinate(arc, each))
  if (width === undefined || height === undefined || start === undefined || sweep === undefined) return null
  if ([width, height, start, sweep].some(Number.isNaN)) return null
  const radians = (angle: number) => (angle / 60_000 / 180) * Math.PI
  const center: Point = [x - width * Math.cos(radians(start)), y - height * Math.sin(radians(start))]
  const steps = 24
  return Array.from({ length: steps }, (_, step) => {
    const angle = radians(start + (sweep * (step + 1)) / steps)
    return { letter: 'L', points: [[center[0] + width * Math.cos(angle), center[1] + height * Math.sin(angle)]] }
  })
}

/** A colour that is written as such; one of the theme is a middle grey, on which the outline stands out as well. */
function fillOf(properties: XmlElement): string {
  if (childOf(properties, 'noFill') !== undefined) return 'none'
  const solid = childOf(properties, 'solidFill')
  const color = solid === undefined ? undefined : childOf(solid, 'srgbClr')
  const value = color === undefined ? '' : (attributeOf(color, 'val') ?? '')
  return /^[\da-f]{6}$/i.test(value) ? `#${value}` : '#a0a0a0'
}

function matrixOfShape(transform: XmlElement, width: number, height: number): Matrix {
  const at = childOf(transform, 'off')
  const [x, y] = at === undefined ? [0, 0] : [numberOf(at, 'x'), numberOf(at, 'y')]
  const angle = (numberOf(transform, 'rot') / 60_000 / 180) * Math.PI
  const across = isOn(transform, 'flipH') ? -1 : 1
  const down = isOn(transform, 'flipV') ? -1 : 1
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  // Turned and mirrored about its middle.
  const around: Matrix = [cos * across, sin * across, -sin * down, cos * down, x + width / 2, y + height / 2]
  return multiply(around, [1, 0, 0, 1, -width / 2, -height / 2])
}

function matrixOfGroup(transform: XmlElement): Matrix {
  const [size, from, inner] = ['ext', 'chOff', 'chExt'].map(each => childOf(transform, each))
  if (size === undefined) return identity
  const [width, height] = [numberOf(size, 'cx'), numberOf(size, 'cy')]
  const own = matrixOfShape(transform, width, height)
  const [x, y] = from === undefined ? [0, 0] : [numberOf(from, 'x'), numberOf(from, 'y')]
  const ratio = (all: number, part: number) => (part > 0 ? all / part : 1)
  const [across, down] =
    inner === undefined ? [1, 1] : [ratio(width, numberOf(inner, 'cx')), ratio(height, numberOf(inner, 'cy'))]
  return multiply(own, [across, 0, 0, down, -x * across, -y * down])
}

function numberOf(element: XmlElement, attribute: string): number {
  const value = Number(attributeOf(element, attribute) ?? '0')
  return Number.isFinite(value) ? value : 0
}

function isOn(element: XmlElement, attribute: string): boolean {
  return /^(?:1|true)$/.test(attributeOf(element, attribute) ?? '')
}

function multiply([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}

function apply([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f]
}

function svgOf({ paths }: Drawing): string | null {
  let [left, top, right, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]
  for (const { commands } of paths) {
    for (const { points } of commands) {
      for (const [x, y] of points) {
        left = Math.min(left, x)
        top = Math.min(top, y)
        right = Math.max(right, x)
        bottom = Math.max(bottom, y)
      }
    }
  }
  const longest = Math.max(right - left, bottom - top)
  if (!(longest > 0) || !Number.isFinite(longest)) return null
  const margin = 16
  const ratio = (longSide - 2 * margin) / longest
  const place = ([x, y]: Point) =>
    `${((x - left) * ratio + margin).toFixed(1)} ${((y - top) * ratio + margin).toFixed(1)}`
  const size = (length: number) => Math.ceil(length * ratio + 2 * margin)
  const drawn = paths.map(({ commands, fill }) => {
    const data = commands.map(({ letter, points }) => letter + points.map(place).join(' ')).join('')
    return `<path d="${data}" fill="${fill}" fill-rule="evenodd" stroke="#000000" stroke-width="2"/>`
  })
  const [width, height] = [size(right - left), size(bottom - top)]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}" fill="#ffffff"/>${drawn.join('')}</svg>`
}

function without(element: XmlElement, drawn: ReadonlySet<XmlElement>): XmlElement {
  const children = element.children.flatMap((child): readonly XmlNode[] =>
    child.kind === 'text' ? [child] : drawn.has(child) ? [] : [without(child, drawn)],
  )
  return { ...element, children }
}
