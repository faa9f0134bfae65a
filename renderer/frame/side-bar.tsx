import { ActionIcon } from '@mantine/core'
import { IconFlask, IconPlayerPauseFilled, IconX } from '@tabler/icons-react'
import { memo, type ReactElement, useMemo } from 'react'
import type { BatchSummary } from '../../shared/screening.ts'
import { useCommandNames } from '../base/command-names.ts'
import { formatClock, formatDay, formatNumber, useWords } from '../base/i18n/index.ts'
import { useRoving } from '../base/roving.ts'
import { batchesBeside, useApp } from '../state/app.ts'
import { runCommand } from '../state/commands.ts'
import { countOf, everything, type Filter, filterFromText, filterToText } from '../state/grid/filter.ts'
import { useGrid } from '../state/grid/grid.ts'
import { goToBatch, goToView } from '../state/landing.ts'
import { saveSettings } from '../state/load.ts'
import { views } from './contributions.ts'
import { Folders } from './folder-tree.tsx'
import classes from './frame.module.css'
import { words } from './words.ts'

export function SideBar(): ReactElement {
  const t = useWords('shell', words)
  const name = useCommandNames()
  const view = useApp(state => state.view)
  const host = useRoving<HTMLElement>('column')
  return (
    <nav ref={host} data-pane className={classes.sideBar} data-testid="side-bar" aria-label={t('navigation')}>
      <div>
        {views.map(({ id, command, Icon }) => (
          <button
            type="button"
            key={id}
            className={classes.sideItem}
            data-testid="side-item"
            aria-current={view === id ? 'page' : undefined}
            onClick={() => runCommand(command)}
          >
            <Icon size={16} stroke={1.75} aria-hidden />
            <span className={classes.sideWord}>{name(command)}</span>
          </button>
        ))}
      </div>
      {view === 'grid' && <Views />}
      {view === 'grid' && <Folders />}
      <Batches />
    </nav>
  )
}

/** Of the side bar, where it is put away, the views. While the whole of it lies over this, it only keeps the place. */
export function Rail(props: { readonly isCovered: boolean }): ReactElement {
  const t = useWords('shell', words)
  const name = useCommandNames()
  const view = useApp(state => state.view)
  const host = useRoving<HTMLElement>('column')
  if (props.isCovered) return <div className={classes.rail} />
  return (
    <nav ref={host} data-pane className={classes.rail} data-testid="side-bar" aria-label={t('navigation')}>
      {views.map(({ id, command, Icon }) => (
        <button
          type="button"
          key={id}
          className={classes.railItem}
          data-testid="side-item"
          aria-label={name(command)}
          title={name(command)}
          aria-current={view === id ? 'page' : undefined}
          onClick={() => runCommand(command)}
        >
          <Icon size={18} stroke={1.75} aria-hidden />
        </button>
      ))}
    </nav>
  )
}

function Views(): ReactElement {
  const t = useWords('shell', words)
  const saved = useApp(state => state.settings.views)
  const filter = useGrid(state => filterToText(state.filter))
  const counts = useViewCounts(saved)
  const builtIn = [
    ['all', {}],
    ['view.undecidedRisky', { outcome: ['review', 'risky'], decision: ['undecided'] }],
    ['outcome.unchecked', { outcome: ['unchecked'] }],
    ['decision.undecided', { decision: ['undecided'] }],
    ['view.escalated', { decision: ['escalate'] }],
    ['view.disagreement', { flag: ['disagreement'] }],
  ] as const satisfies readonly (readonly [Parameters<typeof t>[0], Partial<Filter>])[]
  return (
    <section className={classes.sideSection}>
      <h2>{t('views')}</h2>
      {builtIn.map(([word, part]) => {
        const own = { ...everything, ...part }
        const number = counts(filterToText(own))
        return (
          <button
            type="button"
            key={word}
            className={classes.sideItem}
            data-testid="side-item"
            aria-current={filter === filterToText(own) ? 'true' : undefined}
            onClick={() => goToView(own)}
          >
            <span className={classes.sideWord} title={t(word)}>
              {t(word)}
            </span>
            <Count number={number} isLoud={word === 'outcome.unchecked'} />
          </button>
        )
      })}
      {saved.map(view => (
        <div key={view.id} className={classes.sideLine}>
          <button
            type="button"
            className={classes.sideItem}
            data-testid="side-item"
            aria-current={filter === view.filter ? 'true' : undefined}
            onClick={() => goToView(filterFromText(view.filter))}
          >
            <span className={classes.sideWord} title={view.name}>
              {view.name}
            </span>
            <Count number={counts(view.filter)} />
          </button>
          <ActionIcon
            className={classes.sideRemove}
            variant="subtle"
            color="gray"
            size="xs"
            aria-label={t('removeView', { name: view.name })}
            onClick={() => void saveSettings({ views: saved.filter(other => other.id !== view.id) })}
          >
            <IconX size={12} />
          </ActionIcon>
        </div>
      ))}
    </section>
  )
}

