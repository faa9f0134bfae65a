import { Alert, Button, EmptyState, Group, Loader, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconBook2 } from '@tabler/icons-react'
import { type ReactElement, useEffect, useState } from 'react'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { shownKey, useRuleDesk } from '../../state/rule-desk.ts'
import { BookList } from './book-list.tsx'
import { BookPane } from './book-pane.tsx'
import { reloadBooks } from './books.ts'
import { ImportDialog } from './import-dialog.tsx'
import classes from './rules.module.css'
import { words } from './words.ts'

/** Rules of the law, the platforms and the house: the books on one side, the shown one on the other. */
export function RulesView(): ReactElement {
  const t = useWords('rules', words)
  const books = useRuleDesk(state => state.books)
  const shown = useRuleDesk(shownKey)
  const [problem, setProblem] = useState<IpcProblem | null>(null)
  const [isImporting, setImporting] = useState(false)

  const load = async () => {
    const answer = await reloadBooks()
    setProblem('problem' in answer ? answer.problem : null)
  }
  // Books are files, which may be changed while one is elsewhere.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it sets what never changes
  useEffect(() => {
    void load()
    const look = () => void load()
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  }, [])

  if (books === null) return <NotRead problem={problem} onRetry={() => void load()} />
  return (
    <div className={classes.view}>
      <BookList books={books} shown={shown} onImport={() => setImporting(true)} />
      {shown === null ? (
        <EmptyState
          py="xl"
          icon={<IconBook2 size={36} aria-hidden />}
          title={t('noBooks')}
          description={t('noBooksText')}
        />
      ) : (
        <BookPane key={shown} bookKey={shown} info={books.find(({ id }) => id === shown) ?? null} />
      )}
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  )
}

function NotRead(props: { readonly problem: IpcProblem | null; readonly onRetry: () => void }): ReactElement {
  const { problem, onRetry } = props
  const t = useWords('rules', words)
  const language = useLanguage()
  if (problem === null) {
    return (
      <Group justify="center" p="xl" gap="sm">
        <Loader size="sm" />
        <Text size="md">{t('loadingBooks')}</Text>
      </Group>
    )
  }
  return (
    <Alert m="lg" color="var(--risky)" variant="light" icon={<IconAlertTriangle />} title={t('booksFailed')}>
      <Stack gap="sm">
        <Text size="md">{problemText(problem.code, language)}</Text>
        <Button variant="default" w="fit-content" onClick={onRetry}>
          {t('retry')}
        </Button>
      </Stack>
    </Alert>
  )
}
