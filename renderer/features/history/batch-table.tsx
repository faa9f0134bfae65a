import { ActionIcon, Button, EmptyState, Group, Menu, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconArrowsDiff, IconDots, IconInbox, IconRefresh, IconSearch, IconSearchOff } from '@tabler/icons-react'
import { type CSSProperties, type ReactElement, useState } from 'react'
import type { BatchSummary, Tally } from '../../../shared/screening.ts'
import { formatNumber, formatTime, useWords } from '../../base/i18n/index.ts'
import { words as commonWords } from '../../base/i18n/words.ts'
import { useWindowed } from '../../base/use-windowed.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { goToBatch } from '../../state/landing.ts'
import { AgainDialog } from './again-dialog.tsx'
import { matchingBatches } from './batches.ts'
import { earlierOf, type Pair } from './compare.ts'
import classes from './history.module.css'
import { words } from './words.ts'

/** Height of a row in the style sheet. */
const rowPx = 56

/** All batches, newest first; only those on screen are drawn. */
export function BatchTable({ onCompare }: { readonly onCompare: (pair: Pair | null) => void }): ReactElement {
  const t = useWords('history', words)
  const batches = useApp(state => state.batches)
  const [query, setQuery] = useState('')
  const [again, setAgain] = useState<BatchSummary | null>(null)
  const shown = matchingBatches(batches, query)
  const { ref, from, to, before, after } = useWindowed(shown.length, rowPx)

  if (batches.length === 0) {
    return (
      <EmptyState
        py="xl"
        icon={<IconInbox size={36} aria-hidden />}
        title={t('noBatchesTitle')}
        description={t('noBatchesText')}
      />
    )
  }
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <TextInput
          flex={1}
          maw={420}
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder={t('filterBatches')}
          aria-label={t('filterBatches')}
          value={query}
          onChange={event => setQuery(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed" role="status">
          {shown.length === batches.length
            ? t('batchCount', { count: formatNumber(batches.length) })
            : t('batchCountOf', { count: formatNumber(shown.length), all: formatNumber(batches.length) })}
        </Text>
      </Group>
      {shown.length === 0 && (
        <EmptyState
          py="xl"
          icon={<IconSearchOff size={36} aria-hidden />}
          title={t('noMatchTitle')}
          description={t('noMatchText')}
        >
          <EmptyState.Actions>
            <Button variant="default" onClick={() => setQuery('')}>
              {t('clear')}
            </Button>
          </EmptyState.Actions>
        </EmptyState>
      )}
      <section ref={ref} className={classes.scroll} hidden={shown.length === 0} aria-label={t('tab.batches')}>
        <table className={classes.table} aria-rowcount={shown.length + 1}>
          <colgroup>
            <col />
            <col width="170" />
            <col width="84" />
            <col width="270" />
            <col width="110" />
            <col width="48" />
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">{t('batch')}</th>
              <th scope="col">{t('started')}</th>
              <th scope="col">{t('state')}</th>
              <th scope="col">{t('machineVerdicts')}</th>
              <th scope="col">{t('decided')}</th>
              <th scope="col" aria-label={t('actions')} />
            </tr>
          </thead>
          <tbody>
            <Space height={before} />
            {shown.slice(from, to).map((batch, at) => (
              <Row
                key={batch.id}
                batch={batch}
                index={from + at + 2}
                onAgain={() => setAgain(batch)}
                onCompare={batches.length < 2 ? null : () => onCompare(pairOf(batches, batch))}
              />
            ))}
            <Space height={after} />
          </tbody>
        </table>
      </section>
      {again !== null && (
        <AgainDialog
          batch={again}
          onClose={() => setAgain(null)}
          onStarted={pair => {
            setAgain(null)
            onCompare(pair)
          }}
        />
      )}
    </>
  )
}

/** With the screening of the same inputs before it; null leaves it to the person. */
function pairOf(batches: readonly BatchSummary[], batch: BatchSummary): Pair | null {
  const earlier = earlierOf(batches, batch)
  const other = earlier ?? batches.find(each => each.id !== batch.id)
  return other === undefined ? null : { before: other.id, after: batch.id }
}

function Space({ height }: { readonly height: number }): ReactElement | null {
  if (height === 0) return null
  return (
    <tr data-space aria-hidden>
      <td colSpan={6} style={{ height }} />
    </tr>
  )
}

interface RowProps {
  readonly batch: BatchSummary
  readonly index: number
  readonly onAgain: () => void
  /** Null while there is nothing to compare with. */
  readonly onCompare: (() => void) | null
}

function Row({ batch, index, onAgain, onCompare }: RowProps): ReactElement {
  const t = useWords('history', words)
  const common = useWords('common', commonWords)
  return (
    <tr data-row data-batch={batch.id} aria-rowindex={index}>
      <td>
        <Group gap="sm" wrap="nowrap">
          <UnstyledButton
            className={classes.name}
            aria-label={t('openBatch', { name: batch.name })}
            onClick={() => goToBatch(batch.id)}
          >
            {batch.name}
          </UnstyledButton>
          {batch.practice && <PracticeMark />}
        </Group>
        <Text size="sm" c="dimmed" truncate title={batch.profiles.map(profile => profile.name).join(' + ')}>
          {batch.profiles.map(profile => profile.name).join(' + ')}
        </Text>
      </td>
      <td>
        <Text size="sm">{formatTime(batch.createdAt)}</Text>
      </td>
      <td>
        <Text size="sm">{common(`state.${batch.state}`)}</Text>
      </td>
      <td>
        <TallyBar tally={batch.tally} />
      </td>
      <td>
        <Text size="sm">
          {t('decidedOf', { decided: formatNumber(batch.decided), assets: formatNumber(batch.tally.assets) })}
        </Text>
      </td>
      <td>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('actionsOf', { name: batch.name })}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconRefresh size={14} aria-hidden />} onClick={onAgain}>
              {t('again')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowsDiff size={14} aria-hidden />}
              disabled={onCompare === null}
              onClick={() => onCompare?.()}
            >
              {t('compareWith')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </td>
    </tr>
  )
}

const inBar = ['risky', 'review', 'unchecked', 'rules_only', 'pass', 'awaiting', 'pending'] as const
/** What a person has to look at is said in words too; the rest is the bar's. */
const loud = ['risky', 'review', 'unchecked', 'rules_only'] as const

function TallyBar({ tally }: { readonly tally: Tally }): ReactElement {
  const t = useWords('history', words)
  const common = useWords('common', commonWords)
  const counts = Object.fromEntries(inBar.map(name => [name, formatNumber(tally[name])]))
  const named = loud.filter(name => tally[name] > 0)
  return (
    <div role="img" aria-label={t('resultsText', counts)}>
      <div className={classes.tally}>
        {inBar
          .filter(name => tally[name] > 0)
          .map(name => (
            <span key={name} style={shareStyle(tally[name], `var(--${name})`)} />
          ))}
      </div>
      <div className={classes.loud}>
        {named.map(name => (
          <Text key={name} component="span" size="sm" c={`var(--${name})`}>
            {common(`outcome.${name}`)} {formatNumber(tally[name])}
          </Text>
        ))}
        {named.length === 0 && (
          <Text component="span" size="sm" c="dimmed">
            {common('outcome.pass')} {formatNumber(tally.pass)}
          </Text>
        )}
      </div>
    </div>
  )
}

export function shareStyle(count: number, background: string): CSSProperties & Record<'--count', number> {
  return { '--count': count, background }
}
