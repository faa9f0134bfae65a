import { IconArrowBackUp, IconKeyboard, IconMessage } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useCommandNames } from '../../base/command-names.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { useRoving } from '../../base/roving.ts'
import { decisionIcons } from '../../base/verdict.tsx'
import { runCommand } from '../../state/commands.ts'
import { useDetail } from '../../state/detail.ts'
import { focusedAsset, targetCount, useGrid } from '../../state/grid/grid.ts'
import { rows } from '../../state/grid/live.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import { useViewState } from '../../state/view-state.ts'
import { choices } from './choices.ts'
import { toggleReason } from './decide.ts'
import { ReasonMenu, useReasons } from './reason-menu.tsx'
import classes from './review.module.css'
import { words } from './words.ts'

/** Which assets the armed reason goes to, were they decided now. */
function ReasonTarget(): ReactElement | null {
  const t = useWords('review', words)
  const count = useGrid(targetCount)
  const isMany = useGrid(state => state.selected.count > 0) || count > 1
  const asset = useGrid(focusedAsset)
  const path = useDetail(state => state.detail?.path) ?? (asset === null ? undefined : rows.get(asset)?.path)
  if (isMany) return <em className={classes.reasonFor}>{t('reasonForMany', { count, shown: formatNumber(count) })}</em>
  if (path === undefined) return null
  return <em className={classes.reasonFor}>{t('reasonFor', { name: path.slice(path.lastIndexOf('/') + 1) })}</em>
}

/** The decisions with their keys, for hands on the mouse and for learning the keys. */
export function DecisionBar(): ReactElement {
  const t = useWords('review', words)
  const name = useCommandNames()
  const count = useGrid(targetCount)
  const reasons = useReasons()
  const armed = useViewState(state => state.reason)
  const host = useRoving<HTMLDivElement>('row')
  return (
    // A click leaves the focus on the assets, or Space would press the button again, on the next of them.
    <div
      ref={host}
      data-pane
      className={classes.decisionBar}
      role="toolbar"
      aria-label={t('decide')}
      onMouseDown={event => event.preventDefault()}
    >
      {choices.map(choice => {
        const Icon = decisionIcons[choice]
        return (
          <button
            type="button"
            key={choice}
            className={classes.decisionButton}
            data-decision={choice}
            disabled={count === 0}
            onClick={() => runCommand(choice)}
          >
            <Icon size={15} stroke={2} aria-hidden />
            {name(choice)}
            {count > 1 && <span className={`figures ${classes.lessNeeded}`}>{formatNumber(count)}</span>}
            <KeyHint command={choice} />
          </button>
        )
      })}
      <button
        type="button"
        className={classes.decisionButton}
        disabled={count === 0}
        onClick={() => runCommand('note')}
      >
        <IconMessage size={15} stroke={1.75} aria-hidden />
        <span className={classes.iconEnough}>{name('note')}</span>
        <KeyHint command="note" />
      </button>
      <button type="button" className={classes.decisionButton} onClick={() => runCommand('undo')}>
        <span className="sr-only">{name('undo')} </span>
        <IconArrowBackUp size={15} stroke={1.75} aria-hidden />
        <span className={classes.lessNeeded}>
          <KeyHint command="undo" />
        </span>
      </button>
      <button
        type="button"
        className={`${classes.decisionButton} ${classes.lessNeeded}`}
        onClick={() => runCommand('keys')}
      >
        <span className="sr-only">{name('keys')} </span>
        <IconKeyboard size={15} stroke={1.75} aria-hidden />
        <KeyHint command="keys" />
      </button>
      {reasons.length > 0 && (
        <fieldset className={classes.reasons} aria-label={t('reasons')}>
          {reasons.map(({ number, text }) => (
            <button
              type="button"
              key={number}
              className={classes.reason}
              data-testid="reason"
              aria-pressed={armed === number}
              onClick={() => toggleReason(number)}
            >
              <kbd className="key">{number}</kbd> {text}
              {armed === number && <ReasonTarget />}
            </button>
          ))}
        </fieldset>
      )}
      <span className={classes.reasonsFolded}>
        <ReasonMenu />
      </span>
    </div>
  )
}
