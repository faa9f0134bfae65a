import { type ReactElement, useEffect, useMemo, useState } from 'react'
import { thumbnailUrl } from '../../../shared/addresses.ts'
import { gridOutcomes } from '../../../shared/grid.ts'
import type { AssetRow } from '../../../shared/screening.ts'
import { attempt } from '../../base/bridge.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { outcomeIcons } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { assetsAt, dispatchGrid, focusOn, useGrid } from '../../state/grid/grid.ts'
import { progressOf, upcoming, useReviewSession } from '../../state/review-session.ts'
import { useViewState } from '../../state/view-state.ts'
import { coverOf } from './cover.ts'
import classes from './inspector.module.css'
import { words } from './words.ts'

/** How far one is, how fast, and how long it will take. */
export function ReviewPace(): ReactElement | null {
  const t = useWords('inspector', words)
  const session = useReviewSession()
  const grid = useGrid()
  const { done, total, perMinute, minutesLeft } = progressOf(session, grid)
  if (total === 0) return null
  const rate =
    perMinute === null ? null : formatNumber(perMinute < 10 ? Math.round(perMinute * 10) / 10 : Math.round(perMinute))
  const said = [
    t('paceDone', { done: formatNumber(done), total: formatNumber(total) }),
    ...(rate === null ? [] : [t('paceRate', { rate })]),
    ...(minutesLeft === null ? [] : [t('paceLeft', { minutes: formatNumber(minutesLeft) })]),
  ]
  return (
    <span className={`${classes.pace} figures`} data-testid="pace">
      {said.join(' · ')}
    </span>
  )
}

const stripLength = 8

/** The next undecided as they will come, the first of them read and decoded already (use-look-ahead.ts). */
export function FilmStrip(): ReactElement {
  const t = useWords('inspector', words)
  const c = useWords('common', common)
  const settings = useApp(state => state.settings)
  const asked = useViewState()
  const grid = useGrid()
  const { table } = grid
  const positions = upcoming(grid, stripLength)
  const assets = assetsAt(grid, Uint32Array.from(positions))
  const rows = useRows(assets)

  const stays = coverOf({ id: -1, results: [{ outcome: 'risky' }] }, settings, asked).canBeCovered
  return (
    <ol data-pane className={classes.strip} data-testid="film-strip" aria-label={t('comingNext')}>
      {positions.map((position, at) => {
        const asset = assets[at] ?? 0
        const row = rows.get(asset)
        const outcome = gridOutcomes[table?.outcome[position] ?? 0] ?? 'pending'
        const Icon = outcomeIcons[outcome]
        const isCovered = (outcome === 'risky' || outcome === 'review') && stays
        const name = row?.path.slice(row.path.lastIndexOf('/') + 1) ?? ''
        return (
          <li key={asset}>
            <button
              type="button"
              tabIndex={at === 0 ? 0 : -1}
              className={classes.stripItem}
              data-outcome={outcome}
              title={name}
              onClick={() => dispatchGrid(focusOn, position)}
            >
              {row?.kind === 'image' || row?.document?.picture != null ? (
                <img
                  className={classes.stripImage}
                  src={thumbnailUrl(
                    asset,
                    160,
                    { blur: isCovered ? settings.blur : 'off', grey: settings.grey },
                    null,
                    row.document?.picture ?? null,
                  )}
                  alt=""
                  draggable={false}
                />
              ) : (
                <span className={classes.stripText}>{row?.excerpt ?? name}</span>
              )}
              <span className={classes.stripMark}>
                <Icon size={12} stroke={2} aria-hidden /> <span className="sr-only">{c(`outcome.${outcome}`)}</span>{' '}
                {name}
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}

/** Rows of assets, asked for once each while the strip is there. */
function useRows(assets: readonly number[]): ReadonlyMap<number, AssetRow> {
  const [rows, setRows] = useState<ReadonlyMap<number, AssetRow>>(new Map())
  const missing = useMemo(() => assets.filter(asset => !rows.has(asset)).join(' '), [assets, rows])
  useEffect(() => {
    if (missing === '') return
    void attempt('grid.rows', { assets: missing.split(' ').map(Number) }).then(answer => {
      if ('value' in answer) setRows(former => new Map([...former, ...answer.value.map(row => [row.id, row] as const)]))
    })
  }, [missing])
  return rows
}
