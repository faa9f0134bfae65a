import { type MouseEvent, type ReactElement, type ReactNode, useEffect, useRef } from 'react'
import { formatNumber, language, useLanguage, useWords, wordsOf } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { NoticeRoom } from '../../base/notice-room.tsx'
import { useApp, useBatch } from '../../state/app.ts'
import { everything } from '../../state/grid/filter.ts'
import {
  dispatchGrid,
  extendTo,
  focusOn,
  selectNone,
  toggleBeside,
  toggleSelected,
  toggleStack,
  useGrid,
} from '../../state/grid/grid.ts'
import { onRows, rows, sortGrid } from '../../state/grid/live.ts'
import { useShape } from '../../state/grid/shape.ts'
import { sortedBy, sortKeys } from '../../state/grid/sort.ts'
import { goToView } from '../../state/landing.ts'
import { dispatchViewState, openLoupe, useViewState } from '../../state/view-state.ts'
import { nameApart } from './cell-evidence.ts'
import { type CellWords, cellWords } from './cell-words.ts'
import { positionAt, setCurrentSurface } from './current.ts'
import { mountDragOut } from './drag-out.ts'
import { FilterBar } from './filter-bar.tsx'
import classes from './grid.module.css'
import { mountHoverPreview } from './hover-preview.ts'
import { mountMarquee } from './marquee.ts'
import type { SurfaceInputs } from './painter.ts'
import { mountSurface, type Surface } from './surface.ts'
import { words } from './words.ts'

/** The assets of the open batch, with the decisions under them. */
export function GridView(props: {
  readonly decisions: ReactNode
  /** What can be done with a selection: in the place of the filter's line. */
  readonly selection: ReactNode
}): ReactElement {
  return (
    <div className={classes.view}>
      <FilterBar selection={props.selection} />
      <div className={classes.stage}>
        <Cells />
        <EmptyMessage />
      </div>
      <NoticeRoom />
      {props.decisions}
    </div>
  )
}

/** As it was called when the batch was screened. */
function profileName(id: string, form: 'short' | 'full'): string {
  const { batches, batch } = useApp.getState()
  const profiles = batches.find(known => known.id === batch)?.profiles ?? []
  const name = profiles.find(profile => profile.id === id)?.name ?? id
  const names = profiles.map(profile => profile.name)
  return form === 'full' ? name : nameApart(name, names)
}

/** A head of the list: again, or with Shift, it is the other way round. */
function sortBy(name: string, isShifted: boolean): void {
  const by = sortKeys.find(key => key === name)
  const { sort } = useGrid.getState()
  if (by === undefined) return
  void sortGrid(isShifted && sort.by !== by ? { by, reversed: true } : sortedBy(sort, by))
}

/** Ages are shown in minutes. */
const agingMs = 15_000

