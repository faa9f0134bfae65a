import { Alert, Button, EmptyState, Group, Loader, Select, Text, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconArrowRight, IconArrowsDiff, IconEqual, IconRefresh } from '@tabler/icons-react'
import { type ReactElement, useEffect, useState } from 'react'
import type { BatchComparison, ComparedAsset } from '../../../shared/history.ts'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { attempt } from '../../base/bridge.ts'
import { formatNumber, formatTime, useLanguage, useWords } from '../../base/i18n/index.ts'
import { useWindowed } from '../../base/use-windowed.ts'
import { DecisionMark, OutcomeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { openAsset } from '../../state/open-asset.ts'
import { earlierOf, type Pair, transitionKey, transitionsOf } from './compare.ts'
import classes from './history.module.css'
import { words } from './words.ts'

type Compared =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem }
  | { readonly kind: 'known'; readonly comparison: BatchComparison }

/** As many as are scrolled through; typing finds the others. */
const listed = 100

/** What the later of two screenings of the same material came to. */
export function ComparePanel(props: {
  readonly pair: Pair | null
  readonly onPair: (pair: Pair | null) => void
}): ReactElement {
  const { pair, onPair } = props
  const t = useWords('history', words)
  const language = useLanguage()
  const batches = useApp(state => state.batches)
  const after = batches.find(batch => batch.id === pair?.after) ?? null
  const isRunning = after !== null && after.tally.pending + after.tally.awaiting > 0
  const { compared, refresh } = useComparison(pair, after?.state)

  const name = (batch: BatchSummary) => `${batch.name} · ${formatTime(batch.createdAt)}`
  const options = batches.map(batch => ({ value: batch.id, label: name(batch) }))
  const choose = (side: keyof Pair, id: string | null) => {
    if (id === null) return
    const other = pair ?? defaultPair(batches, id, side)
    onPair(other === null ? null : { ...other, [side]: id })
  }

  if (batches.length < 2) {
    return (
      <EmptyState
        py="xl"
        icon={<IconArrowsDiff size={36} aria-hidden />}
        title={t('compareNoneTitle')}
        description={t('compareNoneText')}
      />
    )
  }
  return (
    <>
      <Group gap="md" align="flex-end">
        <Select
          label={t('compareBefore')}
          w={300}
          searchable
          placeholder={t('compareChoose')}
          value={pair?.before ?? null}
          onChange={id => choose('before', id)}
          data={options}
          limit={listed}
        />
        <Select
          label={t('compareAfter')}
          w={300}
          searchable
          placeholder={t('compareChoose')}
          value={pair?.after ?? null}
          onChange={id => choose('after', id)}
          data={options}
          limit={listed}
        />
        {pair !== null && (
          <Button variant="subtle" leftSection={<IconRefresh size={16} aria-hidden />} onClick={refresh}>
            {t('compareRefresh')}
          </Button>
        )}
      </Group>
      {isRunning && <Text size="md">{t('compareRunning')}</Text>}
      {compared.kind === 'none' && (
        <EmptyState
          py="xl"
          icon={<IconArrowsDiff size={36} aria-hidden />}
          title={t('compareStart')}
          description={t('compareStartText')}
        />
      )}
      {compared.kind === 'loading' && (
        <Group gap="sm" p="xl" justify="center">
          <Loader size="sm" />
          <Text size="md">{t('comparing')}</Text>
        </Group>
      )}
      {compared.kind === 'failed' && (
        <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          {problemText(compared.problem.code, language)}
        </Alert>
      )}
      {compared.kind === 'known' && pair !== null && <Changes pair={pair} comparison={compared.comparison} />}
    </>
  )
}

/** The other side that belongs to the one chosen first: of the same inputs, or else simply another one. */
function defaultPair(batches: readonly BatchSummary[], id: string, side: keyof Pair): Pair | null {
  const chosen = batches.find(batch => batch.id === id)
  const other = (chosen && earlierOf(batches, chosen)) ?? batches.find(batch => batch.id !== id)
  if (other === undefined) return null
  return side === 'after' ? { before: other.id, after: id } : { before: id, after: other.id }
}

