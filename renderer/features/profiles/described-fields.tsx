import { Select, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import type { ChoiceField, LineField, LinesField, ProfileField, SwitchField } from '../../../shared/platforms.ts'
import { formatNumber } from '../../base/i18n/index.ts'
import { openidsOf } from '../../state/draft.ts'
import type { FormControls } from './form-controls.ts'
import { Section } from './form-section.tsx'
import classes from './profiles.module.css'

interface Props<Field> {
  readonly controls: FormControls
  readonly field: Field
}

/** The fields that the platform describes for a part of the form. */
export function DescribedFields({
  controls,
  section,
  only = 'all',
}: {
  readonly controls: FormControls
  readonly section: 'access' | 'checks' | 'control'
  readonly only?: 'all' | 'required' | 'optional'
}): ReactElement[] {
  const fields = controls.platform?.fields ?? []
  return fields
    .filter(field => field.section === section && (only === 'all' || isRequired(field) === (only === 'required')))
    .map(field => <DescribedField key={field.id} controls={controls} field={field} />)
}

const isRequired = (field: ProfileField): boolean => field.kind === 'line' && field.isRequired === true

/** The fields that have a part of the form to themselves. */
export function DescribedSections({ controls }: { readonly controls: FormControls }): ReactElement[] {
  const fields = controls.platform?.fields ?? []
  return fields.flatMap(field =>
    typeof field.section === 'string' ? (
      []
    ) : (
      <Section key={field.id} title={field.section[controls.language]}>
        <DescribedField controls={controls} field={field} />
      </Section>
    ),
  )
}

function DescribedField({ controls, field }: Props<ProfileField>): ReactElement {
  switch (field.kind) {
    case 'line':
      return <Line controls={controls} field={field} />
    case 'lines':
      return <Lines controls={controls} field={field} />
    case 'choice':
      return <Choice controls={controls} field={field} />
    case 'switch':
      return <Switched controls={controls} field={field} />
  }
}

function Line({ controls, field }: Props<LineField>): ReactElement {
  const { language } = controls
  const { id } = field
  const bound = isStored(id) ? controls.text(id) : controls.own(id, field.wrong?.[language] ?? '')
  return (
    <TextInput
      label={field.label[language]}
      description={field.help?.[language]}
      placeholder={field.placeholder?.[language]}
      required={field.isRequired}
      spellCheck={false}
      {...bound}
    />
  )
}

/** Properties of a profile; any other field is kept under `fields`. */
function isStored(id: string): id is 'controlKeyword' | 'cloudEnv' | 'cloudFunction' {
  return id === 'controlKeyword' || id === 'cloudEnv' || id === 'cloudFunction'
}

function Lines({ controls, field }: Props<LinesField>): ReactElement {
  const { language, form } = controls
  const value = form[field.id]
  return (
    <Stack gap="md">
      <Textarea
        label={field.label[language]}
        description={field.help?.[language]}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: classes.mono ?? '' }}
        {...controls.text(field.id)}
      />
      {value.trim() !== '' && (
        <Text size="sm" c="dimmed">
          {field.counted[language].replace('{{count}}', formatNumber(openidsOf(value).length))}
        </Text>
      )}
    </Stack>
  )
}

function Choice({ controls, field }: Props<ChoiceField>): ReactElement {
  const { language, form, change } = controls
  return (
    <Select
      label={field.label[language]}
      description={field.help?.[language]}
      allowDeselect={false}
      value={String(form[field.id])}
      onChange={value => {
        const chosen = field.options.find(option => String(option.value) === value)
        if (chosen !== undefined) change({ [field.id]: chosen.value })
      }}
      data={field.options.map(({ value, label }) => ({ value: String(value), label: label[language] }))}
    />
  )
}

function Switched({ controls, field }: Props<SwitchField>): ReactElement {
  const { language, form, change } = controls
  return (
    <Stack gap="md">
      <Switch
        label={field.label[language]}
        description={field.help?.[language]}
        checked={form.isCloud}
        onChange={event => change({ isCloud: event.currentTarget.checked })}
      />
      {form.isCloud && (
        <div className={classes.pair}>
          {field.fields.map(each => (
            <Line key={each.id} controls={controls} field={each} />
          ))}
        </div>
      )}
    </Stack>
  )
}
