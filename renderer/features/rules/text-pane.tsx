import { Group, Loader, Text } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { problemText } from '../../../shared/problems.ts'
import type { BookProblem } from '../../../shared/rules.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { CodeField, type WantedLine } from './code-field.tsx'
import { ProblemList } from './problem-list.tsx'
import classes from './rules.module.css'
import { countProblems } from './standing.ts'
import { TryOut } from './try-out.tsx'
import type { Trial } from './use-trial.ts'
import { words } from './words.ts'

/** The book's text with its faults at their lines, and a text to try it on. */
export function TextPane(props: {
  readonly yaml: string
  /** Null where the book is only read. */
  readonly onChange: ((yaml: string) => void) | null
  readonly problems: readonly BookProblem[]
  readonly trial: Trial
  /** A line that is shown at first. */
  readonly wanted: WantedLine | null
}): ReactElement {
  const { yaml, onChange, problems, trial } = props
  const t = useWords('rules', words)
  const language = useLanguage()
  const [clicked, setClicked] = useState<WantedLine | null>(null)
  const wanted = [clicked, props.wanted].reduce((newest, each) =>
    (each?.count ?? 0) > (newest?.count ?? 0) ? each : newest,
  )
  const { errors, warnings } = countProblems(problems)
  return (
    <div className={classes.textPane}>
      <div className={classes.editor}>
        {onChange === null && (
          <Text size="sm" c="dimmed">
            {t('shippedText')}
          </Text>
        )}
        <CodeField
          label={t(onChange === null ? 'shippedYaml' : 'editor')}
          value={yaml}
          onChange={onChange}
          problems={problems}
          wanted={wanted}
        />
        <Group gap="sm" className={classes.problemsHead}>
          <Text component="h3" size="sm" fw={600}>
            {t('problems')}
          </Text>
          <Text size="sm" role="status" c={errors > 0 ? 'var(--risky)' : 'dimmed'}>
            {trial.problem === null
              ? [
                  errors > 0 ? t('errorCount', { count: formatNumber(errors) }) : '',
                  warnings > 0 ? t('warningCount', { count: formatNumber(warnings) }) : '',
                ]
                  .filter(Boolean)
                  .join(' · ')
              : `${t('checkFailed')}: ${problemText(trial.problem.code, language)}`}
          </Text>
          {!trial.isCurrent && trial.problem === null && <Loader size={12} role="img" aria-label={t('checking')} />}
        </Group>
        <ProblemList
          problems={problems}
          label={t('problems')}
          isKnown={trial.isCurrent}
          onLine={line => setClicked({ line, count: Math.max(clicked?.count ?? 0, props.wanted?.count ?? 0) + 1 })}
        />
      </div>
      <TryOut trial={trial} />
    </div>
  )
}
