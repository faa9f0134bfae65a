/** Reads the part of CSS that librsvg and browsers take alike: plain rules of plain selectors. Everything else is named. */

import { groundOf, isKnownDeclaration } from './lists.ts'

const part = String.raw`(?:(?:\*|[a-zA-Z][\w-]*)?(?:[.#][a-zA-Z_][\w-]*)*|:root)`
const selector = new RegExp(
  String.raw`^\s*(?!\s*$)${part}(?:(?:\s*>\s*|\s+)${part})*(?:\s*,\s*(?!\s*$)${part}(?:(?:\s*>\s*|\s+)${part})*)*\s*$`,
)

/** The drawing's outermost element: browsers paint a background behind the whole drawing for it, and for no other. */
export interface Root {
  readonly id: string
  readonly classes: ReadonlySet<string>
  /** Called with the colour. */
  readonly paint: (ground: string) => void
}

/** Hands every piece that may not be drawn alike to `leaveOut`; `combine` gets the selectors that look at an element's parents. */
export function readStyleSheet(
  sheet: string,
  root: Root,
  leaveOut: (what: string) => void,
  combine: (selector: string) => void,
): void {
  let rest = withoutComments(sheet)
  while (rest.trim() !== '') {
    const rule = /^([^{}]*)\{([^{}]*)\}/.exec(rest)
    if (rule === null) {
      leaveOut(excerpt(rest))
      return
    }
    const [whole, head = '', body = ''] = rule
    if (/[@\\]/.test(head) || !selector.test(head)) leaveOut(excerpt(head))
    else {
      if (/[^\s,]\s*>|[^\s,]\s+[^\s,]/.test(head.trim())) combine(excerpt(head))
      readDeclarations(body, leaveOut, head.split(',').some(each => selects(each.trim(), root)) ? root.paint : null)
    }
    rest = rest.slice(whole.length)
  }
}

/** Nothing is around the root, so that what looks at parents is not for it. */
function selects(plain: string, root: Root): boolean {
  const [type = '', ...rest] = plain.split(/(?=[.#])/)
  if (/[\s>]/.test(plain) || !/^(?:svg|:root|\*|[.#].*|)$/.test(type)) return false
  return [...(/^[.#]/.test(type) ? [type] : []), ...rest].every(each =>
    each.startsWith('#') ? root.id === each.slice(1) : root.classes.has(each.slice(1)),
  )
}

/** The declarations of a rule, or of a `style` attribute; `paint` gets the background where they apply to the root. */
export function readDeclarations(
  list: string,
  leaveOut: (what: string) => void,
  paint: ((ground: string) => void) | null,
): void {
  let last: string | null = null
  for (const declaration of withoutComments(list).split(/;(?=(?:[^"']|"[^"]*"|'[^']*')*$)/)) {
    if (declaration.trim() === '') continue
    const [, property = '', value = ''] = /^\s*([\w-]+)\s*:([\s\S]*)$/.exec(declaration) ?? []
    if (/^background(?:-color)?$/.test(property)) {
      const ground = paint === null && !/url/i.test(value) ? null : groundOf(value)
      if (ground === undefined) leaveOut(excerpt(declaration))
      else last = ground
    } else if (!isKnownDeclaration(property, value.trim())) leaveOut(excerpt(declaration))
  }
  if (last !== null) paint?.(last)
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
}

function excerpt(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, 40)
}
