import { type ReactElement, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { piecePlaceText } from '../../../shared/piece-places.ts'
import type { AssetDetail } from '../../../shared/screening.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { dispatchViewState, lightHit, useViewState } from '../../state/view-state.ts'
import classes from './inspector.module.css'
import { hitsOf, partsOf } from './parts.ts'
import { setStage } from './reading.ts'
import { inOrder } from './rules/hits.ts'
import { lineAt, linesOf, type Mark, type Segment, segmentsOf, withHeadings } from './text-lines.ts'
import { words } from './words.ts'

const lineHeight = 22
/** Width of one column of the text's face at 13 px, a little more than it is anywhere. */
const columnWidth = 7

/** The text with line numbers and what was found in it marked. Only lines in view exist; content is text nodes only. */
export function TextStage(props: {
  readonly detail: AssetDetail
  readonly text: string
  readonly isLarge: boolean
}): ReactElement {
  const { detail, text, isLarge } = props
  const t = useWords('inspector', words)
  const language = useLanguage()
  const part = useViewState(state => state.part)
  const hit = useViewState(state => state.hit)
  const host = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 300, width: 300 })

  useLayoutEffect(() => {
    const viewport = host.current
    if (viewport === null) return
    const measure = () => setView(former => ({ ...former, height: viewport.clientHeight, width: viewport.clientWidth }))
    const watcher = new ResizeObserver(measure)
    watcher.observe(viewport)
    measure()
    return () => watcher.disconnect()
  }, [])

  useEffect(() => {
    return isLarge && host.current !== null ? setStage({ host: host.current, zoom: null }) : undefined
  }, [isLarge])

  const gutter = 48
  const sections = detail.pieces?.sections
  const lines = useMemo(() => {
    const headings = (sections ?? []).map(({ start, place }) => ({ start, text: piecePlaceText(place, language) }))
    return withHeadings(linesOf(text, Math.floor((view.width - gutter - 16) / columnWidth)), headings)
  }, [text, view.width, sections, language])
  const marks = useMemo(() => marksOf(detail), [detail])

  // A new asset begins at its smallest span or first finding, or at the top.
  const shown = shownOf(marks, part, hit)
  const target = shown === undefined ? 0 : lineAt(lines, shown.range[0])
  useEffect(() => {
    host.current?.scrollTo({ top: Math.max(0, target * lineHeight - 3 * lineHeight) })
  }, [target])

  const first = Math.max(0, Math.floor(view.top / lineHeight) - 4)
  const last = Math.min(lines.length, Math.ceil((view.top + view.height) / lineHeight) + 4)
  return (
    <section
      ref={host}
      className={`${classes.textStage} selectable`}
      data-testid="text-stage"
      data-scroller
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t(isLarge ? 'textLarge' : 'text')}
      onScroll={event => {
        const top = event.currentTarget.scrollTop
        setView(former => ({ ...former, top }))
      }}
    >
      <div style={{ height: lines.length * lineHeight + 16, position: 'relative' }}>
        {lines.slice(first, last).map((line, at) =>
          line.heading !== undefined ? (
            <h3 key={line.headingKey} className={classes.textHeading} style={{ top: (first + at) * lineHeight + 8 }}>
              {line.heading}
            </h3>
          ) : (
            <div key={line.start} className={classes.textLine} style={{ top: (first + at) * lineHeight + 8 }}>
              <span className={classes.textNumber} data-testid="line-number" aria-hidden={line.number === null}>
                {line.number === null ? '' : formatNumber(line.number)}
              </span>
              <span className={classes.textContent}>
                {segmentsOf(text, line, marks).map((segment, index) =>
                  segment.mark === null ? (
                    segment.text
                  ) : (
                    // Segments of a line have no name but their place.
                    // biome-ignore lint/suspicious/noArrayIndexKey: see above
                    <Marked key={index} text={segment.text} mark={segment.mark} part={part} hit={hit} />
                  ),
                )}
              </span>
            </div>
          ),
        )}
      </div>
    </section>
  )
}

/** What the view is at: what is lit, or else the smallest span, the first finding, or the worst rule that applies. */
function shownOf(marks: readonly Mark[], part: number, hit: number | null): Mark | undefined {
  if (hit !== null) return marks.find(mark => mark.of === 'rule' && mark.hit === hit)
  const checks = marks.filter(mark => mark.of === 'check')
  if (part !== -1) return checks.find(mark => mark.part === part)
  // The worst lies on top.
  return (
    checks.find(mark => mark.part === null) ?? checks[0] ?? marks.findLast(mark => mark.of === 'rule' && !mark.isFine)
  )
}

function Marked(props: {
  readonly text: string
  readonly mark: NonNullable<Segment['mark']>
  readonly part: number
  readonly hit: number | null
}): ReactElement {
  const { text, mark, part, hit } = props
  if (mark.of === 'check')
    return (
      <mark
        data-verdict={mark.verdict}
        data-span={mark.part === null || undefined}
        data-lit={mark.part === part || undefined}
      >
        {text}
      </mark>
    )
  return (
    // By key one steps from hit to hit (`nextHit`), and each card leads here.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <mark
      data-testid="rule-mark"
      data-finding={mark.severity}
      data-fine={mark.isFine || undefined}
      data-lit={mark.hit === hit || undefined}
      onClick={() => dispatchViewState(lightHit, mark.hit)}
    >
      {text}
    </mark>
  )
}

function marksOf(detail: AssetDetail): readonly Mark[] {
  const found = hitsOf(partsOf(detail)).flatMap((part, at): Mark[] => {
    if (part.range === null || part.verdict === 'pass' || part.verdict === 'pending') return []
    return [{ of: 'check', range: part.range, verdict: part.verdict, part: at }]
  })
  const spans = detail.spans.flatMap(({ range, verdict }): Mark[] =>
    verdict === 'pass' ? [] : [{ of: 'check', range, verdict, part: null }],
  )
  const ruled = inOrder(detail.ruled?.hits ?? []).flatMap(({ id, range, text, waiver }): Mark[] =>
    range === null ? [] : [{ of: 'rule', range, severity: text.severity, hit: id, isFine: waiver !== null }],
  )
  // Rules name words where platforms name passages, so theirs lie on top.
  return [...found, ...ruled.toReversed(), ...spans]
}
