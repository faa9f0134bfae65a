import { Alert, Button, EmptyState, Group, Modal, Radio, SegmentedControl, Stack, Text } from '@mantine/core'
import {
  IconBraces,
  IconFileOff,
  IconFileTypeCsv,
  IconFileTypePdf,
  IconFlask,
  IconTable,
  IconWorld,
} from '@tabler/icons-react'
import { type ReactElement, useEffect } from 'react'
import { exportFileName } from '../../../shared/export-file.ts'
import { type IpcProblem, type ReportPictures, reportPictures } from '../../../shared/ipc.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { bridge } from '../../base/bridge.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { countExported, dispatch, type Exporting, showOverlay, useApp, useBatch } from '../../state/app.ts'
import { type ExportChoices, type Format, formats, runExport, useExportChoices } from './export-choices.ts'
import { Done, Failed, Working } from './export-progress.tsx'
import { HistoryFields } from './history-fields.tsx'
import classes from './reports.module.css'
import { words } from './words.ts'

/** Exports the open batch, what the filter shows of it, or what is selected; from the history, also what all batches have. */
export function ExportDialog(): ReactElement {
  const t = useWords('reports', words)
  const batch = useBatch()
  const isHistory = useApp(state => state.view === 'history')
  const work = useApp(state => state.exporting)
  const close = (): void => dispatch(showOverlay, 'none')
  const isBusy = work.kind === 'working'
  return (
    <Modal
      opened
      onClose={close}
      title={t('title')}
      size="xl"
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

interface ExportProps {
  readonly batch: BatchSummary | null
  /** Opened from the history: everything there has ever been is offered, and preselected. */
  readonly isHistory: boolean
  readonly work: Exporting
  readonly onClose: () => void
}

function Export({ batch, isHistory, work, onClose }: ExportProps): ReactElement {
  // Kept while the export runs, for another one.
  const choices = useExportChoices(batch, isHistory)
  useEffect(() => bridge.on('exportProgress', progress => dispatch(countExported, progress)), [])
  if (work.kind === 'working') return <Working work={work} />
  if (work.kind === 'done') return <Done work={work} onClose={onClose} />
  return (
    <ExportForm
      batch={batch}
      choices={choices}
      problem={work.kind === 'failed' ? work.problem : null}
      onClose={onClose}
    />
  )
}

interface ExportFormProps {
  readonly batch: BatchSummary | null
  readonly choices: ExportChoices
  /** Why the last attempt failed. */
  readonly problem: IpcProblem | null
  readonly onClose: () => void
}

function ExportForm({ batch, choices, problem, onClose }: ExportFormProps): ReactElement {
  const t = useWords('reports', words)
  const commandName = useCommandNames()
  const { scope } = choices
  return (
    <Stack gap="lg" className={classes.choices}>
      {problem !== null && <Failed problem={problem} />}
      <ScopeField batch={batch} choices={choices} />
      {choices.chosen === 'history' && <HistoryFields choice={choices.history} onChange={choices.setHistory} />}
      <FormatField choices={choices} />
      <Group gap="xl" align="flex-start">
        <LanguageField choices={choices} />
        {choices.pictures !== null && <PicturesField pictures={choices.pictures} onChange={choices.setPictures} />}
      </Group>
      <TargetField batch={batch} choices={choices} />
      {batch !== null && choices.chosen !== 'history' && (
        <BatchNotes batch={batch} isWhole={choices.chosen === 'batch'} />
      )}
      <Group justify="flex-end" gap="sm" className={classes.actions}>
        <Button variant="default" size="sm" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button size="sm" data-autofocus disabled={scope === null} onClick={() => void runExport(choices)}>
          {problem !== null ? t('retry') : commandName('export')}
        </Button>
      </Group>
    </Stack>
  )
}

const formatIcons: Readonly<Record<Format, typeof IconTable>> = {
  xlsx: IconTable,
  pdf: IconFileTypePdf,
  html: IconWorld,
  csv: IconFileTypeCsv,
  jsonl: IconBraces,
}

/** One card a format, with whom it is for. */
function FormatField({ choices }: Pick<ExportFormProps, 'choices'>): ReactElement {
  const t = useWords('reports', words)
  return (
    <Radio.Group
      label={t('format')}
      value={choices.format}
      onChange={value => choices.setFormat(formats.find(known => known === value) ?? choices.format)}
    >
      <div className={classes.cards}>
        {formats.map(known => {
          const Icon = formatIcons[known]
          return (
            <Radio.Card
              key={known}
              value={known}
              className={classes.card}
              aria-label={t(`format.${known}`)}
              aria-describedby={`format-${known}`}
            >
              <Group gap={8} wrap="nowrap">
                <Icon size={20} aria-hidden />
                <Text size="md" fw={600} className={classes.cardName}>
                  {t(`format.${known}`)}
                </Text>
                <Radio.Indicator size="xs" />
              </Group>
              <Text size="sm" c="dimmed" id={`format-${known}`}>
                {t(`formatHelp.${known}`)}
              </Text>
            </Radio.Card>
          )
        })}
      </div>
    </Radio.Group>
  )
}

/** What the file will be called: the next step asks where to put it. */
function TargetField({ batch, choices }: Pick<ExportFormProps, 'batch' | 'choices'>): ReactElement {
  const t = useWords('reports', words)
  const name = choices.chosen === 'history' ? 'history' : (batch?.name ?? '')
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {t('target')}
      </Text>
      <Text size="sm" className={classes.mono}>
        {exportFileName(name, choices.format, new Date())}
      </Text>
      <Text size="sm" c="dimmed">
        {t('targetHelp')}
      </Text>
    </Stack>
  )
}

function ScopeField({ batch, choices }: Pick<ExportFormProps, 'batch' | 'choices'>): ReactElement {
  const t = useWords('reports', words)
  const { chosen, scopes } = choices
  return (
    <Radio.Group
      label={t('scope')}
      value={chosen}
      onChange={value => choices.setChosen(scopes.find(({ kind }) => kind === value)?.kind ?? chosen)}
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
  )
}

function LanguageField({ choices }: Pick<ExportFormProps, 'choices'>): ReactElement {
  const t = useWords('reports', words)
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} id="report-language">
        {t('reportLanguage')}
      </Text>
      <SegmentedControl
        aria-labelledby="report-language"
        w="fit-content"
        value={choices.language}
        onChange={value => choices.setLanguage(value === 'en' ? 'en' : 'zh')}
        data={[
          { value: 'zh', label: t('zh') },
          { value: 'en', label: t('en') },
        ]}
      />
    </Stack>
  )
}

