import { type ReactElement, Suspense } from 'react'
import type { ViewId } from '../../shared/commands.ts'
import { useApp } from '../state/app.ts'
import { usePane } from '../state/panes.ts'
import { Broken } from './broken.tsx'
import { views } from './contributions.ts'
import { Drawer } from './drawer.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import classes from './frame.module.css'
import { Opening } from './opening.tsx'
import { Rail, SideBar } from './side-bar.tsx'

/** A view that takes the place of the grid. */
export function SideView(props: { readonly id: ViewId }): ReactElement {
  const view = views.find(({ id }) => id === props.id)
  const ready = useApp(state => state.ready)
  const isBroken = useApp(state => state.broken !== null)
  // Where nothing can be known yet, emptiness would be a claim.
  const needsData = view?.needsNoData !== true
  const Content = view?.Content ?? null
  const side = usePane('sideBar')
  return (
    <div className={classes.sideView}>
      {side === 'beside' ? (
        <div className={classes.sideViewBar}>
          <SideBar />
        </div>
      ) : (
        <Rail isCovered={side === 'over'} />
      )}
      {side === 'over' && (
        <Drawer pane="sideBar">
          <SideBar />
        </Drawer>
      )}
      {needsData && isBroken ? (
        <Broken />
      ) : (
        <main data-pane className={classes.sideViewMain}>
          {needsData && !ready ? (
            <Opening />
          ) : (
            <ErrorBoundary key={props.id}>
              <Suspense fallback={null}>{Content !== null && <Content />}</Suspense>
            </ErrorBoundary>
          )}
        </main>
      )}
    </div>
  )
}
