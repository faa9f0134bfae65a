import { MultiSelect, type MultiSelectProps } from '@mantine/core'
import type { ReactElement } from 'react'
import type { RuleScope } from '../../shared/rules.ts'
import { useWords } from '../base/i18n/index.ts'
import { words } from '../base/i18n/words.ts'
import { type Scopes, scopesOfTrades, trades, tradesOf } from './rule-scopes.ts'

/** Which trades' rules apply. */
export function TradesField(
  props: Omit<MultiSelectProps, 'value' | 'data' | 'onChange'> & {
    readonly scopes: Scopes
    readonly onScopes: (scopes: RuleScope[] | null) => void
  },
): ReactElement {
  const { scopes, onScopes, ...rest } = props
  const t = useWords('common', words)
  const chosen = tradesOf(scopes)
  return (
    <MultiSelect
      {...rest}
      placeholder={chosen.length === 0 ? t('allTrades') : ''}
      clearable
      value={[...chosen]}
      data={trades.map(value => ({ value, label: t(`scope.${value}`) }))}
      onChange={values => onScopes(scopesOfTrades(values))}
    />
  )
}
