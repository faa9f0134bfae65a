import { unlistedText, unlistedValue } from '../docx/office-vocabulary.ts'
import { hidesText } from '../docx/word-styles.ts'
import { childOf, type XmlElement } from '../xml/read-xml.ts'

export function childrenOf(element: XmlElement | undefined, local: string): readonly XmlElement[] {
  return element?.children.flatMap(each => (each.kind === 'element' && each.local === local ? [each] : [])) ?? []
}

/** All text inside, one piece after the other. */
export function textOf(element: XmlElement): string {
  return element.children.map(each => (each.kind === 'text' ? each.value : textOf(each))).join('')
}

/** A string of a workbook: its runs are one text. `phonetic` is what stands above it where a sheet shows that. */
export interface RichText {
  readonly text: string
  readonly phonetic: string
}

/** Reads `<si>` or `<is>`; what is on no list in it goes to `words`. */
export function readRichText(element: XmlElement, words: string[]): RichText {
  let text = ''
  /** Without the runs that nobody sees. */
  let visible = ''
  let phonetic = ''
  for (const child of element.children) {
    if (child.kind === 'text') continue
    if (child.local === 't') {
      text += textOf(child)
      visible += textOf(child)
    } else if (child.local === 'r') {
      const properties = childOf(child, 'rPr')
      const isHidden = properties !== undefined && hidesText(properties)
      for (const part of child.children) {
        if (part.kind === 'element' && part.local === 't') {
          text += textOf(part)
          if (!isHidden) visible += textOf(part)
        } else if (part.kind === 'element') {
          collectUnlisted(part, words)
        }
      }
    } else if (child.local === 'rPh') {
      phonetic += textOf(child)
    } else {
      collectUnlisted(child, words)
    }
    for (const attribute of child.attributes) words.push(...unlistedValue(child, attribute))
  }
  const isTorn = visible !== text && visible.trim() !== ''
  return { text: unescaped(isTorn ? `${visible}\n${text}` : text), phonetic: unescaped(phonetic) }
}

/** `_x000D_` stands for a character that XML cannot hold, and `_x005F_` for an underscore before what looks like one. */
export function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([\da-fA-F]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(String(code), 16)))
    : text
}

/** The words of a piece of markup that are on no list. */
export function collectUnlisted(element: XmlElement, words: string[]): void {
  for (const attribute of element.attributes) words.push(...unlistedValue(element, attribute))
  for (const child of element.children) {
    if (child.kind === 'element') collectUnlisted(child, words)
    else words.push(...unlistedText(element, child.value))
  }
}
