import { ActionIcon, Popover, TextInput } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import { focusAssets } from '../../base/focus.ts'
import { useWords } from '../../base/i18n/index.ts'
import { dispatchGrid, landOnWork, setFilter, useGrid } from '../../state/grid/grid.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import { type SearchScope, useSearchScope } from '../../state/search-scope.ts'
import { FoundEverywhere } from './found-everywhere.tsx'
import classes from './grid.module.css'
import { words } from './words.ts'

/** The one search: what is typed narrows the grid, or is looked for in all batches; what was typed stays when that is changed. */
export function SearchBox(): ReactElement {
  const t = useWords('grid', words)
  const scope = useSearchScope(state => state.scope)
  const inGrid = useGrid(state => state.filter.query)
  const everywhere = useSearchScope(state => state.query)
  const query = scope === 'batch' ? inGrid : everywhere
  const [draft, setDraft] = useState(query)
  const [isOpen, setOpen] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => setDraft(query), [query])
  const search = (value: string) => {
    setDraft(value)
    put(scope, value)
    setOpen(true)
  }
  const onTyped = (value: string, isComposing: boolean) => {
    // Letters that an input method has not made into words yet are nobody's question.
    if (isComposing) setDraft(value)
    else search(value)
  }
  const isListing = scope === 'all' && isOpen && everywhere.trim() !== ''
  const goOn = () => {
    if (scope === 'batch') {
      dispatchGrid(landOnWork, null)
      focusAssets()
    } else document.querySelector<HTMLElement>('[data-found] button')?.focus()
  }
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      if (draft === '') event.currentTarget.blur()
      else search('')
    }
    if (event.key !== 'Enter' && event.key !== 'ArrowDown') return
    event.preventDefault()
    goOn()
  }
  return (
    <div className={classes.searchBox}>
      <Popover opened={isListing} onChange={setOpen} position="bottom-start" width={620} shadow="md" withRoles={false}>
        <Popover.Target>
          <TextInput
            ref={field}
            className={classes.search}
            data-search
            type="search"
            aria-label={t('search')}
            placeholder={t('search')}
            value={draft}
            maxLength={200}
            leftSection={<IconSearch size={14} aria-hidden />}
            rightSection={
              draft === '' ? (
                <KeyHint command="search" />
              ) : (
                <ActionIcon
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={t('clearSearch')}
                  onClick={() => search('')}
                >
                  <IconX size={12} />
                </ActionIcon>
              )
            }
            rightSectionWidth={draft === '' ? 60 : 28}
            onFocus={() => setOpen(true)}
            onChange={event => onTyped(event.currentTarget.value, isComposing(event.nativeEvent))}
            onCompositionEnd={event => search(event.currentTarget.value)}
            onKeyDown={onKey}
          />
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label={t('foundEverywhere')} p={0}>
          <FoundEverywhere query={everywhere} close={() => setOpen(false)} back={() => field.current?.focus()} />
        </Popover.Dropdown>
      </Popover>
      <ScopeButton scope={scope} draft={draft} isListing={isListing} />
    </div>
  )
}

/** Says where is looked, and changes it. */
function ScopeButton(props: {
  readonly scope: SearchScope
  readonly draft: string
  /** What was found is listed below. */
  readonly isListing: boolean
}): ReactElement {
  const { scope, draft, isListing } = props
  const t = useWords('grid', words)
  return (
    <button
      type="button"
      className={classes.scope}
      data-testid="search-scope"
      aria-pressed={scope === 'all'}
      aria-expanded={isListing}
      title={t('scopeHint')}
      onClick={() => {
        const next = scope === 'batch' ? 'all' : 'batch'
        put(scope, '')
        useSearchScope.setState({ scope: next })
        put(next, draft)
        document.querySelector<HTMLElement>('[data-search]')?.focus()
      }}
    >
      {t(`scope.${scope}`)}
    </button>
  )
}

function put(scope: SearchScope, query: string): void {
  if (scope === 'all') useSearchScope.setState({ query })
  else dispatchGrid(setFilter, { ...useGrid.getState().filter, query })
}

const isComposing = (event: Event): boolean => event instanceof InputEvent && event.isComposing
