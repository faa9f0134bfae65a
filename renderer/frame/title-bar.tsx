import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import {
  IconFileUpload,
  IconFolderOpen,
  IconLayoutSidebar,
  IconLayoutSidebarRight,
  IconPackageExport,
  IconPlayerPlay,
  IconPlus,
  IconSearch,
} from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import { invoke } from '../base/bridge.ts'
import { useCommandNames } from '../base/command-names.ts'
import { useWords } from '../base/i18n/index.ts'
import { useApp } from '../state/app.ts'
import { runCommand } from '../state/commands.ts'
import { KeyHint } from '../state/key-hint.tsx'
import { type Pane, usePane } from '../state/panes.ts'
import { contributions } from './contributions.ts'
import classes from './frame.module.css'
import { words } from './words.ts'

export function TitleBar(): ReactElement {
  const t = useWords('shell', words)
  const name = useCommandNames()
  const isWork = useApp(state => state.view === 'grid' && state.batches.length > 0)
  return (
    // Not a banner landmark: a dialog's own head is one.
    <section data-pane className={classes.titleBar} aria-label={t('titleBar')}>
      <PaneButton pane="sideBar" />
      <Contributed place="start" />
      <BatchName />
      <span className="grow" />
      <button
        type="button"
        className={classes.searchButton}
        title={name('palette')}
        onClick={() => runCommand('palette')}
      >
        <IconSearch size={14} aria-hidden />
        <span className={classes.searchWord}>{name('palette')}</span>
        <KeyHint command="palette" />
      </button>
      <span className="grow" />
      <Contributed place="end" />
      <Tooltip label={<KeyHint command="export" named />}>
        <ActionIcon variant="subtle" color="gray" onClick={() => runCommand('export')} aria-label={t('exportLabel')}>
          <IconPackageExport size={17} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button
            className={classes.addButton}
            aria-label={t('add')}
            title={t('add')}
            leftSection={<IconPlus size={15} aria-hidden />}
          >
            {t('add')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFileUpload size={15} />}
            rightSection={<KeyHint command="openFiles" />}
            onClick={() => runCommand('openFiles')}
          >
            {name('openFiles')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFolderOpen size={15} />}
            rightSection={<KeyHint command="openFolder" />}
            onClick={() => runCommand('openFolder')}
          >
            {name('openFolder')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlayerPlay size={15} />} onClick={() => runCommand('sample')}>
            {name('sample')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isWork && <PaneButton pane="inspector" />}
    </section>
  )
}

const paneCommands = { sideBar: 'toggleSideBar', inspector: 'toggleInspector' } as const

/** Shows a pane or puts it away. */
function PaneButton(props: { readonly pane: Pane }): ReactElement {
  const command = paneCommands[props.pane]
  const name = useCommandNames()
  const isShown = usePane(props.pane) !== 'away'
  const Icon = props.pane === 'sideBar' ? IconLayoutSidebar : IconLayoutSidebarRight
  return (
    <Tooltip label={<KeyHint command={command} named />}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={name(command)}
        aria-pressed={isShown}
        // A press outside of a drawer puts it away; here it would be called again at once.
        onPointerDown={event => event.nativeEvent.stopImmediatePropagation()}
        onClick={() => runCommand(command)}
      >
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  )
}

function Contributed(props: { readonly place: 'start' | 'end' }): ReactElement {
  return (
    <>{contributions.map(({ id, titleBar }) => titleBar?.place === props.place && <titleBar.Content key={id} />)}</>
  )
}

/** The name of the open batch; a click makes it a field. */
function BatchName(): ReactElement | null {
  const t = useWords('shell', words)
  const id = useApp(state => state.batch)
  const name = useApp(state => state.batches.find(batch => batch.id === state.batch)?.name ?? null)
  const [draft, setDraft] = useState<string | null>(null)
  if (id === null || name === null) return null
  const save = () => {
    const wanted = draft?.trim() ?? ''
    setDraft(null)
    if (wanted !== '' && wanted !== name) void invoke('batches.rename', { batch: id, name: wanted.slice(0, 120) })
  }
  return (
    <h1 className={classes.batchName}>
      {draft === null ? (
        <button
          type="button"
          className={classes.batchNameText}
          data-testid="batch-name"
          title={`${name} · ${t('rename')}`}
          onClick={() => setDraft(name)}
        >
          {name}
        </button>
      ) : (
        <input
          className={classes.batchNameField}
          data-testid="batch-name-field"
          aria-label={t('rename')}
          value={draft}
          maxLength={120}
          ref={field => field?.focus()}
          onChange={event => setDraft(event.currentTarget.value)}
          onBlur={save}
          onKeyDown={event => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'Enter') save()
            if (event.key === 'Escape') setDraft(null)
          }}
        />
      )}
    </h1>
  )
}
