import { Alert, Badge, Button, Group, Stack, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconRotate, IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactElement, useState } from 'react'
import { type Command, type CommandId, commandGroups, keyOf, listedCommands } from '../../../shared/commands.ts'
import type { AppInfo } from '../../../shared/ipc.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { Confirm } from '../../base/confirm.tsx'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { keyName } from '../../base/keys.ts'
import { useApp } from '../../state/app.ts'
import { saveSettings } from '../../state/load.ts'
import { assign, changedKeys, recordedCombination, takeOver } from './keys.ts'
import classes from './settings.module.css'
import { words } from './words.ts'

type Refusal =
  | { readonly kind: 'reserved'; readonly id: CommandId; readonly combination: string }
  | { readonly kind: 'conflict'; readonly id: CommandId; readonly combination: string; readonly holder: CommandId }

const useOs = (): AppInfo['os'] => useApp(state => state.info?.os ?? 'windows')

/** Every command with its key. A click listens for the next combination; a taken one changes nothing until it is confirmed. */
export function KeysSection(): ReactElement {
  const t = useWords('settings', words)
  const nameOf = useCommandNames()
  const own = useApp(state => state.settings.keys)
  const os = useOs()
  const [query, setQuery] = useState('')
  const [refusal, setRefusal] = useState<Refusal | null>(null)

  const wanted = query.trim().toLowerCase()
  const shown = listedCommands.filter(command => {
    const key = keyOf(command, own)
    return `${nameOf(command.id)} ${key === null ? '' : keyName(key, os)}`.toLowerCase().includes(wanted)
  })
  const give = (id: CommandId, combination: string) => {
    const result = assign(id, combination, own)
    if (result.kind === 'assigned') {
      setRefusal(null)
      void saveSettings({ keys: result.keys })
    } else setRefusal({ ...result, id, combination })
  }

  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('keysHelp')}
      </Text>
      <Group justify="space-between" wrap="nowrap">
        <TextInput
          flex={1}
          maw={320}
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder={t('keysSearch')}
          aria-label={t('keysSearch')}
          value={query}
          onChange={event => setQuery(event.currentTarget.value)}
        />
        <ResetAll onReset={() => setRefusal(null)} />
      </Group>
      {refusal !== null && <Refused refusal={refusal} onClose={() => setRefusal(null)} />}
      {shown.length === 0 && <Text size="md">{t('keysNone')}</Text>}
      <KeyTable commands={shown} onGive={give} />
    </Stack>
  )
}

/** Why a combination was not given, and how to give it all the same. */
function Refused(props: { readonly refusal: Refusal; readonly onClose: () => void }): ReactElement {
  const { refusal, onClose } = props
  const t = useWords('settings', words)
  const nameOf = useCommandNames()
  const own = useApp(state => state.settings.keys)
  const key = keyName(refusal.combination, useOs())
  return (
    <Alert role="alert" color="var(--review)" variant="light" icon={<IconAlertTriangle aria-hidden />}>
      <Group justify="space-between" gap="sm">
        <Text size="md">
          {refusal.kind === 'reserved'
            ? t('keyReserved', { key })
            : t('keyConflict', { key, command: nameOf(refusal.holder) })}
        </Text>
        <Group gap="sm">
          {refusal.kind === 'conflict' && (
            <Button
              onClick={() => {
                void saveSettings({ keys: takeOver(refusal.id, refusal.combination, own) })
                onClose()
              }}
            >
              {t('keyConflictTake', { command: nameOf(refusal.id) })}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </Group>
      </Group>
    </Alert>
  )
}

function KeyTable(props: {
  readonly commands: readonly Command[]
  readonly onGive: (id: CommandId, combination: string) => void
}): ReactElement {
  const t = useWords('settings', words)
  const language = useLanguage()
  const [listening, setListening] = useState<CommandId | null>(null)
  const stopListening = (id: CommandId) => setListening(current => (current === id ? null : current))
  return (
    <table className={classes.keys} aria-label={t('section.keys')}>
      {commandGroups
        .map(({ id, name }) => ({ id, name, members: props.commands.filter(command => command.group === id) }))
        .filter(({ members }) => members.length > 0)
        .map(({ id, name, members }) => (
          <tbody key={id}>
            <tr>
              <th colSpan={2} scope="rowgroup">
                {name[language]}
              </th>
            </tr>
            {members.map(command => (
              <KeyRow
                key={command.id}
                command={command}
                isListening={listening === command.id}
                onListen={isOn => (isOn ? setListening(command.id) : stopListening(command.id))}
                onGive={combination => {
                  setListening(null)
                  props.onGive(command.id, combination)
                }}
              />
            ))}
          </tbody>
        ))}
    </table>
  )
}

function KeyRow(props: {
  readonly command: Command
  readonly isListening: boolean
  readonly onListen: (isOn: boolean) => void
  /** '' takes the key away. */
  readonly onGive: (combination: string) => void
}): ReactElement {
  const { command, isListening, onListen, onGive } = props
  const t = useWords('settings', words)
  const own = useApp(state => state.settings.keys)
  const os = useOs()
  const label = command.name[useLanguage()]
  const key = keyOf(command, own)
  const keyText = key === null ? t('keyNone') : keyName(key, os)
  const isChanged = changedKeys(own).includes(command.id)
  const reset = command.key === null ? t('keyResetNone') : t('keyReset', { key: keyName(command.key, os) })

  const listen = (event: KeyboardEvent) => {
    if (!isListening) return
    if (event.key === 'Tab') {
      onListen(false)
      return
    }
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') onListen(false)
    else if (event.key === 'Backspace') onGive('')
    else {
      const combination = recordedCombination(event.nativeEvent, os)
      if (combination !== null) onGive(combination)
    }
  }

  return (
    <tr>
      <td>
        <Group gap="sm">
          <Text size="md">{label}</Text>
          {isChanged && <Badge variant="default">{t('changed')}</Badge>}
        </Group>
      </td>
      <td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {isChanged && (
            <Tooltip label={reset}>
              <Button
                variant="subtle"
                px={6}
                aria-label={`${label}: ${reset}`}
                onClick={() => onGive(command.key ?? '')}
              >
                <IconRotate size={14} aria-hidden />
              </Button>
            </Tooltip>
          )}
          <UnstyledButton
            className={classes.key}
            data-listening={isListening || undefined}
            aria-label={
              isListening ? `${t('keyPress')} ${t('keyPressHelp')}` : t('keyChange', { command: label, key: keyText })
            }
            onClick={() => onListen(!isListening)}
            onKeyDown={listen}
            onBlur={() => onListen(false)}
          >
            {isListening ? t('keyPress') : keyText}
          </UnstyledButton>
        </Group>
      </td>
    </tr>
  )
}

function ResetAll(props: { readonly onReset: () => void }): ReactElement {
  const t = useWords('settings', words)
  const changed = changedKeys(useApp(state => state.settings.keys))
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button variant="default" disabled={changed.length === 0} onClick={() => setAsking(true)}>
        {t('keysResetAll')}
      </Button>
      <Confirm
        opened={isAsking}
        title={t('keysResetTitle')}
        text={t('keysResetText', { count: changed.length })}
        stay={t('cancel')}
        go={t('reset')}
        onStay={() => setAsking(false)}
        onGo={() => {
          setAsking(false)
          props.onReset()
          void saveSettings({ keys: {} })
        }}
      />
    </>
  )
}
