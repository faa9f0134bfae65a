import type { BrowserWindow } from 'electron'
import { log } from './log.ts'
import { afterRendererGone, unresponsiveMs } from './policies/renderer-crash.ts'

export interface PageEvents {
  /** The page is about to be loaded again after it stopped. */
  onReload(): void
  /** The page keeps stopping and is left alone. */
  onGivenUp(): void
}

/** Keeps a page in the window: one that stopped is loaded again, one that hangs is ended first. */
export function keepPage(window: BrowserWindow, events: PageEvents): void {
  const { webContents } = window
  let crashes: readonly number[] = []
  let hung: NodeJS.Timeout | undefined
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    // The page that hung is gone; the next one must not be ended in its place.
    clearTimeout(hung)
    if (reason === 'clean-exit') return
    const now = Date.now()
    const next = afterRendererGone(crashes, now)
    crashes = [...crashes, now]
    log('window stopped', { reason, exitCode, next })
    if (next === 'give-up') return events.onGivenUp()
    events.onReload()
    webContents.reload()
  })
  window.on('unresponsive', () => {
    clearTimeout(hung)
    // Ends in render-process-gone, and from there in a reload.
    hung = setTimeout(() => webContents.forcefullyCrashRenderer(), unresponsiveMs)
  })
  window.on('responsive', () => clearTimeout(hung))
  window.on('closed', () => clearTimeout(hung))
}
