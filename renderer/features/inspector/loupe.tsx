import { ActionIcon } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, Suspense, useRef } from 'react'
import { labelOf } from '../../../shared/labels.ts'
import { problemText } from '../../../shared/problems.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { NoticeRoom } from '../../base/notice-room.tsx'
import { onDemand } from '../../base/on-demand.tsx'
import { DecisionMark, FindingMark, OutcomeMark } from '../../base/verdict.tsx'
import { useDetail } from '../../state/detail.ts'
import { dispatchGrid, focusOn, useGrid } from '../../state/grid/grid.ts'
import { dispatchViewState, openLoupe, useViewState } from '../../state/view-state.ts'
import classes from './inspector.module.css'
import { Findings } from './inspector.tsx'
import { useOverWindow } from './over-window.ts'
import { Preview } from './preview.tsx'
import { FilmStrip, ReviewPace } from './review-mode.tsx'
import { isSaidByRules } from './rules/hits.ts'
import { useLookAhead } from './use-look-ahead.ts'
import { words } from './words.ts'

const LoupeCard = onDemand(async () => (await import('./rules/loupe-card.tsx')).LoupeCard)

/** One asset over the whole window, with the decisions under it. All keys of the grid work here too. */
export function Loupe(props: { readonly decisions: ReactNode }): ReactElement {
  const t = useWords('inspector', words)
  const language = useLanguage()
  const { detail, problem } = useDetail()
  const reviewing = useViewState(state => state.reviewing)
  const index = useGrid(state => state.order.indexOf(state.focus))
  const count = useGrid(state => state.order.length)
  const host = useRef<HTMLDivElement>(null)
  useLookAhead()

  useOverWindow(host)

  const go = (by: 1 | -1) => {
    const position = useGrid.getState().order[index + by]
    if (position !== undefined) dispatchGrid(focusOn, position)
  }
  return (
    <div
      ref={host}
      className={classes.loupe}
      role="dialog"
      aria-modal="true"
      aria-label={t('loupe')}
      data-loupe
      tabIndex={-1}
    >
      <div data-pane className={classes.loupeHead}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('previous')}
          disabled={index <= 0}
          onClick={() => go(-1)}
        >
          <IconChevronLeft size={18} />
        </ActionIcon>
        {/* Announced by screen readers when the asset changes. */}
        <span className="figures" role="status">
          {t('place', { index: formatNumber(index + 1), count: formatNumber(count) })}
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('next')}
          disabled={index >= count - 1}
          onClick={() => go(1)}
        >
          <IconChevronRight size={18} />
        </ActionIcon>
        <div className={classes.loupeSaid} role="status">
          <strong className={classes.loupeName} data-testid="loupe-name" title={detail?.path}>
            {detail?.path}
          </strong>
          {detail?.results.map(result => (
            <span key={result.profile} className={classes.loupeResult}>
              {isSaidByRules(result, detail) ? (
                <FindingMark finding={detail.rules ?? 'unknown'} />
              ) : (
                <OutcomeMark outcome={result.outcome ?? 'pending'} />
              )}
              <span className={classes.loupeLabels}>
                {result.labels.map(code => `${labelOf(code)[language]} ${code}`).join(' · ')}{' '}
                {result.score !== null && <span className="figures">{result.score}</span>}
              </span>
            </span>
          ))}
          {detail?.decision != null && <DecisionMark decision={detail.decision} />}
        </div>
        <span className="grow" />
        {reviewing && <ReviewPace />}
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('close')}
          onClick={() => dispatchViewState(openLoupe, false)}
        >
          <IconX size={18} />
        </ActionIcon>
      </div>
      <div className={classes.loupeBody}>
        <div data-pane className={classes.loupeStage}>
          {detail !== null ? (
            <>
              <Preview detail={detail} isLarge />
              <Suspense>{!reviewing && <LoupeCard detail={detail} />}</Suspense>
            </>
          ) : (
            problem !== null && (
              <div className={classes.none} role="alert">
                <strong>{t('failed')}</strong>
                <p>{problemText(problem.code, language)}</p>
              </div>
            )
          )}
        </div>
        {reviewing && (
          <aside data-pane className={classes.loupeFacts} data-testid="review-facts" aria-label={t('inspector')}>
            {detail !== null && <Findings detail={detail} />}
          </aside>
        )}
      </div>
      {reviewing && <FilmStrip />}
      <NoticeRoom />
      {props.decisions}
    </div>
  )
}
