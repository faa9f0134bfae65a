import { Button } from '@mantine/core'
import { type KeyboardEvent, type ReactElement, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { BookProblem } from '../../../shared/rules.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { indentAfter, lineAt, lineOf, lineStarts, pageAround, withPage } from './lines.ts'
import classes from './rules.module.css'
import { words } from './words.ts'

/** As in the style sheet. */
const linePx = 20
const paddingPx = 8

/** A line that somebody wants to see; the number makes the same line wanted again be shown again. */
export interface WantedLine {
  readonly line: number
  readonly count: number
}

/** A text by lines, with their numbers, and what is wrong with a line behind it. Of a very long one a page of lines is in the field. */
export function CodeField(props: {
  readonly label: string
  readonly value: string
  /** Null where it is only read. */
  readonly onChange: ((value: string) => void) | null
  readonly problems: readonly BookProblem[]
  readonly wanted?: WantedLine | null
}): ReactElement {
  const { label, onChange, problems, wanted = null } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const [view, setView] = useState({ top: 0, left: 0, height: 400 })
  // As the browser gives it back.
  const value = useMemo(() => props.value.replace(/\r\n?/g, '\n'), [props.value])
  const starts = useMemo(() => lineStarts(value), [value])
  const [page, setPage] = useState(() => pageAround(value.length, starts, wanted?.line ?? 1))
  const typed = useRef(value)
  if (typed.current !== value) {
    // Another text than the one that was typed here: its pages are others.
    typed.current = value
    setPage(pageAround(value.length, starts, lineAt(starts, page.from)))
  }
  const inField = value.slice(page.from, Math.max(page.from, value.length - page.behind))
  const firstOfPage = lineAt(starts, page.from)
  const lastOfPage = lineAt(starts, page.from + inField.length)

  useLayoutEffect(() => {
    const area = field.current
    if (area === null) return
    const sizes = new ResizeObserver(() => setView(former => ({ ...former, height: area.clientHeight })))
    sizes.observe(area)
    return () => sizes.disconnect()
  }, [])

  const isInPage = wanted !== null && wanted.line >= firstOfPage && wanted.line <= lastOfPage
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text may change without the line being wanted again
  useEffect(() => {
    const area = field.current
    if (area === null || wanted === null) return
    if (!isInPage) {
      setPage(pageAround(value.length, starts, wanted.line))
      return
    }
    const start = (starts[wanted.line - 1] ?? 0) - page.from
    area.focus({ preventScroll: true })
    area.setSelectionRange(start, start + lineOf(value, starts, wanted.line).length)
    area.scrollTo({ top: Math.max(0, (wanted.line - firstOfPage - 3) * linePx), left: 0 })
  }, [wanted, isInPage])

  const turn = (line: number) => {
    setPage(pageAround(value.length, starts, line))
    field.current?.scrollTo({ top: 0 })
  }
  const first = Math.max(firstOfPage, firstOfPage + Math.floor((view.top - paddingPx) / linePx) - 1)
  const last = Math.min(lastOfPage, firstOfPage + Math.ceil((view.top + view.height) / linePx))
  return (
    <>
      <div className={classes.code} data-testid="code" data-readonly={onChange === null ? '' : undefined}>
        <Beside
          value={value}
          starts={starts}
          problems={problems}
          shown={Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)}
          topOf={line => (line - firstOfPage) * linePx + paddingPx - view.top}
          left={view.left}
        />
        <textarea
          ref={field}
          className={classes.area}
          aria-label={label}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          readOnly={onChange === null}
          value={inField}
          onChange={event => {
            typed.current = withPage(value, page, event.currentTarget.value)
            onChange?.(typed.current)
          }}
          onKeyDown={event => {
            if (onChange !== null) indent(event)
          }}
          onScroll={event => {
            const { scrollTop: top, scrollLeft: left } = event.currentTarget
            setView(former => ({ ...former, top, left }))
          }}
        />
      </div>
      {inField.length < value.length && (
        <Pages first={firstOfPage} last={lastOfPage} all={starts.length} onTurn={turn} />
      )}
    </>
  )
}

/** Line numbers, and behind the text what is wrong with a line. Only lines in view are drawn. */
function Beside(props: {
  readonly value: string
  readonly starts: readonly number[]
  readonly problems: readonly BookProblem[]
  readonly shown: readonly number[]
  readonly topOf: (line: number) => number
  readonly left: number
}): ReactElement {
  const { value, starts, problems, shown, topOf, left } = props
  const language = useLanguage()
  const worst = useMemo(() => worstByLine(problems), [problems])
  return (
    <>
      <div className={classes.gutter} aria-hidden>
        {shown.map(line => (
          <span key={line} data-level={worst.get(line)?.level} style={{ top: topOf(line) }}>
            {line}
          </span>
        ))}
      </div>
      <div className={classes.under} aria-hidden>
        {shown.flatMap(line => {
          const problem = worst.get(line)
          if (problem === undefined) return []
          return [
            <div key={line} data-level={problem.level} style={{ top: topOf(line) }}>
              <span className={classes.remark} style={{ transform: `translateX(${-left}px)` }}>
                <span className="unseen">{lineOf(value, starts, line).slice(0, 2000)}</span>
                <span>{problem.message[language]}</span>
              </span>
            </div>,
          ]
        })}
      </div>
    </>
  )
}

function Pages(props: {
  readonly first: number
  readonly last: number
  readonly all: number
  readonly onTurn: (line: number) => void
}): ReactElement {
  const { first, last, all, onTurn } = props
  const t = useWords('rules', words)
  const values = { first: formatNumber(first), last: formatNumber(last), all: formatNumber(all) }
  return (
    <div className={classes.pages}>
      <Button variant="default" disabled={first === 1} onClick={() => onTurn(first - 1)}>
        {t('pageBefore')}
      </Button>
      <span className="figures">{t('pageLines', values)}</span>
      <Button variant="default" disabled={last >= all} onClick={() => onTurn(last + 1)}>
        {t('pageAfter')}
      </Button>
    </div>
  )
}

/** A new line begins under the one before. Tab leaves the field, as everywhere. */
function indent(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  const { value, selectionStart } = event.currentTarget
  const space = indentAfter(value, selectionStart)
  if (space === '') return
  event.preventDefault()
  // Deprecated, and the one way to type so that undo knows of it.
  document.execCommand('insertText', false, `\n${space}`)
}

function worstByLine(problems: readonly BookProblem[]): ReadonlyMap<number, BookProblem> {
  const worst = new Map<number, BookProblem>()
  for (const problem of problems) {
    if (problem.line === null) continue
    const known = worst.get(problem.line)
    if (known === undefined || (known.level === 'warning' && problem.level === 'error'))
      worst.set(problem.line, problem)
  }
  return worst
}
