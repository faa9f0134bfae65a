import { Button, Group, Loader, Modal, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { type BookTrial, type ListColumn, type ListPreview, listColumns } from '../../../shared/rules.ts'
import { attempt } from '../../base/bridge.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { tellProblem } from '../../base/notices.ts'
import { beginBook, dispatchRuleDesk } from '../../state/rule-desk.ts'
import { takenIds } from './book-ids.ts'
import { type ListChoice, mistakesIn } from './list-choice.ts'
import { freeId } from './new-book.ts'
import { ProblemList } from './problem-list.tsx'
import classes from './rules.module.css'
import { countProblems } from './standing.ts'
import { words } from './words.ts'

type Step =
  | { readonly kind: 'opening' }
  | { readonly kind: 'columns'; readonly preview: ListPreview }
  | {
      readonly kind: 'read'
      readonly preview: ListPreview
      readonly yaml: string
      readonly trial: BookTrial
    }

/** A word list on its way to a book: what its columns are, what is doubtful about it; then it is a draft, and neither saved nor in force. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }): ReactElement | null {
  const t = useWords('rules', words)
  const [step, setStep] = useState<Step>({ kind: 'opening' })
  const [choice, setChoice] = useState<ListChoice>({ id: '', title: '', columns: {} })
  const [isReading, setReading] = useState(false)
  const wasAsked = useRef(false)

  const open = async () => {
    const answer = await attempt('rules.openList', {})
    if ('problem' in answer) tellProblem(answer.problem)
    const preview = 'value' in answer ? answer.value : null
    if (preview === null) {
      // With a list open already, another that is dismissed changes nothing.
      if (step.kind === 'opening') onClose()
      return
    }
    const title = preview.name.replace(/\.[^.]+$/, '').slice(0, 120)
    setChoice({ id: freeId(title, takenIds()), title, columns: preview.columns })
    setStep({ kind: 'columns', preview })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the dialog opens
  useEffect(() => {
    if (wasAsked.current) return
    wasAsked.current = true
    void open()
  }, [])

  async function read(preview: ListPreview) {
    setReading(true)
    const answer = await attempt('rules.fromList', {
      ...choice,
      title: choice.title.trim(),
      columns: { ...choice.columns },
    })
    setReading(false)
    if ('problem' in answer) tellProblem(answer.problem)
    else setStep({ kind: 'read', preview, ...answer.value })
  }
  if (step.kind === 'opening') return null
  return (
    <Modal opened onClose={onClose} size="xl" title={t('importTitle')} lockScroll={false}>
      {step.kind === 'columns' ? (
        <Columns
          preview={step.preview}
          choice={choice}
          isReading={isReading}
          onChange={setChoice}
          onOther={() => void open()}
          onNext={() => void read(step.preview)}
        />
      ) : (
        <Read
          trial={step.trial}
          onBack={() => setStep({ kind: 'columns', preview: step.preview })}
          onTake={() => {
            dispatchRuleDesk(beginBook, { yaml: step.yaml, tab: 'past' })
            onClose()
          }}
        />
      )}
    </Modal>
  )
}

function Columns(props: {
  readonly preview: ListPreview
  readonly choice: ListChoice
  readonly isReading: boolean
  readonly onChange: (choice: ListChoice) => void
  readonly onOther: () => void
  readonly onNext: () => void
}): ReactElement {
  const { preview, choice, isReading, onChange } = props
  const t = useWords('rules', words)
  const mistakes = mistakesIn(choice, takenIds())
  const names = preview.header.map((heading, at) =>
    heading.trim() === '' ? t('columnNumber', { number: formatNumber(at + 1) }) : heading,
  )
  const options = names.map((label, at) => ({ value: String(at), label }))
  const choose = (column: ListColumn, value: string | null) => {
    const { [column]: _, ...others } = choice.columns
    onChange({ ...choice, columns: value === null ? others : { ...others, [column]: Number(value) } })
  }
  return (
    <Stack gap="md">
      <Text size="md">{t('importLead', { name: preview.name, total: formatNumber(preview.total) })}</Text>
      <section
        className={classes.rows}
        aria-label={t('importRows')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {names.map((heading, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
                <Table.Th key={at}>{heading}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {preview.rows.slice(0, 6).map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
              <Table.Tr key={at}>
                {names.map((_, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
                  <Table.Td key={column}>{row[column] ?? ''}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <fieldset className={classes.columns}>
        <legend className={classes.legend}>{t('importColumns')}</legend>
        {listColumns.map(column => (
          <Select
            key={column}
            label={t(`column.${column}`)}
            placeholder={t('noColumn')}
            clearable={column !== 'words'}
            allowDeselect={column !== 'words'}
            clearButtonProps={{ 'aria-label': t('noColumn') }}
            data={options}
            value={choice.columns[column] === undefined ? null : String(choice.columns[column])}
            onChange={value => choose(column, value)}
            error={column === 'words' && mistakes.words ? t('importError.words') : null}
          />
        ))}
      </fieldset>
      <div className={classes.columns}>
        <TextInput
          label={t('bookTitle')}
          maxLength={120}
          value={choice.title}
          onChange={event => onChange({ ...choice, title: event.currentTarget.value })}
          error={mistakes.title ? t('importError.title') : null}
        />
        <TextInput
          label={t('bookId')}
          description={t('bookIdHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={63}
          value={choice.id}
          onChange={event => onChange({ ...choice, id: event.currentTarget.value })}
          error={mistakes.id === null ? null : t(`importError.${mistakes.id}`)}
        />
      </div>
      <Group justify="flex-end" gap="sm">
        {isReading && <Loader size="sm" role="img" aria-label={t('importing')} />}
        <Button variant="default" size="sm" disabled={isReading} onClick={props.onOther}>
          {t('importAnother')}
        </Button>
        <Button
          size="sm"
          disabled={isReading || mistakes.words || mistakes.title || mistakes.id !== null}
          onClick={props.onNext}
        >
          {t('importNext')}
        </Button>
      </Group>
    </Stack>
  )
}

function Read(props: {
  readonly trial: BookTrial
  readonly onBack: () => void
  readonly onTake: () => void
}): ReactElement {
  const { trial, onBack, onTake } = props
  const t = useWords('rules', words)
  const { problems } = trial.info
  const { errors } = countProblems(problems)
  return (
    <Stack gap="md">
      <Text size="md">
        {t('importDone', { rules: formatNumber(trial.info.rules), entries: formatNumber(trial.info.entries) })}
      </Text>
      <Text size="md" fw={600} role="status" data-testid="import-warnings">
        {problems.length === 0 ? t('importNoWarnings') : t('importWarnings', { count: formatNumber(problems.length) })}
      </Text>
      {problems.length > 0 && <ProblemList problems={problems} label={t('problems')} isKnown onLine={null} />}
      <Text size="sm" c="dimmed">
        {t(errors > 0 ? 'importFaulty' : 'importNotYet')}
      </Text>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" size="sm" onClick={onBack}>
          {t('importBack')}
        </Button>
        <Button size="sm" data-autofocus disabled={errors > 0} onClick={onTake}>
          {t('importTake')}
        </Button>
      </Group>
    </Stack>
  )
}
