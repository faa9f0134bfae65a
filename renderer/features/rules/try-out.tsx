import { Text } from '@mantine/core'
import { type ReactElement, useId, useMemo, useRef } from 'react'
import { mostUnits } from '../../../shared/ipc.ts'
import type { TriedHit } from '../../../shared/rules.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { overLength } from '../../base/too-long.ts'
import { dispatchRuleDesk, typeTryOut, useRuleDesk } from '../../state/rule-desk.ts'
import { carriedHits, segmentsOf } from './marks.ts'
import classes from './rules.module.css'
import { SeverityMark } from './severity.tsx'
import type { Trial } from './use-trial.ts'
import { words } from './words.ts'

/** More of them nobody reads through; all are marked in the text. */
const listed = 200

/** A text to try the book on: what rules find in it is marked as one types. */
export function TryOut({ trial }: { readonly trial: Trial }): ReactElement {
  const t = useWords('rules', words)
  const text = useRuleDesk(state => state.tryOut)
  const field = useRef<HTMLTextAreaElement>(null)
  const behind = useRef<HTMLDivElement>(null)
  const labelId = useId()
  const { last } = trial
  const over = overLength(text, mostUnits.tryOut)
  const hits = useMemo(() => (last === null ? [] : carriedHits(last.trial.hits, last.text, text)), [last, text])
  const segments = useMemo(() => segmentsOf(text, hits), [text, hits])

  const show = ({ range }: TriedHit) => {
    const area = field.current
    if (area === null) return
    area.focus()
    area.setSelectionRange(range?.[0] ?? 0, range?.[1] ?? text.length)
  }
  return (
    <section className={classes.tryOut} aria-labelledby={labelId}>
      <Text id={labelId} component="h3" size="sm" fw={600}>
        {t('tryOut')}
      </Text>
      <div className={classes.tryField}>
        <div ref={behind} className={classes.tryBehind} aria-hidden>
          {segments.map(segment =>
            segment.severity === null ? (
              <span key={segment.start}>{segment.text}</span>
            ) : (
              <mark key={segment.start} data-finding={segment.severity}>
                {segment.text}
              </mark>
            ),
          )}
          {/* A last line that is empty has its height too. */}
          {'\n'}
        </div>
        <textarea
          ref={field}
          className={classes.tryArea}
          aria-labelledby={labelId}
          placeholder={t('tryOutHint')}
          spellCheck={false}
          value={text}
          onChange={event => dispatchRuleDesk(typeTryOut, event.currentTarget.value)}
          onScroll={event => {
            if (behind.current !== null) behind.current.scrollTop = event.currentTarget.scrollTop
          }}
        />
      </div>
      {over !== null && (
        <Text size="sm" c="red" role="alert">
          {t('tooLong', over)}
        </Text>
      )}
      {over === null && text !== '' && last !== null && (
        <Text size="sm" c="dimmed" role="status">
          {hits.length > 0
            ? t('tryHits', { count: formatNumber(hits.length) })
            : trial.isCurrent
              ? t('tryNone')
              : t('checking')}
        </Text>
      )}
      {over === null && text !== '' && hits.length > 0 && <Hits hits={hits.slice(0, listed)} onShow={show} />}
    </section>
  )
}

function Hits(props: { readonly hits: readonly TriedHit[]; readonly onShow: (hit: TriedHit) => void }): ReactElement {
  const t = useWords('rules', words)
  const language = useLanguage()
  return (
    <ul className={classes.tryHits} aria-label={t('hits')}>
      {props.hits.map((hit, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hits have no name, and come anew with every answer
        <li key={at}>
          <button type="button" className={classes.line} onClick={() => props.onShow(hit)}>
            <SeverityMark severity={hit.text.severity} />
            <strong>{hit.range === null ? t('wholeText') : hit.matched}</strong>
            <span className="dim">{hit.text.title[language]}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
