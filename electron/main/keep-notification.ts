/** What is needed of Electron's Notification. */
export interface ShownNotification {
  on(event: 'click' | 'close', listener: () => void): unknown
}

/** Electron holds a notification only weakly: one that nobody else holds is collected, and a click on it does nothing. */
const kept = new Set<ShownNotification>()

/** Calls `onClick` when somebody clicks it, however late that is. */
export function keepNotification(notification: ShownNotification, onClick: () => void): void {
  kept.add(notification)
  notification.on('click', () => {
    kept.delete(notification)
    onClick()
  })
  notification.on('close', () => void kept.delete(notification))
}
