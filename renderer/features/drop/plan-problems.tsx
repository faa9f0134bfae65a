import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import { failureText } from '../../../shared/failures.ts'
import { decodeRemarks, detailText, type Remark } from '../../../shared/remarks/index.ts'
import type { Plan } from '../../../shared/screening.ts'
import { formatNumber, type Language, useLanguage, useWords, wordsOf } from '../../base/i18n/index.ts'
import { VirtualList } from '../../base/virtual-list.tsx'
import { dispatchPlan, maxTilesAllowed, planShown, setMaxCalls, setMaxTiles, usePlan } from '../../state/plan.ts'
import classes from './drop.module.css'
import { words } from './words.ts'

/** Files that will not be checked, a line each. */
export function Problems(): ReactElement | null {
  const t = useWords('drop', words)
  const language = useLanguage()
  const plan = usePlan(planShown)
  const [isOpen, setOpen] = useState(true)
  if (plan === null || plan.problemCount === 0) return null
  const { problems, problemCount } = plan
  return (
    <details
      className={classes.planProblems}
      data-testid="plan-problems"
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <IconAlertTriangle size={14} aria-hidden />{' '}
        {t('problems', { count: problemCount, shown: formatNumber(problemCount) })}
        {problemCount > problems.length && (
          <span className="dim"> · {t('problemsFirst', { count: formatNumber(problems.length) })}</span>
        )}
      </summary>
      <VirtualList
        count={problems.length}
        rowHeight={26}
        height={Math.min(156, problems.length * 26)}
        label={t('problems', { count: problemCount, shown: formatNumber(problemCount) })}
        row={index => {
          const problem = problems[index]
          if (problem === undefined) return null
          const reason = problemLine(problem, language)
          const wanted = tilesWanted(problem)
          const calls = callsWanted(problem)
          return (
            <div className={classes.planProblemRow} title={`${problem.path}\n${reason}`}>
              <span>{problem.path}</span>
              <span className="dim">{reason}</span>
              {wanted !== null && (
                <button
                  type="button"
                  className={classes.planProblemAct}
                  onClick={() => dispatchPlan(setMaxTiles, wanted)}
                >
                  {t('allowTiles', { count: formatNumber(wanted) })}
                </button>
              )}
              {calls !== null && (
                <button
                  type="button"
                  className={classes.planProblemAct}
                  onClick={() => dispatchPlan(setMaxCalls, calls)}
                >
                  {t('allowCalls', { count: formatNumber(calls) })}
                </button>
              )}
            </div>
          )
        }}
      />
    </details>
  )
}

/** Why the file will not be checked. Where columns are chosen above, nothing is said of how the command line names them. */
export function problemLine({ code, detail }: Plan['problems'][number], language: Language): string {
  const t = wordsOf('drop', words)
  switch (code) {
    case 'skipped':
      return skipText(detail)
    case 'column_not_chosen':
    case 'column_unknown':
    case 'column_ambiguous':
      return t(`problem.${code}`)
    default: {
      const calls = callsRemark(detail)
      if (calls !== undefined)
        return t('problem.calls_over_limit', {
          count: formatNumber(calls.count ?? 0),
          limit: formatNumber(calls.limit ?? 0),
        })
      const tiles = tilesRemark(detail)
      if (tiles !== undefined)
        return t(`problem.${tiles.code}`, {
          count: formatNumber(tiles.count ?? 0),
          limit: formatNumber(tiles.limit ?? 0),
          fit: t('mode.fit'),
        })
      return `${failureText(code, language)} ${detailText(detail, language)}`
    }
  }
}

const isOfTiles = (remark: Remark): remark is Remark & { readonly code: 'tiles_too_many' | 'frames_too_many' } =>
  remark.code === 'tiles_too_many' || remark.code === 'frames_too_many'
/** What is said here in the words of the dialog: the remark's own are also for the command line. */
const tilesRemark = (detail: string) => decodeRemarks(detail)?.find(isOfTiles)

const callsRemark = (detail: string) => decodeRemarks(detail)?.find(({ code }) => code === 'asset_calls_over')

/** How many calls the file needs; null where that is not the matter. */
export const callsWanted = ({ detail }: Pick<Plan['problems'][number], 'detail'>): number | null =>
  callsRemark(detail)?.count ?? null

/** How many tiles would do; null where that is not the matter, or more than can be allowed. */
export function tilesWanted({ detail }: Pick<Plan['problems'][number], 'detail'>): number | null {
  const { count = 0 } = tilesRemark(detail) ?? {}
  return count > 0 && count <= maxTilesAllowed ? count : null
}

const skipReasons = ['hidden', 'system', 'duplicate', 'unwanted', 'of_page'] as const

function skipText(detail: string): string {
  const t = wordsOf('drop', words)
  const known = skipReasons.find(reason => reason === detail)
  return known === undefined ? t('skipped') : t(`skipped.${known}`)
}
