import { ActionIcon, Button, Menu, Popover, Slider, TextInput, Tooltip } from '@mantine/core'
import {
  IconAdjustmentsHorizontal,
  IconArrowsSort,
  IconBookmarkPlus,
  IconCheck,
  IconGrid3x3,
  IconList,
  IconSquare,
  IconStack2,
} from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useState } from 'react'
import { failureCodes, failureText } from '../../../shared/failures.ts'
import { type GridOutcome, gridDecisions, gridKinds, gridOutcomes } from '../../../shared/grid.ts'
import { labelOf } from '../../../shared/labels.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { useRoving } from '../../base/roving.ts'
import { outcomeIcons } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { runCommand } from '../../state/commands.ts'
import { axes, everything, filterToText, flagNames, isEverything, toggled } from '../../state/grid/filter.ts'
import { dispatchGrid, setFilter, shownCount, useGrid } from '../../state/grid/grid.ts'
import { sortGrid } from '../../state/grid/live.ts'
import { useShape } from '../../state/grid/shape.ts'
import { sortKeys } from '../../state/grid/sort.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import { chosenBy, showFiltered } from '../../state/landing.ts'
import { saveSettings } from '../../state/load.ts'
import { firstSentence } from './cell-words.ts'
import { Choice, Facet } from './facet.tsx'
import classes from './grid.module.css'
import { LookAlikeChip } from './look-alike-chip.tsx'
import { FindingFacet, RuleFacet } from './rule-facet.tsx'
import { SearchBox } from './search-box.tsx'
import { words } from './words.ts'

export function FilterBar(props: { readonly selection: ReactNode }): ReactElement {
  const t = useWords('grid', words)
  const isSelecting = useGrid(state => state.selected.count > 0)
  const host = useRoving<HTMLDivElement>('row')
  return (
    <div
      ref={host}
      data-pane
      className={classes.filterBar}
      data-selecting={isSelecting}
      role="toolbar"
      aria-label={t('filterBar')}
    >
      <Outcomes />
      <ShownCount />
      <div className={classes.filterLine} data-testid="filter-line">
        <SearchBox />
        <FilterMenu />
        <LookAlikeChip />
        <StackToggle />
        <span className="grow" />
        <SortMenu />
        <ShapeToggle />
        <Density />
      </div>
      {isSelecting && props.selection}
    </div>
  )
}

/** Verdicts as tabs with live counts; several may be on. The order is that of urgency. */
function Outcomes(): ReactElement {
  const t = useWords('grid', words)
  const c = useWords('common', common)
  const filter = useGrid(state => state.filter)
  const facets = useGrid(state => state.facets)
  const total = useGrid(state => state.table?.length ?? 0)
  const isUnbacked = useApp(state =>
    state.batches.some(
      ({ id, controls }) =>
        id === state.batch && controls.some(({ state: was }) => was === 'clean' || was === 'unknown'),
    ),
  )
  // The table grows in place; the facets are made anew whenever it does.
  const outcomes = gridOutcomes.toReversed().filter(outcome => isShown(outcome, facets?.outcome[outcome] ?? 0))
  return (
    <fieldset className={classes.outcomes} aria-label={t('axis.outcome')}>
      <button
        type="button"
        className={classes.outcomeTab}
        data-testid="outcome-tab"
        aria-pressed={filter.outcome.length === 0}
        onClick={event => showFiltered({ ...filter, outcome: [] }, chosenBy(event))}
      >
        {t('all')} <span className="figures">{formatNumber(total)}</span>
      </button>
      {outcomes.map(outcome => {
        const Icon = outcomeIcons[outcome]
        const count = facets?.outcome[outcome] ?? 0
        return (
          <button
            type="button"
            key={outcome}
            className={classes.outcomeTab}
            data-testid="outcome-tab"
            data-outcome={outcome}
            data-count={count === 0 ? 'none' : 'some'}
            data-unbacked={outcome === 'pass' && isUnbacked}
            title={outcome === 'pass' && isUnbacked ? t('unbacked') : undefined}
            aria-pressed={filter.outcome.includes(outcome)}
            onClick={event => showFiltered(toggled(filter, 'outcome', outcome), chosenBy(event))}
          >
            <Icon size={14} stroke={2} aria-hidden />
            {c(`outcome.${outcome}`)} <span className="figures">{formatNumber(count)}</span>
          </button>
        )
      })}
    </fieldset>
  )
}

