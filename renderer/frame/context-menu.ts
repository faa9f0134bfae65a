import type { BatchAct, MenuChoice, MenuSubject } from '../../shared/context-menu.ts'
import { type FailureCode, failureCodes } from '../../shared/failures.ts'
import { gridKinds } from '../../shared/grid.ts'
import type { BatchSummary } from '../../shared/screening.ts'
import { invoke } from '../base/bridge.ts'
import { isField } from '../base/keys.ts'
import { positionAt } from '../features/grid/current.ts'
import { toggleReason } from '../features/review/decide.ts'
import { dispatch, showOverlay, useApp } from '../state/app.ts'
import { runCommand } from '../state/commands.ts'
import { dispatchGrid, type GridState, pointAt, targets, useGrid } from '../state/grid/grid.ts'
import { undecided } from '../state/grid/table.ts'
import { goToBatch } from '../state/landing.ts'
import { recheckBatch } from '../state/recheck.ts'

type Place = { readonly x: number; readonly y: number }

/** What a menu is about, and who is asked once a line of it is chosen. */
type Wanted =
  | { readonly subject: Extract<MenuSubject, { of: 'assets' | 'text' }> }
  | { readonly subject: Extract<MenuSubject, { of: 'batch' }>; readonly batch: BatchSummary }

export function connectContextMenu(): void {
  window.addEventListener('contextmenu', event => {
    if (event.defaultPrevented || !(event.target instanceof Element)) return
    // By the Menu key the event comes from what has the focus. It has no pointer or, in Chromium, a mouse of which no button is pressed.
    const isByKey = event.pointerType === '' || event.button === -1
    const wanted = wantedAt(event.target, isByKey ? 'key' : 'pointer')
    if (wanted === null) return
    event.preventDefault()
    void open(wanted, isByKey ? placeOfFocus() : { x: event.clientX, y: event.clientY })
  })
}

/** For those whose keyboard has no Menu key. */
export function openByKey(): void {
  const wanted = document.activeElement === null ? null : wantedAt(document.activeElement, 'key')
  if (wanted !== null) void open(wanted, placeOfFocus())
}

async function open(wanted: Wanted, at: Place): Promise<void> {
  const inWindow = { x: Math.max(0, Math.round(at.x)), y: Math.max(0, Math.round(at.y)) }
  const choice = await invoke('window.contextMenu', { subject: wanted.subject, at: inWindow })
  if (choice != null) follow(choice, 'batch' in wanted ? wanted.batch : null)
}

function follow(choice: MenuChoice, batch: BatchSummary | null): void {
  switch (choice.choice) {
    case 'command':
      runCommand(choice.command)
      break
    case 'reason':
      toggleReason(choice.reason)
      break
    case 'batch':
      if (batch !== null) batchActs[choice.act](batch)
      break
  }
}

const batchActs: Readonly<Record<BatchAct, (batch: BatchSummary) => void>> = {
  open: ({ id }) => goToBatch(id),
  pause: ({ id }) => void invoke('batches.pause', { batch: id }),
  resume: ({ id }) => void invoke('batches.resume', { batch: id }),
  recheck: ({ id }) => void recheckBatch(id, null),
  export: ({ id }) => {
    goToBatch(id)
    dispatch(showOverlay, 'export')
  },
  copyName: ({ name }) => void invoke('clipboard.write', { text: name }),
}

/** Null where there is nothing to choose among; the system's own menu, if there is any, is left alone then. */
function wantedAt(target: Element, by: 'pointer' | 'key'): Wanted | null {
  if (isField(target)) return { subject: { of: 'text', canEdit: !isReadOnly(target), hasSelection: isMarked(target) } }
  if (target.closest('[role=menu], [role=dialog]:not([data-loupe])') !== null) return null
  const selection = getSelection()
  if (by === 'pointer' && selection?.isCollapsed === false && selection.containsNode(target, true))
    return { subject: { of: 'text', canEdit: false, hasSelection: true } }
  const id = target.closest<HTMLElement>('[data-batch]')?.dataset.batch
  const batch = useApp.getState().batches.find(each => each.id === id)
  if (batch !== undefined) return { subject: batchSubject(batch), batch }
  if (by === 'pointer') {
    const position = positionAt(target)
    if (position !== -1) dispatchGrid(pointAt, position)
    else if (target.closest('[data-loupe], [data-about-focus]') === null) return null
  } else if (target.closest('[role=grid], [data-loupe], [data-about-focus]') === null) return null
  const subject = assetSubject(useGrid.getState())
  return subject === null ? null : { subject }
}

/** What decisions would touch. */
export function assetSubject(state: GridState): Extract<MenuSubject, { of: 'assets' }> | null {
  const { table } = state
  const positions = targets(state)
  const [first] = positions
  if (table === null || first === undefined) return null
  const kind = positions.length === 1 ? (gridKinds[table.kind[first] ?? 0] ?? 'unknown') : 'unknown'
  return {
    of: 'assets',
    count: positions.length,
    kind: kind === 'unknown' ? null : kind,
    isDecided: positions.some(position => table.decision[position] !== undecided),
    waits: positions.some(position => table.reason[position] === waiting),
    isUndecoded: positions.some(position => table.reason[position] === undecoded),
    isSelection: state.selected.count > 0,
  }
}

const reasonIndex = (code: FailureCode): number => failureCodes.indexOf(code) + 1
const waiting = reasonIndex('calls_over_limit')
const undecoded = reasonIndex('undecodable_text')

function batchSubject({ id, state, tally }: BatchSummary): Extract<MenuSubject, { of: 'batch' }> {
  const { batch, view } = useApp.getState()
  return { of: 'batch', state, unchecked: tally.unchecked, isOpen: view === 'grid' && batch === id }
}

const isReadOnly = (field: Element): boolean =>
  (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && (field.readOnly || field.disabled)

function isMarked(field: Element): boolean {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement))
    return getSelection()?.isCollapsed === false
  // Fields for numbers do not say.
  return field.selectionStart === null || field.selectionStart !== field.selectionEnd
}

/** Below what has the focus: in the grid that is a cell. */
function placeOfFocus(): Place {
  const focused = document.activeElement
  const active = focused?.getAttribute('aria-activedescendant') ?? ''
  const box = (active === '' ? focused : (document.getElementById(active) ?? focused))?.getBoundingClientRect()
  return box === undefined
    ? { x: 0, y: 0 }
    : { x: box.left + Math.min(24, box.width / 2), y: box.top + Math.min(24, box.height) }
}
