import { Switch } from '@mantine/core'
import type { ReactElement } from 'react'
import { rulesProfile } from '../../../shared/rules.ts'
import { useWords } from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import { dispatchPlan, setRuleScopes, setRules, usePlan } from '../../state/plan.ts'
import { TradesField } from '../../state/trades-field.tsx'
import classes from './drop.module.css'
import { words } from './words.ts'

/** Rules look on this machine, beside accounts or without any. */
export function RulesChoice(): ReactElement | null {
  const t = useWords('drop', words)
  const isOffered = useApp(state => state.profiles.some(({ id }) => id === rulesProfile))
  const rules = usePlan(state => state.rules)
  const scopes = usePlan(state => state.options.rules.scopes)
  const isAlone = usePlan(state => state.profiles.length === 0)
  if (!isOffered) return null
  return (
    <div className={classes.planRules} data-testid="plan-rules">
      <div className={classes.planRulesSwitch}>
        <Switch
          label={t('byRules')}
          description={t('byRulesHint', { words: t('notLegalAdvice') })}
          checked={rules}
          onChange={event => dispatchPlan(setRules, event.currentTarget.checked)}
        />
        {rules && isAlone && <p className={classes.planRulesAlone}>{t('rulesAlone')}</p>}
      </div>
      {rules && (
        <TradesField
          className="grow"
          label={t('trades')}
          title={t('tradesHelp')}
          scopes={scopes}
          onScopes={wanted => dispatchPlan(setRuleScopes, wanted)}
        />
      )}
    </div>
  )
}