/** What most batches never have takes no room while there is none of it. */
const isShown = (outcome: GridOutcome, count: number): boolean =>
  (outcome !== 'awaiting' && outcome !== 'rules_only') || count > 0

const foldersShown = 60

/** The other axes, each with the values that occur in the batch. */
function FilterMenu(): ReactElement {
  const t = useWords('grid', words)
  const c = useWords('common', common)
  const language = useLanguage()
  const filter = useGrid(state => state.filter)
  const facets = useGrid(state => state.facets)
  const active = axes.filter(axis => axis !== 'outcome' && filter[axis].length > 0).length
  const set = (next: typeof filter) => dispatchGrid(setFilter, next)
  const folders = [...(facets?.folder ?? [])]
  return (
    <>
      <Popover position="bottom-start" width={620} shadow="md" trapFocus>
        <Popover.Target>
          <Button
            className={classes.iconAlone}
            title={t('filter')}
            variant={active > 0 ? 'light' : 'default'}
            leftSection={<IconAdjustmentsHorizontal size={14} aria-hidden />}
          >
            {t('filter')}
            {active > 0 && <span className="figures"> {active}</span>}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <div className={classes.facets}>
            <Facet name={t('axis.decision')}>
              {gridDecisions.map(decision => (
                <Choice
                  key={decision}
                  isOn={filter.decision.includes(decision)}
                  count={facets?.decision[decision] ?? 0}
                  toggle={() => set(toggled(filter, 'decision', decision))}
                >
                  {c(`decision.${decision}`)}
                </Choice>
              ))}
            </Facet>
            <Facet name={t('axis.kind')}>
              {gridKinds.map(kind => (
                <Choice
                  key={kind}
                  isOn={filter.kind.includes(kind)}
                  count={facets?.kind[kind] ?? 0}
                  toggle={() => set(toggled(filter, 'kind', kind))}
                >
                  {c(`kind.${kind}`)}
                </Choice>
              ))}
            </Facet>
            <Facet name={t('axis.flag')}>
              {flagNames.map(flag => (
                <Choice
                  key={flag}
                  isOn={filter.flag.includes(flag)}
                  count={facets?.flag[flag] ?? 0}
                  toggle={() => set(toggled(filter, 'flag', flag))}
                >
                  {c(`flag.${flag}`)}
                </Choice>
              ))}
            </Facet>
            <Facet name={t('axis.label')}>
              {[...new Set([...(facets?.label.keys() ?? []), ...filter.label])].map(label => (
                <Choice
                  key={label}
                  isOn={filter.label.includes(label)}
                  count={facets?.label.get(label) ?? 0}
                  toggle={() => set(toggled(filter, 'label', label))}
                >
                  {`${labelOf(label)[language]} ${label}`}
                </Choice>
              ))}
            </Facet>
            <FindingFacet />
            <RuleFacet />
            <Facet name={t('axis.reason')} isWide>
              {failureCodes
                .filter(code => facets?.reason.has(code) || filter.reason.includes(code))
                .map(code => (
                  <Choice
                    key={code}
                    isOn={filter.reason.includes(code)}
                    count={facets?.reason.get(code) ?? 0}
                    toggle={() => set(toggled(filter, 'reason', code))}
                  >
                    {firstSentence(failureText(code, language))}
                  </Choice>
                ))}
            </Facet>
            <Facet name={t('axis.folder')} isWide>
              {folders.slice(0, foldersShown).map(([folder, count]) => (
                <Choice
                  key={folder}
                  isOn={filter.folder.includes(folder)}
                  count={count}
                  toggle={() => set(toggled(filter, 'folder', folder))}
                >
                  {folder === '' ? t('rootFolder') : folder}
                </Choice>
              ))}
              {folders.length > foldersShown && (
                <p className="dim">{t('moreFolders', { count: formatNumber(folders.length - foldersShown) })}</p>
              )}
            </Facet>
          </div>
        </Popover.Dropdown>
      </Popover>
      {!isEverything(filter) && (
        <>
          <Button variant="subtle" color="gray" onClick={() => set(everything)}>
            {t('clearFilter')}
          </Button>
          {!isEverything({ ...filter, like: null }) && <SaveView />}
        </>
      )}
    </>
  )
}

