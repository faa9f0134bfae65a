import { IconChevronDown, IconChevronRight, IconFolder } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactElement, useEffect, useMemo, useState } from 'react'
import { formatNumber, useWords } from '../base/i18n/index.ts'
import { useWindowed } from '../base/use-windowed.ts'
import { type FolderRow, folderRows, foldersAbove, folderTree, treeStep } from '../state/grid/folders.ts'
import { useGrid } from '../state/grid/grid.ts'
import { chosenBy, showFiltered } from '../state/landing.ts'
import classes from './frame.module.css'
import { words } from './words.ts'

/** Height of a row in the style sheet. */
const rowPx = 26
/** Remembered on this machine, as the widths of panes are. */
const shownKey = 'folders'

/** The folders of the batch, behind their name; a batch of one folder has nothing to choose among. */
export function Folders(): ReactElement | null {
  const t = useWords('shell', words)
  const [isShown, setShown] = useState(() => globalThis.localStorage?.getItem(shownKey) === 'true')
  const counts = useGrid(state => state.facets?.folder ?? null)
  const tree = useMemo(() => (counts === null ? [] : folderTree(counts)), [counts])
  const isPlain = tree.length === 0 || (tree.length === 1 && tree[0]?.children.length === 0)
  if (isPlain) return null
  const Chevron = isShown ? IconChevronDown : IconChevronRight
  return (
    <section className={classes.sideSection}>
      <button
        type="button"
        className={classes.sideFold}
        data-testid="side-item"
        aria-expanded={isShown}
        onClick={() => {
          globalThis.localStorage?.setItem(shownKey, String(!isShown))
          setShown(!isShown)
        }}
      >
        <Chevron size={12} stroke={2} aria-hidden />
        {t('folders')}
      </button>
      {isShown && <Tree tree={tree} />}
    </section>
  )
}

function Tree({ tree }: { readonly tree: ReturnType<typeof folderTree> }): ReactElement {
  const t = useWords('shell', words)
  // One folder alone; several are chosen in the filter bar.
  const chosen = useGrid(state => (state.filter.folder.length === 1 ? (state.filter.folder[0] ?? null) : null))
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(tree.length === 1 ? [tree[0]?.path ?? ''] : []))
  const [focus, setFocus] = useState<string | null>(chosen)
  const rows = useMemo(() => folderRows(tree, open), [tree, open])
  const at = Math.max(
    0,
    rows.findIndex(({ folder }) => folder.path === focus),
  )
  const { ref, from, to, before, after } = useWindowed(rows.length, rowPx)

  // Chosen elsewhere, it is to be seen here.
  useEffect(() => {
    if (chosen !== null) setOpen(known => new Set([...known, ...foldersAbove(chosen)]))
  }, [chosen])

  useEffect(() => {
    const box = ref.current
    if (box === null) return
    if (at * rowPx < box.scrollTop) box.scrollTop = at * rowPx
    else if ((at + 1) * rowPx > box.scrollTop + box.clientHeight) box.scrollTop = (at + 1) * rowPx - box.clientHeight
  }, [at, ref])

  const choose = (path: string, by: 'pointer' | 'key') => {
    setFocus(path)
    const { filter } = useGrid.getState()
    showFiltered({ ...filter, folder: path === chosen ? [] : [path] }, by)
  }
  const toggle = (path: string) =>
    setOpen(known =>
      known.has(path) ? new Set([...known].filter(other => other !== path)) : new Set([...known, path]),
    )
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = treeStep(rows, at, event.key)
    if (step === null) return
    event.preventDefault()
    if ('to' in step) setFocus(rows[step.to]?.folder.path ?? null)
    else if ('toggle' in step) toggle(step.toggle)
    else if ('openAll' in step) setOpen(known => new Set([...known, ...step.openAll]))
    else choose(step.choose, 'key')
  }
  const active = rows[at]
  return (
    <div
      ref={ref}
      className={classes.tree}
      role="tree"
      tabIndex={0}
      aria-label={t('folders')}
      aria-activedescendant={active !== undefined && at >= from && at < to ? idOf(active) : undefined}
      onKeyDown={pressed}
    >
      <div role="none" style={{ height: before }} />
      {rows.slice(from, to).map(row => (
        <Row
          key={row.folder.path}
          row={row}
          isActive={row === active}
          isChosen={row.folder.path === chosen}
          onToggle={() => {
            setFocus(row.folder.path)
            toggle(row.folder.path)
          }}
          onChoose={choose}
        />
      ))}
      <div role="none" style={{ height: after }} />
    </div>
  )
}

/** Paths are data and may have anything in them; an id may have no space. */
const idOf = ({ folder }: FolderRow): string => `folder-${encodeURIComponent(folder.path)}`

function Row(props: {
  readonly row: FolderRow
  readonly isActive: boolean
  readonly isChosen: boolean
  readonly onToggle: () => void
  readonly onChoose: (path: string, by: 'pointer' | 'key') => void
}): ReactElement {
  const { row, onToggle, onChoose } = props
  const { folder, level, isOpen } = row
  const Chevron = isOpen === true ? IconChevronDown : IconChevronRight
  return (
    // Keys are those of the tree, which has the focus.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      id={idOf(row)}
      className={classes.treeRow}
      role="treeitem"
      aria-level={level}
      aria-setsize={row.siblings}
      aria-posinset={row.place}
      aria-expanded={isOpen ?? undefined}
      aria-selected={props.isChosen}
      data-active={props.isActive || undefined}
      title={folder.path}
      style={{ paddingLeft: 6 + (level - 1) * 14 }}
      onClick={event => onChoose(folder.path, chosenBy(event))}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows do the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the arrows do the same */}
      <span
        className={classes.treeFold}
        onClick={event => {
          if (isOpen === null) return
          event.stopPropagation()
          onToggle()
        }}
      >
        {isOpen !== null && <Chevron size={12} stroke={2} aria-hidden />}
      </span>
      <IconFolder size={14} stroke={1.75} aria-hidden />
      <span className={classes.sideWord}>{folder.name}</span>
      <span className={classes.sideCount}>{formatNumber(folder.count)}</span>
    </div>
  )
}
