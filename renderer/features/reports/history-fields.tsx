import { Checkbox, Group, Select, Stack, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { decisions, outcomes } from '../../../shared/domain.ts'
import { labels } from '../../../shared/labels.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { words as commonWords } from '../../base/i18n/words.ts'
import { useApp } from '../../state/app.ts'
import { type HistoryChoice, profilesOf } from '../../state/scopes.ts'
import classes from './reports.module.css'
import { words } from './words.ts'

const decisionChoices = ['undecided', ...decisions] as const

interface HistoryFieldsProps {
  readonly choice: HistoryChoice
  readonly onChange: (choice: HistoryChoice) => void
}

/** Days, verdicts and everything else that a report across history can be narrowed by. */
export function HistoryFields({ choice, onChange }: HistoryFieldsProps): ReactElement {
  const t = useWords('reports', words)
  const common = useWords('common', commonWords)
  const language = useLanguage()
  const profiles = profilesOf(
    useApp(state => state.profiles),
    useApp(state => state.batches),
  )
  return (
    <Stack gap="sm">
      <Group gap="sm">
        {(['from', 'to'] as const).map(end => (
          <TextInput
            key={end}
            type="date"
            label={t(end)}
            value={choice[end]}
            onChange={event => onChange({ ...choice, [end]: event.currentTarget.value })}
          />
        ))}
      </Group>
      <Checkbox.Group
        label={t('machineVerdicts')}
        description={t('verdictsHelp')}
        value={[...choice.outcomes]}
        onChange={values => onChange({ ...choice, outcomes: outcomes.filter(outcome => values.includes(outcome)) })}
      >
        <Group gap="md" mt={6}>
          {(['risky', 'review', 'unchecked', 'rules_only', 'pass'] as const).map(outcome => (
            <Checkbox key={outcome} value={outcome} label={common(`outcome.${outcome}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <div className={classes.fields}>
        <Select
          label={t('profile')}
          placeholder={t('any')}
          clearable
          value={choice.profile}
          onChange={profile => onChange({ ...choice, profile })}
          data={profiles.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Select
          label={t('decision')}
          placeholder={t('any')}
          clearable
          value={choice.decision}
          onChange={value => onChange({ ...choice, decision: decisionChoices.find(known => known === value) ?? null })}
          data={decisionChoices.map(value => ({ value, label: common(`decision.${value}`) }))}
        />
        <Select
          label={t('label')}
          placeholder={t('any')}
          clearable
          searchable
          value={choice.label === null ? null : String(choice.label)}
          onChange={value => onChange({ ...choice, label: value === null ? null : Number(value) })}
          data={labels.map(label => ({ value: String(label.code), label: `${label[language]} ${label.code}` }))}
        />
        <TextInput
          label={t('query')}
          placeholder={t('searchHint')}
          maxLength={200}
          value={choice.query}
          onChange={event => onChange({ ...choice, query: event.currentTarget.value })}
        />
      </div>
    </Stack>
  )
}
