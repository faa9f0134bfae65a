import { Alert, Button, EmptyState, Group, Loader, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconSearch, IconSearchOff } from '@tabler/icons-react'
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import type { IpcProblem, SearchHit } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import { attempt } from '../../base/bridge.ts'
import { formatNumber, formatTime, useLanguage, useWords } from '../../base/i18n/index.ts'
import { markHits } from '../../base/search-marks.ts'
import { OutcomeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { openAsset } from '../../state/open-asset.ts'
import classes from './history.module.css'
import { words } from './words.ts'

const limit = 200

type Search =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem }
  | { readonly kind: 'found'; readonly query: string; readonly hits: readonly SearchHit[] }

/** Finds assets in all batches; a hit opens its batch with the focus on the asset. */
export function SearchPanel(): ReactElement {
  const t = useWords('history', words)
  const language = useLanguage()
  const batches = useApp(state => state.batches)
  const [query, setQuery] = useState('')
  const [search, setSearch] = useState<Search>({ kind: 'none' })
  const latest = useRef(0)

  async function run(event: FormEvent) {
    event.preventDefault()
    const wanted = query.trim()
    if (wanted === '') return
    latest.current += 1
    const mine = latest.current
    setSearch({ kind: 'running' })
    const answer = await attempt('history.search', { query: wanted, limit })
    // An answer that comes after a newer question is of no use.
    if (mine !== latest.current) return
    setSearch(
      'problem' in answer
        ? { kind: 'failed', problem: answer.problem }
        : { kind: 'found', query: wanted, hits: answer.value },
    )
  }
  const list = useRef<HTMLUListElement>(null)
  useEffect(
    () =>
      search.kind !== 'found' || list.current === null ? undefined : markHits(list.current, 'button', search.query),
    [search],
  )
  const batchName = (id: string) => batches.find(batch => batch.id === id)?.name ?? id

  return (
    <>
      <search>
        <form onSubmit={event => void run(event)}>
          <Group gap="sm">
            <TextInput
              flex={1}
              maw={480}
              maxLength={200}
              leftSection={<IconSearch size={14} aria-hidden />}
              placeholder={t('searchHint')}
              aria-label={t('search')}
              value={query}
              onChange={event => setQuery(event.currentTarget.value)}
            />
            <Button type="submit" disabled={query.trim() === ''}>
              {t('searchAction')}
            </Button>
          </Group>
        </form>
      </search>
      <div className={classes.scroll} aria-live="polite" aria-busy={search.kind === 'running'}>
        {search.kind === 'none' && (
          <EmptyState
            py="xl"
            icon={<IconSearch size={36} aria-hidden />}
            title={t('searchStart')}
            description={t('searchStartText')}
          />
        )}
        {search.kind === 'running' && (
          <Group gap="sm" p="xl" justify="center">
            <Loader size="sm" />
            <Text size="md">{t('searching')}</Text>
          </Group>
        )}
        {search.kind === 'failed' && (
          <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            {problemText(search.problem.code, language)}
          </Alert>
        )}
        {search.kind === 'found' && search.hits.length === 0 && (
          <EmptyState
            py="xl"
            icon={<IconSearchOff size={36} aria-hidden />}
            title={t('searchNone', { query: search.query })}
            description={t('searchNoneText')}
          />
        )}
        {search.kind === 'found' && search.hits.length > 0 && (
          <>
            <Text size="sm" c="dimmed" mb="xs">
              {search.hits.length < limit
                ? t('searchFound', { count: formatNumber(search.hits.length) })
                : t('searchLimit', { count: formatNumber(limit) })}
            </Text>
            <ul className={classes.hits} ref={list}>
              {search.hits.map(hit => (
                <li key={hit.asset}>
                  <UnstyledButton className={classes.hit} onClick={() => openAsset(hit.batch, hit.asset)}>
                    <OutcomeMark outcome={hit.outcome ?? 'pending'} />
                    <div>
                      <Text size="md" truncate>
                        {hit.path}
                      </Text>
                      <Text size="sm" c="dimmed" truncate>
                        {hit.excerpt ?? t('inBatch', { name: batchName(hit.batch) })}
                      </Text>
                    </div>
                    <Text size="sm" c="dimmed">
                      {formatTime(hit.at)}
                    </Text>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </>
  )
}
