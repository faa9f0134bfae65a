import { Button, Group, Kbd, Modal, Stack, Text, Title } from '@mantine/core'
import { useWords } from '../../base/i18n/index.ts'
import { act, showOverlay, showView, useApp } from '../../state/app.ts'
import { type Command, commands, keyName, keyOf } from '../review/commands.ts'
import { words as commandWords } from '../review/words.ts'
import { showSection } from '../settings/section.ts'
import classes from './palette.module.css'
import { words } from './words.ts'

const groups = ['decide', 'move', 'select', 'look', 'batch', 'window'] as const satisfies readonly Command['group'][]

interface Fixed {
  readonly word: 'arrows' | 'homeEnd' | 'page' | 'reasons' | 'extend'
  readonly keys: readonly string[]
}

/** Keys that are no commands: the grid's own, and the second key of the help. */
const fixed: Readonly<Partial<Record<Command['group'], readonly Fixed[]>>> = {
  move: [
    { word: 'arrows', keys: ['←', '→', '↑', '↓'] },
    { word: 'homeEnd', keys: ['Home', 'End'] },
    { word: 'page', keys: ['PgUp', 'PgDn'] },
  ],
  decide: [{ word: 'reasons', keys: ['1', '…', '9'] }],
  select: [{ word: 'extend', keys: ['Shift', '←', '→', '↑', '↓', 'Space'] }],
}

/** All keys as they are now, by group. */
export function KeysHelp() {
  const t = useWords('palette', words)
  const name = useWords('review', commandWords)
  const own = useApp(state => state.settings.keys)
  const os = useApp(state => state.info?.os ?? 'windows')
  const close = () => act(showOverlay, 'none')
  const withKeys = commands.flatMap(command => {
    const key = keyOf(command.id, own)
    const keys = [...(key === null ? [] : [keyName(key, os)]), ...(command.id === 'keys' ? ['F1'] : [])]
    return keys.length === 0 ? [] : [{ ...command, keys }]
  })
  return (
    <Modal
      opened
      onClose={close}
      title={t('keysTitle')}
      size={760}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('keysLead')}
        </Text>
        <div className={classes.sheet}>
          {groups.map(group => (
            <section key={group} className={classes.group} aria-label={t(`keys.${group}`)}>
              <Title order={3} size="md" mb={4}>
                {t(`keys.${group}`)}
              </Title>
              <dl className={classes.list}>
                {withKeys
                  .filter(command => command.group === group)
                  .map(command => (
                    <Keys key={command.id} label={name(command.label)} keys={command.keys} />
                  ))}
                {(fixed[group] ?? []).map(({ word, keys }) => (
                  <Keys key={word} label={t(word)} keys={keys} />
                ))}
              </dl>
            </section>
          ))}
        </div>
        <Group justify="flex-end">
          <Button
            variant="default"
            onClick={() => {
              showSection('keys')
              act(showView, 'settings')
            }}
          >
            {t('keysChange')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Keys({ label, keys }: { readonly label: string; readonly keys: readonly string[] }) {
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
