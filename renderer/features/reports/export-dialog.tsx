import {
  Alert,
  Button,
  Checkbox,
  EmptyState,
  Group,
  Modal,
  Progress,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconFileOff, IconFlask } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { decisions, outcomes } from '../../../shared/domain.ts'
import { type CallInput, type IpcProblem, type ReportPictures, reportPictures } from '../../../shared/ipc.ts'
import { labels } from '../../../shared/labels.ts'
import { problemText } from '../../../shared/problems.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { attempt, bridge, invoke } from '../../base/bridge.ts'
import { localDay, rangeOf } from '../../base/days.ts'
import { formatNumber, type Language, useLanguage, useWords } from '../../base/i18n/index.ts'
import { words as commonWords } from '../../base/i18n/words.ts'
import {
  act,
  beginExport,
  chooseExport,
  countExported,
  type Exporting,
  endExport,
  showOverlay,
  stopExport,
  useApp,
  useBatch,
} from '../../state/app.ts'
import { useGrid } from '../../state/grid/grid.ts'
import {
  type HistoryChoice,
  historyScope,
  profilesOf,
  type ScopeKind,
  scopeOf,
  scopesOf,
  usualPictures,
} from '../../state/scopes.ts'
import classes from './reports.module.css'
import { words } from './words.ts'

const formats = [
  'xlsx',
  'csv',
  'html',
  'pdf',
  'jsonl',
] as const satisfies readonly CallInput<'reports.export'>['format'][]
type Format = (typeof formats)[number]

/** Exports the open batch, what the filter shows of it, or what is selected; from the history, also what all batches have. */
export function ExportDialog() {
  const t = useWords('reports', words)
  const batch = useBatch()
  const isHistory = useApp(state => state.view === 'history')
  const work = useApp(state => state.exporting)
  const close = () => act(showOverlay, 'none')
  const isBusy = work.kind === 'working'
  return (
    <Modal
      opened
      onClose={close}
      title={t('title')}
      size="lg"
      lockScroll={false}
      withCloseButton={!isBusy}
      closeOnEscape={!isBusy}
      closeOnClickOutside={!isBusy}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {batch === null && !isHistory && work.kind === 'choosing' ? (
        <EmptyState icon={<IconFileOff size={32} aria-hidden />} title={t('noBatch')} description={t('noBatchText')} />
      ) : (
        <Export batch={batch} isHistory={isHistory} work={work} onClose={close} />
      )}
    </Modal>
  )
}

interface Props {
  readonly batch: BatchSummary | null
  /** Opened from the history: everything there has ever been is offered, and meant at first. */
  readonly isHistory: boolean
  readonly work: Exporting
  readonly onClose: () => void
}

