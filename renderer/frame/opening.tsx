import { type ReactElement, useEffect, useState } from 'react'
import { useWords } from '../base/i18n/index.ts'
import { useApp } from '../state/app.ts'
import classes from './frame.module.css'
import { words } from './words.ts'

/** Shorter than this nobody needs to be told, in milliseconds. */
const patienceMs = 1000

/** In place of the work until the main process has told what there is: says so once that takes its time. */
export function Opening(): ReactElement {
  const t = useWords('shell', words)
  const share = useApp(state => state.storeShare)
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p className={classes.opening} role="status">
      {isLong && (share === null ? t('opening') : t('bringingUp', { percent: Math.floor(share * 100) }))}
    </p>
  )
}
