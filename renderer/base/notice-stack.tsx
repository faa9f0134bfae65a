import { Notifications } from '@mantine/notifications'
import '@mantine/notifications/styles.css'
import { type ReactElement, useEffect } from 'react'
import { measureNotices } from './notice-room.tsx'
import classes from './notice-stack.module.css'

/** Where notices appear; those that were told before it is there wait for it. */
export function NoticeStack(): ReactElement {
  useEffect(() => {
    const list = document.querySelector(`.${classes.notices}[data-position="bottom-center"] > div`)
    return list === null ? undefined : measureNotices(list)
  }, [])
  return (
    <Notifications
      className={classes.notices}
      position="bottom-center"
      limit={2}
      transitionDuration={0}
      withinPortal={false}
    />
  )
}