interface PicturesFieldProps {
  readonly pictures: ReportPictures
  readonly onChange: (pictures: ReportPictures) => void
}

function PicturesField({ pictures, onChange }: PicturesFieldProps): ReactElement {
  const t = useWords('reports', words)
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} id="report-pictures">
        {t('pictures')}
      </Text>
      <SegmentedControl
        aria-labelledby="report-pictures"
        w="fit-content"
        value={pictures}
        onChange={value => onChange(reportPictures.find(known => known === value) ?? pictures)}
        data={reportPictures.map(value => ({ value, label: t(`pictures.${value}`) }))}
      />
      <Text size="sm" c={pictures === 'clear' ? 'var(--review)' : 'dimmed'}>
        {t(`picturesHelp.${pictures}`)}
      </Text>
    </Stack>
  )
}

/** What a report about this batch will not say by itself. `isWhole`: all of the batch is exported. */
function BatchNotes({ batch, isWhole }: { readonly batch: BatchSummary; readonly isWhole: boolean }): ReactElement {
  const t = useWords('reports', words)
  const { unchecked, pending, awaiting, rules_only: rulesOnly } = batch.tally
  return (
    <>
      {batch.practice && (
        <Alert color="var(--accent)" variant="light" icon={<IconFlask aria-hidden />} title={t('practiceLabel')}>
          {t('practiceText')}
        </Alert>
      )}
      {isWhole && unchecked > 0 && (
        <Text size="md" c="var(--unchecked)">
          {t('unchecked', { count: formatNumber(unchecked) })}
        </Text>
      )}
      {isWhole && rulesOnly > 0 && (
        <Text size="md" c="var(--rules_only)">
          {t('rulesOnly', { count: formatNumber(rulesOnly), words: t('notLegalAdvice') })}
        </Text>
      )}
      {pending + awaiting > 0 && (
        <Text size="md" c="dimmed">
          {t('running')}
        </Text>
      )}
    </>
  )
}
