/** Reads the part of CSS that librsvg and browsers take alike: plain rules of plain selectors. Everything else is named. */

import { isKnownDeclaration } from './lists.ts'

const part = String.raw`(?:\*|[a-zA-Z][\w-]*)?(?:[.#][a-zA-Z_][\w-]*)*`
const selector = new RegExp(
  String.raw`^\s*(?!\s*$)${part}(?:(?:\s*>\s*|\s+)${part})*(?:\s*,\s*(?!\s*$)${part}(?:(?:\s*>\s*|\s+)${part})*)*\s*$`,
)

/** Hands every piece that may not be drawn alike to `leaveOut`; `combine` is told the selectors that look at an element's parents. */
export function readStyleSheet(
  sheet: string,
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
      readDeclarations(body, leaveOut)
    }
    rest = rest.slice(whole.length)
  }
}

/** The declarations of a rule, or of a `style` attribute. */
export function readDeclarations(list: string, leaveOut: (what: string) => void): void {
  for (const declaration of withoutComments(list).split(/;(?=(?:[^"']|"[^"]*"|'[^']*')*$)/)) {
    if (declaration.trim() === '') continue
    const [, property = '', value = ''] = /^\s*([\w-]+)\s*:([\s\S]*)$/.exec(declaration) ?? []
    if (!isKnownDeclaration(property, value.trim())) leaveOut(excerpt(declaration))
  }
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ')
}

function excerpt(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, 40)
}
