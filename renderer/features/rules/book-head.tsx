import { Button, Group, Menu, Text, Title } from '@mantine/core'
import {
  IconCircleCheck,
  IconCopy,
  IconDeviceFloppy,
  IconDots,
  IconEraser,
  IconPlayerPause,
  IconTrash,
} from '@tabler/icons-react'
import { type ReactElement, useId } from 'react'
import type { BookInfo } from '../../../shared/rules.ts'
import { useWords } from '../../base/i18n/index.ts'
import classes from './rules.module.css'
import type { Hindrance } from './standing.ts'
import { words } from './words.ts'

export type BookAct = 'putInForce' | 'withdraw' | 'remove' | 'discard'

/** What book it is, how it stands, and what can be done with it. */
export function BookHead(props: {
  readonly name: string
  /** Null for a book that has no file yet. */
  readonly info: BookInfo | null
  readonly isDraft: boolean
  readonly canSave: boolean
  readonly hindrance: Hindrance | null
  readonly onSave: () => void
  readonly onCopy: () => void
  /** Asks back first. */
  readonly onAct: (act: BookAct) => void
}): ReactElement {
  const { name, info, isDraft, hindrance, onAct } = props
  const t = useWords('rules', words)
  const whyId = useId()
  const isInForce = info !== null && info.versionInForce !== null
  return (
    <header className={classes.head}>
      <div className={classes.headWords}>
        <Group gap="sm">
          <Title order={2} size="lg">
            {name}
          </Title>
          {info !== null && <code className="dim">{info.id}</code>}
          {info !== null && (
            <span className={classes.bookState} data-state={info.state}>
              {t(`state.${info.state}`)}
            </span>
          )}
          {isDraft && <span className={classes.unsaved}>{t('unsavedMark')}</span>}
        </Group>
        <Text id={whyId} size="sm" c="dimmed" role="status" data-testid="standing">
          {t(hindrance === null ? 'ready' : `why.${hindrance}`)}
          {isInForce && hindrance !== 'inForce' && hindrance !== 'faulty' && <> {t('stillInForce')}</>}
        </Text>
      </div>
      <div className={classes.headActs}>
        {isDraft && (
          <Button
            variant="default"
            leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            disabled={!props.canSave}
            onClick={props.onSave}
          >
            {t('save')}
          </Button>
        )}
        <Button
          leftSection={<IconCircleCheck size={16} aria-hidden />}
          disabled={hindrance !== null}
          aria-describedby={whyId}
          onClick={() => onAct('putInForce')}
        >
          {t('putInForce')}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px={8} aria-label={t('more')}>
              <IconDots size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {isInForce && (
              <Menu.Item leftSection={<IconPlayerPause size={14} aria-hidden />} onClick={() => onAct('withdraw')}>
                {t('withdraw')}
              </Menu.Item>
            )}
            {isDraft && (
              <Menu.Item leftSection={<IconEraser size={14} aria-hidden />} onClick={() => onAct('discard')}>
                {t('discard')}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconCopy size={14} aria-hidden />} onClick={props.onCopy}>
              {t('copyBook')}
            </Menu.Item>
            {info?.origin === 'house' && (
              <Menu.Item
                color="var(--risky)"
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => onAct('remove')}
              >
                {t('remove')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
    </header>
  )
}