function Export({ batch, isHistory, work, onClose }: Props) {
  const t = useWords('reports', words)
  const current = useLanguage()
  const grid = useGrid()
  const scopes: readonly { readonly kind: ScopeKind; readonly assets: number | null }[] = [
    ...(batch === null ? [] : scopesOf(batch, grid)),
    ...(isHistory ? [{ kind: 'history' as const, assets: null }] : []),
  ]
  const [chosen, setChosen] = useState<ScopeKind>(scopes.at(-1)?.kind ?? 'batch')
  const [history, setHistory] = useState<HistoryChoice>(lastMonth)
  const [format, setFormat] = useState<Format>('xlsx')
  const [language, setLanguage] = useState<Language>(current)
  // Until someone chooses, each format has its own.
  const [chosenPictures, setPictures] = useState<ReportPictures | null>(null)
  const usual = usualPictures(format)
  const pictures = usual === null ? null : (chosenPictures ?? usual)
  // A selection can vanish while the dialog is open; what was chosen must never silently become something else.
  const scope = scopes.some(({ kind }) => kind === chosen) ? requested() : null

  function requested() {
    if (chosen === 'history') return historyScope(history)
    return batch === null ? null : scopeOf(chosen, batch, grid)
  }

  useEffect(() => bridge.on('exportProgress', progress => act(countExported, progress)), [])

  async function run() {
    if (scope === null) return
    act(beginExport, null)
    const answer = await attempt('reports.export', {
      scope,
      format,
      language,
      pictures,
    })
    if ('problem' in answer) act(endExport, { kind: 'failed', problem: answer.problem })
    else if (answer.value === null) act(chooseExport, null)
    else act(endExport, { kind: 'done', ...answer.value })
  }
  async function stop() {
    act(stopExport, null)
    await invoke('reports.cancel', {})
  }

  if (work.kind === 'working') {
    const share = work.total === null || work.total === 0 ? null : (work.rows / work.total) * 100
    return (
      <Stack gap="md">
        <Text size="md" role="status">
          {work.stopping
            ? t('stopping')
            : work.total === null
              ? t('choosing')
              : t('working', { rows: formatNumber(work.rows), total: formatNumber(work.total) })}
        </Text>
        <Progress.Root size="lg">
          <Progress.Section
            value={share ?? 100}
            animated={share === null}
            color={share === null ? 'gray' : 'ink'}
            aria-label={t('progress')}
          />
        </Progress.Root>
        <Group justify="flex-end">
          <Button
            variant="default"
            size="sm"
            disabled={work.stopping || work.total === null}
            onClick={() => void stop()}
          >
            {t('stop')}
          </Button>
        </Group>
      </Stack>
    )
  }
  if (work.kind === 'done') {
    return (
      <Stack gap="md">
        <Alert
          color="var(--pass)"
          variant="light"
          icon={<IconCircleCheck aria-hidden />}
          title={t('done')}
          role="status"
        >
          <Text size="md">{t('doneText', { rows: formatNumber(work.rows) })}</Text>
          <Text size="sm" className={classes.mono}>
            {work.file}
          </Text>
        </Alert>
        <Group justify="flex-end" gap="sm">
          <Button variant="subtle" size="sm" onClick={() => act(chooseExport, null)}>
            {t('again')}
          </Button>
          <Button variant="default" size="sm" onClick={() => void invoke('reports.reveal', { file: work.file })}>
            {t('reveal')}
          </Button>
          <Button size="sm" data-autofocus onClick={onClose}>
            {t('close')}
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Stack gap="lg" className={classes.choices}>
      {work.kind === 'failed' && <Failed problem={work.problem} />}
      <Radio.Group
        label={t('scope')}
        value={chosen}
        onChange={value => setChosen(scopes.find(({ kind }) => kind === value)?.kind ?? chosen)}
      >
        <Stack gap={6} mt={6}>
          {scopes.map(({ kind, assets }) => (
            <Radio
              key={kind}
              value={kind}
              label={kind === 'batch' ? `${t('scope.batch')} · ${batch?.name ?? ''}` : t(`scope.${kind}`)}
              description={assets === null ? t('scopeHelp') : t('assets', { count: formatNumber(assets) })}
            />
          ))}
        </Stack>
      </Radio.Group>
      {chosen === 'history' && <HistoryFields choice={history} onChange={setHistory} />}
      <Radio.Group
        label={t('format')}
        value={format}
        onChange={value => setFormat(formats.find(known => known === value) ?? format)}
      >
        <Stack gap={6} mt={6}>
          {formats.map(known => (
            <Radio key={known} value={known} label={t(`format.${known}`)} description={t(`formatHelp.${known}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <Stack gap={4}>
        <Text size="sm" fw={500} id="report-language">
          {t('language')}
        </Text>
        <SegmentedControl
          aria-labelledby="report-language"
          w="fit-content"
          value={language}
          onChange={value => setLanguage(value === 'en' ? 'en' : 'zh')}
          data={[
            { value: 'zh', label: t('zh') },
            { value: 'en', label: t('en') },
          ]}
        />
      </Stack>
      {pictures !== null && (
        <Stack gap={4}>
          <Text size="sm" fw={500} id="report-pictures">
            {t('pictures')}
          </Text>
          <SegmentedControl
            aria-labelledby="report-pictures"
            w="fit-content"
            value={pictures}
            onChange={value => setPictures(reportPictures.find(known => known === value) ?? pictures)}
            data={reportPictures.map(value => ({ value, label: t(`pictures.${value}`) }))}
          />
          <Text size="sm" c={pictures === 'clear' ? 'var(--review)' : 'dimmed'}>
            {t(`picturesHelp.${pictures}`)}
          </Text>
        </Stack>
      )}
      {chosen !== 'history' && batch?.practice === true && (
        <Alert color="var(--accent)" variant="light" icon={<IconFlask aria-hidden />} title={t('practice')}>
          {t('practiceText')}
        </Alert>
      )}
      {chosen === 'batch' && batch !== null && batch.tally.unchecked > 0 && (
        <Text size="md" c="var(--unchecked)">
          {t('unchecked', { count: formatNumber(batch.tally.unchecked) })}
        </Text>
      )}
      {chosen !== 'history' && batch !== null && batch.tally.pending + batch.tally.awaiting > 0 && (
        <Text size="md" c="dimmed">
          {t('running')}
        </Text>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" size="sm" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button size="sm" data-autofocus disabled={scope === null} onClick={() => void run()}>
          {work.kind === 'failed' ? t('retry') : t('export')}
        </Button>
      </Group>
    </Stack>
  )
}

function lastMonth(): HistoryChoice {
  const { fromMs, toMs } = rangeOf('month', Date.now())
  return {
    from: localDay(fromMs),
    to: localDay(toMs),
    outcomes: [],
    profile: null,
    decision: null,
    label: null,
    query: '',
  }
}

const decisionChoices = ['undecided', ...decisions] as const

interface HistoryFieldsProps {
  readonly choice: HistoryChoice
  readonly onChange: (choice: HistoryChoice) => void
}

function HistoryFields({ choice, onChange }: HistoryFieldsProps) {
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
        label={t('verdicts')}
        description={t('verdictsHelp')}
        value={[...choice.outcomes]}
        onChange={values => onChange({ ...choice, outcomes: outcomes.filter(outcome => values.includes(outcome)) })}
      >
        <Group gap="md" mt={6}>
          {(['risky', 'review', 'unchecked', 'pass'] as const).map(outcome => (
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
          placeholder={t('queryHint')}
          maxLength={200}
          value={choice.query}
          onChange={event => onChange({ ...choice, query: event.currentTarget.value })}
        />
      </div>
    </Stack>
  )
}

function Failed({ problem }: { readonly problem: IpcProblem }) {
  const t = useWords('reports', words)
  const language = useLanguage()
  if (problem.code === 'cancelled') {
    return (
      <Alert color="var(--pending)" variant="light" role="status">
        {t('cancelled')}
      </Alert>
    )
  }
  return (
    <Alert
      color="var(--risky)"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('failed')}
      role="alert"
    >
      <Text size="md">{problemText(problem.code, language)}</Text>
      {problem.detail !== '' && (
        <Text size="sm" className={classes.mono}>
          {detailText(problem.detail, language)}
        </Text>
      )}
    </Alert>
  )
}
