import { type KeyboardEvent, type ReactElement, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { BookProblem } from '../../../shared/rules.ts'
import { useLanguage } from '../../base/i18n/index.ts'
import { indentAfter, lineOf, lineStarts } from './lines.ts'
import classes from './rules.module.css'

/** As in the style sheet. */
const linePx = 20
const paddingPx = 8

/** A line that somebody wants to see; the number makes the same line wanted again be shown again. */
export interface WantedLine {
  readonly line: number
  readonly count: number
}

/** A text by lines, with their numbers, and what is wrong with a line behind it. Only lines in view are drawn beside the text itself. */
export function CodeField(props: {
  readonly label: string
  readonly value: string
  /** Null where it is only read. */
  readonly onChange: ((value: string) => void) | null
  readonly problems: readonly BookProblem[]
  readonly wanted?: WantedLine | null
}): ReactElement {
  const { label, value, onChange, problems, wanted = null } = props
  const language = useLanguage()
  const field = useRef<HTMLTextAreaElement>(null)
  const [view, setView] = useState({ top: 0, left: 0, height: 400 })
  const starts = useMemo(() => lineStarts(value), [value])
  const worst = useMemo(() => worstByLine(problems), [problems])

  useLayoutEffect(() => {
    const area = field.current
    if (area === null) return
    const sizes = new ResizeObserver(() => setView(former => ({ ...former, height: area.clientHeight })))
    sizes.observe(area)
    return () => sizes.disconnect()
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text may change without the line being wanted again
  useEffect(() => {
    const area = field.current
    if (area === null || wanted === null) return
    const start = starts[wanted.line - 1] ?? 0
    area.focus({ preventScroll: true })
    area.setSelectionRange(start, start + lineOf(value, starts, wanted.line).length)
    area.scrollTo({ top: Math.max(0, (wanted.line - 4) * linePx), left: 0 })
  }, [wanted])

  const first = Math.max(1, Math.floor((view.top - paddingPx) / linePx) - 1)
  const last = Math.min(starts.length, Math.ceil((view.top + view.height) / linePx) + 1)
  const shown = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  const topOf = (line: number) => (line - 1) * linePx + paddingPx - view.top
  return (
    <div className={classes.code} data-readonly={onChange === null ? '' : undefined}>
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
              <span className={classes.remark} style={{ transform: `translateX(${-view.left}px)` }}>
                <span className="unseen">{lineOf(value, starts, line).slice(0, 2000)}</span>
                <span>{problem.message[language]}</span>
              </span>
            </div>,
          ]
        })}
      </div>
      <textarea
        ref={field}
        className={classes.area}
        aria-label={label}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        readOnly={onChange === null}
        value={value}
        onChange={event => onChange?.(event.currentTarget.value)}
        onKeyDown={event => {
          if (onChange !== null) indent(event)
        }}
        onScroll={event => {
          const { scrollTop: top, scrollLeft: left } = event.currentTarget
          setView(former => ({ ...former, top, left }))
        }}
      />
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
