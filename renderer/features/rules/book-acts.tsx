import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { BookInfo, PastTrial } from '../../../shared/rules.ts'
import { Confirm } from '../../base/confirm.tsx'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { discardBook, dispatchRuleDesk } from '../../state/rule-desk.ts'
import type { BookAct } from './book-head.tsx'
import { putInForce, remove, withdraw } from './books.ts'
import { words } from './words.ts'

/** Asks before what is asked for is done. */
export function BookActs(props: {
  readonly act: BookAct | null
  readonly bookKey: string
  readonly name: string
  readonly info: BookInfo | null
  /** What is to be put in force, and what it would have found. */
  readonly version: string | null
  readonly past: PastTrial | null
  readonly warnings: number
  readonly onDone: () => void
}): ReactElement {
  const { act, bookKey, name, info, version, onDone } = props
  const t = useWords('rules', words)
  const confirms = {
    withdraw: () => info !== null && void withdraw(info.id),
    remove: () => info !== null && void remove(info),
    discard: () => dispatchRuleDesk(discardBook, bookKey),
  } as const
  return (
    <>
      {(['withdraw', 'remove', 'discard'] as const).map(each => (
        <Confirm
          key={each}
          opened={act === each}
          title={t(`${each}Title`, { name })}
          text={t(`${each}Text`, { name })}
          stay={t(each === 'discard' ? 'stay' : 'cancel')}
          go={t(each)}
          onStay={onDone}
          onGo={() => {
            onDone()
            confirms[each]()
          }}
        />
      ))}
      {act === 'putInForce' && info !== null && version !== null && (
        <PutInForce
          name={name}
          past={props.past}
          warnings={props.warnings}
          onStay={onDone}
          onGo={() => {
            onDone()
            void putInForce(info.id, version)
          }}
        />
      )}
    </>
  )
}

function PutInForce(props: {
  readonly name: string
  readonly past: PastTrial | null
  readonly warnings: number
  readonly onStay: () => void
  readonly onGo: () => void
}): ReactElement {
  const { past, warnings, onStay, onGo } = props
  const t = useWords('rules', words)
  return (
    <Modal opened onClose={onStay} title={t('putTitle', { name: props.name })} lockScroll={false}>
      <Stack gap="md">
        <Text size="md">{t('putText')}</Text>
        {past !== null && (
          <Text size="md" fw={600}>
            {past.texts === 0
              ? t('putNone')
              : t('putFound', { texts: formatNumber(past.texts), flagged: formatNumber(past.flagged) })}
          </Text>
        )}
        {warnings > 0 && (
          <Text size="md" c="var(--review)">
            {t('putWarnings', { count: formatNumber(warnings) })}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {t('putLedger')}
        </Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" size="sm" data-autofocus onClick={onStay}>
            {t('cancel')}
          </Button>
          <Button size="sm" onClick={onGo}>
            {t('putInForce')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
