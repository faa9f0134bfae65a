import { Text } from '@mantine/core'
import { IconAlertOctagon, IconAlertTriangle } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { BookProblem } from '../../../shared/rules.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { useWindowed } from '../../base/use-windowed.ts'
import classes from './rules.module.css'
import { words } from './words.ts'

/** Height of a row in the style sheet: two lines; what is longer is read in full by its title. */
const rowPx = 40

/** All faults of a book, each leading to its line; only those in view are drawn. */
export function ProblemList(props: {
  readonly problems: readonly BookProblem[]
  readonly label: string
  /** Without it, no problem is no news. */
  readonly isKnown: boolean
  /** Null where there is no text to lead to. */
  readonly onLine: ((line: number) => void) | null
}): ReactElement {
  const { problems, label, onLine } = props
  const t = useWords('rules', words)
  const language = useLanguage()
  const { ref, from, to, before, after } = useWindowed(problems.length, rowPx)
  const ordered = [...problems].sort((a, b) => Number(b.level === 'error') - Number(a.level === 'error'))
  return (
    <section
      ref={ref}
      className={classes.problems}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <ul>
        <li aria-hidden style={{ height: before }} />
        {ordered.slice(from, to).map((problem, at) => {
          const Icon = problem.level === 'error' ? IconAlertOctagon : IconAlertTriangle
          const { line } = problem
          const content = (
            <>
              <Icon size={14} role="img" aria-label={t(problem.level)} />
              {onLine !== null && (
                <span className={classes.where}>
                  {line === null ? t('allLines') : t('line', { line: formatNumber(line) })}
                </span>
              )}
              <span className={classes.said} title={problem.message[language]}>
                {problem.message[language]}
              </span>
            </>
          )
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a window are known by their place
            <li key={from + at} className={classes.problem} data-level={problem.level} data-testid="book-problem">
              {line === null || onLine === null ? (
                <span className={classes.line}>{content}</span>
              ) : (
                <button type="button" className={classes.line} onClick={() => onLine(line)}>
                  {content}
                </button>
              )}
            </li>
          )
        })}
        <li aria-hidden style={{ height: after }} />
      </ul>
      {problems.length === 0 && (
        <Text size="sm" c="dimmed" px="sm" py={4}>
          {t(props.isKnown ? 'noProblems' : 'checking')}
        </Text>
      )}
    </section>
  )
}
