import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { Confirm } from '../../base/confirm.tsx'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { dispatchGrid, setFilter, useGrid } from '../../state/grid/grid.ts'
import classes from './grid.module.css'
import { beginLooking, showFound, stopLooking, useLooking } from './look-alikes.ts'
import { words } from './words.ts'

/** What looks like an asset: that it is being found, that it was, or that nothing else is shown. */
export function LookAlikeChip(): ReactElement {
  return (
    <>
      <Shown />
      <Underway />
      <Question />
    </>
  )
}

function Shown(): ReactElement | null {
  const t = useWords('grid', words)
  const like = useGrid(state => state.filter.like)
  const count = useGrid(state => state.alike?.positions.length ?? 0)
  if (like === null) return null
  const { name, before } = like
  return (
    <Chip
      text={t('looksLike', { name, shown: formatNumber(count) })}
      hint={t('looksHint')}
      close={t('looksRemove', { name })}
      onClose={() => dispatchGrid(setFilter, before)}
    />
  )
}

function Underway(): ReactElement | null {
  const t = useWords('grid', words)
  const now = useLooking(state => state.now)
  if (now.kind === 'reading') {
    const [pictures, total] = [formatNumber(now.pictures), formatNumber(now.total)]
    return <Chip text={t('looksReading', { pictures, total })} close={t('looksCancel')} onClose={stopLooking} />
  }
  if (now.kind !== 'found') return null
  return (
    <>
      <Chip
        text={t('looksFound', { name: now.name, shown: formatNumber(now.assets.length) })}
        hint={t('looksHint')}
        close={t('looksDismiss')}
        onClose={stopLooking}
      />
      <Button variant="light" onClick={showFound}>
        {t('looksShow')}
      </Button>
    </>
  )
}

function Question(): ReactElement {
  const t = useWords('grid', words)
  const now = useLooking(state => state.now)
  const asked = now.kind === 'asking' ? now : null
  const { unread, perMinute } = asked?.price ?? { unread: 0, perMinute: 1 }
  return (
    <Confirm
      opened={asked !== null}
      title={t('looksAsk')}
      text={t('looksPrice', {
        count: unread,
        shown: formatNumber(unread),
        perMinute: formatNumber(perMinute),
        minutes: formatNumber(Math.ceil(unread / perMinute)),
      })}
      stay={t('looksStay')}
      go={t('looksGo')}
      onStay={stopLooking}
      onGo={() => asked !== null && void beginLooking(asked)}
      isHarmless
    />
  )
}

function Chip(props: {
  readonly text: string
  readonly hint?: string
  readonly close: string
  readonly onClose: () => void
}): ReactElement {
  return (
    <span className={classes.likeChip} data-testid="like-chip" title={props.hint}>
      <span className={classes.likeText} title={props.text}>
        {props.text}
      </span>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={props.close}
        title={props.close}
        onClick={props.onClose}
      >
        <IconX size={13} aria-hidden />
      </ActionIcon>
    </span>
  )
}
