/** Shapes whose outline the document itself gives, and lines in numbers: they may draw letters, and no reader here looks at them. */

import { attributeOf, type XmlElement } from '../xml/read-xml.ts'

/** A frame, an arrow, a bracket; a letter has more corners. */
const mostNumbers = 24
/** More lines than connect the boxes of a diagram. */
const mostLines = 60

export function createOutlines() {
  let outlines = 0
  let lines = 0
  return {
    visit(element: XmlElement): void {
      switch (element.local) {
        case 'custGeom':
          if (countPoints(element) * 2 > mostNumbers) outlines++
          return
        case 'shape':
          if (countNumbers(attributeOf(element, 'path')) > mostNumbers) outlines++
          return
        case 'shapetype':
          // Those that Office defines are the preset ones.
          if (!/^_x0000_t\d{1,3}$/.test(attributeOf(element, 'id') ?? '')) {
            if (countNumbers(attributeOf(element, 'path')) > mostNumbers) outlines++
          }
          return
        case 'polyline':
          if (countNumbers(attributeOf(element, 'points')) > mostNumbers) outlines++
          return
        case 'line':
        case 'curve':
        case 'arc':
          if (attributeOf(element, 'from') !== undefined || element.local === 'arc') lines++
          return
        case 'prstGeom':
          if (/^(?:line|straightConnector1|curvedConnector\d|arc)$/.test(attributeOf(element, 'prst') ?? '')) lines++
      }
    },
    count: () => outlines + (lines >= mostLines ? 1 : 0),
  }
}

function countPoints(element: XmlElement): number {
  return element.children.reduce(
    (sum, each) => sum + (each.kind === 'element' ? (each.local === 'pt' ? 1 : countPoints(each)) : 0),
    0,
  )
}

function countNumbers(path: string | undefined): number {
  return path === undefined ? 0 : (path.match(/\d+/g)?.length ?? 0)
}
