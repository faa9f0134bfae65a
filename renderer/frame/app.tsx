import { MantineProvider } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import { type ReactElement, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { Announcer } from '../base/announcer.tsx'
import { useWords } from '../base/i18n/index.ts'
import { NoticeRoom } from '../base/notice-room.tsx'
import { onDemand } from '../base/on-demand.tsx'
import { markHits } from '../base/search-marks.ts'
import { themeWith } from '../base/theme/index.ts'
import { DropZone } from '../features/drop/drop-zone.tsx'
import { EmptyState } from '../features/drop/empty-state.tsx'
import { GridView } from '../features/grid/grid-view.tsx'
import { CellIcons } from '../features/grid/icons.tsx'
import { Inspector } from '../features/inspector/inspector.tsx'
import { Loupe } from '../features/inspector/loupe.tsx'
import { DecisionBar } from '../features/review/decision-bar.tsx'
import { SelectionBar } from '../features/review/selection-bar.tsx'
import { type Overlay, useApp } from '../state/app.ts'
import { useComparing } from '../state/comparing.ts'
import { useGrid } from '../state/grid/grid.ts'
import { usePane } from '../state/panes.ts'
import { useViewState } from '../state/view-state.ts'
import { Banners } from './banners.tsx'
import { Broken } from './broken.tsx'
import { contributions } from './contributions.ts'
import { Drawer } from './drawer.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import classes from './frame.module.css'
import { Opening } from './opening.tsx'
import { Rail, SideBar } from './side-bar.tsx'
import { SideView } from './side-view.tsx'
import { StatusBar } from './status-bar.tsx'
import { TitleBar } from './title-bar.tsx'
import { words } from './words.ts'

// Not before somebody compares.
const Compare = onDemand(async () => (await import('../features/inspector/compare/compare.tsx')).Compare)
const NoticeStack = onDemand(async () => (await import('../base/notice-stack.tsx')).NoticeStack)
const dialogs = contributions.flatMap(({ id, dialogs = [] }) =>
  dialogs.map((Dialog, at) => ({ key: `${id} ${at}`, Dialog })),
)

export function App(): ReactElement {
  const system = useColorScheme('light', { getInitialValueInEffect: false })
  const chosen = useApp(state => state.settings.theme)
  const t = useWords('shell', words)
  const close = t('close')
  const named = useMemo(() => themeWith({ close }), [close])
  return (
    // Variables and classes come from style sheets, see theme/install.ts.
    <MantineProvider
      theme={named}
      forceColorScheme={chosen === 'system' ? system : chosen}
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateInlineStyles={false}
    >
      <CellIcons />
      <Announcer />
      <ErrorBoundary>
        <Window />
      </ErrorBoundary>
      {/* Behind the rooms that they are put into. */}
      <Later>
        <NoticeStack />
      </Later>
    </MantineProvider>
  )
}

function Window(): ReactElement {
  const view = useApp(state => state.view)
  const hasBatches = useApp(state => state.batches.length > 0)
  const ready = useApp(state => state.ready)
  const isBroken = useApp(state => state.broken !== null)
  const isWork = view === 'grid' && !isBroken && ready && hasBatches
  const overlay = useApp(state => state.overlay)
  const loupe = useViewState(state => state.loupe)
  const comparing = useComparing(state => state.comparing !== null)
  useEffect(() => {
    if (ready) markShown('interactive')
  }, [ready])
  return (
    <DropZone>
      <div className={classes.window} data-window>
        <TitleBar />
        <Banners />
        <div className={classes.windowBody}>
          {view !== 'grid' ? (
            <SideView id={view} />
          ) : isBroken ? (
            <Broken />
          ) : !ready ? (
            <Opening />
          ) : !isWork ? (
            <EmptyState />
          ) : (
            <Work />
          )}
        </div>
        {!isWork && <NoticeRoom />}
        <StatusBar />
      </div>
      {view === 'grid' && loupe && <Loupe decisions={<DecisionBar />} />}
      <Suspense fallback={null}>{view === 'grid' && comparing && <Compare decisions={<DecisionBar />} />}</Suspense>
      <Later>
        {dialogs.map(({ key, Dialog }) => (
          <Dialog key={key} />
        ))}
      </Later>
      <Suspense fallback={null}>{overlay !== 'none' && <OverlayDialog id={overlay} />}</Suspense>
    </DropZone>
  )
}

/** What nobody looks at first: there as soon as the window has shown itself, so that it need not be waited for later. */
function Later(props: { readonly children: ReactNode }): ReactElement | null {
  const [isCalm, setCalm] = useState(false)
  useEffect(() => {
    const idle = requestIdleCallback(() => setCalm(true), { timeout: 500 })
    return () => cancelIdleCallback(idle)
  }, [])
  return isCalm ? <Suspense fallback={null}>{props.children}</Suspense> : null
}

/** A mark on the browser's timeline, once what was just rendered has been drawn. */
function markShown(name: string): void {
  requestAnimationFrame(() => setTimeout(() => performance.mark(name)))
}

/** Where the assets' own words are read. */
const readable = '[role=gridcell], [data-testid=text-stage], [data-testid=inspector-name]'

function Work(): ReactElement {
  const t = useWords('shell', words)
  const query = useGrid(state => state.filter.query)
  const work = useRef<HTMLElement>(null)
  const side = usePane('sideBar')
  const inspector = usePane('inspector')
  useEffect(() => (work.current === null ? undefined : markHits(work.current, readable, query)), [query])
  return (
    <main className={classes.work} ref={work}>
      {side !== 'beside' && <Rail isCovered={side === 'over'} />}
      <Group orientation="horizontal" id="work">
        {side === 'beside' && (
          <>
            <Panel
              id="side"
              defaultSize="216px"
              minSize="160px"
              maxSize="360px"
              groupResizeBehavior="preserve-pixel-size"
            >
              <SideBar />
            </Panel>
            <Separator className={classes.separator} aria-label={t('resizeSide')} />
          </>
        )}
        <Panel id="grid" minSize="320px">
          <GridView decisions={<DecisionBar />} selection={<SelectionBar />} />
        </Panel>
        {inspector === 'beside' && (
          <>
            <Separator className={classes.separator} aria-label={t('resizeInspector')} />
            <Panel
              id="inspector"
              defaultSize="348px"
              minSize="280px"
              maxSize="720px"
              groupResizeBehavior="preserve-pixel-size"
            >
              <Inspector />
            </Panel>
          </>
        )}
      </Group>
      {side === 'over' && (
        <Drawer pane="sideBar">
          <SideBar />
        </Drawer>
      )}
      {inspector === 'over' && (
        <Drawer pane="inspector">
          <Inspector />
        </Drawer>
      )}
    </main>
  )
}

function OverlayDialog(props: { readonly id: Exclude<Overlay, 'none'> }): ReactElement | null {
  const Dialog = contributions.find(({ overlays }) => overlays?.[props.id] !== undefined)?.overlays?.[props.id]
  return Dialog === undefined ? null : <Dialog />
}
