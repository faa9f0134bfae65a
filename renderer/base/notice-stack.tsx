import { Notifications } from '@mantine/notifications'
import '@mantine/notifications/styles.css'
import type { ReactElement } from 'react'
import classes from './notice-stack.module.css'

/** Where notices appear; those that were told before it is there wait for it. */
export function NoticeStack(): ReactElement {
  return <Notifications className={classes.notices} position="top-center" limit={2} containerWidth={380} />
}
