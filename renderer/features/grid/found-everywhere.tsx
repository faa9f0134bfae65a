import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import type { IpcProblem, SearchHit } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import { attempt } from '../../base/bridge.ts'
import { focusAssets } from '../../base/focus.ts'
import { formatNumber, formatTime, useLanguage, useWords } from '../../base/i18n/index.ts'
import { markHits } from '../../base/search-marks.ts'
import { OutcomeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { openAsset } from '../../state/open-asset.ts'
import classes from './grid.module.css'
import { words } from './words.ts'

/** More than anybody looks through: the newest. */
const limit = 200
const waitMs = 200

type Found =
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem }
  | { readonly kind: 'found'; readonly query: string; readonly hits: readonly SearchHit[] }

/** What is found in all batches; a hit opens its batch with the focus on the asset. */
export function FoundEverywhere(props: {
  readonly query: string
  readonly close: () => void
  readonly back: () => void
}): ReactElement {
  const t = useWords('grid', words)
  const language = useLanguage()
  const batches = useApp(state => state.batches)
  const found = useFound(props.query.trim())
  const list = useRef<HTMLUListElement>(null)
  useEffect(
    () => (found.kind !== 'found' || list.current === null ? undefined : markHits(list.current, 'button', found.query)),
    [found],
  )
  const moved = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Escape') props.back()
    if (step === 0) return
    event.preventDefault()
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = buttons.findIndex(button => button.matches(':focus')) + step
    if (at < 0) props.back()
    else buttons[at]?.focus()
  }
  if (found.kind !== 'found')
    return (
      <p className={classes.foundSaid} role="status">
        {found.kind === 'running' ? t('searching') : problemText(found.problem.code, language)}
      </p>
    )
  const count = { count: found.hits.length, shown: formatNumber(found.hits.length) }
  return (
    <>
      <p className={classes.foundSaid} role="status">
        {found.hits.length === 0
          ? t('foundNone', { query: found.query })
          : t(found.hits.length < limit ? 'found' : 'foundMost', count)}
      </p>
      <ul className={classes.foundList} ref={list} data-found onKeyDown={moved}>
        {found.hits.map(hit => (
          <li key={hit.asset}>
            <button
              type="button"
              className={classes.foundHit}
              onClick={() => {
                props.close()
                openAsset(hit.batch, hit.asset)
                focusAssets()
              }}
            >
              <OutcomeMark outcome={hit.outcome ?? 'pending'} />
              <span className={classes.foundWords}>
                <span>{hit.path}</span>
                <span className="dim">{hit.excerpt ?? ''}</span>
              </span>
              <span className="dim">
                {batches.find(({ id }) => id === hit.batch)?.name ?? hit.batch}
                <br />
                {formatTime(hit.at)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Asked once who types rests; an answer that comes after a newer question is of no use. */
function useFound(query: string): Found {
  const [found, setFound] = useState<Found>({ kind: 'running' })
  useEffect(() => {
    if (query === '') return
    let isOver = false
    setFound({ kind: 'running' })
    const timer = setTimeout(async () => {
      const answer = await attempt('history.search', { query, limit })
      if (isOver) return
      setFound(
        'problem' in answer
          ? { kind: 'failed', problem: answer.problem }
          : { kind: 'found', query, hits: answer.value },
      )
    }, waitMs)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [query])
  return found
}
