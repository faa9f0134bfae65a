import { IconArrowBackUp, IconKeyboard, IconMessage } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { formatNumber, useWords } from '../i18n/index.ts'
import { decisionIcons } from '../shell/verdict.tsx'
import { useApp } from '../stores/app.ts'
import { useGrid } from '../stores/grid.ts'
import { actLook, armReason, useLook } from '../stores/look.ts'
import { actions } from './actions.ts'
import { KeyHint } from './key-hint.tsx'
import './review.css'
import { words } from './words.ts'

const choices = ['approve', 'reject', 'escalate', 'defer'] as const

/** The decisions with their keys, for hands on the mouse and for learning the keys. */
export function DecisionBar(): ReactElement {
  const t = useWords('review', words)
  const count = useGrid(state => (state.selected.count > 0 ? state.selected.count : state.focus === -1 ? 0 : 1))
  const reasons = useApp(state => state.settings.reasons)
  const armed = useLook(state => state.reason)
  return (
    <div className="decision-bar" role="toolbar" aria-label={t('decide')}>
      {choices.map(choice => {
        const Icon = decisionIcons[choice]
        return (
          <button
            type="button"
            key={choice}
            className="decision-button"
            data-decision={choice}
            disabled={count === 0}
            onClick={actions[choice]}
          >
            <Icon size={15} stroke={2} aria-hidden />
            {t(`command.${choice}`)}
            {count > 1 && <span className="figures">{formatNumber(count)}</span>}
            <KeyHint command={choice} />
          </button>
        )
      })}
      <button type="button" className="decision-button" disabled={count === 0} onClick={actions.note}>
        <IconMessage size={15} stroke={1.75} aria-hidden />
        {t('command.note')}
        <KeyHint command="note" />
      </button>
      {reasons.length > 0 && (
        <fieldset className="reasons" aria-label={t('reasons')}>
          {reasons.map((reason, at) => (
            <button
              type="button"
              key={reason}
              className="reason"
              aria-pressed={armed === at + 1}
              onClick={() => actLook(armReason, at + 1)}
            >
              <kbd className="key">{at + 1}</kbd> {reason}
            </button>
          ))}
        </fieldset>
      )}
      <span className="grow" />
      <button type="button" className="decision-button" onClick={actions.undo}>
        <span className="sr-only">{t('command.undo')} </span>
        <IconArrowBackUp size={15} stroke={1.75} aria-hidden />
        <KeyHint command="undo" />
      </button>
      <button type="button" className="decision-button" onClick={actions.keys}>
        <span className="sr-only">{t('command.keys')} </span>
        <IconKeyboard size={15} stroke={1.75} aria-hidden />
        <KeyHint command="keys" />
      </button>
    </div>
  )
}
