import { Button, Group, Kbd, Modal, Stack, Text, Title } from '@mantine/core'
import type { ReactElement } from 'react'
import { type CommandRecord, commandGroups, keyOf, listedCommands, type OwnKeys } from '../../../shared/commands.ts'
import type { AppInfo } from '../../../shared/ipc.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { keyName } from '../../base/keys.ts'
import { dispatch, showOverlay, useApp } from '../../state/app.ts'
import { runCommand } from '../../state/commands.ts'
import { showSection } from '../../state/settings-section.ts'
import classes from './palette.module.css'
import { words } from './words.ts'

interface Fixed {
  readonly word: 'arrows' | 'homeEnd' | 'page' | 'reasonKeys' | 'extend'
  readonly keys: readonly string[]
}

type GroupId = (typeof commandGroups)[number]['id']

/** Keys that are no commands: the grid's own. */
const fixed: Readonly<Partial<Record<GroupId, readonly Fixed[]>>> = {
  move: [
    { word: 'arrows', keys: ['←', '→', '↑', '↓'] },
    { word: 'homeEnd', keys: ['Home', 'End'] },
    { word: 'page', keys: ['PgUp', 'PgDn'] },
  ],
  decide: [{ word: 'reasonKeys', keys: ['1', '…', '9'] }],
  select: [{ word: 'extend', keys: ['Shift', '←', '→', '↑', '↓', 'Space'] }],
}

/** The keys of a command as they are now, for people; empty when it has none. */
export function keysShown(command: CommandRecord, own: OwnKeys, os: AppInfo['os']): readonly string[] {
  const key = keyOf(command, own)
  return [...(key === null ? [] : [keyName(key, os)]), ...(command.fixedKey === undefined ? [] : [command.fixedKey])]
}

/** All keys as they are now, by group. */
export function KeysHelp(): ReactElement {
  const t = useWords('palette', words)
  const name = useCommandNames()
  const close = () => dispatch(showOverlay, 'none')
  return (
    <Modal
      opened
      onClose={close}
      title={name('keys')}
      size={760}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('keysLead')}
        </Text>
        <KeySheet />
        <Group justify="flex-end">
          <Button
            variant="default"
            onClick={() => {
              showSection('keys')
              runCommand('showSettings')
            }}
          >
            {t('keysChange')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** What has a key, by group. */
export function KeySheet(): ReactElement {
  const t = useWords('palette', words)
  const language = useLanguage()
  const own = useApp(state => state.settings.keys)
  const os = useApp(state => state.info?.os ?? 'windows')
  const withKeys = listedCommands
    .map(command => ({ ...command, keys: keysShown(command, own, os) }))
    .filter(({ keys }) => keys.length > 0)
  return (
    <div className={classes.sheet}>
      {commandGroups.map(({ id, name }) => (
        <section key={id} className={classes.group} aria-label={name[language]}>
          <Title order={3} size="md" mb={4}>
            {name[language]}
          </Title>
          <dl className={classes.list}>
            {withKeys
              .filter(command => command.group === id)
              .map(command => (
                <Keys key={command.id} label={command.name[language]} keys={command.keys} />
              ))}
            {(fixed[id] ?? []).map(({ word, keys }) => (
              <Keys key={word} label={t(word)} keys={keys} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}

function Keys({ label, keys }: { readonly label: string; readonly keys: readonly string[] }): ReactElement {
  return (
    <div className={classes.row}>
      <dt>
        <Text size="md" component="span">
          {label}
        </Text>
      </dt>
      <dd>
        <Group gap={4} wrap="nowrap" component="span">
          {keys.map(key => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </Group>
      </dd>
    </div>
  )
}
