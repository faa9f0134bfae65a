import { Popover } from '@mantine/core'
import { IconChevronDown, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { type ReactElement, useLayoutEffect, useRef, useState } from 'react'
import { partName } from '../../../shared/part-names.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { outcomeIcons } from '../../base/verdict.tsx'
import { VirtualList } from '../../base/virtual-list.tsx'
import { KeyHint } from '../../state/key-hint.tsx'
import { dispatchViewState, showPiece } from '../../state/view-state.ts'
import classes from './inspector.module.css'
import { type Leaf, leafTitle } from './leaves.ts'
import { words } from './words.ts'

/** Width of one leaf's button in pixels, which the style sheet says too, and the height of a line of the list. */
const chipWidth = 104
const rowHeight = 28
const listHeight = 308

/** The words, pages and pictures of a document, each with the worst that was said of it. Of hundreds those in view exist. */
export function Pager(props: {
  readonly leaves: readonly Leaf[]
  readonly shown: number
  readonly isLarge: boolean
  /** Where it is not the one view of the asset with the focus that turns. */
  readonly turn?: (leaf: Leaf) => void
}): ReactElement {
  const { leaves, shown, isLarge, turn = turnShared } = props
  const t = useWords('inspector', words)
  return (
    <nav className={classes.pager} data-testid="pager" aria-label={t('pages')}>
      <Turn word={t('previousPage')} leaf={leaves[shown - 1]} turn={turn}>
        <IconChevronLeft size={14} aria-hidden />
      </Turn>
      <Strip leaves={leaves} shown={shown} turn={turn} />
      <Turn word={t('nextPage')} leaf={leaves[shown + 1]} turn={turn}>
        <IconChevronRight size={14} aria-hidden />
      </Turn>
      {isLarge && <KeyHint command="nextPage" />}
      <All leaves={leaves} shown={shown} turn={turn} />
    </nav>
  )
}

const turnShared = ({ name }: Leaf): void => dispatchViewState(showPiece, name)

function Turn(props: {
  readonly word: string
  readonly leaf: Leaf | undefined
  readonly turn: (leaf: Leaf) => void
  readonly children: ReactElement
}): ReactElement {
  const { leaf, turn } = props
  return (
    <button
      type="button"
      className={classes.pagerTurn}
      aria-label={props.word}
      title={props.word}
      disabled={leaf === undefined}
      onClick={() => leaf !== undefined && turn(leaf)}
    >
      {props.children}
    </button>
  )
}

interface Turned {
  readonly leaves: readonly Leaf[]
  readonly shown: number
  readonly turn: (leaf: Leaf) => void
}

function Strip({ leaves, shown, turn }: Turned): ReactElement {
  const host = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ left: 0, width: 400 })

  useLayoutEffect(() => {
    const strip = host.current
    if (strip === null) return
    const watcher = new ResizeObserver(() => setView(former => ({ ...former, width: strip.clientWidth })))
    watcher.observe(strip)
    return () => watcher.disconnect()
  }, [])
  // What is shown is in the middle, as far as there are others on both sides.
  useLayoutEffect(() => {
    host.current?.scrollTo({ left: (shown + 0.5) * chipWidth - view.width / 2 })
  }, [shown, view.width])

  const first = Math.max(0, Math.floor(view.left / chipWidth) - 2)
  const last = Math.min(leaves.length, Math.ceil((view.left + view.width) / chipWidth) + 2)
  return (
    <div
      ref={host}
      className={classes.pagerStrip}
      onScroll={event => {
        const left = event.currentTarget.scrollLeft
        setView(former => ({ ...former, left }))
      }}
    >
      <div className={classes.pagerTrack} style={{ width: leaves.length * chipWidth }}>
        {leaves.slice(first, last).map((leaf, at) => (
          <LeafButton
            key={leaf.name}
            leaf={leaf}
            isShort
            turn={turn}
            isShown={first + at === shown}
            style={{ left: (first + at) * chipWidth }}
          />
        ))}
      </div>
    </div>
  )
}

/** All of them in a list, where people look for one of hundreds. */
function All({ leaves, shown, turn }: Turned): ReactElement {
  const t = useWords('inspector', words)
  const [isOpen, setOpen] = useState(false)
  const place = t('place', { index: formatNumber(shown + 1), count: formatNumber(leaves.length) })
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top-end" width={300} shadow="md" trapFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.pagerPlace}
          aria-expanded={isOpen}
          aria-label={`${t('allPages')} · ${place}`}
          title={t('allPages')}
          onClick={() => setOpen(former => !former)}
        >
          <span className="figures" data-testid="pager-place">
            {place}
          </span>
          <IconChevronDown size={12} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.pagerList} data-testid="pager-list">
        <VirtualList
          count={leaves.length}
          rowHeight={rowHeight}
          height={Math.min(listHeight, leaves.length * rowHeight)}
          label={t('allPages')}
          begin={shown}
          row={index => {
            const leaf = leaves[index]
            return leaf === undefined ? null : (
              <LeafButton
                leaf={leaf}
                isShown={index === shown}
                turn={turned => {
                  turn(turned)
                  setOpen(false)
                }}
              />
            )
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

function LeafButton(props: {
  readonly leaf: Leaf
  readonly isShown: boolean
  /** Only its name, without the places that it is shown in. */
  readonly isShort?: boolean
  readonly style?: { readonly left: number }
  readonly turn: (leaf: Leaf) => void
}): ReactElement {
  const { leaf, isShown } = props
  const t = useWords('inspector', words)
  const c = useWords('common', common)
  const language = useLanguage()
  const title = leafTitle(leaf, language) ?? t(leaf.kind === 'words' ? 'ownWords' : 'ownPicture')
  const Icon = outcomeIcons[leaf.verdict]
  return (
    <button
      type="button"
      className={classes.pagerLeaf}
      data-testid="leaf"
      data-outcome={leaf.verdict}
      aria-current={isShown ? 'page' : undefined}
      aria-label={`${title} · ${c(`outcome.${leaf.verdict}`)}`}
      title={title}
      style={props.style}
      onClick={() => props.turn(leaf)}
    >
      <Icon size={12} stroke={2} aria-hidden />
      <span>{props.isShort === true && leaf.piece !== null ? partName(leaf.piece.name, language) : title}</span>
    </button>
  )
}
