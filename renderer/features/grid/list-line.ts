import { gridDecisions, gridOutcomes, gridRules } from '../../../shared/grid.ts'
import { formatBytes, formatMoment, formatNumber } from '../../base/i18n/index.ts'
import { unknownScore } from '../../state/grid/table.ts'
import { type CellState, paintPicture, type Recycled } from './cell.ts'
import { append, element, iconOf, type Mark, mark, setHidden, setIcon, setText } from './cell-drawing.ts'
import { awaitedFor, cellLabel, labelName, outcomeIcon, outcomeText, platformText, verdictsText } from './cell-words.ts'
import classes from './grid.module.css'
import { type ColumnId, type ListColumn, listColumnIds } from './list-columns.ts'

/** One asset as a line of the list: made once and painted again as a cell is, and for the same reason. */
export interface Line extends Recycled {
  readonly fields: Readonly<Record<ColumnId, HTMLElement>>
  readonly outcome: Mark
  readonly decision: Mark
  readonly finding: Mark
  readonly stack: HTMLElement
}

export interface LineState extends CellState {
  /** Those that there is room for. */
  readonly columns: readonly ListColumn[]
  /** Cuts a text to the pixels of its column. */
  readonly cut: (text: string, width: number) => string
}

/** Pixels of a column that are no text: its margins, and an icon before it. */
const margins = 12
const iconWidth = 17
const beforeName = 62

export function makeLine(id: string): Line {
  const root = element('div', classes.line)
  root.id = id
  root.dataset.cell = ''
  root.setAttribute('role', 'row')
  const field = (column: ColumnId): HTMLElement => {
    const made = append(root, element('div', classes.field))
    made.setAttribute('role', 'gridcell')
    made.setAttribute('aria-colindex', String(listColumnIds.indexOf(column) + 1))
    made.dataset.column = column
    return made
  }
  const fields = {
    name: field('name'),
    verdict: field('verdict'),
    label: field('label'),
    confidence: field('confidence'),
    decision: field('decision'),
    rule: field('rule'),
    folder: field('folder'),
    size: field('size'),
    time: field('time'),
  }
  const tick = append(fields.name, element('div', classes.lineTick))
  tick.dataset.tick = ''
  tick.append(iconOf('tick'))
  const picture = append(fields.name, element('div', classes.linePicture))
  const noPreview = append(fields.name, element('div', classes.lineNoPreview))
  const name = append(fields.name, element('span', undefined))
  name.dataset.testid = 'cell-name'
  const stack = append(fields.name, element('span', classes.stack))
  stack.dataset.stack = ''
  const outcome = mark(classes.outcome)
  fields.verdict.append(outcome.root)
  const decision = mark(undefined)
  fields.decision.append(decision.root)
  const finding = mark(classes.outcome)
  fields.rule.append(finding.root)
  return {
    root,
    index: -1,
    position: -1,
    picture,
    noPreview,
    fields: { ...fields, name },
    outcome,
    decision,
    finding,
    stack,
    painted: '',
    row: undefined,
    url: '',
    cancelLoad: () => undefined,
  }
}

/** Brings a line up to date; what is the same as when it was painted last is not touched. */
export function paintLine(line: Line, index: number, position: number, state: LineState): void {
  const { table, words, row } = state
  const at = (column: 'outcome' | 'decision' | 'kind' | 'label' | 'rules') => table[column][position] ?? 0
  const score = table.score[position] ?? unknownScore
  const outcome = at('outcome')
  const awaited = gridOutcomes[outcome] === 'awaiting' ? awaitedFor(row, state.now) : ''
  const painted = `${position} ${index} ${state.count} ${outcome} ${at('decision')} ${at('label')} ${score} ${at('rules')} ${table.reason[position]} ${table.screenedAt[position]} ${state.chosen} ${state.focused} ${state.deciding} ${state.stack} ${state.laidOut} ${words.language} ${awaited} ${state.columns.map(({ width }) => width).join()}`
  paintPicture(line, position, at('kind'), state)
  if (painted === line.painted && line.row === row) return
  line.painted = painted
  line.row = row
  line.index = index
  line.position = position
  const { root, fields } = line
  const path = row?.path ?? ''
  const name = path.slice(path.lastIndexOf('/') + 1)
  const why = labelName(at('label'), words.language) || (words.reasons[table.reason[position] ?? 0] ?? '')
  const rule = row?.rule?.[words.language] ?? ''
  const texts: Readonly<Record<Exclude<ColumnId, 'verdict' | 'decision' | 'rule'>, string>> = {
    name,
    label: why,
    confidence: score === unknownScore || gridOutcomes[outcome] === 'pass' ? '' : formatNumber(score),
    folder: table.folders[table.folder[position] ?? 0] ?? '',
    size: row?.bytes == null ? '' : formatBytes(row.bytes),
    time: awaited || timeOf(table.screenedAt[position] ?? 0),
  }
  for (const { id, width } of state.columns) {
    if (id === 'verdict' || id === 'decision' || id === 'rule') continue
    setText(fields[id], state.cut(texts[id], width - margins - (id === 'name' ? beforeName : 0)))
  }
  fields.name.title = path
  fields.label.title = why
  fields.folder.title = texts.folder
  fields.rule.title = rule
  root.setAttribute('data-outcome', gridOutcomes[outcome] ?? '')
  root.setAttribute('data-decision', gridDecisions[at('decision')] ?? '')
  root.toggleAttribute('data-focus', state.focused)
  root.toggleAttribute('data-deciding', state.deciding)
  root.setAttribute('aria-selected', String(state.chosen))
  setIcon(line.outcome.icon, outcomeIcon(table, position))
  setText(line.outcome.word, outcomeText(table, position, words))
  setHidden(line.decision.root, at('decision') === 0)
  setIcon(line.decision.icon, gridDecisions[at('decision')] ?? 'undecided')
  setText(line.decision.word, words.decisions[at('decision')] ?? '')
  const finding = gridRules[at('rules')] ?? 'unknown'
  const ruleWidth = state.columns.find(({ id }) => id === 'rule')?.width ?? 0
  setHidden(line.finding.root, finding === 'unknown' || finding === 'none')
  line.finding.root.dataset.finding = finding
  setIcon(line.finding.icon, `finding-${finding}`)
  const found = rule === '' ? (words.severities[at('rules')] ?? '') : rule
  setText(line.finding.word, state.cut(found, ruleWidth - margins - iconWidth))
  setHidden(line.stack, state.stack === 1 && !state.laidOut)
  setText(line.stack, state.stack > 1 ? `×${state.stack}` : '↩')
  const platform = verdictsText(row, words) || platformText(row, outcome, words)
  const { count, chosen, stack, laidOut } = state
  root.setAttribute(
    'aria-label',
    cellLabel(table, position, { index, count, chosen, name, awaited, platform, stack, laidOut }, words),
  )
}

const timeOf = (seconds: number): string => (seconds === 0 ? '' : formatMoment(seconds * 1000))
