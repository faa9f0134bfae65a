import type { DefaultTreeAdapterTypes } from 'parse5'
import type { Style } from './css.ts'
import type { OuterScripts } from './html-scripts.ts'
import type { Omissions } from './omissions.ts'
import type { Passages } from './passages.ts'
import type { Position } from './positions.ts'

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
  /** Values of attributes that no list knows, and where each stood first. */
  readonly values: Map<string, Position | null>
  readonly outerScripts: OuterScripts
  /** Links whose words are another address than they lead to. */
  misleadingLinks: number
  /** Style sheets that are not in the file. */
  outerStyles: number
  /** Whether some style sheet may put side by side what stands on lines of its own without it. */
  movesElements: boolean
  /** Classes whose elements a style sheet of the page hides. */
  readonly hidingClasses: Set<string>
  readonly within: Within
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
export function textsOfStyle(style: Style, { omissions }: Page): readonly string[] {
  omissions.add('picture', { count: style.pictures })
  omissions.add('attribute_style', { count: style.attributes })
  omissions.add('unknown_style', { count: style.unknown })
  omissions.add('reordering_style', { count: style.reorders })
  omissions.add('adding_style', { count: style.imports })
  return style.texts
}
