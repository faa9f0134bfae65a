import { gridDecisions, gridOutcomes, gridRules } from '../../../shared/grid.ts'
import type { AssetRow } from '../../../shared/screening.ts'
import { kindIndex, type Table } from '../../state/grid/table.ts'
import { cutInMiddle, type Measure } from './cell-name.ts'
import {
  awaitedFor,
  type CellWords,
  cellLabel,
  flagBits,
  isFindingMarked,
  labelName,
  outcomeIcon,
  outcomeText,
  platformText,
  scoreText,
} from './cell-words.ts'
import classes from './grid.module.css'
import type { Pictures } from './pictures.ts'

/**
 * One cell of the grid as plain elements, made once and painted again for another asset when its row comes back into
 * view. Without React, because a fling moves a hundred cells in a frame. Content is set as text only, never as markup.
 */
export interface Cell {
  readonly root: HTMLElement
  /** Index in the order shown, -1 while the cell stands for nothing. */
  index: number
  position: number
  readonly picture: HTMLElement
  readonly excerpt: HTMLElement
  readonly noPreview: HTMLElement
  readonly outcome: Mark
  readonly extra: HTMLElement
  readonly name: HTMLElement
  readonly decision: Mark
  /** What rules found. */
  readonly finding: Mark
  readonly flags: HTMLElement
  /** How many assets the cell stands for. */
  readonly stack: HTMLElement
  painted: string
  row: AssetRow | undefined
  /** Address of the picture that is shown, or on its way. */
  url: string
  cancelLoad: () => void
}

/** A word and its icon, a single path. */
interface Mark {
  readonly root: HTMLElement
  readonly icon: SVGPathElement
  readonly word: HTMLElement
}

const svg = 'http://www.w3.org/2000/svg'

export function makeCell(id: string): Cell {
  const root = element('div', classes.cell)
  root.id = id
  root.setAttribute('role', 'gridcell')
  const picture = append(root, element('div', classes.picture))
  const excerpt = append(root, element('div', classes.excerpt))
  const noPreview = append(root, element('div', classes.noPreview))
  const marks = append(root, element('div', classes.marks))
  const stack = append(marks, element('span', classes.stack))
  stack.dataset.stack = ''
  stack.hidden = true
  const finding = mark(classes.finding)
  finding.root.hidden = true
  marks.append(finding.root)
  const flags = append(marks, element('div', classes.flags))
  flags.hidden = true
  const decision = mark(classes.decision)
  root.append(decision.root)
  const tick = append(root, element('div', classes.tick))
  tick.dataset.tick = ''
  tick.append(iconOf('tick'))
  // Two lines of one box, which cuts both off: every box that cuts something off is a layer of its own to the browser.
  const caption = append(root, element('div', classes.caption))
  const outcome = mark(classes.outcome)
  caption.append(outcome.root)
  const extra = append(caption, element('span', classes.extra))
  caption.append(document.createElement('br'))
  const name = append(caption, element('span', classes.name))
  name.dataset.testid = 'cell-name'
  return {
    root,
    index: -1,
    position: -1,
    picture,
    excerpt,
    noPreview,
    outcome,
    extra,
    name,
    decision,
    finding,
    flags,
    stack,
    painted: '',
    row: undefined,
    url: '',
    cancelLoad: nothing,
  }
}

const nothing = (): void => undefined

export interface CellState {
  readonly table: Table
  readonly count: number
  readonly focused: boolean
  readonly chosen: boolean
  readonly deciding: boolean
  /** How many assets it stands for, and whether it is one of a stack that is laid out. */
  readonly stack: number
  readonly laidOut: boolean
  readonly row: AssetRow | undefined
  /** Address of the picture. */
  readonly url: string
  readonly pictures: Pictures
  /** Pixels that a name may take, and what one takes. */
  readonly nameWidth: number
  readonly measure: Measure
  /** The grid moves too fast for anything to be worth asking for. */
  readonly isFast: boolean
  readonly words: CellWords
  /** Milliseconds since the epoch, for what is awaited. */
  readonly now: number
}

