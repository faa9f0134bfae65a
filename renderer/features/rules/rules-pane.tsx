import { Button, Checkbox, Select, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { memo, type ReactElement, useCallback, useMemo, useState } from 'react'
import {
  type Day,
  type ListedRule,
  type RuleScope,
  type RuleSeverity,
  ruleScopes,
  ruleSeverities,
} from '../../../shared/rules.ts'
import { localDay } from '../../base/days.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { chooseRule, dispatchRuleDesk, useRuleDesk } from '../../state/rule-desk.ts'
import { everyRule, matchingRules, type RuleFilter } from './filter.ts'
import { RuleCard } from './rule-card.tsx'
import { RuleList } from './rule-list.tsx'
import classes from './rules.module.css'
import { words } from './words.ts'

/** The rules of a book: a list that is searched and filtered, and the card of the chosen one. */
export function RulesPane(props: {
  readonly rules: readonly ListedRule[]
  readonly onLine: (line: number) => void
}): ReactElement {
  const { rules, onLine } = props
  const t = useWords('rules', words)
  const [filter, setFilter] = useState(everyRule)
  const today = localDay(Date.now())
  const shown = useMemo(() => matchingRules(rules, filter, today), [rules, filter, today])
  const clear = useCallback(() => setFilter(everyRule), [])
  const change = (patch: Partial<RuleFilter>) => setFilter({ ...filter, ...patch })
  return (
    <div className={classes.rulesPane}>
      <div className={classes.filters}>
        <TextInput
          className={classes.search}
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder={t('searchRules')}
          aria-label={t('searchRules')}
          value={filter.query}
          onChange={event => change({ query: event.currentTarget.value })}
        />
        <Select
          w={132}
          aria-label={t('scope')}
          placeholder={t('allTrades')}
          clearable
          clearButtonProps={{ 'aria-label': t('clearFilter') }}
          data={ruleScopes.map(value => ({ value, label: t(`scope.${value}`) }))}
          value={filter.scope}
          onChange={scope => change({ scope: scope as RuleScope | null })}
        />
        <Select
          w={132}
          aria-label={t('severity')}
          placeholder={t('allSeverities')}
          clearable
          clearButtonProps={{ 'aria-label': t('clearFilter') }}
          data={ruleSeverities.map(value => ({ value, label: t(`severity.${value}`) }))}
          value={filter.severity}
          onChange={severity => change({ severity: severity as RuleSeverity | null })}
        />
        <Checkbox
          label={t('staleOnly')}
          checked={filter.staleOnly}
          onChange={event => change({ staleOnly: event.currentTarget.checked })}
        />
        <Text size="sm" c="dimmed" role="status" data-testid="rule-count">
          {shown.length === rules.length
            ? t('ruleCount', { count: formatNumber(rules.length) })
            : t('ruleCountOf', { count: formatNumber(shown.length), all: formatNumber(rules.length) })}
        </Text>
      </div>
      <Split rules={rules} shown={shown} today={today} onClear={clear} onLine={onLine} />
    </div>
  )
}

const choose = (id: string): void => dispatchRuleDesk(chooseRule, id)

/** Drawn anew with each rule that is chosen, which the filter need not be. */
const Split = memo(function Split(props: {
  readonly rules: readonly ListedRule[]
  readonly shown: readonly number[]
  readonly today: Day
  readonly onClear: () => void
  readonly onLine: (line: number) => void
}): ReactElement {
  const { rules, shown, today, onClear, onLine } = props
  const t = useWords('rules', words)
  const chosen = useRuleDesk(state => state.rule)
  const rule = useMemo(() => rules.find(each => each.rule === chosen) ?? null, [rules, chosen])
  return (
    <div className={classes.split}>
      {shown.length > 0 ? (
        <RuleList rules={rules} shown={shown} chosen={rule} today={today} onChoose={choose} />
      ) : (
        <div className={classes.none}>
          <Text size="md">{t(rules.length === 0 ? 'noRules' : 'noMatch')}</Text>
          {rules.length > 0 && (
            <Button variant="default" onClick={onClear}>
              {t('clearFilter')}
            </Button>
          )}
        </div>
      )}
      {rule === null ? (
        <Text className={classes.cardNone} size="md" c="dimmed">
          {t('chooseRule')}
        </Text>
      ) : (
        <RuleCard rule={rule} today={today} onLine={onLine} />
      )}
    </div>
  )
})
