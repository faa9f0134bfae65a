import {
  Alert,
  Badge,
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Slider,
  Stack,
  Switch,
  Tabs,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import {
  IconAlertTriangle,
  IconDatabase,
  IconGauge,
  IconKeyboard,
  IconPalette,
  IconUserCheck,
} from '@tabler/icons-react'
import { type ReactElement, useEffect, useState } from 'react'
import { commandOf, keyOf } from '../../../shared/commands.ts'
import type { Settings } from '../../../shared/settings.ts'
import { attempt } from '../../base/bridge.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { formatTime, useWords } from '../../base/i18n/index.ts'
import { keyName } from '../../base/keys.ts'
import { tell } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import { LanguageField, ThemeField } from '../../state/appearance-fields.tsx'
import { saveSettings } from '../../state/load.ts'
import { useReasonTexts } from '../../state/reasons.ts'
import { type Section, sectionIds, showSection, useSection } from '../../state/settings-section.ts'
import { TradesField } from '../../state/trades-field.tsx'
import { checked, nextReset, reasonsWith } from './checks.ts'
import { KeysSection } from './keys-section.tsx'
import { Row } from './row.tsx'
import classes from './settings.module.css'
import { words } from './words.ts'

const icons = {
  appearance: IconPalette,
  review: IconUserCheck,
  keys: IconKeyboard,
  checks: IconGauge,
  data: IconDatabase,
} as const satisfies Record<Section, unknown>

/** All settings. Each is saved when it is changed; what the schema refuses is said beside the field and never saved. */
export function SettingsView(): ReactElement {
  const t = useWords('settings', words)
  const name = useCommandNames()
  const section = useSection()
  return (
    <Tabs
      orientation="vertical"
      value={section}
      onChange={value => showSection(sectionIds.find(id => id === value) ?? section)}
      className={classes.view}
      variant="pills"
      keepMounted={false}
    >
      <Stack className={classes.side} gap="lg">
        <Stack gap={4}>
          <Title order={1} size="lg">
            {name('showSettings')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('lead')}
          </Text>
        </Stack>
        <Tabs.List aria-label={name('showSettings')}>
          {sectionIds.map(id => {
            const Icon = icons[id]
            return (
              <Tabs.Tab key={id} value={id} leftSection={<Icon size={16} aria-hidden />}>
                {t(`section.${id}`)}
              </Tabs.Tab>
            )
          })}
        </Tabs.List>
      </Stack>
      {sectionIds.map(id => (
        <Tabs.Panel key={id} value={id} className={classes.panel}>
          <div className={classes.column}>
            <Title order={2} size="lg" mb="sm">
              {t(`section.${id}`)}
            </Title>
            {id === 'appearance' && <AppearanceSection />}
            {id === 'review' && <ReviewSection />}
            {id === 'keys' && <KeysSection />}
            {id === 'checks' && <ChecksSection />}
            {id === 'data' && <DataSection />}
          </div>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

const blurs = ['off', 'light', 'strong'] as const
const reveals = ['hold', 'stay'] as const

function AppearanceSection(): ReactElement {
  const t = useWords('settings', words)
  const settings = useApp(state => state.settings)
  const [density, setDensity] = useState(settings.density)
  useEffect(() => setDensity(settings.density), [settings.density])
  return (
    <>
      <Row label={t('language')}>{aria => <LanguageField {...aria} />}</Row>
      <Row label={t('theme')}>{aria => <ThemeField {...aria} />}</Row>
      <Row label={t('density')} help={t('densityHelp')}>
        {() => (
          <Slider
            w={240}
            min={96}
            max={400}
            step={8}
            thumbLabel={t('density')}
            label={value => `${value} px`}
            value={density}
            onChange={setDensity}
            onChangeEnd={value => save('density', value)}
          />
        )}
      </Row>
    </>
  )
}

function ReviewSection(): ReactElement {
  const t = useWords('settings', words)
  const settings = useApp(state => state.settings)
  const reasons = useReasonTexts()
  const os = useApp(state => state.info?.os ?? 'windows')
  const revealKey = keyOf(commandOf('reveal'), settings.keys)
  return (
    <>
      <Row label={t('reviewer')} help={t('reviewerHelp')}>
        {aria => (
          <TypedText
            {...aria}
            value={settings.reviewer}
            placeholder={t('reviewerPlaceholder')}
            check={value => checked('reviewer', value) !== null}
            error={t('error.reviewer')}
            onSave={value => save('reviewer', value.trim())}
          />
        )}
      </Row>
      <Row label={t('blur')} help={t('blurHelp', { key: revealKey === null ? t('keyNone') : keyName(revealKey, os) })}>
        {aria => (
          <SegmentedControl
            {...aria}
            value={settings.blur}
            onChange={value => save('blur', oneOf(blurs, value))}
            data={blurs.map(value => ({ value, label: t(`blur.${value}`) }))}
          />
        )}
      </Row>
      <Row label={t('reveal')} help={t('revealHelp')}>
        {aria => (
          <SegmentedControl
            {...aria}
            value={settings.reveal}
            onChange={value => save('reveal', oneOf(reveals, value))}
            data={reveals.map(value => ({ value, label: t(`reveal.${value}`) }))}
          />
        )}
      </Row>
      <Row label={t('grey')} help={t('greyHelp')}>
        {aria => (
          <Switch {...aria} checked={settings.grey} onChange={event => save('grey', event.currentTarget.checked)} />
        )}
      </Row>
      <Row label={t('hoverPreview')} help={t('hoverPreviewHelp')}>
        {aria => (
          <Switch
            {...aria}
            checked={settings.hoverPreview}
            onChange={event => save('hoverPreview', event.currentTarget.checked)}
          />
        )}
      </Row>
      <Row label={t('notifications')} help={t('notificationsHelp')}>
        {aria => (
          <Switch
            {...aria}
            checked={settings.notifications}
            onChange={event => save('notifications', event.currentTarget.checked)}
          />
        )}
      </Row>
      <Row label={t('notificationNames')} help={t('notificationNamesHelp')}>
        {aria => (
          <Switch
            {...aria}
            disabled={!settings.notifications}
            checked={settings.notificationNames}
            onChange={event => save('notificationNames', event.currentTarget.checked)}
          />
        )}
      </Row>
      <Row label={t('reasonKeys')} help={t('reasonsHelp')} stacked>
        {() => (
          <div className={classes.reasons}>
            {Array.from({ length: 9 }, (_, at) => at).map(at => (
              <TypedText
                key={at}
                aria-label={t('reason', { number: at + 1 })}
                value={reasons[at] ?? ''}
                placeholder={at === 0 ? t('reasonPlaceholder') : ''}
                lead={String(at + 1)}
                check={value => checked('reasons', [value]) !== null}
                error={t('error.reasons')}
                onSave={value => save('reasons', reasonsWith(reasons, at, value))}
              />
            ))}
          </div>
        )}
      </Row>
    </>
  )
}

const hours = Array.from({ length: 24 }, (_, hour) => String(hour))

function ChecksSection(): ReactElement {
  const t = useWords('settings', words)
  const settings = useApp(state => state.settings)
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <>
      <Row label={t('rulesOn')} help={t('rulesOnHelp', { words: t('notLegalAdvice') })}>
        {aria => (
          <Switch {...aria} checked={settings.rules} onChange={event => save('rules', event.currentTarget.checked)} />
        )}
      </Row>
      <Row label={t('trades')} help={t('tradesHelp')}>
        {aria => (
          <TradesField {...aria} w={280} scopes={settings.ruleScopes} onScopes={scopes => save('ruleScopes', scopes)} />
        )}
      </Row>
      <Row label={t('reuseDays')} help={t('reuseDaysHelp')}>
        {aria => (
          <TypedNumber
            {...aria}
            value={settings.reuseDays}
            suffix={` ${t('days')}`}
            check={value => checked('reuseDays', value) !== null}
            error={t('error.reuseDays')}
            onSave={value => save('reuseDays', value)}
          />
        )}
      </Row>
      <Row label={t('quotaZone')} help={t('quotaHelp')}>
        {aria => (
          <Select
            {...aria}
            w={220}
            searchable
            allowDeselect={false}
            value={settings.quotaZone}
            data={zones.includes(settings.quotaZone) ? zones : [settings.quotaZone, ...zones]}
            onChange={value => {
              if (value !== null) save('quotaZone', value)
            }}
          />
        )}
      </Row>
      <Row
        label={t('quotaHour')}
        help={t('quotaNext', { time: formatTime(nextReset(Date.now(), settings.quotaZone, settings.quotaHour)) })}
      >
        {aria => (
          <Select
            {...aria}
            w={120}
            allowDeselect={false}
            value={String(settings.quotaHour)}
            data={hours.map(hour => ({ value: hour, label: `${hour.padStart(2, '0')}:00` }))}
            onChange={value => save('quotaHour', Number(value))}
          />
        )}
      </Row>
    </>
  )
}

const vaultColors = { keychain: 'var(--pass)', weak: 'var(--review)', none: 'var(--risky)' } as const

function DataSection(): ReactElement {
  const t = useWords('settings', words)
  const settings = useApp(state => state.settings)
  const info = useApp(state => state.info)
  return (
    <>
      <Row label={t('keepYears')} help={t('keepYearsHelp')}>
        {aria => (
          <TypedNumber
            {...aria}
            value={settings.keepYears}
            suffix={` ${t('years')}`}
            check={value => checked('keepYears', value) !== null}
            error={t('error.keepYears')}
            onSave={value => save('keepYears', value)}
          />
        )}
      </Row>
      {info !== null && (
        <>
          <Row label={t('vault')} help={t(`vault.${info.vault}`)}>
            {() => (
              <Badge variant="light" color={vaultColors[info.vault]} size="lg">
                {t(`vaultState.${info.vault}`)}
              </Badge>
            )}
          </Row>
          {info.vault === 'weak' && (
            <Row label={t('weakAccepted')} help={t('weakAcceptedHelp')}>
              {aria => (
                <Switch
                  {...aria}
                  checked={settings.weakVaultAccepted}
                  onChange={event => save('weakVaultAccepted', event.currentTarget.checked)}
                />
              )}
            </Row>
          )}
          <Row label={t('dataDir')} help={t('dataDirHelp')} stacked>
            {() => (
              <Group gap="sm" wrap="nowrap">
                <Text size="sm" className={classes.mono}>
                  {info.dataDir}
                </Text>
                <Button
                  variant="default"
                  flex="none"
                  onClick={async () => {
                    const answer = await attempt('clipboard.write', { text: info.dataDir })
                    if ('value' in answer) tell(t('copied'))
                  }}
                >
                  {t('copy')}
                </Button>
              </Group>
            )}
          </Row>
          <Text size="sm" c="dimmed" mt="lg">
            {t('version', { version: info.version })}
          </Text>
        </>
      )}
      {info === null && (
        <Alert color="var(--review)" icon={<IconAlertTriangle aria-hidden />} title={t('vaultState.none')} />
      )}
    </>
  )
}

function save<Field extends keyof Settings>(field: Field, value: Settings[Field]): void {
  const valid = checked(field, value)
  if (valid !== null) void saveSettings({ [field]: valid })
}

function oneOf<Value extends string>(values: readonly [Value, ...Value[]], value: string): Value {
  return values.find(known => known === value) ?? values[0]
}

interface TypedProps<Value> {
  readonly value: Value
  readonly check: (value: Value) => boolean
  readonly error: string
  readonly onSave: (value: Value) => void
  readonly 'aria-label'?: string
  readonly 'aria-labelledby'?: string
  readonly 'aria-describedby'?: string
}

/** Text that is saved when the field is left or Enter is pressed; what is not allowed stays in the field, unsaved. */
function TypedText(props: TypedProps<string> & { readonly placeholder: string; readonly lead?: string }): ReactElement {
  const { value, check, error, onSave, lead, ...rest } = props
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const isValid = check(typed)
  const commit = () => {
    if (isValid && typed.trim() !== value) onSave(typed)
  }
  return (
    <TextInput
      {...rest}
      {...(lead === undefined ? { w: 240 } : { leftSection: <Text size="sm">{lead}</Text> })}
      value={typed}
      error={isValid ? null : error}
      onChange={event => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={event => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) commit()
      }}
    />
  )
}

function TypedNumber({
  value,
  check,
  error,
  onSave,
  ...rest
}: TypedProps<number> & { readonly suffix: string }): ReactElement {
  const [typed, setTyped] = useState<number | string>(value)
  useEffect(() => setTyped(value), [value])
  const isValid = typeof typed === 'number' && check(typed)
  const commit = () => {
    if (typeof typed === 'number' && isValid && typed !== value) onSave(typed)
  }
  return (
    <NumberInput
      {...rest}
      w={140}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      value={typed}
      error={isValid ? null : error}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={event => {
        if (event.key === 'Enter') commit()
      }}
    />
  )
}
