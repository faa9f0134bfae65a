import { Alert, Button, Group, Loader, Stack, Tabs, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactElement, useCallback, useState } from 'react'
import { mostUnits } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import type { BookInfo } from '../../../shared/rules.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { overLength } from '../../base/too-long.ts'
import {
  type BookDraft,
  beginBook,
  bookTabs,
  dispatchRuleDesk,
  showTab,
  typeBook,
  useRuleDesk,
} from '../../state/rule-desk.ts'
import { BookActs } from './book-acts.tsx'
import { type BookAct, BookHead } from './book-head.tsx'
import { bookIdIn, takenIds } from './book-ids.ts'
import { save } from './books.ts'
import type { WantedLine } from './code-field.tsx'
import { Conflict } from './conflict.tsx'
import { copiedBook, freeId } from './new-book.ts'
import { PastPane } from './past-pane.tsx'
import classes from './rules.module.css'
import { RulesPane } from './rules-pane.tsx'
import { countProblems, hindranceOf, isConflict, tooLong } from './standing.ts'
import { TextPane } from './text-pane.tsx'
import { type LoadedBook, useBook } from './use-book.ts'
import { useTrial } from './use-trial.ts'
import { words } from './words.ts'

/** The book that is shown: how it stands, its rules, its text, and what it would have found. */
export function BookPane(props: { readonly bookKey: string; readonly info: BookInfo | null }): ReactElement {
  const { bookKey, info } = props
  const draft = useRuleDesk(state => state.drafts.find(({ key }) => key === bookKey)) ?? null
  const loaded = useBook(info?.id ?? null, info?.version ?? null)
  if (draft === null && loaded.kind !== 'known') return <Missing loaded={loaded} />
  return <Book bookKey={bookKey} info={info} draft={draft} loaded={loaded} />
}

function Missing({ loaded }: { readonly loaded: LoadedBook }): ReactElement {
  const t = useWords('rules', words)
  const language = useLanguage()
  if (loaded.kind === 'failed') {
    return (
      <Alert m="lg" color="var(--risky)" variant="light" icon={<IconAlertTriangle />} title={t('bookFailed')}>
        <Stack gap="sm">
          <Text size="md">{problemText(loaded.problem.code, language)}</Text>
          <Button variant="default" w="fit-content" onClick={loaded.retry}>
            {t('retry')}
          </Button>
        </Stack>
      </Alert>
    )
  }
  return (
    <Group justify="center" p="xl" gap="sm">
      <Loader size="sm" />
      <Text size="md">{t('loadingBook')}</Text>
    </Group>
  )
}

function Book(props: {
  readonly bookKey: string
  readonly info: BookInfo | null
  readonly draft: BookDraft | null
  readonly loaded: LoadedBook
}): ReactElement {
  const { bookKey, info, draft, loaded } = props
  const t = useWords('rules', words)
  const language = useLanguage()
  const tab = useRuleDesk(state => state.tab)
  const tryOut = useRuleDesk(state => state.tryOut)
  const past = useRuleDesk(state => state.past)
  const [act, setAct] = useState<BookAct | null>(null)
  const [wanted, setWanted] = useState<WantedLine | null>(null)
  const detail = loaded.kind === 'known' ? loaded.detail : null
  const stored = detail?.yaml ?? ''
  const yaml = draft?.yaml ?? stored
  // What is to be put in force has to have been read in this session, see `rules.putInForce`.
  const isLive = draft !== null || tab !== 'rules'
  const overLimit = tooLong(yaml)
  // Words that are too long are not tried in part.
  const typed = overLength(tryOut, mostUnits.tryOut) === null ? tryOut : ''
  const trial = useTrial(isLive && overLimit.length === 0 ? yaml : null, typed)
  const tried = trial.last?.yaml === yaml ? trial.last.trial : null
  // What was found a moment ago stays on screen while the next is on its way.
  const shown = draft === null ? detail : (trial.last?.trial ?? detail)
  const problems = overLimit.length > 0 ? overLimit : (shown?.info.problems ?? [])
  const version = draft === null ? (detail?.info.version ?? null) : (tried?.version ?? null)
  const name = shown?.info.title[language] || info?.title[language] || bookIdIn(yaml)[0] || t('untitled')
  const trialOfPast = version === null ? null : (past[version] ?? null)
  const isTorn = isConflict(draft, info)
  const hindrance = hindranceOf({
    info,
    version,
    problems,
    isDraft: draft !== null,
    isConflict: isTorn,
    isTried: trialOfPast !== null,
  })
  const { errors, warnings } = countProblems(problems)
  const change = useCallback(
    (typed: string) =>
      dispatchRuleDesk(typeBook, {
        key: bookKey,
        yaml: typed,
        stored: draft?.stored ?? stored,
        was: draft === null ? (info?.version ?? null) : draft.was,
      }),
    [bookKey, draft, stored, info?.version],
  )
  const goToLine = (line: number) => {
    dispatchRuleDesk(showTab, 'text')
    setWanted({ line, count: (wanted?.count ?? 0) + 1 })
  }
  const copy = () => {
    const id = freeId(`${info?.id ?? bookIdIn(yaml)[0] ?? 'house-rules'}-house`, takenIds())
    dispatchRuleDesk(beginBook, { yaml: copiedBook(yaml, id), tab: 'text' })
  }
  const rules = shown?.rules ?? []
  return (
    <section className={classes.pane} aria-label={name}>
      <BookHead
        name={name}
        info={info}
        isDraft={draft !== null}
        canSave={draft !== null && !isTorn && overLimit.length === 0}
        hindrance={hindrance}
        // A file that was removed meanwhile is a new one.
        onSave={() => void save({ key: bookKey, yaml, was: info === null ? null : (draft?.was ?? null) })}
        onCopy={copy}
        onAct={setAct}
      />
      {isTorn && draft !== null && detail !== null && <Conflict name={name} draft={draft} theirs={detail} />}
      <Tabs
        className={classes.tabs}
        value={tab}
        onChange={value => dispatchRuleDesk(showTab, bookTabs.find(each => each === value) ?? 'rules')}
        keepMounted={false}
      >
        <Tabs.List aria-label={t('tabs')}>
          {bookTabs.map(each => (
            <Tabs.Tab key={each} value={each}>
              {t(`tab.${each}`)}
              {each === 'text' && errors > 0 && (
                <span className={classes.tabErrors}>{t('errorCount', { count: formatNumber(errors) })}</span>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="rules" className={classes.panel}>
          <RulesPane rules={rules} onLine={goToLine} />
        </Tabs.Panel>
        <Tabs.Panel value="text" className={classes.panel}>
          <TextPane
            yaml={yaml}
            onChange={info?.origin === 'shipped' ? null : change}
            problems={problems}
            trial={trial}
            wanted={wanted}
          />
        </Tabs.Panel>
        <Tabs.Panel value="past" className={classes.panel}>
          <PastPane bookKey={bookKey} yaml={yaml} hasErrors={errors > 0} trial={trialOfPast} />
        </Tabs.Panel>
      </Tabs>
      <BookActs
        act={act}
        bookKey={bookKey}
        name={name}
        info={info}
        version={version}
        past={trialOfPast}
        warnings={warnings}
        onDone={() => setAct(null)}
      />
    </section>
  )
}
