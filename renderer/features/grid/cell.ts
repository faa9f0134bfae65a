import { gridDecisions, gridOutcomes, gridRules } from '../../../shared/grid.ts'
import type { AssetRow } from '../../../shared/screening.ts'
import { kindIndex, type Table } from '../../state/grid/table.ts'
import { append, element, iconOf, type Mark, mark, setHidden, setIcon, setText } from './cell-drawing.ts'
import { outlinesOf, segmentsOf, shownBoxes, type TextRoom, verdictsOf } from './cell-evidence.ts'
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
  verdictsText,
} from './cell-words.ts'
import classes from './grid.module.css'
import type { Pictures } from './pictures.ts'

/**
 * One cell of the grid as plain elements, made once and painted again for another asset when its row comes back into
 * view. Without React, because a fling moves a hundred cells in a frame. Content is set as text only, never as markup.
 */
export interface Cell extends Recycled {
  readonly excerpt: HTMLElement
  /** Outlines of what was found in a picture; made for the first that has some. */
  outlines: SVGSVGElement | null
  readonly beyond: HTMLElement
  readonly outcome: Mark
  readonly extra: HTMLElement
  readonly name: HTMLElement
  readonly decision: Mark
  /** What rules found. */
  readonly finding: Mark
  readonly flags: HTMLElement
  /** What each profile said, where there are several. */
  readonly verdicts: HTMLElement
  /** How many pictures are in a document. */
  readonly pieces: HTMLElement
  /** How many assets the cell stands for. */
  readonly stack: HTMLElement
}

/** What stands for one asset and then for another: a cell, or a line of the list. */
export interface Recycled {
  readonly root: HTMLElement
  /** Index in the order shown, -1 while it stands for nothing. */
  index: number
  position: number
  readonly picture: HTMLElement
  readonly noPreview: HTMLElement
  painted: string
  row: AssetRow | undefined
  /** Address of the picture that is shown, or on its way. */
  url: string
  cancelLoad: () => void
}

export function makeCell(id: string): Cell {
  const root = element('div', classes.cell)
  root.id = id
  root.setAttribute('role', 'gridcell')
  root.dataset.cell = ''
  const picture = append(root, element('div', classes.picture))
  const excerpt = append(root, element('div', classes.excerpt))
  const noPreview = append(root, element('div', classes.noPreview))
  const beyond = append(root, element('div', classes.beyond))
  beyond.hidden = true
  const marks = append(root, element('div', classes.marks))
  const stack = append(marks, element('span', classes.stack))
  stack.dataset.stack = ''
  stack.hidden = true
  const pieces = append(marks, element('span', classes.pieces))
  pieces.hidden = true
  const finding = mark(classes.finding)
  finding.root.hidden = true
  marks.append(finding.root)
  const verdicts = append(marks, element('div', classes.verdicts))
  verdicts.hidden = true
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
    outlines: null,
    beyond,
    outcome,
    extra,
    name,
    decision,
    finding,
    flags,
    verdicts,
    pieces,
    stack,
    painted: '',
    row: undefined,
    url: '',
    cancelLoad: nothing,
  }
}

const svg = 'http://www.w3.org/2000/svg'

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
  readonly textRoom: TextRoom
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
    paintOutlines(cell, state)
    paintVerdicts(cell, state)
  }
  if (shownKind(kind, state.row) === kindIndex.text) paintExcerpt(cell.excerpt, state)
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
  const platform = verdictsText(state.row, words) || platformText(state.row, outcome, words)
  const extra = [why, scoreText(score, outcome, words), awaited, cell.verdicts.hidden ? platform : '']
    .filter(part => part !== '')
    .join(' ')
  setText(cell.extra, extra)
  setHidden(cell.decision.root, decision === 0)
  if (decision !== 0) {
    setIcon(cell.decision.icon, gridDecisions[decision] ?? 'undecided')
    setText(cell.decision.word, words.decisions[decision] ?? '')
  }
  setHidden(cell.finding.root, !isFindingMarked(table, position))
  if (!cell.finding.root.hidden) {
    cell.finding.root.dataset.finding = gridRules[finding] ?? ''
    setIcon(cell.finding.icon, `finding-${gridRules[finding] ?? 'none'}`)
    setText(cell.finding.word, words.severities[finding] ?? '')
  }
  paintFlags(cell.flags, flags)
  const pictures = state.row?.document?.pictures ?? 0
  setHidden(cell.pieces, pictures === 0)
  setText(cell.pieces, pictures === 0 ? '' : words.pictures(pictures))
  setHidden(cell.stack, state.stack === 1 && !state.laidOut)
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

/** A document is shown as the picture in it that stands for it, or as its words. */
export function shownKind(kind: number, row: AssetRow | undefined): number {
  if (kind !== kindIndex.document || row === undefined) return kind
  if (row.document?.picture != null) return kindIndex.image
  return row.excerpt === null ? kind : kindIndex.text
}

