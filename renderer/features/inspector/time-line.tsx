import type { ReactElement } from 'react'
import { piecePlaceText } from '../../../shared/piece-places.ts'
import { useLanguage } from '../../base/i18n/index.ts'
import { dispatchViewState, showPiece } from '../../state/view-state.ts'
import classes from './inspector.module.css'
import type { Leaf } from './leaves.ts'

/**
 * The frames of a film where they are in it, each with what was said of it, and its sound as a line below them. It is for the eye and the
 * mouse: the pager has the same frames for the keyboard.
 */
export function TimeLine({
  leaves,
  shown,
}: {
  readonly leaves: readonly Leaf[]
  readonly shown: number
}): ReactElement | null {
  const language = useLanguage()
  const secondsOf = ({ piece }: Leaf) => piece?.places[0]?.seconds ?? 0
  const frames = leaves.filter(({ kind, name }) => kind === 'picture' && /\bframe \d+$/.test(name))
  const sounds = leaves.filter(({ kind }) => kind === 'recording')
  const last = Math.max(...[...frames, ...sounds].map(secondsOf))
  if (frames.length < 2) return null
  const left = (leaf: Leaf) => `${(last === 0 ? 0 : secondsOf(leaf) / last) * 100}%`
  return (
    <div className={classes.timeLine} data-testid="time-line" aria-hidden>
      <div className={classes.timeTrack}>
        {sounds.map((leaf, at) => (
          <span
            key={leaf.name}
            className={classes.timeSound}
            data-outcome={leaf.verdict}
            style={{
              left: left(leaf),
              right: at + 1 < sounds.length ? `calc(100% - ${left(sounds[at + 1] ?? leaf)})` : 0,
            }}
          />
        ))}
        {frames.map(leaf => (
          <button
            key={leaf.name}
            type="button"
            tabIndex={-1}
            className={classes.timeFrame}
            data-testid="time-frame"
            data-outcome={leaf.verdict}
            data-shown={leaf === leaves[shown] || undefined}
            title={leaf.piece?.places.map(place => piecePlaceText(place, language)).join()}
            style={{ left: left(leaf) }}
            onClick={() => dispatchViewState(showPiece, leaf.name)}
          />
        ))}
      </div>
    </div>
  )
}
