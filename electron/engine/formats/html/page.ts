import type { DefaultTreeAdapterTypes } from 'parse5'
import type { Omissions } from '../text/omissions.ts'
import type { Passages } from '../text/passages.ts'
import type { Position } from '../text/positions.ts'
import type { Style } from './css.ts'
import type { HeldPictures } from './held-pictures.ts'
import type { OuterScripts } from './scripts.ts'
import type { Styles } from './styles.ts'

/** Where a page stands. */
export interface Within {
  /** Counts pages within pages, from 1. */
  readonly level: number
  /** Whether any program that shows it runs the scripts that it names. */
  readonly runsScripts: boolean
}

/** A page while it is read. */
export interface Page {
  readonly passages: Passages
  readonly omissions: Omissions
  /** What of them styles show, which a drawing of the page shows too. */
  readonly drawnStyles: Omissions
  /** `svg` elements among them. */
  svgs: number
  /** Values of attributes that no list knows, and where each stood first. */
  readonly values: Map<string, Position | null>
  /** What meets where elements are shown elsewhere than they are written. */
  readonly moved: Set<string>
  readonly outerScripts: OuterScripts
  /** Links whose words are another address than they lead to. */
  misleadingLinks: number
  /** Style sheets that are not in the file. */
  outerStyles: number
  /** Fonts that its own style sheets bring along. */
  fonts: number
  readonly styles: Styles
  readonly within: Within
  /** Takes the pictures that it brings along; null where nobody would ask for them, and all are left out. */
  readonly held: HeldPictures | null
  /** The words of markup within the page, or null where there are none; what it leaves out is left out of the page. */
  readInner(markup: string): string | null
}

export type HtmlElement = DefaultTreeAdapterTypes.Element | DefaultTreeAdapterTypes.Template

export function attributeOf(element: DefaultTreeAdapterTypes.Element, name: string): string | undefined {
  return element.attrs.find(attribute => attribute.name === name)?.value
}

/** The `type` of an element, as browsers compare it. */
export function typeOf(element: DefaultTreeAdapterTypes.Element): string | undefined {
  return attributeOf(element, 'type')?.toLowerCase()
}

export function isText(node: DefaultTreeAdapterTypes.ChildNode): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === '#text'
}

export function isElement(node: DefaultTreeAdapterTypes.ChildNode): node is HtmlElement {
  return 'tagName' in node
}

export function positionOf(
  location: { readonly startLine: number; readonly startCol: number } | null | undefined,
): Position | null {
  return location ? { line: location.startLine, column: location.startCol } : null
}

/** The strings that a style shows; what else it shows is left out. */
export function textsOfStyle(style: Style, page: Page): readonly string[] {
  const { omissions, drawnStyles } = page
  page.fonts += style.fonts
  omissions.add('picture', { count: style.pictures })
  drawnStyles.add('picture', { count: style.packed })
  for (const each of [omissions, drawnStyles]) {
    each.add('attribute_style', { count: style.attributes })
    each.add('unknown_style', { count: style.unknown })
    each.add('reordering_style', { count: style.reorders })
  }
  omissions.add('adding_style', { count: style.imports })
  return style.texts
}

export function codeOf(element: HtmlElement): string {
  return element.childNodes.map(node => (isText(node) ? node.value : '')).join('')
}

/** The style sheet that a link holds in its address, or null. */
export function sheetOf(element: HtmlElement): string | null {
  if (element.tagName !== 'link') return null
  const address = attributeOf(element, 'href') ?? ''
  const match = /^\s*data:text\/css[^,]{0,100}?(;base64)?,([\s\S]*)$/i.exec(address)
  if (match === null) return null
  const [, isPacked, sheet = ''] = match
  return isPacked === undefined ? decoded(sheet) : Buffer.from(sheet, 'base64').toString()
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}
