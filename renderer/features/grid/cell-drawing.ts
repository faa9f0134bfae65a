import classes from './grid.module.css'

/** What cells are made of: elements with text only, and icons of the page's own. */

/** A word and its icon, a single path. */
export interface Mark {
  readonly root: HTMLElement
  readonly icon: SVGPathElement
  readonly word: HTMLElement
}

const svg = 'http://www.w3.org/2000/svg'

export function mark(className: string | undefined): Mark {
  const root = element('span', className)
  const icon = document.createElementNS(svg, 'path')
  const word = document.createElement('span')
  root.append(drawingOf(icon), word)
  return { root, icon, word }
}

export function iconOf(name: string): SVGSVGElement {
  const path = document.createElementNS(svg, 'path')
  setIcon(path, name)
  return drawingOf(path)
}

function drawingOf(path: SVGPathElement): SVGSVGElement {
  const drawing = document.createElementNS(svg, 'svg')
  drawing.setAttribute('class', classes.icon ?? '')
  drawing.setAttribute('viewBox', '0 0 24 24')
  drawing.setAttribute('aria-hidden', 'true')
  drawing.append(path)
  return drawing
}

/** Lines of the page's own icons, read once; a `<use>` would make each cell a copy of the whole drawing. */
const lines = new Map<string, string>()

function linesOf(name: string): string {
  const known = lines.get(name)
  if (known !== undefined) return known
  const paths = document.querySelectorAll(`#icon-${name} path`)
  const found = Array.from(paths, path => path.getAttribute('d') ?? '').join('')
  // Not kept while the page has no icons yet.
  if (paths.length > 0) lines.set(name, found)
  return found
}

export function setIcon(path: SVGPathElement, name: string): void {
  const wanted = linesOf(name)
  if (path.getAttribute('d') !== wanted) path.setAttribute('d', wanted)
}

export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

/** To hide what is hidden has the browser restyle it all the same, and a cell mostly hides what it hid before. */
export function setHidden(node: Pick<HTMLElement, 'hidden'>, isHidden: boolean): void {
  if (node.hidden !== isHidden) node.hidden = isHidden
}

export function element(tag: 'div' | 'span', className: string | undefined): HTMLElement {
  const made = document.createElement(tag)
  made.className = className ?? ''
  return made
}

export function append<Child extends HTMLElement>(parent: HTMLElement, child: Child): Child {
  parent.append(child)
  return child
}
