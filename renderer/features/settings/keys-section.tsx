import { Alert, Badge, Button, Group, Stack, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconRotate, IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { Confirm } from '../../base/confirm.tsx'
import { useWords } from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import { saveSettings } from '../../state/load.ts'
import { words as paletteWords } from '../palette/words.ts'
import { type Command, type CommandId, commands, keyName, keyOf } from '../review/commands.ts'
import { words as commandWords } from '../review/words.ts'
import { assign, changedKeys, heard, takeOver } from './keys.ts'
import classes from './settings.module.css'
import { words } from './words.ts'

const groups = ['decide', 'move', 'select', 'look', 'batch', 'window'] as const satisfies readonly Command['group'][]

type Refusal =
  | { readonly kind: 'reserved'; readonly id: CommandId; readonly combination: string }
  | { readonly kind: 'conflict'; readonly id: CommandId; readonly combination: string; readonly holder: CommandId }

/** Every command with its key. A click listens for the next combination; a taken one changes nothing until it is confirmed. */
export function KeysSection() {
  const t = useWords('settings', words)
  const name = useWords('review', commandWords)
  const group = useWords('palette', paletteWords)
  const own = useApp(state => state.settings.keys)
  const os = useApp(state => state.info?.os ?? 'windows')
  const [query, setQuery] = useState('')
  const [listening, setListening] = useState<CommandId | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [resetting, setResetting] = useState(false)

  const changed = changedKeys(own)
  const labelOf = (id: CommandId) => name(`command.${id}`)
  const keyText = (key: string | null) => (key === null ? t('keyNone') : keyName(key, os))
  const wanted = query.trim().toLowerCase()
  const shown = commands.filter(({ id }) => {
    const key = keyOf(id, own)
    return `${labelOf(id)} ${key === null ? '' : keyName(key, os)}`.toLowerCase().includes(wanted)
  })

  const give = (id: CommandId, combination: string) => {
    setListening(null)
    const result = assign(id, combination, own)
    if (result.kind === 'assigned') {
      setRefusal(null)
      void saveSettings({ keys: result.keys })
    } else setRefusal({ ...result, id, combination })
  }

  const listen = (event: KeyboardEvent, id: CommandId) => {
    if (listening !== id) return
    if (event.key === 'Tab') {
      setListening(null)
      return
    }
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') setListening(null)
    else if (event.key === 'Backspace') give(id, '')
    else {
      const combination = heard(event.nativeEvent, os)
      if (combination !== null) give(id, combination)
    }
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
        <Button variant="default" disabled={changed.length === 0} onClick={() => setResetting(true)}>
          {t('keysResetAll')}
        </Button>
      </Group>
      {refusal !== null && (
        <Alert role="alert" color="var(--review)" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          <Group justify="space-between" gap="sm">
            <Text size="md">
              {refusal.kind === 'reserved'
                ? t('keyReserved', { key: keyName(refusal.combination, os) })
                : t('keyConflict', { key: keyName(refusal.combination, os), command: labelOf(refusal.holder) })}
            </Text>
            <Group gap="sm">
              {refusal.kind === 'conflict' && (
                <Button
                  onClick={() => {
                    void saveSettings({ keys: takeOver(refusal.id, refusal.combination, own) })
                    setRefusal(null)
                  }}
                >
                  {t('keyConflictTake', { command: labelOf(refusal.id) })}
                </Button>
              )}
              <Button variant="default" onClick={() => setRefusal(null)}>
                {t('cancel')}
              </Button>
            </Group>
          </Group>
        </Alert>
      )}
      {shown.length === 0 && <Text size="md">{t('keysNone')}</Text>}
      <table className={classes.keys} aria-label={t('section.keys')}>
        {groups
          .map(id => ({ id, members: shown.filter(command => command.group === id) }))
          .filter(({ members }) => members.length > 0)
          .map(({ id, members }) => (
            <tbody key={id}>
              <tr>
                <th colSpan={2} scope="rowgroup">
                  {group(`keys.${id}`)}
                </th>
              </tr>
              {members.map(command => {
                const key = keyOf(command.id, own)
                const isListening = listening === command.id
                const reset =
                  command.key === null ? t('keyResetNone') : t('keyReset', { key: keyName(command.key, os) })
                return (
                  <tr key={command.id}>
                    <td>
                      <Group gap="sm">
                        <Text size="md">{labelOf(command.id)}</Text>
                        {changed.includes(command.id) && <Badge variant="default">{t('changed')}</Badge>}
                      </Group>
                    </td>
                    <td>
                      <Group gap="xs" justify="flex-end" wrap="nowrap">
                        {changed.includes(command.id) && (
                          <Tooltip label={reset}>
                            <Button
                              variant="subtle"
                              px={6}
                              aria-label={`${labelOf(command.id)}: ${reset}`}
                              onClick={() => give(command.id, command.key ?? '')}
                            >
                              <IconRotate size={14} aria-hidden />
                            </Button>
                          </Tooltip>
                        )}
                        <UnstyledButton
                          className={classes.key}
                          data-listening={isListening || undefined}
                          aria-label={
                            isListening
                              ? `${t('keyPress')} ${t('keyPressHelp')}`
                              : t('keyChange', { command: labelOf(command.id), key: keyText(key) })
                          }
                          onClick={() => setListening(isListening ? null : command.id)}
                          onKeyDown={event => listen(event, command.id)}
                          onBlur={() => setListening(current => (current === command.id ? null : current))}
                        >
                          {isListening ? t('keyPress') : keyText(key)}
                        </UnstyledButton>
                      </Group>
                    </td>
                  </tr>
                )
              })}
            </tbody>
          ))}
      </table>
      <Confirm
        opened={resetting}
        title={t('keysResetTitle')}
        text={t('keysResetText', { count: changed.length })}
        stay={t('cancel')}
        go={t('reset')}
        onStay={() => setResetting(false)}
        onGo={() => {
          setResetting(false)
          setRefusal(null)
          void saveSettings({ keys: {} })
        }}
      />
    </Stack>
  )
}
