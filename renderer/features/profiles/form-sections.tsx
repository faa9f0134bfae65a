import { Group, NumberInput, SegmentedControl, Select, Slider, Stack, Text, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { imageModes } from '../../../shared/domain.ts'
import { imageRoutes, type Profile, type TokenMode } from '../../../shared/profile.ts'
import { formatPercent, useWords } from '../../base/i18n/index.ts'
import { bestTokenMode, isOtherSecret, type ProfileForm, secretKindOf } from '../../state/draft.ts'
import { DescribedFields } from './described-fields.tsx'
import type { FormControls } from './form-controls.ts'
import { PlainHttpWarning, Section } from './form-section.tsx'
import classes from './profiles.module.css'
import { SecretField } from './secret-field.tsx'
import { words } from './words.ts'

/** The parts of the form that every profile has, whatever its platform. */

interface Props {
  readonly controls: FormControls
}

/** The four fields that most profiles need, and what their platform cannot do without. */
export function AppSection({ controls }: Props): ReactElement {
  const t = useWords('profiles', words)
  const { form, profile, platforms, platform, language, change, touch, errorOf, text } = controls
  const kind = secretKindOf(form.tokenMode)
  return (
    <Section title={t('section.app')}>
      <TextInput
        label={t('name')}
        placeholder={t('namePlaceholder')}
        required
        data-autofocus={profile === null}
        {...text('name')}
      />
      <Choices
        id="profile-platform"
        label={t('platform')}
        value={form.platform}
        options={platforms.map(({ id, name }) => ({ value: id, label: name[language] }))}
        gap={2}
        onChange={value => {
          const next = platforms.find(({ id }) => id === value)
          if (next !== undefined) change({ platform: next.id, ...withTokenMode(form, bestTokenMode(next), profile) })
        }}
      />
      <TextInput
        label={platform?.account.label[language]}
        description={platform?.account.help[language]}
        required
        spellCheck={false}
        classNames={{ input: classes.mono ?? '' }}
        {...text('appid')}
      />
      <SecretField
        label={t(`secret.${kind}`)}
        help={t(`secretHelp.${kind}`)}
        secret={form.secret}
        hasStored={profile?.secret.from === 'vault' && !isOtherSecret(form, profile)}
        error={errorOf('secret')}
        required={kind !== 'bearer'}
        onChange={secret => change({ secret })}
        onBlur={() => touch('secret')}
      />
      <DescribedFields controls={controls} section="access" only="required" />
    </Section>
  )
}

export function AccessSection({ controls }: Props): ReactElement {
  const t = useWords('profiles', words)
  const { form, profile, platform, change, text } = controls
  return (
    <Section title={t('section.access')}>
      <Select
        label={t('tokenMode')}
        description={t(`tokenHelp.${form.tokenMode}`)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        allowDeselect={false}
        value={form.tokenMode}
        onChange={value => {
          const mode = platform?.tokenModes.find(known => known === value)
          if (mode !== undefined) change(withTokenMode(form, mode, profile))
        }}
        data={(platform?.tokenModes ?? [form.tokenMode]).map(mode => ({ value: mode, label: t(`tokenMode.${mode}`) }))}
      />
      {form.tokenMode === 'broker' && (
        <TextInput
          label={t('brokerUrl')}
          description={t('brokerHelp')}
          placeholder="https://"
          required
          spellCheck={false}
          {...text('brokerUrl')}
        />
      )}
      {form.tokenMode === 'broker' && <PlainHttpWarning address={form.brokerUrl} />}
      <DescribedFields controls={controls} section="access" only="optional" />
    </Section>
  )
}

export function ChecksSection({ controls }: Props): ReactElement {
  const t = useWords('profiles', words)
  const { form, change } = controls
  return (
    <Section title={t('section.checks')}>
      <DescribedFields controls={controls} section="checks" />
      <Choices
        id="profile-images"
        label={t('imageMode')}
        help={t(`imageHelp.${form.imageMode}`)}
        value={form.imageMode}
        options={allImageModes.map(mode => ({ value: mode, label: t(`imageMode.${mode}`) }))}
        onChange={value => {
          const imageMode = allImageModes.find(known => known === value)
          if (imageMode !== undefined) change({ imageMode })
        }}
      />
    </Section>
  )
}

export function ControlSection({ controls }: Props): ReactElement {
  const t = useWords('profiles', words)
  return (
    <Section title={t('section.control')}>
      <Text size="sm" c="dimmed">
        {t('controlHelp')}
      </Text>
      <DescribedFields controls={controls} section="control" />
      <TextInput
        label={t('controlImage')}
        description={t('controlImageHelp')}
        spellCheck={false}
        classNames={{ input: classes.mono ?? '' }}
        {...controls.text('controlImage')}
      />
    </Section>
  )
}

export function QuotaSection({ controls }: Props): ReactElement {
  const t = useWords('profiles', words)
  const { form, change, number } = controls
  const share = typeof form.sharePercent === 'number' ? form.sharePercent : 50
  return (
    <Section title={t('section.quota')}>
      <Group align="flex-end" gap="lg" wrap="nowrap">
        <NumberInput label={t('share')} suffix=" %" w={170} {...number('sharePercent')} clampBehavior="none" />
        <Slider
          flex={1}
          mb={8}
          min={1}
          max={100}
          label={null}
          thumbLabel={t('share')}
          value={share}
          onChange={sharePercent => change({ sharePercent })}
        />
      </Group>
      <Text size="sm" c="dimmed">
        {share >= 100 ? t('shareAll') : t('shareHelp', { rest: formatPercent((100 - share) / 100) })}
      </Text>
      <div className={classes.pair}>
        <NumberInput label={t('perMinute')} placeholder={t('limitPlaceholder')} {...number('perMinute')} />
        <NumberInput label={t('perDay')} placeholder={t('limitPlaceholder')} {...number('perDay')} />
      </div>
      <Text size="sm" c="dimmed">
        {t('limitHelp')}
      </Text>
      <div className={classes.pair}>
        <NumberInput label={t('maxCallsPerAsset')} placeholder={t('noCeiling')} {...number('maxCallsPerAsset')} />
        <NumberInput label={t('maxCallsPerBatch')} placeholder={t('noCeiling')} {...number('maxCallsPerBatch')} />
      </div>
      <Text size="sm" c="dimmed">
        {t('ceilingHelp')}
      </Text>
    </Section>
  )
}

export function RelaySection({ controls }: Props): ReactElement {
  const t = useWords('profiles', words)
  const { form, profile, change, touch, errorOf, text } = controls
  return (
    <Section title={t('section.relay')}>
      <Text size="sm" c="dimmed">
        {t('relayHelp')}
      </Text>
      <TextInput label={t('relayUrl')} placeholder="https://" spellCheck={false} {...text('relayUrl')} />
      <PlainHttpWarning address={form.relayUrl} />
      {form.relayUrl.trim() !== '' && (
        <SecretField
          label={t('relayKey')}
          help={t('relayKeyHelp')}
          secret={form.relayKey}
          hasStored={profile?.relay?.key.from === 'vault'}
          error={errorOf('relayKey')}
          required
          onChange={relayKey => change({ relayKey })}
          onBlur={() => touch('relayKey')}
        />
      )}
      <Choices
        id="profile-route"
        label={t('imageRoute')}
        help={t(`routeHelp.${form.imageRoute}`)}
        value={form.imageRoute}
        options={imageRoutes.map(route => ({ value: route, label: t(`imageRoute.${route}`) }))}
        onChange={value => {
          const imageRoute = imageRoutes.find(known => known === value)
          if (imageRoute !== undefined) change({ imageRoute })
        }}
      />
    </Section>
  )
}

export function HostSection({ controls }: Props): ReactElement {
  const t = useWords('profiles', words)
  const { form, platform, text } = controls
  return (
    <Section title={t('section.host')}>
      <TextInput
        label={t('baseUrl')}
        description={t('baseUrlHelp', { host: platform?.baseUrl ?? '' })}
        placeholder={platform?.baseUrl ?? 'https://'}
        spellCheck={false}
        {...text('baseUrl')}
      />
      <PlainHttpWarning address={form.baseUrl} />
    </Section>
  )
}

interface ChoicesProps {
  readonly id: string
  readonly label: string
  readonly help?: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly gap?: number
  readonly onChange: (value: string) => void
}

function Choices({ id, label, help, value, options, gap = 4, onChange }: ChoicesProps): ReactElement {
  return (
    <Stack gap={gap}>
      <Text size="sm" fw={500} id={id}>
        {label}
      </Text>
      <SegmentedControl aria-labelledby={id} w="fit-content" value={value} onChange={onChange} data={[...options]} />
      {help !== undefined && (
        <Text size="sm" c="dimmed">
          {help}
        </Text>
      )}
    </Stack>
  )
}

/** What is stored stays only while it is the kind of secret that the token mode asks for. */
function withTokenMode(form: ProfileForm, tokenMode: TokenMode, profile: Profile | null): Partial<ProfileForm> {
  const keeps = profile?.secret.from === 'vault' && !isOtherSecret({ ...form, tokenMode }, profile)
  return { tokenMode, secret: { ...form.secret, keeps, typed: '' } }
}

const allImageModes = ['auto', ...imageModes] as const
