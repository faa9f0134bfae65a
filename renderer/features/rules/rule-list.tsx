import { type KeyboardEvent, memo, type ReactElement, useId } from 'react'
import { type Day, isStale, type ListedRule } from '../../../shared/rules.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { useWindowed } from '../../base/use-windowed.ts'
import classes from './rules.module.css'
import { SeverityMark } from './severity.tsx'
import { steppedTo } from './stepping.ts'
import { words } from './words.ts'

/** Height of a row in the style sheet. */
const rowPx = 46

interface Props {
  readonly rules: readonly ListedRule[]
  /** Indices of those that are listed. */
  readonly shown: readonly number[]
  readonly chosen: ListedRule | null
  readonly today: Day
  readonly onChoose: (rule: string) => void
}

/** The list of rules, in one tab stop; only those in view are drawn. */
export function RuleList({ rules, shown, chosen, today, onChoose }: Props): ReactElement {
  const t = useWords('rules', words)
  const id = useId()
  const { ref, from, to, before, after } = useWindowed(shown.length, rowPx)
  const position = chosen === null ? -1 : shown.findIndex(at => rules[at] === chosen)

  const go = (wanted: number) => {
    const next = Math.min(shown.length - 1, Math.max(0, wanted))
    const rule = rules[shown[next] ?? -1]
    const box = ref.current
    if (rule === undefined || box === null) return
    const top = next * rowPx
    if (top < box.scrollTop) box.scrollTop = top
    else if (top + rowPx > box.scrollTop + box.clientHeight) box.scrollTop = top + rowPx - box.clientHeight
    onChoose(rule.rule)
  }
  const press = (event: KeyboardEvent) => {
    const next = steppedTo(event.key, {
      position,
      last: shown.length - 1,
      page: Math.floor((ref.current?.clientHeight ?? 0) / rowPx),
    })
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    go(next)
  }
  return (
    <div
      ref={ref}
      className={classes.ruleList}
      role="listbox"
      tabIndex={0}
      aria-label={t('ruleList')}
      aria-activedescendant={position >= from && position < to ? `${id}-${position}` : undefined}
      onKeyDown={press}
    >
      <div role="presentation" style={{ height: before }} />
      {shown.slice(from, to).map((index, at) => {
        const rule = rules[index]
        const place = from + at
        return rule === undefined ? null : (
          <Row
            key={rule.rule}
            id={`${id}-${place}`}
            rule={rule}
            place={place}
            count={shown.length}
            isChosen={place === position}
            isStale={isStale(rule, today)}
            onChoose={onChoose}
          />
        )
      })}
      <div role="presentation" style={{ height: after }} />
    </div>
  )
}

const Row = memo(function Row(props: {
  readonly id: string
  readonly rule: ListedRule
  readonly place: number
  readonly count: number
  readonly isChosen: boolean
  readonly isStale: boolean
  readonly onChoose: (rule: string) => void
}): ReactElement {
  const { rule } = props
  const t = useWords('rules', words)
  const language = useLanguage()
  const { citation } = rule
  const from = citation.article === '' ? citation.source[language] : `${citation.source[language]} ${citation.article}`
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's
    // biome-ignore lint/a11y/useFocusableInteractive: the focus is the list's
    <div
      id={props.id}
      className={classes.ruleRow}
      role="option"
      aria-selected={props.isChosen}
      aria-posinset={props.place + 1}
      aria-setsize={props.count}
      data-testid="rule"
      onClick={() => props.onChoose(rule.rule)}
    >
      <span className={classes.ruleTitle}>
        <span className={classes.ruleName}>{rule.title[language]}</span>
        {props.isStale && <span className={classes.stale}>{t('stale')}</span>}
        {rule.state === 'draft' && <span className={classes.tag}>{t('draft')}</span>}
        <SeverityMark severity={rule.severity} />
      </span>
      <span className={classes.ruleFrom}>{from}</span>
    </div>
  )
})
