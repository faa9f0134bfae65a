import { Notification } from 'electron'
import type { Language } from '../../shared/language.ts'
import type { BatchState, BatchSummary } from '../../shared/screening.ts'
import { keepNotification } from './keep-notification.ts'
import { batchNotice } from './policies/batch-notice.ts'

/** Tells the desktop what a batch has come to while nobody watches the window. */
export function createBatchNotifier(options: {
  language(): Language
  /** Asked at the moment of the notice. */
  isWanted(): boolean
  onClick(): void
}): (batch: BatchSummary) => void {
  const states = new Map<string, BatchState>()
  return batch => {
    const notice = batchNotice(states.get(batch.id), batch, options.language())
    states.set(batch.id, batch.state)
    if (notice === null || !options.isWanted() || !Notification.isSupported()) return
    const notification = new Notification(notice)
    keepNotification(notification, options.onClick)
    notification.show()
  }
}
