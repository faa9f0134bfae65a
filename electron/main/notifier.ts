import { Notification } from 'electron'
import type { GoTo } from '../../shared/ipc.ts'
import { keepNotification } from './keep-notification.ts'
import { type NoticeTaste, nothingTold, noticeOf } from './policies/notices.ts'
import type { Message } from './policies/outbox.ts'

/** Tells the desktop what the work has come to, or that it needs somebody, while nobody watches the window. */
export function createNotifier(options: {
  taste(): NoticeTaste
  /** Asked at the moment of the notice. */
  isWanted(): boolean
  onClick(goTo: GoTo): void
}): (message: Message) => void {
  let told = nothingTold
  return message => {
    const [next, notice] = noticeOf(told, message, options.taste())
    told = next
    if (notice === null || !options.isWanted() || !Notification.isSupported()) return
    const { title, body, goTo } = notice
    const notification = new Notification({ title, body })
    keepNotification(notification, () => options.onClick(goTo))
    notification.show()
  }
}
