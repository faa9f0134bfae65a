import {
  Alert,
  Button,
  Group,
  NumberInput,
  Paper,
  SegmentedControl,
  Select,
  Slider,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, type ReactElement, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { imageModes } from '../../../shared/domain.ts'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { isPlainPublicHttp } from '../../../shared/plain-http.ts'
import { problemText } from '../../../shared/problems.ts'
import { imageRoutes, type Profile } from '../../../shared/profile.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { attempt } from '../../base/bridge.ts'
import { formatNumber, formatPercent, useLanguage, useWords } from '../../base/i18n/index.ts'
import { tell } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import {
  defaultTokenMode,
  emptyForm,
  type ProfileForm as Form,
  formOf,
  isOtherSecret,
  openidsOf,
  readForm,
  type SecretForm,
  secretKindOf,
  takesCloud,
  takesOpenids,
} from '../../state/draft.ts'
import { reloadProfiles, saveSettings } from '../../state/load.ts'
import {
  discardDraft,
  dispatchProfileDraft,
  formIn,
  saveDraft,
  typeDraft,
  useProfileDraft,
} from '../../state/profile-draft.ts'
import classes from './profiles.module.css'
import { SecretField } from './secret-field.tsx'
import type { PlatformInfo } from './use-platforms.ts'
import { words } from './words.ts'

interface Props {
  readonly profile: Profile | null
  readonly platforms: readonly PlatformInfo[]
  readonly onSaved: () => void
  readonly onCancel: () => void
}

/** Adds or edits one profile. Nothing is sent before every field can be understood. */
export function ProfileForm({ profile, platforms, onSaved, onCancel }: Props) {
  const t = useWords('profiles', words)
  const language = useLanguage()
  const initial = useMemo(
    () => (profile === null ? emptyForm(platforms[0]?.id ?? 'wechat') : formOf(profile)),
    [profile, platforms],
  )
  const of = profile?.id ?? null
  const draft = useProfileDraft(state => state.draft)
  const form = formIn({ draft }, of, initial)
  const isDirty = form !== initial
  const [touched, setTouched] = useState<ReadonlySet<keyof Form>>(new Set())
  const [attempts, setAttempts] = useState(0)
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<IpcProblem | null>(null)
  const element = useRef<HTMLFormElement>(null)

  const names = useApp(state => state.profiles).map(({ name }) => name)
  const around = { stored: profile, names }
  const read = readForm(form, around)
  const platform = platforms.find(({ id }) => id === form.platform)
  const errors = read.kind === 'invalid' ? read.errors : {}

  useEffect(() => {
    if (attempts === 0) return
    const invalid = element.current?.querySelector('[aria-invalid="true"]')
    if (invalid instanceof HTMLElement) invalid.focus()
  }, [attempts])

  const change = (patch: Partial<Form>) => dispatchProfileDraft(typeDraft, { of, stored: initial, patch })
  const forgetMistakes = () => {
    setAttempts(0)
    setTouched(new Set())
    setProblem(null)
  }
  const touch = (field: keyof Form) => setTouched(current => new Set([...current, field]))
  const errorOf = (field: keyof Form): string | null => {
    const error = errors[field]
    return error === undefined || (attempts === 0 && !touched.has(field)) ? null : t(`error.${error}`)
  }
  const text = (
    field:
      | 'name'
      | 'appid'
      | 'brokerUrl'
      | 'baseUrl'
      | 'openids'
      | 'relayUrl'
      | 'cloudEnv'
      | 'cloudFunction'
      | 'controlKeyword'
      | 'controlImage',
  ) => ({
    value: form[field],
    error: errorOf(field),
    onChange: (event: { currentTarget: { value: string } }) => change({ [field]: event.currentTarget.value }),
    onBlur: () => touch(field),
    autoComplete: 'off',
  })
  const number = (field: 'sharePercent' | 'perMinute' | 'perDay') => ({
    value: form[field],
    error: errorOf(field),
    onChange: (value: number | string) => change({ [field]: value }),
    onBlur: () => touch(field),
    allowDecimal: false,
    allowNegative: false,
    thousandSeparator: language === 'zh' ? ',' : ' ',
    hideControls: true,
  })

  async function save() {
    const wanted = readForm(form, around)
    if (wanted.kind === 'invalid') {
      setAttempts(count => count + 1)
      return
    }
    setSaving(true)
    const answer = await attempt('profiles.save', {
      draft: wanted.draft,
      secret: wanted.secret,
      relayKey: wanted.relayKey,
    })
    setSaving(false)
    if ('problem' in answer) {
      setProblem(answer.problem)
      return
    }
    await reloadProfiles()
    // What is stored is shown from now on: of a secret that was typed, only that there is one.
    dispatchProfileDraft(saveDraft, { of, id: answer.value.id })
    forgetMistakes()
    tell(t('saved', { name: answer.value.name }))
    onSaved()
  }

  async function saveWeakly() {
    await saveSettings({ weakVaultAccepted: true })
    await save()
  }

  const switchToEnv = () => {
    setProblem(null)
    change({
      secret: asVariable(form.secret),
      relayKey: form.relayUrl === '' ? form.relayKey : asVariable(form.relayKey),
    })
  }

  const share = typeof form.sharePercent === 'number' ? form.sharePercent : 50
  return (
    <form
      ref={element}
      noValidate
      aria-label={profile?.name ?? t('newTitle')}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void save()
      }}
    >
      <Stack gap="md">
        {attempts > 0 && read.kind === 'invalid' && (
          <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle />} role="alert">
            {t('fixErrors', { count: Object.keys(read.errors).length })}
          </Alert>
        )}
        <Section title={t('section.app')}>
          <TextInput
            label={t('name')}
            placeholder={t('namePlaceholder')}
            required
            data-autofocus={profile === null}
            {...text('name')}
          />
          <Stack gap={2}>
            <Text size="sm" fw={500} id="profile-platform">
              {t('platform')}
            </Text>
            <SegmentedControl
              aria-labelledby="profile-platform"
              w="fit-content"
              value={form.platform}
              onChange={value => {
                const next = platforms.find(({ id }) => id === value)
                if (next !== undefined)
                  change({ platform: next.id, ...withTokenMode(form, defaultTokenMode(next.id), profile) })
              }}
              data={platforms.map(({ id, zh, en }) => ({ value: id, label: language === 'zh' ? zh : en }))}
            />
          </Stack>
          <TextInput
            label={t('appid')}
            description={t('appidHelp')}
            required
            spellCheck={false}
            classNames={{ input: classes.mono ?? '' }}
            {...text('appid')}
          />
        </Section>

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
            data={(platform?.tokenModes ?? [form.tokenMode]).map(mode => ({
              value: mode,
              label: t(`tokenMode.${mode}`),
            }))}
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
          <SecretField
            label={t(`secret.${secretKindOf(form.tokenMode)}`)}
            help={t(`secretHelp.${secretKindOf(form.tokenMode)}`)}
            secret={form.secret}
            hasStored={profile?.secret.from === 'vault' && !isOtherSecret(form, profile)}
            error={errorOf('secret')}
            required={secretKindOf(form.tokenMode) !== 'bearer'}
            onChange={secret => change({ secret })}
            onBlur={() => touch('secret')}
          />
        </Section>

        <Section title={t('section.checks')}>
          {takesOpenids(form.platform) && (
            <>
              <Textarea
                label={t('openids')}
                description={t('openidsHelp')}
                autosize
                minRows={2}
                maxRows={8}
                spellCheck={false}
                classNames={{ input: classes.mono ?? '' }}
                {...text('openids')}
              />
              {form.openids.trim() !== '' && (
                <Text size="sm" c="dimmed">
                  {t('openidsCount', { count: formatNumber(openidsOf(form.openids).length) })}
                </Text>
              )}
              <Select
                label={t('scene')}
                description={t('sceneHelp')}
                allowDeselect={false}
                value={String(form.scene)}
                onChange={value => {
                  const scene = scenes.find(known => String(known) === value)
                  if (scene !== undefined) change({ scene })
                }}
                data={scenes.map(scene => ({ value: String(scene), label: t(`scene.${scene}`) }))}
              />
            </>
          )}
          <Stack gap={4}>
            <Text size="sm" fw={500} id="profile-images">
              {t('imageMode')}
            </Text>
            <SegmentedControl
              aria-labelledby="profile-images"
              w="fit-content"
              value={form.imageMode}
              onChange={value => {
                const imageMode = allImageModes.find(known => known === value)
                if (imageMode !== undefined) change({ imageMode })
              }}
              data={allImageModes.map(mode => ({ value: mode, label: t(`imageMode.${mode}`) }))}
            />
            <Text size="sm" c="dimmed">
              {t(`imageHelp.${form.imageMode}`)}
            </Text>
          </Stack>
        </Section>

        <Section title={t('section.control')}>
          <Text size="sm" c="dimmed">
            {t('controlHelp')}
          </Text>
          {takesOpenids(form.platform) && (
            <TextInput
              label={t('controlKeyword')}
              description={t('controlKeywordHelp')}
              spellCheck={false}
              {...text('controlKeyword')}
            />
          )}
          <TextInput
            label={t('controlImage')}
            description={t('controlImageHelp')}
            spellCheck={false}
            classNames={{ input: classes.mono ?? '' }}
            {...text('controlImage')}
          />
        </Section>

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
        </Section>

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
          <Stack gap={4}>
            <Text size="sm" fw={500} id="profile-route">
              {t('imageRoute')}
            </Text>
            <SegmentedControl
              aria-labelledby="profile-route"
              w="fit-content"
              value={form.imageRoute}
              onChange={value => {
                const imageRoute = imageRoutes.find(known => known === value)
                if (imageRoute !== undefined) change({ imageRoute })
              }}
              data={imageRoutes.map(route => ({ value: route, label: t(`imageRoute.${route}`) }))}
            />
            <Text size="sm" c="dimmed">
              {t(`routeHelp.${form.imageRoute}`)}
            </Text>
          </Stack>
        </Section>

        {takesCloud(form.platform) && (
          <Section title={t('section.cloud')}>
            <Switch
              label={t('cloud')}
              description={t('cloudHelp')}
              checked={form.isCloud}
              onChange={event => change({ isCloud: event.currentTarget.checked })}
            />
            {form.isCloud && (
              <div className={classes.pair}>
                <TextInput label={t('cloudEnv')} required spellCheck={false} {...text('cloudEnv')} />
                <TextInput label={t('cloudFunction')} required spellCheck={false} {...text('cloudFunction')} />
              </div>
            )}
          </Section>
        )}

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

        {problem !== null && (
          <SaveProblem
            problem={problem}
            onUseEnv={switchToEnv}
            onAccept={() => void saveWeakly()}
            onRetry={() => void save()}
          />
        )}
        {(isDirty || profile === null) && (
          <Group className={classes.actions} gap="sm">
            <Button type="submit" size="sm" loading={saving}>
              {t('save')}
            </Button>
            <Button
              variant="default"
              size="sm"
              onClick={() => {
                dispatchProfileDraft(discardDraft, null)
                forgetMistakes()
                if (profile === null) onCancel()
              }}
            >
              {profile === null ? t('cancel') : t('discard')}
            </Button>
            {profile !== null && (
              <Text size="sm" c="dimmed">
                {t('unsaved')}
              </Text>
            )}
          </Group>
        )}
      </Stack>
    </form>
  )
}

