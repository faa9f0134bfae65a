import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import type { BatchSummary } from '../../../shared/screening.ts'
import { invoke } from '../../base/bridge.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { dispatch, upsertBatch } from '../../state/app.ts'
import type { Pair } from './compare.ts'
import { words } from './words.ts'

interface Props {
  readonly batch: BatchSummary
  readonly onClose: () => void
  /** The old batch and the new one. */
  readonly onStarted: (pair: Pair) => void
}

/** Screening a whole batch again costs what it cost before, so it is asked back. */
export function AgainDialog({ batch, onClose, onStarted }: Props): ReactElement {
  const t = useWords('history', words)
  const [starting, setStarting] = useState(false)

  async function start() {
    setStarting(true)
    const started = await invoke('batches.again', { batch: batch.id })
    setStarting(false)
    if (started === undefined) return
    dispatch(upsertBatch, started)
    onStarted({ before: batch.id, after: started.id })
  }
  return (
    <Modal
      opened
      // Once asked for, the new batch begins in any case, and is shown.
      onClose={starting ? () => undefined : onClose}
      withCloseButton={!starting}
      title={t('againTitle')}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <Text size="md">{t('againText', { name: batch.name, assets: formatNumber(batch.tally.assets) })}</Text>
        <Text size="md">{t('againCost')}</Text>
        <Text size="sm" c="dimmed">
          {t('againKept')}
        </Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" size="sm" disabled={starting} onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button size="sm" data-autofocus loading={starting} onClick={() => void start()}>
            {t('againStart')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
