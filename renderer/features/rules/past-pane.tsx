import { Button, Group, Progress, Select, Stack, Table, Text, UnstyledButton } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import type { PastTrial } from '../../../shared/rules.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { openAsset } from '../../state/open-asset.ts'
import { type PastRun, useRuleDesk } from '../../state/rule-desk.ts'
import { cancelPast, tryPast } from './books.ts'
import classes from './rules.module.css'
import { words } from './words.ts'

const limits = [500, 2_000, 20_000] as const
/** Rules that are listed with what they found; the first hits show the others at work. */
const listed = 100

/** What the book would have found in earlier batches: counts by rule, and the first hits where they stand. */
export function PastPane(props: {
  readonly bookKey: string
  readonly yaml: string
  readonly hasErrors: boolean
  /** What this version was found to do; null before it was tried. */
  readonly trial: PastTrial | null
}): ReactElement {
  const { bookKey, yaml, hasErrors, trial } = props
  const t = useWords('rules', words)
  const trying = useRuleDesk(state => state.trying)
  const [limit, setLimit] = useState<number>(limits[1])
  return (
    <section
      className={classes.past}
      aria-label={t('tab.past')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <Text size="md">{t('pastLead')}</Text>
      {trying === null ? (
        <Group gap="sm" align="flex-end">
          <Select
            label={t('pastLimit')}
            w={200}
            allowDeselect={false}
            data={limits.map(count => ({
              value: String(count),
              label: t('pastLimitOf', { count: formatNumber(count) }),
            }))}
            value={String(limit)}
            onChange={value => setLimit(Number(value ?? limit))}
          />
          <Button
            variant={trial === null ? 'filled' : 'default'}
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            disabled={hasErrors}
            onClick={() => void tryPast(bookKey, yaml, limit)}
          >
            {t(trial === null ? 'pastStart' : 'pastAgain')}
          </Button>
          {hasErrors && (
            <Text size="sm" c="var(--risky)">
              {t('pastFaulty')}
            </Text>
          )}
        </Group>
      ) : (
        <Running run={trying} isOwn={trying.key === bookKey} />
      )}
      <div aria-live="polite">{trial !== null && <Found trial={trial} />}</div>
    </section>
  )
}

function Running({ run, isOwn }: { readonly run: PastRun; readonly isOwn: boolean }): ReactElement {
  const t = useWords('rules', words)
  return (
    <Group gap="md">
      <Stack gap={4} className="grow">
        <Text size="sm">
          {!isOwn
            ? t('pastOther')
            : run.total === null
              ? t('pastRunning')
              : t('pastProgress', { texts: formatNumber(run.texts), total: formatNumber(run.total) })}
        </Text>
        <Progress
          value={run.total === null || run.total === 0 ? 0 : (100 * run.texts) / run.total}
          aria-label={t('pastRunning')}
        />
      </Stack>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={14} aria-hidden />}
        disabled={run.stopping}
        onClick={() => void cancelPast()}
      >
        {t(run.stopping ? 'stopping' : 'cancel')}
      </Button>
    </Group>
  )
}

function Found({ trial }: { readonly trial: PastTrial }): ReactElement {
  const t = useWords('rules', words)
  const language = useLanguage()
  return (
    <Stack gap="md">
      <Text size="md" fw={600} data-testid="past-found">
        {trial.texts === 0
          ? t('pastNone')
          : t('pastFound', { texts: formatNumber(trial.texts), flagged: formatNumber(trial.flagged) })}
      </Text>
      {trial.gone > 0 && <Text size="sm">{t('pastGone', { count: formatNumber(trial.gone) })}</Text>}
      {trial.texts > 0 && trial.flagged === 0 && <Text size="md">{t('pastClean')}</Text>}
      {trial.byRule.length > 0 && (
        <Table className={classes.byRule} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('byRule')}</Table.Th>
              <Table.Th w={96} ta="right">
                {t('texts')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {trial.byRule.slice(0, listed).map(({ rule, title, texts }) => (
              <Table.Tr key={rule}>
                <Table.Td>{title[language]}</Table.Td>
                <Table.Td ta="right" className="figures">
                  {formatNumber(texts)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {trial.hits.length > 0 && (
        <div>
          <Text component="h3" size="sm" fw={600} mb={4}>
            {t('firstHits')}
          </Text>
          <ul className={classes.contexts}>
            {trial.hits.map((hit, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a text may be hit twice in the same words, and nothing moves
              <li key={at}>
                <UnstyledButton className={classes.context} onClick={() => openAsset(hit.batch, hit.asset)}>
                  <span className={classes.contextPath}>{hit.path}</span>
                  <span className={classes.contextText}>
                    {hit.before}
                    <mark>{hit.matched}</mark>
                    {hit.after}
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  )
}