const asVariable = (secret: SecretForm): SecretForm => ({ ...secret, from: 'env', typed: '' })
/** What is stored stays only while it is the kind of secret that the token mode asks for. */
function withTokenMode(form: Form, tokenMode: Form['tokenMode'], profile: Profile | null): Partial<Form> {
  const keeps = profile?.secret.from === 'vault' && !isOtherSecret({ ...form, tokenMode }, profile)
  return { tokenMode, secret: { ...form.secret, keeps, typed: '' } }
}

const scenes = [1, 2, 3, 4] as const
const allImageModes = ['auto', ...imageModes] as const

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper component="section" withBorder p="lg" aria-label={title}>
      <Stack gap="md">
        <Title order={3} size="md">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  )
}

interface SaveProblemProps {
  readonly problem: IpcProblem
  readonly onUseEnv: () => void
  readonly onAccept: () => void
  readonly onRetry: () => void
}

/** Why a profile could not be saved, with the ways out that this problem has. */
function SaveProblem({ problem, onUseEnv, onAccept, onRetry }: SaveProblemProps) {
  const t = useWords('profiles', words)
  const language = useLanguage()
  const isWeak = problem.code === 'vault_weak'
  const isVault = problem.code === 'vault_unavailable'
  const title = isWeak ? t('weakTitle') : isVault ? t('vaultTitle') : t('saveFailed')
  const text = isWeak ? t('weakText') : isVault ? t('vaultText') : problemText(problem.code, language)
  return (
    <Alert
      role="alert"
      color={isWeak ? 'var(--review)' : 'var(--risky)'}
      variant="light"
      icon={<IconAlertTriangle />}
      title={title}
    >
      <Stack gap="sm">
        <Text size="md">{text}</Text>
        {problem.detail !== '' && !isWeak && (
          <Text size="sm" className={classes.mono}>
            {detailText(problem.detail, language)}
          </Text>
        )}
        <Group gap="sm">
          {(isWeak || isVault) && <Button onClick={onUseEnv}>{t('weakUseEnv')}</Button>}
          {isWeak ? (
            <Button variant="default" onClick={onAccept}>
              {t('weakAccept')}
            </Button>
          ) : (
            <Button variant="default" onClick={onRetry}>
              {t('retry')}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}

/** Who reads along on the way has the token and the material; in a private network that is the company's own affair. */
function PlainHttpWarning({ address }: { readonly address: string }): ReactElement | null {
  const t = useWords('profiles', words)
  if (!isPlainPublicHttp(address)) return null
  return (
    <Alert color="var(--review)" variant="light" icon={<IconAlertTriangle />} role="status">
      {t('plainHttp')}
    </Alert>
  )
}
