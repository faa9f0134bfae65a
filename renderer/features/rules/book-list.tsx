import { Button, Stack, Text, Title } from '@mantine/core'
import { IconFileImport, IconPlus } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { BookInfo } from '../../../shared/rules.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { localDay } from '../../base/days.ts'
import { language as currentLanguage, formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { beginBook, chooseBook, dispatchRuleDesk, isNew, useRuleDesk } from '../../state/rule-desk.ts'
import { bookIdIn, takenIds } from './book-ids.ts'
import { freeId, newBook } from './new-book.ts'
import classes from './rules.module.css'
import { countProblems } from './standing.ts'
import { words } from './words.ts'

/** All books, those that have no file yet among them, and where another one begins. */
export function BookList(props: {
  readonly books: readonly BookInfo[]
  readonly shown: string | null
  readonly onImport: () => void
}): ReactElement {
  const { books, shown, onImport } = props
  const t = useWords('rules', words)
  const name = useCommandNames()
  const drafts = useRuleDesk(state => state.drafts)
  const ids = books.map(({ id }) => id)
  const begin = () => {
    const id = freeId('house-rules', takenIds())
    dispatchRuleDesk(beginBook, { yaml: newBook(id, localDay(Date.now()), currentLanguage()), tab: 'text' })
  }
  const withoutFile = drafts.filter(({ key }) => !ids.includes(key))
  return (
    <nav className={classes.books} aria-label={t('books')}>
      <Title order={1} size="lg">
        {name('showRules')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('lead')}
      </Text>
      <Stack gap={4}>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={begin}>
          {t('newBook')}
        </Button>
        <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={onImport}>
          {t('importList')}
        </Button>
      </Stack>
      {(['house', 'shipped'] as const).map(origin => {
        const own = books.filter(book => book.origin === origin)
        const begun = origin === 'house' ? withoutFile : []
        if (own.length + begun.length === 0) return null
        return (
          <section key={origin} aria-label={t(`origin.${origin}`)}>
            <h2 className={classes.origin}>{t(`origin.${origin}`)}</h2>
            {begun.map(({ key, yaml }) => (
              <button
                type="button"
                key={key}
                className={classes.book}
                data-testid="book"
                aria-current={key === shown}
                onClick={() => dispatchRuleDesk(chooseBook, key)}
              >
                <span className={classes.bookName}>{bookIdIn(yaml)[0] ?? t('untitled')}</span>
                <span className={classes.unsaved}>{t('unsavedMark')}</span>
              </button>
            ))}
            {own.map(book => (
              <Item
                key={book.id}
                book={book}
                isShown={book.id === shown}
                isDraft={drafts.some(({ key }) => key === book.id && !isNew(key))}
              />
            ))}
          </section>
        )
      })}
      <Text size="sm" c="dimmed" className={classes.notAdvice}>
        {t('notAdvice')}
      </Text>
    </nav>
  )
}

function Item(props: { readonly book: BookInfo; readonly isShown: boolean; readonly isDraft: boolean }): ReactElement {
  const { book } = props
  const t = useWords('rules', words)
  const language = useLanguage()
  const { errors, warnings } = countProblems(book.problems)
  return (
    <button
      type="button"
      className={classes.book}
      data-testid="book"
      data-state={book.state}
      aria-current={props.isShown}
      onClick={() => dispatchRuleDesk(chooseBook, book.id)}
    >
      <span className={classes.bookName}>{book.title[language]}</span>
      <span className={classes.bookState} data-state={book.state}>
        {t(`state.${book.state}`)}
      </span>
      <span className={classes.bookCounts}>
        <span>{t('origin', { count: formatNumber(book.rules) })}</span>
        {book.stale > 0 && (
          <span className={classes.stale}>{t('staleCount', { count: formatNumber(book.stale) })}</span>
        )}
        {errors > 0 && <span data-level="error">{t('errorCount', { count: formatNumber(errors) })}</span>}
        {warnings > 0 && <span data-level="warning">{t('warningCount', { count: formatNumber(warnings) })}</span>}
        {props.isDraft && <span className={classes.unsaved}>{t('unsavedMark')}</span>}
      </span>
    </button>
  )
}