function Count(props: { readonly number: number | null; readonly isLoud?: boolean }): ReactElement | null {
  const { number, isLoud = false } = props
  if (number === null || number === 0) return null
  return (
    <span className={isLoud ? `${classes.sideCount} ${classes.loud}` : classes.sideCount}>{formatNumber(number)}</span>
  )
}

/** How many assets of the open batch a view shows, by its filter's text; null where the main process would have to look. */
function useViewCounts(saved: readonly { readonly filter: string }[]): (filter: string) => number | null {
  const table = useGrid(state => state.table)
  // The table changes in place; the facets are made anew whenever it has.
  const facets = useGrid(state => state.facets)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  return useMemo(() => {
    const known = new Map<string, number | null>()
    return filter => {
      const found = known.get(filter)
      if (found !== undefined) return found
      const count = table === null || facets === null ? null : countOf(table, filterFromText(filter))
      known.set(filter, count)
      return count
    }
  }, [table, facets, saved])
}

const dayMs = 86_400_000

function Batches(): ReactElement {
  const t = useWords('shell', words)
  const batches = useApp(state => state.batches)
  const open = useApp(state => state.batch)
  const isKnown = useApp(state => state.ready && state.broken === null)
  const shown = batchesBeside(batches, open)
  const midnight = new Date().setHours(0, 0, 0, 0)
  const groups = [
    [t('today'), shown.filter(batch => batch.createdAt >= midnight)],
    [t('yesterday'), shown.filter(batch => batch.createdAt < midnight && batch.createdAt >= midnight - dayMs)],
    [t('earlier'), shown.filter(batch => batch.createdAt < midnight - dayMs)],
  ] as const
  return (
    <section className={classes.sideSection}>
      <h2>{t('batches')}</h2>
      {isKnown && batches.length === 0 && <p className={classes.sideNone}>{t('noBatch')}</p>}
      {groups
        .filter(([, members]) => members.length > 0)
        .map(([name, members]) => (
          <div key={name}>
            <h3>{name}</h3>
            {members.map(batch => (
              <BatchItem key={batch.id} batch={batch} when={name === t('earlier') ? 'day' : 'clock'} />
            ))}
          </div>
        ))}
      {shown.length < batches.length && (
        <button
          type="button"
          className={classes.sideItem}
          data-testid="side-item"
          onClick={() => runCommand('showHistory')}
        >
          <span className={classes.sideWord}>{t('allBatches')}</span>
          <span className={classes.sideCount}>{formatNumber(batches.length)}</span>
        </button>
      )}
    </section>
  )
}

/** Memoised: only the batches that have changed are drawn anew. */
const BatchItem = memo(function BatchItem(props: {
  readonly batch: BatchSummary
  readonly when: 'day' | 'clock'
}): ReactElement {
  const { batch } = props
  const t = useWords('shell', words)
  const isOpen = useApp(state => state.view === 'grid' && state.batch === batch.id)
  const { tally } = batch
  const share = tally.assets === 0 ? 0 : (tally.assets - tally.pending - tally.awaiting) / tally.assets
  return (
    <button
      type="button"
      className={classes.batchItem}
      data-testid="batch"
      data-batch={batch.id}
      aria-current={isOpen ? 'true' : undefined}
      onClick={() => goToBatch(batch.id)}
    >
      <span className={classes.batchItemName} title={batch.name}>
        {batch.name}
      </span>
      <span className={classes.batchItemTime}>
        {props.when === 'day' ? formatDay(batch.createdAt) : formatClock(batch.createdAt)}
      </span>
      <span className={classes.batchItemCounts}>
        <span>{formatNumber(tally.assets)}</span>
        {tally.risky > 0 && <span data-outcome="risky">{`${t('outcome.risky')} ${formatNumber(tally.risky)}`}</span>}
        {tally.unchecked > 0 && (
          <span data-outcome="unchecked">{`${t('outcome.unchecked')} ${formatNumber(tally.unchecked)}`}</span>
        )}
        {tally.rules_only > 0 && (
          <span data-outcome="rules_only">{`${t('outcome.rules_only')} ${formatNumber(tally.rules_only)}`}</span>
        )}
        {batch.practice && <IconFlask size={12} role="img" aria-label={t('practice')} />}
        {batch.state === 'paused' && <IconPlayerPauseFilled size={10} aria-label={t('state.paused')} />}
      </span>
      {(batch.state === 'running' || batch.state === 'paused') && (
        <progress className={classes.batchItemProgress} value={share} max={1} aria-label={t(`state.${batch.state}`)} />
      )}
    </button>
  )
})