function SaveView(): ReactElement {
  const t = useWords('grid', words)
  const [isOpen, setOpen] = useState(false)
  const [name, setName] = useState('')
  const save = () => {
    const { views } = useApp.getState().settings
    const trimmed = name.trim()
    if (trimmed === '') return
    const view = {
      id: crypto.randomUUID(),
      name: trimmed,
      filter: filterToText({ ...useGrid.getState().filter, like: null }),
    }
    setOpen(false)
    setName('')
    void saveSettings({ views: [...views, view] })
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Tooltip label={t('saveView')}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('saveView')} onClick={() => setOpen(!isOpen)}>
            <IconBookmarkPlus size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="row"
          onSubmit={event => {
            event.preventDefault()
            save()
          }}
        >
          <TextInput
            aria-label={t('viewName')}
            placeholder={t('viewName')}
            value={name}
            maxLength={60}
            data-autofocus
            onChange={event => setName(event.currentTarget.value)}
          />
          <Button type="submit">{t('save')}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

function ShownCount(): ReactElement | null {
  const t = useWords('grid', words)
  const count = useGrid(shownCount)
  const cells = useGrid(state => state.order.length)
  const total = useGrid(state => state.table?.length ?? 0)
  if (count === total && cells === count) return null
  return (
    <span className={`figures dim ${classes.shownCount}`} data-testid="shown-count">
      {count !== total && t('shown', { count: total, shown: formatNumber(count), total: formatNumber(total) })}{' '}
      {cells !== count && t('stacked', { count, shown: formatNumber(count), stacks: formatNumber(cells) })}
    </span>
  )
}

/** Shows what is the same as one. */
function StackToggle(): ReactElement {
  const t = useWords('grid', words)
  const isOn = useApp(state => state.settings.stacks)
  return (
    <Tooltip label={t('stackHint')} multiline maw={300}>
      <Button
        className={classes.iconAlone}
        variant={isOn ? 'light' : 'subtle'}
        {...(isOn ? {} : { color: 'gray' })}
        leftSection={<IconStack2 size={14} aria-hidden />}
        aria-pressed={isOn}
        onClick={() => runCommand('stacks')}
      >
        {t('stacks')}
      </Button>
    </Tooltip>
  )
}

function SortMenu(): ReactElement {
  const t = useWords('grid', words)
  const sort = useGrid(state => state.sort)
  const isByLikeness = useGrid(state => state.alike?.isOrdered ?? false)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" leftSection={<IconArrowsSort size={14} aria-hidden />}>
          {t(isByLikeness ? 'sort.likeness' : `sort.${sort.by}`)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {sortKeys.map(by => (
          <Menu.Item
            key={by}
            leftSection={<IconCheck size={13} className={sort.by === by && !isByLikeness ? '' : 'unseen'} />}
            onClick={() => void sortGrid({ by, reversed: false })}
          >
            {t(`sort.${by}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconCheck size={13} className={sort.reversed ? '' : 'unseen'} />}
          onClick={() => void sortGrid({ ...sort, reversed: !sort.reversed })}
        >
          {t('reverse')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Cells, or the lines of a list. */
function ShapeToggle(): ReactElement {
  const name = useCommandNames()
  const isList = useShape(state => state.shape === 'list')
  return (
    <Tooltip label={<KeyHint command="listView" named />}>
      <ActionIcon
        variant={isList ? 'light' : 'subtle'}
        {...(isList ? {} : { color: 'gray' })}
        aria-label={name('listView')}
        aria-pressed={isList}
        onClick={() => runCommand('listView')}
      >
        <IconList size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

function Density(): ReactElement | null {
  const t = useWords('grid', words)
  const isList = useShape(state => state.shape === 'list')
  const density = useApp(state => state.settings.density)
  const change = (value: number) => useApp.setState(state => ({ settings: { ...state.settings, density: value } }))
  if (isList) return null
  return (
    <div className={classes.density}>
      <IconGrid3x3 size={13} aria-hidden />
      <Slider
        thumbLabel={t('density')}
        size={3}
        thumbSize={12}
        min={96}
        max={400}
        step={8}
        label={null}
        value={density}
        onChange={change}
        onChangeEnd={value => void saveSettings({ density: value })}
      />
      <IconSquare size={13} aria-hidden />
    </div>
  )
}