export function paintPicture(cell: Recycled, position: number, ownKind: number, state: CellState): void {
  const kind = shownKind(ownKind, state.row)
  const url = kind === kindIndex.image ? state.url : ''
  if (cell.position !== position || kind !== Number(cell.root.dataset.kind)) {
    cell.root.dataset.kind = String(kind)
    setText(cell.noPreview, kind === kindIndex.image ? state.words.noPreview : (state.words.kinds[kind] ?? ''))
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

function removePicture(cell: Recycled): void {
  if (cell.url === '') return
  cell.cancelLoad()
  cell.cancelLoad = nothing
  cell.url = ''
  cell.picture.replaceChildren()
  cell.root.removeAttribute('data-preview')
}

/** A text from its beginning or, where something was found in it, from there; what was named is marked. */
export function paintExcerpt(
  excerpt: HTMLElement,
  { row, textRoom, words }: Pick<CellState, 'row' | 'textRoom' | 'words'>,
): void {
  const passage = row?.passage ?? null
  if (passage === null) {
    // The same words without their marks are another text.
    if (excerpt.firstElementChild !== null) excerpt.replaceChildren()
    // Blank lines would take the room of words.
    setText(excerpt, (row?.excerpt ?? '').replace(/\s*\n\s*/g, '\n').trim())
    return
  }
  const line = passage.line === null || passage.line === 1 ? '' : words.line.replace('{line}', String(passage.line))
  excerpt.replaceChildren(
    ...(line === '' ? [] : [numberOf(line)]),
    ...segmentsOf(passage, textRoom).map(({ text, tone }) => {
      if (tone === null) return document.createTextNode(text)
      const marked = document.createElement('mark')
      marked.className = classes.found ?? ''
      marked.dataset[tone === 'risky' || tone === 'review' ? 'outcome' : 'finding'] = tone
      marked.textContent = text
      return marked
    }),
  )
}

function numberOf(line: string): HTMLElement {
  const number = element('span', classes.lineNumber)
  number.textContent = line
  return number
}

type Outlined = Pick<Cell, 'picture' | 'outlines' | 'beyond'>

/** Outlines over the picture, as its thumbnail is cut and fitted; the browser scales them as it does the picture. */
export function paintOutlines(cell: Outlined, { row, words }: Pick<CellState, 'row' | 'words'>): void {
  const shown = shownBoxes(row)
  const beyond = shown?.beyond ?? 0
  setHidden(cell.beyond, beyond === 0)
  if (beyond > 0) setText(cell.beyond, words.beyond.replace('{count}', String(beyond)))
  if (shown === null || shown.boxes.length === 0) {
    cell.outlines?.remove()
    cell.outlines = null
    return
  }
  cell.outlines ??= makeOutlines(cell)
  cell.outlines.setAttribute('viewBox', `0 0 ${shown.width} ${shown.height}`)
  for (const path of cell.outlines.children)
    path.setAttribute('d', outlinesOf(shown, path.getAttribute('data-outcome') === 'risky' ? 'risky' : 'review'))
}

function makeOutlines(cell: Outlined): SVGSVGElement {
  const drawing = document.createElementNS(svg, 'svg')
  drawing.setAttribute('class', classes.outlines ?? '')
  drawing.setAttribute('aria-hidden', 'true')
  for (const verdict of ['review', 'risky']) {
    // A light line under the coloured one, which is seen on any picture.
    for (const under of [true, false]) {
      const path = document.createElementNS(svg, 'path')
      path.setAttribute('data-outcome', verdict)
      path.toggleAttribute('data-under', under)
      drawing.append(path)
    }
  }
  cell.picture.after(drawing)
  return drawing
}

function paintVerdicts(cell: Cell, { row, words }: CellState): void {
  const verdicts = verdictsOf(row)
  setHidden(cell.verdicts, verdicts.length === 0)
  cell.verdicts.replaceChildren(
    ...verdicts.map(({ profile, outcome }) => {
      const badge = mark(classes.verdict)
      badge.root.dataset.outcome = outcome
      badge.root.title = words.saidBy(profile, outcome)
      setIcon(badge.icon, outcome)
      badge.word.textContent = words.profile(profile, 'short')
      return badge.root
    }),
  )
}

/** At speed: the colour of the verdict, and nothing of what the cell stood for before. */
export function paintCellColour(cell: Recycled, table: Table, position: number): void {
  if (cell.position === position) return
  removePicture(cell)
  setHidden(cell.root, false)
  cell.root.setAttribute('data-outcome', gridOutcomes[table.outcome[position] ?? 0] ?? '')
  // Nothing that a click could be meant for.
  cell.index = -1
  cell.position = -1
  cell.painted = ''
}

/** The cell stands for nothing: past the end of the last row. */
export function clearCell(cell: Recycled): void {
  setHidden(cell.root, true)
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
  setHidden(flags, bits === 0)
  flags.replaceChildren(...flagBits.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => iconOf(`flag-${name}`)))
}