/** Compared again when the later batch starts, stops or ends. */
function useComparison(
  pair: Pair | null,
  state: BatchSummary['state'] | undefined,
): { readonly compared: Compared; readonly refresh: () => void } {
  const [compared, setCompared] = useState<Compared>({ kind: 'none' })
  const [tries, setTries] = useState(0)
  const before = pair?.before
  const after = pair?.after
  // biome-ignore lint/correctness/useExhaustiveDependencies: compared again when the state changes or the user asks
  useEffect(() => {
    if (before === undefined || after === undefined) {
      setCompared({ kind: 'none' })
      return
    }
    let isCurrent = true
    setCompared({ kind: 'loading' })
    void attempt('history.compare', { before, after }).then(answer => {
      if (!isCurrent) return
      setCompared(
        'problem' in answer ? { kind: 'failed', problem: answer.problem } : { kind: 'known', comparison: answer.value },
      )
    })
    return () => {
      isCurrent = false
    }
  }, [before, after, state, tries])
  return { compared, refresh: () => setTries(count => count + 1) }
}

function Changes({ pair, comparison }: { readonly pair: Pair; readonly comparison: BatchComparison }): ReactElement {
  const t = useWords('history', words)
  const [only, setOnly] = useState<string | null>(null)
  const { changed, changedCount, sameCount, newCount, goneCount } = comparison
  const transitions = transitionsOf(changed)
  const keyOf = ({ before, after }: ComparedAsset) => transitionKey({ from: before.outcome, to: after.outcome })
  const isOffered = transitions.some(each => transitionKey(each) === only)
  const shown = isOffered ? changed.filter(asset => keyOf(asset) === only) : changed
  const counts = [
    ['compareChanged', changedCount],
    ['compareSame', sameCount],
    ['compareNew', newCount],
    ['compareGone', goneCount],
  ] as const
  return (
    <>
      <dl className={classes.counts}>
        {counts.map(([word, count]) => (
          <div key={word}>
            <dt>{t(word)}</dt>
            <dd>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
      {changedCount === 0 ? (
        <EmptyState
          py="xl"
          icon={<IconEqual size={36} aria-hidden />}
          title={t('compareNothing')}
          description={t(sameCount === 0 ? 'compareNoPairs' : 'compareNothingText')}
        />
      ) : (
        <>
          <fieldset className={classes.transitions} aria-label={t('compareFilter')}>
            {transitions.map(each => (
              <UnstyledButton
                key={transitionKey(each)}
                className={classes.transition}
                aria-pressed={transitionKey(each) === only}
                onClick={() => setOnly(transitionKey(each) === only ? null : transitionKey(each))}
              >
                <OutcomeMark outcome={each.from ?? 'pending'} plain />
                <IconArrowRight size={14} aria-hidden />
                <OutcomeMark outcome={each.to ?? 'pending'} plain />
                <strong>{formatNumber(each.count)}</strong>
              </UnstyledButton>
            ))}
          </fieldset>
          {changed.length < changedCount && (
            <Text size="sm" c="dimmed">
              {t('compareLimit', { count: formatNumber(changed.length) })}
            </Text>
          )}
          <ChangeList pair={pair} changed={shown} />
        </>
      )}
    </>
  )
}

const rowPx = 44

function ChangeList({
  pair,
  changed,
}: {
  readonly pair: Pair
  readonly changed: readonly ComparedAsset[]
}): ReactElement {
  const t = useWords('history', words)
  const { ref, from, to, before, after } = useWindowed(changed.length, rowPx)
  return (
    <section ref={ref} className={classes.scroll} aria-label={t('compareChanged')}>
      <ul className={classes.changes} style={{ paddingTop: before, paddingBottom: after }}>
        {changed.slice(from, to).map(asset => (
          <li key={asset.after.asset}>
            <UnstyledButton className={classes.change} onClick={() => openAsset(pair.after, asset.after.asset)}>
              <span className={classes.changePath}>{asset.path}</span>
              <OutcomeMark outcome={asset.before.outcome ?? 'pending'} plain />
              <IconArrowRight size={14} aria-label={t('compareTo')} />
              <OutcomeMark outcome={asset.after.outcome ?? 'pending'} plain />
              <span className={classes.changeNotes}>
                {asset.hasOtherBytes && (
                  <Text span size="sm" c="dimmed">
                    {t('compareContent')}
                  </Text>
                )}
                {asset.before.decision !== null && <DecisionMark decision={asset.before.decision} />}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  )
}
