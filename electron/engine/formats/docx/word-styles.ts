/** What styles and lists make of a Word document's words: hide them, or put others before them. */

import { attributeOf, childOf, type XmlElement } from '../xml/read-xml.ts'

export interface WordStyles {
  /** Whether the style that these properties of a run or paragraph name hides their text. */
  hides(properties: XmlElement | undefined): boolean
  /** What a list puts before a paragraph with these properties, where nothing stands between the two. */
  labelOf(properties: XmlElement | undefined): string
  /** Whether a table with these properties has lines between its cells, or may have. */
  isLined(properties: XmlElement | undefined): boolean
}

export const withoutStyles: WordStyles = { hides: () => false, labelOf: () => '', isLined: () => true }

/** From the parts of a document with its styles and its lists; null where it has none. */
export function readWordStyles(styles: XmlElement | null, numbering: XmlElement | null): WordStyles {
  const byId = new Map(elementsOf(styles, 'style').map(style => [attributeOf(style, 'styleId'), style]))
  const labels = labelsOf(numbering)

  /** The first that a style, or one that it is based on, says. */
  function find<Found>(id: string | undefined, read: (style: XmlElement) => Found | undefined): Found | undefined {
    const met = new Set<string>()
    for (let next = id; next !== undefined && !met.has(next); ) {
      met.add(next)
      const style = byId.get(next)
      const found = style === undefined ? undefined : read(style)
      if (found !== undefined) return found
      const base = style === undefined ? undefined : childOf(style, 'basedOn')
      next = base === undefined ? undefined : attributeOf(base, 'val')
    }
    return undefined
  }

  const hidingStyles = new Map<string, boolean>()
  return {
    hides(properties) {
      const id = valOf(properties, 'rStyle') ?? valOf(properties, 'pStyle')
      if (id === undefined) return false
      const known = hidingStyles.get(id)
      if (known !== undefined) return known
      const hides = find(id, style => {
        const own = childOf(style, 'rPr')
        return own !== undefined && hidesText(own) ? true : undefined
      })
      hidingStyles.set(id, hides === true)
      return hides === true
    },
    isLined(properties) {
      if (properties === undefined) return false
      const lined = linesOf(properties) ?? find(valOf(properties, 'tblStyle'), linesOfStyle)
      return lined === true
    },
    labelOf(properties) {
      if (labels.size === 0 || properties === undefined) return ''
      const numbered =
        childOf(properties, 'numPr') ??
        find(valOf(properties, 'pStyle'), style => {
          const own = childOf(style, 'pPr')
          return own === undefined ? undefined : childOf(own, 'numPr')
        })
      return labels.get(`${valOf(numbered, 'numId')} ${valOf(numbered, 'ilvl') ?? '0'}`) ?? ''
    },
  }
}

const borders = new Set(['top', 'left', 'bottom', 'right', 'start', 'end', 'insideH', 'insideV'])

/** Whether properties of a table ask for lines; undefined where they say nothing. */
function linesOf(properties: XmlElement): boolean | undefined {
  return childOf(properties, 'tblBorders')?.children.some(
    each =>
      each.kind === 'element' && borders.has(each.local) && !/^(?:nil|none)$/.test(attributeOf(each, 'val') ?? 'none'),
  )
}

/** A style may draw lines for some of the rows only. */
function linesOfStyle(style: XmlElement): boolean | undefined {
  if (elementsOf(style, 'tblStylePr').length > 0) return true
  const properties = childOf(style, 'tblPr')
  return properties === undefined ? undefined : linesOf(properties)
}

/** By the list and its level, those that stand right before the words. */
function labelsOf(numbering: XmlElement | null): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  const definitions = new Map(
    elementsOf(numbering, 'abstractNum').map(each => [attributeOf(each, 'abstractNumId'), each]),
  )
  for (const list of elementsOf(numbering, 'num')) {
    const definition = definitions.get(valOf(list, 'abstractNumId'))
    const levels = [
      ...elementsOf(definition ?? null, 'lvl'),
      ...elementsOf(list, 'lvlOverride').flatMap(each => elementsOf(each, 'lvl')),
    ]
    for (const level of levels) {
      const label = valOf(level, 'lvlText') ?? ''
      if (valOf(level, 'suff') !== 'nothing' || !/\p{L}/u.test(label)) continue
      labels.set(`${attributeOf(list, 'numId')} ${attributeOf(level, 'ilvl') ?? '0'}`, label.replace(/%\d/g, '1'))
    }
  }
  return labels
}

/** Half-points in Word, points in a workbook, hundredths of a point in drawings: what is smaller is a speck. */
const leastSize = 4
const leastScale = 10

/** Whether properties of a run hide its text: by a mark of their own, or since it is too small, too thin or too pale to be seen. */
export function hidesText(properties: XmlElement): boolean {
  const drawnSize = Number(attributeOf(properties, 'sz') ?? '1000')
  if (drawnSize <= leastSize * 50) return true
  return properties.children.some(each => {
    if (each.kind !== 'element') return false
    const value = attributeOf(each, 'val')
    switch (each.local) {
      case 'vanish':
      case 'specVanish':
      case 'webHidden':
        return isOn(value ?? 'on')
      case 'sz':
        return Number(value) <= leastSize
      case 'w':
        return Number(value) <= leastScale
      case 'color':
        return isPale(each)
      case 'noFill':
        return true
      case 'solidFill':
        return each.children.some(color => color.kind === 'element' && isPale(color))
      case 'textFill':
        return hidesText(each)
      default:
        return false
    }
  })
}

/** White, or as good as white, or transparent. */
function isPale(color: XmlElement): boolean {
  const value = attributeOf(color, 'val') ?? attributeOf(color, 'rgb') ?? ''
  const alpha = childOf(color, 'alpha')
  return (
    /^(?:(?:ff)?(?:f[\da-f]){3}|bg1|white)$/i.test(value) ||
    attributeOf(color, 'themeColor') === 'background1' ||
    attributeOf(color, 'theme') === '0' ||
    // Word counts what shines through, drawings what does not.
    (alpha !== undefined && Number(attributeOf(alpha, 'val')) <= 5000) ||
    (alpha?.name === 'w14:alpha' && Number(attributeOf(alpha, 'val')) >= 95_000)
  )
}

/** Whether a paragraph's end is hidden, deleted or that of a dropped capital, so that the next one goes on in its line. */
export function dropsItsMark(properties: XmlElement | undefined): boolean {
  if (properties === undefined) return false
  const frame = childOf(properties, 'framePr')
  if (/^(?:drop|margin)$/.test((frame && attributeOf(frame, 'dropCap')) ?? '')) return true
  const mark = childOf(properties, 'rPr')
  if (mark === undefined) return false
  return ['vanish', 'specVanish', 'del'].some(local => {
    const own = childOf(mark, local)
    return own !== undefined && isOn(attributeOf(own, 'val') ?? 'on')
  })
}

export function isOn(value: string | undefined): boolean {
  return value !== undefined && !/^(?:0|false|off)$/.test(value)
}

function valOf(element: XmlElement | undefined, local: string): string | undefined {
  const own = element === undefined ? undefined : childOf(element, local)
  return own === undefined ? undefined : attributeOf(own, 'val')
}

function elementsOf(element: XmlElement | null, local: string): readonly XmlElement[] {
  return element?.children.flatMap(each => (each.kind === 'element' && each.local === local ? [each] : [])) ?? []
}
