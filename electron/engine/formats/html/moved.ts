import type { DefaultTreeAdapterTypes } from 'parse5'
import { reachUnits } from '../text/passages.ts'
import { isForeign } from '../text/spellings.ts'
import { attributeOf, type HtmlElement, isElement, isText } from './page.ts'

type Node = DefaultTreeAdapterTypes.ChildNode

/** What style says of where an element and its children are shown. */
export interface Placing {
  /** Whether it may stand elsewhere than among its neighbours. */
  isMoved(element: HtmlElement): boolean
  /** Whether its children run the other way. */
  isTurned(element: HtmlElement): boolean
  /** Its number among those that stand in a grid, or null. */
  cellOf(element: HtmlElement): number | null
}

/** Parts that are shown before or behind the others wherever they are written. */
const movedParts = /^(?:caption|legend|summary|thead|tfoot|mprescripts)$/
/** Formulas whose parts stand around each other. */
const turnedFormulas = /^(?:mroot|munder|mover|munderover|mmultiscripts)$/

/** What meets where children may be shown in another order than they are in: words beside each other that are not in the file. */
export function readMoved(element: HtmlElement, children: readonly Node[], placing: Placing): readonly string[] {
  const columns = readColumns(element)
  const isTurned =
    turnedFormulas.test(element.tagName) ||
    [element, ...(element.tagName === 'tr' ? [element.parentNode, grandparentOf(element)] : [])].some(
      each =>
        each !== null &&
        'attrs' in each &&
        (placing.isTurned(each) || attributeOf(each, 'dir')?.toLowerCase() === 'rtl'),
    )
  const isApart = (node: Node) => isElement(node) && (movedParts.test(node.tagName) || placing.isMoved(node))
  if (!isTurned && !children.some(isApart)) return columns
  const pieces = children.flatMap(child =>
    // Marks of direction part the runs within a text.
    (isText(child) && isTurned ? child.value.split(/\u200f+/) : [endsOf(child)])
      .map(words => words.trim())
      .filter(words => words !== '')
      .map(words => ({ words, isApart: isApart(child), cell: isElement(child) ? placing.cellOf(child) : null })),
  )
  if (pieces.length < 2) return columns
  const apart = pieces.filter(piece => piece.isApart)
  const orders = [pieces.toReversed(), apart, apart.toReversed()]
  if (pieces.some(({ cell }) => cell !== null)) orders.push(pieces.toSorted((a, b) => (a.cell ?? 0) - (b.cell ?? 0)))
  return [...columns, ...new Set(orders.flatMap(order => meetings(order.map(({ words }) => words))))]
}

/** Runs of pieces that may make a word where they meet. */
function meetings(pieces: readonly string[]): readonly string[] {
  const runs: string[] = []
  let run = ''
  let joins = 0
  const endRun = () => {
    if (joins > 0) runs.push(run)
    run = ''
    joins = 0
  }
  for (const words of pieces) {
    const meets = run !== '' && isForeign(run.slice(-1)) && isForeign(words[0] ?? '')
    if (!meets) endRun()
    else joins++
    run += words.length > 2 * reachUnits && meets ? words.slice(0, reachUnits) : words.slice(-2 * reachUnits)
    if (words.length > 2 * reachUnits && meets) {
      endRun()
      run = words.slice(-reachUnits)
    }
  }
  endRun()
  return runs.map(text => text.toWellFormed())
}

function grandparentOf({ parentNode }: HtmlElement) {
  return parentNode !== null && 'parentNode' in parentNode ? parentNode.parentNode : null
}

/** The columns of a table whose cells are letters. */
function readColumns(element: HtmlElement): readonly string[] {
  const columns: string[] = []
  for (const row of element.childNodes) {
    if (!isElement(row) || row.tagName !== 'tr') continue
    const cells = row.childNodes.filter(isElement).map(cell => endsOf(cell).trim())
    cells.forEach((words, column) => {
      const above = columns[column] ?? ''
      columns[column] = words.length > 2 ? `${above}\n` : above + words
    })
  }
  return columns.flatMap(column => column.split('\n')).filter(words => words.length > 2 && isForeign(words))
}

/** No piece of a word has more empty elements around it. */
const maxVisited = 100

/** The words of a node: of many, those at its beginning and at its end. */
function endsOf(node: Node): string {
  const first = wordsFrom(node, 'start')
  if (first.length <= 2 * reachUnits) return first
  return `${first.slice(0, reachUnits)}\n${wordsFrom(node, 'end').slice(-reachUnits)}`
}

function wordsFrom(node: Node, side: 'start' | 'end'): string {
  let words = ''
  const stack = [node]
  for (let visited = 0, next = stack.pop(); next !== undefined && visited < maxVisited; visited++, next = stack.pop()) {
    if (isText(next)) {
      const text = next.value.trim()
      words = side === 'start' ? words + text : text + words
      if (words.length > 2 * reachUnits) return words
    } else if (isElement(next) && next.tagName !== 'script' && next.tagName !== 'style') {
      // Those that cannot be visited need not be held.
      const { childNodes } = next
      if (side === 'start') stack.push(...childNodes.slice(0, maxVisited).reverse())
      else stack.push(...childNodes.slice(-maxVisited))
    }
  }
  return words
}