/** The frame of the surface. It renders once; focus, selection and deltas are drawn by the surface itself. */
function Cells(): ReactElement {
  const t = useWords('grid', words)
  const host = useRef<HTMLDivElement>(null)
  const surface = useRef<Surface | null>(null)

  useEffect(() => {
    const viewport = host.current
    if (viewport === null) return
    let cached: CellWords | null = null
    const inputs: SurfaceInputs = {
      grid: useGrid.getState,
      view: useViewState.getState,
      settings: () => useApp.getState().settings,
      shape: () => useShape.getState().shape,
      words: () => {
        if (cached?.language !== language())
          cached = cellWords(language(), wordsOf('grid', words), wordsOf('common', common), profileName)
        return cached
      },
      rows,
    }
    const made = mountSurface(viewport, inputs)
    surface.current = made
    const hover = mountHoverPreview(viewport, inputs, positionAt)
    // Back from another view: where one was.
    const arrival = requestAnimationFrame(() => made.show(useGrid.getState().focus))
    // The keys are those of the assets unless something else has them.
    if (document.activeElement === document.body) viewport.focus({ preventScroll: true })
    setCurrentSurface(made)
    const stops = [
      mountMarquee(viewport, made),
      mountDragOut(viewport),
      useGrid.subscribe((state, before) => {
        const isOther =
          state.focus !== before.focus ||
          state.filter !== before.filter ||
          state.sort !== before.sort ||
          state.hits !== before.hits ||
          state.ruled !== before.ruled ||
          state.landings !== before.landings
        if (isOther && state.focus !== -1) made.show(state.focus)
        made.changed()
      }),
      useViewState.subscribe(() => {
        // What was uncovered may be covered again.
        hover.hide()
        made.changed()
      }),
      useShape.subscribe(() => {
        if (useGrid.getState().focus !== -1) made.show(useGrid.getState().focus)
        made.changed()
      }),
      useApp.subscribe((state, before) => {
        if (state.settings !== before.settings) made.changed()
      }),
      onRows(made.changed),
    ]
    return () => {
      cancelAnimationFrame(arrival)
      for (const stop of stops) stop()
      hover.dispose()
      setCurrentSurface(null)
      surface.current = null
      made.dispose()
    }
  }, [])

  // What is awaited grows older without anything happening.
  const isAwaiting = (useBatch()?.tally.awaiting ?? 0) > 0
  useEffect(() => {
    if (!isAwaiting) return
    const timer = setInterval(() => surface.current?.changed(), agingMs)
    return () => clearInterval(timer)
  }, [isAwaiting])

  // Drawn again in the other language.
  const spoken = useLanguage()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the language is what this waits for
  useEffect(() => surface.current?.changed(), [spoken])

  const clicked = (event: MouseEvent) => {
    const by = event.target instanceof Element ? event.target.closest('[data-sort]')?.getAttribute('data-sort') : null
    if (by != null) {
      sortBy(by, event.shiftKey)
      return
    }
    const position = positionAt(event.target)
    if (position === -1) return
    const onTick = event.target instanceof Element && event.target.closest('[data-tick]') !== null
    if (event.target instanceof Element && event.target.closest('[data-stack]') !== null) {
      dispatchGrid(focusOn, position)
      dispatchGrid(toggleStack, null)
    } else if (event.shiftKey) dispatchGrid(extendTo, position)
    else if (onTick) dispatchGrid(toggleSelected, position)
    else if (event.ctrlKey || event.metaKey) dispatchGrid(toggleBeside, position)
    else {
      dispatchGrid(selectNone, null)
      dispatchGrid(focusOn, position)
    }
  }

  return (
    // Keys are handled by the window (frame/keyboard.ts), where they can be remapped.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useSemanticElements: a table could neither scroll this far nor be recycled
    <div
      ref={host}
      className={classes.grid}
      role="grid"
      data-pane
      tabIndex={0}
      aria-label={t('grid')}
      aria-multiselectable="true"
      onClick={clicked}
      onDoubleClick={event => {
        if (positionAt(event.target) !== -1) dispatchViewState(openLoupe, true)
      }}
    />
  )
}

/** Why there are no cells: still opening, still reading, nothing there, or nothing that matches. */
function EmptyMessage(): ReactElement | null {
  const t = useWords('grid', words)
  const loading = useGrid(state => state.loading)
  const isEmpty = useGrid(state => state.table !== null && state.order.length === 0)
  const hasAssets = useGrid(state => (state.table?.length ?? 0) > 0)
  // Found in the batch, and kept out by the rest of the filter.
  const hidden = useGrid(state => (state.order.length === 0 ? (state.hits?.count ?? 0) : 0))
  const walked = useBatch()?.walked ?? true
  if (!loading && !isEmpty) return null
  const word = loading ? 'loading' : hasAssets ? 'nothing' : walked ? 'noAssets' : 'readingFolders'
  return (
    <div className={classes.nothing} data-testid="grid-nothing" role="status">
      <div>
        {t(word)}
        {hidden > 0 && (
          <button
            type="button"
            className={classes.elsewhere}
            onClick={() => goToView({ ...everything, query: useGrid.getState().filter.query })}
          >
            {t('elsewhere', { count: hidden, shown: formatNumber(hidden) })}
          </button>
        )}
      </div>
    </div>
  )
}