/** Brings a cell up to date; what is the same as when it was painted last is not touched. */
export function paintCell(cell: Cell, index: number, position: number, state: CellState): void {
  const { table, words } = state
  const outcome = table.outcome[position] ?? 0
  const decision = table.decision[position] ?? 0
  const kind = table.kind[position] ?? 0
  const label = table.label[position] ?? 0
  const score = table.score[position] ?? 255
  const flags = table.flags[position] ?? 0
  const reason = table.reason[position] ?? 0
  const finding = table.rules[position] ?? 0
  const awaited = gridOutcomes[outcome] === 'awaiting' ? awaitedFor(state.row, state.now) : ''
  const painted = `${position} ${index} ${state.count} ${outcome} ${decision} ${kind} ${label} ${score} ${flags} ${reason} ${finding} ${state.chosen} ${state.focused} ${state.deciding} ${state.stack} ${state.laidOut} ${words.language} ${state.nameWidth} ${awaited}`
  paintPicture(cell, position, kind, state)
  if (painted === cell.painted && cell.row === state.row) return
  const { root } = cell
  const path = state.row?.path ?? ''
  const name = path.slice(path.lastIndexOf('/') + 1)
  setText(cell.name, cutInMiddle(name, state.nameWidth, state.measure))
  if (cell.position !== position || cell.row !== state.row) {
    cell.name.title = path
    // Blank lines would take the room of words.
    setText(cell.excerpt, (state.row?.excerpt ?? '').replace(/\s*\n\s*/g, '\n').trim())
  }
  cell.painted = painted
  cell.row = state.row
  cell.index = index
  cell.position = position
  root.setAttribute('data-outcome', gridOutcomes[outcome] ?? '')
  root.setAttribute('data-decision', gridDecisions[decision] ?? '')
  root.toggleAttribute('data-focus', state.focused)
  root.toggleAttribute('data-deciding', state.deciding)
  root.setAttribute('aria-selected', String(state.chosen))
  setIcon(cell.outcome.icon, outcomeIcon(table, position))
  setText(cell.outcome.word, outcomeText(table, position, words))
  const why = labelName(label, words.language) || (words.reasons[reason] ?? '')
  const platform = platformText(state.row, outcome, words)
  const extra = [why, scoreText(score, outcome, words), awaited, platform].filter(part => part !== '').join(' ')
  setText(cell.extra, extra)
  cell.decision.root.hidden = decision === 0
  if (decision !== 0) {
    setIcon(cell.decision.icon, gridDecisions[decision] ?? 'undecided')
    setText(cell.decision.word, words.decisions[decision] ?? '')
  }
  cell.finding.root.hidden = !isFindingMarked(table, position)
  if (!cell.finding.root.hidden) {
    cell.finding.root.dataset.finding = gridRules[finding] ?? ''
    setIcon(cell.finding.icon, `finding-${gridRules[finding] ?? 'none'}`)
    setText(cell.finding.word, words.severities[finding] ?? '')
  }
  paintFlags(cell.flags, flags)
  cell.stack.hidden = state.stack === 1 && !state.laidOut
  setText(cell.stack, state.stack > 1 ? `×${state.stack}` : '↩')
  root.setAttribute(
    'aria-label',
    cellLabel(
      table,
      position,
      {
        index,
        count: state.count,
        chosen: state.chosen,
        name,
        awaited,
        platform,
        stack: state.stack,
        laidOut: state.laidOut,
      },
      words,
    ),
  )
}

function paintPicture(cell: Cell, position: number, kind: number, state: CellState): void {
  const url = kind === kindIndex.image ? state.url : ''
  if (cell.position !== position || kind !== Number(cell.root.dataset.kind)) {
    cell.root.dataset.kind = String(kind)
    cell.noPreview.textContent = kind === kindIndex.image ? state.words.noPreview : (state.words.kinds[kind] ?? '')
  }
  // The picture of the asset that was here before must not stand in for this one; that of the same asset with other
  // options stays until the new one is there.
  if (cell.position !== position && cell.url !== url) removePicture(cell)
  if (url === '' || url === cell.url) return
  const known = state.pictures.known(url)
  if (known === undefined && state.isFast && cell.url === '') return
  cell.cancelLoad()
  cell.url = url
  cell.root.removeAttribute('data-preview')
  const show = (image: HTMLImageElement | null) => {
    cell.cancelLoad = nothing
    if (image === null) cell.root.setAttribute('data-preview', 'failed')
    else cell.picture.replaceChildren(image)
  }
  if (known === undefined) cell.cancelLoad = state.pictures.load(url, show)
  else show(known)
}

function removePicture(cell: Cell): void {
  if (cell.url === '') return
  cell.cancelLoad()
  cell.cancelLoad = nothing
  cell.url = ''
  cell.picture.replaceChildren()
  cell.root.removeAttribute('data-preview')
}

/** At speed: the colour of the verdict, and nothing of what the cell stood for before. */
export function paintCellColour(cell: Cell, table: Table, position: number): void {
  if (cell.position === position) return
  removePicture(cell)
  cell.root.hidden = false
  cell.root.setAttribute('data-outcome', gridOutcomes[table.outcome[position] ?? 0] ?? '')
  // Nothing that a click could be meant for.
  cell.index = -1
  cell.position = -1
  cell.painted = ''
}

/** The cell stands for nothing: past the end of the last row. */
export function clearCell(cell: Cell): void {
  cell.root.hidden = true
  if (cell.position === -1) return
  cell.index = -1
  cell.position = -1
  cell.painted = ''
  cell.row = undefined
  removePicture(cell)
}

function paintFlags(flags: HTMLElement, bits: number): void {
  const wanted = String(bits)
  if (flags.dataset.bits === wanted) return
  flags.dataset.bits = wanted
  flags.hidden = bits === 0
  flags.replaceChildren(...flagBits.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => iconOf(`flag-${name}`)))
}

function mark(className: string | undefined): Mark {
  const root = element('span', className)
  const icon = document.createElementNS(svg, 'path')
  const word = document.createElement('span')
  root.append(drawingOf(icon), word)
  return { root, icon, word }
}

function iconOf(name: string): SVGSVGElement {
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

function setIcon(path: SVGPathElement, name: string): void {
  const wanted = linesOf(name)
  if (path.getAttribute('d') !== wanted) path.setAttribute('d', wanted)
}

function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

function element(tag: 'div' | 'span', className: string | undefined): HTMLElement {
  const made = document.createElement(tag)
  made.className = className ?? ''
  return made
}

function append<Child extends HTMLElement>(parent: HTMLElement, child: Child): Child {
  parent.append(child)
  return child
}
