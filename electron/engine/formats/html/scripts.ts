import type { DefaultTreeAdapterTypes } from 'parse5'
import { isSilentScript, mountNames } from './lists.ts'
import { attributeOf, isElement, isText } from './page.ts'

/** Scripts of a page that are not in its file. */
export interface OuterScripts {
  add(address: string): void
  /**
   * How many there are whose page is, as far as the file tells, written by them, and how many beside a page that has its words: there
   * they open menus and mark the words of programs, mostly.
   */
  judge(document: DefaultTreeAdapterTypes.Document): { readonly writing: number; readonly beside: number }
}

/** A line that says "loading", a foot with an address and a licence: a page that has its words has more. */
const fewLetters = 60

export function createOuterScripts(): OuterScripts {
  let count = 0
  return {
    add(address) {
      if (address.trim() !== '' && !isSilentScript(address)) count++
    },
    judge(document) {
      if (count === 0) return { writing: 0, beside: 0 }
      const isWritten = lettersOf(document.childNodes, fewLetters) < fewLetters || hasEmptyMount(document)
      return isWritten ? { writing: count, beside: 0 } : { writing: 0, beside: count }
    },
  }
}

const besideTheWords = new Set(['head', 'title', 'noscript', 'template', 'script', 'style'])

/** How many letters elements show without a script, counted up to `enough`. */
function lettersOf(nodes: readonly DefaultTreeAdapterTypes.ChildNode[], enough: number): number {
  const stack = [...nodes]
  let letters = 0
  for (let node = stack.pop(); node !== undefined && letters < enough; node = stack.pop()) {
    if (isText(node)) letters += node.value.match(/\p{L}/gu)?.length ?? 0
    else if (isElement(node) && !besideTheWords.has(node.tagName)) stack.push(...node.childNodes)
  }
  return letters
}

function hasEmptyMount(document: DefaultTreeAdapterTypes.Document): boolean {
  const stack: DefaultTreeAdapterTypes.ChildNode[] = [...document.childNodes]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isElement(node)) continue
    if (mountNames.test(attributeOf(node, 'id') ?? '') && lettersOf(node.childNodes, 1) === 0) return true
    stack.push(...node.childNodes)
  }
  return false
}
