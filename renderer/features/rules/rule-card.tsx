import { Button, Text, Title } from '@mantine/core'
import { IconClockExclamation, IconFileText } from '@tabler/icons-react'
import type { ReactElement, ReactNode } from 'react'
import { type Day, isStale, type ListedRule } from '../../../shared/rules.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import classes from './rules.module.css'
import { SeverityMark } from './severity.tsx'
import { words } from './words.ts'

/** More of them are in the text. */
const shown = 60

/** Everything that a person needs in order to believe a rule, or to doubt it. */
export function RuleCard(props: {
  readonly rule: ListedRule
  readonly today: Day
  readonly onLine: (line: number) => void
}): ReactElement {
  const { rule, today, onLine } = props
  const t = useWords('rules', words)
  const language = useLanguage()
  return (
    <section
      className={`${classes.card} selectable`}
      aria-label={t('card', { name: rule.title[language] })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <Title order={3} size="md">
        {rule.title[language]}
      </Title>
      <div className={classes.cardMarks}>
        <SeverityMark severity={rule.severity} />
        <span className={classes.tag} title={rule.state === 'draft' ? t('draftHelp') : undefined}>
          {t(rule.state)}
        </span>
        {rule.scopes.map(scope => (
          <span key={scope} className={classes.tag}>
            {t(`scope.${scope}`)}
          </span>
        ))}
        <code className="dim">{rule.rule}</code>
      </div>
      {rule.review !== null && isStale(rule, today) && (
        <p className={classes.staleNote}>
          <IconClockExclamation size={14} aria-hidden />
          {t('staleSince', { day: rule.review })}
        </p>
      )}
      <Cited rule={rule} />
      <Part name={t('why')}>{rule.why?.[language]}</Part>
      <Part name={t('suggestion')}>{rule.suggestion?.[language]}</Part>
      <Words name={t('matches')} values={rule.words} />
      <Words name={t('patterns')} values={rule.patterns} isCode />
      <Words name={t('exceptions')} values={rule.exceptions} />
      <Words name={t('companions')} values={rule.companions} />
      <Words name={t('examplesHit')} values={rule.examples.hit} />
      <Words name={t('examplesMiss')} values={rule.examples.miss} />
      <Part name={t('owner')}>{rule.owner}</Part>
      <Text size="sm" c="dimmed">
        {datesOf(rule, today)
          .map(([word, day]) => t(word, { day }))
          .join(' · ')}
      </Text>
      <Button
        variant="default"
        w="fit-content"
        leftSection={<IconFileText size={14} aria-hidden />}
        onClick={() => onLine(rule.line)}
      >
        {t('showLine', { line: formatNumber(rule.line) })}
      </Button>
    </section>
  )
}

function datesOf(rule: ListedRule, today: Day): readonly (readonly ['from' | 'until' | 'reviewOn', Day])[] {
  const { from, until } = rule.inForce
  return [
    ...(from === null ? [] : [['from', from] as const]),
    ...(until === null ? [] : [['until', until] as const]),
    ...(rule.review === null || isStale(rule, today) ? [] : [['reviewOn', rule.review] as const]),
  ]
}

/** What it goes by, in the statute's own words, and how these were seen. */
function Cited({ rule: { citation } }: { readonly rule: ListedRule }): ReactElement {
  const t = useWords('rules', words)
  const language = useLanguage()
  const reading = t(`reading.${citation.reading}`)
  return (
    <div className={classes.part}>
      <h4>{t('basis')}</h4>
      <p>
        {citation.source[language]} {citation.article}
      </p>
      {citation.quote !== null && <blockquote className={classes.quote}>{citation.quote}</blockquote>}
      <p className={citation.reading === 'official' ? 'dim' : classes.doubt}>
        {citation.readAt === '' ? reading : t('readAt', { reading, where: citation.readAt })}
        {citation.readOn !== null && ` · ${t('readOn', { day: citation.readOn })}`}
      </p>
    </div>
  )
}

function Part(props: { readonly name: string; readonly children: ReactNode }): ReactElement | null {
  const { children } = props
  if (children === null || children === undefined || children === '') return null
  return (
    <div className={classes.part}>
      <h4>{props.name}</h4>
      <p>{children}</p>
    </div>
  )
}

function Words(props: {
  readonly name: string
  readonly values: readonly string[]
  readonly isCode?: true
}): ReactElement | null {
  const { name, values, isCode } = props
  const t = useWords('rules', words)
  if (values.length === 0) return null
  return (
    <div className={classes.part}>
      <h4>{name}</h4>
      <ul className={classes.chips}>
        {[...new Set(values)].slice(0, shown).map(value => (
          <li key={value}>{isCode === true ? <code>{value}</code> : value}</li>
        ))}
        {values.length > shown && (
          <li className="dim">{t('moreWords', { count: formatNumber(values.length - shown) })}</li>
        )}
      </ul>
    </div>
  )
}
